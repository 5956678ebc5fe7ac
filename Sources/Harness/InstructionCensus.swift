import Bytecode

/// How often each instruction occurs in the code of some contracts.
public struct InstructionCensus: Sendable {
    private var counts = [Int](repeating: 0, count: Opcode.allCases.count)
    private static let wordCounts = Opcode.allCases.map { OpcodeTable[$0].words }
    private static let positions: [UInt8: Int] = Dictionary(
        uniqueKeysWithValues: Opcode.allCases.enumerated().map { ($0.element.rawValue, $0.offset) })

    public init() {}

    public mutating func add(_ project: CompiledProject) {
        for module in project.modules {
            for function in module.functions {
                var word = 0
                while word < function.code.count {
                    guard let opcode = Instruction(word: function.code[word]).opcode,
                        let position = Self.positions[opcode.rawValue]
                    else { break }
                    counts[position] += 1
                    word += Self.wordCounts[position]
                }
            }
        }
    }

    /// Those that occur nowhere, in the order of the table.
    public var missing: [Opcode] { zip(Opcode.allCases, counts).filter { $0.1 == 0 }.map(\.0) }
    public var foundCount: Int { counts.count { $0 > 0 } }
    public var instructionCount: Int { counts.count }
}
