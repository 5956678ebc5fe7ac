import Foundation
import Numerics

// The report for machines: amounts in units and raw Fixed values as decimal strings.
extension SeasonReport: Encodable {
    private enum Key: String, CodingKey {
        case rule, contracts, task, nodes, validators, delegators, usedFallback, potIn, upkeep, paidOut, remaining
        case isConserved
        case transactionCount, queryCount, blockHeight, stateRoot, gasUsed, settlementGas, seconds
        case role, address
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(rule, forKey: .rule)
        var list = container.nestedUnkeyedContainer(forKey: .contracts)
        for contract in contracts {
            var entry = list.nestedContainer(keyedBy: Key.self)
            try entry.encode(contract.role, forKey: .role)
            try entry.encode(contract.address, forKey: .address)
        }
        try container.encode(task, forKey: .task)
        try container.encode(nodes, forKey: .nodes)
        try container.encode(validators, forKey: .validators)
        try container.encode(delegators, forKey: .delegators)
        try container.encode(usedFallback, forKey: .usedFallback)
        try container.encode(potIn.description, forKey: .potIn)
        try container.encode(upkeep.description, forKey: .upkeep)
        try container.encode(paidOut.description, forKey: .paidOut)
        try container.encode(remaining.description, forKey: .remaining)
        try container.encode(isConserved, forKey: .isConserved)
        try container.encode(transactionCount, forKey: .transactionCount)
        try container.encode(queryCount, forKey: .queryCount)
        try container.encode(blockHeight, forKey: .blockHeight)
        try container.encode(stateRoot, forKey: .stateRoot)
        try container.encode(gasUsed, forKey: .gasUsed)
        try container.encode(settlementGas, forKey: .settlementGas)
        try container.encode(seconds, forKey: .seconds)
    }

    /// The report as JSON text.
    public func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}

extension SeasonReport.NodeRow: Encodable {
    private enum Key: String, CodingKey { case name, address, model, accuracy, rank, stake, reward }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(name, forKey: .name)
        try container.encode(address, forKey: .address)
        try container.encode(architecture, forKey: .model)
        try container.encode(accuracy.description, forKey: .accuracy)
        try container.encode(rank, forKey: .rank)
        try container.encode(stake.description, forKey: .stake)
        try container.encode(reward.description, forKey: .reward)
    }
}

extension SeasonReport.ValidatorRow: Encodable {
    private enum Key: String, CodingKey { case name, address, distance, stake, reward, forfeited }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(name, forKey: .name)
        try container.encode(address, forKey: .address)
        try container.encode(distance?.description, forKey: .distance)
        try container.encode(stake.description, forKey: .stake)
        try container.encode(reward.description, forKey: .reward)
        try container.encode(forfeited.description, forKey: .forfeited)
    }
}

extension SeasonReport.DelegatorRow: Encodable {
    private enum Key: String, CodingKey { case name, address, behind, stake, claimed }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(name, forKey: .name)
        try container.encode(address, forKey: .address)
        try container.encode(behind, forKey: .behind)
        try container.encode(stake.description, forKey: .stake)
        try container.encode(claimed.description, forKey: .claimed)
    }
}
