import Crypto

/// Why a chain's data cannot be used.
public enum StoreError: CodedError, Equatable {
    /// The directory has no chain.
    case noChain(directory: String)
    /// The directory has a chain already.
    case chainExists(directory: String)
    /// Another process has the chain open.
    case locked(directory: String)
    /// The file system or the database refuses.
    case unavailable(String)
    /// The data is not what a chain writes.
    case damaged(String)
    /// The data is of another version of the program.
    case unknownFormat(String)
    /// A commit failed before; the chain must be opened anew.
    case failedBefore

    public var code: String {
        switch self {
        case .noChain: "chain.missing"
        case .chainExists: "chain.exists"
        case .locked: "chain.locked"
        case .unavailable: "chain.storage"
        case .damaged: "chain.damaged"
        case .unknownFormat: "chain.format"
        case .failedBefore: "chain.failed"
        }
    }

    public var message: String {
        switch self {
        case .noChain(let directory): "there is no chain in \(directory)"
        case .chainExists(let directory): "there is a chain in \(directory) already"
        case .locked(let directory): "another process uses the chain in \(directory)"
        case .unavailable(let reason): "the chain's data cannot be read or written: \(reason)"
        case .damaged(let reason): "the chain's data is damaged: \(reason)"
        case .unknownFormat(let found): "the chain's data has the unknown format \(found)"
        case .failedBefore: "writing a block failed before; open the chain again"
        }
    }
}
