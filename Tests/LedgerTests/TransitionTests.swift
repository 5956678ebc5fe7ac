import ChainWorkload
import Crypto
import Ledger
import Machine
import Node
import Testing

/// The rules of a transaction, with the toy engine in the machine's place.
@Suite struct TransitionTests {
    /// A chain in memory with the toy contract deployed by the first key.
    final class Bench {
        let chain: Chain
        let keys = Workload.keys
        let contract = Workload.contract
        let clock = ManualClock()

        init(deploys: Bool = true) throws {
            chain = try Chain.inMemory(genesis: try Workload.genesis(), engine: ToyEngine(), clock: clock)
            if deploys {
                let receipt = try run(keys[0], .deploy(artefact: ToyEngine.artefact(), arguments: []))
                #expect(receipt.outcome == .success([]))
                #expect(receipt.createdContract == contract)
            }
        }

        func transaction(
            _ key: SigningKey, _ body: TransactionBody, gasLimit: UInt64 = 1_000_000, gasPrice: UInt64 = 3,
            depositLimit: Amount = .max, change: (inout Transaction) -> Void = { _ in }
        ) throws -> SignedTransaction {
            var transaction = Transaction(
                chainID: chain.chainID, sender: key.publicKey, nonce: try chain.nextNonce(of: key.address),
                validUntilHeight: chain.head.height + 5, gasLimit: gasLimit, gasPrice: gasPrice,
                depositLimit: depositLimit, body: body)
            change(&transaction)
            return try #require(transaction.signed(by: key))
        }

        @discardableResult
        func run(
            _ key: SigningKey, _ body: TransactionBody, gasLimit: UInt64 = 1_000_000, depositLimit: Amount = .max
        ) throws -> Receipt {
            let signed = try transaction(key, body, gasLimit: gasLimit, depositLimit: depositLimit)
            try chain.submit(signed)
            let produced = try chain.produceBlock()
            #expect(produced.rejections.isEmpty)
            #expect(produced.block.header.gasUsed == produced.receipts.map(\.gasUsed).reduce(0, +))
            return try #require(produced.receipts.first)
        }

        func call(_ key: SigningKey, _ entry: String, _ arguments: [UInt8]) throws -> Receipt {
            try run(key, .call(contract: contract, entry: entry, arguments: arguments))
        }

        func coins(_ address: Address) throws -> Amount { try chain.balance(of: address) }

        /// All native coin, wherever it can be in these tests.
        func total() throws -> Amount {
            var sum = try chain.holding(of: contract, asset: .nativeCoin)
            for address in keys.map(\.address)
                + [SystemAddresses.deposits, SystemAddresses.fees, SystemAddresses.reserve, contract]
            {
                sum = try #require(sum.adding(try coins(address)))
            }
            return sum
        }
    }

    static func put(_ slots: [(UInt64, [UInt8])]) -> [UInt8] {
        var writer = CanonicalWriter()
        for (slot, value) in slots {
            writer.write(count: slot)
            writer.write(counted: value)
        }
        return writer.bytes
    }

    static func failureCode(_ receipt: Receipt) -> String? {
        guard case .failure(let failure) = receipt.outcome else { return nil }
        return failure.code
    }

    @Test func transferMovesCoinsAndChargesTheFee() throws {
        let bench = try Bench(deploys: false)
        let (alice, bob) = (bench.keys[0].address, Address(1, 1, 1, 1))
        let before = try bench.coins(alice)
        let receipt = try bench.run(
            bench.keys[0], .transfer(recipient: bob, asset: .nativeCoin, amount: Amount(1000)))
        #expect(receipt.outcome == .success([]))
        #expect(try bench.coins(bob) == Amount(1000))
        #expect(receipt.fee == Amount(receipt.gasUsed * 3))
        #expect(try bench.coins(alice) == before.subtracting(Amount(1000))?.subtracting(receipt.fee))
        #expect(try bench.coins(SystemAddresses.fees) == receipt.fee)
        #expect(try bench.coins(SystemAddresses.reserve) == .zero)
        #expect(try bench.chain.nonce(of: alice) == 1)
    }

