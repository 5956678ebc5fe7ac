import Bytecode

/// How large a value is that is not known itself.
indirect enum Sized {
    case unknown
    case number(Int)
    case list(Int, Sized)
    case bytes(Int)
    case fields([Sized])
    case cases([[Sized]])
    case sizes([Int])
}

/// What a term is for a call.
enum Known {
    case unknown
    case one(ABIValue)
    /// One of these.
    case many([ABIValue])
    case sized(Sized)

    var values: [ABIValue]? {
        switch self {
        case .one(let value): [value]
        case .many(let values): values
        case .unknown, .sized: nil
        }
    }
    var single: ABIValue? { if case .one(let value) = self { value } else { nil } }
}
