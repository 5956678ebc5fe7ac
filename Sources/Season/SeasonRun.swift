import Bytecode
import Crypto
import Numerics

/// One season under way.
struct SeasonRun {
    static let treasuryName = "arena treasury"

    let runner: SeasonRunner
    let chain: SeasonChain
    let treasury = Participant(name: SeasonRun.treasuryName)
    let people: [String: Participant]
    let taskKey = ABIValue.integer(SeasonRunner.task)

    var data: SeasonData { runner.data }
    var terms: SeasonRunner.Terms { runner.terms }

    private var completed = 0
    private let total: Int

    init(_ runner: SeasonRunner, _ chain: SeasonChain) {
        self.runner = runner
        self.chain = chain
        people = Dictionary(
            runner.data.names.map { ($0, Participant(name: $0)) }, uniquingKeysWith: { first, _ in first })
        total = 9 + runner.data.validators.filter { $0.behaviour == .honest }.count
    }

    func person(_ name: String) -> Participant { people[name] ?? Participant(name: name) }

    mutating func step(_ stage: String) {
        completed += 1
        runner.progress(SeasonProgress(stage: stage, completed: min(completed, total), total: total))
    }

    mutating func perform() throws -> SeasonReport {
        step("contracts are deployed")
        let stage = try deployContracts()
        step("stakes and delegations are put up")
        try stake(stage)
        step("models are sealed")
        try sealModels(stage)
        step("models are revealed")
        try revealModels(stage)
        step("models are drawn for the validators")
        try assign(stage)
        let ballots = try measure(stage)
        step("scores are sealed")
        try sealBallots(ballots, stage)
        step("scores are revealed")
        try revealBallots(ballots, stage)
        step("the task is settled")
        let (settlementGas, settlementFees) = try settle(stage)
        let before = try balances(stage)
        let settled = try settledFigures(stage)
        try payOut(stage)
        step("everyone is paid")
        return try report(
            stage, balancesBefore: before, settled: settled, settlementGas: settlementGas,
            settlementFees: settlementFees)
    }

    /// The contracts of the season, and the asset they pay in.
    struct Stage {
        let token: DeployedContract
        let arena: DeployedContract
        let scoring: DeployedContract
        let rule: DeployedContract
        let asset: AssetID
    }

    private func deployContracts() throws -> Stage {
        let contracts = runner.contracts
        let token = try chain.deploy(contracts.token, [], by: treasury)
        let asset = try chain.query(token, "id").asBytes32()
        // Pool: least and most share, cooldowns. Slashing: ceiling, window, delay.
        let pool = ABIValue.structure([.integer(0), .integer(TokenAmount.unit), .integer(0), .integer(1)])
        let slashing = ABIValue.structure([.integer(TokenAmount.unit), .integer(1_000), .integer(1)])
        let arguments: [ABIValue] = [.bytes32(asset), .bytes32(asset), .bytes32(treasury.address), pool, slashing]
        return Stage(
            token: token, arena: try chain.deploy(contracts.arena, arguments, by: treasury),
            scoring: try chain.deploy(contracts.scoring, [], by: treasury),
            rule: try chain.deploy(contracts.rule, [], by: treasury), asset: asset)
    }

    private func stake(_ stage: Stage) throws {
        func issue(_ name: String, _ tokens: Int) throws {
            try chain.call(stage.token, "issue", [.bytes32(person(name).address), .tokens(tokens)], by: treasury)
        }
        try chain.call(stage.token, "issue", [.bytes32(treasury.address), .tokens(terms.pot)], by: treasury)
        for node in data.nodes { try issue(node.name, node.stake) }
        for validator in data.validators { try issue(validator.name, validator.stake + terms.bond) }
        for delegator in data.delegators { try issue(delegator.name, delegator.amount) }
        try chain.commit()

        let operators = data.nodes.map { ($0.name, $0.stake) } + data.validators.map { ($0.name, $0.stake) }
        for (name, tokens) in operators {
            try chain.call(stage.arena, "stake", [.tokens(tokens)], by: person(name))
            try chain.call(stage.arena, "setShare", [.integer(terms.operatorShare)], by: person(name))
        }
        for delegator in data.delegators {
            let arguments: [ABIValue] = [.bytes32(person(delegator.behind).address), .tokens(delegator.amount)]
            try chain.call(stage.arena, "delegate", arguments, by: person(delegator.name))
        }
        try setParameters(stage)
        let times = ABIValue.structure((0..<7).map { _ in .integer(terms.phaseBlocks) })
        try chain.call(
            stage.arena, "createTask",
            [
                taskKey, .text("digits"), .option(.bytes32(stage.rule.address)), times, .integer(0), .tokens(terms.pot),
            ], by: treasury)
        try chain.commit()

        for node in data.nodes { try chain.call(stage.arena, "enterAsNode", [taskKey], by: person(node.name)) }
        for validator in data.validators {
            try chain.call(
                stage.arena, "enterAsValidator", [taskKey, .tokens(terms.bond)], by: person(validator.name))
        }
        try chain.commit()
    }

