import Crypto
import Diagnostics
import Numerics
import Semantics

extension Evaluator {
    // MARK: Phases

    /// The phase in which an instance is by time; fails NoSuchRound.
    func phaseByTime(
        _ roundIndex: Int, _ key: Value, _ activation: Activation, at span: Span
    ) throws(Failure) -> Int {
        let round = program.contracts[activation.contract].rounds[roundIndex]
        guard let moment = activation.chain.moment(of: round, key: key, at: activation.address) else {
            throw .builtin(.noSuchRound, at: span)
        }
        return moment.phase
    }

    /// Whether conditions alone lead from one phase to another; windows of no blocks on the way are passed over.
    private func isReachable(
        _ wanted: Int, from start: Int, _ phases: [Round.Phase], _ key: Value, _ activation: Activation
    ) -> Bool {
        var phase = start
        while phase != wanted {
            var isPassed = phases[phase].hasCondition
            if !isPassed, phase != start {
                isPassed = activation.chain.length(of: phases[phase], key: key, at: activation.address)?.isZero == true
            }
            guard isPassed, let successor = phases[phase].successor else { return false }
            phase = successor
        }
        return true
    }

    func actOnRound(_ statement: Statement) throws(Failure) {
        let span = statement.span
        let activation = try contract(at: span)
        let chain = activation.chain
        switch statement.kind {
        case .openRound(let index, let key, let durations):
            let round = program.contracts[activation.contract].rounds[index]
            let key = try evaluate(key)
            let lengths = try evaluate(all: durations)
            if case .integer(let stored)? = try chain.read(round.phaseField, [key], at: activation.address),
                !stored.isZero
            {
                throw .builtin(.roundExists, at: span)
            }
            try enter(0, of: round, key, activation)
            let fields = round.phases.compactMap { if case .field(let field) = $0.duration { field } else { nil } }
            for (field, length) in zip(fields, lengths) {
                try chain.write(field, [key], length, at: activation.address)
            }
        case .leavePhase(let index, let key, let phase):
            let round = program.contracts[activation.contract].rounds[index]
            let key = try evaluate(key)
            guard try phaseByTime(index, key, activation, at: span) == phase,
                let successor = round.phases[phase].successor
            else { throw .builtin(.wrongPhase, at: span) }
            try enter(successor, of: round, key, activation)
        case .phaseGuard(let index, let key, let phase, let allowed):
            let round = program.contracts[activation.contract].rounds[index]
            let key = try evaluate(key)
            let claimed = try integer(phase)
            let current = try phaseByTime(index, key, activation, at: span)
            guard let wanted = claimed.asInt64.map({ Int($0) }), allowed.contains(wanted),
                isReachable(wanted, from: current, round.phases, key, activation)
            else { throw .builtin(.wrongPhase, at: span) }
        case .sealCommit(let roundIndex, let sealedIndex, let keys, let commitment):
            let sealed = program.contracts[activation.contract].rounds[roundIndex].sealed[sealedIndex]
            let values = try evaluate(all: keys)
            let hash = try evaluate(commitment)
            let phase = try phaseByTime(roundIndex, values[0], activation, at: span)
            guard phase == sealed.commitPhase else { throw .builtin(.wrongPhase, at: span) }
            guard values.last == .bytes32(activation.caller) else { throw .builtin(.notAuthorized, at: span) }
            guard try chain.read(sealed.commitmentField, values, at: activation.address) == nil else {
                throw .builtin(.alreadyCommitted, at: span)
            }
            let others = try chain.entries(
                of: sealed.commitmentField, under: Array(values.dropLast()), at: activation.address)
            guard others.count < sealed.capacity else { throw .builtin(.capacityExceeded, at: span) }
            try chain.write(sealed.commitmentField, values, hash, at: activation.address)
        case .sealReveal(let roundIndex, let sealedIndex, let keys, let value, let salt):
            let values = try evaluate(all: keys)
            let revealed = try evaluate(value)
            try reveal(roundIndex, sealedIndex, values, revealed, salt: evaluate(salt), activation, at: span)
        default: break
        }
    }

    private func enter(_ phase: Int, of round: Round, _ key: Value, _ activation: Activation) throws(Failure) {
        let chain = activation.chain
        try chain.write(round.phaseField, [key], .integer(BigInt(phase + 1)), at: activation.address)
        try chain.write(round.enteredField, [key], .integer(BigInt(chain.height)), at: activation.address)
    }

    // MARK: Sealed values

    private func reveal(
        _ roundIndex: Int, _ sealedIndex: Int, _ keys: [Value], _ value: Value, salt: Value, _ activation: Activation,
        at span: Span
    ) throws(Failure) {
        let chain = activation.chain
        let sealed = program.contracts[activation.contract].rounds[roundIndex].sealed[sealedIndex]
        let phase = try phaseByTime(roundIndex, keys[0], activation, at: span)
        guard phase == sealed.revealPhase else { throw .builtin(.wrongPhase, at: span) }
        guard let committed = try chain.read(sealed.commitmentField, keys, at: activation.address) else {
            throw .builtin(.notCommitted, at: span)
        }
        guard try chain.read(sealed.valueField, keys, at: activation.address) == nil else {
            throw .builtin(.alreadyRevealed, at: span)
        }
        let hash = try commitment(
            activation.contract, roundIndex, sealedIndex, address: activation.address, chainID: chain.chainID,
            keys + [value, salt], at: span)
        guard hash == committed else { throw .builtin(.commitmentMismatch, at: span) }
        try chain.write(sealed.valueField, keys, value, at: activation.address)
    }

    /// BLAKE2b-256 over domain, chain, contract, "Round.field", key, author, value, salt.
    func commitment(
        _ contract: ContractID, _ roundIndex: Int, _ sealedIndex: Int, address: Bytes32, chainID: Bytes32,
        _ values: [Value], at span: Span
    ) throws(Failure) -> Value {
        let round = program.contracts[contract].rounds[roundIndex]
        let name = Value.bytes(Array("\(round.name).\(round.sealed[sealedIndex].name)".utf8))
        guard let tail = CanonicalEncoding.encode(all: [name] + values) else {
            throw .fault("a value without encoding", at: span)
        }
        return .bytes32(Blake2b.hash(Array("agon.seal.1".utf8) + chainID.bytes + address.bytes + tail))
    }
}
