import Diagnostics
import Testing

@testable import Syntax

/// `line:column message [hint]` of every error of a text.
private func errors(_ text: String) -> [String] {
    let bag = DiagnosticBag()
    _ = parse(SourceFile(path: "a", text: text), into: bag)
    return bag.sorted.map { diagnostic in
        let (line, column) = diagnostic.primary.span.file.position(of: diagnostic.primary.span.start)
        return "\(line):\(column) \(diagnostic.message)" + (diagnostic.hint.map { " [\($0)]" } ?? "")
    }
}

private func inBody(_ text: String) -> [String] { errors("function f() {\n" + text + "\n}\n") }

@Suite struct MessageTests {
    @Test func misspeltWords() {
        #expect(inBody("retrun 5") == ["2:1 expected a statement, found the name 'retrun' [did you mean 'return'?]"])
        #expect(
            errors("contrct A { }") == [
                "1:1 expected a declaration, found the name 'contrct' [did you mean 'contract'?]"
            ])
        #expect(
            errors("contract A {\n  acton f() { }\n  view g() -> Int { return 1 }\n}") == [
                "2:3 expected a member of the contract, found the name 'acton' [did you mean 'action'?]"
            ])
    }

    @Test func wordsOfOtherLanguages() {
        #expect(
            inBody("while true { let = 1 }") == [
                "2:1 expected a statement, found the name 'while' [every loop is bounded: 'for i in 0..<n max 1000 { … }']",
                "2:18 expected a name, found '='",
            ])
        #expect(
            errors("contract A {\n  view g() { return 1 }\n  func f() { }\n}") == [
                "2:12 expected '->', found '{' [a view has a result: 'view name(…) -> Type']",
                "3:3 expected a member of the contract, found the name 'func' [did you mean 'function'?]",
            ])
        #expect(inBody("return a and b").map { $0.contains("write '&&'") } == [true])
        #expect(inBody("return not a").map { $0.contains("write '!'") } == [true])
        #expect(inBody("if a or b { }").first?.contains("write '||'") == true)
        #expect(inBody("i++").first?.contains("write 'i += 1'") == true)
        #expect(inBody("if a { } elif b { }").first?.contains("did you mean 'else if'?") == true)
        #expect(errors("function f(int a) { }").first?.contains("'name: Type'") == true)
        #expect(errors("function f(a: Int): Int { return 1 }").first?.contains("'-> Type'") == true)
        #expect(
            errors("contract A {\n  mapping(Address => Int) m\n}").first?.contains("'var name: Map<Key, Value>'") == true)
        #expect(inBody("for i in 0...3 { }").first?.contains("a range is written 'a..<b'") == true)
        #expect(inBody("expect x = 3").first?.contains("'==' compares") == true)
        #expect(inBody("return 1;").count == 1)
    }

    @Test func everyStatementIsRead() {
        #expect(
            inBody("let = 3\nlet y = = 4\nfoo(1, , 2)\nlet z = 5\nx == 3\nif y z { let = 1 }\nlet w = 4") == [
                "2:5 expected a name, found '='",
                "3:9 expected an expression, found '=' ['==' compares]",
                "4:8 expected an expression, found ','",
                "6:3 expected '=' or a call, found '==' ['=' assigns, '==' compares]",
                "7:6 expected '{', found the name 'z'",
                "7:14 expected a name, found '='",
            ])
    }

    @Test func missingBraces() {
        let text = """
            contract A {
                action f() {
                    if x {
                        y = 1
                }
                action g() { }
            }
            contract B { }
            """
        #expect(errors(text) == ["5:6 expected a statement or '}', found 'action'"])
        #expect(
            errors("contract A {\n action f() { }\n\ncontract B { }") == [
                "2:16 expected a member or '}', found 'contract'"
            ])
        #expect(errors("function f() { if x {").count == 1)
        #expect(
            errors("contract A { }\n}\nfunction f() { }") == [
                "2:1 expected a declaration, found '}' [this '}' closes nothing]"
            ])
    }

    @Test func reservedNames() {
        #expect(
            inBody("let test = 1") == [
                "2:5 expected a name, found 'test' ['test' is a word of the language and cannot be a name]"
            ])
        #expect(inBody("let max = 1\nlet by = max\nround = to.gas(failed)").isEmpty)
    }

    @Test func operatorsThatDoNotChain() {
        #expect(
            inBody("let x = a < b < c") == [
                "2:15 expected an operator other than '<', found '<' [join two comparisons with '&&']"
            ])
        #expect(inBody("let x = (a < b) == (c < d)").isEmpty)
        #expect(inBody("let x = a ?? (b ?? c) + d == e || f").isEmpty)
        #expect(inBody("let x = a ?? b ?? c").count == 1)
    }

    @Test func literals() {
        #expect(inBody("x = 12abc").map { $0.prefix(24) } == ["2:5 this is not a number"])
        #expect(inBody("x = 0xABC").count == 1)
        #expect(inBody("x = 1__0").count == 1)
        #expect(inBody("x = 1.0000000000000000001").count == 1)
        #expect(inBody("x = 1.000_000_000_000_000_001").isEmpty)
        #expect(inBody("x = \"a\\q\"") == [#"2:7 there is no such escape in a text [the escapes are \" \\ \n \t]"#])
        #expect(inBody("x = \"open\ny = 2").count == 1)
        #expect(errors("/* open").count == 1)
        #expect(inBody("x = 1; y = 2") == ["2:6 ';' has no meaning here [statements need no ';']"])
        #expect(inBody("x = a & b").first?.contains("write '&&'") == true)
    }

    @Test func wherePositionMatters() {
        #expect(inBody("return 1\nx = 2\ny = 3") == ["3:1 nothing can follow 'return' in its block"])
        #expect(
            errors("function f() { }\nimport \"x\"") == [
                "2:1 imports stand before all declarations [move it to the beginning of the file]"
            ])
        #expect(inBody("var x: List<Int, 3>= []").first?.contains("put a space between") == true)
    }

    @Test func tooLarge() {
        let bag = DiagnosticBag()
        let source = SourceFile(path: "a", bytes: Array(repeating: 0x20, count: sourceLimitBytes + 1))
        _ = parse(source, into: bag)
        #expect(bag.diagnostics.map(\.code) == [.sourceTooLarge])
    }

    @Test func interactive() {
        func read(_ text: String) -> (InteractiveSyntax, Int) {
            let bag = DiagnosticBag()
            let result = parseStatements(SourceFile(path: "repl", text: text), into: bag)
            return (result, bag.diagnostics.count)
        }
        let (values, valueErrors) = read("let x = 3\nx + 1\nx = 4\ncontract A { }\nA.f() as alice")
        #expect(values.statements.count == 4 && values.declarations.count == 1 && valueErrors == 0)
        #expect(!values.isIncomplete)
        for text in ["contract A {", "let x =", "f(1,", "1 +", "if x {\n y = 1", "/* a", "function f(", "[1, 2", "let"]
        {
            #expect(read(text).0.isIncomplete, "\(text)")
        }
        for text in ["", "x", "x)", "let = ", "f(1))", "let x = \"a", "} {", "f(]"] {
            #expect(!read(text).0.isIncomplete, "\(text)")
        }
    }
}