    /// Parameters are fixed-point numbers; amounts count units.
    private func setParameters(_ stage: Stage) throws {
        let one = TokenAmount.unit
        let parameters: [(String, BigInt)] = [
            ("gamma", terms.gamma), ("delegationFactor", terms.delegationFactor), ("strictness", terms.strictness),
            ("nodeStake", TokenAmount.units(terms.minimumStake) * one),
            ("validatorStake", TokenAmount.units(terms.minimumStake) * one),
            ("revealBond", TokenAmount.units(terms.bond) * one), ("reviews", BigInt(terms.reviews) * one),
            ("vestingTime", BigInt(terms.vestingBlocks) * one),
        ]
        for (name, value) in parameters {
            try chain.call(stage.arena, "setParameter", [.text(name), .integer(value)], by: treasury)
        }
        try chain.call(stage.arena, "admitCreator", [.bytes32(treasury.address)], by: treasury)
    }

    private func fingerprint(_ node: SeasonData.Node, _ stage: Stage) throws -> Hash {
        let question = ModelQuestion(node.classifier)
        return try chain.query(stage.scoring, question.fingerprintView, question.weights).asBytes32()
    }

    private func sealModels(_ stage: Stage) throws {
        // Who copies can only come after the model that is copied.
        for copies in [false, true] {
            for node in data.nodes where (node.copyOf != nil) == copies {
                let author = person(node.name)
                let commitment = try stage.arena.commitment(
                    sealed: "Task.models", key: taskKey, author: author.address,
                    value: .bytes32(try fingerprint(node, stage)), salt: author.salt(for: "model"),
                    chainID: chain.chainID)
                try chain.call(stage.arena, "commit_models", [taskKey, .bytes32(commitment)], by: author)
            }
            try chain.commit()
        }
        try chain.advance(by: terms.phaseBlocks)
    }

    private func revealModels(_ stage: Stage) throws {
        for node in data.nodes {
            let author = person(node.name)
            try chain.call(
                stage.arena, "reveal_models",
                [
                    taskKey, .bytes32(author.address), .bytes32(try fingerprint(node, stage)),
                    .bytes32(author.salt(for: "model")),
                ], by: author)
        }
        try chain.commit()
    }

    /// Fixes the seed, from the block after the phase began, and draws the models that each validator scores.
    private func assign(_ stage: Stage) throws {
        try chain.advance(by: terms.phaseBlocks + 1)
        try chain.call(stage.arena, "list", [taskKey], by: treasury)
        try chain.commit()
        try push("settle_assign", data.validators.count, stage)
        try chain.call(stage.arena, "bringUpToDate", [taskKey], by: treasury)
        try chain.commit()
    }

    /// Pushes a settlement over so many elements to its end. Anyone may; here the first delegator does.
    private func push(_ entry: String, _ count: Int, _ stage: Stage) throws {
        let pusher = data.delegators.first.map { person($0.name) } ?? treasury
        for _ in 0..<max(1, (count + 63) / 64) {
            try chain.call(
                stage.arena, entry, [taskKey, .integer(64)], by: pusher, gasLimit: SeasonChain.largeGasLimit)
            try chain.commit()
        }
    }

    /// The nodes whose models a validator is to score, in that order.
    func assigned(to validator: SeasonData.Validator, _ stage: Stage) throws -> [SeasonData.Node] {
        let judge = person(validator.name).address
        return try chain.query(stage.arena, "assignmentOf", [taskKey, .bytes32(judge)]).asList().map { value in
            let address = try value.asBytes32()
            guard let node = data.nodes.first(where: { person($0.name).address == address }) else {
                throw SeasonError(.invalidContract, "the arena names somebody who submitted nothing")
            }
            return node
        }
    }

