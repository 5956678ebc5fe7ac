import Bytecode
import Crypto

/// A contract on the chain, with the module that tells how to talk to it.
struct DeployedContract: Sendable {
    let module: Module
    let address: Address

    /// The canonical encoding of an entry's arguments.
    func encode(_ arguments: [ABIValue], for entryName: String) throws -> [UInt8] {
        try DeployedContract.encode(arguments, for: entryName, of: module)
    }

    static func encode(_ arguments: [ABIValue], for entryName: String, of module: Module) throws -> [UInt8] {
        guard let function = function(entryName, of: module) else {
            throw SeasonError(.invalidContract, "\(module.name) has no entry \(entryName)")
        }
        let types = Array(function.registers.prefix(function.parameterCount))
        return try ABICoding(types: module.types).encode(arguments, as: types)
    }

    /// The result of an entry from its canonical encoding.
    func decodeResult(_ bytes: [UInt8], of entryName: String) throws -> ABIValue {
        guard let result = DeployedContract.function(entryName, of: module)?.result else {
            throw SeasonError(.invalidContract, "\(module.name) has no view \(entryName)")
        }
        return try ABICoding(types: module.types).decode(bytes, as: result)
    }

    /// The commitment that a sealed field ("Round.field") of a round expects from an author, as
    /// Documentation/machine.md defines it.
    func commitment(
        sealed name: String, key: ABIValue, author: Address, value: ABIValue, salt: Hash, chainID: Hash
    ) throws -> Hash {
        guard let sealed = module.sealed.first(where: { $0.name == name }),
            module.rounds.indices.contains(sealed.round)
        else { throw SeasonError(.invalidContract, "\(module.name) has no sealed field \(name)") }
        let coding = ABICoding(types: module.types)
        let keyBytes = try coding.encode(key, as: module.rounds[sealed.round].key)
        let valueBytes = try coding.encode(value, as: sealed.value)
        // A count below 128 is one byte of LEB128; names are shorter.
        let nameBytes = [UInt8(truncatingIfNeeded: name.utf8.count)] + Array(name.utf8)
        return Blake2b.hash(
            Array("agon.seal.1".utf8) + chainID.bytes + address.bytes + nameBytes + keyBytes + author.bytes + valueBytes
                + salt.bytes)
    }

    private static func function(_ entryName: String, of module: Module) -> FunctionDescriptor? {
        guard let index = module.entry(named: entryName)?.function, module.functions.indices.contains(index) else {
            return nil
        }
        return module.functions[index]
    }
}
