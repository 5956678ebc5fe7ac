/// Why a season could not be run, with a stable code.
public struct SeasonError: Error, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable {
        /// A file is missing or cannot be read.
        case unreadableFile = "D0101"
        /// The manifest is not what it should be.
        case invalidManifest = "D0102"
        /// A model file is not what it should be.
        case invalidModel = "D0103"
        /// A shard of images is not what it should be.
        case invalidShard = "D0104"
        /// A contract does not compile, or does not hold what the season needs.
        case invalidContract = "D0105"
        /// The chain refused a transaction or a query.
        case refused = "D0106"
        /// The chain could not be made or opened.
        case chain = "D0107"
        /// The figures read from the chain do not add up.
        case notConserved = "D0108"
    }

    public let code: Code
    public let message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { "\(code.rawValue): \(message)" }
}
