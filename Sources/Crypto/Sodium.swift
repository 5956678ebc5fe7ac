import CSodium

/// Chooses libsodium's implementations for this processor, once per process, before the first use.
///
/// `sodium_init` fails only when the system has no random source. Everything here but key generation works
/// without one, so the result is not needed.
enum Sodium {
    static let ready: Bool = sodium_init() >= 0

    @inline(__always)
    static func prepare() {
        _ = ready
    }
}
