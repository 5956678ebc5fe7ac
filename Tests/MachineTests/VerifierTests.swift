import Bytecode
import Crypto
import Machine
import Numerics
import Testing
import Verifier

/// Tables for the code below: asset 0 is issued, asset 1 native; slot 0 plain integer, 1 vault of asset 0, 2 iterable,
/// 3 and 4 a sealed integer of round 0 (slots 5 and 6), event 0 and error 0 carry an integer.
private func tables(_ builder: inout ModuleBuilder) {
    let integer = builder.type(.integer(.int, bits: 256, isSigned: true))
    let amount = builder.type(.integer(.amount, bits: 256, isSigned: false))
    let address = builder.type(.bytes32(.address))
    let hash = builder.type(.bytes32(.hash))
    builder.module.assets = [
        AssetDescriptor(name: "A", origin: .issued), AssetDescriptor(name: "Coin", origin: .native),
    ]
    builder.module.slots = [
        Slot(name: "plain", kind: .plain, keys: [], type: integer, capacity: nil),
        Slot(name: "pot", kind: .vault(asset: 0), keys: [], type: amount, capacity: nil),
        Slot(name: "map", kind: .plain, keys: [address], type: integer, capacity: 8),
        Slot(
            name: "commitments", kind: .sealedCommitment(sealed: 0), keys: [integer, address], type: hash, capacity: nil
        ),
        Slot(name: "values", kind: .sealedValue(sealed: 0), keys: [integer, address], type: integer, capacity: nil),
        Slot(name: "phase", kind: .phase(round: 0), keys: [integer], type: integer, capacity: nil),
        Slot(name: "entered", kind: .phase(round: 0), keys: [integer], type: integer, capacity: nil),
    ]
    builder.module.rounds = [
        RoundDescriptor(
            name: "R", key: integer,
            phases: [
                .init(name: "commit", duration: .blocks(5), hasCondition: true, successor: 1),
                .init(name: "reveal", duration: .blocks(5), successor: 2),
                .init(name: "done", duration: nil, successor: nil),
            ], phaseSlot: 5, enteredSlot: 6)
    ]
    builder.module.sealed = [
        SealedDescriptor(
            name: "R.s", round: 0, value: integer, commitmentSlot: 3, valueSlot: 4, commitPhase: 0, revealPhase: 1)
    ]
    builder.module.events = [SignatureDescriptor(name: "E", parameters: [.init(name: "x", type: integer)])]
    builder.module.errors = [SignatureDescriptor(name: "F", parameters: [.init(name: "x", type: integer)])]
    builder.module.constants = [
        .integer(5), .bytes([0xFF, 0xFE]), .bytes32([UInt8](repeating: 1, count: 32)),
        .tensor(.i8, dimensions: [1, 2], data: [1, 0xFF]),
    ]
}

@Suite struct VerifierTests {
    private func expect(
        _ code: VerificationError.Code?, _ text: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        #expect(try refusal(text, configure: tables) == code, sourceLocation: sourceLocation)
    }

    @Test func soundCodePasses() throws {
        try expect(nil, "function f(Int) -> Int\nreturn r0\nend")
        try expect(nil, "function f(Token#0) -> Token#0\nreturn r0\nend")
        try expect(nil, "function f(Token#0)\nburn r0\nreturnNothing\nend")
        try expect(nil, "function f()\nfailBuiltin Overflow\nend")
        // Code behind a jump that nothing reaches is not run.
        try expect(nil, "function f()\nregisters Int\njump end_\nadd r0, r0, r0\nend_:\nreturnNothing\nend")
    }