    @Test func failedTransactionsPayAndChangeNothingElse() throws {
        let bench = try Bench()
        let alice = bench.keys[1].address
        for (entry, arguments, code) in [
            ("fail", [9], "Refused"), ("nothing", [], "InvalidArgument"), ("put", [1], "InvalidArgument"),
        ] as [(String, [UInt8], String)] {
            let before = try bench.coins(alice)
            let root = bench.chain.head.stateRoot
            let receipt = try bench.call(bench.keys[1], entry, arguments)
            #expect(Self.failureCode(receipt) == code)
            #expect(receipt.events.isEmpty)
            #expect(try bench.coins(alice) == before.subtracting(receipt.fee))
            #expect(bench.chain.head.stateRoot != root)
        }
        // Too much to transfer.
        let receipt = try bench.run(
            bench.keys[2], .transfer(recipient: alice, asset: .nativeCoin, amount: .max))
        #expect(Self.failureCode(receipt) == LedgerFailure.insufficientBalance)
        let other = try bench.run(
            bench.keys[2], .transfer(recipient: alice, asset: AssetID(9, 9, 9, 9), amount: Amount(1)))
        #expect(Self.failureCode(other) == LedgerFailure.insufficientBalance)
        #expect(try bench.chain.nonce(of: bench.keys[2].address) == 2)
        // No contract.
        let missing = try bench.run(bench.keys[3], .call(contract: alice, entry: "put", arguments: []))
        #expect(Self.failureCode(missing) == "NoSuchContract")
        let notCode = try bench.run(bench.keys[3], .deploy(artefact: [1, 2, 3], arguments: []))
        #expect(Self.failureCode(notCode) == "InvalidArtefact")
        #expect(notCode.createdContract == nil)
    }

    @Test func gasIsBounded() throws {
        let bench = try Bench()
        let receipt = try bench.call(bench.keys[1], "overspend", [])
        #expect(receipt.gasUsed == 1_000_000)
        let short = try bench.run(
            bench.keys[1], .call(contract: bench.contract, entry: "emit", arguments: [UInt8](repeating: 0, count: 500)),
            gasLimit: 118_000)
        #expect(Self.failureCode(short) == "OutOfGas")
        #expect(short.gasUsed == 118_000)
    }

    @Test func unfitTransactionsStayOut() throws {
        let bench = try Bench(deploys: false)
        let key = bench.keys[0]
        let body = TransactionBody.transfer(recipient: .zero, asset: .nativeCoin, amount: Amount(1))
        func code(_ change: (inout Transaction) -> Void) throws -> String? {
            let signed = try bench.transaction(key, body, change: change)
            do {
                try bench.chain.submit(signed)
                return nil
            } catch let error as TransactionError {
                return error.code
            }
        }
        let root = bench.chain.head.stateRoot
        #expect(try code { $0.chainID = .zero } == "transaction.chain")
        #expect(try code { $0.validUntilHeight = 0 } == "transaction.expired")
        #expect(try code { $0.gasPrice = 0 } == "transaction.gas-price")
        #expect(try code { $0.gasLimit = 139_999 } == "transaction.gas-limit-low")
        #expect(try code { $0.gasLimit = 10_000_000_001 } == "transaction.gas-limit-high")
        #expect(try code { $0.gasPrice = .max } == "transaction.fee")
        var forged = try bench.transaction(key, body)
        forged.transaction.gasLimit += 1
        #expect(throws: TransactionError.wrongSignature) { try bench.chain.submit(forged) }
        #expect(throws: TransactionError.self) { try bench.chain.submit(encoded: [1, 2, 3]) }
        try bench.chain.advance(by: 3)
        #expect(bench.chain.head.stateRoot == root)
        #expect(bench.chain.head.height == 3)

        // A nonce ahead waits, a used one does not enter, and the same transaction enters once.
        let ahead = try bench.transaction(key, body) { $0.nonce = 1 }
        try bench.chain.submit(ahead)
        #expect(throws: TransactionError.alreadySubmitted) { try bench.chain.submit(ahead) }
        #expect(try bench.chain.produceBlock().receipts.isEmpty)
        try bench.chain.submit(try bench.transaction(key, body) { $0.nonce = 0 })
        #expect(try bench.chain.produceBlock().receipts.count == 1)
        #expect(try bench.chain.produceBlock().receipts.count == 1)
        #expect(try code { $0.nonce = 1 } == "transaction.nonce-used")
        // One that waits until it is too late is dropped.
        let late = try bench.transaction(key, body) { $0.nonce = 9 }
        try bench.chain.submit(late)
        try bench.chain.advance(by: 5)
        #expect(try bench.chain.produceBlock().rejections.map(\.error.code) == ["transaction.expired"])
        #expect(bench.chain.pendingTransactions.isEmpty)
    }

