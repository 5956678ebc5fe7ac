import Glibc

/// Tells the time for block timestamps; behind a protocol so that tests set it.
public protocol Clock: AnyObject {
    /// Milliseconds since 1970, without leap seconds.
    var nowMilliseconds: UInt64 { get }
}

/// The system's clock.
public final class SystemClock: Clock {
    /// The system's clock.
    public init() {}

    public var nowMilliseconds: UInt64 {
        var time = timespec()
        guard clock_gettime(CLOCK_REALTIME, &time) == 0, time.tv_sec >= 0 else { return 0 }
        return UInt64(time.tv_sec) * 1000 + UInt64(time.tv_nsec) / 1_000_000
    }
}

/// A clock that stands still until it is set.
public final class ManualClock: Clock {
    public var nowMilliseconds: UInt64

    /// A clock that shows this time.
    public init(nowMilliseconds: UInt64 = 0) {
        self.nowMilliseconds = nowMilliseconds
    }
}
