import Diagnostics
import Syntax
import TestSupport
import Testing

@testable import Semantics

/// Broken programs: checking ends without a crash on a small stack, and what it lets pass is whole.
@Suite struct CheckerFuzzTests {
    /// Words, numbers, texts and single other characters, white space kept with what follows.
    private static func pieces(_ text: String) -> [String] {
        var result: [String] = []
        var current = ""
        var isWord = false
        for character in text {
            let continues = character.isLetter || character.isNumber || character == "_"
            if continues, isWord {
                current.append(character)
                continue
            }
            if character.isWhitespace, !isWord, current.allSatisfy(\.isWhitespace) {
                current.append(character)
                continue
            }
            if !current.isEmpty { result.append(current) }
            current = String(character)
            isWord = continues
        }
        return result + [current]
    }

    private static func mutated(_ pieces: [String], _ random: inout SplitMix64) -> String {
        var copy = pieces
        for _ in 0...random.below(3) {
            guard !copy.isEmpty else { break }
            let place = random.below(copy.count)
            let other = copy[random.below(copy.count)]
            switch random.below(5) {
            case 0: copy.remove(at: place)
            case 1: copy.insert(other, at: place)
            case 2: copy[place] = " \(other) "
            case 3:
                let swapped = random.below(copy.count)
                copy.swapAt(place, swapped)
            default:
                let hostile = [
                    "0", "-1", "99999999999999999999", "none", "[]", "[n]", ".x", "height", "\"\"", "0xff", "1.5",
                ]
                copy[place] = " \(hostile[random.below(hostile.count)]) "
            }
        }
        return copy.joined()
    }

    @discardableResult
    private static func check(_ text: String, _ what: @autoclosure () -> String) -> Bool {
        let bag = DiagnosticBag()
        let file = parse(SourceFile(path: "fuzz.agon", text: text), into: bag)
        guard let program = Semantics.check(files: [file], into: bag) else {
            #expect(bag.hasErrors, "refused without a reason: \(what())")
            return false
        }
        expectWhole(program, what())
        return true
    }

    /// A program that passed holds no expression or local of unknown type.
    private static func expectWhole(_ program: Program, _ what: @autoclosure () -> String) {
        var isWhole = true
        let bodies = program.functions.map { ($0.locals, $0.body) } + program.tests.map { ($0.locals, $0.body) }
        for (locals, body) in bodies {
            if locals.contains(where: { $0.type.isInvalid }) { isWhole = false }
            visitExpressions(body) { expression in
                if expression.type.isInvalid { isWhole = false }
                if case .local(let id) = expression.kind, !locals.indices.contains(id) { isWhole = false }
            }
        }
        #expect(isWhole, "a hole in the tree: \(what())")
    }

    @Test func mutatedSources() async {
        let files = RepositoryFiles()
        let paths = files.paths(under: "stdlib") + files.paths(under: "contracts")
        let texts =
            Fault.all.map(\.source) + validPrograms
            + paths.compactMap { files.read($0).map { String(decoding: $0.bytes, as: UTF8.self) } }
        await SmallStack.run {
            var random = SplitMix64(seed: 7)
            var passed = 0
            for (number, text) in texts.enumerated() {
                let pieces = Self.pieces(text)
                for round in 0..<(text.utf8.count > 4_000 ? 10 : 60) {
                    let mutant = Self.mutated(pieces, &random)
                    if Self.check(mutant, "seed 7, text \(number), round \(round)\n\(mutant)") { passed += 1 }
                }
            }
            #expect(passed > 0)
        }
    }

    @Test func longChains() async {
        await SmallStack.run {
            let functions = (0..<3_000).map { "function f\($0)() -> Int { return f\($0 + 1)() }" }
            Self.check((functions + ["function f3000() -> Int { return 1 }"]).joined(separator: "\n"), "functions")
            let circle = (0..<3_000).map { "function f\($0)() -> Int { return f\(($0 + 1) % 3_000)() }" }
            Self.check(circle.joined(separator: "\n"), "circle")
            Self.check((0..<3_000).map { "const c\($0) = c\($0 + 1)" }.joined(separator: "\n"), "constants")
            Self.check(
                (0..<3_000).map { "struct S\($0) { s: S\($0 + 1) }" }.joined(separator: "\n") + "struct S3000 {}",
                "structs")
            let nested = String(repeating: "if true { ", count: 60) + String(repeating: "}", count: 60)
            Self.check("function f() { \(nested) }", "blocks")
            Self.check(
                "function f(a: Int) -> Int { return \(Array(repeating: "a", count: 120).joined(separator: " + ")) }",
                "sum")
            let deep = String(repeating: "(1 + min(2, ", count: 25) + "3" + String(repeating: "))", count: 25)
            Self.check("function f() -> Int { return \(deep) }", "calls")
            let list = String(repeating: "[", count: 60) + "1" + String(repeating: "]", count: 60)
            Self.check("function f() { let x = \(list) }", "lists")
            let products = Array(repeating: "a", count: 100).joined(separator: " * ")
            Self.check("function f(a: Int) { let x = \(products) }", "products")
            let ratios = Array(repeating: "a", count: 100).joined(separator: " / ")
            Self.check("function f(a: Int) { let x: Int = floor(\(ratios)) }", "ratios")
            let phases = (0..<200).map { "phase p\($0) for 1 blocks then p\($0 + 1)" }.joined(separator: "\n")
            Self.check("contract C { round R[k: Int] { \(phases) phase p200 } }", "phases")
        }
    }
}
