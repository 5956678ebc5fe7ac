import Diagnostics

extension Parser {
    func settlement() throws(ParseFailure) -> SettlementSyntax {
        let comment = documentation(before: advance())
        let settlementName = try name("the name of the settlement")
        try expect(.overWord, hint: "what is settled: 'over map as (key, value)'")
        let map = try name("the name of a map of the round")
        try expect(.asWord)
        let parenthesis = try expect(.leftParenthesis)
        let keyName = try name("a name for the key")
        try expect(.comma)
        let valueName = try name("a name for the value")
        try close(.rightParenthesis, parenthesis)
        let splitting = accept(.splitsWord) ? try splitting() : nil
        try expect(.duringWord)
        let phase = try name("the name of a phase")
        try expect(.gasWord, hint: "how much gas each element may use: 'gas n'")
        let gas = try primary()
        try expect(.maxWord, hint: "how many elements one push handles at most: 'max n'")
        let maximum = try primary()
        var fee: SettlementSyntax.Fee?
        if accept(.feeWord) {
            let amount = try primary()
            try expect(.fromWord, hint: "the vault that pays the fee: 'fee n from vault'")
            fee = SettlementSyntax.Fee(amount: amount, vault: try postfix())
        }
        var frozen: [Identifier] = []
        if accept(.freezesWord) {
            repeat { frozen.append(try name("the name of a field of the round")) } while accept(.comma)
        }
        return SettlementSyntax(
            name: settlementName, map: map, keyName: keyName, valueName: valueName, splitting: splitting, phase: phase,
            gas: gas, maximum: maximum, fee: fee, frozen: frozen, body: try block(), documentation: comment)
    }

    private func splitting() throws(ParseFailure) -> SettlementSyntax.Splitting {
        let pot = try postfix()
        try expect(.byWord, hint: "what counts for an element: 'splits pot by weight of total as share else rest'")
        let weight = try postfix()
        try expect(.ofWord, hint: "what all weights come to: 'of total'")
        let total = try postfix()
        try expect(.asWord)
        let share = try name("a name for the share")
        try expect(.elseWord, hint: "the vault for what no element gets: 'else vault'")
        return SettlementSyntax.Splitting(
            pot: pot, weight: weight, total: total, share: share, remainder: try postfix())
    }
}
