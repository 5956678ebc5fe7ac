import Diagnostics
import Syntax

/// Phases of one round; a round has at most 16.
struct PhaseSet: Hashable {
    private(set) var bits: UInt64 = 0

    init() {}

    /// Phases beyond the most that a round may have are left out: they are reported where they are declared.
    init(_ phases: some Sequence<Int>) {
        for phase in phases where (0..<64).contains(phase) { bits |= 1 << UInt64(phase) }
    }

    func contains(_ phase: Int) -> Bool { (0..<64).contains(phase) && bits >> UInt64(phase) & 1 == 1 }
    func isSubset(of other: PhaseSet) -> Bool { bits & ~other.bits == 0 }
    func isDisjoint(with other: PhaseSet) -> Bool { bits & other.bits == 0 }
    mutating func formUnion(_ other: PhaseSet) { bits |= other.bits }
}

/// In which phases of which instances functions may run, over everybody who calls them.
///
/// An instance is known by its round and the immutable local that holds its key. `during` makes its phase known, and so
/// does opening it; a private function knows of a parameter what all of its callers know of the argument, so its
/// phases are the union of theirs. What nothing is known of may be in any phase.
///
/// Phases are as of the moment at which the entry point was entered: what a call does may end a phase (a `when`
/// condition comes true), and the rest of that same call then runs in the next one. For reading this is no matter, as
/// phases never come back; for writing the call counts as one step, taken in the phase in which it began.
struct PhaseReach {
    /// A write to a field of a round.
    struct Write {
        var function: FunctionID
        var field: FieldIndex
        var span: Span
        /// Nil: any phase.
        var phases: PhaseSet?
        /// Tokens leave a vault.
        var isTaking = false
    }

    /// A read of revealed values.
    struct Reading {
        var function: FunctionID
        var round: Int
        var sealed: Int
        var span: Span
        /// Nil: any phase.
        var phases: PhaseSet?
    }

    private(set) var writes: [Write] = []
    /// A use of a beacon's seed.
    struct SeedReading {
        var function: FunctionID
        var round: Int
        var beacon: Int
        var span: Span
        /// Nil: any phase.
        var phases: PhaseSet?
    }

    private(set) var readings: [Reading] = []
    private(set) var seedReadings: [SeedReading] = []

    /// For each function what it knows of its parameters; nil: nobody calls it.
    private var entryKnowledge: [Knowledge?]
    private let program: Program
    /// Functions that give back their argument, an instance's key, by contract and round.
    private var keyFunctions: [FunctionID: Int] = [:]
    /// Functions that find the phase of the instance that their argument names.
    private var phaseFunctions: [FunctionID: Int] = [:]
    /// Functions that ask the conditions of a round's phases.
    private var conditionFunctions: [FunctionID: Int] = [:]
    /// Functions that give a beacon's seed.
    private var seedFunctions: [FunctionID: (round: Int, beacon: Int)] = [:]
    /// Functions that open the instance that their first argument names.
    private var openFunctions: [FunctionID: Int] = [:]

    struct Instance: Hashable {
        var round: Int
        var key: LocalID
    }
    typealias Knowledge = [Instance: PhaseSet]

    /// For programs without recursion.
    init(_ checker: Checker, _ calls: CallGraph) {
        program = checker.program
        entryKnowledge = Array(repeating: nil, count: program.functions.count)
        for record in checker.contracts {
            for (index, round) in record.rounds.enumerated() {
                let facts = program.contracts[record.id].rounds[index]
                for id in [round.touchFunction, round.lookFunction] { keyFunctions[id] = index }
                for id in [facts.advanceFunction, facts.currentFunction] {
                    phaseFunctions[id] = index
                    conditionFunctions[id] = index
                }
                for (position, beacon) in facts.beacons.enumerated() {
                    conditionFunctions[beacon.heightFunction] = index
                    seedFunctions[beacon.seedFunction] = (index, position)
                }
                openFunctions[facts.openFunction] = index
            }
        }
        for id in calls.calleesFirst.reversed() where program.functions[id].contract != nil { follow(id) }
    }

    /// The phases that the instance whose key is this parameter may be in where the function begins; nil: any.
    func phases(of round: Int, parameter: LocalID, in function: FunctionID) -> PhaseSet? {
        entryKnowledge[function]?[Instance(round: round, key: parameter)]
    }

    // MARK: Bodies

    private mutating func follow(_ id: FunctionID) {
        let function = program.functions[id]
        let isPrivate = function.kind == .function
        var body = Body(id: id, locals: function.locals)
        var knowledge = isPrivate ? entryKnowledge[id] ?? [:] : [:]
        // An instance that is being opened is in no phase yet.
        if let round = openFunctions[id] { knowledge[Instance(round: round, key: 0)] = PhaseSet() }
        if let round = conditionFunctions[id] {
            followConditions(function.body, round, &body, knowledge)
        } else {
            follow(function.body, &body, &knowledge)
        }
    }

