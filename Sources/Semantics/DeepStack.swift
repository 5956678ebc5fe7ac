import Foundation

/// The stack that checking may need.
public enum DeepStack {
    static let bytes = 16 << 20

    /// Set by who runs on a thread with at least 16 MiB of stack: a further thread would only cost time.
    @TaskLocal public static var isHere = false
}

/// Runs the work to its end on a thread whose stack holds the deepest tree that the parser lets through, whatever the
/// caller's own stack is.
func onDeepStack<Result>(_ work: @escaping () -> Result) -> Result {
    if DeepStack.isHere { return work() }
    let job = Job(work: work)
    let thread = Thread { job.run() }
    thread.stackSize = DeepStack.bytes
    thread.start()
    return job.wait()
}

/// The caller waits until the job is done, so that the two threads never touch its parts at once.
private final class Job<Result>: @unchecked Sendable {
    private let work: () -> Result
    private var result: Result?
    private let done = DispatchSemaphore(value: 0)

    init(work: @escaping () -> Result) { self.work = work }

    func run() {
        result = work()
        done.signal()
    }

    func wait() -> Result {
        done.wait()
        return result ?? work()
    }
}
