import Bytecode
import Crypto
import Machine
import Numerics
import Verifier

/// One case: its modules, the state between its calls, and what was seen.
final class BytecodeCaseRun: StateReader {
    private let content: BytecodeCaseFile.Case
    private let path: String
    private let machine: Machine

    /// A part of the case that could be assembled.
    private struct Built {
        var name: String
        var module: Module
        /// Nil: the module has no artefact.
        var artefact: [UInt8]?
        var verified: VerifiedModule?
    }
    private var parts: [Built] = []
    private var assemblyFailure: CodingError?

    private var entries: [Bytes32: [UInt8]] = [:]
    private var isDeployed = false
    private var caller = BytecodeCaseFile.numbered(1)
    private var height: UInt64 = 10
    private var gasLimit: Int64 = 10_000_000
    private var events: [EmittedEvent] = []
    private var exportedSteps: [JSONValue] = []

    init(_ content: BytecodeCaseFile.Case, path: String, machine: Machine) {
        self.content = content
        self.path = path
        self.machine = machine
    }

    // MARK: The chain that contracts see

    func read(_ key: Bytes32) -> [UInt8]? { entries[key] }
    func randomness(at height: UInt64) -> Bytes32? {
        height == 3 ? nil : Blake2b.hash(BytecodeCaseFile.numbered(height).bytes)
    }
    func module(at address: Bytes32) -> VerifiedModule? {
        guard isDeployed, let index = parts.indices.first(where: { Self.address(of: $0) == address }) else {
            return nil
        }
        return parts[index].verified
    }
    /// The modules of a case live at @50, @51, …; the chain is @99.
    private static func address(of part: Int) -> Bytes32 { BytecodeCaseFile.numbered(50 + UInt64(part)) }
    private var block: BlockContext {
        BlockContext(chainID: BytecodeCaseFile.numbered(99), height: height, blockIntervalMilliseconds: 6_000)
    }

    // MARK: Steps

    func run(into result: inout BytecodeCaseResult) {
        build()
        for (line, step) in content.steps {
            let complaint = run(step, into: &result)
            if let complaint { result.complaints.append("\(path):\(line): \(content.name): \(complaint)") }
        }
        if content.steps.isEmpty {
            result.complaints.append("\(path):\(content.line): \(content.name) expects nothing")
        }
        result.export.append(
            .object([
                .init("name", .string(content.name)), .init("line", .integer(content.line)),
                .init("modules", .array(parts.enumerated().map(exported))), .init("steps", .array(exportedSteps)),
            ]))
    }

    private func exported(_ index: Int, _ part: Built) -> JSONValue {
        .object([
            .init("name", .string(part.name)), .init("address", .string("0x" + Self.address(of: index).hex)),
            .init("artefact", part.artefact.map { .string(ABIJSON.hexadecimal($0)) } ?? .null),
        ])
    }

    private func build() {
        for part in content.parts {
            do throws(CodingError) {
                let module = try Assembler.module(part.lines.joined(separator: "\n"), name: part.name)
                let artefact = try? module.encoded()
                parts.append(Built(name: part.name, module: module, artefact: artefact))
            } catch {
                assemblyFailure = error
                return
            }
        }
    }