    /// What is known within one body, whatever the path.
    private struct Body {
        let id: FunctionID
        let locals: [Local]
        /// Immutable locals that are copies of others.
        var aliases: [LocalID: LocalID] = [:]
    }

    /// A `when` condition is asked of an instance in its own phase.
    private mutating func followConditions(
        _ statements: [Statement], _ round: Int, _ body: inout Body, _ knowledge: Knowledge
    ) {
        for statement in statements {
            var known = knowledge
            if case .conditional(let condition, _, _) = statement.kind,
                case .equal(_, let right) = condition.kind, case .integer(let phase) = right.kind,
                let phase = phase.asInt64
            {
                known[Instance(round: round, key: 0)] = PhaseSet([Int(phase)])
            }
            follow([statement], &body, &known)
        }
    }

    private mutating func follow(_ statements: [Statement], _ body: inout Body, _ knowledge: inout Knowledge) {
        for statement in statements {
            for operand in statement.operands {
                operand.visit { self.record($0, body, knowledge) }
            }
            record(statement, body, knowledge)
            learn(from: statement, &body, &knowledge)
            for block in statement.blocks {
                var inner = knowledge
                follow(block, &body, &inner)
            }
        }
    }

    /// What holds after the statement, in the rest of its block.
    private func learn(from statement: Statement, _ body: inout Body, _ knowledge: inout Knowledge) {
        switch statement.kind {
        case .bind(let local, let value) where !body.locals[local].isVariable:
            if let original = keyLocal(value, body) { body.aliases[local] = original }
        case .phaseGuard(let round, let key, _, let allowed):
            if let key = keyLocal(key, body) { knowledge[Instance(round: round, key: key)] = PhaseSet(allowed) }
        case .evaluate(let value):
            guard case .call(let id, let arguments) = value.kind, let round = openFunctions[id],
                let contract = program.functions[id].contract,
                let key = arguments.first.flatMap({ keyLocal($0, body) })
            else { return }
            knowledge[Instance(round: round, key: key)] = PhaseSet(
                program.contracts[contract].rounds[round].openingPhases)
        default: break
        }
    }

    /// The immutable local that a key comes from.
    private func keyLocal(_ key: Expression, _ body: Body) -> LocalID? {
        switch key.kind {
        case .local(let id) where !body.locals[id].isVariable: return body.aliases[id] ?? id
        case .call(let id, let arguments) where keyFunctions[id] != nil:
            return arguments.first.flatMap { keyLocal($0, body) }
        default: return nil
        }
    }

    private func phases(of round: Int, _ key: Expression?, _ body: Body, _ knowledge: Knowledge) -> PhaseSet? {
        key.flatMap { keyLocal($0, body) }.flatMap { knowledge[Instance(round: round, key: $0)] }
    }

    // MARK: What is found

    private mutating func record(_ statement: Statement, _ body: Body, _ knowledge: Knowledge) {
        switch statement.kind {
        case .assign(let place, _), .append(let place, _):
            guard case .state(let field, let keys) = place.base else { return }
            write(field, keys, statement.span, body, knowledge)
        case .mapRemove(let field, let keys): write(field, keys, statement.span, body, knowledge)
        case .vaultPut(let place, _): write(place.field, place.keys, statement.span, body, knowledge)
        case .forTokens(_, _, _, let remainder, _, _):
            write(remainder.field, remainder.keys, statement.span, body, knowledge)
        case .sealCommit(let round, let sealed, let keys, _), .sealReveal(let round, let sealed, let keys, _, _):
            guard let contract = program.functions[body.id].contract else { return }
            let facts = program.contracts[contract].rounds[round].sealed[sealed]
            let isCommit = if case .sealCommit = statement.kind { true } else { false }
            write(isCommit ? facts.commitmentField : facts.valueField, keys, statement.span, body, knowledge)
        // Where a seed may be asked for is checked where that is done.
        case .forSealed where seedFunctions[body.id] != nil: break
        case .forSealed(_, _, let round, let sealed, let key, _):
            readings.append(
                Reading(
                    function: body.id, round: round, sealed: sealed, span: key.span,
                    phases: phases(of: round, key, body, knowledge)))
        default: break
        }
    }

    private mutating func record(_ expression: Expression, _ body: Body, _ knowledge: Knowledge) {
        switch expression.kind {
        case .vaultTake(let place, _), .vaultTakeAll(let place):
            write(place.field, place.keys, expression.span, body, knowledge, isTaking: true)
        case .stateFind(let field, let keys):
            guard let contract = program.functions[body.id].contract,
                case .sealedValue(let round) = program.contracts[contract].fields[field].kind,
                let sealed = program.contracts[contract].rounds[round].sealed.firstIndex(where: {
                    $0.valueField == field
                })
            else { return }
            readings.append(
                Reading(
                    function: body.id, round: round, sealed: sealed, span: expression.span,
                    phases: phases(of: round, keys.first, body, knowledge)))
        case .call(let callee, let arguments):
            if let (round, beacon) = seedFunctions[callee] {
                seedReadings.append(
                    SeedReading(
                        function: body.id, round: round, beacon: beacon, span: expression.span,
                        phases: phases(of: round, arguments.first, body, knowledge)))
            }
            meet(callee, arguments, body, knowledge)
        default: break
        }
    }

