import Bytecode
import Crypto
import Machine
import Numerics
import Testing
import Verifier

/// Modules made to keep the verifier busy. A byte of artefact is paid with 400 gas, meant to be nanoseconds.
@Suite struct AdversaryVerifierTests {
    private static let nanosecondsPerByte = 400

    /// Decodes and verifies; the nanoseconds it took for each byte, the best of three.
    private func price(_ name: String, _ module: Module) throws -> Int {
        let bytes = try module.encoded()
        #expect(bytes.count <= ModuleLimits.artefactBytes)
        var best = Duration.seconds(1_000)
        for _ in 0..<3 {
            let clock = ContinuousClock()
            best = min(
                best,
                try clock.measure {
                    _ = verify(try Module(decoding: bytes))
                })
        }
        let nanoseconds = Int(best / .nanoseconds(1)) / bytes.count
        print("verification of \(name): \(bytes.count) bytes, \(nanoseconds) ns a byte, \(refusalText(module))")
        return nanoseconds
    }

    private func refusalText(_ module: Module) -> String { refusal(module).map { "refused: \($0)" } ?? "accepted" }

    private func module(
        types: [TypeDescriptor], registers: [Int], count: Int, _ instruction: Instruction, words: Int = 1,
        prologue: [Instruction] = []
    ) -> Module {
        var module = Module(name: "Busy")
        module.types = types
        var left = count
        module.functions = [
            FunctionDescriptor(
                name: "init", parameterCount: 0, registers: [], result: nil, isReadOnly: false, during: nil,
                code: [Instruction(.returnNothing).word], positions: [])
        ]
        while left > 0 {
            let here = min(left, 60_000 / words)
            var code = prologue.map(\.word)
            for _ in 0..<here {
                code.append(instruction.word)
                if words == 2 { code.append(0) }
            }
            code.append(Instruction(.returnNothing).word)
            module.functions.append(
                FunctionDescriptor(
                    name: "f", parameterCount: registers.count, registers: registers, result: nil, isReadOnly: false,
                    during: nil, code: code, positions: []))
            left -= here
        }
        module.entries = [
            EntryPoint(name: "init", kind: .initializer, function: 0, parameterNames: [], documentation: nil)
        ]
        return module
    }

    @Test func verificationIsPaidFor() throws {
        let integer = TypeDescriptor.integer(.int, bits: 256, isSigned: true)
        let wide = TypeDescriptor.structure(
            name: "Wide", fields: (0..<250).map { .init(name: "f\($0)", type: 0) })
        var modules: [(String, Module)] = []
        modules.append(
            (
                "additions",
                module(types: [integer], registers: [0, 0, 0], count: 120_000, Instruction(.add, a: 0, b: 1, c: 2))
            ))
        modules.append(
            (
                "fields of a large struct",
                module(
                    types: [integer, wide], registers: [0, 1], count: 120_000,
                    Instruction(.getField, a: 0, b: 1, immediate: 249))
            ))
        modules.append(
            (
                "calls",
                module(
                    types: [integer], registers: [Int](repeating: 0, count: 250), count: 60_000,
                    Instruction(.call, a: 0, immediate: 0), words: 2)
            ))
        var texts = module(
            types: [.text(capacity: 65_536)], registers: [0], count: 60_000, Instruction(.loadConstant, a: 0))
        texts.constants = [.bytes([UInt8](repeating: 0, count: 65_536).indices.map { $0 % 2 == 0 ? 0xC3 : 0xA9 })]
        modules.append(("long texts", texts))
        let small = TypeDescriptor.structure(name: "S", fields: [])
        var structs = module(types: [], registers: [], count: 1, Instruction(.returnNothing))
        structs.types =
            [integer] + (0..<1_500).map { index in
                .structure(name: "", fields: (0..<250).map { _ in .init(name: "", type: 0) })
            }
        modules.append(("large structs", structs))
        structs.types = [small] + (0..<4_000).map { .enumeration(name: "", cases: [.init(name: "\($0)", payload: [])]) }
        modules.append(("many types", structs))
        for (name, module) in modules {
            let nanoseconds = try price(name, module)
            // Room for a busy machine.
            #expect(nanoseconds < 4 * Self.nanosecondsPerByte, "\(name)")
        }
    }
}
