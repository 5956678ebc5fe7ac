import Diagnostics
import Foundation
import Testing

@testable import Syntax

/// The root of the repository.
let repositoryRoot = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

/// The source that uses every construct.
func everyConstruct() throws -> [UInt8] {
    Array(try Data(contentsOf: repositoryRoot.appendingPathComponent("Tests/Fixtures/syntax/every_construct.agon")))
}

private func value(_ text: String) -> ExpressionSyntax? {
    let bag = DiagnosticBag()
    let result = parseStatements(SourceFile(path: "text", text: text), into: bag)
    guard bag.diagnostics.isEmpty, case .expression(let expression)? = result.statements.first?.kind else { return nil }
    return expression
}

/// An expression with every operation in parentheses.
private func shape(_ expression: ExpressionSyntax?) -> String {
    guard let expression else { return "error" }
    switch expression.kind {
    case .integer(let digits), .decimal(let digits): return digits
    case .text(let text): return "'\(text)'"
    case .hexBytes(let bytes): return "x\(bytes)"
    case .boolean(let value): return "\(value)"
    case .none: return "none"
    case .name(let name): return name.name
    case .implicitMember(let name): return "." + name.name
    case .list(let elements): return "[" + elements.map { shape($0) }.joined(separator: " ") + "]"
    case .member(let base, let name): return "\(shape(base)).\(name.name)"
    case .call(let base, let arguments):
        return shape(base) + "("
            + arguments.map { ($0.label.map { $0.name + ":" } ?? "") + shape($0.value) }
            .joined(separator: " ") + ")"
    case .index(let base, let index): return "\(shape(base))[\(shape(index))]"
    case .unary(let op, let operand): return "(\(op.rawValue)\(shape(operand)))"
    case .binary(let op, let left, let right): return "(\(shape(left))\(op.rawValue)\(shape(right)))"
    case .ternary(let condition, let first, let second): return "(\(shape(condition))?\(shape(first)):\(shape(second)))"
    case .split(let whole, let weights, let remainder):
        return "(split \(shape(whole)) \(shape(weights)) \(shape(remainder)))"
    case .draw(let count, let members, let beacon):
        return "(draw \(shape(count)) \(shape(members)) \(shape(beacon)))"
    case .deploy(let contract, let arguments, let actor):
        return "(deploy \(contract.name) \(arguments.count)\(actor.map { " as " + shape($0) } ?? ""))"
    case .asActor(let call, let actor): return "(\(shape(call)) as \(shape(actor)))"
    case .invalid: return "invalid"
    }
}

@Suite struct SyntaxTests {
    @Test func precedence() {
        #expect(shape(value("a || b && c == d ?? e + f * -g.h(1)[2]")) == "(a||(b&&(c==(d??(e+(f*(-g.h(1)[2])))))))")
        #expect(shape(value("a - b - c * d / e % f")) == "((a-b)-(((c*d)/e)%f))")
        #expect(shape(value("a ? b : c ? d : e")) == "(a?b:(c?d:e))")
        #expect(shape(value("!a && -b < --c")) == "((!a)&&((-b)<(-(-c))))")
        #expect(shape(value("split a by b.c else d[1] + 2")) == "((split a b.c d[1])+2)")
        #expect(shape(value("draw n from R[k].from using R[k].using + 1")) == "((draw n R[k].from R[k].using)+1)")
        #expect(shape(value("deploy A(1, x: 2) as actor(\"b\")")) == "(deploy A 2 as actor('b'))")
        #expect(shape(value("(f(to: 1) as bob).x")) == "(f(to:1) as bob).x")
        #expect(shape(value("f() as bob")) == "(f() as bob)")
    }

    @Test func literals() {
        #expect(
            shape(value("[1_000, 0.25, 0x0aFF, \"a\\n\\\"\\\\\\t\", true, none, .down]"))
                == "[1000 0.25 x[10, 255] 'a\n\"\\\t' true none .down]")
    }

    @Test func treeOfAContract() throws {
        let bag = DiagnosticBag()
        let file = parse(SourceFile(path: "every_construct.agon", bytes: try everyConstruct()), into: bag)
        #expect(bag.diagnostics.isEmpty, "\(TextRenderer().render(bag.sorted))")
        #expect(file.imports.map(\.path) == ["stdlib/ranks.agon", "other \"quoted\" \\ \n \t.agon"])
        let contracts = file.declarations.compactMap { declaration in
            if case .contract(let contract) = declaration { contract } else { nil }
        }
        #expect(contracts.map(\.name.name) == ["Empty", "One1", "Many"])
        #expect(contracts[0].documentation == "Documentation,\ntwo lines.")
        #expect(contracts[2].interfaces.map(\.name) == ["Rule", "Single", "Silent"])
        #expect(contracts[2].members.count == 31)
        #expect(contracts[2].span.text.hasPrefix("contract Many") && contracts[2].span.text.hasSuffix("}"))
    }

    @Test func documentationStandsDirectlyBefore() {
        func comment(_ text: String) -> String? {
            let bag = DiagnosticBag()
            let file = parse(SourceFile(path: "a", text: text), into: bag)
            guard case .contract(let contract)? = file.declarations.last else { return "no contract" }
            return contract.documentation
        }
        #expect(comment("/// One\n///   two\n///\n/// three\ncontract A { }") == "One\n  two\n\nthree")
        #expect(comment("/// Apart\n\ncontract A { }") == nil)
        #expect(comment("// Plain\ncontract A { }") == nil)
        #expect(comment("const a = 1 /// of a\ncontract A { }") == nil)
        #expect(comment("//// Rule\n/// Doc\r\n    contract A { }") == "Doc")
    }
}
