import Numerics

extension BodyChecker {
    /// Have the two expressions one value wherever they stand in this body? Seen where both are the same calculation
    /// from constants, the context and locals that never change.
    func isSameValue(_ one: Expression, _ other: Expression) -> Bool {
        if let left = one.constantInteger, let right = other.constantInteger { return left == right }
        guard one.type == other.type else { return false }
        switch (one.kind, other.kind) {
        case (.integer(let left), .integer(let right)): return left == right
        case (.boolean(let left), .boolean(let right)): return left == right
        case (.bytes(let left), .bytes(let right)), (.bytes32(let left), .bytes32(let right)): return left == right
        case (.none, .none): return true
        case (.assetID(let left), .assetID(let right)): return left == right
        case (.local(let left), .local(let right)): return left == right && !locals[left].isVariable
        case (.check(let left), .check(let right)), (.negate(let left), .negate(let right)),
            (.not(let left), .not(let right)), (.some(let left), .some(let right)),
            (.toFixed(let left), .toFixed(let right)), (.interfaceAddress(let left), .interfaceAddress(let right)):
            return isSameValue(left, right)
        case (.round(let left, let leftValue), .round(let right, let rightValue)):
            return left == right && isSameValue(leftValue, rightValue)
        case (.field(let left, let leftIndex), .field(let right, let rightIndex)):
            return leftIndex == rightIndex && isSameValue(left, right)
        case (.index(let left, let leftIndex), .index(let right, let rightIndex)):
            return isSameValue(left, right) && isSameValue(leftIndex, rightIndex)
        case (.arithmetic(let left, let a, let b), .arithmetic(let right, let c, let d)):
            return left == right && isSameValue(a, c) && isSameValue(b, d)
        case (.builtin(let left, let leftItems), .builtin(let right, let rightItems)):
            return left == right && left != .gasUsed && areSameValues(leftItems, rightItems)
        case (.makeStruct(let left, let leftItems), .makeStruct(let right, let rightItems)):
            return left == right && areSameValues(leftItems, rightItems)
        case (.makeEnum(let left, let leftCase, let leftItems), .makeEnum(let right, let rightCase, let rightItems)):
            return left == right && leftCase == rightCase && areSameValues(leftItems, rightItems)
        default: return false
        }
    }

    private func areSameValues(_ some: [Expression], _ others: [Expression]) -> Bool {
        some.count == others.count && zip(some, others).allSatisfy { isSameValue($0, $1) }
    }
}

extension Expression {
    /// The value of a literal or constant integer.
    var constantInteger: BigInt? {
        switch kind {
        case .integer(let value): value
        case .check(let inner): inner.constantInteger
        default: nil
        }
    }
}
