import Bytecode
import Machine
import Verifier

/// Upper bounds of the gas that the entries of a contract take, computed from its verified code alone.
///
/// They are advice: the machine never looks at them. A bound is a polynomial in the sizes of arguments and state; with a
/// call and the state before it at hand `gas(of:)` evaluates it more closely than the text can say.
public final class ModuleBounds: @unchecked Sendable {
    public let verified: VerifiedModule
    /// In the order of the module's entries.
    public let entries: [EntryBound]
    /// For methods of interfaces: the gas of the function alone, as another contract's call has it.
    private let methods: [String: Solution]
    private let solutions: [Solution]

    enum Solution {
        case polynomial(Polynomial, Algebra, ShapeCosts)
        case none(String)
    }

    public init(_ verified: VerifiedModule) {
        self.verified = verified
        let module = verified.module
        let effects = FunctionAnalysis.effects(of: verified)
        solutions = module.entries.map { Self.solve($0, verified, effects, isOutermost: true) }
        let names = Set(module.interfaces.filter(\.isImplemented).flatMap { $0.methods.map(\.name) })
        var methods: [String: Solution] = [:]
        for entry in module.entries where names.contains(entry.name) && entry.kind != .initializer {
            methods[entry.name] = Self.solve(entry, verified, effects, isOutermost: false)
        }
        self.methods = methods
        entries = zip(module.entries, solutions).map { entry, solution in
            switch solution {
            case .none(let reason): EntryBound(name: entry.name, formula: nil, reason: reason)
            case .polynomial(let polynomial, let algebra, _):
                EntryBound(
                    name: entry.name,
                    formula: BoundText(module: module, entry: entry, algebra: algebra).text(polynomial), reason: nil)
            }
        }
    }

    func method(_ name: String) -> Solution? { methods[name] }

    func solution(_ entry: String) -> Solution? {
        verified.module.entries.firstIndex { $0.name == entry }.map { solutions[$0] }
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

    private static func solve(
        _ entry: EntryPoint, _ verified: VerifiedModule, _ effects: [Effects], isOutermost: Bool
    ) -> Solution {
        let analysis = FunctionAnalysis(verified, function: entry.function, effects: effects)
        do throws(Unbounded) {
            let bound = try analysis.bound(of: entry.function, isOutermost: isOutermost)
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
    func bound(of function: Int, isOutermost: Bool) throws(Unbounded) -> Polynomial {
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
        let (end, failure) = try run(function, state)
        guard var end else { return failure }
        if isOutermost, let type = descriptor.result, let result = end.registers.last ?? nil {
            if case .token(let asset) = module.types[type] {
                end.cost += resolveAsset(asset, &end)
                adjustBook(.balance(asset), [algebra.term(.caller)], &end)
            }
            end.cost += encoding(result, type)
            end.cost += encodedBytes(result, type) * Int(MachineCosts.receiptByte)
        }
        return algebra.maximum(end.cost, failure)
    }
}
