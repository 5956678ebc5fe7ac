import Testing

/// Programs without a fault, one for each part of the language.
@Suite struct ValidProgramTests {
    @Test(arguments: validPrograms.indices) func isAccepted(number: Int) {
        let outcome = checkSource(validPrograms[number])
        #expect(outcome.program != nil, "\(outcome.rendered)")
    }
}

let validPrograms = [
    // Numbers.
    """
    const scale = 1_000_000
    const half: Fixed = 0.5
    const wide: Int<512> = 1 - scale * scale
    function mean(a: Int, b: Int) -> Int { return floor((a + b) / 2) }
    function share(pot: Amount, part: Amount, all: Amount) -> Amount {
        require all > 0
        return floor(pot * part / all)
    }
    function mixed(a: Fixed, n: Int) -> Fixed {
        let twice: Fixed = a * 2 + n - 0.25
        let third: Fixed = round(a / 3 + half * a)
        return min(twice, third) + exp(a, .nearest)
    }
    function compare(a: Int, f: Fixed) -> Bool { return a / 3 < f && f <= 1 && a % 7 != 0 || !(a == 2) }
    function smaller(a: Int<8>, b: Int<8>) -> Int<17> { return a * b + max(a, b) - abs(a) }
    function modular(a: Int, b: Int, m: Int) -> Int { return mulMod(a, b, m) }
    function big(a: Int) -> Fixed { return floor(a / 3) }
    """,
    // Control flow.
    """
    enum Colour { case red case custom(level: Int<16>, name: Text<16>) }
    function level(c: Colour) -> Int {
        match c {
            case .red { return 0 }
            case .custom(value, label) { return value + label.count }
        }
    }
    function first(xs: List<Int, 8>) -> Int? {
        for (i, x) in enumerated(xs) {
            if i > 2 { break }
            if x == 0 { continue }
            return x
        }
        return none
    }
    function total(xs: List<Int, 8>, ys: List<Fixed, 8>) -> Fixed {
        var sum: Fixed = 0
        for (x, y) in zip(xs, ys) { sum += y * x }
        for i in 0..<xs.count { sum += xs[i] }
        for i in 0..<floor(sum) max 100 { sum -= i }
        for i in 1..<10 { sum += i }
        return sum
    }
    function unwrap(x: Int?) -> Int {
        if let y = x { return y } else { return 0 }
    }
    function demand(x: Int?) -> Int {
        require let y = x else InvalidArgument
        let z = x ?? y
        return x == none ? z : y
    }
    function colour(n: Int) -> Colour {
        let c: Colour = n == 0 ? .red : .custom(level: 1, name: "x")
        return c == .red ? Colour.custom(2, "y") : c
    }
    """,
    // Collections.
    """
    struct Point { x: Int y: Int }
    function lists(xs: List<Int, 16>) -> List<Int, 16> {
        var ys: List<Int, 16> = []
        ys.append(xs.sum() % 10)
        ys[0] = 3
        ys[0] += ys.count
        let zs = [1, 2, 3]
        let copies: List<Fixed, 4> = repeating(0.5, 4)
        let order = copies.order(.descending)
        let ranks = copies.ranks(.ascending)
        return ys.contains(zs[order[ranks[0]]]) ? xs.sorted(.ascending) : ys
    }
    function points(p: Point) -> Point {
        var q = p
        q.x += 1
        var list: List<Point, 4> = [Point(x: 1, y: 2), Point(3, 4)]
        list[1].y = q.x * 2
        return list[0] == p ? q : list[1]
    }
    function bytes(b: Bytes, t: Text<8>) -> Hash {
        let joined = b.slice(0, 4) + 0xdead
        require joined[0] != 7 && t != "longer"
        return hash(joined) == sha256(b) ? hash(1 + 2) : hash(t)
    }
    """,
    // State.
    """
    contract Bank {
        struct Entry { amount: Amount since: Height }
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
            entries[caller] = Entry(amount: entries[caller].amount + amount, since: height)
            entries[caller].amount -= 1
            nested[1][caller] += amount
            last = caller
            names.append("a")
            emit Paid(who: caller, amount)
        }
        action reset() by boss {
            var gone: List<Address, 100> = []
            for (who, entry) in entries {
                if entry.amount == 0 { gone.append(who) }
            }
            for who in gone { entries.remove(who) }
            for who in entries.keys { require entries.contains(who) }
        }
        view of(who: Address) -> Amount { return sum(who) + nested[1][who] }
        function sum(who: Address) -> Amount {
            require let entry = entries.get(who) else InvalidArgument
            return entry.amount + entries.count
        }
    }
    test "pays" {
        let alice = actor("alice")
        let bank = deploy Bank(alice)
        grant(alice, 100)
        bank.pay(5) as alice
        expect (bank.of(alice) as alice) == 5
        advance 3 blocks
        expect failure TooMuch { bank.pay(5_000) as alice }
        expect failure TooMuch(1_000) { bank.pay(5_000) as alice }
        expect failure NotAuthorized { bank.reset() }
        expect failure { bank.reset() }
        expect height == 3 || balance(alice, 0x0000000000000000000000000000000000000000000000000000000000000000) > 0
    }
    """,
    // Tokens.
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
            send(all, caller)
        }
        view token() -> Asset { return POOL }
        view held() -> Amount { return vault.amount + each[caller].amount }
    }
    """,
    // Rounds.
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
        test "a season" {
            let alice = actor("alice")
            let arena = deploy Arena() as alice
            arena.start(1)
            arena.join(1, 50) as alice
            advance 5 blocks
            let salt = hash("salt")
            arena.commit_ballots(1, commitment(arena, Task.ballots, 1, alice, [0.5], salt)) as alice
            advance 10 blocks
            arena.reveal_ballots(1, author: alice, value: [0.5], salt)
            arena.settle(1) as alice
            expect arena.best(1) == 0.5
            expect failure WrongPhase { arena.expire_ballots(1, alice) }
        }
    }
    """,
    // Interfaces and calls.
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
        init(address: Address) { rule = Rule(address) }
        action use() -> List<Fixed, 4> {
            rule.note(3)
            try let w = rule.weights([0.5]) gas 10_000 { return w } failed { failures += 1 }
            return rule.weights([1])
        }
    }
    test "flat" {
        let flat = deploy Flat()
        let user = deploy User(flat.address)
        expect user.use() == [1]
    }
    """,
    // Tensors.
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
    """,
]
