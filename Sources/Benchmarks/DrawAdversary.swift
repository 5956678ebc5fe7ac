import Bytecode
import Crypto
import Machine
import Verifier

/// Plays draws against adversaries. What is drawn is drawn by the machine; the randomness of blocks and the
/// contributions are hashes of the seed, and the seed of a draw is a hash of them, as a beacon's is.
public struct DrawAdversary {
    private final class Chain: StateReader {
        let module: VerifiedModule
        init(_ module: VerifiedModule) { self.module = module }
        func read(_ key: Bytes32) -> [UInt8]? { nil }
        func module(at address: Bytes32) -> VerifiedModule? { module }
        func randomness(at height: UInt64) -> Bytes32? { nil }
    }

    /// Most draws of a run.
    public static let drawLimit = 100_000_000

    private let machine: Machine
    private let chain: Chain
    private let seed: UInt64

    public init(seed: UInt64) throws(BenchmarkError) {
        guard let machine = Machine() else {
            throw BenchmarkError(code: .failed, message: "there is not enough memory for a machine")
        }
        let source = Workload.ContractSource(file: "draws.agon", name: "Draws")
        switch verify(try BenchmarkBed.module(source)) {
        case .success(let module): chain = Chain(module)
        case .failure(let error): throw BenchmarkError(code: .source, message: "\(error)")
        }
        self.machine = machine
        self.seed = seed
    }

    /// Every strategy plays an equal part of the draws, each draw for all these numbers of members. Fails with
    /// `benchmark.name` when there are too few or too many draws.
    public func run(draws: Int, members: [Int] = [10, 100, 330]) throws(BenchmarkError) -> [DrawAdvantage] {
        let strategies = DrawStrategy.all
        guard (strategies.count...Self.drawLimit).contains(draws) else {
            throw BenchmarkError(
                code: .unknownName, message: "draws are from \(strategies.count) to \(Self.drawLimit)")
        }
        let count = draws / strategies.count
        var found: [DrawAdvantage] = []
        for strategy in strategies {
            var results = members.map { DrawAdvantage(strategy: strategy, members: $0, draws: count) }
            for draw in 0..<count { try play(strategy, draw, &results) }
            found += results
        }
        return found
    }

    private func play(
        _ strategy: DrawStrategy, _ draw: Int, _ results: inout [DrawAdvantage]
    ) throws(BenchmarkError) {
        // What it can work out: with a guess in place of a randomness that it does not know.
        var committees: [[Int]] = []
        for height in 0..<strategy.heightCount {
            let randomness = strategy.knowsRandomness ? number(draw, "block", height) : .zero
            for withheld in 0..<(1 << strategy.withheldCount) {
                committees.append(try committee(strategy, draw, randomness, withheld))
            }
        }
        for index in results.indices {
            // Members are numbered, the adversary's first.
            var own = Set(0..<results[index].members)
            if strategy.choosesPlaces { own = Set(committees[0].prefix(own.count)) }
            func seats(_ committee: [Int]) -> Int { committee.count { own.contains($0) } }
            let lottery = committees.firstIndex { own.contains($0[0]) } ?? 0
            var most = 0
            for (choice, committee) in committees.enumerated() where seats(committee) > seats(committees[most]) {
                most = choice
            }
            var (winner, chosen) = (committees[lottery], committees[most])
            if !strategy.knowsRandomness {
                // The block's randomness comes when it has chosen.
                let randomness = number(draw, "block", 0)
                winner = try committee(strategy, draw, randomness, lottery)
                chosen = try committee(strategy, draw, randomness, most)
            }
            if own.contains(winner[0]) { results[index].wins += 1 }
            results[index].seats += seats(chosen)
            if seats(chosen) >= DrawAdvantage.majority { results[index].majorities += 1 }
        }
    }

    /// Who is drawn when these of the adversary's contributions, a bit for each, are withheld.
    private func committee(
        _ strategy: DrawStrategy, _ draw: Int, _ randomness: Bytes32, _ withheld: Int
    ) throws(BenchmarkError) -> [Int] {
        var message = randomness.bytes
        if !strategy.choosesPlaces { message += number(draw, "honest", 0).bytes }
        for own in 0..<strategy.withheldCount where withheld >> own & 1 == 0 {
            message += number(draw, "own", own).bytes
        }
        let result = machine.execute(
            CallRequest(
                contract: Bytes32(filledWith: 2), entry: "committee", arguments: Blake2b.hash(message).bytes,
                caller: .zero, gasLimit: 1_000_000),
            in: BlockContext(chainID: .zero, height: 1, blockIntervalMilliseconds: 1_000), state: chain)
        guard case .success(let bytes) = result.outcome, let indices = Self.indices(bytes) else {
            throw BenchmarkError(code: .failed, message: "the draw failed: \(result.outcome)")
        }
        return indices
    }

    /// A committee in canonical encoding: small integers, each after a byte of twice its length.
    private static func indices(_ bytes: [UInt8]) -> [Int]? {
        var indices: [Int] = []
        var position = 1
        while position < bytes.count {
            let end = position + 1 + Int(bytes[position] / 2)
            guard end <= bytes.count else { return nil }
            indices.append(bytes[(position + 1)..<end].reduce(0) { $0 << 8 | Int($1) })
            position = end
        }
        return indices.count == DrawAdvantage.committeeSize ? indices : nil
    }

    private func number(_ draw: Int, _ what: String, _ index: Int) -> Bytes32 {
        Blake2b.stream { [seed] stream in
            stream.update(Array(what.utf8))
            stream.update(seed)
            stream.update(UInt64(draw))
            stream.update(UInt64(index))
        }
    }
}
