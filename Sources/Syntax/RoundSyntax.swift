import Diagnostics

public struct RoundSyntax: Sendable {
    public var name: Identifier
    public var keyName: Identifier
    public var keyType: TypeSyntax
    public var state: [StateSyntax]
    public var sealed: [SealedSyntax]
    public var beacons: [BeaconSyntax]
    public var settlements: [SettlementSyntax]
    public var phases: [PhaseSyntax]
    public var span: Span
    public init(
        name: Identifier, keyName: Identifier, keyType: TypeSyntax, state: [StateSyntax], sealed: [SealedSyntax],
        beacons: [BeaconSyntax], settlements: [SettlementSyntax], phases: [PhaseSyntax], span: Span
    ) {
        self.name = name
        self.keyName = keyName
        self.keyType = keyType
        self.state = state
        self.sealed = sealed
        self.beacons = beacons
        self.settlements = settlements
        self.phases = phases
        self.span = span
    }
}

public struct SealedSyntax: Sendable {
    public enum Unrevealed: Sendable {
        case keep
        case forfeit(from: ExpressionSyntax, to: ExpressionSyntax)
    }
    public var name: Identifier
    public var type: TypeSyntax
    public var maximum: ExpressionSyntax
    public var role: Identifier?
    public var commitPhase: Identifier
    public var revealPhase: Identifier
    public var unrevealed: Unrevealed
    public init(
        name: Identifier, type: TypeSyntax, maximum: ExpressionSyntax, role: Identifier?, commitPhase: Identifier,
        revealPhase: Identifier, unrevealed: Unrevealed
    ) {
        self.name = name
        self.type = type
        self.maximum = maximum
        self.role = role
        self.commitPhase = commitPhase
        self.revealPhase = revealPhase
        self.unrevealed = unrevealed
    }
}

/// A seed that nobody can know before a phase is entered.
public struct BeaconSyntax: Sendable {
    public var name: Identifier
    /// Fields of the round that stay as they are from when parts of the seed are known.
    public var frozen: [Identifier]
    /// The phase in which there is a seed.
    public var phase: Identifier
    /// The place of its contributions among the round's sealed values.
    public var contributions: Int?
    public init(name: Identifier, frozen: [Identifier], phase: Identifier, contributions: Int?) {
        self.name = name
        self.frozen = frozen
        self.phase = phase
        self.contributions = contributions
    }
}

/// A fold over a map of the round, in batches.
public struct SettlementSyntax: Sendable {
    /// `splits pot by weight of total as share else remainder`
    public struct Splitting: Sendable {
        public var pot: ExpressionSyntax
        public var weight: ExpressionSyntax
        public var total: ExpressionSyntax
        public var share: Identifier
        public var remainder: ExpressionSyntax
        public init(
            pot: ExpressionSyntax, weight: ExpressionSyntax, total: ExpressionSyntax, share: Identifier,
            remainder: ExpressionSyntax
        ) {
            self.pot = pot
            self.weight = weight
            self.total = total
            self.share = share
            self.remainder = remainder
        }
    }
    /// `fee amount from vault`
    public struct Fee: Sendable {
        public var amount: ExpressionSyntax
        public var vault: ExpressionSyntax
        public init(amount: ExpressionSyntax, vault: ExpressionSyntax) {
            self.amount = amount
            self.vault = vault
        }
    }
    public var name: Identifier
    public var map: Identifier
    public var keyName: Identifier
    public var valueName: Identifier
    public var splitting: Splitting?
    public var phase: Identifier
    /// Of each element.
    public var gas: ExpressionSyntax
    /// Elements of one push.
    public var maximum: ExpressionSyntax
    public var fee: Fee?
    public var frozen: [Identifier]
    public var body: BlockSyntax
    public var documentation: String?
    public init(
        name: Identifier, map: Identifier, keyName: Identifier, valueName: Identifier, splitting: Splitting?,
        phase: Identifier, gas: ExpressionSyntax, maximum: ExpressionSyntax, fee: Fee?, frozen: [Identifier],
        body: BlockSyntax, documentation: String?
    ) {
        self.name = name
        self.map = map
        self.keyName = keyName
        self.valueName = valueName
        self.splitting = splitting
        self.phase = phase
        self.gas = gas
        self.maximum = maximum
        self.fee = fee
        self.frozen = frozen
        self.body = body
        self.documentation = documentation
    }
}

public struct PhaseSyntax: Sendable {
    /// `for length unit`.
    public struct Duration: Sendable {
        public enum Unit: String, CaseIterable, Sendable { case blocks, seconds, minutes, hours, days }
        public var length: ExpressionSyntax
        public var unit: Unit
        public init(length: ExpressionSyntax, unit: Unit) {
            self.length = length
            self.unit = unit
        }
    }
    public var name: Identifier
    public var duration: Duration?
    public var condition: ExpressionSyntax?
    public var successor: Identifier?
    public init(
        name: Identifier, duration: Duration?, condition: ExpressionSyntax?, successor: Identifier?
    ) {
        self.name = name
        self.duration = duration
        self.condition = condition
        self.successor = successor
    }
}
