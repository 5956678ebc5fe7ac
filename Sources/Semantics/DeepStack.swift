import Foundation

/// Runs the work to its end on a thread whose stack holds the deepest tree that the parser lets through, whatever the
/// caller's own stack is.
func onDeepStack<Result>(_ work: @escaping () -> Result) -> Result {
    let job = Job(work: work)
    let thread = Thread { job.run() }
    thread.stackSize = 16 << 20
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
