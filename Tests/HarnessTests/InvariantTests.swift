import Testing

@testable import Harness

@Suite("Invariants and benches")
struct InvariantTests {
    private func run(_ text: String, _ runner: TestRunner = TestRunner()) throws -> TestResult {
        let project = try CompiledProject.compile(text: text, path: "i.agon").get()
        return try #require(runner.run(project).results.first)
    }

    private static let bank = """
        contract Bank {
            asset COIN native
            var total: Amount = 0
            var accounts: Map<Address, Vault<COIN>>
            error Small
            action deposit(paid: Token<COIN>) {
                require paid.amount > 3 else Small
                total += paid.amount
                accounts[caller].put(paid)
            }
            action withdraw(amount: Amount) -> Token<COIN> {
                total -= min(amount, 77)
                return accounts[caller].take(amount)
            }
            view sum() -> Amount { return total }
            view held(member: Address) -> Amount { return accounts[member].amount }
        }
        """

    /// A step that never succeeds tells nothing about what it would do: the table says so.
    @Test func stepsWithoutSuccessAreMarked() throws {
        let text = Self.bank + """
            invariant "marked" {
                let bank = deploy Bank()
                step never(n: Amount in 0..<9) { bank.deposit(100) as actor("poor") }
                step fine(n: Amount in 0..<9) { expect bank.sum() == 0 }
                step discarded(n: Amount in 0..<9) { assume n > 10 }
                always { expect bank.sum() == 0 }
            }
            """
        let lines = StepCount.lines(try #require(try run(text).steps))
        #expect(lines.first { $0.hasPrefix("never") }?.contains("NEVER SUCCEEDED: InsufficientAmount") == true)
        #expect(lines.first { $0.hasPrefix("fine") }?.contains("NEVER") == false)
        #expect(lines.first { $0.hasPrefix("discarded") }?.hasSuffix("NEVER TAKEN") == true)
    }

    /// An error that may come from anywhere is shown with its places, each counted for itself.
    @Test func placesOfErrorsThatSayNothing() throws {
        let text = """
            contract Narrow {
                var small: Int<8> = 0
                action double(n: Int<8>) { small = n * 2 }
                action triple(n: Int<8>) { small = n * 3 }
            }
            invariant "narrow" {
                let narrow = deploy Narrow()
                step twice() { narrow.double(100) }
                step either(n: Int in 0..<2) { if n == 0 { narrow.double(100) } else { narrow.triple(100) } }
                always { expect true }
            }
            """
        let steps = try #require(try run(text).steps)
        let twice = try #require(steps.first { $0.name == "twice" })
        #expect(twice.failures.map(\.error) == ["Overflow"])
        #expect(twice.failures.first?.place?.hasSuffix(":3:40") == true)
        let either = try #require(StepCount.lines(steps).first { $0.hasPrefix("either") })
        #expect(either.contains(":3:40") && either.contains(":4:40"))
    }

    private static let poll = """
        contract Poll {
            round Question[key: Int] {
                sealed answers: Int max 4 commit during asking reveal during telling else keep
                phase asking for 10 blocks then telling
                phase telling for 5 blocks then over
                phase over
            }
            var counted: Int = 0
            action ask(key: Int) { open Question[key] }
            action count(key: Int) during Question[key].over {
                var sum = 0
                for (author, answer) in Question[key].answers { sum += answer % 1_000 }
                counted = sum
            }
            view result() -> Int { return counted }
        }
        """

    private static let explored = """
        invariant "books" {
            let alice = actor("alice")
            grant(alice, 1_000)
            let bank = deploy Bank()
            explore bank by [alice, actor("bob")]
            always { expect bank.sum() == bank.held(alice) + bank.held(actor("bob")) }
        }
        """

    private static let commitAndReveal = """
        invariant "nothing is counted" {
            let alice = actor("alice")
            let poll = deploy Poll()
            poll.ask(0)
            explore poll by [alice]
            always { expect poll.result() == 0 }
        }
        """

    private static let phaseEdge = """
        invariant "one block later" {
            let poll = deploy Poll()
            poll.ask(0)
            let start = height
            step count() {
                poll.count(0)
                expect height > start + 15
            }
        }
        """

    private func code(_ result: TestResult) -> [String] {
        (result.failure?.source ?? []).map { $0.split(separator: " ").joined(separator: " ") }
    }

    @Test("An explored contract: the two calls that break the rule")
    func explore() throws {
        for seed: UInt64 in 1...4 {
            let result = try run(Self.bank + Self.explored, TestRunner(seed: seed))
            #expect(!result.passed)
            let calls = code(result).filter { $0.hasPrefix("bank.") || $0.hasPrefix("let result") }
            #expect(
                calls == ["bank.deposit(paid: 78) as alice", "let result2 = bank.withdraw(amount: 78) as alice"],
                "seed \(seed)")
        }
    }

