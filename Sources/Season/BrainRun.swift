import Bytecode
import Crypto
import Numerics

/// One demonstration of the Brain under way.
struct BrainRun {
    static let keeper = Participant(name: "brain keeper")
    static let requester = Participant(name: "brain requester")
    static let executor = Participant(name: "brain executor")
    static let others = [keeper, requester, executor]

    /// A node with what it does when it is on a committee.
    struct Member {
        enum Behaviour: String {
            case honest
            /// Reveals another class for every image.
            case liar
            /// Commits, and never reveals.
            case silent
        }
        let person: Participant
        let behaviour: Behaviour
    }

    /// The contracts and the asset they pay in.
    struct Stage {
        let coin: DeployedContract
        let brain: DeployedContract
        let inference: DeployedContract
        let log: DeployedContract
        let asset: AssetID
    }

    /// A request as it was asked, for the report's comparison with the true labels.
    struct Asked {
        let id: Int
        let modelName: String
        let labels: [Int32]
        let fee: Int
    }

    /// Work that ended, in the order in which it did.
    struct Served {
        let ticket: Int
        let id: Int
        let blocks: UInt64
    }

    let demo: BrainDemo
    let chain: SeasonChain
    let members: [Member]
    var asked: [Asked] = []
    var served: [Served] = []
    /// Names of models by the hash of their weights.
    private var models: [Hash: SeasonData.Node] = [:]
    private var completed = 0

    init(_ demo: BrainDemo, _ chain: SeasonChain) {
        self.demo = demo
        self.chain = chain
        let count = demo.data.nodes.count
        members = demo.data.nodes.enumerated().map { index, node in
            Member(
                person: Participant(name: node.name),
                behaviour: index == count / 3 ? .liar : index == 2 * count / 3 ? .silent : .honest)
        }
    }

    mutating func perform() throws -> BrainReport {
        step("contracts are deployed, nodes are registered")
        let stage = try deployContracts()
        try register(stage)
        for fee in BrainDemo.fees { try ask(fee: fee, stage) }
        try chain.commit()
        while true {
            if try chain.query(stage.brain, "queueLength").asInteger().isZero {
                if try haveAllBeenSeen(stage) || asked.count >= BrainDemo.requestLimit { break }
                try ask(fee: BrainDemo.fees[asked.count % BrainDemo.fees.count], stage)
                try chain.commit()
            }
            step("request \(served.count + 1) is served")
            try serve(stage)
        }
        let report = try report(stage)
        completed = asked.count + 1
        step("the books are read")
        return report
    }

    private mutating func step(_ name: String) {
        completed += 1
        let total = max(BrainDemo.fees.count, asked.count) + 2
        demo.progress(SeasonProgress(stage: name, completed: min(completed, total), total: total))
    }

    // MARK: Setting up

    private func deployContracts() throws -> Stage {
        let keeper = BrainRun.keeper
        let coin = try chain.deploy(demo.contracts.coin, [], by: keeper)
        let asset = try chain.query(coin, "id").asBytes32()
        let brain = try chain.deploy(
            demo.contracts.brain, [.bytes32(asset), .bytes32(keeper.address), demo.terms.value], by: keeper)
        return Stage(
            coin: coin, brain: brain, inference: try chain.deploy(demo.contracts.inference, [], by: keeper),
            log: try chain.deploy(demo.contracts.log, [.bytes32(brain.address)], by: keeper), asset: asset)
    }

    private mutating func register(_ stage: Stage) throws {
        for member in members {
            try chain.call(
                stage.coin, "issue", [.bytes32(member.person.address), .tokens(BrainDemo.stake)], by: BrainRun.keeper)
        }
        try chain.call(
            stage.coin, "issue", [.bytes32(BrainRun.requester.address), .tokens(BrainDemo.feeBudget)],
            by: BrainRun.keeper)
        try chain.commit()
        for member in members {
            try chain.call(
                stage.brain, "register",
                [.bytes32(member.person.key.publicKey.encoded), .tokens(BrainDemo.stake)], by: member.person)
        }
        try chain.commit()
        for node in demo.data.nodes where node.copyOf == nil { models[try modelName(node, stage)] = node }
    }

    /// A model's name: the hash of its weights, encoded as the view that runs it takes them.
    private func modelName(_ node: SeasonData.Node, _ stage: Stage) throws -> Hash {
        let question = ModelQuestion(node.classifier)
        let view = "classes\(node.classifier.layers.count)"
        let noImages = ABIValue.tensor([1, Classifier.features], [Int8](repeating: 0, count: Classifier.features))
        return Blake2b.hash(try stage.inference.encode([noImages] + question.weights, for: view))
    }

    private mutating func ask(fee: Int, _ stage: Stage) throws {
        let index = asked.count
        let node = demo.data.nodes.filter { $0.copyOf == nil }[(index * 4) % 16]
        let shard = demo.data.validators[index % demo.data.validators.count].shard
        let count = min(BrainDemo.imagesPerRequest, shard.labels.count)
        let first = (index * count) % (shard.labels.count - count + 1)
        let images = shard.images[first * Classifier.features..<(first + count) * Classifier.features]
        try chain.call(
            stage.brain, "requestFor",
            [
                .bytes32(stage.log.address), .bytes32(try modelName(node, stage)),
                .bytes(images.map { UInt8(bitPattern: $0) }), .tokens(fee),
            ], by: BrainRun.requester)
        asked.append(
            Asked(id: index + 1, modelName: node.name, labels: Array(shard.labels[first..<first + count]), fee: fee))
    }