    @Test func registersAndTypes() throws {
        try expect(.operand, "function f(Int) -> Int\nadd r1, r0, r0\nreturn r0\nend")
        try expect(.operand, "function f(Bool) -> Bool\nadd r0, r0, r0\nreturn r0\nend")
        try expect(.operand, "function f(Bool) -> Int\nreturn r0\nend")
        try expect(.operand, "function f(Int)\nreturn r0\nend")
        try expect(.operand, "function f(Int) -> Int\nreturnNothing\nend")
        try expect(.operand, "function f(Int, Address)\nmove r0, r1\nreturnNothing\nend")
        try expect(.operand, "function f(List<Int, 4>, List<Int, 3>)\nmove r1, r0\nreturnNothing\nend")
        try expect(nil, "function f(List<Int, 4>, List<Int, 3>)\nmove r0, r1\nreturnNothing\nend")
        try expect(.operand, "function f(Int)\nregisters Text<4>\nloadConstant r1, 1\nreturnNothing\nend")
        try expect(nil, "function f(Int)\nregisters Bytes<4>\nloadConstant r1, 1\nreturnNothing\nend")
        try expect(.operand, "function f(Int)\nregisters Bytes<1>\nloadConstant r1, 1\nreturnNothing\nend")
        try expect(nil, "function f()\nregisters Tensor<i8, [0, 2]>\nloadConstant r0, 3\nreturnNothing\nend")
        try expect(.operand, "function f()\nregisters Tensor<i16, [0, 2]>\nloadConstant r0, 3\nreturnNothing\nend")
        try expect(.operand, "function f()\nregisters Tensor<i8, [2]>\nloadConstant r0, 3\nreturnNothing\nend")
        try expect(.operand, "function f()\nregisters Bytes<2>\nloadConstant r0, 3\nreturnNothing\nend")
        try expect(.operand, "function f(List<Int, 4>, Bool)\nlistAppend r0, r1\nreturnNothing\nend")
        try expect(.operand, "function f(Int)\ncheckSigned r0, 0\nreturnNothing\nend")
        try expect(.operand, "function f(Int, Int)\naddSigned r0, r1, r1, 63\nreturnNothing\nend")
        try expect(.operand, "function f(Int)\nmoduloImmediate r0, r0, 0\nreturnNothing\nend")
        try expect(.operand, "function f(Address)\nregisters Bool\nequalInteger r1, r0, r0\nreturnNothing\nend")
    }

    @Test func everyPathAssignsBeforeUse() throws {
        try expect(.unassigned, "function f() -> Int\nregisters Int\nreturn r0\nend")
        try expect(
            .unassigned,
            "function f(Bool) -> Int\nregisters Int\nbranchTrue r0, skip\nloadInteger r1, 1\nskip:\nreturn r1\nend")
        try expect(
            nil,
            """
            function f(Bool) -> Int
            registers Int
            branchTrue r0, other
            loadInteger r1, 1
            jump end_
            other:
            loadInteger r1, 2
            end_:
            return r1
            end
            """)
        // A call leaves nothing in the registers of its window.
        try expect(
            .unassigned,
            """
            function _g(Int) -> Int
            return r0
            end
            function f(Int) -> Int
            registers Int, Int, Int
            loadInteger r3, 1
            move r1, r0
            call r1, 0
            add r2, r2, r3
            return r2
            end
            """)
    }

    @Test func jumpsStayInside() throws {
        try expect(.end, "function f()\nregisters Int\nloadInteger r0, 1\nend")
        try expect(.target, "function f()\nagain:\njump again\nend")
        try expect(
            .target,
            "function f(Bool)\nregisters Int\nagain:\nloadInteger r1, 1\nbranchTrue r0, again\nreturnNothing\nend")
        var module = try assemble("function f()\njump end_\nend_:\nreturnNothing\nend", configure: tables)
        for offset in [-3, -1, 0, 1, 3, 4, 1 << 20, Int(Int32.min), Int(Int32.max)] {
            module.functions[0].code[0] = Instruction(.jump, immediate: Int32(offset)).word
            #expect(refusal(module) == .target, "\(offset)")
        }
        module.functions[0].code[0] = Instruction(.jump, immediate: 2).word
        #expect(refusal(module) == nil)
        module.functions[0].code[1] = 1
        #expect(refusal(module) == .encoding)
        module.functions[0].code = [255]
        #expect(refusal(module) == .encoding)
        module.functions[0].code = [Instruction(.jump, immediate: 1).word]
        #expect(refusal(module) == .encoding)
        module.functions[0].code = []
        #expect(refusal(module) == .end)
        // A loop back into code that is only reached from behind.
        try expect(
            .target,
            """
            function f(Int, Int)
            jump over
            back:
            returnNothing
            over:
            loop r0, r1, back
            returnNothing
            end
            """)
    }

