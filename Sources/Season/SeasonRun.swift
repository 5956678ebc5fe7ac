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
        let judges = runner.data.validators.filter { $0.behaviour == .honest }
        total = 8 + runner.data.nodes.count * judges.count
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
        let ballots = try measure(stage)
        step("scores are sealed")
        try sealBallots(ballots, stage)
        step("scores are revealed")
        try revealBallots(ballots, stage)
        step("the task is settled")
        let settlementGas = try settle(stage)
        let before = try balances(stage)
        try payOut(stage)
        step("everyone is paid")
        return try report(stage, balancesBefore: before, settlementGas: settlementGas)
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
        return Stage(
            token: token, arena: try chain.deploy(contracts.arena, [.bytes32(asset)], by: treasury),
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
        try chain.call(
            stage.arena, "createTask",
            [
                taskKey, .bytes32(stage.rule.address), .integer(terms.gamma), .integer(terms.delegationFactor),
                .integer(terms.strictness), .tokens(terms.minimumStake), .tokens(terms.bond), .tokens(terms.pot),
            ], by: treasury)
        try chain.commit()

        for node in data.nodes { try chain.call(stage.arena, "enterAsNode", [taskKey], by: person(node.name)) }
        for validator in data.validators {
            try chain.call(
                stage.arena, "enterAsValidator", [taskKey, .tokens(terms.bond)], by: person(validator.name))
        }
        try chain.commit()
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
        try chain.advance(by: try blockCount(of: "submission", stage))
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

    /// What each validator will seal: honest ones ask the scoring contract, with the model's weights and their own shard
    /// as arguments; a model that is not the one its node revealed scores nothing.
    private mutating func measure(_ stage: Stage) throws -> [String: ABIValue] {
        let order = try chain.query(stage.arena, "submissions", [taskKey]).asList().map { try $0.asBytes32() }
        let nodes = try order.map { address in
            guard let node = data.nodes.first(where: { person($0.name).address == address }) else {
                throw SeasonError(.invalidContract, "the arena names somebody who submitted nothing")
            }
            return node
        }
        var ballots: [String: ABIValue] = [:]
        for validator in data.validators {
            guard validator.behaviour == .honest else {
                ballots[validator.name] = .list(nodes.map { _ in .integer(terms.lazyScore) })
                continue
            }
            var scores: [ABIValue] = []
            for node in nodes {
                step("\(validator.name) measures the models")
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
        try chain.advance(by: try blockCount(of: "scoring", stage))
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
        try chain.advance(by: try blockCount(of: "opening", stage))
        for validator in data.validators where validator.behaviour == .silent {
            try chain.call(
                stage.arena, "expire_ballots", [taskKey, .bytes32(person(validator.name).address)], by: treasury)
        }
        try chain.commit()
    }

    /// Anyone may settle; here the first delegator does. Returns the gas it took.
    private func settle(_ stage: Stage) throws -> UInt64 {
        let pusher = data.delegators.first.map { person($0.name) } ?? treasury
        try chain.call(stage.arena, "settle", [taskKey], by: pusher, gasLimit: SeasonChain.largeGasLimit)
        return try chain.commit()
    }

    private func payOut(_ stage: Stage) throws {
        for name in data.nodes.map(\.name) + data.validators.map(\.name) {
            try chain.call(stage.arena, "withdraw", [], by: person(name))
        }
        try chain.call(stage.arena, "withdraw", [], by: treasury)
        for delegator in data.delegators {
            try chain.call(
                stage.arena, "claim", [.bytes32(person(delegator.behind).address)], by: person(delegator.name))
        }
        try chain.commit()
    }

    /// How long a phase of the task lasts, as the contract's module says.
    private func blockCount(of phase: String, _ stage: Stage) throws -> Int {
        let phases = stage.arena.module.rounds.first { $0.name == "Task" }?.phases ?? []
        guard case .blocks(let count) = phases.first(where: { $0.name == phase })?.duration else {
            throw SeasonError(.invalidContract, "the arena has no phase \(phase) of a fixed length")
        }
        return count
    }
}
