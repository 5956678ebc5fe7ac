import Glibc
import Semantics

/// Runs work on a thread with a stack that bounded recursion over deep programs cannot exhaust.
public enum LargeStack {
    static let bytes = 1 << 30

    /// The result of `work`, which runs to its end before this returns; on this thread where no other can be had.
    public static func run<Result>(_ work: () -> Result) -> Result {
        withoutActuallyEscaping(work) { work in
            let box = Box(work: work)
            runOnThread(box)
            return box.result ?? work()
        }
    }

    /// The thread has ended, and let go of the box, when this returns.
    private static func runOnThread(_ box: AnyBox) {
        var attributes = pthread_attr_t()
        guard pthread_attr_init(&attributes) == 0 else { return }
        defer { pthread_attr_destroy(&attributes) }
        guard pthread_attr_setstacksize(&attributes, bytes) == 0 else { return }
        let reference = Unmanaged.passRetained(box)
        var thread = pthread_t()
        let status = pthread_create(
            &thread, &attributes,
            { context in
                guard let context else { return nil }
                Unmanaged<AnyBox>.fromOpaque(context).takeRetainedValue().run()
                return nil
            }, reference.toOpaque())
        guard status == 0 else { return reference.release() }
        pthread_join(thread, nil)
    }

    private class AnyBox {
        func run() {}
    }

    private final class Box<Result>: AnyBox {
        private let work: () -> Result
        var result: Result?
        init(work: @escaping () -> Result) { self.work = work }
        override func run() { result = DeepStack.$isHere.withValue(true) { work() } }
    }
}
