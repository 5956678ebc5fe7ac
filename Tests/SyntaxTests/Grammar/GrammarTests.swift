import Diagnostics
import Foundation
import TestSupport
import Testing

@testable import Syntax

/// The grammar file is the law: the parser accepts what it generates and refuses what it refuses.
@Suite struct GrammarTests {
    let grammar: Grammar
    let recognizer: GrammarRecognizer

    init() throws {
        let file = repositoryRoot.appendingPathComponent("grammar/agon.ebnf")
        grammar = try Grammar(String(contentsOf: file, encoding: .utf8))
        recognizer = GrammarRecognizer(grammar)
    }

    private func parserErrors(_ bytes: [UInt8]) -> [Diagnostic] {
        let bag = DiagnosticBag()
        _ = parse(SourceFile(path: "text", bytes: bytes), into: bag)
        return bag.sorted
    }

    private func summary(_ coverage: [[Int]]) -> String {
        let ways = coverage.reduce(0) { $0 + $1.count }
        let gone = coverage.reduce(0) { $0 + $1.count { $0 > 0 } }
        return
            "\(grammar.ruleNames.count) productions, \(coverage.count) choice points, \(gone) of \(ways) alternatives"
    }

    private func missing(_ coverage: [[Int]]) -> [String] {
        var result: [String] = []
        for (point, ways) in coverage.enumerated() {
            for (way, count) in ways.enumerated() where count == 0 {
                result.append("\(grammar.points[point].rule): way \(way) of choice point \(point)")
            }
        }
        return result
    }

    @Test func wordsOfTheLexerAreThoseOfTheGrammar() {
        let words = Set(grammar.terminals.filter { $0.first?.isLetter == true })
        #expect(words == Set(TokenKind.words.keys))
        #expect(grammar.contextualWords == Set(TokenKind.allCases.filter(\.isContextual).map(\.rawValue)))
        let varying: Set<TokenKind> = [.name, .integer, .decimal, .text, .hexBytes, .invalid, .end]
        let marks = TokenKind.allCases.filter { !varying.contains($0) && TokenKind.words[$0.rawValue] == nil }
        #expect(Set(marks.map(\.rawValue)) == Set(grammar.terminals).subtracting(words))
    }

    /// Every source of the repository is of the language, by the grammar and by the parser; together they go every way
    /// of the grammar.
    @Test func sourcesOfTheRepository() throws {
        var coverage = grammar.points.map { Array(repeating: 0, count: $0.ways) }
        let sources = try repositorySources()
        #expect(!sources.isEmpty)
        for (path, bytes) in sources {
            #expect(recognizer.accepts(bytes, coverage: &coverage), "the grammar does not accept \(path)")
            let errors = parserErrors(bytes)
            #expect(errors.isEmpty, "\(path)\n\(TextRenderer().render(errors))")
        }
        print("grammar, by \(sources.count) sources of the repository: \(summary(coverage)) used")
        #expect(missing(coverage) == [])
    }

