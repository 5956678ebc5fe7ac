import Diagnostics

public enum ErrorReference: Sendable, Hashable {
    case builtin(BuiltinError)
    /// Index into the errors of the contract.
    case declared(contract: ContractID, index: Int)
}

public struct Statement: Sendable {
    public indirect enum Kind: Sendable {
        /// First value of a local (`let`, `var`, loop temporaries).
        case bind(LocalID, Expression)
        case assign(Place, Expression)
        /// Run for its effect; the value, never a token, is dropped.
        case evaluate(Expression)
        case conditional(Expression, then: [Statement], otherwise: [Statement])
        /// Binds the payload of an option when there is one.
        case conditionalBinding(LocalID, Expression, then: [Statement], otherwise: [Statement])
        /// `from..<to`; `maximum` nil: statically known to be bounded. Fails LoopBound before the first round when to −
        /// from > maximum.
        case forRange(LocalID, from: Expression, to: Expression, maximum: Int?, body: [Statement])
        /// Lists of equal length in step (else LengthMismatch); `index` counts from 0.
        case forLists([(local: LocalID, list: Expression)], index: LocalID?, body: [Statement])
        /// Entries of an iterable map in insertion order; `keys` are those before the last. `value` nil: keys alone are
        /// wanted.
        case forMap(key: LocalID, value: LocalID?, field: FieldIndex, keys: [Expression], body: [Statement])
        /// Revealed values of a sealed field in order of commitment.
        case forSealed(
            author: LocalID, value: LocalID, roundIndex: Int, sealedIndex: Int, key: Expression, body: [Statement])
        /// `for (part, x, …) in zip(split token by weights else vault, xs, …)`: the token is split and its parts handed
        /// over one by one; lengths must agree (LengthMismatch). With no positive weight the whole goes to the vault
        /// and parts are empty.
        case forTokens(
            part: LocalID, token: Expression, weights: Expression, remainder: VaultPlace,
            lists: [(local: LocalID, list: Expression)], body: [Statement])
        case match(Expression, cases: [MatchCase], otherwise: [Statement]?)
        case result(Expression?)
        case fail(ErrorReference, [Expression])
        /// Index into the contract's events.
        case emit(Int, [Expression])
        case breakLoop
        case continueLoop
        /// Adds to a `var` list.
        case append(Place, Expression)
        case mapRemove(FieldIndex, keys: [Expression])
        case vaultPut(VaultPlace, Expression)
        case tokenJoin(LocalID, Expression)
        case tokenClose(Expression)
        case burn(Expression)
        case send(Expression, to: Expression)
        /// Stores the commitment of `keys.last` (author); AlreadyCommitted, CapacityExceeded.
        case sealCommit(roundIndex: Int, sealedIndex: Int, keys: [Expression], commitment: Expression)
        /// Checks and stores the value of `keys.last`; NotCommitted, AlreadyRevealed, CommitmentMismatch.
        case sealReveal(roundIndex: Int, sealedIndex: Int, keys: [Expression], value: Expression, salt: Expression)
        /// Opens the instance of the key in its first phase at the current height, with the lengths of the phases whose
        /// duration is a field, in order; fails RoundExists.
        case openRound(roundIndex: Int, key: Expression, durations: [Expression])
        /// Moves the instance from the phase, in which it must be by time (else WrongPhase) and which has a condition,
        /// to the phase's successor, entered at the current height.
        case leavePhase(roundIndex: Int, key: Expression, phase: Int)
        /// Fails WrongPhase unless `phase` is among these, and is one that the instance of the key can be in: the one
        /// in which it is by time, or one to which conditions alone lead from there.
        case phaseGuard(roundIndex: Int, key: Expression, phase: Expression, allowed: [Int])
        /// `call` is an `interfaceCall`, or a `call` that neither takes nor gives a token.
        case attempt(result: LocalID?, call: Expression, gas: Expression, then: [Statement], failed: [Statement])
        // Tests and the REPL only.
        case advance(Expression)
        case expect(Expression)
        /// Nil: any failure. The payload, where given, must be equal.
        case expectFailure(ErrorReference?, [Expression], body: [Statement])
        /// `grant(address, amount)` of the native coin.
        case grant(Expression, Expression)
        /// Ends the case as one that says nothing.
        case assume(Expression)
        /// The gas of the calls inside is what a bench reports.
        case measure([Statement])
        /// What a search makes as great as it can: a number.
        case maximise(Expression)
    }
    public var kind: Kind
    public var span: Span
    public init(_ kind: Kind, _ span: Span) {
        self.kind = kind
        self.span = span
    }
}

public struct MatchCase: Sendable {
    /// Index of the case; for options 0 is none, 1 is some.
    public var index: Int
    public var bindings: [LocalID]
    public var body: [Statement]
    public init(index: Int, bindings: [LocalID], body: [Statement]) {
        self.index = index
        self.bindings = bindings
        self.body = body
    }
}

/// Something that can be assigned to.
public struct Place: Sendable {
    public enum Base: Sendable {
        case local(LocalID)
        /// An entry of state, all keys given.
        case state(FieldIndex, keys: [Expression])
    }
    public enum Step: Sendable {
        case field(Int)
        case index(Expression)
    }
    public var base: Base
    public var steps: [Step]
    public init(base: Base, steps: [Step]) {
        self.base = base
        self.steps = steps
    }
}

public struct VaultPlace: Sendable {
    public var field: FieldIndex
    public var keys: [Expression]
    public init(field: FieldIndex, keys: [Expression]) {
        self.field = field
        self.keys = keys
    }
}
