import Bytecode
import Crypto
import Machine
import Verifier

extension ModuleBounds {
    /// The most gas that a call of an entry takes by following it instruction by instruction and pass by pass through
    /// what call and state before it tell; nil when there is no bound, or the call is too long to follow.
    ///
    /// Closer than `gas(of:_:state:)` where the work depends on data, and as dear as many executions of the call.
    public func followedGas(of entry: String, _ call: BoundCall, state: any BoundState) -> Int64? {
        guard let point = verified.module.entries.first(where: { $0.name == entry }) else { return nil }
        let followed = Self.follow(
            point.function, of: self, call, arguments: call.arguments.map { .one($0) }, state: state,
            active: [call.contract], isOutermost: true, isJournalled: false,
            stepLimit: FunctionAnalysis.followedStepLimit)
        guard let followed, followed.gas < Saturating.limit else { return nil }
        return Int64(followed.gas)
    }

    /// A function that was followed.
    struct Followed {
        var gas: Int
        /// The result, where it is known.
        var result: ABIValue?
        var steps: Int
    }

    /// Follows a function; nil when there is no bound.
    static func follow(
        _ function: Int, of bounds: ModuleBounds, _ call: BoundCall, arguments: [Known], state: any BoundState,
        active: [Address], isOutermost: Bool, isJournalled: Bool, stepLimit: Int
    ) -> Followed? {
        let analysis = FunctionAnalysis(bounds.verified, function: function, effects: bounds.effects)
        let algebra = analysis.algebra
        analysis.stepLimit = stepLimit
        // The two refer to each other for as long as the call is followed.
        algebra.knowledge = BoundEvaluation(
            verified: bounds.verified, algebra: algebra, shapes: analysis.shapes, call: call, arguments: arguments,
            state: state, isStateKnown: true, isJournalled: isJournalled, active: active)
        defer { algebra.knowledge = nil }
        do throws(Unbounded) {
            let (cost, result) = try analysis.costAndResult(of: function, isOutermost: isOutermost)
            return Followed(
                gas: max(0, algebra.limit(of: cost)), result: result.flatMap { algebra.value(of: $0.term) },
                steps: analysis.steps)
        } catch {
            return nil
        }
    }
}

extension BoundEvaluation {
    /// Follows a method of another contract whose state is that before the call.
    func follow(_ external: ExternalCall, stepLimit: Int) -> ModuleBounds.Followed? {
        guard isStateKnown, external.isStateKnown, case .bytes32(let bytes)? = known(external.address).single,
            let address = Bytes32(bytes), !active.contains(address), active.count < MachineLimits.callDepth,
            let bounds = state.bounds(at: address)
        else { return nil }
        let imported = module.imports[external.item]
        let name = module.interfaces[imported.interface].methods[imported.method].name
        guard let function = bounds.function(ofMethod: name) else { return nil }
        return ModuleBounds.follow(
            function, of: bounds, BoundCall(contract: address, caller: call.contract, arguments: [], block: call.block),
            arguments: external.arguments.map(argument), state: state, active: active + [address], isOutermost: false,
            isJournalled: isJournalled || external.isTry, stepLimit: stepLimit)
    }
}
