/// What somebody who wants to be drawn does about the seed of a beacon.
public struct DrawStrategy: Sendable {
    public let name: String
    /// Contributions of its own that it may withhold when all others are revealed. Reveals of others that a producer
    /// leaves out count alike.
    let withheldCount: Int
    /// Blocks among which it may choose the one that enters the beacon's phase.
    let heightCount: Int
    /// Does it know the randomness of blocks to come, as the producer does?
    let knowsRandomness: Bool
    /// Does it know the seed before the fields are frozen, so that it may take the places that will be drawn?
    var choosesPlaces = false

    /// Seeds among which it chooses, knowing them.
    public var choices: Int { knowsRandomness ? heightCount << withheldCount : 1 }

    /// Nobody but the adversary and, save in the last, one honest contributor mixes in a value.
    public static let all: [DrawStrategy] = [
        DrawStrategy(name: "honest", withheldCount: 0, heightCount: 1, knowsRandomness: false),
        DrawStrategy(name: "withholds of 4", withheldCount: 4, heightCount: 1, knowsRandomness: false),
        DrawStrategy(name: "producer, withholds of 1", withheldCount: 1, heightCount: 1, knowsRandomness: true),
        DrawStrategy(name: "producer, withholds of 2", withheldCount: 2, heightCount: 1, knowsRandomness: true),
        DrawStrategy(name: "producer, withholds of 4", withheldCount: 4, heightCount: 1, knowsRandomness: true),
        DrawStrategy(name: "producer, 10 heights", withheldCount: 0, heightCount: 10, knowsRandomness: true),
        DrawStrategy(name: "producer, 10 heights, of 2", withheldCount: 2, heightCount: 10, knowsRandomness: true),
        DrawStrategy(
            name: "producer, alone", withheldCount: 0, heightCount: 1, knowsRandomness: true, choosesPlaces: true),
    ]
}

/// How a strategy fared when this many members were the adversary's.
public struct DrawAdvantage: Sendable {
    public static let population = 1_000
    public static let committeeSize = 15
    public static let majority = 8

    public let strategy: DrawStrategy
    /// Members that are the adversary's, of the population.
    public let members: Int
    public let draws: Int
    /// Draws of one member that fell on the adversary, chosen for that.
    public var wins = 0
    /// Its seats in committees, chosen for the most seats.
    public var seats = 0
    /// Committees in which it has a majority.
    public var majorities = 0

    public var share: Double { Double(members) / Double(Self.population) }
    public var winRate: Double { Double(wins) / Double(draws) }
    public var seatRate: Double { Double(seats) / Double(draws * Self.committeeSize) }
    public var majorityRate: Double { Double(majorities) / Double(draws) }

    /// The part of the draws of one member that it should win: 1 − (1 − share)^choices.
    public var expectedWinRate: Double { strategy.choosesPlaces ? 1 : best(of: share) }

    /// The part of the committees in which it should have a majority: the same of the hypergeometric distribution's
    /// tail. Needs more members than a majority where it chooses places.
    public var expectedMajorityRate: Double { strategy.choosesPlaces ? 1 : best(of: majorityChance) }

    private func best(of chance: Double) -> Double {
        1 - (0..<strategy.choices).reduce(1.0) { product, _ in product * (1 - chance) }
    }

    /// The chance that `majority` or more of `committeeSize` drawn without replacement are the adversary's.
    private var majorityChance: Double {
        func binomial(_ n: Int, _ k: Int) -> Double {
            k > n ? 0 : (0..<k).reduce(1.0) { $0 * Double(n - $1) / Double($1 + 1) }
        }
        return (Self.majority...Self.committeeSize).reduce(0.0) { sum, own in
            sum + binomial(members, own) * binomial(Self.population - members, Self.committeeSize - own)
                / binomial(Self.population, Self.committeeSize)
        }
    }

    /// How far the wins and the majorities are from what they should be, in standard deviations; the larger of both.
    /// Infinitely many where nothing is left to chance; none where chance is too rare for a normal distribution.
    public var deviation: Double {
        func deviation(_ rate: Double, _ expected: Double) -> Double {
            let variance = expected * (1 - expected) * Double(draws)
            let difference = (rate - expected).magnitude * Double(draws)
            if variance == 0 { return difference == 0 ? 0 : .infinity }
            return variance < 10 ? 0 : difference / variance.squareRoot()
        }
        return max(deviation(winRate, expectedWinRate), deviation(majorityRate, expectedMajorityRate))
    }
}
