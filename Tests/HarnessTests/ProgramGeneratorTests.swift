import Foundation
import Testing

@testable import Harness

@Suite("Generated programs") struct ProgramGeneratorTests {
    /// A `let` is known more closely than its type: a multiple of one that is always huge is not compiled where it must
    /// fit.
    @Test("Quotients of what is always huge may still fit")
    func hugeQuotients() {
        let disk = DiskSources(standardLibrary: nil)
        let huge = "57896044618658097711785492504343953926634992332820282019728792003956564819967"
        for seed: UInt64 in 0..<20 {
            var generator = ProgramGenerator(seed: seed)
            generator.scope = [GeneratedName(name: "huge", type: .int(bits: 256), isVariable: false)]
            for _ in 0..<4 { _ = generator.rounded(3) }
            let text = (["function f() {", "let huge: Int = \(huge)"] + generator.lines + ["}"]).joined(separator: "\n")
            if case .failure(let failure) = LargeStack.run({ CompiledProject.compile(text: text, disk: disk) }) {
                let reasons = failure.diagnostics.map { "\($0.code.rawValue) \($0.message)" }
                Issue.record("seed \(seed): \(reasons.joined(separator: "; "))\n\(text)")
                return
            }
        }
    }

    @Test("Programs of all sizes are written, and every kind of part is among them")
    func parts() {
        var sizes: [ProgramGenerator.Size: Int] = [:]
        var text = Data()
        for seed: UInt64 in 0..<300 {
            sizes[ProgramGenerator(seed: seed).size, default: 0] += 1
            text += Data(ProgramGenerator.source(seed: seed).utf8)
        }
        #expect(sizes.count == 3)
        for part in [
            "component Store", "use other", "round Game", "settlement pay", "mixing max", "interface Peer", "Peer(",
            "asset BOUND", "role boss", "const limit", "Height", "Tensor<", "verifyVRF", "draw ", "case .some(",
            "try let", " split ", "commitment(", "chain", ".ranks(", ".contains(", "exp(", "pow(",
        ] {
            let isFound = text.range(of: Data(part.utf8)) != nil
            #expect(isFound, "\(part)")
        }
    }
}
