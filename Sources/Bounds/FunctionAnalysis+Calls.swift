import Bytecode
import Machine
import Verifier

// Calls of other contracts. Their own gas is a number of the bound; what passes back and forth is counted here.
extension FunctionAnalysis {
    /// Gas to learn which asset a called contract means.
    private static let foreignAsset = Int(MachineCosts.coldRead) + 40

    func callMethod(
        _ item: Int, _ base: Int, contract register: Int, _ state: inout PathState, isTry: Bool
    ) {
        let imported = module.imports[item]
        let method = module.interfaces[imported.interface].methods[imported.method]
        let address = value(register, state)
        state.cost += meetContract(address.term, &state)
        let search = EntryKey(place: .method(item), keys: [address.term])
        if !(state.warm[search] ?? []).contains(.read) {
            state.warm = state.warm.filter { $0.key.place != .method(item) }
            state.cost += Int(MachineCosts.methodSearch)
            state.warm[search] = .read
        }
        var arguments: [ExternalCall.Argument] = []
        for (offset, field) in method.parameters.enumerated() {
            let argument = value(base + offset, state)
            pass(argument, field.type, &state)
            arguments.append(.init(term: argument.term, shape: argument.shape))
            if case .token = module.types[field.type] { state.registers[base + offset] = nil }
        }
        let external = ExternalCall(
            item: item, address: address.term, arguments: arguments, isStateKnown: !state.hasChangedOthers,
            isTry: isTry)
        let followed = followMethod(external)
        if let followed {
            state.cost += followed.gas
        } else {
            state.cost += algebra.external(external)
        }
        if !method.isView { state.hasChangedOthers = true }
        if let type = method.result {
            let term = followed?.result.map { algebra.literal($0) } ?? algebra.fresh()
            let result = AbstractValue(term: term, shape: shapes.shape(of: type, term: term))
            pass(result, type, &state)
            state.registers[base + method.parameters.count] = result
        }
    }

    private func followMethod(_ external: ExternalCall) -> ModuleBounds.Followed? {
        guard let knowledge = algebra.knowledge,
            let followed = knowledge.follow(external, stepLimit: stepLimit - steps)
        else { return nil }
        steps += followed.steps
        return followed
    }

    /// A value goes to another contract, or comes from it.
    private func pass(_ value: AbstractValue, _ type: TypeIndex, _ state: inout PathState) {
        switch module.types[type] {
        case .boolean, .integer: break
        case .bytes32: state.cost += interfaceChecks(value, type, &state)
        case .token(let asset): state.cost += resolveAsset(asset, &state) + Self.foreignAsset
        default:
            state.cost += encoding(value, type) + decoding(value, type)
            state.cost += interfaceChecks(value, type, &state)
        }
    }

    /// The call has no more gas than it is given; after a failure the tokens go to this contract's balance.
    func tryCall(
        _ instruction: Instruction, _ state: inout PathState, failed: inout PathState
    ) throws(Unbounded) {
        let item = Int(instruction.immediate) & 0xFFFF
        let limit = size(value(instruction.c, state).term, state)
        let imported = module.imports[item]
        let method = module.interfaces[imported.interface].methods[imported.method]
        let before = state.cost
        state.cost = .zero
        callMethod(item, instruction.a, contract: instruction.b, &state, isTry: true)
        let cost = limit.map { algebra.minimum($0, state.cost) } ?? state.cost
        state.cost = algebra.condensed(before + cost)
        failed.cost = state.cost
        failed.hasChangedOthers = state.hasChangedOthers
        // A failed call may have gone to another contract.
        failed.warm = failed.warm.filter { $0.key.place != .method(item) }
        for (offset, field) in method.parameters.enumerated() {
            guard case .token(let asset) = module.types[field.type] else { continue }
            failed.cost += resolveAsset(asset, &failed)
            adjustBook(.balance(asset), [algebra.term(.contract)], &failed)
            failed.registers[instruction.a + offset] = nil
        }
    }
}
