import Crypto

/// The root of a list of digests: a binary tree whose left half is the largest power of two below the count.
///
/// Leaves and inner nodes hash under different first bytes, and the count is hashed with the top, so two lists share
/// a root only if they are equal.
enum ListRoot {
    static func of(_ items: [Hash]) -> Hash {
        let top = items.isEmpty ? Hash.zero : root(items[...])
        return Blake2b.hash(domain: .list) { stream in
            stream.update(UInt64(items.count))
            stream.update(top)
        }
    }

    private static func root(_ items: ArraySlice<Hash>) -> Hash {
        if items.count == 1 {
            return Blake2b.stream { stream in
                stream.update([0])
                stream.update(items[items.startIndex])
            }
        }
        var half = 1
        while half * 2 < items.count { half *= 2 }
        let left = root(items.prefix(half))
        let right = root(items.dropFirst(half))
        return Blake2b.stream { stream in
            stream.update([1])
            stream.update(left)
            stream.update(right)
        }
    }
}
