import Diagnostics

public struct ArgumentSyntax: Sendable {
    public var label: Identifier?
    public var value: ExpressionSyntax
    public init(label: Identifier?, value: ExpressionSyntax) {
        self.label = label
        self.value = value
    }
}

public enum BinaryOperator: String, Sendable {
    case or = "||"
    case and = "&&"
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case fallback = "??"
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case remainder = "%"
}

public enum UnaryOperator: String, Sendable {
    case negate = "-"
    case not = "!"
}

public struct ExpressionSyntax: Sendable {
    public indirect enum Kind: Sendable {
        /// Digits without underscores.
        case integer(String)
        /// Digits with one point, without underscores.
        case decimal(String)
        /// The text's value, escapes resolved.
        case text(String)
        case hexBytes([UInt8])
        case boolean(Bool)
        case none
        case name(Identifier)
        /// `.name`: an enum case or option whose type comes from the context.
        case implicitMember(Identifier)
        case list([ExpressionSyntax])
        case member(ExpressionSyntax, Identifier)
        case call(ExpressionSyntax, [ArgumentSyntax])
        case index(ExpressionSyntax, ExpressionSyntax)
        case unary(UnaryOperator, ExpressionSyntax)
        case binary(BinaryOperator, ExpressionSyntax, ExpressionSyntax)
        case ternary(ExpressionSyntax, ExpressionSyntax, ExpressionSyntax)
        case split(whole: ExpressionSyntax, weights: ExpressionSyntax, remainder: ExpressionSyntax)
        case draw(count: ExpressionSyntax, members: ExpressionSyntax, beacon: ExpressionSyntax)
        case deploy(contract: Identifier, arguments: [ArgumentSyntax], actor: ExpressionSyntax?)
        /// `call as actor`
        case asActor(ExpressionSyntax, actor: ExpressionSyntax)
        /// Where the parser could not make sense of the text; already reported.
        case invalid
    }
    public var kind: Kind
    public var span: Span
    public init(_ kind: Kind, _ span: Span) {
        self.kind = kind
        self.span = span
    }
}
