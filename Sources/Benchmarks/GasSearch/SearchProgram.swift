import Bytecode
import Crypto
import Harness
import Numerics

/// A genome as a module: an action `run` whose argument is the number of rounds, and what it calls.
struct SearchProgram {
    let genome: SearchGenome
    /// What a round does, as assembler.
    let bodyText: String
    /// What the function `work` does; nil when nothing comes to it.
    let workText: String?
    let module: Module

    /// Throws what the assembler says: a defect of the vocabulary.
    init(_ genome: SearchGenome) throws(CodingError) {
        var builder = ModuleBuilder(name: "Search")
        OpcodeTables.fill(&builder)
        let operands = SearchOperands(genome.values, &builder)
        let numbers = Self.fillTables(&builder)
        var names = numbers
        let chain = 3
        names["chain"] = chain + operands.depth - 1
        names["stop"] = chain + operands.depth
        names["deep"] = chain + 2 * operands.depth - 1
        names["last"] = chain + 2 * operands.depth
        names["work"] = chain + 2 * operands.depth + 1

        var work = SearchPieces(banks: SearchBank.work(operands), names: names, windowOffset: 60)
        for (place, gene) in genome.work.enumerated() {
            // What `work` calls must stand before it.
            if !SearchVocabulary.rows[gene.row].text.contains("{work}") { work.append(gene, place) }
        }
        var body = SearchPieces(banks: SearchBank.run(operands), names: names, windowOffset: 0)
        for (place, gene) in genome.body.enumerated() { body.append(gene, place) }
        func lines(_ text: String) -> String { text.replacing("; ", with: "\n") }
        let ending = ["return r2", "failBuiltin Overflow", "fail r2, 0"][operands.ending]
        var functions = [
            "function _leaf(Int<4096>) -> Int<4096>\nreturn r0\nend",
            "function noop(Int) -> Int\nreturn r0\nend",
            "function fold(\(SearchBank.list)) -> Int\nregisters Int\nlistCount r1, r0\nreturn r1\nend",
        ]
        for level in 0..<operands.depth {
            functions.append(
                "function _chain\(level)()\n" + (level == 0 ? "" : "call r0, \(chain + level - 1)\n")
                    + "returnNothing\nend")
        }
        for level in 0..<operands.depth {
            functions.append(
                "function _deep\(level)()\n"
                    + (level == 0
                        ? "failBuiltin Overflow\nend"
                        : "call r0, \(chain + operands.depth + level - 1)\nreturnNothing\nend"))
        }
        functions.append(
            "function _last(\(SearchBank.list)) -> Int<4096>\nregisters Int<4096>\nlistCount r1, r0\nreturn r1\nend")
        functions.append(
            "function work(Int<4096>, Int<4096>) -> Int<4096>\n\(work.registers(from: 2))\nloadInteger r2, 0\n"
                + lines(work.setup) + "\n" + lines(work.text) + "\n\(ending)\nend")
        functions.append(
            "function run(Int, Interface#0, Interface#1)\n\(body.registers(from: 3))\n" + lines(body.setup)
                + "\nloadInteger r3, 0\nagain:\n" + lines(body.text) + "\nloop r3, r0, again\nreturnNothing\nend")
        functions.append("function init()\nreturnNothing\nend")
        try Assembler.assemble(functions.joined(separator: "\n"), into: &builder)
        for (index, function) in builder.module.functions.enumerated() where !function.name.hasPrefix("_") {
            builder.module.entries.append(
                EntryPoint(
                    name: function.name, kind: function.name == "init" ? .initializer : .action, function: index,
                    parameterNames: (0..<function.parameterCount).map { "p\($0)" }, documentation: nil))
        }
        self.genome = genome
        bodyText = body.text
        workText = genome.usesWork ? work.text : nil
        module = builder.module
    }

    /// The tables beyond those of `OpcodeTables`; gives the indices by which the vocabulary names them.
    private static func fillTables(_ builder: inout ModuleBuilder) -> [String: Int] {
        let wide = builder.type(.integer(.int, bits: 4_096, isSigned: true))
        let integer = builder.type(.integer(.int, bits: 256, isSigned: true))
        let amount = builder.type(.integer(.amount, bits: 256, isSigned: false))
        let list = builder.type(.list(wide, capacity: 65_536))
        let nested = builder.type(.list(list, capacity: 65_536))
        let bytes = builder.type(.bytes(capacity: 65_536))
        let first = builder.module.slots.count
        builder.module.slots += [
            Slot(name: "wide", kind: .plain, keys: [wide], type: wide, capacity: nil),
            Slot(name: "lists", kind: .plain, keys: [integer], type: list, capacity: nil),
            Slot(name: "texts", kind: .plain, keys: [bytes], type: bytes, capacity: nil),
            Slot(name: "vaults", kind: .vault(asset: 0), keys: [integer], type: amount, capacity: nil),
        ]
        builder.module.errors = [SignatureDescriptor(name: "F", parameters: [.init(name: "p", type: wide)])]
        let operand = TypeDescriptor.Field(name: "p0", type: wide)
        let key = TypeDescriptor.Field(name: "p1", type: wide)
        builder.module.interfaces.append(
            InterfaceDescriptor(
                name: "Work",
                methods: [
                    .init(name: "work", isView: false, parameters: [operand, key], result: wide),
                    .init(name: "fold", isView: false, parameters: [.init(name: "p0", type: list)], result: integer),
                ], isImplemented: true))
        builder.module.imports += [ImportedMethod(interface: 1, method: 0), ImportedMethod(interface: 1, method: 1)]
        return [
            "wide": first, "lists": first + 1, "texts": first + 2, "vaults": first + 3, "list": list, "nested": nested,
        ]
    }

