import Bytecode
import Semantics

extension FunctionLowering {
    /// Statements that open instances of rounds, end and guard their phases, and store sealed values.
    func actOnRound(_ statement: Statement) {
        let span = statement.span
        switch statement.kind {
        case .openRound(let round, let key, let durations):
            let facts = tables.contract.rounds[round]
            let length = tables.type(.integer(Round.durationType))
            let run = run([key] + durations, types: [tables.type(facts.keyType)] + durations.map { _ in length })
            code.emit(.roundOpen, run.base, immediate: round, at: span)
            free(run)
        case .leavePhase(let round, let key, let phase):
            let run = keys([key], of: tables.contract.rounds[round].phaseField)
            code.emit(.roundLeave, run.base, immediate: round << 16 | phase, at: span)
            free(run)
        case .phaseGuard(let round, let key, let phase, let allowed):
            let run = keys([key], of: tables.contract.rounds[round].phaseField)
            let operand = value(phase)
            let mask = allowed.reduce(0) { $0 | 1 << $1 }
            code.emit(.phaseGuard, operand.register, run.base, immediate: round << 16 | mask, at: span)
            free(operand)
            free(run)
        case .sealCommit(let round, let sealed, let keyExpressions, let commitment):
            let field = tables.contract.rounds[round].sealed[sealed].commitmentField
            let run = keys(keyExpressions, of: field)
            let hash = value(commitment)
            code.emit(
                .sealCommit, run.base, hash.register, immediate: tables.sealedIndex(round: round, sealed: sealed),
                at: span)
            free(hash)
            free(run)
        case .sealReveal(let round, let sealed, let keyExpressions, let expression, let salt):
            let field = tables.contract.rounds[round].sealed[sealed].valueField
            let run = keys(keyExpressions, of: field)
            let revealed = settled(expression)
            let hash = value(salt)
            code.emit(
                .sealReveal, run.base, revealed.register, hash.register,
                immediate: tables.sealedIndex(round: round, sealed: sealed), at: span)
            free([revealed, hash])
            free(run)
        default: break
        }
    }
}
