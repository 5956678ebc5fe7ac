import Diagnostics
import Numerics
import Syntax

/// Checks files and lowers them to the typed core. Nil when anything is wrong; the bag then says what. Imports are
/// matched to the other files by path.
public func check(files: [FileSyntax], into bag: DiagnosticBag) -> Program? {
    check(SourceProgram(files: files, into: bag), into: bag)
}

/// The same for files whose imports are resolved.
public func check(_ sources: SourceProgram, into bag: DiagnosticBag) -> Program? {
    let checker = Checker(sources, into: bag)
    onDeepStack { checker.run() }
    return bag.hasErrors ? nil : checker.program
}

/// Everything known while a program is checked. Passes run in order: names, types and signatures, bodies, whole-
/// program rules.
final class Checker {
    let sources: SourceProgram
    let bag: DiagnosticBag
    let followUps: FollowUps
    var program = Program()
    var fileScopes: [NameScope] = []
    var structs: [TypeRecord<StructSyntax>] = []
    var enums: [TypeRecord<EnumSyntax>] = []
    var interfaces: [TypeRecord<InterfaceSyntax>] = []
    var constants: [ConstantRecord] = []
    var contracts: [ContractRecord] = []
    /// Parallel to `program.functions`.
    var functions: [FunctionRecord] = []
    var tests: [TestRecord] = []
    var suites: [SuiteRecord] = []
    /// Where the suite is used whose tests are being checked.
    var currentSuiteUse: Span?
    var components: [ComponentRecord] = []
    /// Of each file its components by name.
    var componentsOfFile: [[String: ComponentRecord]] = []
    var numberedComponentCount = 0
    /// How many there are without those made for components that nothing uses.
    var contractCount = 0
    var functionCount = 0
    /// The file whose declarations are being numbered.
    var currentFile = 0
    /// The use whose component is being checked.
    var currentUse: UseRecord?
    /// What has been reported in components, and how often something was not said again, or not at all.
    private var saidInComponents: Set<String> = []
    var repeatedCount = 0
    var isEvaluatingConstant = false
    /// Reports, said or not.
    var complaintCount: Int { bag.diagnostics.count + repeatedCount }

    init(_ sources: SourceProgram, into bag: DiagnosticBag) {
        self.sources = sources
        self.bag = bag
        followUps = FollowUps(sources)
    }

    /// The same knowledge with another bag: for trying something out.
    init(_ other: Checker, into bag: DiagnosticBag) {
        sources = other.sources
        followUps = other.followUps
        self.bag = bag
        program = other.program
        fileScopes = other.fileScopes
        structs = other.structs
        enums = other.enums
        interfaces = other.interfaces
        constants = other.constants
        contracts = other.contracts
        components = other.components
        suites = other.suites
        currentSuiteUse = other.currentSuiteUse
        currentUse = other.currentUse
        functions = other.functions
    }

    func run() {
        collectNames()
        resolveDataTypes()
        for contract in contracts { resolveMembers(contract) }
        resolveSignatures()
        for index in constants.indices { _ = constantValue(index) }
        for contract in contracts { checkInterfaces(contract) }
        for contract in contracts { synthesize(contract) }
        checkBodies()
        checkWholeProgram()
        removeUnusedComponents()
    }

    /// Rules about calls, effects, tokens and initial values: over typed bodies.
    private func checkWholeProgram() {
        let calls = CallGraph(program)
        let isAcyclic = reportRecursion(calls)
        guard isAcyclic else { return }
        let effects = Effects(program, order: calls.calleesFirst)
        checkEffects(effects)
        let reach = PhaseReach(self, calls)
        checkSealedReadings(reach)
        checkBeacons(reach)
        checkSettlements(reach, calls)
        for index in program.contracts.indices { orderFunctions(of: index, calls) }
        for id in program.functions.indices where !functions[id].hasErrors {
            let function = program.functions[id]
            let outer = currentUse
            currentUse = functions[id].use
            defer { currentUse = outer }
            var linearity = Linearity(self, locals: function.locals, contract: function.contract)
            let syntax = functions[id].syntax ?? initializerSyntax(id)
            linearity.check(
                function.body, parameterSpans: syntax?.parameters.map(\.name.span) ?? functions[id].parameterSpans)
        }
        for contract in contracts where !functions[program.contracts[contract.id].initializer].hasErrors {
            checkInitialisation(contract, effects)
        }
        if !bag.hasErrors { keepPhasesUpToDate() }
    }

    private func initializerSyntax(_ id: FunctionID) -> FunctionSyntax? {
        guard let contract = functions[id].contract, program.contracts[contract].initializer == id else { return nil }
        return contracts[contract].initializerSyntax
    }

    func report(
        _ code: DiagnosticCode, _ message: String, at span: Span, label: String = "", also: [Label] = [],
        hint: String? = nil, fixIt: FixIt? = nil
    ) {
        guard !followUps.contains(code, at: span) else {
            repeatedCount += 1
            return
        }
        var also = also
        if let currentUse {
            guard !currentUse.isBroken,
                saidInComponents.insert("\(code.rawValue) \(span.file.path) \(span.start) \(message)").inserted
            else {
                repeatedCount += 1
                return
            }
            if let use = currentUse.span { also.append(Label(use, "used here")) }
        }
        if let currentSuiteUse, currentSuiteUse.file !== span.file || currentSuiteUse.start > span.start {
            guard saidInComponents.insert("\(code.rawValue) \(span.file.path) \(span.start) \(message)").inserted else {
                repeatedCount += 1
                return
            }
            also.append(Label(currentSuiteUse, "the suite is used here"))
        }
        bag.report(Diagnostic(code, message, at: span, label: label, also: also, hint: hint, fixIt: fixIt))
    }

