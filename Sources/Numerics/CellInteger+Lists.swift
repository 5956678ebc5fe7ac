/// Operations on lists of integer cells, stored one after another at `CellWord.strideWords` words each.
///
/// Lists have at most `NumericLimits.listCount` elements; longer ones are a `domainError`. The time and gas per element
/// are the caller's; only what elements wider than 256 bits add is charged here.
extension CellInteger {
    /// The sum of all elements; the destination may be one of them.
    public static func sum(
        _ destination: CellDestination, _ cells: UnsafePointer<UInt64>, count: Int, gas: UnsafeMutablePointer<Int64>,
        arena: Arena
    ) -> ArithmeticStatus {
        // Two's complement on 192 bits; 2^16 numbers of 128 bits and a sign fit.
        var low: UInt128 = 0
        var high: Int64 = 0
        var cell = cells
        for _ in 0..<count {
            let operand = CellOperand(at: cell)
            if !isShort(operand.word) || count > NumericLimits.listCount {
                return sumOneByOne(destination, cells, count: count, gas: gas, arena: arena)
            }
            let (magnitude, negative) = loadShort(operand)
            if negative {
                let (difference, borrow) = low.subtractingReportingOverflow(magnitude)
                low = difference
                high &-= borrow ? 1 : 0
            } else {
                let (sum, carry) = low.addingReportingOverflow(magnitude)
                low = sum
                high &+= carry ? 1 : 0
            }
            cell += CellWord.strideWords
        }
        if high < 0 {
            low = 0 &- low
            high = (low == 0 ? 0 : -1) &- high
            store(destination, magnitude: Magnitude256(low: low, high: UInt128(high.magnitude)), negative: true)
        } else {
            store(destination, magnitude: Magnitude256(low: low, high: UInt128(high.magnitude)), negative: false)
        }
        return .ok
    }

    private static func sumOneByOne(
        _ destination: CellDestination, _ cells: UnsafePointer<UInt64>, count: Int, gas: UnsafeMutablePointer<Int64>,
        arena: Arena
    ) -> ArithmeticStatus {
        if count > NumericLimits.listCount { return .domainError }
        return withUnsafeTemporaryAllocation(of: UInt64.self, capacity: CellWord.strideWords) { buffer in
            guard let base = buffer.baseAddress else { return .arenaExhausted }
            base.initialize(repeating: 0, count: CellWord.strideWords)
            let total = CellDestination(at: base)
            for index in 0..<count {
                let status = add(
                    total, total.operand, CellOperand(at: cells + CellWord.strideWords * index), gas: gas, arena: arena)
                if status != .ok { return status }
            }
            copy(destination, total.operand)
            return .ok
        }
    }

    /// Writes, as small integers, the indices of the elements from smallest to largest (largest to smallest when
    /// `descending`); equal elements in the order of their indices. `out` may be `cells` itself.
    public static func order(
        _ out: UnsafeMutablePointer<UInt64>, _ cells: UnsafePointer<UInt64>, count: Int, descending: Bool,
        gas: UnsafeMutablePointer<Int64>, arena: Arena
    ) -> ArithmeticStatus {
        withOrder(cells, count: count, descending: descending, gas: gas, arena: arena) { position, index in
            out[CellWord.strideWords * position] = UInt64(index) << 1
        }
    }

    /// Writes, as small integers, the place of each element in the list's `order`, the first place being 0.
    /// `out` may be `cells` itself.
    public static func ranks(
        _ out: UnsafeMutablePointer<UInt64>, _ cells: UnsafePointer<UInt64>, count: Int, descending: Bool,
        gas: UnsafeMutablePointer<Int64>, arena: Arena
    ) -> ArithmeticStatus {
        withOrder(cells, count: count, descending: descending, gas: gas, arena: arena) { position, index in
            out[CellWord.strideWords * index] = UInt64(position) << 1
        }
    }

    /// Writes the elements in their `order`. `out` does not overlap `cells`.
    public static func sorted(
        _ out: UnsafeMutablePointer<UInt64>, _ cells: UnsafePointer<UInt64>, count: Int, descending: Bool,
        gas: UnsafeMutablePointer<Int64>, arena: Arena
    ) -> ArithmeticStatus {
        withOrder(cells, count: count, descending: descending, gas: gas, arena: arena) { position, index in
            copy(
                CellDestination(at: out + CellWord.strideWords * position),
                CellOperand(at: cells + CellWord.strideWords * index))
        }
    }

