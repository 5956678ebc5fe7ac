import Diagnostics
import Numerics
import Syntax

/// Checks one body: its names, types, conversions and statements. Linearity and effects are checked afterwards on the
/// result.
final class BodyChecker {
    enum Kind {
        case function(Function.Kind)
        case free
        case test
        case constant
    }

    struct LocalName {
        var id: LocalID
        var span: Span
        var isVariable: Bool
        /// Of immutable locals: what is known beyond the type.
        var range: ValueRange?
    }

    /// Inside a round (conditions, `else` clauses, roles): its fields and key by bare name.
    struct RoundNames {
        var roundIndex: Int
        var key: LocalID
    }

    /// What `during` has established.
    struct During {
        var roundIndex: Int
        var phase: Int
        var key: LocalID
        /// What the source says for the key.
        var given: Expression?
    }

    /// An instance that a block has opened, with the immutable local that holds its key.
    struct Opened {
        var roundIndex: Int
        var key: LocalID
        /// What the source says for the key.
        var given: Expression
    }

    struct Loop {
        /// `split` loops hand parts over one by one: leaving early would lose the rest.
        var isSplit: Bool
        /// The map field that is being iterated.
        var field: FieldIndex?
    }

    let checker: Checker
    let kind: Kind
    private(set) var scope: NameScope
    let contract: ContractID?
    /// In a component: the use that the body belongs to.
    private(set) var use: UseRecord?
    var locals: [Local] = []
    var blocks: [[String: LocalName]] = [[:]]
    /// Instances opened in the blocks around: nothing can have changed their phase since.
    var openedInstances: [[Opened]] = [[]]
    var resultType: Type = .nothing
    var during: During?
    var roundNames: RoundNames?
    var loops: [Loop] = []
    /// Sizes that the signature names: Int locals that tensor types may name too.
    var sizeNames: Set<String> = []
    /// The body of a bench; whether a `measure` stands in it.
    var isInBench = false
    var hasMeasure = false
    /// Round accesses store phases (actions) or only compute them (views and what views call).
    var storesPhases = false

    init(_ checker: Checker, kind: Kind, scope: NameScope, contract: ContractID?, use: UseRecord? = nil) {
        self.checker = checker
        self.kind = kind
        self.scope = scope
        self.contract = contract
        self.use = use
    }

    var program: Program { checker.program }
    var record: ContractRecord? { contract.map { checker.contracts[$0] } }
    var typedContract: Contract? { contract.map { checker.program.contracts[$0] } }

    var isTest: Bool { if case .test = kind { true } else { false } }
    /// May state and context be used?
    var isInContract: Bool { if case .function = kind { true } else { false } }

    /// Makes the names of a component visible in place of the contract's.
    func inUse<Result>(_ use: UseRecord?, _ body: () -> Result) -> Result {
        guard let use else { return body() }
        let outer = (scope, self.use)
        (scope, self.use) = (use.scope, use)
        defer { (scope, self.use) = outer }
        return checker.within(use, body)
    }

    /// The name of an event or error as the contract's table has it.
    func qualified(_ name: String) -> String { use?.qualified(name) ?? name }

    // MARK: Reports

    func report(
        _ code: DiagnosticCode, _ message: String, at span: Span, label: String = "", also: [Label] = [],
        hint: String? = nil, fixIt: FixIt? = nil
    ) {
        checker.report(code, message, at: span, label: label, also: also, hint: hint, fixIt: fixIt)
    }

    func name(_ type: Type) -> String { checker.typeName(type, in: contract) }

    func invalid(_ span: Span) -> Checked { .invalid(span) }

    // MARK: Locals

    /// A local that sources cannot name.
    func addTemporary(_ type: Type, _ name: String = "temporary") -> LocalID {
        locals.append(Local(name: name, type: type, isVariable: false))
        return locals.count - 1
    }

    func declareLocal(
        _ name: Identifier, _ type: Type, isVariable: Bool = false, range: ValueRange? = nil
    ) -> LocalID {
        let id = locals.count
        locals.append(Local(name: name.name, type: type, isVariable: isVariable))
        enter(name, LocalName(id: id, span: name.span, isVariable: isVariable, range: isVariable ? nil : range))
        return id
    }

    /// Makes a local visible in the innermost block.
    func enter(_ name: Identifier, _ local: LocalName) {
        checker.reportIfReserved(name)
        if let first = firstDeclaration(name.name) {
            checker.reportDuplicate(name.name, at: name.span, first: first)
        }
        blocks[blocks.count - 1][name.name] = local
    }

    private func firstDeclaration(_ name: String) -> Span? {
        if let local = findLocal(name) { return local.span }
        // Functions, events, errors and roles are never values: a local may have the name of one.
        guard let declared = scope.find(name), declared.symbol.isValue else { return nil }
        // Tests look at contracts from outside: state is not visible in them.
        if isTest, case .field = declared.symbol { return nil }
        return declared.span
    }

    func findLocal(_ name: String) -> LocalName? {
        for block in blocks.reversed() {
            if let local = block[name] { return local }
        }
        return nil
    }

    func inBlock<Result>(_ body: () -> Result) -> Result {
        blocks.append([:])
        openedInstances.append([])
        defer {
            blocks.removeLast()
            openedInstances.removeLast()
        }
        return body()
    }

    func localExpression(_ id: LocalID, _ span: Span) -> Expression { Expression(.local(id), locals[id].type, span) }

    /// All names that an expression could use here, for suggestions.
    var visibleNames: [String] {
        blocks.flatMap { $0.keys.sorted() } + scope.visibleNames + ContextName.allCases.map(\.rawValue)
            + BuiltinFunction.allCases.filter { isTest || !$0.isTestOnly }.map(\.rawValue)
    }

    // MARK: Statements made by the compiler

    func integer(_ value: Int, _ type: IntegerType? = nil, _ span: Span) -> Expression {
        let range = ValueRange(BigInt(value))
        return Expression(.integer(BigInt(value)), .integer(type ?? range.exactType), span)
    }

    func failure(_ error: BuiltinError, _ span: Span) -> Statement { Statement(.fail(.builtin(error), []), span) }

    /// `if condition { fail … }`
    func failing(_ error: BuiltinError, when condition: Expression, _ span: Span) -> Statement {
        Statement(.conditional(condition, then: [failure(error, span)], otherwise: []), span)
    }

    func failing(_ error: BuiltinError, unless condition: Expression, _ span: Span) -> Statement {
        Statement(.conditional(condition, then: [], otherwise: [failure(error, span)]), span)
    }
}
