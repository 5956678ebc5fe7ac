import Bytecode

/// The steps that a verification may take, in proportion to the module's size.
///
/// Every entry of a table, every part of a type or signature, every register and every word of code is a step; so is
/// every register that an instruction names beyond its operands. The last is what a hostile module can multiply: code
/// that passes hundreds of registers with every call. Compiled code stays far below.
struct VerificationBudget {
    /// For each step of the module's size.
    static let stepsPerEntry = 16
    /// What any module may take.
    static let freeSteps = 1 << 16

    /// Entries of tables and their parts, registers, words of code; eight bytes of constants count as one.
    let moduleSize: Int
    private(set) var left: Int

    init(_ module: Module, steps: Int?) {
        moduleSize = Self.size(of: module)
        left = steps ?? Self.freeSteps + Self.stepsPerEntry * moduleSize
    }

    /// False when there are not as many steps left.
    mutating func spend(_ steps: Int) -> Bool {
        left -= steps
        return left >= 0
    }

    private static func size(of module: Module) -> Int {
        var size = module.assets.count + module.imports.count
        for type in module.types {
            size += 1
            switch type {
            case .structure(_, let fields): size += fields.count
            case .enumeration(_, let cases): size += cases.reduce(0) { $0 + 1 + $1.payload.count }
            default: break
            }
        }
        for constant in module.constants {
            switch constant {
            case .integer(let value): size += 1 + value.bitWidth / 64
            case .bytes32: size += 5
            case .bytes(let bytes): size += 1 + bytes.count / 8
            case .tensor(_, _, let data): size += 1 + data.count / 8
            }
        }
        for slot in module.slots { size += 1 + slot.keys.count }
        for round in module.rounds { size += 1 + round.phases.count }
        size += module.sealed.count
        for signature in module.events { size += 1 + signature.parameters.count }
        for signature in module.errors { size += 1 + signature.parameters.count }
        for interface in module.interfaces {
            size += interface.methods.reduce(1) { $0 + 1 + $1.parameters.count }
        }
        for function in module.functions { size += 1 + function.registers.count + function.code.count }
        return size + module.entries.reduce(0) { $0 + 1 + $1.parameterNames.count }
    }
}
