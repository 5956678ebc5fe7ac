import Bytecode
import Crypto
import Numerics
import Reference
import Semantics
import Testing

@testable import Harness

/// Values are written from the typed tree (`ValueText`) and from a contract's interface (`ABIText`): in one form.
@Suite("Values as text")
struct ValueTextTests {
    private static let source = """
        struct Point { x: Int y: Fixed }
        struct Deep { points: List<Point, 3> owner: Owner }
        struct Owner { side: Side? address: Address }
        enum Side { case left case right case up(by: Int<16>, note: Text<12>) case far(at: Point, more: List<Turn, 2>) }
        enum Turn { case near case off(by: Fixed?) }
        interface Priced { view price(n: Int) -> Amount }
        contract Everything: Priced {
            asset A issued
            var held: Vault<A>
            view price(n: Int) -> Amount { return 1 }
            action numbers(a: Int, b: Int<8>, c: Amount, d: Fixed, e: Bool, f: Height) {}
            action names(a: Address, b: Hash, c: Priced) {}
            action texts(a: Bytes<9>, b: Text<20>, c: List<Bytes<3>, 3>, d: List<Text<4>, 3>) {}
            action options(a: Int?, b: Fixed?, c: Side?, d: List<Bool?, 4>, e: Text<5>?) {}
            action made(a: Point, b: Side, c: Deep, d: List<Deep, 2>, e: List<List<Fixed, 2>, 2>) {}
            action tensors(a: Tensor<i8, [3]>, b: Tensor<i16, [2, 2]>, c: Tensor<i32, [1, 2, 1]>) {}
            action money(t: Token<A>) { held.put(t) }
        }
        """

    /// Each parameter of each entry, with its type on both sides.
    private struct Parameters {
        let program: Program
        let module: Module
        var parameters: [(name: String, type: Type, index: TypeIndex)] = []

        init(_ project: CompiledProject) throws {
            program = project.program
            module = try #require(project.modules.first)
            for entry in module.entries {
                let contract = try #require(program.contracts.first)
                guard let id = contract.functions.first(where: { project.program.functions[$0].name == entry.name })
                else { continue }
                let types = module.functions[entry.function].registers
                for (parameter, index) in zip(program.functions[id].parameters, types) {
                    parameters.append(("\(entry.name).\(parameter.name)", parameter.type, index))
                }
            }
        }

        /// The two texts of a value; nil where it cannot cross a contract's boundary.
        func texts(_ value: Value, _ type: Type, _ index: TypeIndex) -> (tree: String, interface: String)? {
            guard let content = ValueConversion.abiValue(value, as: type, in: program) else { return nil }
            let interface = ABIText(types: module.types) { AddressText.encode(Bytes32($0) ?? .zero) }
            return (
                ValueText(program: program, elementLimit: .max).text(value, as: type),
                interface.text(content, as: index)
            )
        }
    }

    @Test("Both ways of writing a value of any type give the same text")
    func oneForm() throws {
        let known = try Parameters(try LargeStack.run { CompiledProject.compile(text: Self.source) }.get())
        #expect(known.parameters.count == 28)
        let addresses: [Bytes32] = [.zero, Blake2b.hash([1]), Blake2b.hash([2])]
        var generator = ValueGenerator(program: known.program, random: SplitMix64(seed: 5), addresses: addresses)
        generator.contracts = [(addresses[1], 0)]
        var seen: Set<String> = []
        for (name, type, index) in known.parameters {
            var values: [Value] = (0..<60).compactMap { _ in generator.value(type) }
            for number in 0..<CasePlan.edgeCount {
                var cases = CaseGenerator(
                    program: known.program, plan: CasePlan(case: number, of: CasePlan.edgeCount), addresses: addresses)
                var choices = ChoiceSource(random: SplitMix64(seed: UInt64(number)))
                if let value = cases.value(type, from: &choices) { values.append(value) }
            }
            #expect(values.count >= 60, "\(name)")
            for value in values {
                guard let texts = known.texts(value, type, index) else {
                    Issue.record("\(name) has no value of the interface")
                    continue
                }
                #expect(texts.tree == texts.interface, "\(name), seed 5")
                seen.insert(texts.tree)
            }
        }
        let parts = ["none", "true", "-0.", "Point(x: ", ".up(by: ", ".left", "Tensor<i16, [2, 2]> [", "0x", "ag1"]
        for part in parts {
            #expect(seen.contains { $0.contains(part) }, "no value has \(part)")
        }
    }

    @Test("Texts with every kind of character are written alike")
    func characters() throws {
        let known = try Parameters(try LargeStack.run { CompiledProject.compile(text: Self.source) }.get())
        let (_, type, index) = try #require(known.parameters.first { $0.name == "texts.b" })
        let wanted = [
            "\"": #""\"""#, "\\": #""\\""#, "a\nb\t": #""a\nb\t""#, "\u{0}\u{7F}": #""\u{0}\u{7f}""#, "é😀": "\"é😀\"",
        ]
        for (text, literal) in wanted {
            let texts = try #require(known.texts(.bytes(Array(text.utf8)), type, index))
            #expect(texts.tree == literal && texts.interface == literal)
        }
    }
}
