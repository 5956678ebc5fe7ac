/// The delegative Banzhaf index of voters of equal weight, exactly, for the game of delegation: quick enough to be
/// asked for every move that a voter considers. The standard library's `delegativePower` is the same index for any
/// weights; `LiquidDemo` holds one against the other.
///
/// Zhang, Grossi: Power in Liquid Democracy, AAAI 2021. Trees of delegation are polynomials in the counted weight: with
/// all above it present, the coalitions of a voter's subtree are G = 2^(size − 1) + x · ∏ G of those who delegate to
/// it.
struct DelegationPower {
    /// Voters that 64-bit counts of coalitions can hold.
    static let mostVoters = 48

    let delegates: [Int]
    private let followers: [[Int]]
    /// By voter, the coalitions of its subtree, all above it being in.
    private var series: [[Int]]
    private let gurus: [Int]

    /// - Parameter delegates: whom each voter delegates to, itself when it votes; without circles.
    init(_ delegates: [Int]) {
        self.delegates = delegates
        var followers = [[Int]](repeating: [], count: delegates.count)
        for (voter, above) in delegates.enumerated() where above != voter { followers[above].append(voter) }
        self.followers = followers
        gurus = delegates.indices.filter { delegates[$0] == $0 }
        series = [[Int]](repeating: [], count: delegates.count)
        for guru in gurus { fill(guru) }
    }

    private mutating func fill(_ voter: Int) {
        var present = [0, 1]
        for follower in followers[voter] {
            fill(follower)
            present = Self.product(present, series[follower])
        }
        // The voter absent: everybody below is free, and counts nothing.
        present[0] += 1 << (present.count - 2)
        series[voter] = present
    }

    private static func product(_ one: [Int], _ other: [Int]) -> [Int] {
        var result = [Int](repeating: 0, count: one.count + other.count - 1)
        for (i, a) in one.enumerated() where a != 0 {
            for (j, b) in other.enumerated() { result[i + j] += a * b }
        }
        return result
    }

    /// In how many coalitions of the others the voter decides, of 2^(voters − 1), when `quota` have to count.
    func decisive(of voter: Int, quota: Int) -> Int {
        // All above the voter are in: what lies beside the chain, shifted by those on it.
        var outside = [1]
        var onChain = 0
        var below = voter
        while delegates[below] != below {
            let above = delegates[below]
            for beside in followers[above] where beside != below { outside = Self.product(outside, series[beside]) }
            onChain += 1
            below = above
        }
        for guru in gurus where guru != below { outside = Self.product(outside, series[guru]) }
        // Present, the voter brings at least itself and whoever counts behind it.
        var gain = [0, 1]
        for follower in followers[voter] { gain = Self.product(gain, series[follower]) }
        var result = 0
        for (counted, ways) in outside.enumerated() where counted + onChain < quota {
            let needed = quota - counted - onChain
            if needed < gain.count { result += ways * gain[needed...].reduce(0, +) }
        }
        return result
    }
}