    // MARK: Serving

    private mutating func serve(_ stage: Stage) throws {
        let started = chain.height
        try chain.call(stage.brain, "begin", [], by: BrainRun.executor)
        try chain.commit()
        guard case .option(let found?) = try chain.query(stage.brain, "ticketAtWork") else {
            throw SeasonError(.invalidContract, "the Brain began nothing")
        }
        let ticket = try found.asSmallInteger()
        let id = try chain.query(stage.brain, "requestAtWork", [found]).asSmallInteger()
        // The committing begins with the next block; its seed is known with the one after it.
        try chain.advance(by: 2)
        let committee = try gather(found, id: id, stage)
        for member in committee where member.behaviour != .silent {
            try chain.call(
                stage.brain, "reveal_answers",
                [
                    found, .bytes32(member.person.address), .bytes(try answer(of: member, id: id, stage)),
                    .bytes32(salt(of: member, ticket: ticket)),
                ], by: member.person)
        }
        try chain.commit()
        while try !chain.query(stage.brain, "canConclude", [found]).asBoolean() { try chain.advance(by: 1) }
        try chain.call(
            stage.brain, "conclude", [found], by: BrainRun.executor, gasLimit: SeasonChain.largeGasLimit)
        try chain.commit()
        served.append(Served(ticket: ticket, id: id, blocks: chain.height - started))
    }

    private func salt(of member: Member, ticket: Int) -> Hash { member.person.salt(for: "answer \(ticket)") }

    /// Lets nodes draw, epoch by epoch, until so many have committed as make a quorum; gives these.
    private func gather(_ ticket: ABIValue, id: Int, _ stage: Stage) throws -> [Member] {
        var committee: [Member] = []
        var lastTries: [Address: BigInt] = [:]
        let deadline = chain.height + UInt64(demo.terms.commitBlocks) - 4
        while committee.count < demo.terms.commitQuorum, chain.height < deadline {
            // A view sees the block that comes next, as a transaction would.
            let epoch = try chain.query(stage.brain, "currentEpoch").asInteger()
            var joining: [Member] = []
            for member in members where lastTries[member.person.address] != epoch {
                if committee.count + joining.count == demo.terms.commitQuorum { break }
                let address = ABIValue.bytes32(member.person.address)
                guard try chain.query(stage.brain, "mayJoin", [ticket, address]).asBoolean() else { continue }
                lastTries[member.person.address] = epoch
                guard case .bytes(let input) = try chain.query(stage.brain, "drawInput", [ticket, address]),
                    let proof = VerifiableRandom.prove(input, key: member.person.key),
                    let output = VerifiableRandom.output(ofTrustedProof: proof),
                    Int(output[0]) < demo.terms.difficulty
                else { continue }
                try chain.call(stage.brain, "join", [ticket, .integer(epoch), .bytes(proof)], by: member.person)
                joining.append(member)
            }
            guard !joining.isEmpty else {
                try chain.advance(by: 1)
                continue
            }
            try chain.commit()
            for member in joining {
                let commitment = try stage.brain.commitment(
                    sealed: "Work.answers", key: ticket, author: member.person.address,
                    value: .bytes(try answer(of: member, id: id, stage)),
                    salt: salt(of: member, ticket: try ticket.asSmallInteger()), chainID: chain.chainID)
                try chain.call(stage.brain, "commit_answers", [ticket, .bytes32(commitment)], by: member.person)
            }
            try chain.commit()
            committee += joining
        }
        return committee
    }

    /// What a member answers: it reads the task on the chain, finds the model by its name and runs it. A byte for each
    /// image: its class.
    private func answer(of member: Member, id: Int, _ stage: Stage) throws -> [UInt8] {
        guard case .option(let task?) = try chain.query(stage.brain, "taskOf", [.integer(id)]),
            case .bytes(let input) = try task.asFields(2)[1],
            let node = models[try task.asFields(2)[0].asBytes32()]
        else { throw SeasonError(.invalidContract, "request \(id) is for a model that nobody has") }
        let images = ABIValue.tensor(
            dimensions: [input.count / Classifier.features, Classifier.features], data: input)
        let classes = try chain.query(
            stage.inference, "classes\(node.classifier.layers.count)",
            [images] + ModelQuestion(node.classifier).weights)
        guard case .tensor(_, let data) = classes else {
            throw SeasonError(.invalidContract, "the inference gave no classes")
        }
        // A class is below ten: the lowest of the four bytes of its integer.
        let digits = stride(from: 0, to: data.count, by: 4).map { data[$0] }
        return member.behaviour == .liar ? digits.map { ($0 + 1) % UInt8(Classifier.classes) } : digits
    }

    private func haveAllBeenSeen(_ stage: Stage) throws -> Bool {
        for member in members where member.behaviour != .honest {
            let stake = try chain.query(stage.brain, "stakeOf", [.bytes32(member.person.address)]).asInteger()
            if stake == TokenAmount.units(BrainDemo.stake) { return false }
        }
        return true
    }
}
