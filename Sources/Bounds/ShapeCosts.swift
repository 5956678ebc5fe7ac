import Bytecode
import Machine
import Numerics
import Verifier

/// Sizes and costs of values by their types, as the machine charges them.
struct ShapeCosts {
    let module: Module
    let algebra: Algebra
    private(set) var limits: [TypeLimits] = []
    static let cell = Int(MachineCosts.cell)
    /// Parts of a shape that are told apart; a larger one is `any`.
    static let partLimit = 256

    init(_ module: Module, _ algebra: Algebra) {
        self.module = module
        self.algebra = algebra
        limits.reserveCapacity(module.types.count)
        for type in module.types { limits.append(limits(of: type)) }
    }

    static func bytes(_ count: Int) -> Int { Saturating.ceilingQuotient(count, 1 << MachineCosts.bytesPerGasShift) }
    func bytes(_ count: Polynomial) -> Polynomial { algebra.share(count, 1 << MachineCosts.bytesPerGasShift) }

    static func integerBytes(_ bits: Int) -> Int {
        let magnitude = (bits + 7) / 8
        return (magnitude < 64 ? 1 : 2) + magnitude
    }

    /// A list without elements and room for `capacity`.
    static func list(capacity: Polynomial, _ algebra: Algebra) -> Polynomial {
        let cells = algebra.maximum(capacity, Polynomial(1))
        return cells * (ObjectLayout.cellBytes >> MachineCosts.bytesPerGasShift)
            + bytes(ObjectLayout.listBytes)
    }

    static func object(_ count: Int) -> Int { bytes(ObjectLayout.contentOffset + count * ObjectLayout.cellBytes) }

    // MARK: Shapes

    func descriptor(_ type: TypeIndex) -> TypeDescriptor { module.types[type] }

    /// The shape of any value of a type.
    func shape(of type: TypeIndex) -> Shape {
        switch module.types[type] {
        case .boolean, .bytes32: return .plain
        case .integer(_, let bits, let isSigned):
            return .integer(Number(bits: bits, low: isSigned ? nil : 0, high: Self.high(bits: bits, isSigned)))
        case .token: return .integer(Number(bits: 256, low: 0, high: nil))
        case .tokenList: return .parts(count: Polynomial(MachineLimits.listElements))
        case .bytes(let capacity), .text(let capacity): return .bytes(Polynomial(capacity))
        case .list(let element, let capacity):
            return .list(count: Polynomial(capacity), element: shallow(element))
        case .tensor(_, let dimensions):
            return .tensor(dimensions.map { Polynomial($0 == 0 ? MachineLimits.tensorElements : $0) })
        case .option, .structure, .enumeration: return .any
        }
    }

    /// Small integer types bound their values usefully.
    private static func high(bits: Int, _ isSigned: Bool) -> Polynomial? {
        let magnitude = isSigned ? bits - 1 : bits
        return magnitude <= 32 ? Polynomial(1 << magnitude - 1) : nil
    }

    private func shallow(_ type: TypeIndex) -> Shape {
        switch module.types[type] {
        case .list, .tensor: .any
        default: shape(of: type)
        }
    }

