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
    /// What newcomers from other languages write, with the line and column of the error and a part of its hint.
    @Test(arguments: [
        ("pragma solidity 1\ncontract A { }", "1:1", "a source names no version of the compiler"),
        ("contract A {\n  modifier onlyOwner() { }\n}", "2:3", "who may act is a role"),
        ("contract A {\n  action f() onlyOwner { }\n}", "2:14", "who may call an action is a role"),
        (
            "contract A {\n  function f(n: Int) view returns (Int) { return n }\n}", "2:22",
            "a view is declared by its own word"
        ),
        ("contract A {\n  pub fn f() { }\n}", "2:3", "a function is private"),
        ("contract A {\n  function f(self) { }\n}", "2:18", "leave 'self' out"),
        ("function f(n: &Int) { }", "1:15", "there are no references"),
        ("contract A {\n  var n = 0\n}", "2:9", "'var n: Int'"),
        ("contract A {\n  var xs: [Int]\n}", "2:11", "List<Type, n>"),
        ("contract A {\n  var xs: [Address: Int]\n}", "2:11", "Map<Address, Int>"),
        ("function f(n Int) { }", "1:14", "a parameter is written 'name: Type'"),
        ("struct P { x Int }", "1:14", "is written 'name: Type'"),
        ("function f() -> Int { 5 }", "1:23", "a statement"),
        ("function f(n: Int) -> Int { n }", "1:31", "write 'return n'"),
        ("function f(n: Int) { for (var i = 0, i < n, i += 1) { } }", "1:27", "a loop runs over a range"),
        ("function f(n: Int) { let t = (n, n) }", "1:32", "there are no tuples"),
        ("function f(n: Int) { let t = n ** 2 }", "1:33", "pow(x, y, .nearest)"),
        ("function f(n: Int) { let t = n << 2 }", "1:33", "there are no shifts"),
        ("function f(n: Int) { if n > 0 fail }", "1:31", "stands in braces"),
        ("function f(n: Int) { fail }", "1:27", "declare 'error Refused'"),
        ("function f(n: Int) { require n > 0, Small }", "1:35", "require condition else Error"),
        ("function f(n: Int) { require n > 0 Small }", "1:36", "require condition else Error"),
        ("function f() { delete xs[1] }", "1:16", "map.remove(key)"),
        ("function f() -> Bool { return a in xs }", "1:33", "xs.contains(x)"),
        ("function f() -> P { return P { x: 1 } }", "1:30", "a struct is made by its name"),
        ("function f() -> P { return new P(1) }", "1:28", "a struct is made by its name"),
        ("function f(e: E) { match e { .a { } } }", "1:30", "a case is written 'case .name'"),
        ("test \"t\" { expect failure c.f() }", "1:33", "what must fail stands in braces"),
        ("test \"t\" { assert 1 == 1 }", "1:12", "did you mean 'expect'?"),
        ("test \"t\" { c.f().as(a) }", "1:18", "who acts stands behind the call"),
        ("function f() { while (true) { break } }", "1:16", "every loop is bounded"),
        ("function f(n: Int) { if (n > 3) g(n) }", "1:33", "stands in braces"),
        ("function f(n: Int) { if n > 3: g(n) }", "1:30", "stands in braces"),
        ("function f(n: Int) { if n > 3 then { g(n) } }", "1:31", "stands in braces"),
        ("contract A:\n    var n: Int", "1:11", "stands in braces"),
        ("function f() { raise Small(3) }", "1:16", "did you mean 'fail'?"),
        ("function f() { fail \"small\" }", "1:21", "declare 'error TooSmall'"),
        ("function f(n: Int) { require n > 3 else \"small\" }", "1:41", "declare 'error TooSmall'"),
        ("function f() { n /= 2 }", "1:18", "n = floor(n / …)"),
        ("function f() { n %= 2 }", "1:18", "n = n % …"),
        ("function f() { let n = 3 days }", "1:26", "contracts count blocks"),
        ("function f() { let n = 3 ether }", "1:26", "smallest unit"),
        ("function f() { for i of xs { } }", "1:22", "write 'for name in list'"),
        ("function f() { let n = if a { 1 } else { 2 } }", "1:24", "condition ? a : b"),
        ("function f() { let xs: Int[] = [1] }", "1:27", "List<Type, n>"),
        ("function f(n: Int) { match n { case 1 { } } }", "1:37", "compared by 'if'"),
        ("contract A { action f() { open R(1) } }", "1:33", "an instance is named by its key"),
        ("function f() { split pot by [1] else rest }", "1:16", "what a split gives is bound"),
        ("contract A {\n  action f() throws { }\n}", "2:14", "leave the word out"),
        ("struct P { var x: Int }", "1:12", "a field is written 'name: Type'"),
    ]) func habits(text: String, place: String, hint: String) {
        let found = errors(text)
        #expect(found.contains { $0.hasPrefix(place + " ") && $0.contains(hint) }, "\(found)")
    }

    /// Characters that belong to no token: one error for each, and nothing that only follows from it.
    @Test func strangeCharacters() {
        #expect(
            errors("\u{FEFF}function f() { }") == [
                "1:1 U+FEFF has no meaning here [save the file as UTF-8 without a byte order mark]"
            ])
        #expect(inBody("# a comment, as \"elsewhere\"").map { $0.contains("'//'") } == [true])
        #expect(inBody("#[test]").count == 1)
        #expect(inBody("@payable\ng(1)").map { $0.contains("there are no attributes") } == [true])
        #expect(inBody("let n = a ^ 2").map { $0.contains("operators on bits") } == [true])
        #expect(inBody("let n = a & 1").count == 1)
        #expect(inBody("let n = a\u{200B}b").first?.hasPrefix("2:10 U+200B") == true)
        #expect(inBody("let caf\u{E9} = 1").first?.contains("A-Z and a-z") == true)
        #expect(errors("/* never closed") == ["1:1 this comment has no end [close it with '*/']"])
        #expect(inBody("g(1) /* never closed").count == 1)
        let bag = DiagnosticBag()
        _ = parse(SourceFile(path: "a", bytes: [0xFF, 0xFE, 0x63, 0, 0x6F, 0]), into: bag)
        #expect(bag.diagnostics.map(\.message) == ["the source is UTF-16, not UTF-8"])
    }

    /// What would show a reader other code than the compiler sees.
    @Test(arguments: ["\u{202A}", "\u{202E}", "\u{2066}", "\u{2069}"]) func turnedDirection(mark: String) {
        for text in ["// \(mark) x\n", "/* \(mark) */", "const t = \"\(mark)\""] {
            #expect(errors(text).map { $0.contains("turns the direction") } == [true], "\(text)")
        }
        #expect(errors("// \u{200F}\u{2070}\u{20A0} \u{1F468}\u{200D}\u{1F469}") == [])
    }

    /// A warning where other languages divide; not where a comment says something.
    @Test func quotientsInComments() {
        for text in ["let n = a // 2", "n = g(1) //2 ", "n = xs[1] // 1_000", "n = 5 // 2\r"] {
            #expect(inBody(text).map { $0.contains("'//' begins a comment") } == [true], "\(text)")
        }
        for text in ["g(1)\n// 2", "g(1) // 2 of them", "let n = a // b", "g(1) //", "if a { // 1\n}"] {
            #expect(inBody(text) == [], "\(text)")
        }
    }

    @Test func longNames() {
        let longest = String(repeating: "n", count: nameLimitBytes)
        #expect(inBody("let \(longest) = 1") == [])
        #expect(inBody("let \(longest)n = 1") == ["2:5 a name has at most 100 characters, this has 101"])
    }

    /// Names that look like those of other languages are names all the same.
    @Test func namesThatAreNoHabits() {
        #expect(errors("function f(new: Int) -> Int {\n    let old = new\n    return old\n}") == [])
        #expect(errors("contract A {\n  var Total: Int\n  action f(n: Int) { require n > 0 Total = n }\n}") == [])
        #expect(
            errors("contract A {\n  action f(n: Int) { require n > 0\n    g(n)\n  }\n  function g(n: Int) { }\n}") == []
        )
    }

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
                "2:1 expected a statement, found the name 'while' "
                    + "[every loop is bounded: 'for i in 0..<n max 1000 { … }']",
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
            errors("contract A {\n  mapping(Address => Int) m\n}").first?.contains("'var name: Map<Key, Value>'")
                == true)
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
        #expect(inBody("let open = 1\nlet x: Int = 2").count == 1)
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
