import Bounds
import Bytecode
import Crypto
import Harness
import Machine
import Numerics
import Reference
import TestSupport
import Testing
import Verifier

private let dataDriven = """
    struct Pair { left: Int<32> right: Int<32> }
    struct Word { text: Text<16> number: Int }
    interface Sizing { view sizes() -> List<Int<32>, 200> }
    contract Sizes: Sizing {
        var kept: List<Int<32>, 200> = []
        action add(n: Int<32>) { kept.append(n) }
        view sizes() -> List<Int<32>, 200> { return [2, 1, 3] }
    }
    contract Data {
        asset COIN native
        let sizing: Sizing
        var members: Map<Address, Int<32>, 200>
        var marks: Map<Int<32>, Pair>
        var vault: Vault<COIN>
        round Game[id: Int<64>] {
            let entries: Int<32>
            var results: Map<Int<32>, Int, 200>
            phase first for 10 blocks then second
            phase second for entries blocks then third
            phase third when results.count > 2 then fourth
            phase fourth
        }
        error Nothing
        init(target: Sizing) { sizing = target }

        view firstOver(xs: List<Int<32>, 500>, limit: Int<32>) -> Int<32> {
            for (place, x) in enumerated(xs) { if x > limit { return place } }
            return -1
        }
        view sparse(xs: List<Int<32>, 100>) -> Int {
            var sums: List<Int, 100> = repeating(0, xs.count)
            for (i, x) in enumerated(xs) {
                if x != 0 { for j in 0..<xs.count { sums[j] += x * i } }
            }
            var places: List<Int<32>, 100> = []
            for (i, sum) in enumerated(sums) { if sum > 10 { places.append(i) } }
            var total: Int = 0
            for place in places { for other in places { total += place * other } }
            return total
        }
        view sorted(xs: List<Int<32>, 100>) -> Int {
            var total: Int = 0
            let order = xs.order(.descending)
            let ranks = xs.ranks(.ascending)
            for place in xs.sorted(.ascending) {
                if place >= 5 { for i in order { total += ranks[i] } }
            }
            return total
        }
        view shares(xs: List<Amount, 100>) -> Amount {
            var nobody: Amount = 0
            let parts: List<Amount, 100> = split 10 by xs else nobody
            var total: Amount = 0
            for part in parts { if part > 4 { for other in parts { total += other } } }
            return total + nobody
        }
        view drawn(seed: Hash, n: Int<32>) -> Int {
            let number = fromBigEndian(encode(hash(Word(text: "drawn", number: n)))) % 7
            var total: Int = 0
            for i in 0..<(number + 1) max 64 { total += i }
            let other = fromLittleEndian(encode(seed)) % 3
            if other == 0 { for i in 0..<64 { total += i } }
            return total
        }
        view elsewhere() -> Int {
            var total: Int = 0
            for size in sizing.sizes() { for i in 0..<size max 100 { total += i } }
            return total
        }
        action join(n: Int<32>) {
            members[caller] = n
            var total: Int<32> = 0
            for (member, number) in members { if number > 2 { for i in 0..<number max 50 { total += 1 } } }
            members[caller] = total
            if members.count > 1 { members.remove(caller) }
            if members.contains(caller) { for i in 0..<50 { total += 1 } }
            marks[total] = Pair(left: n, right: total)
            if let mark = marks.get(total) { for i in 0..<mark.left max 50 { total += 1 } }
            members[caller] = total
        }
        action pay(tokens: Token<COIN>, n: Amount) -> Token<COIN> {
            var rest = tokens
            vault.put(rest.take(n))
            vault.put(rest)
            var total: Amount = 0
            if vault.amount > 5 { for i in 0..<50 { total += i } }
            return vault.take(n)
        }
        action begin(id: Int<64>, entries: Int<32>) { open Game[id](entries: entries) }
        action enter(id: Int<64>, n: Int<32>) during Game[id].third { Game[id].results[n] = 1 }
        view count(id: Int<64>) -> Int { return Game[id].results.count }
        action attempt(n: Int<32>) {
            try let x = half(n) gas 9_000 { marks[n] = Pair(left: x, right: x) } \
            failed { marks[0] = Pair(left: n, right: n) }
        }
        function half(n: Int<32>) -> Int<32> {
            require n > 3 else Nothing
            var total: Int<32> = 0
            for i in 0..<n max 500 { total += 1 }
            return total
        }
    }
    """

@Suite("Calls that are followed")
struct FollowedCallTests {
    private func contract() throws -> MeasuredContract {
        let contract = try MeasuredContract(dataDriven)
        let sizes = try contract.deploy(0)
        try contract.deploy(1, [sizes])
        return contract
    }

    private func list(_ numbers: [Int]) -> Value { .list(numbers.map { .integer(BigInt($0)) }) }
    private func number(_ value: Int) -> Value { .integer(BigInt(value)) }

