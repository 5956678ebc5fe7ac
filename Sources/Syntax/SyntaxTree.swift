import Diagnostics

// The tree that the parser builds. Every node keeps its span; the token list of the file keeps everything else
// (comments, white space).

public struct Identifier: Sendable {
    public let name: String
    public let span: Span
    public init(_ name: String, _ span: Span) {
        self.name = name
        self.span = span
    }
}

public struct FileSyntax: Sendable {
    public var source: SourceFile
    public var imports: [ImportSyntax]
    public var declarations: [DeclarationSyntax]
    /// What the tree lacks because it could not be read.
    public var gaps: SyntaxGaps
    public init(
        source: SourceFile, imports: [ImportSyntax], declarations: [DeclarationSyntax], gaps: SyntaxGaps = SyntaxGaps()
    ) {
        self.source = source
        self.imports = imports
        self.declarations = declarations
        self.gaps = gaps
    }
}

/// What of a file could not be read and was skipped, so that what follows from it alone is not reported as well.
public struct SyntaxGaps: Sendable {
    /// Every name in skipped text: it may have been a declaration.
    public var names: Set<String> = []
    /// Declarations or members are missing, not only statements of bodies.
    public var lacksDeclarations = false
    /// Names are missing that nothing tells of: of an unreadable import, or in a comment that does not end.
    public var hidesNames = false
    /// How often something was skipped or guessed.
    public var count = 0
    /// Lines, counted from 1, with an error of the parser.
    public var lines: Set<Int> = []
    public init() {}
}

public struct ImportSyntax: Sendable {
    public var path: String
    public var span: Span
    public init(path: String, span: Span) {
        self.path = path
        self.span = span
    }
}

/// Top-level declarations and contract members share one enum: most occur in both places.
public enum DeclarationSyntax: Sendable {
    case structure(StructSyntax)
    case enumeration(EnumSyntax)
    case interface(InterfaceSyntax)
    case contract(ContractSyntax)
    case component(ComponentSyntax)
    case constant(ConstantSyntax)
    case function(FunctionSyntax)
    case test(TestSyntax)
    case suite(SuiteSyntax)
    case suiteUse(SuiteUseSyntax)
    // Members of contracts only.
    case asset(AssetSyntax)
    case state(StateSyntax)
    case role(RoleSyntax)
    case event(EventSyntax)
    case error(EventSyntax)
    case round(RoundSyntax)
    case use(UseSyntax)
}

public struct ParameterSyntax: Sendable {
    public var name: Identifier
    public var type: TypeSyntax
    public init(name: Identifier, type: TypeSyntax) {
        self.name = name
        self.type = type
    }
}

public struct StructSyntax: Sendable {
    public var name: Identifier
    public var fields: [ParameterSyntax]
    public var span: Span
    public init(name: Identifier, fields: [ParameterSyntax], span: Span) {
        self.name = name
        self.fields = fields
        self.span = span
    }
}

public struct EnumSyntax: Sendable {
    public struct Case: Sendable {
        public var name: Identifier
        public var payload: [ParameterSyntax]
        public init(name: Identifier, payload: [ParameterSyntax]) {
            self.name = name
            self.payload = payload
        }
    }
    public var name: Identifier
    public var cases: [Case]
    public var span: Span
    public init(name: Identifier, cases: [Case], span: Span) {
        self.name = name
        self.cases = cases
        self.span = span
    }
}

public struct InterfaceSyntax: Sendable {
    public struct Method: Sendable {
        public var isView: Bool
        public var name: Identifier
        public var parameters: [ParameterSyntax]
        public var result: TypeSyntax?
        public init(isView: Bool, name: Identifier, parameters: [ParameterSyntax], result: TypeSyntax?) {
            self.isView = isView
            self.name = name
            self.parameters = parameters
            self.result = result
        }
    }
    public var name: Identifier
    public var methods: [Method]
    public var span: Span
    public init(name: Identifier, methods: [Method], span: Span) {
        self.name = name
        self.methods = methods
        self.span = span
    }
}

public struct ConstantSyntax: Sendable {
    public var name: Identifier
    public var type: TypeSyntax?
    public var value: ExpressionSyntax
    public init(name: Identifier, type: TypeSyntax?, value: ExpressionSyntax) {
        self.name = name
        self.type = type
        self.value = value
    }
}

/// A free function, or a contract's function, action, view or initializer.
public struct FunctionSyntax: Sendable {
    public enum Kind: Sendable { case function, action, view, initializer }
    public struct During: Sendable {
        public var round: Identifier
        public var key: ExpressionSyntax
        public var phase: Identifier
        public init(round: Identifier, key: ExpressionSyntax, phase: Identifier) {
            self.round = round
            self.key = key
            self.phase = phase
        }
    }
    public var kind: Kind
    /// `init` for an initializer.
    public var name: Identifier
    public var parameters: [ParameterSyntax]
    public var result: TypeSyntax?
    public var role: Identifier?
    public var during: During?
    /// Of a component: called by the component's own functions only.
    public var isPrivate = false
    public var body: BlockSyntax
    public var documentation: String?
    public init(
        kind: Kind, name: Identifier, parameters: [ParameterSyntax], result: TypeSyntax?, role: Identifier?,
        during: During?,
        body: BlockSyntax, documentation: String?
    ) {
        self.kind = kind
        self.name = name
        self.parameters = parameters
        self.result = result
        self.role = role
        self.during = during
        self.body = body
        self.documentation = documentation
    }
}

public struct TypeSyntax: Sendable {
    public enum Argument: Sendable {
        /// A type, or the name of a constant: only the checker can tell.
        case type(TypeSyntax)
        case integer(String, Span)
        case dimensions([Dimension], Span)
    }
    public enum Dimension: Sendable {
        case name(Identifier)
        case integer(String, Span)
    }
    public var name: Identifier
    public var arguments: [Argument]
    public var isOptional: Bool
    public var span: Span
    public init(name: Identifier, arguments: [Argument], isOptional: Bool, span: Span) {
        self.name = name
        self.arguments = arguments
        self.isOptional = isOptional
        self.span = span
    }
}
