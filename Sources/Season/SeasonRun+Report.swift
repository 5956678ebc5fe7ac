import Bytecode
import Crypto
import Numerics

// The figures of a finished season, each by query.
extension SeasonRun {
    private var operatorNames: [String] { data.nodes.map(\.name) + data.validators.map(\.name) }

    /// What everyone's account has of the arena's asset.
    func balances(_ stage: Stage) throws -> [String: BigInt] {
        var result: [String: BigInt] = [:]
        for name in data.names { result[name] = try chain.balance(of: person(name).address, asset: stage.asset) }
        result[treasury.name] = try chain.balance(of: treasury.address, asset: stage.asset)
        return result
    }

    /// What the task made of its operators, read when it was settled and nobody had collected anything.
    struct Settled {
        /// An operator's and its delegators' part together.
        var rewards: [String: BigInt] = [:]
        /// Bonds on their way back.
        var refunds = BigInt.zero
    }

    func settledFigures(_ stage: Stage) throws -> Settled {
        var settled = Settled()
        for name in operatorNames {
            let address = ABIValue.bytes32(person(name).address)
            settled.rewards[name] = try ["earnedBy", "lockedOf", "unclaimedBehind"].reduce(BigInt.zero) { sum, view in
                try sum + chain.query(stage.arena, view, [address]).asInteger()
            }
            settled.refunds += try chain.query(stage.arena, "refundOf", [address]).asInteger()
        }
        return settled
    }

    func report(
        _ stage: Stage, balancesBefore: [String: BigInt], settled: Settled, settlementGas: UInt64,
        settlementFees: BigInt
    ) throws -> SeasonReport {
        // Settlement: emitted, bounty, forfeited, toNodes, toValidators, returned, usedFallback; its bounty is what the
        // upkeep left. Upkeep: provided, left.
        let settlement = try chain.query(stage.arena, "settlementOf", [taskKey]).asFields(7)
        let provision = try chain.query(stage.arena, "upkeepOf", [taskKey]).asFields(2).map { try $0.asInteger() }
        let potIn = try settlement.prefix(3).reduce(provision[0]) { try $0 + $1.asInteger() }
        let balancesAfter = try balances(stage)
        let gains = balancesAfter.merging(balancesBefore) { $0 - $1 }
        // Pushers were paid before the balances were read; what was left over went to the reserve.
        let paidOut = gains.values.reduce(settlementFees, +) - settled.refunds
        let remaining = try remainingInArena(stage)

        let report = SeasonReport(
            rule: stage.rule.module.name,
            contracts: [
                ("arena", stage.arena), ("token", stage.token), ("scoring", stage.scoring), ("reward rule", stage.rule),
            ].map { (role: $0.0, address: $0.1.address.addressText) },
            task: SeasonRunner.task, nodes: try data.nodes.map { try nodeRow($0, settled, stage) },
            validators: try data.validators.map { try validatorRow($0, settled, stage) },
            delegators: try data.delegators.map { delegator in
                let behind = person(delegator.behind).address
                let address = person(delegator.name).address
                return SeasonReport.DelegatorRow(
                    name: delegator.name, address: address.addressText, behind: delegator.behind,
                    stake: try chain.query(
                        stage.arena, "delegationOf", [.bytes32(behind), .bytes32(address)]
                    ).asInteger(),
                    claimed: gains[delegator.name] ?? .zero)
            },
            usedFallback: try settlement[6].asBoolean(), potIn: potIn, upkeep: settlementFees, paidOut: paidOut,
            remaining: remaining,
            transactionCount: chain.transactionCount, queryCount: chain.queryCount, blockHeight: chain.height,
            stateRoot: chain.stateRoot.hex, gasUsed: chain.gasUsed, settlementGas: settlementGas, seconds: 0)
        guard report.isConserved else {
            throw SeasonError(
                .notConserved, "pot in \(potIn) is not paid out \(paidOut) + remaining \(remaining) units")
        }
        return report
    }

    /// What is left of rewards in the arena, which answers for everything that its vaults hold.
    private func remainingInArena(_ stage: Stage) throws -> BigInt {
        var owned = try chain.query(stage.arena, "heldInCommon").asInteger()
        owned += try chain.query(stage.arena, "heldBy", [taskKey]).asInteger()
        var deposited = BigInt.zero
        for name in operatorNames {
            let address = ABIValue.bytes32(person(name).address)
            owned += try chain.query(stage.arena, "heldFor", [address]).asInteger()
            deposited += try chain.query(stage.arena, "stakeOf", [address]).asInteger()
            deposited += try chain.query(stage.arena, "delegatedTo", [address]).asInteger()
        }
        let held = try chain.holding(of: stage.arena, asset: stage.asset)
        guard held == owned else {
            throw SeasonError(.notConserved, "the arena holds \(held) units, but answers for \(owned)")
        }
        return held - deposited
    }

    private func nodeRow(_ node: SeasonData.Node, _ settled: Settled, _ stage: Stage) throws -> SeasonReport.NodeRow {
        let address = person(node.name).address
        // NodeOutcome: score, place, reward.
        let outcome = try chain.query(stage.arena, "outcomeOf", [taskKey, .bytes32(address)]).asFields(3)
        return SeasonReport.NodeRow(
            name: node.name, address: address.addressText, architecture: node.classifier.architecture,
            accuracy: try outcome[0].asInteger(), rank: Int(try outcome[1].asInteger().asInt64 ?? 0),
            stake: try effectiveStake(node.name, stage), reward: settled.rewards[node.name] ?? .zero)
    }

    private func validatorRow(
        _ validator: SeasonData.Validator, _ settled: Settled, _ stage: Stage
    ) throws -> SeasonReport.ValidatorRow {
        let address = person(validator.name).address
        let hasCounted = try chain.query(stage.arena, "hasCounted", [taskKey, .bytes32(address)]).asBoolean()
        let models = try assigned(to: validator, stage).map(\.name)
        var row = SeasonReport.ValidatorRow(
            name: validator.name, address: address.addressText,
            distance: hasCounted
                ? try chain.query(stage.arena, "meanDistanceOf", [taskKey, .bytes32(address)]).asInteger() : nil,
            stake: try effectiveStake(validator.name, stage), reward: settled.rewards[validator.name] ?? .zero,
            forfeited: hasCounted || models.isEmpty ? .zero : TokenAmount.units(terms.bond))
        row.models = models
        return row
    }

    /// Own and delegated stake; the demo's task counts both in full.
    private func effectiveStake(_ name: String, _ stage: Stage) throws -> BigInt {
        let address = ABIValue.bytes32(person(name).address)
        return try chain.query(stage.arena, "stakeOf", [address]).asInteger()
            + chain.query(stage.arena, "delegatedTo", [address]).asInteger()
    }
}
