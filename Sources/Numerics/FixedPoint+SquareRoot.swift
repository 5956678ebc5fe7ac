extension FixedPoint {
    /// The square root of a raw value: that of raw * 10^18, which is below 2^316.
    ///
    /// With s the floor and d = n - s^2 the remainder, the root lies above s + 1/2 exactly when d > s; never on it,
    /// since (s + 1/2)^2 is no integer.
    @inline(__always)
    static func squareRoot(_ raw: Magnitude256, rounding: Rounding) -> Magnitude256 {
        if raw.isZero { return raw }
        return withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 18) { buffer -> Magnitude256 in
            guard let memory = buffer.baseAddress else { return raw }
            let (product, root, remainder) = (memory, memory + 5, memory + 9)
            product[0] = raw.limb0
            product[1] = raw.limb1
            product[2] = raw.limb2
            product[3] = raw.limb3
            root.update(repeating: 0, count: 4)
            FractionRounding.multiply(product, product, count: 4, by: unit)
            let count = Limbs.normalisedCount(product, 5)
            let remainderCount = Limbs.squareRoot(root, remainder: remainder, product, count)
            let result = Magnitude256(limb0: root[0], limb1: root[1], limb2: root[2], limb3: 0)
            switch rounding {
            case .floor, .towardZero: return result
            case .ceiling where remainderCount == 0: return result
            case .halfEven:
                let rootCount = Limbs.normalisedCount(root, 3)
                if Limbs.compare(remainder, remainderCount, root, rootCount) <= 0 { return result }
            case .ceiling: break
            }
            return result.adding(Magnitude256(low: 1, high: 0)).0
        }
    }
}
