import Bytecode
import ChainWorkload
import Crypto
import Ledger
import Machine
import Node
import TestSupport
import Testing

/// Real contracts through the whole path: transaction, verifier, machine, ledger, chain.
@Suite struct MachineEngineTests {
    final class Bench {
        let chain: Chain
        let keys = Workload.keys
        let contract = Workload.contract

        init() throws {
            chain = try Chain.inMemory(
                genesis: try Workload.genesis(), engine: MachineEngine(), clock: ManualClock())
            let receipt = try run(
                keys[0], .deploy(artefact: try BankContract.artefact(), arguments: Amount(40).canonicalBytes))
            #expect(receipt.outcome == .success([]))
            #expect(receipt.createdContract == contract)
        }

        @discardableResult
        func run(_ key: SigningKey, _ body: TransactionBody, gasLimit: UInt64 = 5_000_000) throws -> Receipt {
            let transaction = try #require(try Workload.transaction(chain, key, body, gasLimit: gasLimit))
            let simulated = try chain.simulate(transaction.transaction)
            try chain.submit(transaction)
            let receipt = try #require(try chain.produceBlock().receipts.first)
            // What was foretold came about.
            #expect(simulated.encoded().dropFirst(32) == receipt.encoded().dropFirst(32))
            return receipt
        }

        func call(_ key: SigningKey, _ entry: String, _ amount: UInt64? = nil) throws -> Receipt {
            try run(
                key,
                .call(contract: contract, entry: entry, arguments: amount.map { Amount($0).canonicalBytes } ?? []))
        }

        /// All native coin, wherever it can be here.
        func totalCoins() throws -> Amount {
            var sum = try chain.holding(of: contract, asset: .nativeCoin)
            for address in keys.map(\.address) + [SystemAddresses.deposits, SystemAddresses.fees, contract] {
                sum = try #require(sum.adding(try chain.balance(of: address)))
            }
            return sum
        }
    }

