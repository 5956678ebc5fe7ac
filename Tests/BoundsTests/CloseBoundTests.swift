import Bounds
import Foundation
import Harness
import Numerics
import Reference
import Testing

private let excluding = """
    contract Excluding {
        var members: Map<Address, Int<32>, 50>
        var notes: Map<Int<32>, Int>
        round Task[id: Int<64>] {
            let pause: Int<32>
            var isListed: Bool
            var isPaid: Bool
            phase first for 2 blocks then second
            phase second when isListed then third
            phase third for pause blocks then fourth
            phase fourth when isPaid then last
            phase last
        }
        error TooMany(count: Int<32>)

        action join() { members[caller] = 1 }
        action remember(n: Int<32>) {
            if members.contains(caller) {
                for i in 0..<n max 40 { notes[i] = i }
                require n < 40 else TooMany(n)
            }
            notes[0] = n
        }

        action start(id: Int<64>, pause: Int<32>) { open Task[id](pause: pause) }
        action list(id: Int<64>) { Task[id].isListed = true }
        action pay(id: Int<64>) { Task[id].isPaid = true }
        action look(id: Int<64>) -> Int { return Task[id].phase == .last ? 1 : 0 }
        action lookAgain(id: Int<64>) -> Int {
            var found: Int = 0
            if Task[id].phase == .last { found += 1 }
            if Task[id].phase == .last { found += 1 }
            return found
        }
        action lookOften(id: Int<64>, n: Int<32>) -> Int {
            var found: Int = 0
            for i in 0..<n max 40 { if Task[id].phase == .last { found += 1 } }
            return found
        }
    }
    """

private let series = """
    contract Series {
        view squares(xs: List<Int<512>, 300>, terms: Int<16>) -> List<Int<512>, 300> {
            var rows: List<List<Int<512>, 300>, 20> = []
            for i in 0..<3 { rows.append(repeating(0, terms)) }
            rows[0][0] = 1
            for i in 1..<3 {
                for j in 0..<terms max 300 {
                    for k in 0..<(terms - j) max 300 { rows[i][j + k] += xs[k] * rows[i - 1][j] }
                }
            }
            return rows[2]
        }
    }
    """

@Suite("Gas bounds are close where call and state tell")
struct CloseBoundTests {
    private func number(_ value: Int) -> Value { .integer(BigInt(value)) }

    private func check(_ call: MeasuredCall, within factor: Double) throws {
        let bound = try #require(call.bound, "\(call.entry)")
        #expect(bound >= call.gasUsed, "\(call.entry)")
        #expect(Double(bound) <= Double(call.gasUsed) * factor, "\(call.entry): \(call.gasUsed) of at most \(bound)")
    }

    @Test("A failure that cannot happen counts for nothing")
    func failures() throws {
        let contract = try MeasuredContract(excluding)
        try contract.deploy()
        try check(try contract.call("remember", [number(30)]), within: 1.1)
        try contract.call("join")
        try check(try contract.call("remember", [number(30)]), within: 1.5)
        try check(try contract.call("remember", [number(40)]), within: 1.5)
    }

    @Test("An instance that has moved is where it went: what led there does not count again", arguments: [0, 3])
    func phases(pause: Int) throws {
        let contract = try MeasuredContract(excluding)
        try contract.deploy()
        let id = number(1)
        try contract.call("start", [id, number(pause)])
        for entry in ["look", "lookAgain"] { try check(try contract.call(entry, [id]), within: 1.6) }
        try contract.world.advance(blocks: 4)
        try check(try contract.call("lookAgain", [id]), within: 2)
        try contract.call("list", [id])
        try check(try contract.call("lookAgain", [id]), within: 2)
        try contract.world.advance(blocks: 4)
        try contract.call("pay", [id])
        for entry in ["lookAgain", "lookAgain", "look"] { try check(try contract.call(entry, [id]), within: 2) }
        for passes in [1, 3, 40] {
            try check(try contract.call("lookOften", [id, number(passes)]), within: 4)
        }
    }

    @Test("Instances that move within a loop")
    func movesWithin() throws {
        for passes in [1, 2, 40] {
            let contract = try MeasuredContract(excluding)
            try contract.deploy()
            let id = number(1)
            try contract.call("start", [id, number(0)])
            try contract.world.advance(blocks: 4)
            try contract.call("list", [id])
            try contract.call("pay", [id])
            let call = try contract.call("lookOften", [id, number(passes)])
            let bound = try #require(call.bound)
            #expect(bound >= call.gasUsed, "\(passes)")
        }
    }

    @Test("Lists of lists of wide integers keep their sizes in loops")
    func lists() throws {
        let contract = try MeasuredContract(series)
        try contract.deploy()
        for terms in [1, 5, 40] {
            let xs = Value.list((0..<terms).map { number($0 + 1) })
            try check(try contract.call("squares", [xs, number(terms)]), within: 6)
        }
        let formula = try #require(contract.formulas["squares"])
        #expect(formula.contains("·terms·terms"), "\(formula)")
    }

    @Test("Every entry of the contracts and of the standard library has a formula")
    func shipped() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path
        let sources = DiskSources(standardLibrary: root + "/stdlib")
        var entries = 0
        for path in ["contracts", "stdlib"].flatMap({ DiskSources.sourcePaths(at: root + "/" + $0) }) {
            guard !path.hasSuffix("_test.agon"),
                case .success(let project) = LargeStack.run({ CompiledProject.compile(paths: [path], from: sources) })
            else { continue }
            for module in project.verified {
                for bound in LargeStack.run({ ModuleBounds(module).entries }) {
                    entries += 1
                    #expect(bound.formula != nil, "\(path): \(bound.name): \(bound.reason ?? "no short formula")")
                }
            }
        }
        #expect(entries > 300)
    }
}
