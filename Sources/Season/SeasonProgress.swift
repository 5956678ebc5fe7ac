import Foundation

/// How far a season has come.
public struct SeasonProgress: Sendable {
    /// What is going on, in a few words.
    public let stage: String
    public let completed: Int
    public let total: Int
}

/// Draws progress on standard error: a bar that is redrawn on a terminal, a line for each tenth of the way elsewhere.
public final class SeasonProgressBar {
    private let isTerminal: Bool
    private var lastTenth = 0

    public init() { isTerminal = isatty(2) == 1 }

    public func show(_ progress: SeasonProgress) {
        if isTerminal {
            let width = 32
            let filled = width * progress.completed / max(1, progress.total)
            let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled)
            write("\r[\(bar)] \(100 * progress.completed / max(1, progress.total)) % \(progress.stage)\u{1B}[K")
            if progress.completed == progress.total { write("\n") }
            return
        }
        let tenth = 10 * progress.completed / max(1, progress.total)
        if tenth > lastTenth { write("[\(progress.completed)/\(progress.total)] \(progress.stage)\n") }
        lastTenth = tenth
    }

    /// A closed channel is the reader's choice.
    private func write(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }
}
