import Bytecode

/// The compiled contracts of a season.
public struct SeasonContracts: Sendable {
    public let token: Module
    public let arena: Module
    public let scoring: Module
    /// Whatever implements `RewardRule`.
    public let rule: Module

    /// - Throws: `invalidContract` when the rule is none.
    public init(token: Module, arena: Module, scoring: Module, rule: Module) throws(SeasonError) {
        guard SeasonContracts.isRewardRule(rule) else {
            throw SeasonError(.invalidContract, "\(rule.name) does not implement RewardRule")
        }
        let initializer = rule.entries.first { $0.kind == .initializer }
        guard initializer?.parameterNames.isEmpty ?? true else {
            throw SeasonError(.invalidContract, "\(rule.name) cannot be deployed: its init takes arguments")
        }
        self.token = token
        self.arena = arena
        self.scoring = scoring
        self.rule = rule
    }

    /// Whether a contract can weigh the nodes of a season.
    public static func isRewardRule(_ module: Module) -> Bool {
        module.interfaces.contains { $0.name == "RewardRule" && $0.isImplemented }
    }
}
