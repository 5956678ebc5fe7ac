import Bytecode
import Diagnostics
import Foundation
import Semantics
import Syntax
import Testing

/// Every construct, lowered and accepted by the verifier.
struct ConstructTests {
    @Test func numbers() throws {
        try expectVerified(
            checked(
                """
                const half: Fixed = 0.5
                const wide: Int<512> = 340282366920938463463374607431768211456 * 340282366920938463463374607431768211456
                function mean(a: Int, b: Int) -> Int { return floor((a + b) / 2) }
                contract Numbers {
                    view share(pot: Amount, part: Amount, all: Amount) -> Amount {
                        require all > 0
                        return floor(pot * part / all)
                    }
                    view mixed(a: Fixed, n: Int) -> Fixed {
                        let twice: Fixed = a * 2 + n - 0.25
                        let third: Fixed = round(a / 3 + half * a)
                        let most: Fixed = ceil(a / n - half / a)
                        return min(twice, third) + exp(a, .nearest) - max(most, -a)
                    }
                    view integers(a: Int, b: Int, m: Int) -> Int {
                        let small: Int<8> = a % 100
                        let big: Int<2048> = a * b * wide
                        let negative = -small + 5 * b - 3 - (7 - a)
                        return mulMod(a, b, m) + max(a, b) - abs(negative) + big % m + mean(a, b) * 2
                    }
                    view ratios(a: Int, b: Int, f: Fixed) -> Bool {
                        return a / b < f && f <= a / (b - 1) || (a / b == f / b && !(a / b > 1 / f)) \
                        || a / 3 - 1 / b >= -(f / 7)
                    }
                    view chosen(a: Int, b: Int) -> Int {
                        return floor((a > b ? a : b) / 3 * 2) + round(min(a, floor(b / 3)) / 7) \
                        + ceil(-(a / b) * (b / 5))
                    }
                    view rounded(a: Fixed, b: Fixed) -> Int { return floor(a) + ceil(b) + round(a * b) \
                    + floor(a / b / 0.5) }
                    view exact(a: Int) -> Fixed { return floor(a / 3) }
                    view truths(a: Bool, b: Bool) -> Bool {
                        let both = a && b
                        let either = a || b
                        let same = a == b
                        return (both || !either) == same ? a : both != either
                    }
                }
                """))
    }

    @Test func controlFlow() throws {
        try expectVerified(
            checked(
                """
                enum Colour { case red case green case custom(level: Int<16>, name: Text<16>) }
                contract Flow {
                    error Odd(n: Int, why: Text<16>)
                    view level(c: Colour) -> Int {
                        match c {
                            case .red { return 0 }
                            case .custom(value, label) { return value + label.count }
                            else { return 1 }
                        }
                    }
                    view whole(c: Colour) -> Int {
                        var n = 0
                        match c {
                            case .red { n = 1 }
                            case .green { n = 2 }
                            case .custom(value, label) { n = value }
                        }
                        return n
                    }
                    view first(xs: List<Int, 8>) -> Int? {
                        for (i, x) in enumerated(xs) {
                            if i > 2 { break }
                            if x == 0 { continue }
                            return x
                        }
                        return none
                    }
                    view total(xs: List<Int, 8>, ys: List<Fixed, 8>) -> Fixed {
                        var sum: Fixed = 0
                        for (x, y) in zip(xs, ys) { sum += y * x }
                        for i in 0..<xs.count { sum += xs[i] }
                        for i in 0..<floor(sum) max 100 { sum -= i }
                        for i in 3..<floor(sum) max 100 { for j in 1..<10 { sum += i * j } }
                        for x in xs { if x > 100_000_000_000 { fail Odd(x, "large") } else { sum += x } }
                        return sum
                    }
                    view unwrap(x: Int?) -> Int { if let y = x { return y } else { return 0 } }
                    view demand(x: Int?) -> Int {
                        require let y = x else InvalidArgument
                        let z = x ?? y
                        match x { case .some(v) { require v > 1 } case .none { return 7 } }
                        return x == none ? z : y
                    }
                    view colour(n: Int) -> Colour {
                        let c: Colour = n == 0 ? .red : .custom(level: 1, name: "x")
                        return c == .red ? Colour.custom(2, "y") : c
                    }
                }
                """))
    }

