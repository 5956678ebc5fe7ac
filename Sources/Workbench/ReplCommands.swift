import Crypto
import Diagnostics
import Harness
import Numerics
import Reference
import Semantics
import Syntax

/// The commands of a session; any unambiguous beginning of a name will do.
enum ReplCommand: String, CaseIterable {
    case help, load, type, state, contracts, events, gas, height, snapshot, back, quit

    var usage: String {
        switch self {
        case .help: ":help                 this list"
        case .load: ":load FILE            declare what a file declares"
        case .type: ":type EXPRESSION      its type, without evaluating it"
        case .state: ":state NAME           the state of the contract that a variable holds"
        case .contracts: ":contracts            contracts that can be deployed, with their actions and views"
        case .events: ":events               all events so far"
        case .gas: ":gas on|off           show the gas of calls"
        case .height: ":height               the block height"
        case .snapshot: ":snapshot             remember the world"
        case .back: ":back                 return to the last snapshot"
        case .quit: ":quit                 leave"
        }
    }
}

extension ReplSession {
    static let introduction = [
        "Agon. Expressions are shown, statements are run, declarations are kept; :help lists the commands, Ctrl-D "
            + "leaves.",
        "An empty line ends an input that is not complete; Ctrl-C twice stops what runs too long, and the session with "
            + "it.",
        "let alice = actor(\"alice\") · let c = deploy Counter(10) as alice · c.increment(2) as alice · advance 5 "
            + "blocks",
    ]

    /// What to say at the beginning.
    public static var greeting: [String] { introduction }

    func runCommand(_ line: String) -> Reply {
        let parts = line.split(separator: " ", maxSplits: 1)
        let word = parts.first.map(String.init) ?? ""
        let rest = parts.count > 1 ? String(parts[1]).trimmedSpaces : ""
        let matches = ReplCommand.allCases.filter { $0.rawValue.hasPrefix(word) }
        guard let command = ReplCommand(rawValue: word) ?? (matches.count == 1 ? matches[0] : nil) else {
            return Reply(notes: ["error: no command `:\(word)`; :help lists them"], isError: true)
        }
        switch command {
        case .help: return Reply(results: ReplCommand.allCases.map(\.usage))
        case .load: return load(rest)
        case .type: return typeOf(rest)
        case .state: return stateOf(rest)
        case .contracts: return Reply(results: project.program.contracts.indices.map(summary))
        case .events: return Reply(results: world.events.map { text(of: $0) })
        case .gas:
            showsGas = rest != "off"
            return Reply()
        case .height: return Reply(results: ["\(world.height)"])
        case .snapshot:
            snapshots.append(world.checkpoint())
            return Reply(notes: ["snapshot \(snapshots.count)"])
        case .back:
            guard let snapshot = snapshots.popLast() else {
                return Reply(notes: ["error: there is no snapshot"], isError: true)
            }
            world.rollBack(to: snapshot)
            return Reply(notes: ["height \(world.height)"])
        case .quit: return Reply(isEnd: true)
        }
    }

    private func summary(_ contract: ContractID) -> String {
        let program = project.program
        let declaration = program.contracts[contract]
        let entries = declaration.functions.map { program.functions[$0] }
        let actions = entries.filter { $0.kind == .action }.map(\.name)
        let views = entries.filter { $0.kind == .view }.map(\.name)
        return "\(declaration.name): actions \(actions.joined(separator: " ")); views \(views.joined(separator: " "))"
    }

    private func typeOf(_ text: String) -> Reply {
        let bag = DiagnosticBag()
        let syntax = parseStatements(SourceFile(path: "input", text: text), into: bag)
        guard !bag.hasErrors, let steps = checker.check(syntax.statements, into: bag) else { return refused(bag) }
        guard case .value(let expression)? = steps.first, steps.count == 1 else {
            return Reply(notes: ["error: that is not an expression with a value"], isError: true)
        }
        return Reply(results: [project.program.name(expression.type, in: nil)])
    }

    private func stateOf(_ name: String) -> Reply {
        guard let local = checker.locals.lastIndex(where: { $0.name == name }), local < evaluator.locals.count,
            case .contract(let contract, let address)? = evaluator.locals[local]
        else { return Reply(notes: ["error: no variable `\(name)` holds a contract"], isError: true) }
        let program = project.program
        let values = ValueText(program: program)
        var lines: [String] = []
        for (index, field) in program.contracts[contract].fields.enumerated() {
            for entry in world.reference.stateEntries(of: index, at: address) {
                let keys = zip(entry.keys, field.keyTypes).map { "[\(values.text($0, as: $1))]" }.joined()
                let value =
                    phaseName(entry.value, of: index, in: program.contracts[contract])
                    ?? values.text(entry.value, as: field.valueType)
                lines.append("\(field.name)\(keys) = \(value)")
            }
        }
        return Reply(results: lines)
    }

    /// `.over` for the value of a round's phase; nil for other fields. Phases are counted from one: zero is not open.
    private func phaseName(_ value: Value, of field: FieldIndex, in contract: Contract) -> String? {
        guard case .integer(let number) = value, let count = number.asInt64, count > 0,
            let round = contract.rounds.first(where: { $0.phaseField == field }),
            round.phases.indices.contains(Int(count) - 1)
        else { return nil }
        return ".\(round.phases[Int(count) - 1].name)"
    }

    /// Names that may complete a word.
    public func completions(for word: String) -> [String] {
        if word.hasPrefix(":") { return ReplCommand.allCases.map { ":\($0.rawValue)" }.filter { $0.hasPrefix(word) } }
        var names = Set(checker.locals.map(\.name))
        for contract in project.program.contracts { names.insert(contract.name) }
        for function in project.program.functions { names.insert(function.name) }
        names.formUnion([
            "let", "var", "deploy", "expect", "advance", "actor", "balance", "grant", "holdings", "height",
            "commitment", "vrfKey", "vrfProof",
        ])
        return names.filter { $0.hasPrefix(word) }.sorted()
    }
}

extension String {
    var trimmedSpaces: String {
        var text = Substring(self)
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
