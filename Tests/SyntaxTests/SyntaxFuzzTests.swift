import Diagnostics
import TestSupport
import Testing

@testable import Syntax

/// Hostile and broken texts: no crash, every byte kept, and what is wrong is said. Everything runs on a small stack.
@Suite struct SyntaxFuzzTests {
    /// Lexes, parses both ways and renders; whether there was an error.
    @discardableResult
    private static func check(_ bytes: [UInt8], _ what: @autoclosure () -> String) -> Bool {
        let source = SourceFile(path: "fuzz", bytes: bytes)
        let bag = DiagnosticBag()
        let tokens = tokenize(source, into: bag)
        var isWhole = tokens.joinedBytes == bytes
        for (token, next) in zip(tokens.tokens, tokens.tokens.dropFirst()) where token.end != next.triviaStart {
            isWhole = false
        }
        #expect(isWhole, "the tokens are not the text: \(what())")
        #expect(tokens.tokens.last?.kind == .end)
        let parsed = DiagnosticBag()
        let file = parse(source, into: parsed)
        #expect(parsed.diagnostics.count <= DiagnosticBag.countLimit)
        for diagnostic in parsed.diagnostics {
            let span = diagnostic.primary.span
            #expect(span.start >= 0 && span.start <= span.end && span.end <= bytes.count, "span: \(what())")
        }
        _ = file.declarations.count
        _ = parseStatements(source, into: DiagnosticBag())
        _ = TextRenderer().render(parsed.sorted)
        return parsed.hasErrors
    }

    @Test func randomBytes() async {
        await SmallStack.run {
            var random = SplitMix64(seed: 1)
            for round in 0..<800 {
                let alphabet: [UInt8] =
                    round % 3 == 0 ? Array(0...255) : Array("{}()[]<>.,:=+-*/%?!&|\"\\ \n\tax09_0x\u{E9}".utf8)
                let bytes = (0..<random.below(200)).map { _ in alphabet[random.below(alphabet.count)] }
                Self.check(bytes, "seed 1, round \(round)")
            }
        }
    }

    @Test func mutatedSources() async throws {
        let source = try everyConstruct()
        await SmallStack.run {
            var random = SplitMix64(seed: 2)
            for round in 0..<60 {
                var bytes = source
                for _ in 0...random.below(4) {
                    let place = random.below(bytes.count)
                    switch random.below(4) {
                    case 0: bytes[place] ^= UInt8(1 << random.below(8))
                    case 1: bytes.remove(at: place)
                    case 2: bytes.insert(UInt8(truncatingIfNeeded: random.next()), at: place)
                    default: bytes = Array(bytes[..<place])
                    }
                    if bytes.isEmpty { break }
                }
                Self.check(bytes, "seed 2, round \(round)")
            }
        }
    }

    @Test func mutatedTokens() async throws {
        let source = try everyConstruct()
        await SmallStack.run {
            let bag = DiagnosticBag()
            let tokens = tokenize(SourceFile(path: "a", bytes: source), into: bag)
            let texts = tokens.tokens.map { tokens.trivia($0) + tokens.text($0) }
            var random = SplitMix64(seed: 3)
            for round in 0..<60 {
                var changed = texts
                for _ in 0...random.below(6) {
                    let place = random.below(changed.count)
                    switch random.below(3) {
                    case 0: changed.remove(at: place)
                    case 1: changed.insert(changed[place], at: place)
                    default: changed.swapAt(place, random.below(changed.count))
                    }
                }
                Self.check(Array(changed.joined(separator: " ").utf8), "seed 3, round \(round)")
            }
        }
    }

    @Test func truncations() async throws {
        let source = try everyConstruct()
        await SmallStack.run {
            for length in stride(from: 0, through: source.count, by: 97) {
                Self.check(Array(source[..<length]), "\(length)")
            }
        }
    }

    @Test func nestingBombs() async {
        await SmallStack.run {
            let count = 100_000
            let bombs: [(String, String, String)] = [
                ("const a = ", "(", ""), ("const a = ", "[", ""), ("const a = ", "f(", ""), ("const a = ", "a[", ""),
                ("const a = ", "-", "1"), ("const a = ", "!", "true"), ("const a = ", "a ? ", ""),
                ("const a = ", "a ? b : ", "c"), ("const a = ", "a + ", "b"), ("const a = ", "a || ", "b"),
                ("const a = ", "a || b && c == d ?? e + f * -(", ""), ("const a = a", ".b", ""),
                ("const a = a", "()", ""),
                ("const a = a", "[0]", ""), ("const a: ", "List<", ""), ("const a = ", "split (", ""),
                ("const a = ", "deploy A(", ""), ("const a = f(", "x: f(", ""), ("const a = [", "1, ", "2]"),
                ("function f() ", "{ ", ""), ("function f() { ", "if a { ", ""), ("function f() { ", "if ", ""),
                ("function f() { if a { } ", "else if a { } ", "}"), ("function f() { ", "for i in x { ", ""),
                ("function f() { ", "match x { case .a { ", ""), ("function f() { ", "try f() gas g { ", ""),
                ("function f() { ", "expect failure { ", ""), ("function f() { let = ", "{ x ", ""),
                ("contract A { ", "contract A { ", ""), ("", "{", ""), ("", "}", ""), ("", "contract A { round ", ""),
                ("contract A { round R[k: Int] { ", "sealed s: A max (", ""), ("function f() { x = (a", " as (b", ""),
            ]
            for (head, part, tail) in bombs {
                // The last level read lies far before the end whatever the length; only the plain brackets are tried
                // in full.
                let times = part.utf8.count <= 2 ? count : count / 10
                let text = head + String(repeating: part, count: times) + tail
                let hasErrors = Self.check(Array(text.utf8), "\(head)\(part)…")
                #expect(hasErrors || part == "1, ", "\(head)\(part)…")
            }
        }
    }

    /// What the limit allows can be read, to the last level; one more cannot.
    @Test func nestingUpToTheLimit() async {
        await SmallStack.run {
            func codes(_ text: String) -> [DiagnosticCode] {
                let bag = DiagnosticBag()
                _ = parse(SourceFile(path: "a", text: text), into: bag)
                return bag.diagnostics.map(\.code)
            }
            func nested(_ levels: Int) -> String {
                "const a = " + String(repeating: "(", count: levels) + "1" + String(repeating: ")", count: levels)
            }
            #expect(codes(nested(nestingLimit - 2)) == [])
            #expect(codes(nested(nestingLimit)) == [.nestingTooDeep])
            func chain(_ terms: Int) -> String { "const a = 1" + String(repeating: " + 1", count: terms) }
            #expect(codes(chain(treeDepthLimit - 3)) == [])
            #expect(codes(chain(treeDepthLimit)) == [.nestingTooDeep])
        }
    }
}