    @Test func collections() throws {
        try expectVerified(
            checked(
                """
                struct Point { x: Int y: Int }
                struct Path { name: Text<8> points: List<Point, 4> }
                contract Collections {
                    view lists(xs: List<Int, 16>) -> List<Int, 16> {
                        var ys: List<Int, 16> = []
                        ys.append(xs.sum() % 10)
                        ys[0] = 3
                        ys[0] += ys.count
                        for y in ys { ys.append(y) }
                        let zs = [1, 2, 3]
                        let copies: List<Fixed, 4> = repeating(0.5, 4)
                        let order = copies.order(.descending)
                        let ranks = copies.ranks(.ascending)
                        return ys.contains(zs[order[ranks[0]]]) ? xs.sorted(.ascending) : ys
                    }
                    view points(p: Point) -> Point {
                        var q = p
                        q.x += 1
                        var list: List<Point, 4> = [Point(x: 1, y: 2), Point(3, 4)]
                        list[1].y = q.x * 2
                        list.append(q)
                        let kept = list
                        list[0] = p
                        return list[0] == p && kept != list ? q : list[1]
                    }
                    view deep(paths: List<Path, 3>) -> List<Path, 3> {
                        var all = paths
                        all[0].points[1].x = all[1].points[0].y + 1
                        all[0].points.append(all[1].points[0])
                        all[1].name = "new"
                        return all
                    }
                    view bytes(b: Bytes, t: Text<8>) -> Hash {
                        let joined = b.slice(0, 4) + 0xdead
                        require joined[0] != 7 && t != "longer"
                        return hash(joined) == sha256(b) ? hash(1 + 2) : hash(t)
                    }
                    view keys(key: Hash, message: Bytes, proof: Bytes) -> Bool {
                        return verifySignature(key, message, proof) && verifyVRF(key, message, proof) != none
                    }
                }
                """))
    }

    @Test func state() throws {
        try expectVerified(
            checked(
                """
                contract Bank {
                    struct Entry { amount: Amount since: Height history: List<Amount, 4> }
                    let owner: Address
                    let limit: Amount = 1_000
                    var total: Amount
                    var entries: Map<Address, Entry, 100>
                    var nested: Map<Int, Map<Address, Amount>>
                    var names: List<Text<8>, 10>
                    var last: Address?
                    event Paid(who: Address, amount: Amount)
                    error TooMuch(limit: Amount)
                    role boss = caller == owner
                    init(first: Address) { owner = first }
                    action pay(amount: Amount) {
                        require amount <= limit else TooMuch(limit)
                        total += amount
                        entries[caller] = Entry(amount: entries[caller].amount + amount, since: height, history: [])
                        entries[caller].amount -= 1
                        entries[caller].history.append(amount)
                        entries[caller].history[0] = 7
                        nested[1][caller] += amount
                        last = caller
                        names.append("a")
                        emit Paid(who: caller, amount)
                    }
                    action reset() by boss {
                        var gone: List<Address, 100> = []
                        for (who, entry) in entries { if entry.amount == 0 { gone.append(who) } }
                        for who in gone { entries.remove(who) }
                        for who in entries.keys { require entries.contains(who) }
                    }
                    view of(who: Address) -> Amount { return sum(who) + nested[1][who] }
                    view context() -> Hash { return self == caller ? chain : hash(height) }
                    function sum(who: Address) -> Amount {
                        require let entry = entries.get(who) else InvalidArgument
                        return entry.amount + entries.count
                    }
                }
                """))
    }

    @Test func tokens() throws {
        try expectVerified(
            checked(
                """
                contract Pool {
                    asset POOL issued
                    asset USD
                    asset COIN native
                    var vault: Vault<USD>
                    var rest: Vault<USD>
                    var each: Map<Address, Vault<COIN>, 10>
                    var left: Amount
                    init(usd: Asset) { USD = usd }
                    action join(t: Token<USD>) -> Token<POOL> {
                        let n = t.amount
                        vault.put(t)
                        return mint(POOL, n)
                    }
                    action leave(t: Token<POOL>) -> Token<USD> {
                        let n = t.amount
                        burn(t)
                        return vault.take(n)
                    }
                    action pay(weights: List<Amount, 4>, to: List<Address, 4>) {
                        for (part, who) in zip(split vault.takeAll() by weights else rest, to) { send(part, who) }
                    }
                    action spread(t: Token<USD>, weights: List<Fixed, 4>) {
                        for part in split t by weights else rest { vault.put(part) }
                    }
                    action shares(weights: List<Fixed, 4>, pot: Amount) -> List<Amount, 4> {
                        let parts = split pot by weights else left
                        return parts
                    }
                    action halves(t: Token<COIN>) {
                        var all = t
                        let half = all.take(floor(all.amount / 2))
                        var other = empty(COIN)
                        if half.amount > 3 { other.join(half) } else { each[caller].put(half) }
                        all.join(other)
                        for who in each.keys { send(each[who].takeAll(), who) }
                        all.take(0).close()
                        send(all, caller)
                    }
                    view token() -> Asset { return POOL }
                    view held() -> Amount { return vault.amount + each[caller].amount }
                }
                """))
    }