    @Test func blocksHoldTheirGasLimit() throws {
        let parameters = ChainParameters(name: "small", blockGasLimit: 700_000)
        let genesis = try Genesis(
            parameters: parameters,
            accounts: [Genesis.Account(address: Workload.keys[0].address, balance: Amount(1 << 60))])
        let chain = try Chain.inMemory(genesis: genesis, engine: ToyEngine(), clock: ManualClock())
        for _ in 0..<10 {
            let transaction = try #require(
                try Workload.transaction(
                    chain, Workload.keys[0],
                    .transfer(recipient: .zero, asset: .nativeCoin, amount: Amount(1)), gasLimit: 160_000))
            try chain.submit(transaction)
        }
        var counts: [Int] = []
        while !chain.pendingTransactions.isEmpty {
            let produced = try chain.produceBlock()
            #expect(produced.block.header.gasUsed <= 700_000)
            counts.append(produced.receipts.count)
        }
        #expect(counts == [4, 4, 2])
    }

    @Test func depositsFollowTheBytes() throws {
        let bench = try Bench()
        let rate: UInt64 = 7
        let codeBytes: UInt64 = 32 + 64
        #expect(try bench.chain.storedByteCount() == codeBytes)
        let alice = bench.keys[1]
        let grown = try bench.call(alice, "put", Self.put([(1, [1, 2, 3]), (2, [UInt8](repeating: 9, count: 100))]))
        #expect(grown.depositCharged == Amount((32 + 3 + 32 + 100) * rate))
        #expect(grown.depositRefunded == .zero)
        #expect(try bench.coins(SystemAddresses.deposits) == Amount((codeBytes + 167) * rate))
        // Someone else releases the storage and is refunded.
        let bob = bench.keys[2]
        let before = try bench.coins(bob.address)
        let shrunk = try bench.call(bob, "put", Self.put([(1, []), (2, [9]), (3, [1])]))
        #expect(shrunk.depositRefunded == Amount((167 - 33 - 33) * rate))
        #expect(
            try bench.coins(bob.address)
                == before.subtracting(shrunk.fee)?.adding(shrunk.depositRefunded))
        #expect(try bench.coins(SystemAddresses.deposits) == Amount((codeBytes + 66) * rate))
        #expect(try bench.chain.storedByteCount() == codeBytes + 66)
        // Limits, and a sender who cannot pay.
        let refused = try bench.run(
            alice, .call(contract: bench.contract, entry: "put", arguments: Self.put([(7, [1])])),
            depositLimit: Amount(33 * rate - 1))
        #expect(Self.failureCode(refused) == LedgerFailure.depositLimit)
        #expect(try bench.chain.stateValue(for: ToyEngine.key(contract: bench.contract, slot: 7)) == nil)
        let poor = SigningKey(seed: Bytes32(99, 0, 0, 0))
        try bench.run(
            alice, .transfer(recipient: poor.address, asset: .nativeCoin, amount: Amount(3_000_100)))
        let broke = try bench.call(poor, "put", Self.put([(7, [UInt8](repeating: 1, count: 100))]))
        #expect(Self.failureCode(broke) == LedgerFailure.insufficientBalance)
        #expect(try bench.coins(SystemAddresses.deposits) == Amount((codeBytes + 66) * rate))
    }

    @Test func assetsAreConserved() throws {
        let bench = try Bench()
        let alice = bench.keys[1]
        let asset = ToyEngine.asset(of: bench.contract)
        let total = try bench.total()
        #expect(try bench.chain.supply(of: .nativeCoin) == total)
        #expect(try bench.call(alice, "mint", Amount(500).canonicalBytes).outcome.isSuccess)
        #expect(try bench.call(alice, "burn", Amount(120).canonicalBytes).outcome.isSuccess)
        #expect(try bench.chain.supply(of: asset) == Amount(380))
        #expect(try bench.chain.balance(of: alice.address, asset: asset) == Amount(380))
        #expect(try bench.call(alice, "lock", Amount(5000).canonicalBytes).outcome.isSuccess)
        #expect(try bench.chain.holding(of: bench.contract, asset: .nativeCoin) == Amount(5000))
        #expect(try bench.call(alice, "unlock", Amount(4999).canonicalBytes).outcome.isSuccess)
        #expect(try bench.chain.holding(of: bench.contract, asset: .nativeCoin) == Amount(1))
        #expect(try bench.total() == total)

        // An engine that breaks the rules is undone.
        for entry in ["forge", "vanish", "misreport"] {
            let receipt = try bench.call(alice, entry, Amount(10).canonicalBytes)
            #expect(Self.failureCode(receipt) == LedgerFailure.notConserved, "\(entry)")
            #expect(try bench.total() == total)
            #expect(try bench.chain.supply(of: asset) == Amount(380))
        }
        #expect(Self.failureCode(try bench.call(alice, "swell", [])) == LedgerFailure.tooLarge)
    }

    @Test func simulationChangesNothing() throws {
        let bench = try Bench()
        let root = bench.chain.head.stateRoot
        let signed = try bench.transaction(
            bench.keys[1], .call(contract: bench.contract, entry: "put", arguments: Self.put([(1, [5])])))
        let simulated = try bench.chain.simulate(signed.transaction)
        #expect(bench.chain.head.stateRoot == root)
        #expect(bench.chain.pendingTransactions.isEmpty)
        try bench.chain.submit(signed)
        let real = try #require(try bench.chain.produceBlock().receipts.first)
        #expect(simulated.gasUsed == real.gasUsed)
        #expect(simulated.fee == real.fee)
        #expect(simulated.depositCharged == real.depositCharged)
        #expect(simulated.outcome == real.outcome)
        // Without a gas price the fee is left out, so an empty account can ask.
        var free = signed.transaction
        free.sender = SigningKey(seed: Bytes32(77, 0, 0, 0)).publicKey
        free.nonce = 0
        free.gasPrice = 0
        free.body = .call(contract: bench.contract, entry: "emit", arguments: [1])
        #expect(try bench.chain.simulate(free).outcome == .success([1]))
    }

    @Test func queriesReadTheHead() throws {
        let bench = try Bench()
        let receipt = try bench.call(bench.keys[1], "put", Self.put([(4, [1, 2])]))
        let key = ToyEngine.key(contract: bench.contract, slot: 4)
        let (value, proof) = try bench.chain.proof(of: key)
        #expect(value == [1, 2])
        #expect(proof.proves(key: key, value: [1, 2], root: bench.chain.head.stateRoot))
        let balanceKey = StateKeys.balance(asset: .nativeCoin, address: bench.keys[1].address)
        let balance = try bench.chain.proof(of: balanceKey)
        #expect(balance.proof.proves(key: balanceKey, value: balance.value, root: bench.chain.head.stateRoot))
        let absent = try bench.chain.proof(of: .zero)
        #expect(absent.proof.proves(key: .zero, value: nil, root: bench.chain.head.stateRoot))

        let found = try #require(try bench.chain.receipt(of: receipt.transactionID))
        #expect(found.height == 2)
        #expect(found.receipt == receipt)
        #expect(try bench.chain.receipt(of: .zero) == nil)
        #expect(try bench.chain.block(at: 2)?.transactions.count == 1)
        #expect(try bench.chain.block(at: 3) == nil)
        var slot = CanonicalWriter()
        slot.write(count: 4 as UInt64)
        #expect(
            try bench.chain.view(contract: bench.contract, entry: "read", arguments: slot.bytes).outcome
                == .success([1, 2]))
        #expect(try bench.chain.view(contract: bench.contract, entry: "height").outcome == .success([3]))
        #expect(try !bench.chain.view(contract: bench.contract, entry: "put").outcome.isSuccess)
        try bench.chain.verifyHistory()
    }

    @Test func blocksComeOnSchedule() throws {
        let bench = try Bench(deploys: false)
        let chain = bench.chain
        bench.clock.nowMilliseconds = 50_000
        #expect(try chain.produceDueBlocks(atMost: 10) == 1)
        #expect(chain.head.timestampMilliseconds == 50_000)
        bench.clock.nowMilliseconds = 50_999
        #expect(try chain.produceDueBlocks(atMost: 10) == 0)
        bench.clock.nowMilliseconds = 53_500
        #expect(try chain.produceDueBlocks(atMost: 2) == 2)
        #expect(try chain.produceDueBlocks(atMost: 10) == 1)
        #expect(chain.head.timestampMilliseconds == 53_000)
        // A clock that goes back makes nothing due, and no block older than its parent.
        bench.clock.nowMilliseconds = 10
        #expect(try chain.produceDueBlocks(atMost: 10) == 0)
        #expect(try chain.produceBlock().block.header.timestampMilliseconds == 53_000)
        #expect(chain.head.height == 5)
    }

    /// A second chain that executes the blocks of the first comes to the same headers; a changed block is refused.
    @Test func blocksReplay() throws {
        let genesis = try Workload.genesis()
        let first = try Chain.inMemory(genesis: genesis, engine: ToyEngine(), clock: ManualClock(nowMilliseconds: 5))
        let second = try Chain.inMemory(genesis: genesis, engine: ToyEngine(), clock: ManualClock())
        for _ in 0..<40 {
            try Workload.step(first)
            let block = try #require(try first.block(at: first.head.height))
            var wrong = block
            wrong.header.stateRoot = .zero
            #expect(throws: LedgerFault.self) { try second.append(wrong) }
            if !block.transactions.isEmpty {
                wrong = block
                wrong.transactions.removeLast()
                #expect(throws: LedgerFault.self) { try second.append(wrong) }
                wrong.transactions.append(contentsOf: [block.transactions[0], block.transactions[0]])
                #expect(throws: LedgerFault.self) { try second.append(wrong) }
            }
            try second.append(try Block.decode(block.encoded()))
            #expect(second.head == first.head)
        }
        try second.verifyHistory()
    }
}
