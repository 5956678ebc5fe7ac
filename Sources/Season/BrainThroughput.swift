import Harness

/// The throughput experiment of the BRAIN publication, by its stated rule: how many tasks a second of contract
/// execution are served when every node runs the model inside the transaction, and when a committee runs it outside.
///
/// Transactions come in blocks; among them, in random order, the requests. A request enters a queue by its bid; when
/// the head is older than the block it is pinned, and with each transaction every node draws once for it: who draws
/// below d commits, once per request; the quorum ends the request and a block. A head that is too old is dropped. Let
/// N transactions pass until all requests have ended, a be two for each commitment, L the time of a transaction and
/// Σt the time of all models: without inference 1 / L, naively N / ((N − requests) · L + Σt), with BRAIN N / ((N + a)
/// · L). Model time counts for nothing on BRAIN's side, and a request that is dropped only makes it faster, so the
/// number dropped belongs beside the figure.
public struct BrainThroughput: Sendable {
    /// The published defaults.
    public var transactionsPerBlock = 155
    /// Inference requests for each normal transaction.
    public var requestFrequency = 0.0577
    public var nodeCount = 21
    /// Of 257: the publication draws from 0 … 256.
    public var difficulty = 128
    public var commitQuorum = 11
    /// In blocks.
    public var requestTimeout = 20
    public var requestCount = 819
    /// The time of the 819 models together, in seconds.
    public var modelSeconds = 15_056.17
    /// The time of one transaction, in seconds.
    public var transactionSeconds = 0.001
    public var repeats = 100
    public var seed: UInt64 = 42

    public init() {}

    /// Means over the repeats.
    public struct Outcome: Sendable {
        public let timedOut: Double
        public let transactions: Double
        public let withoutInference: Double
        public let naive: Double
        public let brain: Double
        public var ratio: Double { brain / naive }
    }

    public func run() -> Outcome {
        var (timedOut, transactions, naive, brain) = (0.0, 0.0, 0.0, 0.0)
        for index in 0..<repeats {
            var round = Round(self, SplitMix64(seed: seed &+ UInt64(index)))
            round.run()
            let count = Double(round.transactionCount)
            timedOut += Double(round.timedOutCount)
            transactions += count
            naive += count / ((count - Double(requestCount)) * transactionSeconds + modelSeconds)
            brain += count / ((count + Double(round.commitCount * 2)) * transactionSeconds)
        }
        let rounds = Double(repeats)
        return Outcome(
            timedOut: timedOut / rounds, transactions: transactions / rounds, withoutInference: 1 / transactionSeconds,
            naive: naive / rounds, brain: brain / rounds)
    }

    /// The lines that the command prints: ours beside what the authors' own program gives.
    public static func table(of outcome: Outcome) -> String {
        func text(_ value: Double, _ places: Int) -> String {
            var scale = 1
            for _ in 0..<places { scale *= 10 }
            let scaled = Int((value * Double(scale)).rounded())
            let fraction = String(scaled % scale)
            return "\(scaled / scale)." + String(repeating: "0", count: places - fraction.count) + fraction
        }
        return Table.lines(
            ["figure", "here", "published program"],
            [
                ["tasks a second, no inference", text(outcome.withoutInference, 1), "1000.0"],
                ["tasks a second, naive", text(outcome.naive, 4), "1.0078"],
                ["tasks a second, BRAIN", text(outcome.brain, 2), "457.98"],
                ["BRAIN / naive", text(outcome.ratio, 1), "454.4"],
                ["requests dropped, of 819", text(outcome.timedOut, 1), "2.1"],
            ], textColumns: 1
        ).joined(separator: "\n")
    }

    /// One run over a random order of transactions.
    private struct Round {
        private struct Request {
            let bid: UInt64
            let block: Int
            /// Who has committed, a bit for each node.
            var committed: UInt64 = 0
        }

        let rule: BrainThroughput
        var random: SplitMix64
        private var queue: [Request] = []
        private var pinned: Request?
        private var block = 0
        private(set) var timedOutCount = 0
        private(set) var servedCount = 0
        private(set) var commitCount = 0
        private(set) var transactionCount = 0

        init(_ rule: BrainThroughput, _ random: SplitMix64) {
            self.rule = rule
            self.random = random
        }

        mutating func run() {
            var requestsLeft = rule.requestCount
            var normalLeft = Int(Double(rule.requestCount) / rule.requestFrequency)
            var position = 0
            while servedCount + timedOutCount < rule.requestCount {
                if position % rule.transactionsPerBlock == 0 { block += 1 }
                position += 1
                // A random order, drawn as it goes; afterwards there are only normal transactions.
                let left = requestsLeft + normalLeft
                if left > 0 {
                    if below(left) < requestsLeft {
                        requestsLeft -= 1
                        queue.append(Request(bid: random.next(), block: block))
                    } else {
                        normalLeft -= 1
                    }
                }
                for node in 0..<rule.nodeCount { draw(node) }
            }
            let size = rule.transactionsPerBlock
            transactionCount = (position - 1 + size - 1) / size * size
        }

        private mutating func below(_ bound: Int) -> Int { Int(random.next() % UInt64(bound)) }

        private mutating func draw(_ node: Int) {
            if pinned == nil, let head = queue.indices.min(by: { queue[$0].bid < queue[$1].bid }),
                queue[head].block < block
            {
                pinned = queue.remove(at: head)
            }
            guard var request = pinned else { return }
            if block - request.block >= rule.requestTimeout {
                pinned = nil
                timedOutCount += 1
                return
            }
            guard below(257) < rule.difficulty, request.committed >> UInt64(node) & 1 == 0 else { return }
            request.committed |= 1 << UInt64(node)
            commitCount += 1
            if request.committed.nonzeroBitCount >= rule.commitQuorum {
                pinned = nil
                servedCount += 1
                block += 1
            } else {
                pinned = request
            }
        }
    }
}
