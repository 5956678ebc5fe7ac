import Bytecode
import Diagnostics
import Numerics
import Semantics

/// Compiles one contract of a checked program to a module: the functions that its entries reach, callees first, free
/// functions included. The same program gives the same bytes everywhere. Fails only with `limitExceeded`.
public func lower(_ contract: ContractID, of program: Program) -> Result<Module, Diagnostic> {
    ModuleLowering(program: program, contractID: contract).lower()
}

private final class ModuleLowering {
    let tables: ModuleTables
    var numbers: [FunctionID: Int] = [:]
    var freshResults: Set<FunctionID> = []
    /// By number.
    private var stacks: [CallStack] = []

    init(program: Program, contractID: ContractID) { tables = ModuleTables(program: program, contractID: contractID) }

    var program: Program { tables.program }
    var contract: Contract { tables.contract }

    func lower() -> Result<Module, Diagnostic> {
        tables.declare()
        let entries =
            [contract.initializer]
            + contract.functions.filter {
                program.functions[$0].kind == .action || program.functions[$0].kind == .view
            }
        for id in calleesFirst(from: entries) {
            let function = program.functions[id]
            let lowering = FunctionLowering(function, tables: tables, numbers: numbers, freshResults: freshResults)
            switch lowering.lower() {
            case .failure(let diagnostic): return .failure(diagnostic)
            case .success(let descriptor):
                if let diagnostic = addStack(descriptor, function) { return .failure(diagnostic) }
                numbers[id] = tables.builder.module.functions.count
                tables.builder.module.functions.append(descriptor)
                if lowering.givesFreshResults { freshResults.insert(id) }
            }
        }
        tables.builder.module.entries = entries.map(entry)
        return checked(tables.builder.module)
    }

    private func entry(_ id: FunctionID) -> EntryPoint {
        let function = program.functions[id]
        let kind: EntryPoint.Kind =
            switch function.kind {
            case .view: .view
            case .initializer: .initializer
            case .action, .function: .action
            }
        return EntryPoint(
            name: function.kind == .initializer ? "init" : function.name, kind: kind, function: numbers[id] ?? 0,
            parameterNames: function.parameters.map(\.name), documentation: function.documentation)
    }

    /// Holds what calls take together to the machine's limits.
    private func addStack(_ descriptor: FunctionDescriptor, _ function: Function) -> Diagnostic? {
        let stack = CallStack(of: descriptor, over: stacks)
        stacks.append(stack)
        if stack.attempts > ModuleLimits.attempts {
            return Diagnostic(
                .limitExceeded,
                "\(function.name) tries calls within calls that it tries, more than \(ModuleLimits.attempts) deep",
                at: function.span, hint: "try the outer or the inner calls, not each of them")
        }
        guard stack.registers > ModuleLimits.stackRegisters else { return nil }
        return Diagnostic(
            .limitExceeded,
            "\(function.name) and the functions that it calls need \(stack.registers) registers at one time, "
                + "more than \(ModuleLimits.stackRegisters)",
            at: function.span, hint: "let fewer functions call one another in a chain")
    }

    /// Holds the tables to the limits of artefacts, which the language's own limits do not all imply.
    private func checked(_ module: Module) -> Result<Module, Diagnostic> {
        guard module.typeDepth <= ModuleLimits.typeDepth else {
            return .failure(
                Diagnostic(
                    .limitExceeded,
                    "types of \(contract.name) stand in one another deeper than \(ModuleLimits.typeDepth) levels",
                    at: contract.span, hint: "keep what lies deeper in a field or list of its own"))
        }
        do {
            _ = try module.encoded()
            return .success(module)
        } catch {
            return .failure(
                Diagnostic(
                    .limitExceeded, "\(contract.name) is too large for an artefact: \(error.message)",
                    at: contract.span))
        }
    }

    /// Depth first without recursion, for chains of calls may be long.
    private func calleesFirst(from roots: [FunctionID]) -> [FunctionID] {
        var order: [FunctionID] = []
        var seen: Set<FunctionID> = []
        for root in roots where seen.insert(root).inserted {
            var path = [(id: root, callees: CallScan.callees(of: program.functions[root])[...])]
            while let last = path.last {
                guard let next = last.callees.first else {
                    order.append(last.id)
                    path.removeLast()
                    continue
                }
                path[path.count - 1].callees.removeFirst()
                if seen.insert(next).inserted {
                    path.append((next, CallScan.callees(of: program.functions[next])[...]))
                }
            }
        }
        return order
    }
}
