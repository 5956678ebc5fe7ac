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

    func report(_ stage: Stage, balancesBefore: [String: BigInt], settlementGas: UInt64) throws -> SeasonReport {
        // Settlement: pot, forfeited, toNodes, toValidators, returned, usedFallback.
        let settlement = try chain.query(stage.arena, "settlementOf", [taskKey]).asFields(6)
        let potIn = try settlement[0].asInteger() + settlement[1].asInteger()
        let balancesAfter = try balances(stage)
        let gains = balancesAfter.mapValues { $0 }.merging(balancesBefore) { $0 - $1 }
        let paidOut = gains.values.reduce(.zero, +)
        let remaining = try remainingInArena(stage)

        let report = SeasonReport(
            rule: stage.rule.module.name,
            contracts: [
                ("arena", stage.arena), ("token", stage.token), ("scoring", stage.scoring), ("reward rule", stage.rule),
            ].map { (role: $0.0, address: $0.1.address.addressText) },
            task: SeasonRunner.task, nodes: try data.nodes.map { try nodeRow($0, stage) },
            validators: try data.validators.map { try validatorRow($0, stage) },
            delegators: try data.delegators.map { delegator in
                let behind = person(delegator.behind).address
                let address = person(delegator.name).address
                return SeasonReport.DelegatorRow(
                    name: delegator.name, address: address.addressText, behind: delegator.behind,
                    stake: try chain.query(
                        stage.arena, "delegationOf", [.bytes32(behind), .bytes32(address)]).asInteger(),
                    claimed: gains[delegator.name] ?? .zero)
            },
            usedFallback: try settlement[5].asBoolean(), potIn: potIn, paidOut: paidOut, remaining: remaining,
            transactionCount: chain.transactionCount, queryCount: chain.queryCount, blockHeight: chain.height,
            stateRoot: chain.stateRoot.hex, gasUsed: chain.gasUsed, settlementGas: settlementGas, seconds: 0)
        guard report.isConserved else {
            throw SeasonError(
                .notConserved, "pot in \(potIn) is not paid out \(paidOut) + remaining \(remaining) units")
        }
        return report
    }

    /// Rewards that wait in the arena. Its vaults hold these, the stakes and the delegations, and nothing else.
    private func remainingInArena(_ stage: Stage) throws -> BigInt {
        var remaining = BigInt.zero
        var deposited = BigInt.zero
        for name in operatorNames + [treasury.name] {
            let address = ABIValue.bytes32(name == treasury.name ? treasury.address : person(name).address)
            remaining += try chain.query(stage.arena, "withdrawable", [address]).asInteger()
            remaining += try chain.query(stage.arena, "unclaimed", [address]).asInteger()
            deposited += try chain.query(stage.arena, "stakeOf", [address]).asInteger()
            deposited += try chain.query(stage.arena, "delegatedTo", [address]).asInteger()
        }
        let held = try chain.holding(of: stage.arena, asset: stage.asset)
        guard held == remaining + deposited else {
            throw SeasonError(
                .notConserved, "the arena holds \(held) units, but answers for \(remaining + deposited)")
        }
        return remaining
    }

    private func nodeRow(_ node: SeasonData.Node, _ stage: Stage) throws -> SeasonReport.NodeRow {
        let address = person(node.name).address
        // NodeOutcome: score, rank, stake, reward, isCopy.
        let outcome = try chain.query(stage.arena, "nodeOutcome", [taskKey, .bytes32(address)]).asFields(5)
        return SeasonReport.NodeRow(
            name: node.name, address: address.addressText, architecture: node.classifier.architecture,
            accuracy: try outcome[0].asInteger(), rank: Int(try outcome[1].asInteger().asInt64 ?? 0),
            stake: try outcome[2].asInteger(), reward: try outcome[3].asInteger())
    }

    private func validatorRow(_ validator: SeasonData.Validator, _ stage: Stage) throws -> SeasonReport.ValidatorRow {
        let address = person(validator.name).address
        // ValidatorOutcome: distance, stake, reward, forfeited, hasCounted.
        let outcome = try chain.query(stage.arena, "validatorOutcome", [taskKey, .bytes32(address)]).asFields(5)
        return SeasonReport.ValidatorRow(
            name: validator.name, address: address.addressText,
            distance: try outcome[4].asBoolean() ? try outcome[0].asInteger() : nil, stake: try outcome[1].asInteger(),
            reward: try outcome[2].asInteger(), forfeited: try outcome[3].asInteger())
    }
}
