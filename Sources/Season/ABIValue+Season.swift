import Bytecode
import Crypto
import Numerics

// Values as the contracts of a season take and give them.
extension ABIValue {
    static func integer(_ value: Int) -> ABIValue { .integer(BigInt(value)) }

    /// Whole tokens, as an amount in units.
    static func tokens(_ count: Int) -> ABIValue { .integer(TokenAmount.units(count)) }

    /// An address, a hash, an asset or a contract behind an interface.
    static func bytes32(_ value: Bytes32) -> ABIValue { .bytes32(value.bytes) }

    static func tensor(_ dimensions: [Int], _ elements: [Int8]) -> ABIValue {
        .tensor(dimensions: dimensions, data: elements.map { UInt8(bitPattern: $0) })
    }

    static func tensor(_ dimensions: [Int], _ elements: [Int32]) -> ABIValue {
        .tensor(
            dimensions: dimensions,
            data: elements.flatMap { element in
                (0..<4).map { UInt8(truncatingIfNeeded: element >> (8 * Int32($0))) }
            })
    }

    func asInteger() throws -> BigInt {
        guard case .integer(let value) = self else { throw unexpected("an integer") }
        return value
    }

    /// An integer that counts things.
    func asSmallInteger() throws -> Int {
        guard let value = try asInteger().asInt64 else { throw unexpected("a small integer") }
        return Int(value)
    }

    func asBytes32() throws -> Bytes32 {
        guard case .bytes32(let bytes) = self, let value = Bytes32(bytes) else { throw unexpected("32 bytes") }
        return value
    }

    func asBoolean() throws -> Bool {
        guard case .boolean(let value) = self else { throw unexpected("a truth value") }
        return value
    }

    func asList() throws -> [ABIValue] {
        guard case .list(let values) = self else { throw unexpected("a list") }
        return values
    }

    /// The fields of a structure that has so many.
    func asFields(_ count: Int) throws -> [ABIValue] {
        guard case .structure(let values) = self, values.count == count else {
            throw unexpected("a structure of \(count) fields")
        }
        return values
    }

    private func unexpected(_ wanted: String) -> SeasonError {
        SeasonError(.invalidContract, "the arena gave something other than \(wanted)")
    }
}
