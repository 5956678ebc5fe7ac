/// What is wrong with an artefact, an encoded value, a JSON text or an assembler text.
///
/// Codes never change their meaning: B01xx artefacts, B02xx values, B03xx assembler, B04xx JSON.
public struct CodingError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Code: String, CaseIterable, Hashable, Sendable {
        // Artefacts.
        case notAnArtefact = "B0101"
        case unknownVersion = "B0102"
        case truncated = "B0103"
        case trailingBytes = "B0104"
        case nonCanonicalNumber = "B0105"
        case limitExceeded = "B0106"
        case invalidText = "B0107"
        case unknownTag = "B0108"
        case notEncodable = "B0109"
        // Values.
        case valueTruncated = "B0201"
        case valueTrailingBytes = "B0202"
        case valueNotCanonical = "B0203"
        case valueOutOfRange = "B0204"
        case valueTypeMismatch = "B0205"
        case valueInvalidText = "B0206"
        case valueTooLarge = "B0207"
        case typeNotEncodable = "B0208"
        // Assembler.
        case assemblerSyntax = "B0301"
        case assemblerName = "B0302"
        case assemblerRange = "B0303"
        // JSON.
        case jsonSyntax = "B0401"
        case jsonDepth = "B0402"
        case jsonValue = "B0403"
    }
    public let code: Code
    public let message: String
    /// Byte offset for artefacts, values and JSON; line (from 1) for assembler text.
    public let position: Int?

    public init(_ code: Code, _ message: String, at position: Int? = nil) {
        self.code = code
        self.message = message
        self.position = position
    }

    public var description: String {
        let place = position.map { code.rawValue.hasPrefix("B03") ? " (line \($0))" : " (byte \($0))" } ?? ""
        return "\(message)\(place) [\(code.rawValue)]"
    }
}
