/// Why a text is not an address.
public enum AddressError: CodedError, Equatable {
    /// Not 61 characters.
    case wrongLength(Int)
    /// Does not begin with `ag1`.
    case wrongPrefix
    /// Has both lower-case and upper-case letters.
    case mixedCase
    /// A character outside the alphabet, at this position from zero.
    case invalidCharacter(position: Int)
    /// The checksum does not fit: a typing error, almost surely.
    case wrongChecksum
    /// The last data character carries bits that no address sets.
    case paddingNotZero

    public var code: String {
        switch self {
        case .wrongLength: "address.length"
        case .wrongPrefix: "address.prefix"
        case .mixedCase: "address.case"
        case .invalidCharacter: "address.character"
        case .wrongChecksum: "address.checksum"
        case .paddingNotZero: "address.padding"
        }
    }

    public var message: String {
        switch self {
        case .wrongLength(let count): "an address has \(AddressText.characterCount) characters, this has \(count)"
        case .wrongPrefix: "an address begins with \(AddressText.prefix)1"
        case .mixedCase: "an address is all lower case or all upper case"
        case .invalidCharacter(let position): "character \(position + 1) cannot occur in an address"
        case .wrongChecksum: "the address has a typing error: its checksum does not fit"
        case .paddingNotZero: "the address carries bits beyond its 32 bytes"
        }
    }
}

/// Addresses as text that survives being read aloud and typed: `ag1`, 52 characters of data, 6 of checksum.
///
/// The alphabet, the 30-bit checksum and its generator are those of Bech32m (BIP 350), which finds any four wrong
/// characters; the human-readable part is `ag`.
public enum AddressText {
    /// The human-readable part.
    public static let prefix = "ag"
    /// The characters of an address: prefix, separator, data, checksum.
    public static let characterCount = 2 + 1 + dataCount + checksumCount

    private static let dataCount = 52
    private static let checksumCount = 6
    private static let alphabet = Array("qpzry9x8gf2tvdw0s3jn54khce6mua7l".utf8)
    private static let finalConstant: UInt32 = 0x2bc8_30a3
    /// The prefix as the checksum sees it: high bits of each letter, a zero, low bits.
    private static let expandedPrefix: [UInt8] = prefix.utf8.map { $0 >> 5 } + [0] + prefix.utf8.map { $0 & 31 }

    /// The text of an address.
    public static func encode(_ address: Address) -> String {
        var groups: [UInt8] = []
        groups.reserveCapacity(dataCount + checksumCount)
        var buffer: UInt32 = 0
        var bitCount = 0
        for byte in address.bytes {
            buffer = (buffer << 8 | UInt32(byte)) & 0xfff
            bitCount += 8
            while bitCount >= 5 {
                bitCount -= 5
                groups.append(UInt8(buffer >> UInt32(bitCount) & 31))
            }
        }
        groups.append(UInt8(buffer << UInt32(5 - bitCount) & 31))

        let remainder = checksum(groups + [UInt8](repeating: 0, count: checksumCount)) ^ finalConstant
        for position in 0..<checksumCount {
            groups.append(UInt8(remainder >> UInt32(5 * (checksumCount - 1 - position)) & 31))
        }
        return prefix + "1" + String(decoding: groups.map { alphabet[Int($0)] }, as: UTF8.self)
    }

    /// Reads the text of an address.
    public static func decode(_ text: String) throws(AddressError) -> Address {
        var characters = Array(text.utf8.prefix(characterCount + 1))
        guard characters.count == characterCount else { throw .wrongLength(text.utf8.count) }
        let hasLower = characters.contains { (0x61...0x7a).contains($0) }
        let hasUpper = characters.contains { (0x41...0x5a).contains($0) }
        guard !(hasLower && hasUpper) else { throw .mixedCase }
        if hasUpper {
            for index in characters.indices where (0x41...0x5a).contains(characters[index]) {
                characters[index] += 0x20
            }
        }
        guard characters.starts(with: Array((prefix + "1").utf8)) else { throw .wrongPrefix }

        var groups: [UInt8] = []
        groups.reserveCapacity(dataCount + checksumCount)
        for position in 3..<characterCount {
            guard let value = alphabet.firstIndex(of: characters[position]) else {
                throw .invalidCharacter(position: position)
            }
            groups.append(UInt8(value))
        }
        guard checksum(groups) == finalConstant else { throw .wrongChecksum }

        var bytes: [UInt8] = []
        bytes.reserveCapacity(Bytes32.byteCount)
        var buffer: UInt32 = 0
        var bitCount = 0
        for group in groups.prefix(dataCount) {
            buffer = (buffer << 5 | UInt32(group)) & 0xfff
            bitCount += 5
            if bitCount >= 8 {
                bitCount -= 8
                bytes.append(UInt8(buffer >> UInt32(bitCount) & 0xff))
            }
        }
        guard buffer & (1 << UInt32(bitCount) - 1) == 0, let address = Address(bytes) else { throw .paddingNotZero }
        return address
    }

    /// The remainder of prefix and groups, as a polynomial over GF(32), by the generator of BIP 173.
    private static func checksum(_ groups: [UInt8]) -> UInt32 {
        let generator: [UInt32] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3]
        var remainder: UInt32 = 1
        for value in expandedPrefix + groups {
            let top = remainder >> 25
            remainder = (remainder & 0x1ff_ffff) << 5 ^ UInt32(value)
            for bit in 0..<5 where top >> UInt32(bit) & 1 == 1 {
                remainder ^= generator[bit]
            }
        }
        return remainder
    }
}

extension Bytes32 {
    /// The checksummed text of this address.
    public var addressText: String { AddressText.encode(self) }

    /// Reads the checksummed text of an address.
    public init(addressText: String) throws(AddressError) {
        self = try AddressText.decode(addressText)
    }
}
