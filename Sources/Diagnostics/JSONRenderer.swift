import Foundation

/// A diagnostic as data for other programs. The shape is stable: fields are added, never renamed; what is absent is
/// null.
public struct DiagnosticRecord: Codable, Equatable, Sendable {
    /// Both counted from 1; columns count bytes.
    public struct Position: Codable, Equatable, Sendable {
        public var line: Int
        public var column: Int
    }
    /// Half open.
    public struct Range: Codable, Equatable, Sendable {
        public var start: Position
        public var end: Position
    }
    public struct Label: Codable, Equatable, Sendable {
        public var file: String
        public var range: Range
        public var label: String
    }
    public struct FixIt: Codable, Equatable, Sendable {
        public var file: String
        public var range: Range
        public var replacement: String
    }

    public var code: String
    public var severity: String
    public var message: String
    public var primary: Label
    public var secondary: [Label]
    public var hint: String?
    public var fixIt: FixIt?

    public init(_ diagnostic: Diagnostic) {
        code = diagnostic.code.rawValue
        severity = diagnostic.severity.rawValue
        message = diagnostic.message
        primary = Label(diagnostic.primary)
        secondary = diagnostic.secondary.map { Label($0) }
        hint = diagnostic.hint
        fixIt = diagnostic.fixIt.map {
            FixIt(file: $0.span.file.path, range: Range($0.span), replacement: $0.replacement)
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(code, forKey: .code)
        try container.encode(severity, forKey: .severity)
        try container.encode(message, forKey: .message)
        try container.encode(primary, forKey: .primary)
        try container.encode(secondary, forKey: .secondary)
        // Written even when nil, as null.
        try container.encode(hint, forKey: .hint)
        try container.encode(fixIt, forKey: .fixIt)
    }
}

extension DiagnosticRecord.Label {
    init(_ label: Label) {
        self.init(file: label.span.file.path, range: DiagnosticRecord.Range(label.span), label: label.text)
    }
}

extension DiagnosticRecord.Range {
    init(_ span: Span) {
        let (startLine, startColumn) = span.file.position(of: span.start)
        let (endLine, endColumn) = span.file.position(of: span.end)
        self.init(
            start: DiagnosticRecord.Position(line: startLine, column: startColumn),
            end: DiagnosticRecord.Position(line: endLine, column: endColumn))
    }
}

/// Diagnostics as a JSON array of `DiagnosticRecord`, keys in alphabetical order.
public func renderJSON(_ diagnostics: [Diagnostic]) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(diagnostics.map { DiagnosticRecord($0) }), as: UTF8.self)
}
