/// Failures the language itself can raise. Raw values are operands of `failBuiltin` and part of the ABI.
public enum BuiltinFailure: UInt8, CaseIterable, Hashable, Sendable {
    case overflow, divisionByZero, indexOutOfRange, capacityExceeded, loopBound, lengthMismatch, requirementFailed
    case notAuthorized, insufficientAmount, tokenNotEmpty, vaultNotEmpty, negativeWeight, roundExists, noSuchRound
    case wrongPhase, alreadyCommitted, notCommitted, alreadyRevealed, commitmentMismatch, reentrancy, callDepth
    case insufficientGas, interfaceMismatch, noSuchContract, assetMismatch, shapeMismatch, outOfGas, outOfMemory
    case integerTooWide, invalidArgument, assetNotBound
    /// There is no action, view or initialiser of the name, or an action where only a view may run.
    case noSuchEntry
    /// A shared object was about to be changed in place: a defect of the compiler.
    case sharedObject
    /// A stored entry does not decode as its slot's type: a damaged store.
    case damagedState
    /// Tokens appeared or vanished: a defect of the machine, meant to be unreachable.
    case conservationViolated
    /// Balances, vaults and supplies have not changed by what was minted and burned: a defect of the machine, found by
    /// its second lock.
    case booksUnbalanced
    /// A block's randomness was asked for in that block or before, or the chain has none.
    case seedNotReady
    /// A function of mathematics has no value there, such as the logarithm of zero.
    case outOfDomain

    /// The name as contracts and receipts spell it: `Overflow`.
    public var name: String {
        let text = String(describing: self)
        return text.prefix(1).uppercased() + text.dropFirst()
    }

    public init?(name: String) {
        guard let match = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = match
    }
}
