import ChainWorkload
import Crypto
import Ledger
import Node
import Testing

@Suite struct RandomnessTests {
    private let key = SigningKey(seed: Bytes32(77, 0, 0, 0))
    private let otherKey = SigningKey(seed: Bytes32(78, 0, 0, 0))

    private func genesis() throws -> Genesis {
        try Genesis(
            parameters: ChainParameters(name: "random", producerKey: key.publicKey),
            accounts: Workload.keys.map { Genesis.Account(address: $0.address, balance: Amount(1 << 62)) })
    }

    private func chain(_ producerKey: SigningKey?) throws -> Chain {
        try Chain.inMemory(
            genesis: try genesis(), engine: ToyEngine(), clock: ManualClock(), producerKey: producerKey)
    }

    /// The VRF's input is what the documentation says, and each block's randomness goes into the next one's.
    @Test func everyBlockProvesItsRandomness() throws {
        let chain = try chain(key)
        #expect(chain.head.randomness == nil)
        var previous = Bytes32.zero
        for height in 1...5 as ClosedRange<UInt64> {
            let header = try chain.produceBlock().block.header
            let randomness = try #require(header.randomness)
            var input = Array("\u{11}agon.randomness.1".utf8) + chain.chainID.bytes
            for shift in 0..<8 as Range<UInt64> { input.append(UInt8(height >> (8 * shift) & 255)) }
            input += previous.bytes
            let output = try #require(
                VerifiableRandom.verify(proof: randomness.proof, input: input, key: key.publicKey))
            #expect(randomness.output == Bytes32(output[..<32]))
            #expect(randomness.output != previous)
            previous = randomness.output
        }
        try chain.verifyHistory()
        // What engines read: committed blocks, and nothing of the genesis block or of blocks to come.
        try chain.withState { state, context in
            #expect(context.height == 6)
            #expect(state.randomness(at: 5) == previous)
            #expect(state.randomness(at: 0) == nil)
            #expect(state.randomness(at: 6) == nil)
            #expect(state.randomness(at: .max) == nil)
        }
    }

    /// Two chains of one genesis have the same randomness whatever their blocks hold.
    @Test func transactionsDoNotChangeIt() throws {
        let first = try chain(key)
        let second = try chain(key)
        for _ in 0..<3 {
            try Workload.step(first)
            try second.produceBlock()
            #expect(first.head.hash != second.head.hash)
            #expect(first.head.randomness?.output == second.head.randomness?.output)
        }
    }

    @Test func replicasCheckIt() throws {
        let producer = try chain(key)
        let replica = try chain(nil)
        for _ in 0..<3 {
            try Workload.step(producer)
            let block = try #require(try producer.block(at: producer.head.height))
            let right = try #require(block.header.randomness)
            var proof = right.proof
            proof[79] ^= 1
            var output = right.output
            output.word0 ^= 1
            var unchained = replica.head
            unchained.randomness = nil
            unchained.height += 1
            let wrong = [
                nil, BlockRandomness(output: right.output, proof: proof),
                BlockRandomness(output: output, proof: right.proof),
                BlockRandomness.make(after: replica.head, key: otherKey),
                BlockRandomness.make(after: unchained, key: key),
            ]
            for (index, randomness) in wrong.enumerated() {
                var forged = block
                forged.header.randomness = randomness
                #expect(throws: LedgerFault.self, "\(index)") { try replica.append(forged) }
            }
            try replica.append(try Block.decode(block.encoded()))
            #expect(replica.head == producer.head)
        }
        try replica.verifyHistory()
    }

    @Test func onlyTheKeyMakesBlocks() throws {
        let without = try chain(nil)
        #expect { try without.produceBlock() } throws: { ($0 as? LedgerFault)?.code == "ledger.producer-key" }
        #expect(without.head.height == 0)
        #expect { try self.chain(otherKey) } throws: { ($0 as? LedgerFault)?.code == "ledger.producer-key" }
        #expect(BlockRandomness(output: .zero, proof: [1]) == nil)

        let scratch = try ScratchDirectory()
        try Chain.create(
            directory: scratch.path, genesis: try genesis(), engine: ToyEngine(), clock: ManualClock(),
            producerKey: key
        ).close()
        #expect { try Chain.open(directory: scratch.path, engine: ToyEngine(), producerKey: otherKey) } throws: {
            ($0 as? LedgerFault)?.code == "ledger.producer-key"
        }
        let chain = try Chain.open(directory: scratch.path, engine: ToyEngine(), producerKey: key)
        try chain.advance(by: 2)
        let reading = try chain.header(at: 1)?.randomness?.output
        try chain.withState { state, _ in #expect(state.randomness(at: 1) == reading && reading != nil) }
        chain.close()
    }

    /// A genesis without the key is what it was before there were such keys: its id, its blocks, no randomness.
    @Test func chainsWithoutTheKey() throws {
        let old = try Workload.genesis()
        #expect(!old.json.text().contains("producerKey"))
        let chain = try Chain.inMemory(genesis: old, engine: ToyEngine(), clock: ManualClock(), producerKey: key)
        try chain.advance(by: 2)
        #expect(chain.head.randomness == nil)
        #expect(chain.head.encoded().first == 1)
        try chain.withState { state, _ in #expect(state.randomness(at: 1) == nil) }
        // Randomness that nothing asks for is refused like any other wrong header.
        let replica = try Chain.inMemory(genesis: old, engine: ToyEngine(), clock: ManualClock())
        var block = try #require(try chain.block(at: 1))
        block.header.randomness = BlockRandomness.make(after: replica.head, key: key)
        #expect(throws: LedgerFault.self) { try replica.append(block) }
    }

    @Test func keysInGenesisFiles() throws {
        let text = try genesis().json.text()
        #expect(try Genesis.parse(Array(text.utf8)) == (try genesis()))
        #expect(text.contains(key.publicKey.encoded.hex))
        // Neither a point of small order, nor a short string, nor a number is a key.
        for wrong in ["\"\(Bytes32(1, 0, 0, 0).hex)\"", "\"12\"", "7"] {
            let file = text.replacing("\"\(key.publicKey.encoded.hex)\"", with: wrong)
            #expect { try Genesis.parse(Array(file.utf8)) } throws: { ($0 as? GenesisError)?.code == "genesis.value" }
        }
    }
}
