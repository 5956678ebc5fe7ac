import Bytecode
import Numerics

/// How an operation of the machine ended; one byte, so that the interpreter tests it against zero.
struct Status: Equatable {
    let raw: UInt8

    @inline(__always) init(raw: UInt8) { self.raw = raw }
    @inline(__always) init(_ failure: BuiltinFailure) { raw = failure.rawValue + 1 }

    @inline(__always) static var ok: Status { Status(raw: 0) }
    /// An error that the contract declares; the context has its index and payload.
    @inline(__always) static var declared: Status { Status(raw: 255) }

    @inline(__always) var isOK: Bool { raw == 0 }

    var failure: BuiltinFailure? { raw == 0 ? nil : BuiltinFailure(rawValue: raw - 1) }

    /// Failures that no `tryCall` catches: the store or the machine itself is at fault.
    var isFatal: Bool { self == Status(.damagedState) || self == Status(.conservationViolated) }

    @inline(__always)
    init(arithmetic status: ArithmeticStatus) {
        switch status {
        case .ok: self = .ok
        case .divisionByZero: self = Status(.divisionByZero)
        case .integerTooWide: self = Status(.integerTooWide)
        case .arenaExhausted: self = Status(.outOfMemory)
        case .outOfGas: self = Status(.outOfGas)
        case .domainError: self = Status(.invalidArgument)
        case .overflow: self = Status(.overflow)
        }
    }
}
