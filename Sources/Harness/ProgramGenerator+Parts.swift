// Parts of generated contracts that are the same in shape and differ in detail: tokens, rounds, tensors, bytes, roles.

extension ProgramGenerator {
    /// Roles: a stored address, or a predicate over state.
    mutating func roles() {
        line("let owner: Address")
        line("var shares: Map<Address, Map<Int, Amount, 3>>")
        line("role boss = caller == owner")
        line("role holder = vaults[caller].amount > \(random.below(20))")
    }

    mutating func roleActions() {
        block("action appoint(k: Int, n: Amount) by boss {") { generator in
            generator.line("shares[caller][k] += n")
            generator.line("if n > 20 { shares[self].remove(k) } else { shares[self][k] = n }")
        }
        block("action claimShares(who: Address) -> Amount by \(random.oneIn(2) ? "boss" : "holder") {") { generator in
            generator.line("var sum: Amount = 0")
            generator.block("for (k, n) in shares[who] {") { $0.line("if k != 1 { sum += n } else { continue }") }
            generator.line("if sum > 100 { return sum }")
            generator.line("return shares[who].count")
        }
    }

    /// Bytes, text, hashes and signatures over whatever comes in.
    mutating func byteViews() {
        let (low, high) = (random.below(4), random.below(9))
        block("view cut(b: Bytes<12>, t: Text<9>, from: Int) -> Bytes<24> {") { generator in
            generator.line("let head = b.slice(\(low), b.count)")
            generator.line("let tail = b.slice(0, min(from, \(high)))")
            generator.line("let both: Bytes<24> = head + tail")
            generator.line("require (t + \"!\").count == t.count + 1")
            generator.line("require both.count == 0 || both[0] < 256")
            generator.line("return both")
        }
        block("view digest(b: Bytes<12>, t: Text<9>, k: Hash) -> Hash {") { generator in
            generator.line("let whole = sha256(b)")
            generator.line("if verifySignature(k, b, b) { return whole }")
            generator.line("require let output = verifyVRF(k, b, b) else InvalidArgument")
            generator.line("return output")
        }
        block("view digests(b: Bytes<12>, t: Text<9>, k: Hash?, xs: List<Int<16>, 4>) -> List<Hash, 6> {") {
            generator in
            generator.line("return [hash(b), hash(t), hash(k), hash(xs), sha256(b), k ?? hash(b.count)]")
        }
        let size = 1 + random.below(9)
        let (to, from) = random.oneIn(2) ? ("littleEndian", "fromLittleEndian") : ("bigEndian", "fromBigEndian")
        block("view asBytes(n: Int, b: Bytes<12>, xs: List<Int<16>, 4>, k: Hash?) -> Bytes<128> {") { generator in
            generator.line("let number: Bytes<\(size)> = \(to)(n % 1_000_003, \(size))")
            generator.line("require \(from)(number) == n % 1_000_003")
            generator.line("let rest: Bytes<128> = number + encode(xs) + encode(k) + encode(\(from)(b))")
            generator.line("return rest")
        }
    }

    /// A layer of a network in one of its forms.
    mutating func tensorViews() {
        let shift = random.below(9)
        let product = "matmul(x, w)"
        let sum = random.oneIn(2) ? "add(\(product), b)" : "add(\(product), \(product))"
        block("view layer(x: Tensor<i8, [n, 3]>, w: Tensor<i8, [3, 2]>, b: Tensor<i32, [2]>) -> Tensor<i8, [n, 2]> {") {
            $0.line("let scaled = requantize(\(sum), \(1 + shift * 37), \(shift))")
            $0.line(shift % 2 == 0 ? "return relu(scaled)" : "return scaled")
        }
        block("view weighed(x: Tensor<i8, [n, 3]>) -> Tensor<i32, [n, 2]> {") {
            $0.line("let w: Tensor<i8, [3, 2]> = [[\(shift), -1], [0, \(1 - shift)], [127, -128]]")
            $0.line("return matmul(x, w)")
        }
        block("view labels(x: Tensor<i8, [n, 3]>, w: Tensor<i8, [3, 2]>) -> Tensor<i32, [n]> {") {
            $0.line("return argmax(\(shift % 3 == 0 ? "relu(\(product))" : product))")
        }
        block("view agree(x: Tensor<i8, [n, 3]>, y: Tensor<i8, [n, 3]>, i: Int) -> Int {") {
            $0.line("return countEqual(x, y) * 10 + n + x.at(i, \(shift % 3)) * 100 + y.at(\(shift % 3), i % 3)")
        }
        block("view flat(x: Tensor<i32, [n]>, y: Tensor<i32, [n]>) -> Int { ") {
            $0.line("let z = add(x, y)")
            $0.line("return z.at(0) + argmax(z).at(0)")
        }
    }

