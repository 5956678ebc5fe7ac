import Numerics

@testable import Bytecode

/// A module that uses every table and every shape of entry. It is not meant to verify.
func sampleModule() throws -> Module {
    var builder = ModuleBuilder(name: "Sample")
    let int = builder.type(.integer(.int, bits: 256, isSigned: true))
    let amount = builder.type(.integer(.amount, bits: 256, isSigned: false))
    let fixed = builder.type(.integer(.fixed, bits: 256, isSigned: true))
    let flag = builder.type(.boolean)
    let address = builder.type(.bytes32(.address))
    let hash = builder.type(.bytes32(.hash))
    let rule = builder.type(.bytes32(.interface(0)))
    let data = builder.type(.bytes(capacity: 1_024))
    let text = builder.type(.text(capacity: 16))
    let list = builder.type(.list(fixed, capacity: 3))
    let option = builder.type(.option(address))
    let nested = builder.type(.option(option))
    let point = builder.type(
        .structure(name: "Point", fields: [.init(name: "x", type: int), .init(name: "flags", type: flag)]))
    let shape = builder.type(
        .enumeration(
            name: "Shape",
            cases: [
                .init(name: "empty", payload: []), .init(name: "dot", payload: [.init(name: "at", type: point)]),
            ]))
    let tensor = builder.type(.tensor(.i16, dimensions: [0, 2]))
    _ = [
        amount, hash, rule, data, text, list, nested, shape, tensor, builder.type(.token(0)),
        builder.type(.tokenList(0)),
    ]
    _ = builder.constant(.integer(-1_000_000_000_000_000_000_000))
    _ = builder.constant(.bytes32([UInt8](repeating: 7, count: 32)))
    _ = builder.constant(.bytes([1, 2, 3]))
    _ = builder.source("sample.agon")
    builder.module.documentation = "A sample — with text."
    builder.module.assets = [
        .init(name: "A", origin: .issued), .init(name: "B", origin: .native), .init(name: "C", origin: .bound(slot: 1)),
    ]
    builder.module.slots = [
        Slot(name: "total", kind: .plain, keys: [], type: int, capacity: nil),
        Slot(name: "bonds", kind: .vault(asset: 0), keys: [int, address], type: amount, capacity: nil),
        Slot(name: "score", kind: .sealedCommitment(sealed: 0), keys: [int, address], type: hash, capacity: 64),
        Slot(name: "score", kind: .sealedValue(sealed: 0), keys: [int, address], type: list, capacity: 64),
        Slot(name: "Task.phase", kind: .phase(round: 0), keys: [int], type: int, capacity: nil),
        Slot(name: "Task.entered", kind: .phase(round: 0), keys: [int], type: int, capacity: nil),
        Slot(name: "Task.late.blocks", kind: .phase(round: 0), keys: [int], type: int, capacity: nil),
    ]
    builder.module.rounds = [
        RoundDescriptor(
            name: "Task", key: int,
            phases: [
                .init(name: "open", duration: .blocks(20), hasCondition: true, successor: 1),
                .init(name: "late", duration: .slot(6), successor: 2),
                .init(name: "over", duration: .time(count: 3, .hours), successor: 3),
                .init(name: "closed", duration: nil, successor: nil),
            ], phaseSlot: 4, enteredSlot: 5)
    ]
    builder.module.sealed = [
        SealedDescriptor(
            name: "Task.score", round: 0, value: list, commitmentSlot: 2, valueSlot: 3, commitPhase: 0, revealPhase: 1)
    ]
    builder.module.events = [SignatureDescriptor(name: "Paid", parameters: [.init(name: "to", type: address)])]
    builder.module.errors = [SignatureDescriptor(name: "Empty", parameters: [])]
    builder.module.interfaces = [
        InterfaceDescriptor(
            name: "Rule",
            methods: [
                MethodDescriptor(
                    name: "weights", isView: true, parameters: [.init(name: "n", type: int)], result: list)
            ], isImplemented: true)
    ]
    _ = builder.imported(ImportedMethod(interface: 0, method: 0))
    try Assembler.assemble(sampleText, into: &builder)
    builder.module.functions[1].positions = [.init(word: 0, file: 0, line: 3, column: 9)]
    builder.module.entries = [
        EntryPoint(name: "init", kind: .initializer, function: 0, parameterNames: [], documentation: nil),
        EntryPoint(name: "sum", kind: .view, function: 1, parameterNames: ["n"], documentation: "Adds up."),
    ]
    return builder.module
}

let sampleText = """
    function init()
        returnNothing
    end
    function sum(Int) -> Int readonly
    registers Int<4096>, Int, Bool, Address, Tensor<i32, [0, 3]>, Token#0, Interface#0, List<Amount, 4>?
        loadInteger r1, 0
        loadInteger r2, 0
        branchLessOrEqual r0, r2, done   ; nothing to do
    again:
        multiply r3, r2, r2
        moduloImmediate r3, r3, 1000003
        add r1, r1, r3
        loop r2, r0, again
        mulDiv r1, r1, r2, r0, halfEven
        mulMod r1, r1, r2, r0
    done:
        return r1
    end
    function guarded(Int, Address) during 0 1
    registers Int, Int
        roundPhase r2, r0, 0
        phaseGuard r2, r0, 0, 3
        roundLeave r0, 0, 0
        tryCall r2, r1, r0, 0, failed
        returnNothing
    failed:
        failBuiltin WrongPhase
    end
    """
