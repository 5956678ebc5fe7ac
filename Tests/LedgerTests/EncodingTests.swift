import Crypto
import Ledger
import TestSupport
import Testing

/// Random values of every kind that is encoded.
enum RandomValues {
    static func bytes32(_ generator: inout SplitMix64) -> Bytes32 {
        Bytes32(generator.next(), generator.next(), generator.next(), generator.next())
    }

    static func count(_ generator: inout SplitMix64) -> UInt64 {
        generator.next() >> UInt64(generator.below(64))
    }

    static func transaction(_ generator: inout SplitMix64) -> SignedTransaction {
        let body: TransactionBody =
            switch generator.below(3) {
            case 0:
                .transfer(
                    recipient: bytes32(&generator), asset: bytes32(&generator), amount: AmountTests.random(&generator))
            case 1:
                .deploy(
                    artefact: generator.bytes(count: generator.below(300)),
                    arguments: generator.bytes(count: generator.below(40)))
            default:
                .call(
                    contract: bytes32(&generator), entry: String(repeating: "é", count: generator.below(20)),
                    arguments: generator.bytes(count: generator.below(300)))
            }
        let key = SigningKey(seed: bytes32(&generator))
        let transaction = Transaction(
            chainID: bytes32(&generator), sender: key.publicKey, nonce: count(&generator),
            validUntilHeight: count(&generator), gasLimit: count(&generator), gasPrice: count(&generator),
            depositLimit: AmountTests.random(&generator), body: body)
        return SignedTransaction(transaction: transaction, signature: key.sign(transaction.signingHash.bytes))
    }

    static func receipt(_ generator: inout SplitMix64) -> Receipt {
        Receipt(
            transactionID: bytes32(&generator),
            outcome: generator.below(2) == 0
                ? .success(generator.bytes(count: generator.below(50)))
                : .failure(ExecutionFailure(code: "Refused", payload: generator.bytes(count: generator.below(50)))),
            gasUsed: count(&generator), fee: AmountTests.random(&generator),
            depositCharged: AmountTests.random(&generator), depositRefunded: AmountTests.random(&generator),
            createdContract: generator.below(2) == 0 ? nil : bytes32(&generator),
            events: (0..<generator.below(4)).map { _ in
                Event(
                    contract: bytes32(&generator), name: "Said", payload: generator.bytes(count: generator.below(60)))
            })
    }

    static func header(_ generator: inout SplitMix64) -> BlockHeader {
        BlockHeader(
            chainID: bytes32(&generator), height: count(&generator), parentHash: bytes32(&generator),
            timestampMilliseconds: count(&generator), producer: bytes32(&generator), gasUsed: count(&generator),
            transactionsRoot: bytes32(&generator), receiptsRoot: bytes32(&generator), stateRoot: bytes32(&generator),
            randomness: generator.below(2) == 0
                ? nil : BlockRandomness(output: bytes32(&generator), proof: generator.bytes(count: 80)))
    }
}

@Suite struct EncodingTests {
    /// Whatever a decoder accepts, the encoder writes back byte for byte; everything else is an error.
    private func checkCanonical<Value: Equatable>(
        _ value: Value, _ bytes: [UInt8], seed: UInt64, _ generator: inout SplitMix64,
        decode: ([UInt8]) throws -> Value, encode: (Value) -> [UInt8]
    ) throws {
        #expect(try decode(bytes) == value)
        for _ in 0..<40 {
            let mutant = Mutation.mutate(bytes, &generator)
            if let decoded = try? decode(mutant) {
                #expect(encode(decoded) == mutant, "seed \(seed): \(Hexadecimal.encode(mutant))")
            }
        }
        for count in [0, 1, bytes.count / 2, bytes.count - 1] {
            #expect(throws: (any Error).self) { try decode(Array(bytes[..<count])) }
        }
        #expect(throws: (any Error).self) { try decode(bytes + [0]) }
    }

    @Test func everyKindIsCanonical() throws {
        let seed: UInt64 = 41
        var generator = SplitMix64(seed: seed)
        for _ in 0..<120 {
            let transaction = RandomValues.transaction(&generator)
            try checkCanonical(
                transaction, transaction.encoded(), seed: seed, &generator, decode: SignedTransaction.decode,
                encode: { $0.encoded() })
            let receipt = RandomValues.receipt(&generator)
            try checkCanonical(
                receipt, receipt.encoded(), seed: seed, &generator, decode: Receipt.decode, encode: { $0.encoded() })
            let header = RandomValues.header(&generator)
            try checkCanonical(
                header, header.encoded(), seed: seed, &generator, decode: BlockHeader.decode,
                encode: { $0.encoded() })
            let block = Block(
                header: header,
                transactions: (0..<generator.below(3)).map { _ in RandomValues.transaction(&generator) })
            try checkCanonical(
                block, block.encoded(), seed: seed, &generator, decode: Block.decode, encode: { $0.encoded() })
        }
    }

