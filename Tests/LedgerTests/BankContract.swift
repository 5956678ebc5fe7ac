import Bytecode
import Numerics
import Testing

/// A small contract in assembler, with state, events, an asset of its own and a vault of the native coin.
enum BankContract {
    static let text = """
        function init(Int)
            statePut r0, r0, 0
            returnNothing
        end
        function counter() -> Int readonly
        registers Int
            stateGet r0, r0, 0
            return r0
        end
        function add(Int)
        registers Int
            stateGet r1, r1, 0
            add r1, r1, r0
            statePut r1, r1, 0
            emit r0, 0
            returnNothing
        end
        function note(Int)
        registers Address
            caller r1
            statePut r0, r1, 1
            returnNothing
        end
        function forget()
        registers Address
            caller r0
            stateRemove r0, 1
            returnNothing
        end
        function issue(Amount)
        registers Address, Token#0
            caller r1
            mint r2, r0, 0
            send r2, r1
            returnNothing
        end
        function destroy(Token#0)
            burn r0
            returnNothing
        end
        function lock(Token#1)
            vaultPut r0, r0, 2
            returnNothing
        end
        function unlock(Amount) -> Token#1
        registers Token#1
            vaultTake r1, r0, r0, 2
            return r1
        end
        function refuse()
        registers Int
            loadInteger r0, 7
            statePut r0, r0, 0
            fail r0, 0
        end
        """

    static func module() throws -> Module {
        var builder = ModuleBuilder(name: "Bank")
        let int = builder.type(.integer(.int, bits: 256, isSigned: true))
        let amount = builder.type(.integer(.amount, bits: 256, isSigned: false))
        let address = builder.type(.bytes32(.address))
        _ = builder.type(.token(0))
        _ = builder.type(.token(1))
        builder.module.assets = [
            AssetDescriptor(name: "Credit", origin: .issued), AssetDescriptor(name: "Coin", origin: .native),
        ]
        builder.module.slots = [
            Slot(name: "total", kind: .plain, keys: [], type: int, capacity: nil),
            Slot(name: "notes", kind: .plain, keys: [address], type: int, capacity: nil),
            Slot(name: "safe", kind: .vault(asset: 1), keys: [], type: amount, capacity: nil),
        ]
        builder.module.events = [
            SignatureDescriptor(name: "Added", parameters: [.init(name: "amount", type: int)])
        ]
        builder.module.errors = [
            SignatureDescriptor(name: "Refused", parameters: [.init(name: "why", type: int)])
        ]
        try Assembler.assemble(text, into: &builder)
        for (index, function) in builder.module.functions.enumerated() {
            builder.module.entries.append(
                EntryPoint(
                    name: function.name,
                    kind: function.name == "init" ? .initializer : (function.isReadOnly ? .view : .action),
                    function: index, parameterNames: (0..<function.parameterCount).map { "p\($0)" },
                    documentation: nil))
        }
        return builder.module
    }

    static func artefact() throws -> [UInt8] {
        try module().encoded()
    }
}
