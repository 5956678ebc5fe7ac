import Bytecode
import Crypto

// The ledger's values as JSON for people and programs at the edges. Amounts and 64-bit counts are decimal strings,
// since many readers of JSON round numbers; addresses are checksummed text, other bytes hexadecimal digits.

extension JSONValue {
    fileprivate static func bytes(_ bytes: [UInt8]) -> JSONValue { .string(Hexadecimal.encode(bytes)) }
    fileprivate static func hash(_ hash: Bytes32) -> JSONValue { .string(hash.hex) }
    fileprivate static func address(_ address: Address) -> JSONValue { .string(address.addressText) }
    fileprivate static func amount(_ amount: Amount) -> JSONValue { .string(amount.description) }
    fileprivate static func count(_ count: UInt64) -> JSONValue { .string(String(count)) }
}

extension Transaction {
    /// The transaction as a JSON object.
    public var json: JSONValue {
        var members = [
            JSONValue.Member("chain", .hash(chainID)),
            JSONValue.Member("sender", .address(sender.address)),
            JSONValue.Member("publicKey", .hash(sender.encoded)),
            JSONValue.Member("nonce", .count(nonce)),
            JSONValue.Member("validUntilHeight", .count(validUntilHeight)),
            JSONValue.Member("gasLimit", .count(gasLimit)),
            JSONValue.Member("gasPrice", .count(gasPrice)),
            JSONValue.Member("depositLimit", .amount(depositLimit)),
        ]
        switch body {
        case .transfer(let recipient, let asset, let amount):
            members += [
                JSONValue.Member("kind", .string("transfer")),
                JSONValue.Member("recipient", .address(recipient)),
                JSONValue.Member("asset", .hash(asset)),
                JSONValue.Member("amount", .amount(amount)),
            ]
        case .deploy(let artefact, let arguments):
            members += [
                JSONValue.Member("kind", .string("deploy")),
                JSONValue.Member("artefact", .bytes(artefact)),
                JSONValue.Member("arguments", .bytes(arguments)),
            ]
        case .call(let contract, let entry, let arguments):
            members += [
                JSONValue.Member("kind", .string("call")),
                JSONValue.Member("contract", .address(contract)),
                JSONValue.Member("entry", .string(entry)),
                JSONValue.Member("arguments", .bytes(arguments)),
            ]
        }
        return .object(members)
    }
}

extension SignedTransaction {
    /// The transaction as a JSON object, with its id and its signature.
    public var json: JSONValue {
        guard case .object(let members) = transaction.json else { return .null }
        return .object(
            [JSONValue.Member("id", .hash(id))] + members + [JSONValue.Member("signature", .bytes(signature.bytes))])
    }
}

extension ExecutionOutcome {
    /// The members that a receipt has for this outcome.
    fileprivate var members: [JSONValue.Member] {
        switch self {
        case .success(let result):
            return [
                JSONValue.Member("outcome", .string("success")),
                JSONValue.Member("result", .bytes(result)),
            ]
        case .failure(let failure):
            return [
                JSONValue.Member("outcome", .string("failure")),
                JSONValue.Member("error", .string(failure.code)),
                JSONValue.Member("payload", .bytes(failure.payload)),
                JSONValue.Member("trace", .array(failure.trace.map { .string($0) })),
            ]
        }
    }
}

extension Event {
    /// The event as a JSON object.
    public var json: JSONValue {
        .object([
            JSONValue.Member("contract", .address(contract)),
            JSONValue.Member("name", .string(name)),
            JSONValue.Member("payload", .bytes(payload)),
        ])
    }
}

extension Receipt {
    /// The receipt as a JSON object.
    public var json: JSONValue {
        .object(
            [JSONValue.Member("transaction", .hash(transactionID))] + outcome.members + [
                JSONValue.Member("gasUsed", .count(gasUsed)),
                JSONValue.Member("fee", .amount(fee)),
                JSONValue.Member("depositCharged", .amount(depositCharged)),
                JSONValue.Member("depositRefunded", .amount(depositRefunded)),
                JSONValue.Member("createdContract", createdContract.map { .address($0) } ?? .null),
                JSONValue.Member("events", .array(events.map(\.json))),
            ])
    }
}

extension BlockHeader {
    /// The header as a JSON object, with its hash.
    public var json: JSONValue {
        let randomness = randomness.map { randomness in
            [
                JSONValue.Member("randomness", .hash(randomness.output)),
                JSONValue.Member("randomnessProof", .string(Hexadecimal.encode(randomness.proof))),
            ]
        }
        return .object(members + (randomness ?? []))
    }

    private var members: [JSONValue.Member] {
        [
            JSONValue.Member("hash", .hash(hash)),
            JSONValue.Member("chain", .hash(chainID)),
            JSONValue.Member("height", .count(height)),
            JSONValue.Member("parent", .hash(parentHash)),
            JSONValue.Member("timestampMilliseconds", .count(timestampMilliseconds)),
            JSONValue.Member("producer", .address(producer)),
            JSONValue.Member("gasUsed", .count(gasUsed)),
            JSONValue.Member("transactionsRoot", .hash(transactionsRoot)),
            JSONValue.Member("receiptsRoot", .hash(receiptsRoot)),
            JSONValue.Member("stateRoot", .hash(stateRoot)),
        ]
    }
}

extension Block {
    /// The block as a JSON object.
    public var json: JSONValue {
        .object([
            JSONValue.Member("header", header.json),
            JSONValue.Member("transactions", .array(transactions.map(\.json))),
        ])
    }
}

extension StateProof {
    /// The proof as a JSON object; `encoded` is what ``decode(_:)`` reads.
    public var json: JSONValue {
        let endJSON: JSONValue =
            switch end {
            case nil: .null
            case .leaf(let key, let valueHash):
                .object([
                    JSONValue.Member("key", .hash(key)), JSONValue.Member("valueHash", .hash(valueHash)),
                ])
            }
        let stepsJSON = steps.map { step in
            JSONValue.object([
                JSONValue.Member("bit", .integer(Int(step.bit))), JSONValue.Member("sibling", .hash(step.sibling)),
            ])
        }
        return .object([
            JSONValue.Member("steps", .array(stepsJSON)),
            JSONValue.Member("end", endJSON),
            JSONValue.Member("encoded", .bytes(encoded())),
        ])
    }
}