    /// Its followed bound holds, and is close.
    private func check(_ call: MeasuredCall, within factor: Double) throws {
        let followed = try #require(call.followed, "\(call.entry)")
        #expect(followed >= call.gasUsed, "\(call.entry)")
        #expect(
            Double(followed) <= Double(call.gasUsed) * factor,
            "\(call.entry): \(call.gasUsed) of at most \(followed), by formula \(call.bound ?? -1)")
    }

    @Test("Work that depends on data is bounded as closely as the data tells")
    func data() throws {
        let contract = try contract()
        var many = [Int](repeating: 0, count: 400)
        many[3] = 9
        let few = [0, 0, 7, 0, 0, 0, 1, 0, 0, 0] + [Int](repeating: 0, count: 60)
        let seed = Value.bytes32(Actors.address(named: "seed"))
        let calls = [
            try contract.call("firstOver", [list(many), number(5)]), try contract.call("sparse", [list(few)]),
            try contract.call("sorted", [list([1, 3, 9, 4, 4, 2, 0, 5, 3, 1])]),
            try contract.call("shares", [list([1, 1, 7, 1] + [Int](repeating: 0, count: 30))]),
            try contract.call("elsewhere"), try contract.call("drawn", [seed, number(3)]),
            try contract.call("drawn", [seed, number(4)]),
        ]
        for call in calls { try check(call, within: 1.3) }
        // Formulas cannot tell: what they give is far more, else this shows nothing.
        for call in calls.prefix(6) {
            let formula = try #require(call.bound)
            #expect(Double(formula) > Double(call.gasUsed) * 1.15, "\(call.entry): \(call.gasUsed), \(formula)")
        }
    }

    @Test("What a call has written itself is known when it is read again")
    func writes() throws {
        let contract = try contract()
        for (number, actor) in [(1, "alice"), (4, "bob"), (30, "alice"), (2, "bob"), (0, "carol"), (0, "carol")] {
            try check(try contract.call("join", [self.number(number)], as: actor), within: 1.2)
        }
        for amount in [2, 9, 10] {
            let token = Value.token(asset: .nativeCoin, amount: 10)
            try check(try contract.call("pay", [token, number(amount)]), within: 1.3)
        }
    }

    @Test("Phases are those of the height")
    func phases() throws {
        let contract = try contract()
        try check(try contract.call("begin", [number(1), number(5)]), within: 1.2)
        var last: MeasuredCall?
        for height in 0..<8 {
            let call = try contract.call("enter", [number(1), number(height)])
            // What a call that fails would have done is counted.
            try check(call, within: call.succeeded ? 1.2 : 7)
            last = call
            try check(try contract.call("count", [number(1)]), within: 1.2)
            try contract.world.advance(blocks: 5)
        }
        // By then three have entered and the phase has ended.
        #expect(last?.succeeded == false)
        #expect(contract.calls.contains { $0.entry == "enter" && $0.succeeded })
    }

    @Test("Attempts cost at most their gas, and either may come of them")
    func attempts() throws {
        let contract = try contract()
        for size in [0, 4, 50, 499] {
            let call = try contract.call("attempt", [number(size)])
            let followed = try #require(call.followed)
            #expect(followed >= call.gasUsed)
            #expect(followed <= call.gasUsed * 3)
        }
    }

    @Test("Broken code is followed or not, without a trap")
    func mutants() throws {
        let module = try MeasuredContract(dataDriven).project.modules[1]
        var random = TestSupport.SplitMix64(seed: 0xB0D5_2001)
        var accepted = 0
        for _ in 0..<1_500 {
            var module = module
            let function = random.below(module.functions.count)
            guard !module.functions[function].code.isEmpty else { continue }
            let word = random.below(module.functions[function].code.count)
            module.functions[function].code[word] ^= UInt64(1 + random.below(7)) << UInt64(8 * random.below(8))
            guard case .success(let verified) = verify(module) else { continue }
            accepted += 1
            let bounds = ModuleBounds(verified)
            let state = NoState(bounds: bounds)
            for entry in module.entries {
                let types = verified.module.functions[entry.function].registers
                let count = verified.module.functions[entry.function].parameterCount
                let arguments = types.prefix(count).map { type -> ABIValue in
                    switch module.types[type] {
                    case .list: .list((0..<9).map { .integer(BigInt($0)) })
                    case .bytes32: .bytes32([UInt8](repeating: 7, count: 32))
                    default: .integer(3)
                    }
                }
                let call = BoundCall(
                    contract: Actors.address(named: "c"), caller: Actors.address(named: "a"), arguments: arguments,
                    block: BlockContext(chainID: TestRunner.chainID, height: 30, blockIntervalMilliseconds: 1_000))
                _ = LargeStack.run { bounds.followedGas(of: entry.name, call, state: state) }
            }
        }
        #expect(accepted > 50)
    }

    private struct NoState: BoundState {
        let bounds: ModuleBounds
        func read(_ key: Bytes32) -> [UInt8]? { nil }
        func module(at address: Bytes32) -> VerifiedModule? { nil }
        func randomness(at height: UInt64) -> Bytes32? { nil }
        func bounds(at address: Bytes32) -> ModuleBounds? { bounds }
    }
}