    @Test func tokensAreUsedOnce() throws {
        try expect(.linearity, "function f(Token#0)\nreturnNothing\nend")
        try expect(.linearity, "function f(Token#0)\nburn r0\nburn r0\nreturnNothing\nend")
        try expect(.linearity, "function f(Token#0, Token#0) -> Token#0\nmove r0, r1\nreturn r0\nend")
        try expect(.linearity, "function f(Token#0, Bool)\nbranchTrue r1, skip\nburn r0\nskip:\nreturnNothing\nend")
        try expect(
            .linearity, "function f(Token#0, Bool)\nbranchTrue r1, skip\nburn r0\nskip:\nburn r0\nreturnNothing\nend")
        try expect(
            .linearity,
            "function f(Token#0, Int, Int)\nagain:\nburn r0\nloop r1, r2, again\nreturnNothing\nend")
        try expect(
            .linearity,
            """
            function f(Int, Int)
            registers Token#0
            again:
            mint r2, r0, 0
            loop r0, r1, again
            burn r2
            returnNothing
            end
            """)
        try expect(.operand, "function f(Token#1)\nregisters Token#0\nmove r1, r0\nburn r1\nreturnNothing\nend")
        try expect(.operand, "function f(Token#1)\nburn r0\nreturnNothing\nend")
        try expect(.operand, "function f(Token#0)\ntokenJoin r0, r0\nburn r0\nreturnNothing\nend")
        try expect(.operand, "function f(Token#0, Int)\nstatePut r1, r0, 1\nreturnNothing\nend")
        try expect(.operand, "function f(Token#1)\nvaultPut r0, r0, 1\nreturnNothing\nend")
        try expect(.operand, "function f(Amount)\nstatePut r0, r0, 1\nreturnNothing\nend")
        // A failure may leave tokens behind: everything is undone.
        try expect(nil, "function f(Token#0)\nfailBuiltin Overflow\nend")
        // A token in the window of a call.
        try expect(
            .linearity,
            "function _g()\nreturnNothing\nend\nfunction f(Token#0)\ncall r0, 0\nburn r0\nreturnNothing\nend")
    }

    @Test func callsGoDownAndStaySmall() throws {
        try expect(.call, "function f()\ncall r0, 0\nreturnNothing\nend")
        try expect(.index, "function f()\ncall r0, 9\nreturnNothing\nend")
        try expect(
            .readOnly,
            "function _g()\nreturnNothing\nend\nfunction f() readonly\ncall r0, 0\nreturnNothing\nend")
        let filler = (0..<230).map { _ in "Int" }.joined(separator: ", ")
        var text = "function _f0()\nregisters \(filler)\nreturnNothing\nend\n"
        for number in 1..<200 {
            text += "function _f\(number)()\nregisters \(filler)\ncall r229, \(number - 1)\nreturnNothing\nend\n"
        }
        try expect(.call, text)
    }

    @Test func viewsChangeNothing() throws {
        try expect(.readOnly, "function f(Int) readonly\nstatePut r0, r0, 0\nreturnNothing\nend")
        try expect(.readOnly, "function f(Address) readonly\nstateRemove r0, 2\nreturnNothing\nend")
        try expect(.readOnly, "function f(Int) readonly\nemit r0, 0\nreturnNothing\nend")
        try expect(
            .readOnly, "function f(Amount) readonly\nregisters Token#0\nmint r1, r0, 0\nburn r1\nreturnNothing\nend")
        try expect(nil, "function f() -> Int readonly\nregisters Int\nstateGet r0, r0, 0\nreturn r0\nend")
    }

    @Test func aDeclaredPhaseIsGuardedOnEveryPath() throws {
        func text(_ during: String, _ guardText: String) -> String {
            "function f(Int, Int)\(during)\n\(guardText)\nreturnNothing\nend"
        }
        try expect(nil, text(" during 0 0", "phaseGuard r1, r0, 0, 1"))
        try expect(nil, text("", "phaseGuard r1, r0, 0, 3"))
        try expect(.phase, text(" during 0 0", "loadInteger r1, 1"))
        try expect(.phase, text(" during 0 0", "phaseGuard r1, r0, 0, 3"))
        try expect(.phase, text(" during 0 0", "phaseGuard r1, r0, 0, 2"))
        try expect(.phase, text(" during 0 0", "branchEqual r0, r1, end\nphaseGuard r1, r0, 0, 1\nend:"))
        try expect(.index, text(" during 0 0", "phaseGuard r1, r0, 1, 1"))
        try expect(.operand, "function f(Int, Hash)\nphaseGuard r0, r1, 0, 1\nreturnNothing\nend")
        try expect(.phase, "function f() during 0 3\nreturnNothing\nend")
    }