    private mutating func write(
        _ field: FieldIndex, _ keys: [Expression], _ span: Span, _ body: Body, _ knowledge: Knowledge,
        isTaking: Bool = false
    ) {
        guard let contract = program.functions[body.id].contract,
            let round = program.contracts[contract].fields[field].roundIndex
        else { return }
        writes.append(
            Write(
                function: body.id, field: field, span: span, phases: phases(of: round, keys.first, body, knowledge),
                isTaking: isTaking))
    }

    /// The callee knows what every caller knows.
    private mutating func meet(_ callee: FunctionID, _ arguments: [Expression], _ body: Body, _ knowledge: Knowledge) {
        guard let contract = program.functions[callee].contract else { return }
        var given: Knowledge = [:]
        for (position, argument) in arguments.enumerated() {
            guard let key = keyLocal(argument, body) else { continue }
            for round in program.contracts[contract].rounds.indices {
                guard let phases = knowledge[Instance(round: round, key: key)] else { continue }
                given[Instance(round: round, key: position)] = phases
            }
        }
        guard let known = entryKnowledge[callee] else {
            entryKnowledge[callee] = given
            return
        }
        var both: Knowledge = [:]
        for (instance, phases) in known {
            guard let others = given[instance] else { continue }
            both[instance] = phases
            both[instance]?.formUnion(others)
        }
        entryKnowledge[callee] = both
    }
}

extension Round {
    /// The phases in which an instance can be at the height at which it is opened.
    var openingPhases: [Int] {
        var found: [Int] = []
        var next: Int? = phases.isEmpty ? nil : 0
        while let phase = next, phases.indices.contains(phase) {
            found.append(phase)
            let mayBeEmpty = if case .field = phases[phase].duration { true } else { false }
            next = phases[phase].hasCondition || mayBeEmpty ? phases[phase].successor : nil
        }
        return found
    }
}

extension Checker {
    /// Reports every write to a field of a round where an instance may be in a phase in which the field is frozen.
    /// - Parameters:
    ///   - declaration: Where it is said that the field is frozen.
    ///   - reason: Completes "stays as it is …", for instance "from drawing on".
    ///   - exempt: Functions that may write nevertheless.
    ///   - isTakingAlone: Of a vault: tokens may be put into it.
    func reportFrozenWrites(
        to field: FieldIndex, of contract: ContractID, in frozen: PhaseSet, declaredAt declaration: Span,
        reason: String, exempt: Set<FunctionID> = [], isTakingAlone: Bool = false, _ reach: PhaseReach
    ) {
        guard let round = program.contracts[contract].fields[field].roundIndex else { return }
        let facts = program.contracts[contract].rounds[round]
        for write in reach.writes
        where write.field == field && program.functions[write.function].contract == contract
            && !exempt.contains(write.function) && (write.isTaking || !isTakingAlone)
        {
            if let phases = write.phases, phases.isDisjoint(with: frozen) { continue }
            let open = facts.phases.indices.filter { !frozen.contains($0) }.map { facts.phases[$0].name }
            let place = write.phases == nil ? "in a phase that is not known" : "in such a phase"
            let name = program.contracts[contract].fields[field].name
            report(
                .frozenState, "\(name) stays as it is \(reason)", at: write.span,
                label: "written here \(place)", also: [Label(declaration, "frozen by this")],
                hint: open.isEmpty
                    ? "it can be set only where the round is opened"
                    : "write it in what runs `during \(facts.name)[key].\(open.joined(separator: " or "))`")
        }
    }

    /// Revealed values are read only where they may be known.
    func checkSealedReadings(_ reach: PhaseReach) {
        for reading in reach.readings where !functions[reading.function].hasErrors {
            let function = program.functions[reading.function]
            guard let contract = function.contract else { continue }
            let round = program.contracts[contract].rounds[reading.round]
            let facts = round.sealed[reading.sealed]
            guard round.phases.indices.contains(facts.revealPhase) else { continue }
            let allowed = PhaseSet(facts.revealPhase..<round.phases.count)
            if let phases = reading.phases, phases.isSubset(of: allowed) { continue }
            let phase = round.phases[facts.revealPhase].name
            let clause = "during \(round.name)[key].\(phase)"
            report(
                .sealedUnreadable, "\(facts.name) may not be revealed yet", at: reading.span,
                label: "read before \(phase) is sure",
                also: [
                    Label(
                        contracts[contract].rounds[reading.round].sealed[reading.sealed].syntax.revealPhase.span,
                        "values come with this phase")
                ],
                hint: function.kind == .function
                    ? "whatever calls \(function.name) with this key must be declared `\(clause)` or a later phase"
                    : "declare it `\(clause)` or a later phase")
        }
    }
}