    /// What each validator will seal: honest ones ask the scoring contract, with the model's weights and their own
    /// shard as arguments; a model that is not the one its node revealed scores nothing.
    private mutating func measure(_ stage: Stage) throws -> [String: ABIValue] {
        var ballots: [String: ABIValue] = [:]
        for validator in data.validators {
            let nodes = try assigned(to: validator, stage)
            guard validator.behaviour == .honest else {
                ballots[validator.name] = .list(nodes.map { _ in .integer(terms.lazyScore) })
                continue
            }
            step("\(validator.name) measures its models")
            var scores: [ABIValue] = []
            for node in nodes {
                let question = ModelQuestion(node.classifier)
                let revealed = try chain.query(
                    stage.arena, "modelOf", [taskKey, .bytes32(person(node.name).address)])
                let isRevealed = try revealed == .option(.bytes32(fingerprint(node, stage)))
                scores.append(
                    isRevealed
                        ? try chain.query(
                            stage.scoring, question.accuracyView, question.arguments(for: validator.shard))
                        : .integer(0))
            }
            ballots[validator.name] = .list(scores)
        }
        return ballots
    }

    private func sealBallots(_ ballots: [String: ABIValue], _ stage: Stage) throws {
        for validator in data.validators {
            guard let ballot = ballots[validator.name] else { continue }
            let judge = person(validator.name)
            let commitment = try stage.arena.commitment(
                sealed: "Task.ballots", key: taskKey, author: judge.address, value: ballot,
                salt: judge.salt(for: "ballot"), chainID: chain.chainID)
            try chain.call(stage.arena, "commit_ballots", [taskKey, .bytes32(commitment)], by: judge)
        }
        try chain.commit()
        try chain.advance(by: terms.phaseBlocks)
    }

    private func revealBallots(_ ballots: [String: ABIValue], _ stage: Stage) throws {
        for validator in data.validators where validator.behaviour != .silent {
            guard let ballot = ballots[validator.name] else { continue }
            let judge = person(validator.name)
            try chain.call(
                stage.arena, "reveal_ballots",
                [taskKey, .bytes32(judge.address), ballot, .bytes32(judge.salt(for: "ballot"))], by: judge)
        }
        try chain.commit()
        try chain.advance(by: terms.phaseBlocks)
        for validator in data.validators where validator.behaviour == .silent {
            try chain.call(
                stage.arena, "expire_ballots", [taskKey, .bytes32(person(validator.name).address)], by: treasury)
        }
        try chain.commit()
    }

    /// Appeals are due first, and there are none; then everything is counted and paid. Returns the gas of that, and the
    /// fees that whoever pushed it was paid.
    private func settle(_ stage: Stage) throws -> (gas: UInt64, fees: BigInt) {
        let before = chain.gasUsed
        try chain.call(stage.arena, "bringUpToDate", [taskKey], by: treasury)
        try chain.commit()
        try chain.advance(by: terms.phaseBlocks)
        try push("settle_tally", data.validators.count, stage)
        try chain.call(stage.arena, "rank", [taskKey], by: treasury, gasLimit: SeasonChain.largeGasLimit)
        try chain.commit()
        try push("settle_weigh", data.validators.count, stage)
        try push("settle_payNodes", data.nodes.count, stage)
        try push("settle_payValidators", data.validators.count, stage)
        // Upkeep: provided, left.
        let upkeep = try chain.query(stage.arena, "upkeepOf", [taskKey]).asFields(2).map { try $0.asInteger() }
        try chain.call(stage.arena, "conclude", [taskKey], by: treasury)
        try chain.commit()
        return (chain.gasUsed - before, upkeep[0] - upkeep[1])
    }

    /// Everybody collects, nodes twice: at once, and when the rest has vested. The fees are the treasury's.
    private func payOut(_ stage: Stage) throws {
        for name in data.nodes.map(\.name) + data.validators.map(\.name) {
            try chain.call(stage.arena, "withdraw", [], by: person(name))
        }
        for delegator in data.delegators {
            try chain.call(
                stage.arena, "claim", [.bytes32(person(delegator.behind).address)], by: person(delegator.name))
        }
        try chain.commit()
        try chain.advance(by: terms.vestingBlocks)
        for node in data.nodes { try chain.call(stage.arena, "withdrawVested", [taskKey], by: person(node.name)) }
        try chain.commit()
        let fees = try chain.query(stage.arena, "fees")
        try chain.call(stage.arena, "spend", [.bytes32(treasury.address), fees], by: treasury)
        try chain.commit()
    }
}
