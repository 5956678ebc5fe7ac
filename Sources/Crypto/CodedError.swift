/// An error that users may meet: a stable code for programs, a sentence for people.
///
/// Codes read `area.cause` (`address.checksum`, `transaction.nonce`). A code never changes its meaning.
public protocol CodedError: Error, CustomStringConvertible, Sendable {
    /// The stable code.
    var code: String { get }
    /// One sentence that says what is wrong and, where it helps, what was expected.
    var message: String { get }
}

extension CodedError {
    public var description: String { "\(message) [\(code)]" }
}