    /// The shape of a value that a term tells: its sizes are numbers of the bound.
    func shape(of type: TypeIndex, term: TermID, depth: Int = 0) -> Shape {
        guard algebra.termFacts[term].isMeasurable, depth < 3 else { return shape(of: type) }
        func number(_ term: TermID, _ limit: Int) -> Polynomial {
            algebra.polynomial(.value(term, fallback: Polynomial(limit)))
        }
        switch module.types[type] {
        case .bytes(let capacity), .text(let capacity):
            return .bytes(number(algebra.operation(.byteCount, [term]), capacity))
        case .list(let element, let capacity):
            let item = algebra.operation(.listGet, [term, algebra.term(.counter(0))])
            return .list(
                count: number(algebra.operation(.listCount, [term]), capacity),
                element: shape(of: element, term: item, depth: depth + 1))
        case .tensor(_, let dimensions):
            return .tensor(
                dimensions.enumerated().map { axis, size in
                    size > 0
                        ? Polynomial(size)
                        : number(
                            algebra.operation(.tensorSize, [term], immediate: axis), MachineLimits.tensorElements)
                })
        case .structure(_, let fields) where fields.count <= 16:
            return .structure(
                fields.enumerated().map { index, field in
                    shape(
                        of: field.type, term: algebra.operation(.getField, [term], immediate: index),
                        depth: depth + 1)
                })
        case .option(let wrapped):
            let content = algebra.operation(.getPayload, [term], immediate: 1 << 8)
            return .variant([[], [shape(of: wrapped, term: content, depth: depth + 1)]])
        default: return shape(of: type)
        }
    }

    // MARK: Costs

    /// Sums a figure over the parts of a value.
    ///
    /// - Parameters:
    ///   - limit: the figure of any value of a type.
    ///   - own: what a value costs beside its parts, of a count of parts or bytes.
    private func figure(
        _ shape: Shape, _ type: TypeIndex, _ limit: (TypeLimits) -> Int, _ own: (TypeDescriptor, Shape) -> Polynomial
    ) -> Polynomial {
        func parts(_ shapes: [Shape], _ fields: [TypeDescriptor.Field]) -> Polynomial {
            zip(shapes, fields).reduce(Polynomial.zero) { $0 + figure($1.0, $1.1.type, limit, own) }
        }
        let descriptor = module.types[type]
        switch (shape, descriptor) {
        case (.any, _): return Polynomial(limit(limits[type]))
        case (.list(let count, let element), .list(let elementType, _)):
            return own(descriptor, shape) + algebra.product(count, figure(element, elementType, limit, own))
        case (.structure(let shapes), .structure(_, let fields)) where shapes.count == fields.count:
            return own(descriptor, shape) + parts(shapes, fields)
        case (.variant(let shapes), .option(let wrapped)) where shapes.count == 2:
            return own(descriptor, shape) + (shapes[1].first.map { figure($0, wrapped, limit, own) } ?? .zero)
        case (.variant(let shapes), .enumeration(_, let cases)) where shapes.count == cases.count:
            let content = zip(shapes, cases).map { parts($0, $1.payload) }
            return own(descriptor, shape) + content.reduce(Polynomial.zero) { algebra.maximum($0, $1) }
        case (.integer, _), (.plain, _), (.bytes, _), (.tensor, _), (.parts, _): return own(descriptor, shape)
        default: return Polynomial(limit(limits[type]))
        }
    }

    private func elements(_ sizes: [Polynomial]) -> Polynomial {
        sizes.reduce(Polynomial(1)) { algebra.product($0, $1) }
    }

    private func bits(_ shape: Shape, _ descriptor: TypeDescriptor) -> Int {
        var bits = 4_096
        switch descriptor {
        case .integer(_, let width, _): bits = width
        case .token: bits = 256
        default: break
        }
        if case .integer(let number) = shape { bits = min(bits, number.bits) }
        return bits
    }

    /// Bytes of the encoding.
    func encodedBytes(_ shape: Shape, _ type: TypeIndex) -> Polynomial {
        figure(shape, type, { $0.bytes }) { descriptor, shape in
            switch descriptor {
            case .boolean: return Polynomial(1)
            case .bytes32: return Polynomial(32)
            case .integer, .token: return Polynomial(Self.integerBytes(bits(shape, descriptor)))
            case .bytes(let capacity), .text(let capacity):
                if case .bytes(let count) = shape { return count + Self.countBytes(capacity) }
                return Polynomial(capacity + 5)
            case .list(_, let capacity): return Polynomial(Self.countBytes(capacity))
            case .option: return Polynomial(1)
            case .enumeration: return Polynomial(2)
            case .tensor(let element, let dimensions):
                guard case .tensor(let sizes) = shape else { return .zero }
                return elements(sizes) * element.byteCount + 4 * dimensions.count
            case .structure, .tokenList: return .zero
            }
        }
    }

