import Crypto
import Numerics
import Reference
import Semantics

/// Whether it matters in which batches a settlement is pushed.
///
/// A contract is deployed once more, an instance of its round is filled by random calls until its settlement may begin,
/// and the settlement is then run twice from that state: in as few pushes as its `max` allows, with all the gas there
/// is; and in batches of random sizes, at several heights, by several callers, many with less gas than they need. A
/// push that runs out of gas must change nothing. Both ways must handle equally many elements, set the same ones aside
/// with the same amounts, give the same events in the same order, and end in the same state and with the same books, in
/// the machine (every entry's bytes) and in the reference evaluator (every field's entries).
///
/// Not held equal, for it is meant to differ:
/// - what each caller has: fees go to whoever pushes. Of the callers' balances the sums are compared, for each asset.
/// - the height of the last push: the next phase is entered there, so both ways make their last push at the same one.
///
/// Nothing else may differ, since the compiler refuses element code that reads `caller`, `height`, how far the fold has
/// come, or the vault that pays the fees. Two things it does not see, and generated element code has neither: the phase
/// or the seed of another round, which follow from the height of the push, and calls of another contract that reads the
/// height (`Helper` does not). No other calls are made between pushes: what a tip or a collected share comes to may
/// well depend on how far the fold has come. A fold that runs out of memory is passed over.
public struct SettlementBatches {
    /// What was compared.
    public struct Tally: Sendable {
        /// Settlements run in both ways to their ends, in both worlds.
        public var settlements = 0
        public var elements = 0
        public var elementsSetAside = 0
        /// Pushes of the second way.
        public var pushes = 0
        /// Those among them that had too little gas.
        public var pushesOutOfGas = 0

        public init() {}

        public mutating func add(_ other: Tally) {
            settlements += other.settlements
            elements += other.elements
            elementsSetAside += other.elementsSetAside
            pushes += other.pushes
            pushesOutOfGas += other.pushesOutOfGas
        }

        /// In words.
        public var summary: String {
            "\(settlements) settlements at once and in batches (\(elements) elements, \(elementsSetAside) set aside; "
                + "\(pushes) pushes, \(pushesOutOfGas) out of gas)"
        }
    }

    private var tally = Tally()
    private let world: PairedWorld
    private let program: Program
    private let target: (address: Bytes32, contract: ContractID)
    private let settlement: Round.Settlement
    private let roundIndex: Int
    private let fullGas: Int64

    /// Draws of a key before no instance is believed to be open.
    private static let keyAttempts = 8
    /// Blocks to wait for the settlement's phase at most.
    private static let waitLimit = 12
    /// Pushes of random size and gas; then the rest is pushed as fast as it goes.
    private static let randomPushes = 40
    private static let largestCount = (BigInt.one << 31) - 1

    /// Compares every settlement of every contract, and gives what differs, in words, with the tally.
    static func run(
        _ calls: inout RandomCalls, of program: Program, in world: PairedWorld
    ) -> (difference: String?, tally: Tally) {
        var tally = Tally()
        for (contract, declaration) in program.contracts.enumerated() {
            for (index, round) in declaration.rounds.enumerated() {
                for settlement in round.settlements {
                    guard world.disagreement == nil, let target = calls.deploy(contract) else { continue }
                    var batches = SettlementBatches(world, program, target, settlement, roundIndex: index)
                    let difference = batches.run(&calls)
                    tally.add(batches.tally)
                    if let difference { return ("\(round.name).\(settlement.name): \(difference)", tally) }
                }
            }
        }
        return (nil, tally)
    }

    private init(
        _ world: PairedWorld, _ program: Program, _ target: (address: Bytes32, contract: ContractID),
        _ settlement: Round.Settlement, roundIndex: Int
    ) {
        self.world = world
        self.program = program
        self.target = target
        self.settlement = settlement
        self.roundIndex = roundIndex
        fullGas = world.machine.gasLimit
    }

    private mutating func run(_ calls: inout RandomCalls) -> String? {
        guard let key = openKey(&calls) else { return nil }
        fill(key, &calls)
        guard waitUntilItMayBegin(key, &calls) else { return nil }
        let extraBlocks = calls.values.random.below(4)
        let eventCount = world.events.count
        let mark = world.checkpoint()
        let whole = runAtOnce(key, extraBlocks, &calls)
        let wholeEnding = Ending(world, callers: RandomCalls.actors)
        world.rollBack(to: mark)
        let (elements, gas): (Int, Int64)
        switch whole {
        case .done(let count, let most): (elements, gas) = (count, most)
        case .withoutMemory: return nil
        case .different(let text): return text
        }
        switch runInBatches(key, elements, gas, extraBlocks, &calls) {
        case .done: break
        case .withoutMemory: return nil
        case .different(let text): return text
        }
        guard world.disagreement == nil else { return nil }
        let ending = Ending(world, callers: RandomCalls.actors)
        if let difference = wholeEnding.difference(from: ending, program) {
            return "\(elements) elements at once and in batches: \(difference)"
        }
        guard !world.isReferenceDropped else { return nil }
        tally.settlements += 1
        tally.elements += elements
        tally.elementsSetAside += world.events[eventCount...].count {
            $0.address == target.address && $0.index == settlement.setAsideEvent
        }
        return nil
    }

    // MARK: Before the settlement

    private var keyParameter: NamedType { program.functions[settlement.pushFunction].parameters[0] }

    /// A key under which the round is open; nil when none is drawn.
    private func openKey(_ calls: inout RandomCalls) -> Value? {
        for _ in 0..<Self.keyAttempts {
            guard let key = calls.values.value(keyParameter.type) else { return nil }
            guard case .language(.builtin(.noSuchRound))? = probe(key) else { return key }
        }
        return nil
    }

