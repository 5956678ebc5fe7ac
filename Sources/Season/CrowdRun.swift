import Bytecode
import Crypto
import Numerics

/// One season at scale under way.
struct CrowdRun {
    let season: CrowdSeason
    let chain: SeasonChain
    let treasury = Participant(name: SeasonRun.treasuryName)
    private var stage = 0
    private static let stages = 10

    var crowd: Crowd { season.crowd }
    private var tasks: ClosedRange<Int> { 1...season.size.tasks }

    /// The contracts, and the asset that all is paid in.
    struct Stage {
        let token: DeployedContract
        let arena: DeployedContract
        let asset: AssetID
    }

    init(_ season: CrowdSeason, _ chain: SeasonChain) {
        self.season = season
        self.chain = chain
    }

    private mutating func step(_ name: String) {
        stage += 1
        season.progress(SeasonProgress(stage: name, completed: min(stage, Self.stages), total: Self.stages))
    }

    mutating func perform() throws -> CrowdReport {
        step("contracts are deployed, tokens are issued")
        let stage = try deploy()
        let issued = try issue(stage)
        step("everybody stakes and delegates")
        try stake(stage)
        step("tasks are created and entered")
        try enter(stage)
        step("models are sealed and revealed")
        try submitModels(stage)
        step("submissions are drawn for the validators")
        try assign(stage)
        step("scores are sealed and revealed")
        try score(stage)
        step("tasks are settled in batches")
        try settle(stage)
        step("everybody collects")
        try collect(stage)
        step("operators leave")
        try leave(stage)
        step("the books are checked")
        return try report(stage, issued: issued)
    }

    // MARK: Helpers

    private static func key(_ task: Int) -> ABIValue { .integer(task) }

    /// Queues a call for each element; blocks are made as often as the queue is half full.
    private func forEach<Element>(_ elements: some Sequence<Element>, _ call: (Element) throws -> Void) throws {
        var waiting = 0
        for element in elements {
            try call(element)
            waiting += 1
            if waiting == 4_000 {
                try chain.commit()
                waiting = 0
            }
        }
        try chain.commit()
    }

    private func set(_ name: String, _ value: BigInt, _ stage: Stage) throws {
        try chain.call(stage.arena, "setParameter", [.text(name), .integer(value)], by: treasury)
    }

    // MARK: Parts of a season

    private func deploy() throws -> Stage {
        let token = try chain.deploy(season.token, [], by: treasury)
        let asset = try chain.query(token, "id").asBytes32()
        // Pool: least and most share, cooldowns. Slashing: ceiling, window, delay.
        let pool = ABIValue.structure([.integer(0), .integer(TokenAmount.unit), .integer(0), .integer(1)])
        let slashing = ABIValue.structure([.integer(TokenAmount.units(1)), .integer(1_000), .integer(1)])
        let arguments: [ABIValue] = [.bytes32(asset), .bytes32(asset), .bytes32(treasury.address), pool, slashing]
        return Stage(token: token, arena: try chain.deploy(season.arena, arguments, by: treasury), asset: asset)
    }

    /// Issues what everybody needs, and returns how much that is.
    private func issue(_ stage: Stage) throws -> BigInt {
        let bond = TokenAmount.units(300)
        let reserve = TokenAmount.units(100_000)
        var grants = [(treasury, reserve + TokenAmount.units(CrowdSeason.bounty * season.size.tasks))]
        grants += crowd.nodes.map { ($0.participant, $0.stake) }
        grants += crowd.validators.map { ($0.participant, $0.stake + bond) }
        grants += crowd.delegators.map { ($0.participant, $0.amount) }
        try forEach(grants) { grant in
            try chain.call(stage.token, "issue", [.bytes32(grant.0.address), .integer(grant.1)], by: treasury)
        }
        try chain.call(stage.arena, "fund", [.integer(reserve)], by: treasury)
        try chain.call(stage.arena, "admitCreator", [.bytes32(treasury.address)], by: treasury)
        try set("gamma", 250_000_000_000_000_000, stage)
        try set("emissionInterval", TokenAmount.unit, stage)
        // A crowd may be small.
        try set("leastNodes", BigInt(min(2, season.size.nodes / season.size.tasks)) * TokenAmount.unit, stage)
        try set("leastValidators", BigInt(min(3, season.size.validators / season.size.tasks)) * TokenAmount.unit, stage)
        try chain.commit()
        return grants.map(\.1).reduce(.zero, +)
    }

