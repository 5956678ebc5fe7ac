import Bytecode
import Crypto

extension Genesis {
    /// The names of the file's fields.
    private enum FieldName {
        static let chain = "chain"
        static let interval = "blockIntervalMilliseconds"
        static let gasLimit = "blockGasLimit"
        static let gasPrice = "minimumGasPrice"
        static let schedule = "gasScheduleVersion"
        static let deposit = "storageDepositPerByte"
        static let producer = "producer"
        static let producerKey = "producerKey"
        static let accounts = "accounts"
        static let address = "address"
        static let balance = "balance"

        static let all = [chain, interval, gasLimit, gasPrice, schedule, deposit, producer, producerKey, accounts]
        static let account = [address, balance]
    }

    /// Reads a genesis file. Every field but `producer` and `producerKey` is required and no other is allowed; amounts
    /// are strings of decimal digits, other numbers may also be written without quotes.
    public static func parse(_ bytes: [UInt8]) throws(GenesisError) -> Genesis {
        guard bytes.count <= Limits.genesisByteCount else { throw .tooLarge }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .notText }
        let file: JSONValue
        do throws(CodingError) {
            file = try JSONValue(parsing: text)
        } catch {
            throw .syntax(error)
        }
        try requireObject(file, "the whole", allowing: FieldName.all)
        guard case .string(let name)? = file[FieldName.chain] else {
            throw file[FieldName.chain] == nil
                ? .missingField(FieldName.chain) : .invalid(FieldName.chain, "it must be a string")
        }
        let producer =
            if let value = file[FieldName.producer] {
                try address(value, FieldName.producer)
            } else {
                SystemAddresses.fees
            }
        let producerKey = try file[FieldName.producerKey].map(publicKey)
        let parameters = ChainParameters(
            name: name,
            blockIntervalMilliseconds: try number(file, FieldName.interval),
            blockGasLimit: try number(file, FieldName.gasLimit),
            minimumGasPrice: try number(file, FieldName.gasPrice),
            gasScheduleVersion: try number(file, FieldName.schedule),
            storageDepositPerByte: try number(file, FieldName.deposit),
            producer: producer, producerKey: producerKey)
        guard let list = file[FieldName.accounts] else { throw .missingField(FieldName.accounts) }
        guard case .array(let elements) = list else { throw .invalid(FieldName.accounts, "it must be an array") }
        var accounts: [Account] = []
        for element in elements {
            try requireObject(element, FieldName.accounts, allowing: FieldName.account)
            guard let holder = element[FieldName.address] else { throw .missingField(FieldName.address) }
            guard let balance = element[FieldName.balance] else { throw .missingField(FieldName.balance) }
            accounts.append(
                Account(
                    address: try address(holder, FieldName.address), balance: try amount(balance, FieldName.balance)))
        }
        return try Genesis(parameters: parameters, accounts: accounts)
    }

    /// The genesis file as a JSON value, which ``parse(_:)`` reads back to an equal genesis.
    public var json: JSONValue {
        let key = parameters.producerKey.map { JSONValue.Member(FieldName.producerKey, .string($0.encoded.hex)) }
        return .object(members + (key.map { [$0] } ?? []) + [accountsMember])
    }

    private var members: [JSONValue.Member] {
        [
            JSONValue.Member(FieldName.chain, .string(parameters.name)),
            JSONValue.Member(FieldName.interval, .number(String(parameters.blockIntervalMilliseconds))),
            JSONValue.Member(FieldName.gasLimit, .number(String(parameters.blockGasLimit))),
            JSONValue.Member(FieldName.gasPrice, .number(String(parameters.minimumGasPrice))),
            JSONValue.Member(FieldName.schedule, .number(String(parameters.gasScheduleVersion))),
            JSONValue.Member(FieldName.deposit, .number(String(parameters.storageDepositPerByte))),
            JSONValue.Member(FieldName.producer, .string(parameters.producer.addressText)),
        ]
    }

    private var accountsMember: JSONValue.Member {
        JSONValue.Member(
            FieldName.accounts,
            .array(
                accounts.map { account in
                    .object([
                        JSONValue.Member(FieldName.address, .string(account.address.addressText)),
                        JSONValue.Member(FieldName.balance, .string(account.balance.description)),
                    ])
                }))
    }

    private static func requireObject(
        _ value: JSONValue, _ what: String, allowing names: [String]
    ) throws(GenesisError) {
        guard case .object(let fields) = value else { throw .invalid(what, "it must be an object") }
        for field in fields where !names.contains(field.name) {
            throw .unknownField(field.name)
        }
    }

    private static func amount(_ value: JSONValue, _ name: String) throws(GenesisError) -> Amount {
        let digits: String
        switch value {
        case .string(let text), .number(let text): digits = text
        default: throw .invalid(name, "it must be a number of decimal digits")
        }
        guard let amount = Amount(digits) else {
            throw .invalid(name, "it must be a whole number from 0 to 2^256 − 1")
        }
        return amount
    }

    private static func number(_ file: JSONValue, _ name: String) throws(GenesisError) -> UInt64 {
        guard let value = file[name] else { throw .missingField(name) }
        guard let number = try amount(value, name).asUInt64 else { throw .invalid(name, "it must be below 2^64") }
        return number
    }

    private static func publicKey(_ value: JSONValue) throws(GenesisError) -> PublicKey {
        guard case .string(let text) = value, let encoded = Bytes32(hex: text) else {
            throw .invalid(FieldName.producerKey, "it must be a string of 64 hexadecimal digits")
        }
        return PublicKey(encoded)
    }

    private static func address(_ value: JSONValue, _ name: String) throws(GenesisError) -> Address {
        guard case .string(let text) = value else { throw .invalid(name, "it must be a string") }
        do throws(AddressError) {
            return try AddressText.decode(text)
        } catch {
            throw .invalid(name, error.message)
        }
    }
}
