import Foundation

/// Threads with little stack: what nests is to get along with it, in debug builds as well.
public enum SmallStack {
    /// Half a megabyte, as threads have that a system starts by itself; a main thread has eight.
    public static let bytes = 512 << 10

    /// Runs the body to its end on a thread with so much stack.
    public static func run(bytes: Int = SmallStack.bytes, _ body: @escaping @Sendable () -> Void) async {
        await withCheckedContinuation { continuation in
            let thread = Thread {
                body()
                continuation.resume()
            }
            thread.stackSize = bytes
            thread.start()
        }
    }
}