    private func run(_ step: BytecodeCaseFile.Step, into result: inout BytecodeCaseResult) -> String? {
        if let assemblyFailure {
            guard case .verdict(.none, let code) = step, code == assemblyFailure.code.rawValue else {
                return "\(assemblyFailure)"
            }
            result.refusalCodes.insert(assemblyFailure.code.rawValue)
            return nil
        }
        switch step {
        case .verdict(let edit, let code): return check(edit, code, &result)
        case .caller(let address): caller = address
        case .height(let height): self.height = height
        case .gasLimit(let gas): gasLimit = gas
        case .grant(let address, let amount):
            guard let number = BigInt(amount, radix: 10) else { return "\(amount) is no amount" }
            let bytes = [UInt8(2 * number.bigEndianMagnitude.count)] + number.bigEndianMagnitude
            write(StateKeys.balance(asset: .nativeCoin, address: address), bytes)
            write(StateKeys.supply(asset: .nativeCoin), bytes)
        case .store(let slot, let bytes):
            write(StateKeys.slot(contract: Self.address(of: 0), slot: slot, overlayKey: StateKeys.plain), bytes)
        case .deploy(let arguments, let outcome): return deploy(arguments, outcome, &result)
        case .call(let module, let entry, let arguments, let outcome, let gas):
            if !isDeployed, let complaint = deploy(.raw([]), .success(nil), &result) { return complaint }
            return call(module, entry, arguments, outcome, gas, &result)
        case .emitted(let name, let payload): return checkEvent(name, payload)
        case .balance(let asset, let holder, let amount):
            let key = StateKeys.balance(asset: assetID(asset), address: holder)
            let found = entries[key].map { $0.dropFirst() } ?? []
            exportedSteps.append(.object([.init("entry", .string("0x" + key.hex)), .init("number", .string(amount))]))
            let number = BigInt(negative: false, bigEndianMagnitude: Array(found))
            return number.description == amount ? nil : "the balance is \(number), not \(amount)"
        }
        return nil
    }

    private func assetID(_ index: Int) -> Bytes32 {
        guard parts[0].module.assets.indices.contains(index) else { return .zero }
        let asset = parts[0].module.assets[index]
        return asset.origin == .native ? .nativeCoin : Addresses.asset(issuer: Self.address(of: 0), name: asset.name)
    }

    /// Puts bytes into the state, as other implementations are told to.
    private func write(_ key: Bytes32, _ bytes: [UInt8]) {
        entries[key] = bytes
        exportedSteps.append(
            .object([.init("store", .string("0x" + key.hex)), .init("bytes", .string(ABIJSON.hexadecimal(bytes)))]))
    }

    private func set(_ key: Bytes32, _ magnitude: [UInt8]) {
        entries[key] = magnitude.isEmpty ? nil : [UInt8(2 * magnitude.count)] + magnitude
    }

    // MARK: Verdicts

    private func check(
        _ edit: BytecodeCaseFile.Edit, _ code: String?, _ result: inout BytecodeCaseResult
    ) -> String? {
        let found: String?
        var bytes = parts.last?.artefact
        switch edit {
        case .none: break
        case .cut(let count): bytes = bytes.map { Array($0.prefix(count)) }
        case .append(let more): bytes = bytes.map { $0 + more }
        case .byte(let offset, let byte):
            if var edited = bytes {
                let index = offset < 0 ? edited.count + offset : offset
                guard edited.indices.contains(index) else { return "the artefact has \(edited.count) bytes" }
                edited[index] = byte
                bytes = edited
            }
        }
        switch (edit, bytes, parts.last) {
        case (.none, nil, let part?): found = verdict(part.module, &result)
        case (_, let bytes?, _):
            do throws(CodingError) {
                found = verdict(try Module(decoding: bytes), &result)
            } catch {
                found = error.code.rawValue
            }
        default: return "there is no artefact to change"
        }
        var step: [JSONValue.Member] = [.init("verdict", code.map { .string($0) } ?? .string("accepted"))]
        if edit != .none, let bytes { step.append(.init("artefact", .string(ABIJSON.hexadecimal(bytes)))) }
        exportedSteps.append(.object(step))
        guard found == code else { return "\(found ?? "accepted"), expected: \(code ?? "accepted")" }
        if let code { result.refusalCodes.insert(code) } else { result.hasAccepted = true }
        return nil
    }

    private func verdict(_ module: Module, _ result: inout BytecodeCaseResult) -> String? {
        guard case .failure(let error) = verify(module) else { return nil }
        if let function = error.function, let word = error.word, module.functions.indices.contains(function),
            module.functions[function].code.indices.contains(word)
        {
            result.refused.insert(UInt8(truncatingIfNeeded: module.functions[function].code[word]))
        }
        return error.code.rawValue
    }

    // MARK: Calls

