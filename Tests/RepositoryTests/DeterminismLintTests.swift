import Foundation
import Testing

/// The deterministic modules use no floating point, clock, randomness, environment, or hashing that is seeded per process.
@Suite struct DeterminismLintTests {
    static let modules = ["Numerics", "Tensors", "Bytecode", "Verifier", "Machine", "Ledger"]
    static let banned: [(pattern: String, reason: String)] = [
        (#"\b(Double|Float|Float16|Float32|Float64|CGFloat)\b"#, "floating point"),
        (#"\b(Date\(|ContinuousClock|DispatchTime|clock_gettime|gettimeofday)"#, "clock"),
        (#"\.random\(|SystemRandomNumberGenerator|\barc4random"#, "randomness"),
        (#"\b(ProcessInfo|getenv|setlocale)\b"#, "environment"),
        (#"[\w)\]]\.hashValue\b|\bHasher\(\)"#, "per-process hashing"),
        (#"\bfor\s+\([^)]*\)\s+in\s+\w*[dD]ictionary"#, "unordered iteration"),
        (#"(?<!\bslot)\.(keys|values)\s*(\{|\.(map|forEach|filter|reduce|first|flatMap|compactMap)\b)"#, "unordered iteration"),
    ]

    @Test(arguments: modules) func nothingBannedIsUsed(module: String) throws {
        let folder = ModuleEdgesTests.root.appendingPathComponent("Sources/\(module)")
        for file in ModuleEdgesTests.swiftFiles(under: folder) {
            let text = try String(contentsOf: file, encoding: .utf8)
            for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
                let code = line.components(separatedBy: "//")[0]
                for rule in Self.banned where code.range(of: rule.pattern, options: .regularExpression) != nil {
                    // Tables known to be ordered say so on the line.
                    guard !line.contains("// ordered:") else { continue }
                    Issue.record("\(file.lastPathComponent):\(number + 1): \(rule.reason): \(line)")
                }
            }
        }
    }
}
