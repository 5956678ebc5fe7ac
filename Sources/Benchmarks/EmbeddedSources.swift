/// The workloads' sources, from `Workloads/`, by file name; built into the program so that it runs anywhere.
enum EmbeddedSources {
    static let all: [String: [UInt8]] = [
        "loops.agon": PackageResources.loops_agon,
        "token.agon": PackageResources.token_agon,
        "reward.agon": PackageResources.reward_agon,
        "mathematics.agon": PackageResources.mathematics_agon,
        "draws.agon": PackageResources.draws_agon,
        "settlements.agon": PackageResources.settlements_agon,
    ]
}
