import Diagnostics

public struct ContractSyntax: Sendable {
    public var name: Identifier
    public var interfaces: [Identifier]
    public var members: [DeclarationSyntax]
    public var span: Span
    public var documentation: String?
    public init(
        name: Identifier, interfaces: [Identifier], members: [DeclarationSyntax], span: Span, documentation: String?
    ) {
        self.name = name
        self.interfaces = interfaces
        self.members = members
        self.span = span
        self.documentation = documentation
    }
}

/// State and functions that contracts put into themselves by `use`.
public struct ComponentSyntax: Sendable {
    public var name: Identifier
    /// Names of assets that each use gives.
    public var assets: [Identifier]
    public var members: [DeclarationSyntax]
    public var span: Span
    public var documentation: String?
    public init(
        name: Identifier, assets: [Identifier], members: [DeclarationSyntax], span: Span, documentation: String?
    ) {
        self.name = name
        self.assets = assets
        self.members = members
        self.span = span
        self.documentation = documentation
    }
}

/// `use name: Component<ASSET>`
public struct UseSyntax: Sendable {
    public var name: Identifier
    public var component: Identifier
    public var assets: [Identifier]
    public var span: Span
    public init(name: Identifier, component: Identifier, assets: [Identifier], span: Span) {
        self.name = name
        self.component = component
        self.assets = assets
        self.span = span
    }
}

public struct AssetSyntax: Sendable {
    public enum Origin: Sendable { case issued, native, bound }
    public var name: Identifier
    public var origin: Origin
    public init(name: Identifier, origin: Origin) {
        self.name = name
        self.origin = origin
    }
}

public struct StateSyntax: Sendable {
    /// `let`: set once, in the declaration or in `init`.
    public var isConstant: Bool
    public var name: Identifier
    public var type: TypeSyntax
    public var initial: ExpressionSyntax?
    public init(isConstant: Bool, name: Identifier, type: TypeSyntax, initial: ExpressionSyntax?) {
        self.isConstant = isConstant
        self.name = name
        self.type = type
        self.initial = initial
    }
}

public struct RoleSyntax: Sendable {
    public var name: Identifier
    public var predicate: ExpressionSyntax
    public init(name: Identifier, predicate: ExpressionSyntax) {
        self.name = name
        self.predicate = predicate
    }
}

/// An event or an error: a name and its payload.
public struct EventSyntax: Sendable {
    public var name: Identifier
    public var parameters: [ParameterSyntax]
    public init(name: Identifier, parameters: [ParameterSyntax]) {
        self.name = name
        self.parameters = parameters
    }
}