    @Test("Commitments are opened with what they committed to, in their phases")
    func sealed() throws {
        let result = try run(Self.poll + Self.commitAndReveal)
        #expect(!result.passed)
        let lines = code(result)
        #expect(lines.contains { $0.hasPrefix("poll.commit_answers(key: 0, commitment: commitment(poll, Question.") })
        #expect(lines.contains { $0.hasPrefix("poll.reveal_answers(key: 0, author: alice, value: 1, salt: 0x") })
        #expect(lines.contains("advance 10 blocks") && lines.contains("advance 5 blocks"))
        let commit = try #require(result.steps?.first { $0.name == "poll.commit_answers" })
        #expect(commit.calls > 0)
    }

    @Test("A fault at the edge of a phase is met at just that height")
    func edge() throws {
        for seed: UInt64 in 1...4 {
            let result = try run(Self.poll + Self.phaseEdge, TestRunner(seed: seed))
            #expect(code(result).contains("advance 15 blocks"), "seed \(seed): \(code(result))")
        }
    }

    @Test("The shortest sequence is a test that fails in the same way", arguments: [
        bank + explored, poll + commitAndReveal, poll + phaseEdge,
    ])
    func pasted(text: String) throws {
        let failure = try #require(try run(text).failure)
        let pasted = try run(
            text + "\n" + failure.source.joined(separator: "\n").replacing("test \"", with: "test \"pasted "),
            TestRunner(filter: "pasted"))
        #expect(pasted.failure?.error == failure.error)
        #expect(pasted.failure?.operands == failure.operands)
    }

    @Test("Failures are counted by error and undone; discards are counted apart")
    func table() throws {
        let text = """
            invariant "counts" {
                var sum = 0
                step up(n: Int in 0..<10) {
                    sum += 1
                    assume n > 0
                    let unused = floor(1 / (n - 1))
                    sum += n - 1
                }
                step rest() { advance 1 blocks }
                always { expect sum >= 0 }
            }
            """
        let result = try run(text, TestRunner(cases: 5, steps: 30))
        #expect(result.passed && result.cases == 5)
        let up = try #require(result.steps?.first)
        #expect(up.failures.map(\.error) == ["DivisionByZero"])
        #expect(up.discards > 0)
        #expect(try #require(result.steps).reduce(0) { $0 + $1.calls + $1.discards } == 150)
        let lines = result.lines
        #expect(lines.contains { $0.contains("step") && $0.contains("discarded") })
    }

    @Test("A bench shows gas against size with its curve")
    func bench() throws {
        let text = """
            contract Adder {
                var total: Int = 0
                action add(n: Int) { for i in 0..<n max 1000 { total += i % 3 } }
                bench "adding" for n in [1, 10, 100, 400] {
                    let adder = deploy Adder()
                    measure { adder.add(n) }
                }
            }
            """
        let quick = try run(text)
        #expect(quick.passed && quick.bench == nil)
        let table = try #require(try run(text, TestRunner(measuresBenches: true)).bench)
        #expect(table.rows.map(\.size) == [1, 10, 100, 400])
        #expect(table.rows.map(\.gas) == table.rows.map(\.gas).sorted())
        #expect(table.fit?.coefficients.count == 2)
    }

    @Test("Curves: the lowest degree that fits")
    func curves() throws {
        let sizes = [1.0, 2, 5, 10, 20, 50]
        let constant = try #require(PolynomialFit(sizes.map { ($0, 7) }))
        #expect(constant.coefficients.count == 1 && constant.text("n") == "7")
        let quadratic = try #require(PolynomialFit(sizes.map { ($0, 100 + 3 * $0 + 2 * $0 * $0) }))
        #expect(quadratic.coefficients.count == 3)
        #expect(quadratic.text("n") == "100 + 3 n + 2 n^2")
        #expect(quadratic.worstError < 1e-6)
        #expect(PolynomialFit([(1, 1)]) == nil)
        // Steps of no size at all have no slope.
        #expect(PolynomialFit([(3, 5), (3, 5), (3, 5)])?.coefficients.count == 1)
    }
}
