import Bytecode
import Machine

/// Where an instance of a round is at a height, by what is stored of it: the machine's way over the phases that time
/// has ended.
struct RoundMoment {
    var phase: Int
    /// When it entered the phase that was asked for; 0 when it did not on the way.
    var wantedEntry: Int
    /// The phases that time has passed over.
    var passedCount = 0
    /// The slots of lengths that are read on the way.
    var lengthSlots: [Int] = []

    /// Nil when something of it is not known, or the instance is not open.
    ///
    /// - Parameters:
    ///   - wanted: the phase of which the entry is asked; −1 for none.
    ///   - stored: what a slot holds for the instance.
    init?(_ round: RoundDescriptor, block: BlockContext, wanted: Int = -1, stored: (Int) -> Int?) {
        guard let number = stored(round.phaseSlot), round.phases.indices.contains(number - 1),
            var entered = stored(round.enteredSlot)
        else { return nil }
        phase = number - 1
        wantedEntry = phase == wanted ? entered : 0
        while let duration = round.phases[phase].duration {
            if case .slot(let slot) = duration { lengthSlots.append(slot) }
            guard let length = Self.length(duration, block, stored) else { return nil }
            let deadline = Saturating.add(entered, length)
            if deadline > Int(clamping: block.height) { return }
            guard let successor = round.phases[phase].successor, round.phases.indices.contains(successor),
                passedCount < round.phases.count
            else { return nil }
            passedCount += 1
            entered = deadline
            phase = successor
            if phase == wanted { wantedEntry = entered }
        }
    }

    /// The blocks that a phase lasts.
    private static func length(
        _ duration: RoundDescriptor.Duration, _ block: BlockContext, _ stored: (Int) -> Int?
    ) -> Int? {
        switch duration {
        case .blocks(let count): return count
        case .time(let count, let unit):
            guard block.blockIntervalMilliseconds > 0 else { return nil }
            let whole = Saturating.multiply(count, unit.milliseconds)
            return max(1, Saturating.ceilingQuotient(whole, Int(clamping: block.blockIntervalMilliseconds)))
        case .slot(let slot): return stored(slot).map { max(0, $0) }
        }
    }
}