    /// Sentences of the grammar parse; mutated ones are refused by both or by neither.
    @Test func sentences() throws {
        var generator = SentenceGenerator(grammar, seed: 20)
        var sentenceCount = 0
        var tokenCount = 0
        var accepted = 0
        var mutants = 0
        while sentenceCount < 600 {
            let tokens = generator.sentence()
            let text = generator.text(tokens)
            sentenceCount += 1
            tokenCount += tokens.count
            let errors = parserErrors(Array(text.utf8))
            if !errors.isEmpty {
                Issue.record(
                    "sentence \(sentenceCount) of seed 20 does not parse:\n\(TextRenderer().render(errors))\n\(text)")
                return
            }
            if sentenceCount % 16 == 0 { #expect(recognizer.accepts(Array(text.utf8)), "\(text)") }
            guard tokens.count < 120 else { continue }
            for _ in 0..<5 {
                let mutant = generator.text(generator.mutated(tokens))
                let isAccepted = recognizer.accepts(Array(mutant.utf8))
                let errors = parserErrors(Array(mutant.utf8))
                mutants += 1
                if isAccepted { accepted += 1 }
                if isAccepted != errors.isEmpty {
                    Issue.record(
                        "grammar accepts: \(isAccepted); parser:\n\(TextRenderer().render(errors))\n\(mutant)")
                    return
                }
            }
        }
        print(
            "grammar, by \(sentenceCount) generated sentences (\(tokenCount) tokens): \(summary(generator.coverage)) "
                + "used;",
            "\(mutants) mutants, \(accepted) still of the language, parser and grammar agree on all")
        #expect(missing(generator.coverage) == [])
    }

    /// Where a text is changed byte by byte the lexical rules decide: lexer and grammar agree on them too.
    @Test func lexicalRules() {
        let text = """
            const a = [1_000, 2.5, "t\\n\\\"", 0x00fF, b.c] /* c */ const b: T<3> = x // é
            const max = 1.000000000000000001 const c = a<=b?-c:"é"
            """
        var random = SplitMix64(seed: 7)
        let bytes = Array(text.utf8)
        #expect(recognizer.accepts(bytes) && parserErrors(bytes).isEmpty)
        let interesting = Array("\"\\/*_.0x9aZ<>=!?&|+- \n\r\t(){}[],:;#\0\u{E9}\u{2028}".utf8)
        var accepted = 0
        for round in 0..<2_500 {
            var mutant = bytes
            for _ in 0...random.below(2) {
                let place = random.below(mutant.count)
                switch random.below(4) {
                case 0: mutant.remove(at: place)
                case 1: mutant[place] = interesting[random.below(interesting.count)]
                case 2: mutant.insert(interesting[random.below(interesting.count)], at: place)
                default: mutant.insert(mutant[place], at: place)
                }
            }
            let isAccepted = recognizer.accepts(mutant)
            if isAccepted { accepted += 1 }
            let errors = parserErrors(mutant)
            guard isAccepted == errors.isEmpty else {
                Issue.record(
                    """
                    seed 7, round \(round): grammar accepts: \(isAccepted); parser:
                    \(TextRenderer().render(errors))
                    \(String(decoding: mutant, as: UTF8.self))
                    """)
                return
            }
        }
        print(
            "grammar, by 2500 texts changed byte by byte: \(accepted) still of the language, parser and grammar agree")
    }

    // MARK: Sources

    /// Every `.agon` file, and every block of the documentation marked as Agon.
    private func repositorySources() throws -> [(path: String, bytes: [UInt8])] {
        var sources: [(path: String, bytes: [UInt8])] = []
        for folder in ["contracts", "stdlib", "Tests", "Documentation", "README.md", "Sources"] {
            // Links are followed here: the walk below does not follow its root.
            let start = repositoryRoot.appendingPathComponent(folder).resolvingSymlinksInPath()
            var files = [start]
            if let walk = FileManager.default.enumerator(at: start, includingPropertiesForKeys: nil) {
                for case let file as URL in walk { files.append(file) }
            }
            for file in files.sorted(by: { $0.path < $1.path }) {
                if file.pathExtension == "agon" {
                    guard !file.path.contains("/invalid-syntax/") else { continue }
                    sources.append((file.path, Array(try Data(contentsOf: file))))
                } else if file.pathExtension == "md", let data = try? Data(contentsOf: file) {
                    sources += blocks(String(decoding: data, as: UTF8.self)).enumerated().map {
                        ("\(file.path), block \($0 + 1)", Array($1.utf8))
                    }
                }
            }
        }
        return sources
    }

    private func blocks(_ markdown: String) -> [String] {
        var result: [String] = []
        var block: String?
        for line in markdown.split(separator: "\n", omittingEmptySubsequences: false) {
            if let text = block {
                if line.hasPrefix("```") {
                    result.append(text)
                    block = nil
                } else {
                    block = text + line + "\n"
                }
            } else if line == "```agon" {
                block = ""
            }
        }
        return result
    }
}
