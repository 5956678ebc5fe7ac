import Bytecode
import Crypto
import Harness
import Ledger
import Node

/// A receipt for people and for machines.
struct ReceiptReport {
    private let receipt: Receipt
    /// The interface that result and failure are read with.
    private let module: Module?
    private let result: (json: Bytecode.JSONValue, text: String)?
    private let events: [Bytecode.JSONValue]
    private let eventTexts: [String]
    private let height: UInt64

    init(_ receipt: Receipt, module: Module?, entry: EntryPoint? = nil, chain: Chain, height: UInt64) {
        self.receipt = receipt
        self.module = module
        self.height = height
        if case .success(let bytes) = receipt.outcome, let module, let entry,
            let type = module.functions[entry.function].result
        {
            result = (decoded(bytes, type, module), decodedText(bytes, type, module))
        } else {
            result = nil
        }
        eventTexts = receipt.events.map { event in
            let emitter = try? chain.module(at: event.contract)
            guard let emitter, let signature = emitter.events.first(where: { $0.name == event.name }) else {
                return "\(event.name) \(ABIJSON.hexadecimal(event.payload))"
            }
            return payloadText(event.payload, signature, emitter)
        }
        events = receipt.events.map { event in
            var members: [Bytecode.JSONValue.Member] = [
                .init("contract", .string(event.contract.addressText)), .init("name", .string(event.name)),
            ]
            let emitter = try? chain.module(at: event.contract)
            if let emitter, let signature = emitter.events.first(where: { $0.name == event.name }) {
                members.append(.init("fields", payload(event.payload, signature, emitter)))
            } else {
                members.append(.init("payload", .string(ABIJSON.hexadecimal(event.payload))))
            }
            return .object(members)
        }
    }

    func print(asJSON: Bool) throws {
        if asJSON {
            answer(json.text(pretty: true))
            return
        }
        if let result { answer(result.text) }
        if let contract = receipt.createdContract, receipt.outcome.isSuccess { answer(contract.addressText) }
        for event in eventTexts { note("event \(event)") }
        if case .failure(let failure) = receipt.outcome {
            note("error[\(failure.code)]: the transaction failed\(failureText(failure).map { " with \($0)" } ?? "")")
            for line in failure.trace { note("  at \(line)") }
        }
        var cost = "gas \(receipt.gasUsed), fee \(receipt.fee)"
        if !receipt.depositCharged.isZero { cost += ", deposit \(receipt.depositCharged)" }
        if !receipt.depositRefunded.isZero { cost += ", refund \(receipt.depositRefunded)" }
        note("\(cost), block \(height)")
    }

    private func failureText(_ failure: ExecutionFailure) -> String? {
        guard let module, let signature = module.errors.first(where: { $0.name == failure.code }),
            !signature.parameters.isEmpty
        else { return nil }
        return payloadText(failure.payload, signature, module)
    }

    private func failurePayload(_ failure: ExecutionFailure) -> Bytecode.JSONValue? {
        guard let module, let signature = module.errors.first(where: { $0.name == failure.code }),
            !signature.parameters.isEmpty
        else { return nil }
        return payload(failure.payload, signature, module)
    }

    var json: Bytecode.JSONValue {
        var members: [Bytecode.JSONValue.Member] = [
            .init("transaction", .string(receipt.transactionID.hex)),
            .init("success", .boolean(receipt.outcome.isSuccess)), .init("height", .number(String(height))),
            .init("gasUsed", .string(String(receipt.gasUsed))), .init("fee", .string(receipt.fee.description)),
            .init("depositCharged", .string(receipt.depositCharged.description)),
            .init("depositRefunded", .string(receipt.depositRefunded.description)),
            .init("events", .array(events)),
        ]
        if let contract = receipt.createdContract {
            members.append(.init("contract", .string(contract.addressText)))
        }
        if let result { members.append(.init("result", result.json)) }
        if case .failure(let failure) = receipt.outcome {
            members.append(
                .init(
                    "failure",
                    .object([
                        .init("code", .string(failure.code)), .init("payload", failurePayload(failure) ?? .null),
                        .init("trace", .array(failure.trace.map { .string($0) })),
                    ])))
        }
        return .object(members)
    }
}

/// Canonical bytes as JSON; bytes that do not decode as hexadecimal.
func decoded(_ bytes: [UInt8], _ type: TypeIndex, _ module: Module) -> Bytecode.JSONValue {
    guard let value = try? ABICoding(types: module.types).decode(bytes, as: type),
        let json = try? abiJSON(module).json(value, as: type)
    else { return .string(ABIJSON.hexadecimal(bytes)) }
    return json
}

/// The fields of an event or error by name.
private func payload(_ bytes: [UInt8], _ signature: SignatureDescriptor, _ module: Module) -> Bytecode.JSONValue {
    let types = signature.parameters.map(\.type)
    guard let values = try? ABICoding(types: module.types).decode(bytes, as: types) else {
        return .string(ABIJSON.hexadecimal(bytes))
    }
    var members: [Bytecode.JSONValue.Member] = []
    for (parameter, value) in zip(signature.parameters, values) {
        members.append(.init(parameter.name, (try? abiJSON(module).json(value, as: parameter.type)) ?? .null))
    }
    return .object(members)
}

/// Canonical bytes as the language writes values; bytes that do not decode as hexadecimal.
func decodedText(_ bytes: [UInt8], _ type: TypeIndex, _ module: Module) -> String {
    guard let value = try? ABICoding(types: module.types).decode(bytes, as: type) else {
        return ABIJSON.hexadecimal(bytes)
    }
    return abiText(module).text(value, as: type)
}

/// An event or error with its fields.
private func payloadText(_ bytes: [UInt8], _ signature: SignatureDescriptor, _ module: Module) -> String {
    guard let values = try? ABICoding(types: module.types).decode(bytes, as: signature.parameters.map(\.type)) else {
        return "\(signature.name) \(ABIJSON.hexadecimal(bytes))"
    }
    return abiText(module).text(name: signature.name, values, signature.parameters)
}

private func abiText(_ module: Module) -> ABIText {
    ABIText(types: module.types, formatAddress: ArgumentText.addressStyle.format)
}
