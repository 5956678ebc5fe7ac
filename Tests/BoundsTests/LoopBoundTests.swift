import Bounds
import Harness
import Numerics
import Reference
import Testing

private let loops = """
    contract Loops {
        var cells: Map<Int<32>, Int>
        view halving(n: Int<32>) -> Int {
            var sum: Int = 0
            var rest = n
            for level in 0..<32 {
                if rest <= 1 { break }
                sum += rest * rest
                rest = floor(rest / 2)
            }
            return sum
        }
        view thirds(n: Int<32>) -> Int {
            var sum: Int = 0
            var rest = n
            for level in 0..<32 {
                if rest <= 1 { break }
                sum += rest * rest
                rest = floor(rest / 3)
            }
            return sum
        }
        view doubling(n: Int<32>) -> Int {
            var sum: Int = 0
            var place: Int<32> = 1
            for level in 0..<32 {
                var child: Int<32> = 2 * place
                if child > n { break }
                if child % 3 == 0 { child += 1 }
                sum += child * child
                place = child
            }
            return sum
        }
        view guarded(n: Int<32>) -> Int {
            var sum: Int = 0
            for i in 0..<2_000 {
                if i >= n { break }
                sum += i * i
            }
            return sum
        }
        view shrinking(n: Int<32>) -> Int {
            var sum: Int = 0
            var rest = n
            for level in 0..<32 {
                if rest <= 1 { break }
                sum += rest * rest
                rest -= 1
            }
            return sum
        }
        view rising(n: Int<32>) -> Int {
            var sum: Int = 0
            var place: Int<32> = 0
            for level in 0..<32 {
                let child: Int<32> = 2 * place
                if child > n { break }
                sum += child + 1
                place = child
            }
            return sum
        }
        action climb(n: Int<32>) {
            var place = n
            for level in 0..<32 {
                if place <= 1 { break }
                cells[place] = level
                place = floor(place / 2)
            }
        }
    }
    """

@Suite("Gas bounds of loops that end early")
struct LoopBoundTests {
    private func bounds(_ entry: String, _ sizes: [Int]) throws -> [MeasuredCall] {
        let contract = try MeasuredContract(loops)
        try contract.deploy()
        return try sizes.map { size in
            let call = try contract.call(entry, [.integer(BigInt(size))])
            let bound = try #require(call.bound)
            #expect(bound >= call.gasUsed, "\(entry)(\(size))")
            return call
        }
    }

    @Test(
        "What is halved while it is more than one has as many passes as its logarithm", arguments: ["halving", "climb"])
    func halving(_ entry: String) throws {
        let calls = try bounds(entry, [0, 1, 2, 3, 7, 8, 1_000, 2_147_483_647])
        for call in calls {
            // One pass beyond the last is looked at, which may write an entry.
            let most = call.gasUsed * 3 / 2 + 25_000
            #expect((call.bound ?? 0) <= most, "\(entry): \(call.gasUsed) of at most \(call.bound ?? 0)")
        }
        let (least, most) = (try #require(calls[0].bound), try #require(calls[7].bound))
        #expect(least + 500 < most)
        let formula = try #require(MeasuredContract(loops).formulas[entry])
        #expect(formula.contains("·log2(n + 1) + "), "\(formula)")
    }

    @Test("Divided by more than two it has no more passes")
    func thirds() throws {
        for call in try bounds("thirds", [0, 1, 2, 9, 1_000, 2_147_483_647]) {
            #expect((call.bound ?? 0) <= call.gasUsed * 2, "\(call.gasUsed) of at most \(call.bound ?? 0)")
        }
    }

    @Test("What is doubled while it stays within something has as many passes as that one's logarithm")
    func doubling() throws {
        let calls = try bounds("doubling", [0, 1, 2, 3, 4, 100, 1_000_000])
        for call in calls {
            #expect((call.bound ?? 0) <= call.gasUsed * 2, "\(call.gasUsed) of at most \(call.bound ?? 0)")
        }
        let formula = try #require(MeasuredContract(loops).formulas["doubling"])
        #expect(formula.contains("·log2(n + 1) + "), "\(formula)")
    }

    @Test("A condition on the counter ends the loop")
    func guarded() throws {
        for call in try bounds("guarded", [0, 1, 5, 100, 2_000, 5_000]) {
            #expect((call.bound ?? 0) <= call.gasUsed * 2, "\(call.gasUsed) of at most \(call.bound ?? 0)")
        }
    }

    @Test("What is not halved, and what doubling may leave at zero, has all passes")
    func others() throws {
        let formulas = try MeasuredContract(loops).formulas
        for entry in ["shrinking", "rising"] {
            let formula = try #require(formulas[entry])
            #expect(Int(formula) != nil, "\(entry): \(formula)")
            // Without its passes it would be no bound: all are made.
            let call = try #require(try bounds(entry, [2_147_483_647]).first)
            #expect((call.bound ?? 0) <= call.gasUsed * 2)
        }
    }
}
