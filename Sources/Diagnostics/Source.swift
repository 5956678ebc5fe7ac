/// One source text, with the index of its lines.
public final class SourceFile: Sendable {
    /// The path as the user gave it.
    public let path: String
    /// The bytes as read; positions are offsets into these.
    public let bytes: [UInt8]
    /// Offsets at which lines begin.
    public let lineOffsets: [Int]

    public init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
        var offsets = [0]
        for (offset, byte) in bytes.enumerated() where byte == 0x0A { offsets.append(offset + 1) }
        lineOffsets = offsets
    }

    public convenience init(path: String, text: String) { self.init(path: path, bytes: Array(text.utf8)) }

    /// Line and column of a byte offset, both counted from 1; columns count bytes.
    public func position(of offset: Int) -> (line: Int, column: Int) {
        var low = 0
        var high = lineOffsets.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineOffsets[middle] <= offset { low = middle } else { high = middle }
        }
        return (low + 1, offset - lineOffsets[low] + 1)
    }

    /// The text of a line (counted from 1), without its end.
    public func lineText(_ line: Int) -> String {
        guard line >= 1, line <= lineOffsets.count else { return "" }
        let start = lineOffsets[line - 1]
        var end = line < lineOffsets.count ? lineOffsets[line] - 1 : bytes.count
        if end > start, bytes[end - 1] == 0x0D { end -= 1 }
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }

    public func text(_ span: Span) -> String {
        let start = min(max(span.start, 0), bytes.count)
        return String(decoding: bytes[start..<min(max(span.end, start), bytes.count)], as: UTF8.self)
    }
}

/// A half-open range of bytes in a source file.
public struct Span: Sendable {
    public let file: SourceFile
    public let start: Int
    public let end: Int

    public init(_ file: SourceFile, _ start: Int, _ end: Int) {
        self.file = file
        self.start = start
        self.end = end
    }

    /// The smallest span that covers both.
    public func joined(_ other: Span) -> Span { Span(file, min(start, other.start), max(end, other.end)) }

    public var text: String { file.text(self) }
    /// `path:line:column`
    public var location: String {
        let (line, column) = file.position(of: start)
        return "\(file.path):\(line):\(column)"
    }
}