    func typeName(_ type: Type, in contract: ContractID?) -> String { program.name(type, in: contract) }
}

final class TypeRecord<Syntax> {
    let syntax: Syntax
    let scope: NameScope
    let contract: ContractID?
    init(_ syntax: Syntax, _ scope: NameScope, _ contract: ContractID?) {
        self.syntax = syntax
        self.scope = scope
        self.contract = contract
    }
}

final class ConstantRecord {
    enum State {
        case waiting
        /// What it depends on is asked for.
        case visited
        case done(Checked)
    }
    let syntax: ConstantSyntax
    let scope: NameScope
    let contract: ContractID?
    var state = State.waiting
    init(_ syntax: ConstantSyntax, _ scope: NameScope, _ contract: ContractID?) {
        self.syntax = syntax
        self.scope = scope
        self.contract = contract
    }
}

final class FunctionRecord {
    /// Nil: made by the compiler.
    let syntax: FunctionSyntax?
    let scope: NameScope
    let nameSpan: Span
    let contract: ContractID?
    /// Of a component's function: where it is used.
    var use: UseRecord?
    /// Made by the compiler: where its parameters are declared.
    var parameterSpans: [Span] = []
    /// Its body is wrong: rules about the flow of control would add nothing but confusion.
    var hasErrors = false
    init(_ syntax: FunctionSyntax?, _ scope: NameScope, nameSpan: Span, contract: ContractID?) {
        self.syntax = syntax
        self.scope = scope
        self.nameSpan = nameSpan
        self.contract = contract
    }
}

final class TestRecord {
    enum Source {
        case own(TestSyntax)
        case ofSuite(SuiteUseSyntax)
    }
    let syntax: Source
    let scope: NameScope
    let contract: ContractID?
    init(_ syntax: Source, _ scope: NameScope, _ contract: ContractID?) {
        self.syntax = syntax
        self.scope = scope
        self.contract = contract
    }
}

/// Facts about a state field that the typed tree does not keep.
struct FieldRecord {
    var span: Span
    var initial: ExpressionSyntax?
    /// Must be set by `init`: constants and types without zero value.
    var mustBeSet: Bool
    /// Made by the compiler for rounds, sealed values and bound assets.
    var isSynthesized: Bool
    /// Of a component's state: where it is used.
    var use: UseRecord?
}

final class RoundRecord {
    enum Member {
        case field(FieldIndex)
        case sealed(Int)
        /// Without contributions.
        case beacon(Int)
        case settlement(Int)
    }
    struct Sealed {
        var syntax: SealedSyntax
        var revealedCountField: FieldIndex
        var expiredField: FieldIndex
    }
    /// What the typed tree does not keep of a settlement.
    struct Settlement {
        var syntax: SettlementSyntax
        /// What the source says for one element; around it value, share and progress; the same for one that is set
        /// aside; the sum of weights.
        var bodyFunction: FunctionID
        var elementFunction: FunctionID
        var spareFunction: FunctionID
        var weighFunction: FunctionID
        var fields = SettlementFields()
        /// False after a report: then it has no code.
        var isSound = false
    }
    struct SettlementFields {
        var processed: FieldIndex = -1
        var isDone: FieldIndex = -1
        var setAsideCount: FieldIndex = -1
        var setAside: FieldIndex = -1
        /// Of a fold that splits: the sum of weights so far, pot and total as they were when it began.
        var sum: FieldIndex = -1
        var pot: FieldIndex = -1
        var total: FieldIndex = -1
    }
    let syntax: RoundSyntax
    var settlements: [Settlement] = []
    var members: [String: Member] = [:]
    var sealed: [Sealed] = []
    /// (key) -> key: brings the phase up to date on the way, so that guarding an access is a matter of its key.
    var touchFunction: FunctionID = -1
    /// The same without storing.
    var lookFunction: FunctionID = -1
    init(_ syntax: RoundSyntax) { self.syntax = syntax }
}

final class ContractRecord {
    let id: ContractID
    let syntax: ContractSyntax
    let scope: NameScope
    /// Structs, enums and constants in it.
    var numberedMembers: [(name: Identifier, symbol: Symbol)] = []
    var roles: [RoleSyntax] = []
    var usedRoles: Set<Int> = []
    var assetSpans: [Span] = []
    /// Parallel to the contract's fields.
    var fields: [FieldRecord] = []
    var rounds: [RoundRecord] = []
    /// In order of the text; nil for unknown components.
    var uses: [UseRecord?] = []
    var initializerSyntax: FunctionSyntax?
    /// Functions of the source, initializer excluded.
    var sourceFunctions: [FunctionID] = []
    init(id: ContractID, syntax: ContractSyntax, scope: NameScope) {
        self.id = id
        self.syntax = syntax
        self.scope = scope
    }
}