    @Test func rounds() throws {
        try expectVerified(
            checked(
                """
                contract Arena {
                    asset COIN native
                    var penalties: Vault<COIN>
                    role validator = bonds.contains(caller)
                    round Task[id: Int] {
                        var bonds: Map<Address, Vault<COIN>, 16>
                        var best: Fixed = 0.5
                        sealed ballots: List<Fixed, 8> max 16 by validator commit during commit reveal during reveal
                            else forfeit bonds[author] to penalties
                        phase enter for 5 blocks then commit
                        phase commit for 10 blocks then reveal
                        phase reveal for 10 blocks or when ballots.allRevealed then settled
                        phase settled
                    }
                    action start(id: Int) { open Task[id] }
                    action join(id: Int, bond: Token<COIN>) during Task[id].enter { Task[id].bonds[caller].put(bond) }
                    action settle(id: Int) during Task[id].settled {
                        for (author, scores) in Task[id].ballots {
                            Task[id].best = max(Task[id].best, scores[0])
                            send(Task[id].bonds[author].takeAll(), author)
                        }
                        require Task[id].ballots.get(caller) != none
                    }
                    view best(id: Int) -> Fixed { return Task[id].best }
                    view isOver(id: Int) -> Bool { return Task[id].isOpen && Task[id].phase == .settled }
                    view count(id: Int) -> Int { return helper(id) }
                    function helper(id: Int) -> Int { return Task[id].ballots.count + Task[id].ballots.revealedCount }
                }
                """))
    }

    @Test func interfacesAndCalls() throws {
        try expectVerified(
            checked(
                """
                interface Rule { view weights(scores: List<Fixed, 4>) -> List<Fixed, 4>  action note(n: Int) }
                contract Flat: Rule {
                    var n: Int
                    view weights(scores: List<Fixed, 4>) -> List<Fixed, 4> { return repeating(1, scores.count) }
                    action note(n2: Int) { n = n2 }
                }
                contract User {
                    let rule: Rule
                    var failures: Int
                    var last: List<Fixed, 4>
                    init(address: Address) { rule = Rule(address) }
                    action use(gas1: Int) -> List<Fixed, 4> {
                        rule.note(3)
                        try let w = rule.weights([0.5]) gas budget(gas1) {
                            last = w
                            return w
                        } failed { failures += 1 }
                        try rule.note(2) gas 500 { } failed { failures += budget(budget(1)) }
                        var all = rule.weights(rule.weights([1]))
                        all.append(0.25)
                        return all
                    }
                    function budget(n: Int) -> Int { return n + failures }
                    view address() -> Address { return rule }
                }
                """))
    }

    @Test func tensors() throws {
        try expectVerified(
            checked(
                """
                const inputs = 64
                contract Scoring {
                    view accuracy(images: Tensor<i8, [n, inputs]>, labels: Tensor<i32, [n]>, w: Tensor<i8, [64, h]>,
                        b: Tensor<i32, [h]>, v: Tensor<i8, [h, 10]>) -> Fixed {
                        let hidden = relu(requantize(add(matmul(images, w), b), 12, 8))
                        let out: Tensor<i32, [n, 10]> = matmul(hidden, v)
                        let right = countEqual(argmax(out), labels)
                        require hidden.at(0, 0) >= 0 && labels[0] < 10 && h <= 512
                        return floor(right / n)
                    }
                }
                """))
    }

    @Test func tensorLiterals() throws {
        let program = try checked(
            """
            contract Literals {
                view product(x: Tensor<i8, [n, 2]>) -> Tensor<i32, [n, 3]> {
                    return add(matmul(x, [[1, 2, 3], [-4, 5, 6]]), [7, 8, -9])
                }
            }
            """)
        try expectVerified(program)
        #expect(
            try lowered(program, "Literals").constants == [
                .tensor(.i8, dimensions: [2, 3], data: [1, 2, 3, 0xFC, 5, 6]),
                .tensor(.i32, dimensions: [3], data: [7, 0, 0, 0, 8, 0, 0, 0, 0xF7, 0xFF, 0xFF, 0xFF]),
            ])
    }

    @Test(arguments: contractFiles())
    func contractsOfTheRepository(_ path: String) throws {
        let bag = DiagnosticBag()
        let sources = loadProgram(entryPaths: [path], provider: RepositorySources(), into: bag)
        guard let program = check(sources, into: bag) else { throw SourceFault(description: describe(bag)) }
        if !program.contracts.isEmpty { try expectVerified(program) }
    }

    private static func contractFiles() -> [String] {
        let folder = RepositorySources.root.appending(path: "contracts")
        let files = FileManager.default.enumerator(atPath: folder.path())?.compactMap { $0 as? String } ?? []
        return files.filter { $0.hasSuffix(".agon") && !$0.contains("wrong/") }.sorted().map { "contracts/" + $0 }
    }
}
