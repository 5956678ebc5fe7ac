import Crypto
import Ledger

/// A stand-in for the machine with a few fixed entries, honest ones and some that break the rules, so that the
/// ledger's own rules can be tested without any contract.
///
/// Entries and their arguments: `put` (slot, value)…, an empty value removing the slot; `mint` amount; `burn` amount;
/// `lock` and `unlock` amount of the native coin; `emit` bytes; `read` slot; and `fail`, `forge`, `vanish`,
/// `misreport`, `overspend`, `swell`, which do what they say.
public final class ToyEngine: ExecutionEngine {
    /// The first byte of the only artefacts accepted.
    public static let magic: UInt8 = 0x54

    public init() {}

    public static func artefact(byteCount: Int = 64) -> [UInt8] {
        [UInt8](repeating: magic, count: max(1, byteCount))
    }

    public static func key(contract: Address, slot: UInt64) -> Bytes32 {
        Blake2b.stream { stream in
            stream.update(contract)
            stream.update(slot)
        }
    }

    /// The asset that a contract mints.
    public static func asset(of contract: Address) -> AssetID {
        Addresses.asset(issuer: contract, name: "Toy")
    }

    public func deploy(_ request: EngineDeployment, context: EngineContext, state: any EngineState) -> EngineResult {
        guard request.artefact.first == ToyEngine.magic else { return failure("InvalidArtefact", gasUsed: 100) }
        return call("put", request.arguments, contract: request.contract, caller: request.caller, state: state)
    }

    public func call(_ request: EngineCall, context: EngineContext, state: any EngineState) -> EngineResult {
        guard state.artefact(of: request.contract) != nil else { return failure("NoSuchContract", gasUsed: 100) }
        if request.isReadOnly && request.entry != "read" && request.entry != "height" {
            return failure("InvalidArgument", gasUsed: 100)
        }
        if request.entry == "height" {
            var writer = CanonicalWriter()
            writer.write(count: context.height)
            return EngineResult(outcome: .success(writer.bytes), gasUsed: 10)
        }
        let result = call(
            request.entry, request.arguments, contract: request.contract, caller: request.caller, state: state)
        if request.entry != "overspend" && result.gasUsed > request.gasLimit {
            return failure("OutOfGas", gasUsed: request.gasLimit)
        }
        return result
    }

    private func failure(_ code: String, gasUsed: UInt64) -> EngineResult {
        EngineResult(outcome: .failure(ExecutionFailure(code: code)), gasUsed: gasUsed)
    }

    private func call(
        _ entry: String, _ arguments: [UInt8], contract: Address, caller: Address, state: any EngineState
    ) -> EngineResult {
        var reader = CanonicalReader(arguments)
        var result = EngineResult(outcome: .success([]), gasUsed: 1000 + 10 * UInt64(arguments.count))
        do {
            switch entry {
            case "put":
                var slots: Set<UInt64> = []
                while !reader.isAtEnd {
                    let slot = try reader.readUnsigned("slot")
                    let value = try reader.readCounted("value", limit: 1 << 16)
                    guard slots.insert(slot).inserted else { return failure("InvalidArgument", gasUsed: 500) }
                    let key = ToyEngine.key(contract: contract, slot: slot)
                    result.writes.append(EngineResult.Write(key: key, value: value.isEmpty ? nil : value))
                }
                result.writes.sort { $0.key < $1.key }
            case "read":
                let slot = try reader.readUnsigned("slot")
                result.outcome = .success(state.value(for: ToyEngine.key(contract: contract, slot: slot)) ?? [])
            case "emit":
                result.events = [Event(contract: contract, name: "Said", payload: arguments)]
                result.outcome = .success([1])
            case "swell":
                result.events = [
                    Event(contract: contract, name: String(repeating: "n", count: 300), payload: [])
                ]
            case "fail":
                result.outcome = .failure(ExecutionFailure(code: "Refused", payload: arguments))
            case "overspend":
                result.gasUsed = .max
            default:
                try moveCoins(entry, try reader.readAmount(), contract, caller, state, &result)
            }
        } catch {
            return failure("InvalidArgument", gasUsed: 500)
        }
        return result
    }

    private struct Refusal: Error {}

    private func moveCoins(
        _ entry: String, _ amount: Amount, _ contract: Address, _ caller: Address, _ state: any EngineState,
        _ result: inout EngineResult
    ) throws {
        func added(_ left: Amount, _ right: Amount) throws -> Amount {
            guard let sum = left.adding(right) else { throw Refusal() }
            return sum
        }
        func subtracted(_ left: Amount, _ right: Amount) throws -> Amount {
            guard let difference = left.subtracting(right) else { throw Refusal() }
            return difference
        }
        let asset = ToyEngine.asset(of: contract)
        let owned = state.balance(of: caller, asset: asset)
        let coins = state.balance(of: caller, asset: .nativeCoin)
        let locked = state.holding(of: contract, asset: .nativeCoin)
        let supply = state.supply(of: asset)
        func setBalance(_ asset: AssetID, _ amount: Amount) {
            result.balances = [EngineResult.BalanceWrite(address: caller, asset: asset, amount: amount)]
        }
        switch entry {
        case "mint":
            setBalance(asset, try added(owned, amount))
            result.supplies = [
                EngineResult.SupplyChange(
                    asset: asset, minted: amount, burned: .zero, supply: try added(supply, amount))
            ]
        case "burn":
            setBalance(asset, try subtracted(owned, amount))
            result.supplies = [
                EngineResult.SupplyChange(
                    asset: asset, minted: .zero, burned: amount, supply: try subtracted(supply, amount))
            ]
        case "lock":
            setBalance(.nativeCoin, try subtracted(coins, amount))
            result.holdings = [
                EngineResult.HoldingWrite(
                    contract: contract, asset: .nativeCoin, amount: try added(locked, amount))
            ]
        case "unlock":
            setBalance(.nativeCoin, try added(coins, amount))
            result.holdings = [
                EngineResult.HoldingWrite(
                    contract: contract, asset: .nativeCoin, amount: try subtracted(locked, amount))
            ]
        case "forge":
            setBalance(.nativeCoin, try added(coins, amount))
        case "vanish":
            setBalance(.nativeCoin, try subtracted(coins, amount))
        case "misreport":
            setBalance(asset, try added(owned, amount))
            result.supplies = [
                EngineResult.SupplyChange(asset: asset, minted: amount, burned: .zero, supply: supply)
            ]
        default:
            throw Refusal()
        }
    }
}
