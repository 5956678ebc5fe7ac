import Diagnostics
import Foundation
import Testing

@testable import Syntax

/// The grammar for editors against the lexer, on every source of the repository.
@Suite struct TextMateTests {
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static func grammar() throws -> TextMateGrammar {
        try TextMateGrammar(Data(contentsOf: root.appendingPathComponent("grammar/agon.tmLanguage.json")))
    }

    static let sources: [String] = {
        ["contracts", "stdlib", "Tests/Conformance/cases", "Tests/Fixtures/syntax"].flatMap { folder in
            let walk = FileManager.default.enumerator(atPath: root.appendingPathComponent(folder).path)
            let names = (walk?.compactMap { $0 as? String } ?? []).filter {
                $0.hasSuffix(".agon") && !$0.contains("invalid-syntax")
            }
            return names.map { folder + "/" + $0 }
        }.sorted()
    }()

    /// The quoted words of the grammar; those that are words only where the grammar asks for them.
    static func words() throws -> (all: [String], contextual: Set<String>) {
        let text = try String(contentsOf: root.appendingPathComponent("grammar/agon.ebnf"), encoding: .utf8)
        let comment = text.firstMatch(of: /\(\*[\s\S]*?\*\)/)?.output ?? ""
        let list = comment.firstMatch(of: /asks for them:([\s\S]*?)\.\n/)?.output.1 ?? ""
        let rules = text.replacing(/\(\*[\s\S]*?\*\)/, with: "")
        let all = Set(rules.matches(of: /"([a-z]+)"/).map { String($0.output.1) })
        return (all.sorted(), Set(list.split(whereSeparator: { $0 == " " || $0 == "\n" }).map(String.init)))
    }

    @Test func everyWordOfTheGrammarIsAKeyword() throws {
        let grammar = try Self.grammar()
        let words = try Self.words()
        #expect(words.all.count > 60 && words.contextual.count > 20)
        for word in words.all {
            let scope = grammar.spans("\(word) thing").first?.first?.scope ?? ""
            #expect(scope.hasPrefix("keyword.") || scope == "constant.language.agon", "\(word) is \(scope)")
        }
        // As names they are none.
        for word in words.contextual {
            for text in ["let \(word) = 1", "x.\(word)", "f(\(word), 1)", "\(word): Int"] {
                let isKeyword = grammar.spans(text).first?.contains { span in
                    (text as NSString).substring(with: span.range) == word && span.scope.hasPrefix("keyword.other")
                }
                #expect(isKeyword == false, "\(word) in \(text)")
            }
        }
    }

    @Test(arguments: sources) func tokensHaveTheirScopes(path: String) throws {
        let text = try String(contentsOf: Self.root.appendingPathComponent(path), encoding: .utf8)
        let source = SourceFile(path: path, text: text)
        let bag = DiagnosticBag()
        let tokens = tokenize(source, into: bag).tokens
        try #require(!bag.hasErrors)
        // A scope for every byte.
        var scopes = [String?](repeating: nil, count: source.bytes.count + 1)
        let lines = text.components(separatedBy: "\n")
        for (index, spans) in try Self.grammar().spans(text).enumerated() {
            let line = lines[index] as NSString
            for span in spans {
                let start = source.lineOffsets[index] + line.substring(to: span.range.location).utf8.count
                let length = line.substring(with: span.range).utf8.count
                for offset in start..<(start + length) { scopes[offset] = span.scope }
            }
        }
        var wrong: [String] = []
        for token in tokens where token.kind != .end {
            let found = scopes[token.start] ?? "nothing"
            let isRight: Bool =
                switch token.kind {
                case .text: found.hasPrefix("string.") || found.hasPrefix("constant.character")
                case .integer, .decimal, .hexBytes: found.hasPrefix("constant.numeric")
                case .trueWord, .falseWord, .noneWord: found == "constant.language.agon"
                case .name:
                    ["variable.", "entity.name.", "support."].contains { found.hasPrefix($0) }
                case _ where token.kind.isReserved && token.kind.rawValue.first?.isLetter == true:
                    found.hasPrefix("keyword.") || found == "variable.other.member.agon"
                case _ where token.kind.isName:
                    !found.hasPrefix("string.") && !found.hasPrefix("comment.") && !found.hasPrefix("invalid.")
                        && found != "nothing"
                default: found.hasPrefix("keyword.operator") || found.hasPrefix("punctuation.")
                }
            if !isRight {
                let (line, column) = source.position(of: token.start)
                let text = String(decoding: source.bytes[token.start..<token.end], as: UTF8.self)
                wrong.append("\(line):\(column) \(text) is \(found)")
            }
            // No token is partly something else.
            if scopes[token.start..<token.end].contains(where: { $0 == nil || $0?.hasPrefix("invalid") == true }) {
                wrong.append("part of a token at byte \(token.start) has no scope")
            }
        }
        // Between tokens there are comments and blanks.
        var position = 0
        for token in tokens {
            for offset in position..<token.start
            where source.bytes[offset] > 0x20 && scopes[offset]?.hasPrefix("comment.") != true {
                wrong.append("byte \(offset) of a comment is \(scopes[offset] ?? "nothing")")
            }
            position = token.end
        }
        #expect(wrong.isEmpty, "\(wrong.prefix(8).joined(separator: "\n"))")
    }

    @Test func whatIsNoTokenIsInvalid() throws {
        let grammar = try Self.grammar()
        for text in ["let a = 1;", "a & b", "x = 'a'", "a ~ b"] {
            #expect(grammar.spans(text)[0].contains { $0.scope.hasPrefix("invalid") }, "\(text)")
        }
    }
}
