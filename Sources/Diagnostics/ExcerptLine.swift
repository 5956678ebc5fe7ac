/// One source line as a terminal shows it: tabs widened, control characters replaced, a very long line cut to what is
/// around the place in question.
struct ExcerptLine {
    let text: String
    /// Byte offset of each character shown and the column where it stands; one more for the end.
    private let offsets: [(byte: Int, column: Int)]

    /// Tab stops stand this far apart.
    private static let tabWidth = 4
    /// A longer line is cut.
    static let columnLimit = 120

    init(_ file: SourceFile, line: Int, around focus: Int?) {
        let start = file.lineOffsets[line - 1]
        var end = line < file.lineOffsets.count ? file.lineOffsets[line] - 1 : file.bytes.count
        if end > start, file.bytes[end - 1] == 0x0D { end -= 1 }
        var first = start
        if let focus, focus - start > Self.columnLimit * 2 / 3 {
            first = min(focus, end) - Self.columnLimit / 3
            // Not within a character.
            while first > start, file.bytes[first] & 0xC0 == 0x80 { first -= 1 }
        }
        if end - start <= Self.columnLimit { first = start }
        var text = first > start ? "…" : ""
        var column = first > start ? 1 : 0
        var offsets: [(byte: Int, column: Int)] = []
        var byte = first
        // Four bytes is the longest character: enough for every column shown.
        let windowEnd = min(end, first + Self.columnLimit * 4)
        var isCut = windowEnd < end
        var bytes = file.bytes[first..<windowEnd].makeIterator()
        var parser = Unicode.UTF8.ForwardParser()
        decoding: while true {
            let scalar: Unicode.Scalar
            let length: Int
            switch parser.parseScalar(from: &bytes) {
            case .valid(let encoded):
                scalar = Unicode.UTF8.decode(encoded)
                length = encoded.count
            case .error(let errorLength):
                scalar = "\u{FFFD}"
                length = errorLength
            case .emptyInput: break decoding
            }
            let width = scalar == "\t" ? Self.tabWidth - column % Self.tabWidth : terminalWidth(scalar)
            guard column + width <= Self.columnLimit else {
                isCut = true
                break
            }
            offsets.append((byte, column))
            if scalar == "\t" {
                text += String(repeating: " ", count: width)
            } else {
                text.unicodeScalars.append(isControl(scalar) ? "\u{FFFD}" : scalar)
            }
            column += width
            byte += length
        }
        offsets.append((byte, column))
        self.text = isCut ? text + "…" : String(text.reversed().drop { $0 == " " }.reversed())
        self.offsets = offsets
    }

    /// Where to underline a span and how far; at least one column.
    func columns(_ start: Int, _ end: Int) -> (start: Int, length: Int) {
        let from = column(of: start)
        return (from, max(1, column(of: end) - from))
    }

    private func column(of byte: Int) -> Int {
        var low = 0
        var high = offsets.count - 1
        while low < high {
            let middle = (low + high) / 2
            if offsets[middle].byte < byte { low = middle + 1 } else { high = middle }
        }
        return offsets[low].column
    }
}

extension SourceFile {
    func excerptLine(_ line: Int, around focus: Int?) -> ExcerptLine { ExcerptLine(self, line: line, around: focus) }
}

/// Control characters and the marks that turn the direction of writing: shown as they are they would change other text.
private func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: true
    default: false
    }
}

/// Columns that a terminal gives a character: 0 for combining marks, 2 for the wide ones of East Asia and emoji
/// (Unicode Standard Annex 11, its wide blocks).
private func terminalWidth(_ scalar: Unicode.Scalar) -> Int {
    if scalar.value < 0x300 { return 1 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark: return 0
    default: break
    }
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
        0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F,
        0x1F680...0x1F6FF, 0x1F900...0x1FAFF, 0x20000...0x3FFFD:
        return 2
    default: return 1
    }
}

/// A text with nothing in it that a terminal would obey.
func printable(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isControl) else { return text }
    var result = ""
    for scalar in text.unicodeScalars { result.unicodeScalars.append(isControl(scalar) ? "\u{FFFD}" : scalar) }
    return result
}
