import Bytecode
import Machine
import Numerics
import Verifier

/// What encoding and decoding a known value costs.
enum ValueCosts {
    private static let cell = Int(MachineCosts.cell)

    static func figure(_ measure: Measure, _ value: ABIValue) -> Int {
        switch measure {
        case .bytes: bytes(value)
        case .encoding: encoding(value)
        case .decoding: decoding(value)
        case .loading: bytes(value) + decoding(value)
        }
    }

    private static func sum(_ values: [ABIValue], _ figure: (ABIValue) -> Int) -> Int {
        values.reduce(0) { Saturating.add($0, figure($1)) }
    }

    private static func counted(_ count: Int) -> Int { ShapeCosts.countBytes(count) }

    private static func bytes(_ value: ABIValue) -> Int {
        switch value {
        case .boolean: return 1
        case .bytes32: return 32
        case .integer(let number):
            let magnitude = (number.bitWidth + 7) / 8
            return counted(2 * magnitude + 1) + magnitude
        case .bytes(let content): return counted(content.count) + content.count
        case .text(let text): return counted(text.utf8.count) + text.utf8.count
        case .list(let items): return counted(items.count) + sum(items, bytes)
        case .option(let content): return 1 + (content.map(bytes) ?? 0)
        case .structure(let fields): return sum(fields, bytes)
        case .enumeration(let index, let payload): return counted(index) + sum(payload, bytes)
        case .tensor(let sizes, let data): return sizes.reduce(0) { $0 + counted($1) } + data.count
        }
    }

    private static func encoding(_ value: ABIValue) -> Int {
        switch value {
        case .boolean, .bytes32: return cell
        case .integer(let number):
            let limbs = number.magnitudeLimbs.count
            return cell + (limbs > NumericLimits.homeLimbs ? 2 * limbs : 0)
        case .bytes(let content): return cell + ShapeCosts.bytes(content.count)
        case .text(let text): return cell + ShapeCosts.bytes(text.utf8.count)
        case .list(let items): return cell + sum(items, encoding)
        case .option(let content): return cell + (content.map(encoding) ?? 0)
        case .structure(let fields): return cell + sum(fields, encoding)
        case .enumeration(_, let payload): return cell + sum(payload, encoding)
        case .tensor(_, let data): return cell + ShapeCosts.bytes(data.count)
        }
    }

    private static func decoding(_ value: ABIValue) -> Int {
        switch value {
        case .boolean, .bytes32: return cell
        case .integer(let number): return cell + (number.bitWidth + 7) / 8 / 4
        case .bytes(let content): return cell + ShapeCosts.bytes(ObjectLayout.contentOffset + content.count)
        case .text(let text):
            let count = text.utf8.count
            return cell + ShapeCosts.bytes(ObjectLayout.contentOffset + count) + count
        case .list(let items):
            let cells = ShapeCosts.bytes(max(1, items.count) * ObjectLayout.cellBytes)
            return cell + ShapeCosts.bytes(ObjectLayout.listBytes) + cells + sum(items, decoding)
        case .option(let content):
            return cell + ShapeCosts.object(content == nil ? 0 : 1) + (content.map(decoding) ?? 0)
        case .structure(let fields): return cell + ShapeCosts.object(fields.count) + sum(fields, decoding)
        case .enumeration(_, let payload): return cell + ShapeCosts.object(payload.count) + sum(payload, decoding)
        case .tensor(_, let data): return cell + ShapeCosts.bytes(ObjectLayout.elementsOffset + data.count)
        }
    }
}
