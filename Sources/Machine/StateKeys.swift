import Crypto
import Numerics

/// The keys of the authenticated state.
///
/// Every key is BLAKE2b-256 over contract (32 bytes), slot (4 bytes, little-endian) and overlay key (32 bytes). The
/// machine's own books belong to the contract of thirty-two zero bytes.
public enum StateKeys {
    /// The parts of a slot that the state keeps apart.
    public enum Part: UInt32, Sendable {
        case value = 0
        /// Iterable slots: the number of entries under the leading keys.
        case count = 1
        /// Iterable slots: the last key at an index.
        case keyAt = 2
        /// Iterable slots: the index of a key.
        case position = 3
    }

    /// The machine's own books.
    public static let system = Bytes32.zero

    /// What an address owns of an asset outside contracts' vaults: a canonical integer, absent when zero.
    public static func balance(asset: AssetID, address: Address) -> Bytes32 {
        slot(contract: system, slot: Book.balance, overlayKey: pair(asset, address))
    }

    /// How much of an issued asset exists: a canonical integer, absent when zero.
    public static func supply(asset: AssetID) -> Bytes32 {
        slot(contract: system, slot: Book.supply, overlayKey: asset)
    }

    /// The sum of a contract's vaults of an asset: a canonical integer, absent when zero.
    public static func holding(contract: Address, asset: AssetID) -> Bytes32 {
        slot(contract: system, slot: Book.holding, overlayKey: pair(asset, contract))
    }

    /// The entry of a contract's slot under an overlay key.
    public static func slot(contract: Address, slot: Int, part: Part = .value, overlayKey: Bytes32) -> Bytes32 {
        self.slot(
            contract: contract, slot: UInt32(truncatingIfNeeded: slot) | part.rawValue << 24, overlayKey: overlayKey)
    }

    /// The overlay key of an entry without keys.
    public static let plain = Bytes32.zero

    /// The overlay key of one or more keys, from their canonical encodings in order.
    ///
    /// - Parameter isPadded: one key whose type never takes more than 32 bytes: the encoding itself, padded with zeros.
    ///   Otherwise the key is the BLAKE2b-256 of the bytes.
    public static func overlayKey(encodedKeys: [UInt8], isPadded: Bool) -> Bytes32 {
        if isPadded && encodedKeys.count <= Bytes32.byteCount {
            return Bytes32(encodedKeys + [UInt8](repeating: 0, count: Bytes32.byteCount - encodedKeys.count)) ?? .zero
        }
        return Blake2b.hash(encodedKeys)
    }

    /// The overlay key, in the part `keyAt`, of the key at an index: below leading keys, or the index itself when there
    /// are none.
    public static func placeKey(leading: Bytes32, index: Int64, isPlain: Bool) -> Bytes32 {
        isPlain
            ? Bytes32(UInt64(bitPattern: index).littleEndian, 0, 0, 0) : indexKey(leading: leading, index: index)
    }

    /// The key, in the part `keyAt`, of the key at an index below leading keys.
    static func indexKey(leading: Bytes32, index: Int64) -> Bytes32 {
        Blake2b.stream { stream in
            stream.update(leading)
            withUnsafeBytes(of: index.littleEndian) { stream.update($0) }
        }
    }

    static func slot(contract: Address, slot: UInt32, overlayKey: Bytes32) -> Bytes32 {
        Blake2b.stream { stream in
            stream.update(contract)
            withUnsafeBytes(of: slot.littleEndian) { stream.update($0) }
            stream.update(overlayKey)
        }
    }

    static func pair(_ asset: AssetID, _ address: Address) -> Bytes32 {
        Blake2b.stream { stream in
            stream.update(asset)
            stream.update(address)
        }
    }
}
