import Diagnostics
import Semantics

/// Applies the fixes that diagnostics carry, again and again until none is left: a mended text may show the next
/// mistake.
public struct SourceFixing: Sendable {
    /// A fix as it was applied; the place is that of the text of its round.
    public struct Applied: Sendable {
        public var code: String
        /// `path:line:column`
        public var location: String
        public var message: String
        public var removed: String
        public var inserted: String
    }

    /// New texts by path, only where a fix was applied.
    public private(set) var texts: [String: [UInt8]] = [:]
    public private(set) var applied: [Applied] = []
    /// What is left to say, about the mended texts.
    public private(set) var diagnostics: [Diagnostic] = []

    /// More rounds than this help no text: a fix that leads to another one for ever is a defect of ours.
    public static let roundLimit = 20

    /// Mends what `path` and its imports hold: files of the given paths, or by default all save the standard library's.
    public init(path: String, provider: some SourceProvider, onlyIn files: Set<String>? = nil) {
        for round in 0...Self.roundLimit {
            let overlay = Overlay(texts: texts, beneath: provider)
            switch CompiledProject.compile(paths: [path], from: overlay) {
            case .success(let project): diagnostics = project.warnings
            case .failure(let failure): diagnostics = failure.diagnostics
            }
            guard round < Self.roundLimit, applyRound(onlyIn: files) else { return }
        }
    }

    /// Applies what does not overlap, the first of each place; false when there was nothing to apply.
    private mutating func applyRound(onlyIn files: Set<String>?) -> Bool {
        var fixes: [String: [(diagnostic: Diagnostic, fixIt: FixIt)]] = [:]
        for diagnostic in diagnostics {
            guard let fixIt = diagnostic.fixIt else { continue }
            let path = fixIt.span.file.path
            guard files?.contains(path) ?? !path.hasPrefix("stdlib/") else { continue }
            fixes[path, default: []].append((diagnostic, fixIt))
        }
        var isChanged = false
        for path in fixes.keys.sorted() {
            let ordered = (fixes[path] ?? []).enumerated().sorted {
                ($0.element.fixIt.span.start, $0.offset) < ($1.element.fixIt.span.start, $1.offset)
            }
            guard let bytes = ordered.first?.element.fixIt.span.file.bytes else { continue }
            var mended: [UInt8] = []
            var position = 0
            var lastStart = -1
            for (_, fix) in ordered {
                let span = fix.fixIt.span
                // Two insertions at one place exclude each other as well.
                guard span.start >= position, span.start > lastStart, span.end <= bytes.count, span.start <= span.end,
                    span.text != fix.fixIt.replacement
                else { continue }
                mended += bytes[position..<span.start]
                mended += Array(fix.fixIt.replacement.utf8)
                (position, lastStart) = (span.end, span.start)
                applied.append(
                    Applied(
                        code: fix.diagnostic.code.rawValue, location: span.location, message: fix.diagnostic.message,
                        removed: span.text, inserted: fix.fixIt.replacement))
                isChanged = true
            }
            mended += bytes[position...]
            texts[path] = mended
        }
        return isChanged
    }
}

/// Sources of which some have been changed in memory.
private struct Overlay<Beneath: SourceProvider>: SourceProvider {
    var texts: [String: [UInt8]]
    var beneath: Beneath

    func read(_ path: String) -> SourceFile? {
        texts[path].map { SourceFile(path: path, bytes: $0) } ?? beneath.read(path)
    }

    func neighbours(of path: String) -> [String] { beneath.neighbours(of: path) }
}