    /// Calls `visit` with each position and the index of the element that belongs there, once all are known.
    @inline(__always)
    private static func withOrder(
        _ cells: UnsafePointer<UInt64>, count: Int, descending: Bool, gas: UnsafeMutablePointer<Int64>, arena: Arena,
        visit: (_ position: Int, _ index: Int) -> Void
    ) -> ArithmeticStatus {
        if count > NumericLimits.listCount { return .domainError }
        let workspace = arena.state.pointee.workspace
        let keys = workspace.assumingMemoryBound(to: UInt128.self)
        if fillKeys(keys, cells, count: count, descending: descending) {
            let ordered = MergeSort.ascending(keys, keys + NumericLimits.listCount, count: count)
            for position in 0..<count {
                visit(position, Int(truncatingIfNeeded: ordered[position] & 0xFFFF))
            }
            return .ok
        }
        if !chargeWideElements(cells, count: count, gas: gas) { return .outOfGas }
        let indices = workspace.assumingMemoryBound(to: UInt32.self)
        for index in 0..<count {
            indices[index] = UInt32(truncatingIfNeeded: index)
        }
        // The sort is stable, so equal elements keep the order of their indices.
        let ordered = MergeSort.stable(indices, indices + NumericLimits.listCount, count: count) { left, right in
            let order = compare(
                CellOperand(at: cells + CellWord.strideWords * Int(left)),
                CellOperand(at: cells + CellWord.strideWords * Int(right)))
            return descending ? order > 0 : order < 0
        }
        for position in 0..<count {
            visit(position, Int(ordered[position]))
        }
        return .ok
    }

    /// Packs values below 2^111 in magnitude and their indices into distinct keys that ascend as the elements should;
    /// false when an element is wider.
    private static func fillKeys(
        _ keys: UnsafeMutablePointer<UInt128>, _ cells: UnsafePointer<UInt64>, count: Int, descending: Bool
    ) -> Bool {
        let bias: UInt128 = 1 << 111
        var cell = cells
        for index in 0..<count {
            let operand = CellOperand(at: cell)
            if !isShort(operand.word) { return false }
            let (magnitude, negative) = loadShort(operand)
            if magnitude >= bias { return false }
            let key = negative != descending ? bias &- magnitude : bias &+ magnitude
            keys[index] = key << 16 | UInt128(truncatingIfNeeded: index)
            cell += CellWord.strideWords
        }
        return true
    }

    private static func chargeWideElements(
        _ cells: UnsafePointer<UInt64>, count: Int, gas: UnsafeMutablePointer<Int64>
    ) -> Bool {
        var wideLimbs = 0
        for index in 0..<count {
            let limbs = limbCount(CellOperand(at: cells + CellWord.strideWords * index))
            wideLimbs += limbs > NumericCosts.freeLimbs ? limbs : 0
        }
        return charge(gas, NumericCosts.order(wideLimbs: wideLimbs, count: count))
    }
}

/// Bottom-up merge sorts between two buffers; the result is in the buffer returned.
enum MergeSort {
    /// Sorts distinct keys, so that stability has no meaning.
    static func ascending(
        _ source: UnsafeMutablePointer<UInt128>, _ buffer: UnsafeMutablePointer<UInt128>, count: Int
    ) -> UnsafeMutablePointer<UInt128> {
        let run = 8
        var start = 0
        while start < count {
            insertionSort(source + start, count: min(run, count - start))
            start += run
        }
        return merge(source, buffer, count: count, run: run) { $0 < $1 }
    }

    @inline(__always)
    private static func insertionSort(_ keys: UnsafeMutablePointer<UInt128>, count: Int) {
        var next = 1
        while next < count {
            let key = keys[next]
            var position = next
            while position > 0 && key < keys[position - 1] {
                keys[position] = keys[position - 1]
                position -= 1
            }
            keys[position] = key
            next += 1
        }
    }

    /// Sorts by `precedes`, equal elements in their given order.
    @inline(__always)
    static func stable<Element: BitwiseCopyable>(
        _ source: UnsafeMutablePointer<Element>, _ buffer: UnsafeMutablePointer<Element>, count: Int,
        precedes: (Element, Element) -> Bool
    ) -> UnsafeMutablePointer<Element> {
        merge(source, buffer, count: count, run: 1, precedes: precedes)
    }

    /// Merges sorted runs of `run` elements until one is left.
    @inline(__always)
    private static func merge<Element: BitwiseCopyable>(
        _ source: UnsafeMutablePointer<Element>, _ buffer: UnsafeMutablePointer<Element>, count: Int, run: Int,
        precedes: (Element, Element) -> Bool
    ) -> UnsafeMutablePointer<Element> {
        var (from, to) = (source, buffer)
        var width = run
        while width < count {
            var start = 0
            while start < count {
                let middle = min(start + width, count)
                let end = min(start + 2 * width, count)
                var (left, right, target) = (start, middle, start)
                // Written without a branch on the comparison, which no predictor can guess.
                while left < middle && right < end {
                    let takeRight = precedes(from[right], from[left])
                    to[target] = from[takeRight ? right : left]
                    right &+= takeRight ? 1 : 0
                    left &+= takeRight ? 0 : 1
                    target &+= 1
                }
                if left < middle {
                    (to + target).update(from: from + left, count: middle - left)
                } else if right < end {
                    (to + target).update(from: from + right, count: end - right)
                }
                start = end
            }
            swap(&from, &to)
            width *= 2
        }
        return from
    }
}
