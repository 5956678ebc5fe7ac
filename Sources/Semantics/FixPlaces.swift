import Diagnostics
import Syntax

extension Span {
    /// The word that stands directly before, with its place; nil where something else does.
    func precedingWord() -> (text: String, span: Span)? {
        let bytes = file.bytes
        var end = start
        while end > 0, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[end - 1]) { end -= 1 }
        var first = end
        while first > 0, (0x61...0x7A).contains(bytes[first - 1]) { first -= 1 }
        guard first < end else { return nil }
        let place = Span(file, first, end)
        return (place.text, place)
    }

    /// The name in `let name = …`: what makes it a `var`. Nil for what is bound by `if let`, a loop or a parameter
    /// list.
    var bindingFix: FixIt? {
        guard let word = precedingWord(), word.text == "let" else { return nil }
        if let before = word.span.precedingWord()?.text, ["if", "require", "try"].contains(before) { return nil }
        return FixIt(word.span, "var")
    }

    /// The text that follows, up to `count` bytes.
    /// Does `self.` stand directly before?
    var isBehindSelf: Bool {
        let before = file.text(Span(file, max(0, start - 6), start))
        return before.hasSuffix("self.") && (before.count < 6 || !(before.first?.isLetter ?? false))
    }

    func following(_ count: Int) -> String {
        file.text(Span(file, end, min(end + count, file.bytes.count)))
    }
}

extension BodyChecker {
    /// `msg.sender` and its like, which are one word here.
    static let foreignContexts = [
        "msg.sender": "caller", "tx.origin": "caller", "block.number": "height", "block.chainid": "chain",
        "msg.caller": "caller", "env.caller": "caller", "ctx.sender": "caller",
    ]

    /// What contracts of other languages know and ours do not.
    static let absentContexts = [
        "msg.value": "a payment is a parameter: action pay(payment: Token<COIN>), with 'asset COIN native'",
        "block.timestamp": "contracts count blocks: 'height'; a phase of a round may last hours or days",
        "block.difficulty": "there is no randomness in a block: a round has a 'beacon', and 'draw' uses it",
        "block.prevrandao": "there is no randomness in a block: a round has a 'beacon', and 'draw' uses it",
        "block.coinbase": "a contract does not know who made the block",
        "msg.data": "a contract sees the arguments of its action",
        "now": "contracts count blocks: 'height'; a phase of a round may last hours or days",
    ]

    /// What other languages call our free functions.
    static let foreignFunctions = [
        "keccak256": "hash", "sha3": "hash", "blake2b": "hash", "ecrecover": "verifySignature", "mulmod": "mulMod",
        "trunc": "floor",
    ]

    /// Functions of other languages that none of ours takes the place of.
    private static let absentFunctions = [
        "print": "a contract tells of what happened by events: 'emit Name(…)'",
        "println": "a contract tells of what happened by events: 'emit Name(…)'",
        "log": "a contract tells of what happened by events: 'emit Name(…)'; logarithms are ln and log2",
        "range": "a range is written 'a..<b'", "len": "a list says its length: 'xs.count'",
        "revert": "a call is ended by 'fail Error'", "panic": "a call is ended by 'fail Error'",
        "random": "chance comes from the beacon of a round: 'draw n from R[k].f using R[k].b'",
        "rand": "chance comes from the beacon of a round: 'draw n from R[k].f using R[k].b'",
        "sum": "a list has its own: 'xs.sum()'", "sorted": "a list has its own: 'xs.sorted(.ascending)'",
    ]

    /// What to do in place of calling a function that there is not.
    func absentFunction(_ name: String) -> String? {
        if let hint = Self.absentFunctions[name] { return hint }
        let meant = BuiltinType(rawValue: name)?.rawValue ?? Checker.foreignTypes[name]
        switch meant {
        case nil: return nil
        case "Address": return "an address comes as a parameter; where there may be none, the type is 'Address?'"
        case let type?: 
            return "values are not converted by calls: bind one as 'let n: \(type) = …', which checks that it fits"
        }
    }

    /// What can stand before arguments.
    var callableNames: [String] {
        let declared = scope.visibleNames.filter { name in
            switch scope.find(name)?.symbol {
            case .function, .structure, .interface: true
            default: false
            }
        }
        return declared + BuiltinFunction.allCases.filter { isTest || !$0.isTestOnly }.map(\.rawValue)
    }

    /// What other languages call members of ours.
    static let foreignMembers = [
        "length": "count", "len": "count", "size": "count", "push": "append", "push_back": "append", "add": "append",
        "includes": "contains", "has": "contains", "containsKey": "contains", "delete": "remove", "value": "amount",
        "balance": "amount", "deposit": "put", "withdraw": "take", "merge": "join", "sort": "sorted",
        "insert": "append",
    ]

    /// The member that was probably meant, of those there are.
    func memberMeant(_ name: String, among candidates: [String]) -> String? {
        if let meant = Self.foreignMembers[name], candidates.contains(meant) { return meant }
        return didYouMean(name, among: candidates)
    }

    /// What is wrong with the labels of a call whose number of arguments fits: nothing, or one report. The same labels
    /// in another order are put into order; a label that is nearly right is spelt right; any other is left to the
    /// author.
    func checkLabels(_ arguments: [ArgumentSyntax], _ names: [String]) {
        guard let wrong = zip(arguments, names).first(where: { $0.label.map { $0.name } ?? $1 != $1 }),
            let label = wrong.0.label
        else { return }
        let given = arguments.compactMap { $0.label?.name }
        var hint = "labels are the parameters' names in order: \(names.map { $0 + ":" }.joined(separator: " "))"
        var fixIt: FixIt?
        if given.count == names.count, given.sorted() == names.sorted(), Set(given).count == given.count,
            let first = arguments.first?.label, let last = arguments.last
        {
            let ordered = names.compactMap { name in arguments.first { $0.label?.name == name } }
            let text = ordered.map { "\($0.label?.name ?? ""): \($0.value.span.text)" }.joined(separator: ", ")
            hint = "labels stand in the order of the parameters"
            fixIt = FixIt(first.span.joined(last.value.span), text)
        } else if didYouMean(label.name, among: [wrong.1]) != nil {
            fixIt = FixIt(label.span, wrong.1)
        }
        report(
            .wrongArguments, "expected the label \(wrong.1), found \(label.name)", at: label.span, hint: hint,
            fixIt: fixIt)
    }
}