    private func stake(_ stage: Stage) throws {
        let operators =
            crowd.nodes.map { ($0.participant, $0.stake) } + crowd.validators.map { ($0.participant, $0.stake) }
        try forEach(operators) { participant, amount in
            try chain.call(stage.arena, "stake", [.integer(amount)], by: participant)
            let share = BigInt(Crowd.pseudoRandom(participant.name, 2, below: 1_000)) * 1_000_000_000_000_000
            try chain.call(stage.arena, "setShare", [.integer(share)], by: participant)
        }
        let addresses = operators.map(\.0.address)
        try forEach(crowd.delegators) { delegator in
            try chain.call(
                stage.arena, "delegate", [.bytes32(addresses[delegator.behind]), .integer(delegator.amount)],
                by: delegator.participant)
        }
    }

    private func enter(_ stage: Stage) throws {
        // The phases wait for the crowd: as many blocks as it may take to serve it. Phases that end when all is done
        // come first.
        let times = ABIValue.structure((0..<7).map { _ in .integer(40) })
        try forEach(tasks) { task in
            try chain.call(
                stage.arena, "createTask",
                [
                    Self.key(task), .text("task \(task)"), .option(nil), times, .integer(0),
                    .tokens(CrowdSeason.bounty),
                ], by: treasury)
        }
        try forEach(crowd.nodes) { node in
            try chain.call(stage.arena, "enterAsNode", [Self.key(node.task)], by: node.participant)
        }
        try forEach(crowd.validators) { validator in
            try chain.call(
                stage.arena, "enterAsValidator", [Self.key(validator.task), .tokens(300)], by: validator.participant)
        }
        for _ in 0..<CrowdSeason.emissions {
            try chain.call(stage.arena, "emitRewards", [], by: treasury)
            try chain.commit()
        }
    }

    /// Makes empty blocks until all tasks have come so far.
    private func waitFor(_ due: SeasonTask.Stage, _ stage: Stage) throws {
        for _ in 0..<1_000 {
            if try tasks.allSatisfy({ try self.due($0, stage) >= due.rawValue }) { return }
            try chain.advance(by: 1)
        }
        throw SeasonError(.refused, "the tasks never come to \(due)")
    }

    private func due(_ task: Int, _ stage: Stage) throws -> Int {
        guard case .enumeration(let index, _) = try chain.query(stage.arena, "stageOf", [Self.key(task)]) else {
            throw SeasonError(.invalidContract, "the arena gave something other than a stage")
        }
        return index
    }

    private func submitModels(_ stage: Stage) throws {
        try forEach(crowd.nodes) { node in
            let commitment = try stage.arena.commitment(
                sealed: "Task.models", key: Self.key(node.task), author: node.participant.address,
                value: .bytes32(node.fingerprint), salt: node.participant.salt(for: "model"), chainID: chain.chainID)
            try chain.call(
                stage.arena, "commit_models", [Self.key(node.task), .bytes32(commitment)], by: node.participant)
        }
        try waitFor(.unveiling, stage)
        try forEach(crowd.nodes) { node in
            try chain.call(
                stage.arena, "reveal_models",
                [
                    Self.key(node.task), .bytes32(node.participant.address), .bytes32(node.fingerprint),
                    .bytes32(node.participant.salt(for: "model")),
                ], by: node.participant)
        }
    }

    private func assign(_ stage: Stage) throws {
        try waitFor(.listing, stage)
        try chain.advance(by: 1)
        try forEach(tasks) { try chain.call(stage.arena, "list", [Self.key($0)], by: treasury) }
        try push("settle_assign", while: .assigning, stage)
        // The next to act enters the phase of scoring.
        try forEach(tasks) { try chain.call(stage.arena, "bringUpToDate", [Self.key($0)], by: treasury) }
    }

    /// Pushes a settlement of every task until it is done; anybody may, here the treasury does.
    private func push(_ entry: String, while due: SeasonTask.Stage, _ stage: Stage) throws {
        var open = Array(tasks)
        while !open.isEmpty {
            for task in open {
                try chain.call(
                    stage.arena, entry, [Self.key(task), .integer(CrowdSeason.batch)], by: treasury,
                    gasLimit: CrowdSeason.pushGasLimit)
            }
            try chain.commit()
            open = try open.filter { try self.due($0, stage) == due.rawValue }
        }
    }

    private func score(_ stage: Stage) throws {
        var qualities: [Address: Int] = [:]
        for node in crowd.nodes { qualities[node.participant.address] = node.quality }
        var ballots: [ABIValue] = []
        for validator in crowd.validators {
            let authors = try chain.query(
                stage.arena, "assignmentOf", [Self.key(validator.task), .bytes32(validator.participant.address)]
            ).asList().map { try $0.asBytes32() }
            ballots.append(
                .list(
                    authors.enumerated().map { index, author in
                        .integer(validator.score(quality: qualities[author] ?? 0, submission: index))
                    }))
        }
        try forEach(zip(crowd.validators, ballots)) { validator, ballot in
            let commitment = try stage.arena.commitment(
                sealed: "Task.ballots", key: Self.key(validator.task), author: validator.participant.address,
                value: ballot,
                salt: validator.participant.salt(for: "ballot"), chainID: chain.chainID)
            try chain.call(
                stage.arena, "commit_ballots", [Self.key(validator.task), .bytes32(commitment)],
                by: validator.participant)
        }
        try waitFor(.opening, stage)
        try forEach(zip(crowd.validators, ballots).filter { !$0.0.isSilent }) { validator, ballot in
            try chain.call(
                stage.arena, "reveal_ballots",
                [
                    Self.key(validator.task), .bytes32(validator.participant.address), ballot,
                    .bytes32(validator.participant.salt(for: "ballot")),
                ], by: validator.participant)
        }
    }