    @Test func randomBytesAreRefused() {
        var generator = SplitMix64(seed: 42)
        for _ in 0..<4000 {
            let bytes = generator.bytes(count: generator.below(400))
            _ = try? SignedTransaction.decode(bytes)
            _ = try? Receipt.decode(bytes)
            _ = try? Block.decode(bytes)
            _ = try? BlockHeader.decode(bytes)
        }
    }

    @Test func countsMustBeMinimal() throws {
        for (bytes, value) in [([0], 0), ([127], 127), ([128, 1], 128), ([255, 255, 3], 65535)] as [([UInt8], UInt64)] {
            #expect(try Self.count(bytes) == value)
            var writer = CanonicalWriter()
            writer.write(count: value)
            #expect(writer.bytes == bytes)
        }
        var writer = CanonicalWriter()
        writer.write(count: UInt64.max)
        #expect(try Self.count(writer.bytes) == .max)
        let tooWide = [UInt8](repeating: 255, count: 9)
        for bytes: [UInt8] in [
            [128, 0], [129, 128, 0], tooWide + [2], tooWide + [129, 0], tooWide + [255, 255, 1], [],
        ] {
            #expect(throws: DecodingError.self) { try Self.count(bytes) }
        }
    }

    private static func count(_ bytes: [UInt8]) throws(DecodingError) -> UInt64 {
        var reader = CanonicalReader(bytes)
        return try reader.readUnsigned("count")
    }

    /// A length that claims more than there is must not be believed.
    @Test func hugeCountsAreRefusedBeforeAllocation() throws {
        var generator = SplitMix64(seed: 43)
        var writer = CanonicalWriter()
        let header = RandomValues.header(&generator)
        writer.write(raw: header.encoded())
        writer.write(count: UInt64.max >> 1)
        #expect(throws: DecodingError.tooLarge("the count of transactions", limit: Limits.blockTransactionCount)) {
            try Block.decode(writer.bytes)
        }
        #expect(throws: DecodingError.tooLarge("the transaction", limit: Limits.transactionByteCount)) {
            try SignedTransaction.decode([UInt8](repeating: 0, count: Limits.transactionByteCount + 1))
        }
    }

    /// Bytes fixed once, so that an encoding cannot change unnoticed.
    @Test func encodingsAreFixed() throws {
        let key = SigningKey(seed: .zero)
        let transaction = Transaction(
            chainID: Bytes32(1, 2, 3, 4), sender: key.publicKey, nonce: 5, validUntilHeight: 600, gasLimit: 70_000,
            gasPrice: 8, depositLimit: Amount(900),
            body: .transfer(recipient: Bytes32(5, 6, 7, 8), asset: .nativeCoin, amount: Amount(1000)))
        let signed = try #require(transaction.signed(by: key))
        #expect(signed.isSignatureValid)
        #expect(transaction.signed(by: SigningKey(seed: Bytes32(1, 0, 0, 0))) == nil)
        #expect(
            Hexadecimal.encode(transaction.encoded())
                == "01" + Bytes32(1, 2, 3, 4).hex + key.publicKey.encoded.hex + "05" + "d804" + "f0a204" + "08"
                + "040384" + "00" + Bytes32(5, 6, 7, 8).hex + AssetID.nativeCoin.hex + "0403e8")
    }
}

/// Small damage to bytes.
enum Mutation {
    static func mutate(_ bytes: [UInt8], _ generator: inout SplitMix64) -> [UInt8] {
        guard !bytes.isEmpty else { return [UInt8(truncatingIfNeeded: generator.next())] }
        var mutant = bytes
        for _ in 0...generator.below(3) {
            let position = generator.below(mutant.count)
            switch generator.below(6) {
            case 0: mutant[position] ^= UInt8(1 << generator.below(8))
            case 1: mutant[position] = UInt8(truncatingIfNeeded: generator.next())
            case 2: mutant.insert(UInt8(truncatingIfNeeded: generator.next()), at: position)
            case 3: if mutant.count > 1 { mutant.remove(at: position) }
            case 4: mutant[position] = [0, 127, 128, 255][generator.below(4)]
            default:
                let end = min(mutant.count, position + generator.below(9))
                mutant.insert(contentsOf: mutant[position..<end], at: generator.below(mutant.count))
            }
        }
        return mutant
    }
}
