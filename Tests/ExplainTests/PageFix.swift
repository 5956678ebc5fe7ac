import Diagnostics
import Testing

@testable import Explain

/// The wrong example of a page whose diagnostics carry a fix.
struct PageFix: Sendable, CustomTestStringConvertible {
    var code: String
    var text: String
    var testDescription: String { code }

    static let all: [PageFix] = ErrorPage.diagnostics.compactMap { page in
        guard case .source(let text) = page.wrong,
            diagnostics(of: Array(text.utf8)).contains(where: { $0.fixIt != nil })
        else { return nil }
        return PageFix(code: page.code, text: text)
    }
}