    private func settle(_ stage: Stage) throws {
        for due in [SeasonTask.Stage.appealing, .tallying] {
            try waitFor(due, stage)
            try forEach(tasks) { try chain.call(stage.arena, "bringUpToDate", [Self.key($0)], by: treasury) }
        }
        try push("settle_tally", while: .tallying, stage)
        for task in tasks {
            try chain.call(stage.arena, "rank", [Self.key(task)], by: treasury, gasLimit: CrowdSeason.pushGasLimit)
        }
        try chain.commit()
        try push("settle_weigh", while: .weighing, stage)
        try push("settle_payNodes", while: .payingNodes, stage)
        try push("settle_payValidators", while: .payingValidators, stage)
        try forEach(tasks) { try chain.call(stage.arena, "conclude", [Self.key($0)], by: treasury) }
    }

    private func collect(_ stage: Stage) throws {
        let addresses = crowd.operators.map(\.address)
        try forEach(crowd.delegators) { delegator in
            try chain.call(stage.arena, "claim", [.bytes32(addresses[delegator.behind])], by: delegator.participant)
        }
        try forEach(crowd.operators) { try chain.call(stage.arena, "withdraw", [], by: $0) }
    }

    /// Operators take their stakes out; what vests stays behind.
    private func leave(_ stage: Stage) throws {
        let stakes = crowd.nodes.map(\.stake) + crowd.validators.map(\.stake)
        try forEach(zip(crowd.operators, stakes)) { participant, stake in
            try chain.call(stage.arena, "askToUnstake", [.integer(stake)], by: participant)
        }
        try chain.advance(by: 1)
        try forEach(crowd.operators) { try chain.call(stage.arena, "unstake", [], by: $0) }
    }

    // MARK: Books

    private func report(_ stage: Stage, issued: BigInt) throws -> CrowdReport {
        var paid = BigInt.zero
        for participant in [treasury] + crowd.operators + crowd.delegators.map(\.participant) {
            paid += try chain.balance(of: participant.address, asset: stage.asset)
        }
        let held = try chain.holding(of: stage.arena, asset: stage.asset)
        var owed = try chain.query(stage.arena, "heldInCommon").asInteger()
        for participant in crowd.operators {
            owed += try chain.query(stage.arena, "heldFor", [.bytes32(participant.address)]).asInteger()
        }
        var rewards = BigInt.zero
        var upkeep = BigInt.zero
        var counts = (scored: 0, aside: 0)
        for task in tasks {
            owed += try chain.query(stage.arena, "heldBy", [Self.key(task)]).asInteger()
            // Settlement: emitted, bounty, forfeited, toNodes, toValidators, returned, usedFallback.
            let settlement = try chain.query(stage.arena, "settlementOf", [Self.key(task)]).asFields(7)
            rewards += try settlement[3].asInteger() + settlement[4].asInteger()
            upkeep += try chain.query(stage.arena, "upkeepOf", [Self.key(task)]).asFields(2)[0].asInteger()
            counts.scored += try chain.query(stage.arena, "submissionsOf", [Self.key(task)]).asList().count
            counts.aside += Int(try chain.query(stage.arena, "setAsideIn", [Self.key(task)]).asInteger().asInt64 ?? 0)
        }
        guard issued == paid + held, held == owed else {
            throw SeasonError(
                .notConserved,
                "issued \(issued), in accounts \(paid), in the arena \(held), of which \(owed) are somebody's")
        }
        return CrowdReport(
            size: season.size, submissions: counts.scored, setAside: counts.aside, issued: issued, inAccounts: paid,
            inArena: held, rewards: rewards, upkeep: upkeep, gasByEntry: chain.gasByEntry,
            transactionCount: chain.transactionCount,
            gasUsed: chain.gasUsed, blockHeight: chain.height, stateRoot: chain.stateRoot.hex, seconds: 0)
    }
}

/// What is due on a task: the arena's enum `Stage`, in its order.
enum SeasonTask {
    enum Stage: Int {
        case submission, unveiling, listing, assigning, scoring, opening, appealing, ruling, tallying, ranking, weighing
        case payingNodes, payingValidators, closed
    }
}

extension CrowdSeason {
    /// Enough for the most that a push may use.
    static let pushGasLimit: UInt64 = 500_000_000
}