    /// Why a push of nothing fails just now; nil when it does not. Changes nothing.
    private func probe(_ key: Value) -> Failure.Cause? {
        let mark = world.checkpoint()
        defer { world.rollBack(to: mark) }
        do throws(Failure) {
            _ = try push(key, .zero, by: RandomCalls.actors[0])
            return nil
        } catch {
            return error.cause
        }
    }

    /// Random calls of actions that take the instance's key, most of them of those that run before the settlement
    /// alone, such as the ones that fill its map.
    private func fill(_ key: Value, _ calls: inout RandomCalls) {
        let actions = program.contracts[target.contract].functions.filter { id in
            guard case .action = program.functions[id].kind else { return false }
            return keyIndex(of: id) != nil
        }
        let early = actions.filter { id in
            program.functions[id].during.map { $0.roundIndex == roundIndex && $0.phase < settlement.phase } ?? false
        }
        for _ in 0..<6 + calls.values.random.below(10) where world.disagreement == nil {
            let choices = early.isEmpty || calls.values.random.oneIn(6) ? actions : early
            guard let function = calls.values.random.pick(choices), let index = keyIndex(of: function) else { return }
            calls.call(function, target, with: key, at: index)
        }
    }

    private func keyIndex(of function: FunctionID) -> Int? {
        program.functions[function].parameters.firstIndex {
            $0.name == keyParameter.name && $0.type == keyParameter.type
        }
    }

    /// Advances while a push fails with WrongPhase; false when none succeeds after that.
    private func waitUntilItMayBegin(_ key: Value, _ calls: inout RandomCalls) -> Bool {
        for _ in 0...Self.waitLimit {
            guard let cause = probe(key) else { return true }
            guard case .language(.builtin(.wrongPhase)) = cause else { return false }
            calls.advance(blocks: 1)
        }
        return false
    }

    // MARK: Pushes

    private enum Run {
        /// All elements, so many, and the most gas that a push of them took.
        case done(elements: Int, gas: Int64)
        case withoutMemory
        /// In words.
        case different(String)
    }

    /// Elements handled.
    private func push(_ key: Value, _ count: BigInt, by actor: Bytes32) throws(Failure) -> Int {
        let handled = try world.call(
            settlement.pushFunction, of: target.contract, at: target.address, arguments: [key, .integer(count)],
            actor: actor)
        guard case .integer(let number) = handled, let number = number.asInt64 else {
            throw Failure(.fault, detail: "a push gives no number")
        }
        return Int(number)
    }

    private func runAtOnce(_ key: Value, _ extraBlocks: Int, _ calls: inout RandomCalls) -> Run {
        calls.advance(blocks: extraBlocks)
        let actor = calls.anyActor()
        var (elements, gas) = (0, Int64(0))
        while true {
            calls.notePush(Self.largestCount, gas: fullGas)
            do throws(Failure) {
                let handled = try push(key, Self.largestCount, by: actor)
                gas = max(gas, world.lastGasUsed)
                if handled == 0 { return .done(elements: elements, gas: gas) }
                elements += handled
            } catch {
                // The phase ends with the last element.
                if case .language(.builtin(.wrongPhase)) = error.cause, elements > 0 {
                    return .done(elements: elements, gas: gas)
                }
                if case .language(.builtin(.outOfMemory)) = error.cause { return .withoutMemory }
                return .different("a push of all fails with \(error.name(in: program)), though one of none does not")
            }
        }
    }

    private mutating func runInBatches(
        _ key: Value, _ elements: Int, _ gas: Int64, _ extraBlocks: Int, _ calls: inout RandomCalls
    ) -> Run {
        var (left, blocksLeft, turn) = (elements, extraBlocks, 0)
        defer { world.machine.gasLimit = fullGas }
        while world.disagreement == nil {
            let isHurried = turn >= Self.randomPushes
            turn += 1
            let size = isHurried ? left : calls.values.random.pick([0, 1, 1, 2, 3, 5, left]) ?? 1
            if min(size, settlement.maximum) >= left {
                calls.advance(blocks: blocksLeft)
                blocksLeft = 0
            } else if blocksLeft > 0, calls.values.random.oneIn(4) {
                calls.advance(blocks: 1)
                blocksLeft -= 1
            }
            let limit =
                isHurried || calls.values.random.oneIn(2) ? fullGas : Int64(calls.values.random.below(Int(2 * gas)))
            world.machine.gasLimit = limit
            calls.notePush(BigInt(size), gas: limit)
            tally.pushes += 1
            let before = world.machine.state
            do throws(Failure) {
                let handled = try push(key, BigInt(size), by: calls.anyActor())
                let expected = min(size, settlement.maximum, left)
                guard handled == expected else {
                    return .different("a push of \(size) handles \(handled) of \(left) elements, not \(expected)")
                }
                left -= handled
                if left == 0 { return .done(elements: elements, gas: gas) }
            } catch {
                switch error.cause {
                case .language(.builtin(.outOfGas)), .language(.builtin(.insufficientGas)):
                    tally.pushesOutOfGas += 1
                    let after = world.machine.state
                    guard after.entries == before.entries, after.events == before.events else {
                        return .different("a push of \(size) without the gas for it changes something")
                    }
                case .language(.builtin(.outOfMemory)): return .withoutMemory
                default:
                    return .different("a push of \(size) fails with \(error.name(in: program)), one of all does not")
                }
            }
        }
        return .done(elements: elements, gas: gas)
    }
}
