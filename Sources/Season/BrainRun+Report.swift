import Bytecode
import Crypto
import Numerics

// The figures of a finished demonstration, each by query.
extension BrainRun {
    func report(_ stage: Stage) throws -> BrainReport {
        let nodes = try members.map { try nodeRow($0, stage) }
        var inAccounts = try BrainRun.others.map { try balance(of: $0, stage) }.reduce(.zero, +)
        for member in members { inAccounts += try balance(of: member.person, stage) }
        let inStakes = nodes.map(\.stake.value).reduce(.zero, +)
        let inFees = try asked.map {
            try chain.query(stage.brain, "feeOf", [.integer($0.id)]).asInteger()
        }.reduce(.zero, +)
        let inReserve = try chain.query(stage.brain, "reserved").asInteger()
        let issued = TokenAmount.units(members.count * BrainDemo.stake + BrainDemo.feeBudget)
        let report = BrainReport(
            requests: try served.map { try requestRow($0, stage) }, nodes: nodes, entries: entryRows(),
            commitQuorum: demo.terms.commitQuorum, brain: stage.brain.address.addressText,
            issued: .init(value: issued), inAccounts: .init(value: inAccounts), inStakes: .init(value: inStakes),
            inFees: .init(value: inFees), inReserve: .init(value: inReserve),
            transactionCount: chain.transactionCount, queryCount: chain.queryCount, gasUsed: chain.gasUsed,
            blockHeight: chain.height, stateRoot: chain.stateRoot.hex)
        let held = try chain.holding(of: stage.brain, asset: stage.asset)
        guard report.isConserved, held == inStakes + inFees + inReserve else {
            throw SeasonError(
                .notConserved,
                "\(issued) units were issued; accounts have \(inAccounts), the Brain holds \(held) and answers for "
                    + "\(inStakes + inFees + inReserve)")
        }
        return report
    }

    private func balance(of person: Participant, _ stage: Stage) throws -> BigInt {
        try chain.balance(of: person.address, asset: stage.asset)
    }

    private func requestRow(_ work: Served, _ stage: Stage) throws -> BrainReport.Request {
        guard let question = asked.first(where: { $0.id == work.id }),
            case .option(let facts?) = try chain.query(stage.brain, "requestOf", [.integer(work.id)]),
            case .enumeration(let status, _) = try facts.asFields(7)[1]
        else { throw SeasonError(.invalidContract, "the Brain does not know request \(work.id)") }
        // WorkTally: members, committed, revealed, votes.
        let tally = try chain.query(stage.brain, "tallyOf", [.integer(work.ticket)]).asFields(4)
            .map { try $0.asSmallInteger() }
        var output: [Int] = []
        if case .option(.bytes(let bytes)?) = try chain.query(stage.log, "outputOf", [.integer(work.id)]) {
            output = bytes.map(Int.init)
        }
        let names = ["queued", "working", "served", "cancelled"]
        return BrainReport.Request(
            id: work.id, model: question.modelName, fee: .init(value: TokenAmount.units(question.fee)),
            status: names.indices.contains(status) ? names[status] : "unknown", members: tally[0],
            committed: tally[1], revealed: tally[2], votes: tally[3], output: output,
            rightCount: zip(output, question.labels).filter { $0 == Int($1) }.count, blocks: work.blocks)
    }

    private func nodeRow(_ member: Member, _ stage: Stage) throws -> BrainReport.Node {
        let address = ABIValue.bytes32(member.person.address)
        var committees = 0
        for work in served
        where try chain.query(stage.brain, "isMember", [.integer(work.ticket), address]).asBoolean() { committees += 1 }
        let stake = try chain.query(stage.brain, "stakeOf", [address]).asInteger()
        return BrainReport.Node(
            name: member.person.name, behaviour: member.behaviour.rawValue, committees: committees,
            earned: .init(value: try balance(of: member.person, stage)), stake: .init(value: stake),
            lost: .init(value: TokenAmount.units(BrainDemo.stake) - stake))
    }

    /// Gas by entry, beside the whole-transaction figures of the published contracts (queue-contract, vrf-solidity and
    /// hash-contract of BRAIN-chain, 2023).
    private func entryRows() -> [BrainReport.Entry] {
        let published: [(entry: String, gas: Int?, name: String?)] = [
            ("register", nil, nil), ("requestFor", 91_699, "priority queue push"),
            ("begin", 100_861, "priority queue pop"), ("join", 150_715, "VRF fastVerify (verify: 1,643,712)"),
            ("commit_answers", 44_895, "commit_hashed"), ("reveal_answers", 87_124, "reveal"), ("conclude", nil, nil),
        ]
        var rows: [BrainReport.Entry] = []
        for (entry, gas, name) in published {
            guard let used = chain.gasByEntry["\(demo.contracts.brain.name).\(entry)"], let least = used.min(),
                let most = used.max()
            else { continue }
            rows.append(
                BrainReport.Entry(
                    name: entry, calls: used.count, least: least, mean: used.reduce(0, +) / UInt64(used.count),
                    most: most, published: gas, publishedName: name))
        }
        // One request with a full committee: what the same operations add up to on both sides.
        let quorum = UInt64(demo.terms.commitQuorum)
        func mean(_ entry: String) -> UInt64 { rows.first { $0.name == entry }?.mean ?? 0 }
        let whole = mean("requestFor") + mean("begin") + mean("conclude")
            + quorum * (mean("join") + mean("commit_answers") + mean("reveal_answers"))
        let theirs = 91_699 + 100_861 + demo.terms.commitQuorum * (150_715 + 44_895 + 47_389)
        rows.append(
            BrainReport.Entry(
                name: "one request, \(quorum) members", calls: served.count, least: whole, mean: whole, most: whole,
                published: theirs, publishedName: "push, pop, fastVerify, commit_hashed, reveal_hashed"))
        return rows
    }
}
