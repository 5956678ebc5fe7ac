import Bounds
import Diagnostics
import Semantics

extension CompiledProject {
    /// Settlements whose elements may need more gas than they are given, as far as the code alone tells.
    ///
    /// The figure is the bound of an element's own attempt, which does not depend on what the same push did before; see
    /// `ModuleBounds.attemptGas`.
    func elementGasWarnings() -> [Diagnostic] {
        var found: [Diagnostic] = []
        for (contract, module) in zip(program.contracts, verified) {
            for settlement in contract.rounds.flatMap(\.settlements) {
                let push = program.functions[settlement.pushFunction].name
                guard let span = settlement.gasSpan,
                    let needed = LargeStack.run({ ModuleBounds.attemptGas(ofEntry: push, in: module) }),
                    needed > settlement.elementGas
                else { continue }
                found.append(
                    Diagnostic(
                        .elementGasTooSmall,
                        "an element of \(settlement.name) may take \(needed) gas, and is set aside when it has less",
                        at: span, label: "\(settlement.elementGas) gas", hint: "gas \(needed) always suffices",
                        severity: .warning))
            }
        }
        return found
    }
}