    /// Actions that move tokens across the boundary; a small program has some of them.
    mutating func tokenActions() {
        let parts: [(inout ProgramGenerator) -> Void] = [
            { $0.give() }, { $0.pay() }, { $0.share() }, { $0.fees() },
            { $0.block("action forget(who: Address) {") { $0.line("vaults.remove(who)") } },
            { $0.block("view worth(who: Address) -> Amount {") { $0.line("return vaults[who].amount") } },
            { $0.block("view known(who: Address) -> Bool {") { $0.line("return vaults.contains(who)") } },
        ]
        for part in parts where oneIn(tiny: 6, small: 4, large: 1) { part(&self) }
    }

    /// An asset that the deployer names: any, one that nobody has, or the contract's own.
    mutating func boundEntries() {
        line("asset BOUND")
        line("var bound: Vault<BOUND>")
        block("action deposit(t: Token<BOUND>) -> Amount {") { generator in
            generator.line("bound.put(t)")
            generator.line("return bound.amount")
        }
        block("action withdraw(n: Amount) -> Token<BOUND> {") { $0.line("return bound.take(n)") }
        block("view isCoin() -> Bool {") { $0.line("return BOUND == COIN || hash(BOUND) == hash(FEE)") }
    }

    /// Any address may be taken for a peer's; what is not fails.
    mutating func askedView() {
        block("view asked(who: Address, x: Int<16>) -> List<Int, 4> {") {
            $0.line("return Peer(who).peek(x, [x * x, 1])")
        }
    }

    /// Heights in state and between them.
    mutating func heightEntries() {
        line("var since: Height = \(random.below(3))")
        line("var seenAt: Map<Height, Height>")
        block("action touch(at: Height) -> Height {") { generator in
            generator.line("seenAt[at] = height")
            generator.line(
                "since = \(generator.random.oneIn(2) ? "max(since, at)" : "at + \(generator.random.below(4))")")
            generator.line("return seenAt[since]")
        }
        block("view age() -> Int {") { $0.line("return height - since") }
    }

    private mutating func give() {
        block("action give(amount: Amount) -> Token<COIN> {") { generator in
            if generator.random.oneIn(2) {
                generator.line("return mint(COIN, amount)")
            } else {
                generator.line("return vault0.take(amount)")
            }
        }
    }

    private mutating func pay() {
        block("action pay(t: Token<COIN>, keep: Amount) {") { generator in
            generator.line("var rest = t")
            generator.line("vaults[caller].put(rest.take(keep))")
            generator.line(generator.random.oneIn(2) ? "burn(rest)" : "vault1.put(rest)")
        }
    }

    private mutating func share() {
        block("action share(t: Token<COIN>, weights: List<Fixed, 4>) {") { generator in
            let isAlone = generator.random.oneIn(2)
            generator.block(
                isAlone
                    ? "for part in split t by weights else vault1 {"
                    : "for (part, w) in zip(split t by weights else vaults[self], weights) {"
            ) { inner in
                if !isAlone { inner.line("require w < 1000") }
                inner.line("if part.amount % 2 == 0 { vaults[caller].put(part) } else { send(part, caller) }")
            }
        }
    }

    private mutating func fees() {
        block("action payFee(fee: Token<FEE>) {") { generator in
            generator.line("require fee.amount > 2")
            generator.line("fees.put(fee)")
        }
        block("action refund(n: Amount) -> Token<FEE> {") { generator in
            generator.line("let back = fees.take(n)")
            generator.line("require back.amount != 7 else InvalidArgument")
            generator.line("return back")
        }
    }

