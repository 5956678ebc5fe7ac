import Diagnostics
import Testing

/// A text in which a comment `//! E0301` says which diagnostics its line must have, and that there are no others.
struct Fault: CustomTestStringConvertible, Sendable {
    let name: String
    let source: String

    init(_ name: String, _ source: String) {
        self.name = name
        self.source = source
    }

    var testDescription: String { name }

    var expected: [String] {
        var result: [String] = []
        for (index, line) in source.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            guard let mark = line.range(of: "//!") else { continue }
            for code in line[mark.upperBound...].split(separator: " ") { result.append("\(code)@\(index + 1)") }
        }
        return result
    }
}

extension Substring {
    func range(of text: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
            start = index(after: start)
        }
        return nil
    }
}

@Suite struct FaultTests {
    @Test(arguments: Fault.all) func isReported(fault: Fault) {
        let outcome = checkSource(fault.source)
        #expect(outcome.program == nil)
        #expect(outcome.summary.sorted() == fault.expected.sorted(), "\(outcome.rendered)")
    }

    /// Every code that checking can raise has a case above.
    @Test func everyCodeIsCovered() {
        let covered = Set(Fault.all.flatMap(\.expected).map { $0.prefix(5) })
        // Imports, frozen state and settlements have tests of their own; gas is known when the code is made.
        let elsewhere: Set<DiagnosticCode> = [
            .importNotFound, .importCycle, .frozenState, .settlementDeclaration, .elementGasTooSmall,
        ]
        for code in DiagnosticCode.allCases where !code.rawValue.hasPrefix("E01") && !elsewhere.contains(code) {
            #expect(covered.contains(code.rawValue.prefix(5)), "no case for \(code) \(code.rawValue)")
        }
    }
}