    static func countBytes(_ count: Int) -> Int { count < 128 ? 1 : (count < 16_384 ? 2 : (count < 1 << 21 ? 3 : 4)) }

    /// Gas to encode.
    func encoding(_ shape: Shape, _ type: TypeIndex) -> Polynomial {
        figure(shape, type, { $0.encoding }) { descriptor, shape in
            switch (descriptor, shape) {
            case (.integer, _), (.token, _):
                let bits = bits(shape, descriptor)
                return Polynomial(Self.cell + (bits > 256 ? 2 * ((bits + 63) / 64) : 0))
            case (_, .bytes(let count)): return bytes(count) + Self.cell
            case (.tensor(let element, _), .tensor(let sizes)):
                return bytes(elements(sizes) * element.byteCount) + Self.cell
            default: return Polynomial(Self.cell)
            }
        }
    }

    /// Gas to decode, without the checks of interfaces.
    func decoding(_ shape: Shape, _ type: TypeIndex) -> Polynomial {
        figure(shape, type, { $0.decoding }) { descriptor, shape in
            switch (descriptor, shape) {
            case (.integer, _), (.token, _): return Polynomial(Self.cell + (bits(shape, descriptor) + 7) / 8 / 4)
            case (.bytes, .bytes(let count)): return bytes(count + ObjectLayout.contentOffset) + Self.cell
            case (.text, .bytes(let count)): return bytes(count + ObjectLayout.contentOffset) + count + Self.cell
            case (.list, .list(let count, _)): return Self.list(capacity: count, algebra) + Self.cell
            case (.option, _): return Polynomial(Self.cell + Self.object(1))
            case (.structure(_, let fields), _): return Polynomial(Self.cell + Self.object(fields.count))
            case (.enumeration(_, let cases), _):
                return Polynomial(Self.cell + Self.object(cases.map(\.payload.count).max() ?? 0))
            case (.tensor(let element, _), .tensor(let sizes)):
                return bytes(elements(sizes) * element.byteCount + ObjectLayout.elementsOffset) + Self.cell
            default: return Polynomial(Self.cell)
            }
        }
    }

    /// Gas to mark as shared.
    func sharing(_ shape: Shape, _ type: TypeIndex) -> Polynomial {
        figure(shape, type, { $0.sharing }) { descriptor, shape in
            switch (descriptor, shape) {
            case (.boolean, _), (.bytes32, _), (.integer, _), (.token, _), (.tokenList, _): return .zero
            case (.list(let element, _), .list(let count, _)):
                return (limits[element].sharing == 0 ? .zero : count * Self.cell) + Self.cell
            default: return Polynomial(Self.cell)
            }
        }
    }

    /// Gas to compare with another value of the type.
    func comparing(_ shape: Shape, _ type: TypeIndex) -> Polynomial {
        figure(shape, type, { $0.comparing }) { descriptor, shape in
            switch (descriptor, shape) {
            case (.integer, _), (.token, _):
                return Polynomial(Self.cell + (bits(shape, descriptor) > 256 ? Int(MachineCosts.wideComparison) : 0))
            case (_, .bytes(let count)): return bytes(count) + Self.cell
            case (.tensor(let element, _), .tensor(let sizes)):
                return bytes(elements(sizes) * element.byteCount + 16) + Self.cell
            default: return Polynomial(Self.cell)
            }
        }
    }

    /// How many interfaces a value may hold.
    func interfaces(_ shape: Shape, _ type: TypeIndex) -> Polynomial {
        if limits[type].interfaces == 0 { return .zero }
        return figure(shape, type, { $0.interfaces }) { descriptor, _ in
            if case .bytes32(.interface) = descriptor { return Polynomial(1) }
            return .zero
        }
    }
}