    @Test func phasesAreWrittenByTheirInstructionsAlone() throws {
        try expect(nil, "function f(Int)\nroundOpen r0, 0\nroundLeave r0, 0, 0\nreturnNothing\nend")
        try expect(nil, "function f(Int) -> Int readonly\nroundPhase r0, r0, 0\nreturn r0\nend")
        try expect(nil, "function f(Int) -> Int readonly\nstateGet r0, r0, 5\nreturn r0\nend")
        try expect(.operand, "function f(Int)\nstatePut r0, r0, 5\nreturnNothing\nend")
        try expect(.operand, "function f(Int)\nstatePut r0, r0, 6\nreturnNothing\nend")
        try expect(.operand, "function f(Int)\nstateRemove r0, 5\nreturnNothing\nend")
        try expect(.readOnly, "function f(Int) readonly\nroundOpen r0, 0\nreturnNothing\nend")
        try expect(.readOnly, "function f(Int) readonly\nroundLeave r0, 0, 0\nreturnNothing\nend")
        // The reveal phase has no condition, the last one no end, and there is no fourth.
        try expect(.phase, "function f(Int)\nroundLeave r0, 0, 1\nreturnNothing\nend")
        try expect(.phase, "function f(Int)\nroundLeave r0, 0, 2\nreturnNothing\nend")
        try expect(.index, "function f(Int)\nroundLeave r0, 0, 3\nreturnNothing\nend")
        try expect(.index, "function f(Int)\nroundOpen r0, 1\nreturnNothing\nend")
        try expect(.operand, "function f(Hash)\nroundOpen r0, 0\nreturnNothing\nend")
        try expect(.unassigned, "function f()\nregisters Int\nroundOpen r0, 0\nreturnNothing\nend")
    }

    @Test func sealedValuesAreNotRead() throws {
        try expect(.operand, "function f(Int, Address) -> Int\nstateGet r0, r0, 4\nreturn r0\nend")
        try expect(.operand, "function f(Int, Address)\nstateRemove r0, 4\nreturnNothing\nend")
        try expect(nil, "function f(Int, Address) -> Int?\nregisters Int?\nstateFind r2, r0, 4\nreturn r2\nend")
    }

