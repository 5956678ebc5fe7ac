import Crypto
import Numerics
import Semantics

extension ReferenceWorld {
    /// Where an instance of a round is by time, conditions left aside; nil when it is not open.
    ///
    /// Each window begins where the one before it ended. `end` is the height at which the present one is over, nil when
    /// only a condition can end it; `entries` are the phases passed since the stored one, both included.
    public func moment(
        of round: Round, key: Value, at address: Bytes32
    ) -> (phase: Int, end: BigInt?, entries: [(phase: Int, height: BigInt)])? {
        guard case .integer(let stored)? = stateValue(of: round.phaseField, keys: [key], at: address),
            case .integer(let entered)? = stateValue(of: round.enteredField, keys: [key], at: address),
            let number = stored.asInt64, number > 0, number <= round.phases.count
        else { return nil }
        var phase = Int(number) - 1
        var begin = entered
        var entries = [(phase: phase, height: begin)]
        while let length = length(of: round.phases[phase], key: key, at: address) {
            let end = begin + length
            guard let successor = round.phases[phase].successor, end <= BigInt(height) else {
                return (phase, end, entries)
            }
            begin = end
            phase = successor
            entries.append((phase, begin))
        }
        return (phase, nil, entries)
    }

    /// The blocks that a phase of an instance lasts, not negative; nil when only a condition can end it.
    func length(of phase: Round.Phase, key: Value, at address: Bytes32) -> BigInt? {
        switch phase.duration {
        case nil: return nil
        case .blocks(let count): return BigInt(count)
        case .time(let count, let unit):
            let interval = BigInt(blockIntervalMilliseconds)
            // Rounded up, and so never less than a block.
            return (BigInt(count) * BigInt(unit.milliseconds) + interval - 1).floorDivide(interval)
        case .field(let field):
            guard case .integer(let blocks)? = stateValue(of: field, keys: [key], at: address) else { return .zero }
            return blocks.isNegative ? .zero : blocks
        }
    }
}
