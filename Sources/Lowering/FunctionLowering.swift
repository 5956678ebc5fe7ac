import Bytecode
import Diagnostics
import Numerics
import Semantics

/// Where the value of an expression is.
struct Operand {
    let register: Register
    /// To be freed after use.
    let isTemporary: Bool

    init(_ register: Register, isTemporary: Bool) {
        self.register = register
        self.isTemporary = isTemporary
    }
}

/// Values in consecutive registers.
struct Run {
    /// Nil when there are none.
    let base: Register?
    let operands: [Operand]
    let block: [Register]
}

/// Writes the code of one function.
final class FunctionLowering {
    let tables: ModuleTables
    let function: Function
    /// Numbers of the functions lowered so far.
    let numbers: [FunctionID: Int]
    /// Functions lowered so far whose results nobody else holds.
    let freshResults: Set<FunctionID>
    var code = CodeBuilder()
    var registers: [Register?]
    /// Locals whose objects are changed in place.
    let changedLocals: Set<LocalID>
    /// Do all results belong to the caller alone?
    var givesFreshResults = true
    var loops: [LoopContext] = []
    /// Locals bound in the statement lists that are being written, innermost last.
    var scopes: [[LocalID]] = [[]]
    /// Of the outermost loop that is being written.
    var constants: ConstantPool?

    /// Where `break` and `continue` lead.
    struct LoopContext {
        let next: CodeLabel
        let end: CodeLabel
    }

    /// Constants loaded before the outermost loop.
    struct ConstantPool {
        let preheader: Int
        var registers: [Constant: Register] = [:]
        static let limit = 32
    }

    init(
        _ function: Function, tables: ModuleTables, numbers: [FunctionID: Int], freshResults: Set<FunctionID>
    ) {
        self.tables = tables
        self.function = function
        self.numbers = numbers
        self.freshResults = freshResults
        registers = [Register?](repeating: nil, count: function.locals.count)
        var scan = ChangeScan()
        scan.visit(function.body)
        changedLocals = scan.changedInPlace
    }

    /// The whole function; its number is the next in the module.
    func lower() -> Result<FunctionDescriptor, Diagnostic> {
        for index in 0..<function.parameterCount {
            let type = function.locals[index].type
            registers[index] = code.newRegister(tables.type(type))
        }
        if function.kind != .function { checkShapes() }
        statements(function.body)
        if code.isReachable {
            if case .nothing = function.result {
                code.emit(.returnNothing, at: function.span)
            } else {
                failBuiltin(.invalidArgument, at: function.span)
            }
        }
        guard code.registerCount <= ModuleLimits.registers else {
            return .failure(
                Diagnostic(
                    .limitExceeded,
                    "\(function.name) needs \(code.registerCount) registers, more than \(ModuleLimits.registers)",
                    at: function.span, label: "too many values at once", hint: "move a part into a function of its own")
            )
        }
        guard let (words, positions) = code.finish(source: { tables.source($0) }),
            words.count <= ModuleLimits.functionWords
        else {
            return .failure(
                Diagnostic(
                    .limitExceeded, "\(function.name) is too long", at: function.span,
                    hint: "move a part into a function of its own"))
        }
        let during = function.during.map { FunctionDescriptor.During(round: $0.roundIndex, phase: $0.phase) }
        return .success(
            FunctionDescriptor(
                name: function.name, parameterCount: function.parameterCount, registers: code.registerTypes,
                result: tables.result(function.result), isReadOnly: isReadOnly, during: during, code: words,
                positions: positions))
    }

    /// Views promise it; a helper keeps the promise when nothing in it writes.
    private var isReadOnly: Bool {
        function.kind == .view || (function.kind == .function && !function.writesState && !writes)
    }

    private var writes: Bool {
        let writing: Set<Opcode> = [
            .statePut, .stateRemove, .vaultPut, .vaultTake, .vaultTakeAll, .mint, .burn, .send, .sealCommit,
            .sealReveal, .roundOpen, .roundLeave, .emit, .tokenTake, .tokenJoin, .tokenEmpty, .tokenClose,
            .tokenSplit, .tokenListNext, .tokenListClose,
        ]
        if !writing.isDisjoint(with: code.effects) { return true }
        return callsWriters
    }

