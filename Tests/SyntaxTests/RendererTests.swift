import Diagnostics
import Foundation
import Testing

@testable import Syntax

/// What the parser says about a text, as people see it.
private func rendered(_ text: String, path: String = "a.agon") -> String {
    let bag = DiagnosticBag()
    _ = parse(SourceFile(path: path, text: text), into: bag)
    return TextRenderer().render(bag.sorted)
}

private func place(_ file: SourceFile, _ part: String) -> Span {
    let bytes = Array(part.utf8)
    for start in 0...(file.bytes.count - bytes.count) where Array(file.bytes[start..<(start + bytes.count)]) == bytes {
        return Span(file, start, start + bytes.count)
    }
    return Span(file, 0, 0)
}

@Suite struct RendererTests {
    /// A folder with many errors stays readable: what is said again is said once with its places, the rest is counted.
    @Test func manyErrors() {
        let one = SourceFile(path: "one.agon", text: "a; b; c; d; e;\n")
        let two = SourceFile(path: "two.agon", text: "x y z\n")
        func error(_ code: DiagnosticCode, _ message: String, _ file: SourceFile, _ start: Int) -> Diagnostic {
            Diagnostic(code, message, at: Span(file, start, start + 1))
        }
        var all = [1, 4, 7, 10, 13].map { error(.invalidCharacter, "';' has no meaning here", one, $0) }
        all += [0, 2, 4].map { error(.unknownName, "there is no \($0) here", two, $0) }
        // Found again with another file that imports this one.
        all += [error(.unknownName, "there is no 0 here", SourceFile(path: "two.agon", text: "x y z\n"), 0)]
        #expect(
            DiagnosticDigest(all, limit: 3).text(TextRenderer()) == """
                error[E0101]: ';' has no meaning here
                 --> one.agon:1:2
                  |
                1 | a; b; c; d; e;
                  |  ^

                error[E0101]: ';' has no meaning here
                 --> one.agon:1:5
                  |
                1 | a; b; c; d; e;
                  |     ^

                error[E0201]: there is no 0 here
                 --> two.agon:1:1
                  |
                1 | x y z
                  | ^

                error[E0101]: ';' has no meaning here, as above
                  --> one.agon: 1:8, 1:11, 1:14

                two.agon: 2 more

                8 errors in 2 files

                """)
        #expect(DiagnosticDigest([], limit: 3).text(TextRenderer()) == "")
        #expect(DiagnosticDigest.distinct(all).count == 8)
    }

    @Test func openBracketIsShown() {
        #expect(
            rendered("function f() -> Int {\n    return max(1, 2\n}\n") == """
                error[E0104]: expected ',' or ')', found '}'
                 --> a.agon:2:20
                  |
                2 |     return max(1, 2
                  |                    ^ expected ',' or ')'
                  |               - opened here

                1 error

                """)
    }

    @Test func severalLinesAndFiles() {
        let file = SourceFile(path: "one.agon", text: "a\nfirst\nb\nc\nd\nlast 界 end\n")
        let other = SourceFile(path: "two.agon", text: "\tOther\u{1B}[0m")
        let diagnostic = Diagnostic(
            .typeMismatch, "types differ", at: place(file, "end"), label: "here",
            also: [
                Label(place(file, "first"), "an Amount"), Label(place(file, "b"), ""),
                Label(place(other, "Other"), "declared here"), Label(place(file, "last"), "start"),
            ], hint: "convert it", fixIt: FixIt(place(file, "end"), "floor(end)"), severity: .warning)
        #expect(
            TextRenderer().render(diagnostic) == """
                warning[E0301]: types differ
                 --> one.agon:6:10
                  |
                2 | first
                  | ----- an Amount
                3 | b
                  | -
                ...
                6 | last 界 end
                  |         ^^^ here
                  | ---- start
                 ::: two.agon:1:2
                  |
                1 |     Other\u{FFFD}[0m
                  |     ----- declared here
                  = hint: convert it
                  = fix: replace it with 'floor(end)'

                """)
    }

    @Test func longLinesAreCut() {
        let file = SourceFile(
            path: "long.agon",
            text: String(repeating: "x", count: 5_000_000) + "HERE" + String(repeating: "é", count: 1000))
        let text = TextRenderer().render(
            Diagnostic(.unknownName, "no such name", at: place(file, "HERE"), label: "this"))
        let lines = text.split(separator: "\n")
        #expect(lines.allSatisfy { $0.count < 140 })
        #expect(lines[3].contains("xxHEREéé") && lines[3].hasSuffix("…"))
        let column = lines[3].distance(
            from: lines[3].startIndex, to: lines[3].firstIndex(of: "H") ?? lines[3].startIndex)
        let mark = lines[4].distance(from: lines[4].startIndex, to: lines[4].firstIndex(of: "^") ?? lines[4].startIndex)
        #expect(column == mark)
    }

    @Test func placesOutsideTheTextDoNoHarm() {
        let file = SourceFile(path: "a.agon", bytes: [0x61, 0xE2, 0x82, 0x0A, 0xFF])
        for start in 0...7 {
            for end in start...8 {
                _ = TextRenderer(usesColour: true).render(Diagnostic(.invalidUTF8, "x", at: Span(file, start, end)))
            }
        }
        let empty = SourceFile(path: "e.agon", text: "")
        #expect(TextRenderer().render(Diagnostic(.unexpectedToken, "x", at: Span(empty, 0, 0))).contains("e.agon:1:1"))
    }

    @Test func colourOnlyWhenAsked() {
        let file = SourceFile(path: "a.agon", text: "x")
        let diagnostic = Diagnostic(.unknownName, "m", at: Span(file, 0, 1))
        #expect(!TextRenderer().render(diagnostic).contains("\u{1B}"))
        #expect(TextRenderer(usesColour: true).render(diagnostic).contains("\u{1B}[1;31merror[E0201]\u{1B}[0m"))
    }

    @Test func jsonShape() throws {
        let file = SourceFile(path: "dir/a.agon", text: "let x\n= y")
        let diagnostic = Diagnostic(
            .unknownName, "unknown name 'y'", at: Span(file, 8, 9), label: "unknown",
            also: [Label(Span(file, 4, 7), "for this")], fixIt: FixIt(Span(file, 8, 9), "x"))
        let json = try renderJSON([diagnostic])
        #expect(
            json == """
                [
                  {
                    "code" : "E0201",
                    "fixIt" : {
                      "file" : "dir/a.agon",
                      "range" : {
                        "end" : {
                          "column" : 4,
                          "line" : 2
                        },
                        "start" : {
                          "column" : 3,
                          "line" : 2
                        }
                      },
                      "replacement" : "x"
                    },
                    "hint" : null,
                    "message" : "unknown name 'y'",
                    "primary" : {
                      "file" : "dir/a.agon",
                      "label" : "unknown",
                      "range" : {
                        "end" : {
                          "column" : 4,
                          "line" : 2
                        },
                        "start" : {
                          "column" : 3,
                          "line" : 2
                        }
                      }
                    },
                    "secondary" : [
                      {
                        "file" : "dir/a.agon",
                        "label" : "for this",
                        "range" : {
                          "end" : {
                            "column" : 2,
                            "line" : 2
                          },
                          "start" : {
                            "column" : 5,
                            "line" : 1
                          }
                        }
                      }
                    ],
                    "severity" : "error"
                  }
                ]
                """)
        let back = try JSONDecoder().decode([DiagnosticRecord].self, from: Data(json.utf8))
        #expect(back == [DiagnosticRecord(diagnostic)])
    }

    @Test func suggestions() {
        #expect(didYouMean("retrun", among: ["require", "return"]) == "return")
        #expect(didYouMean("acton", among: ["action", "actor"]) == "action")
        #expect(didYouMean("amout", among: ["amount"]) == "amount")
        #expect(didYouMean("x", among: ["y", "xy"]) == nil)
        #expect(didYouMean("", among: ["a"]) == nil)
        #expect(didYouMean("total", among: ["total"]) == nil)
        #expect(didYouMean("Vualt", among: ["Vault"]) == "Vault")
        #expect(didYouMean("zebra", among: ["amount", "bonds"]) == nil)
    }
}
