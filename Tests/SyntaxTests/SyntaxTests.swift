import Diagnostics
import Testing

@testable import Syntax

/// A source that uses most of the language.
let sampleSource = """
    import "stdlib/ranks.agon"

    /// Weighs by rank.
    /// Two lines.
    contract Arena: Rule, Other {
        const ratio: Fixed = 0.7
        struct Node { owner: Address stake: Amount }
        enum Outcome { case won(amount: Amount, place: Int<16>) case lost }
        asset COIN native
        asset PRIZE issued
        asset OTHER
        let start: Height
        var bonds: Map<Address, Vault<COIN>>
        var table: Tensor<i8, [n, 64]>? = none
        role validator = bonds.contains(caller)
        event Paid(to: Address, amount: Amount)
        error TooLate
        error Short(by: Amount)

        round Task[id: Int] {
            var pot: Amount = 0
            sealed ballots: List<Fixed, 64> max 100 by validator
                commit during first reveal during second else forfeit bonds[author] to penalties
            phase first for 20 blocks then second
            phase second for 2 * n blocks or when ballots.allRevealed then settled
            phase settled
        }

        init(operator: Address, coin: Asset) { OTHER = coin }

        /// Joins.
        action join(id: Task, bond: Token<COIN>) -> Int by validator during Task[id].first {
            bonds[caller].put(bond)
            require let x = table.get(id) else Short(by: 3)
            require x > 3 && !(x == 5 || x < -1)
            if let y = x { y += 1 } else if y { fail TooLate } else { fail Short(1) }
            for i in 0..<xs.count max 10 { total += floor(a * b / c ?? d) }
            for (i, x) in enumerated(xs) { if i == 3 { continue } break }
            match outcome { case .won(amount, place) { emit Paid(to: caller, amount: amount) } case .none { } else { } }
            try let r = rule.weights([1, 2], .down) gas 1_000_000 { x = r } failed { x = 0 }
            open Task[id + 1]
            let s = split pot by weights else rest
            let z = a ? b : c ? d : e
            let h = 0xDEADbeef
            let t = "a \\"quoted\\" \\\\ \\n text"
            return 5 % 3
        }
        view weights(scores: List<Fixed, 1024>) -> List<Fixed, 1024> { return scores }
        test "it works" {
            let c = deploy Arena(actor("a"), coin: 3) as actor("b")
            c.join(1, 5) as alice
            let q = (c.peek(1) as bob) + 1
            expect failure Short { c.join(2, 6) as bob }
            expect failure { deploy Arena() }
            expect q == 3
            advance 3 + 4 blocks
        }
    }
    """

@Test func sampleParses() {
    let bag = DiagnosticBag()
    let file = parse(SourceFile(path: "sample.agon", text: sampleSource), into: bag)
    for diagnostic in bag.diagnostics { Issue.record("\(diagnostic.primary.span.location): \(diagnostic.message)") }
    #expect(file.imports.map(\.path) == ["stdlib/ranks.agon"])
    guard case .contract(let contract)? = file.declarations.first else {
        Issue.record("no contract")
        return
    }
    #expect(contract.documentation == "Weighs by rank.\nTwo lines.")
    #expect(contract.interfaces.map(\.name) == ["Rule", "Other"])
    #expect(contract.members.count == 18)
}
