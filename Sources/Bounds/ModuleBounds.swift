import Bytecode
import Machine
import Synchronization
import Verifier

/// Upper bounds of the gas that the entries of a contract take, computed from its verified code alone.
///
/// They are advice: the machine never looks at them. A bound is a polynomial in the sizes of arguments and state; with
/// a call and the state before it at hand `gas(of:)` evaluates it more closely than the text can say.
public final class ModuleBounds: @unchecked Sendable {
    public let verified: VerifiedModule
    let effects: [Effects]
    private let methodNames: Set<String>
    /// What was asked for.
    private let known = Mutex(KnownBounds())

    private struct KnownBounds {
        var entries: [Int: Solution] = [:]
        var methods: [String: Solution] = [:]
        var texts: [Int: EntryBound] = [:]
    }

    /// Terms and atoms do not change any more.
    enum Solution: @unchecked Sendable {
        case polynomial(Polynomial, Algebra, ShapeCosts)
        case none(String)
    }

    public init(_ verified: VerifiedModule) {
        self.verified = verified
        effects = FunctionAnalysis.effects(of: verified)
        methodNames = Set(verified.module.interfaces.filter(\.isImplemented).flatMap { $0.methods.map(\.name) })
    }

    /// In the order of the module's entries.
    public var entries: [EntryBound] { verified.module.entries.indices.map { bound($0) } }

    /// The bound of an entry; nil when there is none of that name.
    public func entry(_ name: String) -> EntryBound? { index(name).map { bound($0) } }

    private func index(_ entry: String) -> Int? { verified.module.entries.firstIndex { $0.name == entry } }

    private func bound(_ index: Int) -> EntryBound {
        if let known = known.withLock({ $0.texts[index] }) { return known }
        let entry = verified.module.entries[index]
        var made = EntryBound(name: entry.name)
        switch solution(index) {
        case .none(let reason): made.reason = reason
        case .polynomial(let polynomial, let algebra, _):
            made.formula = BoundText(module: verified.module, entry: entry, algebra: algebra).text(polynomial)
        }
        known.withLock { $0.texts[index] = made }
        return made
    }

    /// The function of an implemented interface's method.
    func function(ofMethod name: String) -> Int? {
        guard methodNames.contains(name) else { return nil }
        return verified.module.entries.first { $0.name == name && $0.kind != .initializer }?.function
    }

    /// For a method of an interface the gas of the function alone, as another contract's call has it.
    func method(_ name: String) -> Solution? {
        guard let function = function(ofMethod: name) else { return nil }
        if let known = known.withLock({ $0.methods[name] }) { return known }
        let made = solve(function, isOutermost: false)
        known.withLock { $0.methods[name] = made }
        return made
    }

    func solution(_ entry: String) -> Solution? { index(entry).map { solution($0) } }

    private func solution(_ index: Int) -> Solution {
        if let known = known.withLock({ $0.entries[index] }) { return known }
        let made = solve(verified.module.entries[index].function, isOutermost: true)
        known.withLock { $0.entries[index] = made }
        return made
    }

    /// Formulas by entry, for the interface as JSON.
    public var formulas: [String: String] {
        var result: [String: String] = [:]
        for entry in entries { result[entry.name] = entry.formula }
        return result
    }

    /// The gas that the attempts of an entry (its `tryLocal`) have to be given so that none ever runs out, whatever its
    /// arguments and whatever came before it: the most among those for which it is a number that follows from the code;
    /// nil when there is none.
    public static func attemptGas(ofEntry name: String, in verified: VerifiedModule) -> Int64? {
        guard let entry = verified.module.entry(named: name) else { return nil }
        let effects = FunctionAnalysis.effects(of: verified)
        let code = FunctionCode(verified, entry.function)
        var word = 0
        var most: Int64?
        while let (opcode, instruction) = code.instruction(word) {
            word += OpcodeTable[opcode].words
            guard opcode == .tryLocal else { continue }
            let function = Int(instruction.immediate) & 0xFFFF
            let analysis = FunctionAnalysis(verified, function: function, effects: effects)
            guard let bound = try? analysis.attemptBound(of: function) else { continue }
            let text = BoundText(module: verified.module, entry: entry, algebra: analysis.algebra)
            guard let number = text.number(bound) else { continue }
            most = max(most ?? 0, Int64(number))
        }
        return most
    }

    // MARK: Entries

    private func solve(_ function: Int, isOutermost: Bool) -> Solution {
        let analysis = FunctionAnalysis(verified, function: function, effects: effects)
        do throws(Unbounded) {
            let bound = try analysis.costAndResult(of: function, isOutermost: isOutermost).cost
            return .polynomial(bound, analysis.algebra, analysis.shapes)
        } catch {
            return .none(error.reason)
        }
    }
}

/// The bound of one entry.
public struct EntryBound: Sendable, Hashable {
    public var name: String
    /// A sum of products of named sizes; nil when there is no bound.
    public var formula: String?
    /// Why there is none.
    public var reason: String?
}

extension FunctionAnalysis {
    /// The gas of a function as an entry: with what the machine charges before and after it when the call comes from
    /// outside.
    func costAndResult(
        of function: Int, isOutermost: Bool
    ) throws(Unbounded) -> (cost: Polynomial, result: AbstractValue?) {
        let descriptor = module.functions[function]
        var state = PathState(registers: [])
        if isOutermost { state.cost += Int(MachineCosts.coldContract) }
        for index in 0..<descriptor.parameterCount {
            let type = descriptor.registers[index]
            let argument = given(type, term: algebra.term(.parameter(index)))
            state.registers.append(argument)
            guard isOutermost else { continue }
            state.cost += decoding(argument, type)
            state.cost += interfaceChecks(argument, type, &state)
            if case .token(let asset) = module.types[type] {
                state.cost += resolveAsset(asset, &state)
                adjustBook(.balance(asset), [algebra.term(.caller)], &state)
            }
        }
        let (end, failures) = try run(function, state)
        guard var end else { return (dearest(failures, after: 0), nil) }
        if isOutermost, let type = descriptor.result, let result = end.registers.last ?? nil {
            if case .token(let asset) = module.types[type] {
                end.cost += resolveAsset(asset, &end)
                adjustBook(.balance(asset), [algebra.term(.caller)], &end)
            }
            end.cost += encoding(result, type)
            end.cost += encodedBytes(result, type) * Int(MachineCosts.receiptByte)
        }
        let result = descriptor.result == nil ? nil : end.registers.last ?? nil
        return (algebra.maximum(end.cost, dearest(failures, after: 0)), result)
    }
}