    /// Deploys the modules in order; the arguments are the first one's.
    private func deploy(
        _ arguments: BytecodeCaseFile.Arguments, _ outcome: BytecodeCaseFile.Outcome,
        _ result: inout BytecodeCaseResult
    ) -> String? {
        for index in parts.indices {
            switch verify(parts[index].module) {
            case .success(let verified): parts[index].verified = verified
            case .failure(let error): return "refused: \(error)"
            }
        }
        for index in parts.indices.reversed() {
            guard let module = parts[index].verified, let entry = module.initializer else { return "no initialiser" }
            do throws(CodingError) {
                let bytes = index == 0 ? try encoded(arguments, parts[0].module, entry) : []
                let execution = machine.deploy(
                    DeployRequest(
                        module: module, address: Self.address(of: index), arguments: bytes, deployer: caller,
                        gasLimit: gasLimit), in: block, state: self)
                isDeployed = true
                if let complaint = compare(
                    execution, index == 0 ? outcome : .success(nil), parts[index].module, entry, nil, &result)
                {
                    return complaint
                }
                if index == 0 { export(index, "init", bytes, execution) }
            } catch {
                return "\(error)"
            }
        }
        return nil
    }

    private func call(
        _ name: String?, _ entryName: String, _ arguments: BytecodeCaseFile.Arguments,
        _ outcome: BytecodeCaseFile.Outcome, _ gas: Int64?, _ result: inout BytecodeCaseResult
    ) -> String? {
        guard let index = name.map({ name in parts.firstIndex { $0.name == name } }) ?? 0 else {
            return "there is no module \(name ?? "")"
        }
        let module = parts[index].module
        let entry = module.entries.first { $0.name == entryName }
        do throws(CodingError) {
            var bytes: [UInt8] = []
            if let entry { bytes = try encoded(arguments, module, entry) }
            let (execution, steps) = machine.trace(
                CallRequest(
                    contract: Self.address(of: index), entry: entryName, arguments: bytes, caller: caller,
                    gasLimit: gasLimit), in: block, state: self)
            export(index, entryName, bytes, execution)
            let complaint = compare(execution, outcome, module, entry, gas, &result)
            if complaint == nil { note(steps, execution, &result) }
            return complaint
        } catch {
            return "\(error)"
        }
    }

    private func encoded(
        _ arguments: BytecodeCaseFile.Arguments, _ module: Module, _ entry: EntryPoint
    ) throws(CodingError) -> [UInt8] {
        switch arguments {
        case .raw(let bytes): return bytes
        case .values(let text):
            let function = module.functions[entry.function]
            return try encoded(text, Array(function.registers.prefix(function.parameterCount)), module)
        }
    }

    private func encoded(
        _ text: String, _ types: [TypeIndex], _ module: Module
    ) throws(CodingError) -> [UInt8] {
        guard case .array(let items) = try JSONValue(parsing: text), items.count == types.count else {
            throw CodingError(.jsonValue, "Expected an array of \(types.count) values")
        }
        let json = ABIJSON(types: module.types)
        var bytes: [UInt8] = []
        for (item, type) in zip(items, types) {
            bytes += try json.coding.encode(try json.value(item, as: type), as: type)
        }
        return bytes
    }

