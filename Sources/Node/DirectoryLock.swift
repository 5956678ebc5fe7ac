import Glibc

/// Keeps a second process, or a second chain of this process, out of a data directory.
///
/// The lock is the kernel's (`flock`): it ends with the process, however that ends.
final class DirectoryLock {
    private var descriptor: Int32

    init(directory: String) throws(StoreError) {
        descriptor = Glibc.open(directory + "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .unavailable(String(cString: strerror(errno))) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let isHeld = errno == EWOULDBLOCK
            let reason = String(cString: strerror(errno))
            release()
            throw isHeld ? .locked(directory: directory) : .unavailable(reason)
        }
    }

    deinit {
        release()
    }

    func release() {
        guard descriptor >= 0 else { return }
        // Said aloud: a child between fork and exec still holds a copy of the descriptor, and with it the lock.
        flock(descriptor, LOCK_UN)
        close(descriptor)
        descriptor = -1
    }
}
