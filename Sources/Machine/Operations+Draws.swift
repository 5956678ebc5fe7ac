import Bytecode
import Crypto
import Numerics
import Verifier

extension UnsafeMutablePointer<Context> {
    /// The randomness of a block that has come before this one.
    func blockRandomness(_ destination: Int, height: Int64, _ words: Words, _ homes: Homes) -> Status {
        // An integer that is not small is no height.
        guard height & 1 == 0, height >= 0, UInt64(height >> 1) < pointee.height,
            let randomness = pointee.machine.takeUnretainedValue().randomness(at: UInt64(height >> 1))
        else { return Status(.seedNotReady) }
        randomness.store(word: words + destination, home: homes + 4 * destination)
        return .ok
    }

    /// A partial Fisher–Yates shuffle of 0 ..< population: of the indices not drawn yet, the one at place
    /// i + (a number below population − i) is drawn i-th and changes places with the i-th.
    ///
    /// Only places that changed are noted, so the work grows with the indices drawn and not with the population.
    func drawIndices(
        _ word: UnsafeMutablePointer<Int64>, seed: Bytes32, _ population: Int64, _ wanted: Int64
    ) -> Status {
        guard population & 1 == 0, population >= 0, wanted & 1 == 0, wanted >= 0,
            population >> 1 <= Int64(Int32.max)
        else { return Status(.invalidArgument) }
        let population = Int(population >> 1)
        let count = Int(min(wanted >> 1, Int64(population)))
        guard charge(MachineCosts.drawnIndex * Int64(count)) else { return Status(.outOfGas) }
        guard let target = makeList(capacity: max(1, count)),
            var places = ChangedPlaces(count: count, in: self)
        else { return pointee.status }
        var source = DrawSource(seed: seed)
        for index in 0..<count {
            guard let offset = source.number(below: UInt64(population - index), in: self) else {
                return Status(.outOfGas)
            }
            let place = index + Int(offset)
            let drawn = places.value(at: place)
            places.set(places.value(at: index), at: place)
            target.listCells[index * ObjectLayout.cellWords] = UInt64(drawn) << 1
        }
        target.count = UInt32(count)
        word.pointee = reference(target)
        return .ok
    }
}

/// The places of a shuffle whose value is not their own number, in a table of open addressing in the arena.
private struct ChangedPlaces {
    /// Place plus one (0 for an empty slot) in the high half, value in the low one.
    private let slots: UnsafeMutablePointer<UInt64>
    private let mask: Int
    private let shift: UInt64

    /// Room for so many places; nil with `status` set.
    init?(count: Int, in context: UnsafeMutablePointer<Context>) {
        let bits = Int.bitWidth - max(1, count).leadingZeroBitCount + 1
        guard let memory = context.allocate(8 << bits) else { return nil }
        slots = memory.assumingMemoryBound(to: UInt64.self)
        slots.initialize(repeating: 0, count: 1 << bits)
        mask = 1 << bits - 1
        shift = UInt64(64 - bits)
    }

    private func slot(of place: Int) -> Int {
        var slot = Int((UInt64(place) &* 0x9E37_79B9_7F4A_7C15) >> shift)
        while slots[slot] != 0, slots[slot] >> 32 != UInt64(place + 1) { slot = (slot + 1) & mask }
        return slot
    }

    func value(at place: Int) -> Int {
        let entry = slots[slot(of: place)]
        return entry == 0 ? place : Int(entry & 0xFFFF_FFFF)
    }

    mutating func set(_ value: Int, at place: Int) {
        slots[slot(of: place)] = UInt64(place + 1) << 32 | UInt64(value)
    }
}

/// The random words of a draw: the four little-endian words of BLAKE2b-256(seed ‖ counter) for counters from 0 on, the
/// counter in eight bytes, little-endian.
private struct DrawSource {
    let seed: Bytes32
    private var counter: UInt64 = 0
    private var digest = Bytes32.zero
    private var usedWords = 4

    init(seed: Bytes32) { self.seed = seed }

    /// A number below the bound, all equally likely: words from the last incomplete multiple of the bound on are
    /// passed over. Nil when the gas has run out.
    mutating func number(below bound: UInt64, in context: UnsafeMutablePointer<Context>) -> UInt64? {
        // 2^64 modulo the bound words are too many.
        let excess = (0 &- bound) % bound
        while true {
            guard let word = nextWord(context) else { return nil }
            if word <= UInt64.max - excess { return word % bound }
        }
    }

    private mutating func nextWord(_ context: UnsafeMutablePointer<Context>) -> UInt64? {
        if usedWords == 4 {
            guard context.charge(MachineCosts.keyHash) else { return nil }
            digest = Blake2b.stream { [seed, counter] stream in
                stream.update(seed)
                stream.update(counter)
            }
            counter += 1
            usedWords = 0
        }
        defer { usedWords += 1 }
        return switch usedWords {
        case 0: UInt64(littleEndian: digest.word0)
        case 1: UInt64(littleEndian: digest.word1)
        case 2: UInt64(littleEndian: digest.word2)
        default: UInt64(littleEndian: digest.word3)
        }
    }
}
