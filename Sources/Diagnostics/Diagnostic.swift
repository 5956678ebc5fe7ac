public enum Severity: String, Sendable { case error, warning }

/// A span with what it has to do with the matter: "moved here", "expected Amount".
public struct Label: Sendable {
    public let span: Span
    public let text: String

    public init(_ span: Span, _ text: String) {
        self.span = span
        self.text = text
    }
}

/// A change to the text that mends the matter.
public struct FixIt: Sendable {
    public let span: Span
    public let replacement: String

    public init(_ span: Span, _ replacement: String) {
        self.span = span
        self.replacement = replacement
    }
}

/// What is wrong with a source, as a value.
public struct Diagnostic: Error, Sendable {
    /// Stable code, a row of `DiagnosticCode`.
    public let code: DiagnosticCode
    public let severity: Severity
    /// One plain sentence without a full stop.
    public let message: String
    public let primary: Label
    public let secondary: [Label]
    public let hint: String?
    public let fixIt: FixIt?

    public init(
        _ code: DiagnosticCode, _ message: String, at span: Span, label: String = "", also secondary: [Label] = [],
        hint: String? = nil, fixIt: FixIt? = nil, severity: Severity = .error
    ) {
        self.code = code
        self.severity = severity
        self.message = message
        self.primary = Label(span, label)
        self.secondary = secondary
        self.hint = hint
        self.fixIt = fixIt
    }
}

/// Collects diagnostics; a phase never stops at the first.
public final class DiagnosticBag {
    public private(set) var diagnostics: [Diagnostic] = []
    /// More than this many errors help nobody.
    public static let countLimit = 100
    private var reportedPlaces: Set<String> = []

    public init() {}

    public var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

    /// Adds a diagnostic unless the same code was reported at the same place.
    public func report(_ diagnostic: Diagnostic) {
        guard diagnostics.count < Self.countLimit else { return }
        let place = "\(diagnostic.code.rawValue)@\(diagnostic.primary.span.file.path):\(diagnostic.primary.span.start)"
        guard reportedPlaces.insert(place).inserted else { return }
        diagnostics.append(diagnostic)
    }

    /// In order of file and position.
    public var sorted: [Diagnostic] {
        diagnostics.sorted {
            ($0.primary.span.file.path, $0.primary.span.start) < ($1.primary.span.file.path, $1.primary.span.start)
        }
    }
}