    @Test func tablesAreChecked() throws {
        func change(_ body: (inout Module) -> Void) throws -> VerificationError.Code? {
            var module = try assemble("function f(Int) -> Int\nreturn r0\nend", configure: tables)
            body(&module)
            return refusal(module)
        }
        #expect(try change { _ in } == nil)
        #expect(try change { $0.gasScheduleVersion = 2 } == .schedule)
        #expect(try change { $0.entries.removeLast() } == .entry)
        #expect(try change { $0.entries.append($0.entries[1]) } == .entry)
        #expect(try change { $0.entries[0].function = 9 } == .index)
        #expect(try change { $0.entries[0].function = -1 } == .index)
        #expect(try change { $0.entries[0].kind = .view } == .entry)
        #expect(try change { $0.entries[0].parameterNames = [] } == .entry)
        #expect(try change { $0.functions[0].parameterCount = 2 } == .index)
        #expect(try change { $0.functions[0].parameterCount = -1 } == .index)
        #expect(try change { $0.functions[0].registers = [99] } == .index)
        #expect(try change { $0.types.append(.list($0.types.count, capacity: 3)) } == .type)
        #expect(try change { $0.types.append(.option(-1)) } == .type)
        #expect(try change { $0.types.append(.list(0, capacity: -1)) } == .limit)
        #expect(try change { $0.types.append(.list(0, capacity: Int.max)) } == .limit)
        #expect(try change { $0.types.append(.integer(.int, bits: 4_097, isSigned: true)) } == .limit)
        #expect(try change { $0.types.append(.integer(.int, bits: Int.min, isSigned: true)) } == .limit)
        #expect(try change { $0.types.append(.token(2)) } == .index)
        #expect(try change { $0.types.append(.bytes32(.interface(0))) } == .index)
        #expect(try change { $0.types.append(.tensor(.i8, dimensions: [])) } == .limit)
        #expect(try change { $0.types.append(.tensor(.i8, dimensions: [1, 2, 3, 4, 5])) } == .limit)
        #expect(try change { $0.types.append(.tensor(.i8, dimensions: [Int.max])) } == .limit)
        #expect(try change { $0.types.append(.enumeration(name: "E", cases: [])) } == .limit)
        #expect(
            try change { module in
                module.types.append(.token(0))
                module.types.append(.list(module.types.count - 1, capacity: 3))
            } == .type)
        #expect(
            try change { module in
                for _ in 0..<20 { module.types.append(.option(module.types.count - 1)) }
            } == .type)
        #expect(try change { $0.slots[0].type = 99 } == .index)
        #expect(try change { $0.slots[2].keys = [0, 0, 0, 0] } == .state)
        #expect(try change { $0.slots[2].capacity = 0 } == .state)
        #expect(try change { $0.slots[0].capacity = 3 } == .state)
        #expect(try change { $0.slots[1].kind = .vault(asset: 5) } == .state)
        #expect(try change { $0.slots[1].type = 0 } == .state)
        #expect(try change { $0.sealed[0].revealPhase = 0 } == .state)
        #expect(try change { $0.sealed[0].valueSlot = 3 } == .state)
        #expect(try change { $0.sealed[0].round = 4 } == .state)
        #expect(try change { $0.rounds[0].phases[0].successor = 0 } == .state)
        #expect(try change { $0.rounds[0].phases[0].duration = .blocks(0) } == .state)
        #expect(try change { $0.rounds[0].phases[0].duration = .time(count: 0, .days) } == .state)
        #expect(try change { $0.rounds[0].phases[0].duration = .time(count: 1 << 40, .days) } == .state)
        #expect(try change { $0.rounds[0].phases[2].hasCondition = true } == .state)
        #expect(try change { $0.rounds[0].phases[2].duration = .blocks(3) } == .state)
        #expect(try change { $0.rounds[0].phaseSlot = 1 } == .state)
        #expect(try change { $0.rounds[0].phaseSlot = 6 } == .state)
        #expect(try change { $0.rounds[0].enteredSlot = 99 } == .state)
        #expect(try change { $0.slots[5].kind = .plain } == .state)
        #expect(try change { $0.slots[0].kind = .phase(round: 0) } == .state)
        #expect(try change { $0.slots[5].kind = .phase(round: 7) } == .state)
        #expect(try change { $0.slots[5].keys = [2] } == .state)
        #expect(try change { $0.slots[5].capacity = 4 } == .state)
        // A length must be Int<32>, in a slot of its own.
        for slot in [0, 5, 6, 99] {
            #expect(try change { $0.rounds[0].phases[0].duration = .slot(slot) } == .state)
        }
        #expect(
            try change { module in
                module.rounds[0].phases[0].duration = .slot(7)
                module.slots.append(
                    Slot(name: "blocks", kind: .phase(round: 0), keys: module.slots[5].keys, type: 0, capacity: nil))
            } == .state)
        #expect(try change { $0.constants = [.bytes32([1])] } == .limit)
        #expect(try change { $0.constants = [.integer(BigInt(1) << 4_096)] } == .limit)
        #expect(try change { $0.constants = [.tensor(.i16, dimensions: [3], data: [0, 0, 0])] } == .limit)
        #expect(try change { $0.constants = [.tensor(.i8, dimensions: [2, 0], data: [])] } == .limit)
        #expect(try change { $0.constants = [.tensor(.i8, dimensions: [1 << 62, 8], data: [])] } == .limit)
        #expect(try change { $0.assets.append(AssetDescriptor(name: "B", origin: .bound(slot: 0))) } == .state)
        #expect(try change { $0.imports = [ImportedMethod(interface: 0, method: 0)] } == .index)
        let method = MethodDescriptor(name: "g", isView: false, parameters: [], result: nil)
        let interface = InterfaceDescriptor(name: "I", methods: [method], isImplemented: true)
        #expect(try change { $0.interfaces = [interface] } == .entry)
        #expect(
            try change { module in
                module.interfaces = [interface]
                module.interfaces[0].methods[0] = .init(
                    name: "f", isView: false, parameters: [.init(name: "x", type: 0)], result: 1)
            } == .entry)
        #expect(
            try change { module in
                module.interfaces = [interface]
                module.interfaces[0].methods[0] = .init(
                    name: "f", isView: false, parameters: [.init(name: "x", type: 0)], result: 0)
            } == nil)
    }

    /// Code that passes hundreds of registers with every instruction takes more than its size allows, once it is large;
    /// the same code without them passes.
    @Test func theBudgetIsInProportionToTheSize() throws {
        func emitting(_ parameters: Int, times: Int) throws -> Module {
            let types = Array(repeating: "Int", count: parameters).joined(separator: ", ")
            let code = String(repeating: "emit r0, 0\n", count: times)
            return try assemble("function f(\(types))\n\(code)returnNothing\nend") { builder in
                let integer = builder.type(.integer(.int, bits: 256, isSigned: true))
                let field = TypeDescriptor.Field(name: "x", type: integer)
                builder.module.events = [
                    SignatureDescriptor(name: "E", parameters: Array(repeating: field, count: parameters))
                ]
            }
        }
        #expect(refusal(try emitting(240, times: 200)) == nil)
        #expect(refusal(try emitting(240, times: 2_000)) == .budget)
        #expect(refusal(try emitting(10, times: 20_000)) == nil)
    }

    @Test func theBudgetHolds() throws {
        let text = "function f(Int)\n" + String(repeating: "add r0, r0, r0\n", count: 1000) + "returnNothing\nend"
        let module = try assemble(text, configure: tables)
        #expect(refusal(module) == nil)
        guard case .failure(let error) = verify(module, steps: 900) else {
            Issue.record("1000 instructions within a budget of 900")
            return
        }
        #expect(error.code == .budget)
    }
}