    private func compare(
        _ execution: ExecutionResult, _ outcome: BytecodeCaseFile.Outcome, _ module: Module, _ entry: EntryPoint?,
        _ gas: Int64?, _ result: inout BytecodeCaseResult
    ) -> String? {
        events = Array(execution.events)
        switch (execution.outcome, outcome) {
        case (.failure(let failure), .success): return "fails with \(failure.code.name)"
        case (.success(let bytes), .failure(let name, _)):
            return "gives \(ABIJSON.hexadecimal(bytes)), but \(name) is expected"
        case (.failure(let failure), .failure(let name, let payload)):
            guard failure.code.name == name else { return "fails with \(failure.code.name), not with \(name)" }
            if let payload, case .declared(let index, _) = failure.code {
                do throws(CodingError) {
                    let wanted = try encoded(payload, module.errors[index].parameters.map(\.type), module)
                    guard wanted == failure.payload else {
                        return "the payload is \(ABIJSON.hexadecimal(failure.payload))"
                    }
                } catch {
                    return "\(error)"
                }
            }
            result.failures.insert(name)
        case (.success(let bytes), .success(let wanted)):
            if let wanted, let entry, let type = module.functions[entry.function].result {
                do throws(CodingError) {
                    let json = ABIJSON(types: module.types)
                    let expected = try json.coding.encode(
                        try json.value(JSONValue(parsing: wanted), as: type), as: type)
                    guard expected == bytes else {
                        let found = try json.json(try json.coding.decode(bytes, as: type), as: type)
                        return "gives \(found.text()), not \(wanted)"
                    }
                } catch {
                    return "\(error)"
                }
            } else if wanted != nil {
                return "there is no result to compare"
            }
            apply(execution)
            result.hasAccepted = true
        }
        guard gas == nil || gas == execution.gasUsed else { return "uses \(execution.gasUsed) gas" }
        return nil
    }

    private func apply(_ execution: ExecutionResult) {
        for write in execution.writes { entries[write.key] = write.value }
        for entry in execution.bookEntries {
            switch entry.kind {
            case .balance: set(StateKeys.balance(asset: entry.asset, address: entry.holder), entry.amount)
            case .supply: set(StateKeys.supply(asset: entry.asset), entry.amount)
            case .holding: set(StateKeys.holding(contract: entry.holder, asset: entry.asset), entry.amount)
            }
        }
    }

    private func checkEvent(_ name: String, _ payload: String) -> String? {
        guard !events.isEmpty else { return "no event is left, \(name) is expected" }
        let event = events.removeFirst()
        guard event.name == name, let part = parts.indices.first(where: { Self.address(of: $0) == event.contract })
        else {
            return "the event is \(event.name)"
        }
        do throws(CodingError) {
            let module = parts[part].module
            let wanted = try encoded(payload, module.events[event.index].parameters.map(\.type), module)
            return wanted == event.payload ? nil : "the payload is \(ABIJSON.hexadecimal(event.payload))"
        } catch {
            return "\(error)"
        }
    }

    // MARK: Notes

    private func note(_ steps: [TraceStep], _ execution: ExecutionResult, _ result: inout BytecodeCaseResult) {
        let opcodes = steps.compactMap { step -> UInt8? in
            guard let part = parts.indices.first(where: { Self.address(of: $0) == step.address }),
                parts[part].module.functions.indices.contains(step.function),
                parts[part].module.functions[step.function].code.indices.contains(step.word)
            else { return nil }
            return UInt8(truncatingIfNeeded: parts[part].module.functions[step.function].code[step.word])
        }
        switch execution.outcome {
        case .success: result.executed.formUnion(opcodes)
        case .failure(let failure):
            if failure.code != .builtin(.outOfGas), let last = opcodes.last { result.refused.insert(last) }
        }
    }

    private func export(_ index: Int, _ entry: String, _ arguments: [UInt8], _ execution: ExecutionResult) {
        var step: [JSONValue.Member] = [
            .init("call", .string(entry)), .init("module", .integer(index)),
            .init("arguments", .string(ABIJSON.hexadecimal(arguments))), .init("caller", .string("0x" + caller.hex)),
            .init("height", .number(String(height))), .init("gasLimit", .number(String(gasLimit))),
        ]
        switch execution.outcome {
        case .success(let bytes): step.append(.init("result", .string(ABIJSON.hexadecimal(bytes))))
        case .failure(let failure):
            step.append(.init("failure", .string(failure.code.name)))
            step.append(.init("payload", .string(ABIJSON.hexadecimal(failure.payload))))
        }
        step.append(.init("gasUsed", .number(String(execution.gasUsed))))
        step.append(
            .init(
                "events",
                .array(
                    execution.events.map { event in
                        .object([
                            .init("name", .string(event.name)),
                            .init("payload", .string(ABIJSON.hexadecimal(event.payload))),
                        ])
                    })))
        exportedSteps.append(.object(step))
    }
}
