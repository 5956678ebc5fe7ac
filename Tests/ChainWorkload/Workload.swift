import Crypto
import Ledger
import Node

/// Transactions for every height, the same in every process: a function of the height and of the state before it.
public enum Workload {
    /// The accounts that act, each with coins at genesis.
    public static let keys: [SigningKey] = (0..<6).map { index in
        SigningKey(seed: Bytes32(UInt64(index) + 1, 0, 0, 0))
    }

    /// The contract that block 1 deploys.
    public static let contract = Addresses.contract(deployer: keys[0].address, nonce: 0)

    public static func genesis() throws -> Genesis {
        try Genesis(
            parameters: ChainParameters(name: "workload", storageDepositPerByte: 7),
            accounts: keys.map { Genesis.Account(address: $0.address, balance: Amount(1 << 62)) })
    }

    public static func transaction(
        _ chain: Chain, _ key: SigningKey, _ body: TransactionBody, gasLimit: UInt64 = 2_000_000
    ) throws -> SignedTransaction? {
        Transaction(
            chainID: chain.chainID, sender: key.publicKey, nonce: try chain.nextNonce(of: key.address),
            validUntilHeight: chain.head.height + 10, gasLimit: gasLimit, gasPrice: 1, body: body
        ).signed(by: key)
    }

    /// Submits what belongs into the next block.
    public static func submitNext(to chain: Chain) throws {
        let height = chain.head.height + 1
        func submit(_ key: SigningKey, _ body: TransactionBody) throws {
            if let transaction = try transaction(chain, key, body) { try chain.submit(transaction) }
        }
        if height == 1 {
            try submit(keys[0], .deploy(artefact: ToyEngine.artefact(), arguments: []))
            return
        }
        // Every seventh block is empty.
        guard !height.isMultiple(of: 7) else { return }
        let sender = keys[Int(height % 6)]
        try submit(
            sender,
            .transfer(recipient: keys[Int((height / 6) % 6)].address, asset: .nativeCoin, amount: Amount(height)))
        var slots = CanonicalWriter()
        for offset in 0..<8 as Range<UInt64> {
            slots.write(count: (height &* 5 + offset * 13) % 150)
            // Some entries go away again.
            let byteCount = (height + offset).isMultiple(of: 5) ? 0 : Int((height &* 3 + offset) % 60) + 1
            slots.write(counted: [UInt8](repeating: UInt8(truncatingIfNeeded: height), count: byteCount))
        }
        try submit(keys[Int((height + 1) % 6)], .call(contract: contract, entry: "put", arguments: slots.bytes))
        if height.isMultiple(of: 3) {
            try submit(
                keys[Int((height + 2) % 6)],
                .call(contract: contract, entry: "mint", arguments: Amount(height).canonicalBytes))
        }
        if height.isMultiple(of: 5) {
            try submit(keys[Int((height + 3) % 6)], .call(contract: contract, entry: "fail", arguments: [1]))
        }
    }

    /// Makes the next block.
    public static func step(_ chain: Chain) throws {
        try submitNext(to: chain)
        try chain.produceBlock()
    }
}
