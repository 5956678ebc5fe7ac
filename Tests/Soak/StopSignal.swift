import Glibc

/// SIGINT and SIGTERM end a run in good order, with what it has counted so far.
enum StopSignal {
    nonisolated(unsafe) private static let flag = {
        let flag = UnsafeMutablePointer<sig_atomic_t>.allocate(capacity: 1)
        flag.initialize(to: 0)
        return flag
    }()

    static var isRaised: Bool { flag.pointee != 0 }

    static func watch() {
        // The handler only sets what exists by then.
        flag.pointee = 0
        for number in [SIGINT, SIGTERM] { signal(number) { _ in StopSignal.flag.pointee = 1 } }
    }
}
