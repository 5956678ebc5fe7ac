@preconcurrency import CEdit
import Glibc

/// Reads lines: with editing, history and completion on a terminal, plainly from a pipe.
///
/// The line library keeps its state in C globals: use one editor, from one thread.
public final class LineEditor {
    private let isInteractive: Bool
    private let historyPath: String?
    /// Words that may complete the one being typed.
    public var completions: (String) -> [String] = { _ in [] }

    // Read and written only inside `readline`, on the thread that called it.
    nonisolated(unsafe) private static var current: LineEditor?
    nonisolated(unsafe) private static var matches: [String] = []
    // Written by the handler of `interruptible` alone while that runs.
    nonisolated(unsafe) private static var interruptCount = 0

    /// - Parameter historyPath: where history is kept between sessions; nil for none.
    public init(historyPath: String?) {
        isInteractive = isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1
        self.historyPath = historyPath
        guard isInteractive else { return }
        setlocale(LC_ALL, "C.UTF-8")
        // A slip of the fingers must not lose a session; the end of input leaves it.
        signal(SIGINT, SIG_IGN)
        rl_catch_signals = 0
        using_history()
        if let historyPath { read_history(historyPath) }
        rl_attempted_completion_function = { text, _, _ in
            rl_attempted_completion_over = 1
            guard let text else { return nil }
            LineEditor.matches = (LineEditor.current?.completions(String(cString: text)) ?? []).reversed()
            return rl_completion_matches(text) { _, _ in LineEditor.matches.popLast().map { strdup($0) } }
        }
    }

    /// The next line without its end; nil when the input has ended.
    public func line(prompt: String) -> String? {
        guard isInteractive else { return Swift.readLine(strippingNewline: true) }
        Self.current = self
        defer { Self.current = nil }
        guard let text = readline(prompt) else { return nil }
        defer { free(text) }
        return String(cString: text)
    }

    /// Runs something that may take long. The first interrupt meanwhile is answered, the second ends the process: what
    /// runs cannot be stopped halfway.
    public func interruptible<Result>(_ work: () -> Result) -> Result {
        guard isInteractive else { return work() }
        Self.interruptCount = 0
        signal(SIGINT) { _ in
            LineEditor.interruptCount += 1
            // Only what is safe in a signal handler.
            guard LineEditor.interruptCount == 1 else { _exit(130) }
            let answer: StaticString = "\nstill running; Ctrl-C once more leaves\n"
            _ = write(STDERR_FILENO, answer.utf8Start, answer.utf8CodeUnitCount)
        }
        defer { signal(SIGINT, SIG_IGN) }
        return work()
    }

    /// Remembers an entry, its lines joined to one.
    public func remember(_ entry: String) {
        guard isInteractive, !entry.isEmpty else { return }
        add_history(entry.split(separator: "\n").joined(separator: " "))
        if let historyPath { write_history(historyPath) }
    }
}
