import Bytecode
import Crypto
import Numerics
import Verifier

/// Where an instance of a round is: what is stored of it, and what time has made of that.
private struct RoundMoment {
    var key: Bytes32
    var phaseEntry: Entry
    /// The phase in which it is at the current height, conditions left aside.
    var phase: Int
    /// When it entered the phase that was asked for; 0 when it did not on the way.
    var wantedEntry: Int64
}

/// Phases belong to the machine. What is stored of an instance changes by opening it, and by leaving a phase that has a
/// condition; deadlines are counted from what is stored, whatever the contract's code does.
extension UnsafeMutablePointer<Context> {
    private func round(_ index: Int) -> UnsafePointer<PreparedRound> {
        pointee.contract.pointee.module.rounds + index
    }

    private func phase(_ index: Int, of round: UnsafePointer<PreparedRound>) -> UnsafePointer<PreparedPhase> {
        pointee.contract.pointee.module.phases + Int(round.pointee.phases.first) + index
    }

    /// The key in a register and the entry of the stored phase; nil with `status` set.
    private func stored(
        _ round: UnsafePointer<PreparedRound>, _ register: Int, _ words: Words, _ homes: Homes
    ) -> (key: Bytes32, entry: Entry)? {
        let slot = Int(round.pointee.phaseSlot)
        guard let key = key(pointee.contract.pointee.module.slots + slot, words, homes, register),
            let entry = entry(slot, .value, key)
        else { return nil }
        return (key, entry)
    }

    /// Where the instance is now; nil with `status` set, NoSuchRound when it is not open.
    private func moment(
        _ round: UnsafePointer<PreparedRound>, _ register: Int, _ words: Words, _ homes: Homes, wanted: Int = -1
    ) -> RoundMoment? {
        guard let (key, phaseEntry) = stored(round, register, words, homes) else { return nil }
        guard phaseEntry.isPresent, phaseEntry.pointee.word != 0 else {
            pointee.status = Status(.noSuchRound)
            return nil
        }
        guard let enteredEntry = entry(Int(round.pointee.enteredSlot), .value, key) else { return nil }
        guard let number = CellInteger.asInt64(phaseEntry.operand), number > 0, number <= round.pointee.phases.count,
            var entered = CellInteger.asInt64(enteredEntry.operand)
        else {
            pointee.status = Status(.damagedState)
            return nil
        }
        var current = Int(number) - 1
        let height = Int64(clamping: pointee.height)
        var wantedEntry = current == wanted ? entered : 0
        while true {
            let facts = phase(current, of: round)
            guard facts.pointee.duration != .none else { break }
            guard let length = length(of: facts, key) else { return nil }
            let (deadline, isBeyond) = entered.addingReportingOverflow(length)
            if isBeyond || deadline > height { break }
            guard charge(MachineCosts.phase) else {
                pointee.status = Status(.outOfGas)
                return nil
            }
            entered = deadline
            current = Int(facts.pointee.successor)
            if current == wanted { wantedEntry = entered }
        }
        return RoundMoment(key: key, phaseEntry: phaseEntry, phase: current, wantedEntry: wantedEntry)
    }

    /// The blocks that a phase lasts, not negative; nil with `status` set.
    private func length(of phase: UnsafePointer<PreparedPhase>, _ key: Bytes32) -> Int64? {
        let length = phase.pointee.length
        switch phase.pointee.duration {
        case .none: return .max
        case .blocks: return length
        case .milliseconds:
            let (whole, rest) = length.quotientAndRemainder(dividingBy: pointee.blockIntervalMilliseconds)
            return max(1, whole + (rest > 0 ? 1 : 0))
        case .slot:
            guard let entry = entry(Int(length), .value, key) else { return nil }
            guard let blocks = CellInteger.asInt64(entry.operand) else {
                pointee.status = Status(.damagedState)
                return nil
            }
            return max(0, blocks)
        }
    }

    // MARK: Instructions

