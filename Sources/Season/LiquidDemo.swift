import Bytecode
import Crypto
import Harness
import Ledger
import Node
import Numerics

/// The simulations of Zhang and Grossi (Power in Liquid Democracy, AAAI 2021), with the power of every outcome measured
/// by the standard library's own function on a chain: how delegation, power and accuracy hang together when voters care
/// for power more or less, and when they know each other more or less.
public struct LiquidDemo {
    public struct Size: Sendable {
        public let voters: Int
        public let graphs: Int

        /// - Throws: `invalidManifest` for numbers that the counts of coalitions cannot hold.
        public init(voters: Int, graphs: Int) throws(SeasonError) {
            guard (2...DelegationPower.mostVoters).contains(voters), (1...10_000).contains(graphs) else {
                throw SeasonError(
                    .invalidManifest, "2 to \(DelegationPower.mostVoters) voters and 1 to 10,000 graphs")
            }
            self.voters = voters
            self.graphs = graphs
        }
    }

    /// How much power counts, at a density of 3/4; and how dense the networks are, when it counts in full.
    static let exponents = [0, 0.25, 0.5, 0.75, 1]
    static let density = 0.75
    static let densities = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]

    let size: Size
    let meter: Module
    let seed: UInt64
    let progress: (SeasonProgress) -> Void

    /// - Parameter meter: the contract `PowerMeter`.
    public init(
        size: Size, meter: Module, seed: UInt64, progress: @escaping (SeasonProgress) -> Void = { _ in }
    ) {
        self.size = size
        self.meter = meter
        self.seed = seed
        self.progress = progress
    }

    private static let owner = Participant(name: "liquid owner")

    /// The start of a chain with the one account that deploys the meter.
    public func genesis() throws -> Genesis {
        let balance = Amount("1000000000000000000000000") ?? .max
        return try Genesis(
            parameters: ChainParameters(name: "agon-liquid", producerKey: SeasonRunner.producerKey.publicKey),
            accounts: [Genesis.Account(address: Self.owner.address, balance: balance)])
    }

    /// Plays the games on a chain made from `genesis()`.
    /// - Throws: `SeasonError`; `notConserved` when the contract measures another power than the game reckoned with.
    public func run(on chain: Chain) throws -> LiquidReport {
        let clock = ContinuousClock()
        let started = clock.now
        let chain = SeasonChain(chain)
        let contract = try chain.deploy(meter, [], by: Self.owner)
        var random = SplitMix64(seed: seed)
        // One draw of accuracies, kept: again until one in twenty delegates.
        var accuracies: [Double] = []
        for _ in 0..<1_000 {
            accuracies = LiquidGame.accuracies(size.voters, &random)
            let game = LiquidGame(
                voters: size.voters, accuracies: accuracies,
                neighbours: LiquidGame.network(size.voters, chance: Self.density, &random), powerExponent: 1)
            if game.measures(game.oneShot()).delegators >= 0.05 { break }
        }
        var done = 0
        func play(_ chance: Double, _ exponent: Double) throws -> LiquidReport.Row {
            var sums = (iterated: LiquidMeasures(), oneShot: LiquidMeasures())
            for _ in 0..<size.graphs {
                let game = LiquidGame(
                    voters: size.voters, accuracies: accuracies,
                    neighbours: LiquidGame.network(size.voters, chance: chance, &random), powerExponent: exponent)
                let outcomes = [game.iterated(&random), game.oneShot()]
                for outcome in outcomes { try check(outcome, game, chain, contract) }
                sums.iterated += game.measures(outcomes[0])
                sums.oneShot += game.measures(outcomes[1])
            }
            done += 1
            progress(
                SeasonProgress(
                    stage: "density \(chance), power to the \(exponent)", completed: done,
                    total: Self.exponents.count + Self.densities.count))
            let count = Double(size.graphs)
            return LiquidReport.Row(
                density: chance, exponent: exponent, iterated: sums.iterated / count, oneShot: sums.oneShot / count)
        }
        let byExponent = try Self.exponents.map { try play(Self.density, $0) }
        let byDensity = try Self.densities.map { try play($0, 1) }
        let elapsed = (clock.now - started).components
        return LiquidReport(
            size: size, seed: seed, meanAccuracy: accuracies.reduce(0, +) / Double(size.voters), byExponent: byExponent,
            byDensity: byDensity, measuredCount: chain.queryCount,
            seconds: Double(elapsed.seconds) + Double(elapsed.attoseconds) / 1e18)
    }

    /// The contract must find, for every voter, the number of coalitions that the game found.
    private func check(
        _ outcome: LiquidGame.Outcome, _ game: LiquidGame, _ chain: SeasonChain, _ contract: DeployedContract
    ) throws {
        let answer = try chain.query(
            contract, "powersOf",
            [
                .list(outcome.delegates.map { .integer($0) }), .list(outcome.delegates.map { _ in .integer(1) }),
                .integer(game.quota),
            ]
        ).asFields(2)
        let measured = try answer[0].asList().map { try $0.asInteger() }
        guard measured == game.powers(outcome).map({ BigInt($0) }) else {
            throw SeasonError(.notConserved, "the contract measures other powers for delegations \(outcome.delegates)")
        }
    }
}
