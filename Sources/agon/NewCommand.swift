import ArgumentParser
import Foundation
import Harness

struct NewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new", abstract: "Start a contract: a reward rule, unless another template is named.")

    enum Template: String, ExpressibleByArgument, CaseIterable { case reward, token }

    @Argument(help: "Folder to make; the contract is named after it.") var name: String
    @Option(help: "What to start from.") var template: Template = .reward

    func run() throws {
        let folder = URL(fileURLWithPath: name)
        let contract = freeName(contractName(name.isEmpty ? "" : folder.lastPathComponent))
        guard !contract.isEmpty else {
            throw UserError("C0101", "`\(name)` has no letters to name a contract after")
        }
        guard !FileManager.default.fileExists(atPath: folder.path) else {
            throw UserError("C0102", "`\(name)` exists already")
        }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = folder.appendingPathComponent(folder.lastPathComponent + ".agon")
        try Data(source(contract).utf8).write(to: file)
        answer("\(name.hasSuffix("/") ? name : name + "/")\(file.lastPathComponent)")
        let word = name.contains(where: \.isWhitespace) ? "'\(name)'" : name
        note("next: agon test \(word)" + (template == .reward ? " && agon demo --rule \(word)" : ""))
    }

    /// `my-rule` becomes `MyRule`.
    private func contractName(_ name: String) -> String {
        let words = name.split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
        let joined = words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
        return joined.first?.isLetter == true ? joined : joined.isEmpty ? "" : "Rule" + joined
    }

    private func source(_ contract: String) -> String {
        template == .reward ? rewardSource(contract) : tokenSource(contract)
    }

    /// The name, or where it has a meaning already (`Token`, `RewardRule`), one that says more.
    private func freeName(_ contract: String) -> String {
        guard !contract.isEmpty else { return contract }
        let names = [contract, contract + (template == .reward ? "Rule" : "Coin"), "My" + contract]
        return names.first { name in
            if case .success = CompiledProject.compile(text: source(name)) { true } else { false }
        } ?? contract
    }

    private func rewardSource(_ contract: String) -> String {
        """
        import "stdlib/reward_rule.agon"
        import "stdlib/incentives.agon"

        /// Weighs a node by its stake times its score: twice the score earns twice as much. A score below zero earns
        /// nothing.
        contract \(contract): RewardRule {
            view weights(scores: List<Fixed, 256>, stakes: List<Amount, 256>) -> List<Fixed, 256> {
                var weights: List<Fixed, 256> = []
                for (score, stake) in zip(scores, stakes) {
                    weights.append(max(score, 0.0) * stake)
                }
                return weights
            }

            test "a better score earns more at equal stake" {
                let rule = deploy \(contract)()
                let weights = rule.weights([0.9, 0.5], [100, 100])
                expect weights[0] > weights[1]
            }

            test "the weights pay out the pot to the last unit" {
                let rule = deploy \(contract)()
                var leftover: Amount = 0
                let parts = split 1000 by rule.weights([0.7, 0.2, 0.3], [10, 20, 30]) else leftover
                expect parts.sum() + leftover == 1000
            }
        }

        // Ready properties, each with the largest unfair gain that the rule may leave, as a share of the pot: `agon
        // incentives`.
        test PaysThePot(deploy \(contract)())
        test NoGainFromSplitting(deploy \(contract)(), 0.0)

        """
    }

    private func tokenSource(_ contract: String) -> String {
        """
        /// A token with a fixed supply, issued to whoever deploys it.
        contract \(contract) {
            asset COIN issued

            error ZeroAmount
            event Paid(to: Address, amount: Amount)

            init(supply: Amount) {
                send(mint(COIN, supply), caller)
            }

            view id() -> Asset {
                return COIN
            }

            action pay(to: Address, payment: Token<COIN>) {
                require payment.amount > 0 else ZeroAmount
                emit Paid(to, payment.amount)
                send(payment, to)
            }

            test "paying moves tokens" {
                let alice = actor("alice")
                let bob = actor("bob")
                let token = deploy \(contract)(1000) as alice
                token.pay(bob, 400) as alice
                expect balance(alice, token.id()) == 600
                expect balance(bob, token.id()) == 400
                expect failure ZeroAmount { token.pay(bob, 0) as alice }
            }
        }

        """
    }
}