    func roundOpen(_ index: Int, _ base: Int, _ words: Words, _ homes: Homes) -> Status {
        let round = round(index)
        guard let (key, phaseEntry) = stored(round, base, words, homes) else { return pointee.status }
        if phaseEntry.isPresent && phaseEntry.pointee.word != 0 { return Status(.roundExists) }
        var status = store(phaseEntry, 1 << 1, phaseEntry.home)
        if status.isOK { status = enter(round, key) }
        var register = base
        for number in 0..<Int(round.pointee.phases.count) where status.isOK {
            let facts = phase(number, of: round)
            guard facts.pointee.duration == .slot else { continue }
            register += 1
            let slot = Int(facts.pointee.length)
            let type = pointee.contract.pointee.module.types
                + Int((pointee.contract.pointee.module.slots + slot).pointee.type)
            guard fits(words[register], homes + 4 * register, type) else { return Status(.overflow) }
            guard let entry = entry(slot, .value, key) else { return pointee.status }
            status = store(entry, words[register], homes + 4 * register)
        }
        return status
    }

    /// Stores the current height as that at which the stored phase is entered.
    private func enter(_ round: UnsafePointer<PreparedRound>, _ key: Bytes32) -> Status {
        guard let entry = entry(Int(round.pointee.enteredSlot), .value, key) else { return pointee.status }
        let status = beginWrite(entry)
        if !status.isOK { return status }
        CellInteger.fromInt64(entry.destination, Int64(clamping: pointee.height))
        entry.pointee.flags |= OverlayEntry.present
        return .ok
    }

    func roundPhase(_ index: Int, _ destination: Int, _ register: Int, _ words: Words, _ homes: Homes) -> Status {
        guard let moment = moment(round(index), register, words, homes) else { return pointee.status }
        words[destination] = Int64(moment.phase) << 1
        return .ok
    }

    func roundEntered(
        _ index: Int, phase number: Int, _ destination: Int, _ register: Int, _ words: Words, _ homes: Homes
    ) -> Status {
        guard let moment = moment(round(index), register, words, homes, wanted: number) else { return pointee.status }
        CellInteger.fromInt64(
            CellDestination(word: words + destination, home: homes + 4 * destination), moment.wantedEntry)
        return .ok
    }

    /// The verifier has seen that the phase has a condition and a successor.
    func roundLeave(_ index: Int, phase number: Int, _ register: Int, _ words: Words, _ homes: Homes) -> Status {
        let round = round(index)
        guard let moment = moment(round, register, words, homes) else { return pointee.status }
        guard moment.phase == number else { return Status(.wrongPhase) }
        let successor = Int64(phase(number, of: round).pointee.successor)
        let status = store(moment.phaseEntry, (successor + 1) << 1, moment.phaseEntry.home)
        return status.isOK ? enter(round, moment.key) : status
    }

    /// A view may claim a phase to which conditions have led, for it cannot leave the ones before.
    func phaseGuard(
        _ index: Int, allowed: Int, claimed: Int64, _ register: Int, _ words: Words, _ homes: Homes
    ) -> Status {
        let round = round(index)
        guard let moment = moment(round, register, words, homes) else { return pointee.status }
        guard claimed & 1 == 0, claimed >= 0, claimed < 32, allowed >> Int(claimed >> 1) & 1 == 1 else {
            return Status(.wrongPhase)
        }
        let wanted = Int(claimed >> 1)
        var current = moment.phase
        while current != wanted {
            let facts = phase(current, of: round)
            var isPassed = facts.pointee.hasCondition
            if !isPassed, current != moment.phase, facts.pointee.duration == .slot {
                guard let length = length(of: facts, moment.key) else { return pointee.status }
                isPassed = length == 0
            }
            guard isPassed, charge(MachineCosts.phase) else {
                return isPassed ? Status(.outOfGas) : Status(.wrongPhase)
            }
            current = Int(facts.pointee.successor)
        }
        return .ok
    }

    /// Fails WrongPhase unless the instance is in the phase by time.
    func require(phase wanted: Int32, of index: Int, _ register: Int, _ words: Words, _ homes: Homes) -> Status {
        guard let moment = moment(round(index), register, words, homes) else { return pointee.status }
        return moment.phase == Int(wanted) ? .ok : Status(.wrongPhase)
    }
}
