/// The candidate a mistyped word most probably stands for: the nearest by edit distance, the first among equals; nil
/// when none is near. At most one change in three letters is taken for a slip.
public func didYouMean(_ word: String, among candidates: some Sequence<String>) -> String? {
    let typed = Array(word.utf8)
    guard !typed.isEmpty, typed.count <= 64 else { return nil }
    let limit = max(1, typed.count / 3)
    var best: (word: String, distance: Int)?
    for candidate in candidates where candidate != word {
        let letters = Array(candidate.utf8)
        guard letters.count <= 64, abs(letters.count - typed.count) <= limit else { continue }
        // Short words are near everything: there a change must leave more than it takes.
        let distance = editDistance(typed, letters)
        guard distance <= limit, distance * 2 < max(typed.count, letters.count) else { continue }
        if distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.word
}

/// Optimal string alignment distance: insertions, deletions, replacements and swaps of neighbours; a change of case
/// alone counts nothing.
private func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    let left = left.map(lowercase)
    let right = right.map(lowercase)
    var beforePrevious: [Int] = []
    var previous = Array(0...right.count)
    for row in 0..<left.count {
        var current = [row + 1]
        for column in 0..<right.count {
            let cost = left[row] == right[column] ? 0 : 1
            var distance = min(previous[column + 1] + 1, current[column] + 1, previous[column] + cost)
            if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                distance = min(distance, beforePrevious[column - 1] + 1)
            }
            current.append(distance)
        }
        beforePrevious = previous
        previous = current
    }
    return previous[right.count]
}

private func lowercase(_ byte: UInt8) -> UInt8 { byte >= 0x41 && byte <= 0x5A ? byte + 0x20 : byte }