    /// A round with a sealed value, and a beacon with contributions or without.
    mutating func round() {
        let forfeits = random.oneIn(2)
        let mixes = random.oneIn(2)
        let freezes = random.oneIn(2) ? "points, count" : "points"
        block("round Game[game: Int] {") { generator in
            generator.line("let stretch: Int<16>")
            generator.line("let host: Address")
            generator.line("var credit: Int = stretch * 3")
            generator.line("var pot: Vault<COIN>")
            generator.line("var bonds: Map<Address, Vault<COIN>>")
            generator.line("var points: Map<Address, Int, 4>")
            generator.line("var count: Int")
            let unrevealed = forfeits ? "forfeit bonds[author] to pot" : "keep"
            generator.line("sealed bid: Amount max 3 commit during bidding reveal during opening else \(unrevealed)")
            generator.line(
                "beacon luck freezes \(freezes) at done"
                    + (mixes ? " mixing max 3 commit during bidding reveal during opening else \(unrevealed)" : ""))
            let days = 3 + generator.random.below(8)
            let extra = generator.random.oneIn(2) ? " + stretch" : ""
            generator.line("phase bidding for \(days)\(extra) blocks then pause")
            generator.line(
                generator.random.oneIn(2)
                    ? "phase pause for stretch - \(generator.random.below(6)) blocks then opening"
                    : "phase pause for \(1 + generator.random.below(40)) seconds or when count > 1 then opening")
            generator.line(
                generator.random.oneIn(2)
                    ? "phase opening for 9 blocks or when bid.allRevealed then done"
                    : "phase opening for 6 blocks or when count > 2 then done")
            generator.line("phase done")
        }
        block("action start(game: Int, stretch: Int<16>) {") { generator in
            // One instance is named twice by the same calculation.
            let key = generator.random.oneIn(3) ? "game - 1 + 1" : "game"
            generator.line("open Game[\(key)](stretch: stretch % 9, host: caller)")
            // Empty windows may lead to the last phase at once, where `count` may be frozen.
            if freezes == "points" { generator.line("Game[\(key)].count += 1") }
        }
        block("function bids(game: Int) -> Amount {") { generator in
            generator.line("var sum: Amount = 0")
            generator.block("for (author, value) in Game[game].bid {") { $0.line("sum += value % 1000") }
            generator.line("return sum + (Game[game].host == caller ? 1 : 0)")
        }
        block("view sealOf(game: Int, v: Amount, salt: Hash) -> Hash {") {
            $0.line("return commitment(Game.bid, game, caller, v, salt)")
        }
        block("action bond(game: Int) during Game[game].bidding {") {
            $0.line("Game[game].bonds[caller].put(vault0.take(3))")
        }
        block("action score(game: Int, x: Int) during Game[game].bidding {") { generator in
            generator.line("Game[game].count += 1")
            generator.line("Game[game].points[caller] = x")
            generator.line("Game[game].pot.put(vault0.take(5))")
        }
        block("action settle(game: Int) -> Amount during Game[game].done {") { generator in
            generator.line("var best: Amount = 0")
            generator.block("for (author, value) in Game[game].bid {") { inner in
                inner.line("vaults[author].put(mint(COIN, value % 100))")
                inner.block("if value > best {") { $0.line("best = value") }
            }
            generator.line("vault0.put(Game[game].pot.takeAll())")
            generator.line("let own = Game[game].bid.get(caller)")
            generator.line("return max(best, own ?? 0) + bids(game) % 5")
        }
        drawEntries(mixes: mixes)
        block("view standing(game: Int) -> Int {") { generator in
            generator.line("var sum: Int = Game[game].count")
            generator.block("for (who, x) in Game[game].points {") { inner in
                inner.block("if who == caller {") { $0.line("sum += x") }
            }
            generator.line("if Game[game].bid.committed(caller) { sum += 1000 }")
            generator.line("return sum + Game[game].bid.count * 10 + Game[game].bid.revealedCount")
        }
        block("view stage(game: Int) -> Int {") { generator in
            generator.line("if !Game[game].isOpen { return -1 }")
            generator.line("return Game[game].phase == .bidding ? 1 : (Game[game].phase == .opening ? 2 : 3)")
        }
    }

    /// Draws by the round's beacon, and by any seed.
    private mutating func drawEntries(mixes: Bool) {
        let count = 1 + random.below(5)
        block("view chosen(game: Int, n: Int<8>) -> List<Address, 3> during Game[game].done {") {
            $0.line("return draw n from Game[game].points using Game[game].luck")
        }
        block("action lot(game: Int, x: Int<16>) -> Hash during Game[game].done {") { generator in
            generator.block("for winner in draw \(count) from Game[game].points using Game[game].luck {") { inner in
                inner.line("vaults[winner].put(mint(COIN, 1))")
                inner.line("if x == 1 { break }")
            }
            generator.line("return lightOf(game)")
        }
        block("function lightOf(game: Int) -> Hash {") { generator in
            if mixes { generator.line("require Game[game].luck.count < 3") }
            generator.line("return Game[game].luck.seed")
        }
        block("view light(game: Int) -> Hash during Game[game].done {") { $0.line("return lightOf(game)") }
        block("view sampled(seed: Hash, p: Int<16>, n: Int<8>) -> List<Int<32>, 20> {") { generator in
            generator.line("let few = sample(seed, p, \(count))")
            generator.line("require few.count == 0 || few[0] != 3")
            generator.line("return sample(seed: hash(few), population: p, n: n)")
        }
    }
}
