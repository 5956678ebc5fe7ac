import Bounds
import Bytecode
import Crypto
import Foundation
import Machine
import Verifier

/// The bounds of a project's contracts, each computed when it is first asked for.
final class ProjectBounds: @unchecked Sendable {
    private let modules: [VerifiedModule]
    private let lock = NSLock()
    private var computed: [Int: ModuleBounds] = [:]

    init(_ modules: [VerifiedModule]) { self.modules = modules }

    subscript(contract: Int) -> ModuleBounds {
        lock.lock()
        defer { lock.unlock() }
        if let known = computed[contract] { return known }
        let made = ModuleBounds(modules[contract])
        computed[contract] = made
        return made
    }
}

/// What a call took and what it may take by its contract's bound.
public struct MeasuredCall: Sendable {
    public var contract: Int
    public var entry: String
    public var gasUsed: Int64
    public var succeeded: Bool
    /// By its entry's formula, evaluated for the call; nil: there is no bound.
    public var bound: Int64?
    /// By following the call; nil: it was not followed, or has no bound so.
    public var followed: Int64?

    /// The lesser of the two.
    public var closestBound: Int64? {
        guard let bound, let followed else { return bound ?? followed }
        return min(bound, followed)
    }
}

/// Which calls are followed, beside the evaluation of formulas.
public enum BoundFollowing: Sendable {
    case none
    /// Those whose formula gives more than twice the gas used.
    case loose
    case all
}

extension CompiledProject {
    /// The bound of a call against the state before it, by the entry's formula or by following the call; nil when there
    /// is none.
    func gasBound(
        of contract: Int, entry: String, at address: Address, arguments: [UInt8], caller: Address,
        in block: BlockContext, state: some BoundState, follows: Bool = false
    ) -> Int64? {
        let module = modules[contract]
        guard let point = module.entry(named: entry) else { return nil }
        let function = module.functions[point.function]
        let types = Array(function.registers.prefix(function.parameterCount))
        guard let values = try? ABICoding(types: module.types).decode(arguments, as: types) else { return nil }
        let call = BoundCall(contract: address, caller: caller, arguments: values, block: block)
        return follows
            ? bounds[contract].followedGas(of: entry, call, state: state)
            : bounds[contract].gas(of: entry, call, state: state)
    }
}

extension Module {
    /// The interface with the gas bound of every entry; without bounds where the module is not verified.
    public func interfaceWithGasBounds() -> JSONValue {
        guard case .success(let verified) = verify(self) else { return interfaceJSON() }
        return interfaceJSON(gasBounds: LargeStack.run { ModuleBounds(verified).formulas })
    }
}