    @Test func stateAndEvents() throws {
        let bench = try Bench()
        #expect(try bench.chain.view(contract: bench.contract, entry: "counter").outcome == .success([2, 40]))
        let receipt = try bench.call(bench.keys[1], "add", 2)
        #expect(receipt.outcome == .success([]))
        #expect(receipt.events == [Event(contract: bench.contract, name: "Added", payload: [2, 2])])
        #expect(try bench.chain.view(contract: bench.contract, entry: "counter").outcome == .success([2, 42]))
        let (value, proof) = try bench.chain.proof(
            of: StateKeys.slot(contract: bench.contract, slot: 0, overlayKey: StateKeys.plain))
        #expect(value == [2, 42])
        #expect(
            proof.proves(
                key: StateKeys.slot(contract: bench.contract, slot: 0, overlayKey: StateKeys.plain), value: value,
                root: bench.chain.head.stateRoot))
        try bench.chain.verifyHistory()
    }

    @Test func deposits() throws {
        let bench = try Bench()
        let stored = try bench.chain.storedByteCount()
        #expect(stored == UInt64(try BankContract.artefact().count) + 32 + 32 + 2)
        let noted = try bench.call(bench.keys[1], "note", 5)
        #expect(noted.depositCharged == Amount((32 + 2) * 7))
        #expect(try bench.chain.storedByteCount() == stored + 34)
        let forgotten = try bench.call(bench.keys[1], "forget")
        #expect(forgotten.depositRefunded == noted.depositCharged)
        #expect(try bench.chain.storedByteCount() == stored)
        #expect(try bench.chain.balance(of: SystemAddresses.deposits) == Amount(stored * 7))
    }

    @Test func tokens() throws {
        let bench = try Bench()
        let alice = bench.keys[2]
        let credit = Addresses.asset(issuer: bench.contract, name: "Credit")
        let total = try bench.totalCoins()
        #expect(try bench.chain.supply(of: .nativeCoin) == total)
        #expect(try bench.call(alice, "issue", 1000).outcome.isSuccess)
        #expect(try bench.chain.balance(of: alice.address, asset: credit) == Amount(1000))
        #expect(try bench.chain.supply(of: credit) == Amount(1000))
        #expect(try bench.call(alice, "destroy", 300).outcome.isSuccess)
        #expect(try bench.chain.supply(of: credit) == Amount(700))
        #expect(try bench.call(alice, "issue", 0).outcome.isSuccess)
        #expect(try !bench.call(alice, "destroy", 701).outcome.isSuccess)
        #expect(try bench.run(
            alice, .transfer(recipient: bench.keys[3].address, asset: credit, amount: Amount(200))
        ).outcome.isSuccess)
        #expect(try bench.chain.balance(of: bench.keys[3].address, asset: credit) == Amount(200))

        #expect(try bench.call(alice, "lock", 5000).outcome.isSuccess)
        #expect(try bench.chain.holding(of: bench.contract, asset: .nativeCoin) == Amount(5000))
        let before = try bench.chain.balance(of: alice.address)
        let unlocked = try bench.call(alice, "unlock", 1234)
        #expect(unlocked.outcome == .success(Amount(1234).canonicalBytes))
        let change = try #require(before.adding(Amount(1234))?.subtracting(unlocked.fee))
        #expect(
            try bench.chain.balance(of: alice.address)
                == change.subtracting(unlocked.depositCharged)?.adding(unlocked.depositRefunded))
        #expect(try !bench.call(alice, "unlock", 5000).outcome.isSuccess)
        #expect(try bench.chain.holding(of: bench.contract, asset: .nativeCoin) == Amount(5000 - 1234))
        #expect(try bench.totalCoins() == total)
    }

    @Test func failures() throws {
        let bench = try Bench()
        let alice = bench.keys[1]
        func code(_ receipt: Receipt) -> String? {
            if case .failure(let failure) = receipt.outcome { return failure.code }
            return nil
        }
        let refused = try bench.call(alice, "refuse")
        guard case .failure(let failure) = refused.outcome else {
            Issue.record("the contract's own error is missing")
            return
        }
        #expect(failure.code == "Refused")
        #expect(failure.payload == [2, 7])
        #expect(failure.trace.first?.hasPrefix("refuse of ag1") == true)
        #expect(try bench.chain.view(contract: bench.contract, entry: "counter").outcome == .success([2, 40]))
        #expect(code(try bench.call(alice, "missing")) != nil)
        #expect(code(try bench.call(alice, "init", 1)) != nil)
        #expect(code(try bench.call(alice, "add")) == "InvalidArgument")
        #expect(
            code(
                try bench.run(
                    alice, .call(contract: bench.contract, entry: "add", arguments: [2, 1]), gasLimit: 105_000))
                == "OutOfGas")
        #expect(
            code(try bench.run(alice, .call(contract: alice.address, entry: "add", arguments: [])))
                == "NoSuchContract")
        #expect(code(try bench.run(alice, .deploy(artefact: [1, 2, 3], arguments: []))) == "InvalidArtefact")
        // Deploying costs gas for the check before anything is checked.
        let artefact = try BankContract.artefact()
        let short = try bench.run(
            alice, .deploy(artefact: artefact, arguments: [0]),
            gasLimit: LedgerCosts.transactionGas + 20 * UInt64(artefact.count + 300)
                + 399 * UInt64(artefact.count))
        #expect(code(short) == "OutOfGas")
        // A view changes nothing, and an action is no view.
        let asView = try bench.chain.view(contract: bench.contract, entry: "add", arguments: [2, 1])
        #expect(!asView.outcome.isSuccess)
    }

    /// Damaged artefacts are refused, or make a contract that cannot hurt the chain.
    @Test func mutatedArtefacts() throws {
        let seed: UInt64 = 81
        var generator = SplitMix64(seed: seed)
        let bench = try Bench()
        let artefact = try BankContract.artefact()
        let total = try bench.totalCoins()
        var accepted: [Address] = []
        for round in 0..<300 {
            let mutant = Mutation.mutate(artefact, &generator)
            let key = bench.keys[round % 6]
            let nonce = try bench.chain.nonce(of: key.address)
            let receipt = try bench.run(key, .deploy(artefact: mutant, arguments: [2, 1]))
            guard receipt.outcome.isSuccess else { continue }
            let contract = Addresses.contract(deployer: key.address, nonce: nonce)
            for entry in ["add", "issue", "lock", "unlock", "note"] {
                let call = try bench.run(key, .call(contract: contract, entry: entry, arguments: [2, 9]))
                #expect(call.gasUsed <= 5_000_000)
            }
            accepted.append(contract)
            var sum = try bench.totalCoins()
            for contract in accepted {
                sum = try #require(sum.adding(try bench.chain.holding(of: contract, asset: .nativeCoin)))
                sum = try #require(sum.adding(try bench.chain.balance(of: contract)))
            }
            #expect(sum == total, "round \(round) of seed \(seed)")
        }
        #expect(!accepted.isEmpty)
    }

    /// The same blocks in a directory, opened anew after each: the machine keeps nothing that the state lacks.
    @Test func reopening() throws {
        let scratch = try ScratchDirectory(inMemory: true)
        let genesis = try Workload.genesis()
        var chain = try Chain.create(
            directory: scratch.path, genesis: genesis, engine: MachineEngine(), clock: ManualClock())
        let twin = try Chain.inMemory(genesis: genesis, engine: MachineEngine(), clock: ManualClock())
        let key = Workload.keys[0]
        for height in 1...12 as ClosedRange<UInt64> {
            let body: TransactionBody =
                height == 1
                ? .deploy(artefact: try BankContract.artefact(), arguments: [0])
                : .call(
                    contract: Workload.contract, entry: ["add", "issue", "note", "lock"][Int(height % 4)],
                    arguments: Amount(height).canonicalBytes)
            let transaction = try #require(try Workload.transaction(chain, key, body, gasLimit: 5_000_000))
            for target in [chain, twin] {
                try target.submit(transaction)
                #expect(try target.produceBlock().receipts.first?.outcome.isSuccess == true)
            }
            #expect(chain.head == twin.head)
            chain.close()
            chain = try Chain.open(directory: scratch.path, engine: MachineEngine(), clock: ManualClock())
        }
        chain.close()
    }
}
