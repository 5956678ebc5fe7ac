import Numerics
import Season
import Testing

@Suite struct SeasonReportTests {
    static func tokens(_ count: Int) -> BigInt { BigInt(count) * 1_000_000_000_000_000_000 }

    static func sample(remaining: BigInt) -> SeasonReport {
        let nodes: [SeasonReport.NodeRow] = [
            .init(
                name: "uriah", address: "ag1u", architecture: "64-10", accuracy: 958_333_333_333_333_333, rank: 0,
                stake: tokens(3_000), reward: .zero),
            .init(
                name: "ada", address: "ag1a", architecture: "64-48-10", accuracy: tokens(1), rank: 1,
                stake: tokens(1_234_567), reward: tokens(6) + 999_999_999_999),
        ]
        let validators: [SeasonReport.ValidatorRow] = [
            .init(
                name: "vera", address: "ag1v", distance: 12_345_678_901_234_567, stake: tokens(3_000),
                reward: tokens(4), forfeited: .zero),
            .init(
                name: "silas", address: "ag1s", distance: nil, stake: tokens(3_000), reward: .zero,
                forfeited: tokens(500)),
        ]
        return SeasonReport(
            rule: "GeometricRanking", contracts: [(role: "arena", address: "ag1arena")], task: 1, nodes: nodes,
            validators: validators,
            delegators: [.init(name: "alma", address: "ag1d", behind: "ada", stake: tokens(5), claimed: 1)],
            usedFallback: false, potIn: tokens(12), upkeep: tokens(1), paidOut: tokens(12) - 3,
            remaining: remaining, transactionCount: 7, queryCount: 30, blockHeight: 99, stateRoot: "00ff",
            gasUsed: 12_345_678,
            settlementGas: 1_234, seconds: 1.25)
    }

    @Test func tables() {
        let expected = """
            One task of the arena: 2 nodes seal a model each and reveal it; each is drawn for some of the 2 validators,
            who measure it on data of their own and seal what they find. The stake-weighted mean of their scores is its
            accuracy, by which the rule pays nodes; validators are paid by how near they came to the mean (distance), \
            and
            lose a bond for scores they hide. 1 delegators share in what those earn behind whom they stand. \
            Amounts are tokens.

            node   model     accuracy  rank      stake    reward    share
            -----  --------  --------  ----  ---------  --------  -------
            ada    64-48-10  100.00 %     1  1,234,567  6.000000  50.00 %
            uriah  64-10            -  copy      3,000  0.000000   0.00 %

            validator  distance  stake    reward    share  forfeited
            ---------  --------  -----  --------  -------  ---------
            vera         0.0123  3,000  4.000000  33.33 %          0
            silas             -  3,000  0.000000   0.00 %        500

            delegator  behind  stake   claimed
            ---------  ------  -----  --------
            alma       ada         5  0.000000

            rule         GeometricRanking
            arena        ag1arena
            inspect      the arena's views submissionsOf, outcomeOf, assignmentOf, settlementOf, stageOf, task 1
            conservation pot in 12.000000000000000000 = paid out 11.999999999999999997 + remaining \
            0.000000000000000003, exactly
            upkeep       1.000000000000000000 of it to whoever pushed the settlement, by the element
            gas          12,345,678 in 7 transactions, of which 1,234 for the settlement
            time         1.25 s, 30 queries, height 99, state root 00ff
            """
        #expect(Self.sample(remaining: 3).text == expected)
    }

    @Test func aMissingUnitShows() {
        let report = Self.sample(remaining: 2)
        #expect(!report.isConserved)
        #expect(report.text.contains("NOT CONSERVED"))
    }

    @Test func json() throws {
        let text = try Self.sample(remaining: 3).json()
        #expect(text.contains(#""potIn" : "12000000000000000000""#))
        #expect(text.contains(#""isConserved" : true"#))
        #expect(text.contains(#""accuracy" : "958333333333333333""#))
    }
}