    /// Whether a call that was written may write.
    var callsWriters = false

    /// Sizes that the signature names twice must agree; values from outside may have any.
    private func checkShapes() {
        var sizes: [String: Register] = [:]
        for index in 0..<function.parameterCount {
            guard case .tensor(_, let dimensions) = function.locals[index].type, let tensor = registers[index] else {
                continue
            }
            for (axis, dimension) in dimensions.enumerated() {
                guard case .named(let name) = dimension else { continue }
                let size = code.temporary(tables.wideInteger())
                code.emit(.tensorSize, size, tensor, immediate: axis, at: function.span)
                if let other = sizes[name] {
                    let same = code.newLabel()
                    code.emit(.branchEqual, size, other, to: same, at: function.span)
                    failBuiltin(.shapeMismatch, at: function.span)
                    code.place(same)
                    code.free(size)
                } else {
                    sizes[name] = size
                }
            }
        }
        for name in sizes.keys.sorted() { if let register = sizes[name] { code.free(register) } }
    }

    // MARK: Registers

    func registerType(_ type: Type) -> TypeIndex { tables.registerType(type) }

    func register(of local: LocalID) -> Register {
        if let register = registers[local] { return register }
        let register = code.temporary(registerType(function.locals[local].type))
        registers[local] = register
        scopes[scopes.count - 1].append(local)
        return register
    }

    func free(_ operand: Operand) {
        if operand.isTemporary { code.free(operand.register) }
    }

    func free(_ operands: [Operand]) {
        for operand in operands.reversed() { free(operand) }
    }

    /// The wanted register, or a new temporary.
    func destination(_ target: Register?, _ type: Type) -> Register {
        target ?? code.temporary(registerType(type))
    }

    /// Whether values of the type are objects, which could be shared.
    func isObject(_ type: Type) -> Bool {
        switch type {
        case .list, .option, .structure, .enumeration: true
        default: false
        }
    }

    func failBuiltin(_ failure: BuiltinFailure, at span: Span) {
        code.emit(.failBuiltin, immediate: Int(failure.rawValue), at: span)
    }

    // MARK: Constants

    /// A register that holds the integer.
    func constant(_ value: BigInt, at span: Span) -> Operand {
        constant(.integer(value), type: tables.wideInteger(), at: span)
    }

    func constant(_ value: Constant, type: TypeIndex, at span: Span) -> Operand {
        if let register = constants?.registers[value] {
            return Operand(register, isTemporary: false)
        }
        if var pool = constants, pool.registers.count < ConstantPool.limit, isHoistable(value) {
            let register = code.newRegister(type)
            pool.registers[value] = register
            constants = pool
            let (opcode, immediate) = load(value)
            code.hoist(opcode, register, immediate: immediate, before: pool.preheader, at: span)
            return Operand(register, isTemporary: false)
        }
        let register = code.temporary(type)
        emitLoad(value, into: register, at: span)
        return Operand(register, isTemporary: true)
    }

    /// Byte strings of one content may have several types.
    private func isHoistable(_ value: Constant) -> Bool {
        if case .integer = value { true } else { false }
    }

    func emitLoad(_ value: Constant, into register: Register, at span: Span) {
        let (opcode, immediate) = load(value)
        code.emit(opcode, register, immediate: immediate, at: span)
    }

    private func load(_ value: Constant) -> (Opcode, Int) {
        if case .integer(let number) = value, let small = number.asInt64, let immediate = Int32(exactly: small) {
            return (.loadInteger, Int(immediate))
        }
        return (.loadConstant, tables.builder.constant(value))
    }

    /// Begins a loop: constants that its body needs are loaded here, once.
    func enterLoop() -> Bool {
        guard constants == nil else { return false }
        constants = ConstantPool(preheader: code.newPreheader())
        return true
    }

    func leaveLoop(_ isOutermost: Bool) {
        guard isOutermost, let pool = constants else { return }
        constants = nil
        let indices = pool.registers.values.sorted { $0.index > $1.index }
        for register in indices { code.free(register) }
    }
}
