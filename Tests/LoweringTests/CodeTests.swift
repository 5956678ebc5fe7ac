import Bytecode
import Testing

/// The code of small functions, to the instruction: what a loop costs is a matter of design.
struct CodeTests {
    static let loops = """
        contract Loops {
            const modulus = 2_305_843_009_213_693_951
            view sum(n: Int) -> Int {
                var s = 0
                for i in 0..<n max 100_000_000 { s += i * i % 1_000_003 }
                return s
            }
            view fib(n: Int) -> Int {
                var a = 0
                var b = 1
                for i in 0..<n max 100_000_000 {
                    let t = (a + b) % modulus
                    a = b
                    b = t
                }
                return a
            }
            view calls(n: Int) -> Int {
                var s = 1
                for i in 0..<n max 100_000_000 { s = step(s, s) }
                return s
            }
            function step(s: Int, i: Int) -> Int { return (s + i) % modulus }
        }
        """

    static let ledger = """
        contract Ledger {
            var balances: Map<Address, Amount>
            event Transfer(from: Address, to: Address, amount: Amount)
            function move(from: Address, to: Address, amount: Amount) {
                balances[from] -= amount
                balances[to] += amount
            }
            action many(to: Address, n: Int) {
                for i in 0..<n max 10_000_000 {
                    move(caller, to, 1)
                    emit Transfer(caller, to, 1)
                }
            }
            view share(a: Amount, b: Amount, c: Amount) -> Amount { return floor(a * b / c) }
            view fixed(a: Fixed, b: Fixed) -> Fixed { return floor(a * b) }
            view compare(a: Int, b: Amount, c: Int) -> Bool { return a / b < c / 3 }
            view known(owner: Address) -> Amount {
                require owner != caller
                require let balance = balances.get(owner) else NotAuthorized
                return balance
            }
        }
        """

    /// Four instructions a round: the width check is part of the addition.
    private static let sum = """
        loadInteger r1, 0
        loadInteger r3, 100000000
        loadInteger r2, 0
        branchLessOrEqual r0, r3, L6
        failBuiltin LoopBound
        L6:
        branchLessOrEqual r0, r2, L13
        L8:
        multiply r4, r2, r2
        moduloImmediate r4, r4, 1000003
        addSigned r1, r1, r4, 256
        loop r2, r0, L8
        L13:
        return r1
        """

    /// The modulus is loaded once, before the loop.
    private static let fib = """
        loadInteger r1, 0
        loadInteger r2, 1
        loadInteger r4, 100000000
        loadConstant r7, 0
        loadInteger r3, 0
        branchLessOrEqual r0, r4, L8
        failBuiltin LoopBound
        L8:
        branchLessOrEqual r0, r3, L16
        L10:
        add r6, r1, r2
        modulo r5, r6, r7
        move r1, r2
        move r2, r5
        loop r3, r0, L10
        L16:
        return r1
        """

    private static let calls = """
        loadInteger r1, 1
        loadInteger r3, 100000000
        loadInteger r2, 0
        branchLessOrEqual r0, r3, L6
        failBuiltin LoopBound
        L6:
        branchLessOrEqual r0, r2, L15
        L8:
        move r4, r1
        move r5, r1
        call r4, 3
        move r1, r6
        loop r2, r0, L8
        L15:
        return r1
        """

    /// Keys are used where they are.
    private static let move = """
        stateGet r3, r0, 0
        subtractUnsigned r3, r3, r2, 256
        statePut r3, r0, 0
        stateGet r3, r1, 0
        addUnsigned r3, r3, r2, 256
        statePut r3, r1, 0
        returnNothing
        """

    private static let share = """
        mulDiv r3, r0, r1, r2, floor
        checkUnsigned r3, 256
        return r3
        """

    private static let fixed = """
        loadConstant r2, 0
        mulDiv r2, r0, r1, r2, floor
        checkSigned r2, 256
        return r2
        """

    /// Quotients are compared by their cross products.
    private static let compare = """
        loadInteger r3, 0
        branchNotEqual r1, r3, L4
        failBuiltin DivisionByZero
        L4:
        loadInteger r3, 3
        multiply r3, r0, r3
        multiply r4, r2, r1
        less r5, r3, r4
        return r5
        """

    /// Failures stand aside: no jump on the way that goes well.
    private static let known = """
        caller r1
        equalBytes32 r2, r0, r1
        branchFalse r2, L5
        failBuiltin RequirementFailed
        L5:
        stateFind r4, r0, 0
        tag r5, r4
        loadInteger r6, 1
        branchEqual r5, r6, L11
        failBuiltin NotAuthorized
        L11:
        getPayload r3, r4, 1, 0
        return r3
        """

    @Test(arguments: [
        (loops, "sum", sum), (loops, "fib", fib), (loops, "calls", calls), (ledger, "move", move),
        (ledger, "share", share),
        (ledger, "fixed", fixed), (ledger, "compare", compare), (ledger, "known", known),
    ])
    func codeIsAsDesigned(_ source: String, _ name: String, _ expected: String) throws {
        let program = try checked(source)
        try expectVerified(program)
        #expect(try disassembly(lowered(program), name).joined(separator: "\n") == expected)
    }

    @Test func calleesComeFirstAndUnusedFunctionsAreLeftOut() throws {
        let module = try lowered(
            checked(
                """
                function unused(n: Int) -> Int { return n }
                function outer(n: Int) -> Int { return inner(n) + inner(n) }
                function inner(n: Int) -> Int { return n }
                contract Order { view value(n: Int) -> Int { return outer(n) } }
                """))
        let names = module.functions.map(\.name)
        #expect(!names.contains("unused"))
        #expect(names.firstIndex(of: "inner")! < names.firstIndex(of: "outer")!)
        #expect(names.firstIndex(of: "outer")! < names.firstIndex(of: "value")!)
        #expect(module.entries.map(\.name) == ["init", "value"])
    }

    @Test func positionsAreThoseOfTheSource() throws {
        let module = try lowered(
            checked(
                """
                contract Positions {
                    view value(a: Int, b: Int) -> Int {
                        return floor(a / b)
                    }
                }
                """))
        let function = try #require(module.functions.first { $0.name == "value" })
        #expect(module.sourceNames == ["test.agon"])
        #expect(function.positions.contains { $0.line == 3 })
        #expect(function.positions.map(\.word) == function.positions.map(\.word).sorted())
    }

    @Test func tooManyValuesAtOnceAreRefused() throws {
        let bindings = (0..<300).map { "let v\($0) = n + \($0)" }.joined(separator: "\n")
        let sum = (0..<60).map { "v\($0 * 5)" }.joined(separator: " + ")
        let program = try checked("contract Wide { view value(n: Int<64>) -> Int { \(bindings)\nreturn \(sum) } }")
        #expect(throws: SourceFault.self) { try lowered(program) }
    }
}