    /// The arguments beside the number of rounds: the other contract, once for each interface.
    static let arguments = OpcodeProgram.callee.bytes + OpcodeProgram.callee.bytes
}

/// The pieces of one function, as they are chosen.
private struct SearchPieces {
    private let banks: [String: SearchBank]
    private let names: [String: Int]
    /// Registers by which the windows of calls lie lower than in `run`.
    private let windowOffset: Int
    private(set) var setup = ""
    private(set) var text = ""
    private var filled: Set<Int> = []

    init(banks: [String: SearchBank], names: [String: Int], windowOffset: Int) {
        self.banks = banks
        self.names = names
        self.windowOffset = windowOffset
    }

    /// Every register from one on, of the type that its bank says; those of no bank are wide integers.
    func registers(from first: Int) -> String {
        var types: [Int: String] = [:]
        for bank in banks.values { for register in bank.registers { types[register] = bank.type } }
        for (name, block) in SearchBank.blocks where windowOffset == 0 || name.hasPrefix("window") {
            for item in block { types[item.register - windowOffset] = item.type }
        }
        let last = windowOffset == 0 ? 133 : 50
        return "registers " + (first...last).map { types[$0] ?? "Int<4096>" }.joined(separator: ", ")
    }

    /// Adds what a gene stands for; nothing when the function lacks a bank for it.
    mutating func append(_ gene: SearchGenome.Gene, _ place: Int) {
        var random = SplitMix64(seed: UInt64(gene.seed) &* 0x1_0001 &+ 77)
        let row = SearchVocabulary.rows[gene.row].text
        var bound: [Substring: Int] = [:]
        var result = ""
        var needed: [(register: Int, fill: String)] = []
        var rest = row[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            result += rest[..<open]
            let name = rest[rest.index(after: open)..<close]
            rest = rest[rest.index(after: close)...]
            guard let chosen = choose(name, &random, &bound, &needed) else { return }
            result += chosen
        }
        result += rest
        for item in needed where filled.insert(item.register).inserted && !item.fill.isEmpty {
            var fill = item.fill.replacing("$:", with: "_\(item.register):")
            for label in ["fill", "outer", "inner"] {
                fill = fill.replacing("\(label)$", with: "\(label)_\(item.register)")
            }
            for type in ["list", "nested"] { fill = fill.replacing("{\(type)}", with: "\(names[type] ?? 0)") }
            setup += fill.replacing("$", with: "r\(item.register)") + "; "
        }
        text += (text.isEmpty ? "" : "; ") + result.replacing("#", with: "\(place)")
    }

    private func choose(
        _ name: Substring, _ random: inout SplitMix64, _ bound: inout [Substring: Int],
        _ needed: inout [(register: Int, fill: String)]
    ) -> String? {
        switch name {
        case "rounding": return ["floor", "ceiling", "halfEven"][random.number(below: 3)]
        case "direction": return ["ascending", "descending"][random.number(below: 2)]
        default: break
        }
        let numbers = name.split(separator: "-").compactMap { Int($0) }
        if numbers.count == 2 { return "\(numbers[0] + random.number(below: numbers[1] - numbers[0] + 1))" }
        if let number = names[String(name)] { return "\(number)" }
        if name == "window+1" { return "r\(91 - windowOffset)" }
        if let block = SearchBank.blocks[String(name)] {
            guard windowOffset == 0 || name.hasPrefix("window") else { return nil }
            if !name.hasPrefix("window") { needed += block.map { ($0.register, $0.fill) } }
            return "r\(block[0].register - windowOffset)"
        }
        if name == "II" {
            guard let bank = banks["I"], bank.registers.count > 1 else { return nil }
            needed += zip(bank.registers, bank.fill).map { ($0, $1) }
            return "r\(bank.registers[random.number(below: bank.registers.count - 1)])"
        }
        var key = String(name)
        var isBound = false
        if banks[key] == nil, key.last?.isNumber == true {
            key.removeLast()
            isBound = true
        }
        guard let bank = banks[key] else { return nil }
        if isBound, let register = bound[name] { return "r\(register)" }
        let index = random.number(below: bank.registers.count)
        let register = bank.registers[index]
        if isBound { bound[name] = register }
        needed.append((register, bank.fill.indices.contains(index) ? bank.fill[index] : ""))
        return "r\(register)"
    }
}
