import Bytecode
import Crypto
import Numerics
import Verifier

/// Runs verified contracts, one call at a time. A machine belongs to one thread; it keeps its memory between calls.
public final class Machine {
    let context: UnsafeMutablePointer<Context>
    private let arenaOwner: ArenaOwner

    // Alive for one call.
    private var reader: (any StateReader)?
    private var modules: [VerifiedModule] = []
    private var records: [UnsafeMutableRawPointer] = []
    private(set) var openings: [Opening] = []
    var failurePayload: [UInt8] = []
    var failureTrace: [(contract: UnsafeMutablePointer<ContractRecord>, function: Int, word: Int)] = []
    var steps: [TraceStep] = []

    /// Keep `attemptsWithoutMeans` (false unless set).
    public var notesAttempts = false
    /// Of the last call: the numbers, in order of their beginning, of the `try` calls that failed for want of gas or
    /// memory, which an evaluator without either has to be told. Attempts within one of these are not counted.
    public private(set) var attemptsWithoutMeans: [Int] = []

    func noteAttemptWithoutMeans(_ number: Int) {
        guard notesAttempts else { return }
        while let last = attemptsWithoutMeans.last, last >= number { attemptsWithoutMeans.removeLast() }
        attemptsWithoutMeans.append(number)
    }

    /// - Parameters:
    ///   - seed: keeps chosen keys from colliding in the machine's tables; no result depends on it.
    ///   - arenaBytes: the arena's cap. The consensus value is the default.
    ///   - isExact: every arena object and every contract's registers are a heap block of exactly their size, for runs
    ///     under the address sanitizer.
    /// Nil when the system has no memory to give.
    public init?(seed: UInt64 = 0, arenaBytes: Int = ArenaOwner.defaultCapacityBytes, isExact: Bool = false) {
        guard let owner = ArenaOwner(capacityBytes: arenaBytes, exact: isExact) else { return nil }
        arenaOwner = owner
        let registers = (MachineLimits.stackRegisters + ModuleLimits.registers + 8) * MachineLimits.callDepth
        let words = Words.allocate(capacity: registers)
        words.initialize(repeating: 0, count: registers)
        let homes = UnsafeMutableRawPointer.allocate(byteCount: 32 * registers, alignment: 32)
            .bindMemory(to: UInt64.self, capacity: 4 * registers)
        let frames = UnsafeMutablePointer<Frame>.allocate(capacity: MachineLimits.stackFrames * MachineLimits.callDepth)
        let contracts = UnsafeMutablePointer<ContractRecord>.allocate(capacity: Context.contractLimit)
        let scratch = UnsafeMutablePointer<ByteBuffer>.allocate(capacity: 1)
        scratch.initialize(to: ByteBuffer(limit: Context.scratchBytesLimit))
        let eventBytes = UnsafeMutablePointer<ByteBuffer>.allocate(capacity: 1)
        eventBytes.initialize(to: ByteBuffer(limit: Context.eventBytesLimit))
        context = .allocate(capacity: 1)
        context.initialize(
            to: Context(
                contract: contracts, frames: frames, arena: owner.arena, overlay: Overlay(seed: seed), scratch: scratch,
                eventBytes: eventBytes, events: .allocate(capacity: Context.eventLimit), words: words, homes: homes,
                registerCapacity: registers, frameBase: frames, contracts: contracts,
                assets: .allocate(capacity: Context.assetLimit), isExact: isExact,
                machine: Unmanaged.passUnretained(self)))
    }

    deinit {
        context.pointee.overlay.deallocate()
        context.pointee.scratch.pointee.deallocate()
        context.pointee.scratch.deallocate()
        context.pointee.eventBytes.pointee.deallocate()
        context.pointee.eventBytes.deallocate()
        context.pointee.events.deallocate()
        context.pointee.words.deallocate()
        context.pointee.homes.deallocate()
        context.pointee.frameBase.deallocate()
        context.pointee.contracts.deallocate()
        context.pointee.assets.deallocate()
        context.deallocate()
    }

    // MARK: Calls

    /// Runs an action or a view. Nothing of the state changes: the result says what would.
    public func execute(
        _ request: CallRequest, in block: BlockContext, state: any StateReader
    ) -> ExecutionResult {
        start(block, state, gasLimit: request.gasLimit)
        defer { finish() }
        guard let number = context.contractNumber(at: request.contract) else {
            return failed(context.pointee.status, request.contract, request.gasLimit)
        }
        let module = modules[Int(context.pointee.contracts[Int(number)].moduleIndex)]
        guard let entry = module.entry(named: request.entry), entry.kind != .initializer,
            entry.kind == .view || !request.isReadOnly
        else { return failed(Status(.noSuchEntry), request.contract, request.gasLimit) }
        return run(number, Int32(entry.function), request.arguments, request.caller, request.gasLimit)
    }

    /// Runs the initialiser of a new contract.
    public func deploy(
        _ request: DeployRequest, in block: BlockContext, state: any StateReader
    ) -> ExecutionResult {
        start(block, state, gasLimit: request.gasLimit)
        defer { finish() }
        guard let entry = request.module.initializer, context.charge(MachineCosts.coldContract),
            let number = context.addContract(request.module, at: request.address)
        else { return failed(Status(.outOfGas), request.address, request.gasLimit) }
        return run(number, Int32(entry.function), request.arguments, request.deployer, request.gasLimit)
    }

    /// As `execute`, with a note of every instruction.
    public func trace(
        _ request: CallRequest, in block: BlockContext, state: any StateReader
    ) -> (result: ExecutionResult, steps: [TraceStep]) {
        context.pointee.isTraced = true
        defer {
            context.pointee.isTraced = false
            steps = []
        }
        let result = execute(request, in: block, state: state)
        return (result, steps)
    }

    private func start(_ block: BlockContext, _ state: any StateReader, gasLimit: Int64) {
        reader = state
        context.pointee.gas = max(0, gasLimit)
        context.pointee.chain = block.chainID
        context.pointee.height = block.height
        context.pointee.blockIntervalMilliseconds = Int64(clamping: max(1, block.blockIntervalMilliseconds))
        context.pointee.frames = context.pointee.frameBase
        context.pointee.depth = 0
        context.pointee.errorIndex = 0
        context.pointee.attemptCount = 0
        context.pointee.freshSince = 0
        context.pointee.paidAgain = 0
        context.pointee.contractsLeft = .max
        context.pointee.objectsMetAgain = 0
        attemptsWithoutMeans.removeAll(keepingCapacity: true)
        context.pointee.contractCount = 1
        context.pointee.contractNumber = 0
        failurePayload = []
        failureTrace.removeAll(keepingCapacity: true)
    }

    private func finish() {
        context.pointee.overlay.reset()
        context.pointee.arena.reset()
        context.pointee.eventCount = 0
        context.pointee.eventBytes.pointee.count = 0
        context.pointee.assetCount = 0
        for record in records { record.deallocate() }
        records.removeAll(keepingCapacity: true)
        modules.removeAll(keepingCapacity: true)
        openings.removeAll(keepingCapacity: true)
        reader = nil
    }

    private func run(
        _ number: UInt32, _ function: Int32, _ arguments: [UInt8], _ caller: Address, _ gasLimit: Int64
    ) -> ExecutionResult {
        let record = context.pointee.contracts + Int(number)
        let address = record.pointee.address
        let prepared = record.pointee.module.functions + Int(function)
        let (words, homes) =
            context.pointee.isExact
            ? makeWindow(registers: Int(prepared.pointee.stackRegisters) + 1)
            : (context.pointee.words, context.pointee.homes)
        context.pointee.contract = record
        context.pointee.contractNumber = number
        var status = takeArguments(arguments, prepared, record, caller, words, homes)
        if status.isOK { status = context.enter(number, function, caller: caller, words, homes) }
        context.pointee.contract = record
        context.pointee.contractNumber = number
        guard status.isOK else { return failed(status, address, gasLimit) }
        var result: [UInt8] = []
        if prepared.pointee.result >= 0 {
            let register = Int(prepared.pointee.parameterCount)
            let type = record.pointee.module.types[Int(prepared.pointee.result)]
            if type.kind == .token {
                guard let asset = context.asset(Int(type.first)) else {
                    return failed(context.pointee.status, address, gasLimit)
                }
                status = context.credit(
                    asset, caller, CellOperand(word: words[register], home: homes + 4 * register))
            }
            context.pointee.scratch.pointee.count = 0
            if status.isOK {
                status = context.encode(
                    words[register], homes + 4 * register, prepared.pointee.result, of: record,
                    to: context.pointee.scratch)
            }
            if status.isOK, !context.charge(MachineCosts.receiptByte * Int64(context.pointee.scratch.pointee.count)) {
                status = Status(.outOfGas)
            }
            guard status.isOK else { return failed(status, address, gasLimit) }
            result = context.pointee.scratch.pointee.bytes(from: 0, count: context.pointee.scratch.pointee.count)
        }
        return succeeded(result, address, gasLimit)
    }

    /// Decodes the arguments into the first window; tokens are debited from the caller.
    private func takeArguments(
        _ arguments: [UInt8], _ function: UnsafePointer<PreparedFunction>,
        _ record: UnsafeMutablePointer<ContractRecord>, _ caller: Address, _ words: Words, _ homes: Homes
    ) -> Status {
        arguments.withUnsafeBytes { buffer -> Status in
            let empty = UnsafeRawPointer(context)
            var source = ByteSource(base: buffer.baseAddress ?? empty, count: buffer.count)
            for index in 0..<Int(function.pointee.parameterCount) {
                let type = record.pointee.module.children[Int(function.pointee.registers.first) + index]
                let (word, home) = (words + index, homes + 4 * index)
                var status = context.decode(&source, type, of: record, flags: 0, into: word, home)
                if !status.isOK { return status }
                let prepared = record.pointee.module.types[Int(type)]
                if prepared.kind == .token {
                    guard let asset = context.asset(Int(prepared.first)) else { return context.pointee.status }
                    status = context.debit(asset, caller, CellOperand(word: word.pointee, home: home))
                    if !status.isOK { return status }
                }
            }
            return source.remaining == 0 ? .ok : Status(.invalidArgument)
        }
    }

    // MARK: What the context asks for

    func read(_ key: Bytes32) -> [UInt8]? { reader?.read(key) }

    /// Puts aside what the state holds of an amount, for the audit. It belongs to the overlay's newest entry.
    func keepOpening(_ bytes: [UInt8]) {
        openings.append(Opening(index: context.pointee.overlay.count - 1, bytes: bytes))
    }

    func randomness(at height: UInt64) -> Bytes32? { reader?.randomness(at: height) }

    func lookUp(_ address: Address) -> VerifiedModule? { reader?.module(at: address) }

    func verified(_ index: Int32) -> VerifiedModule { modules[Int(index)] }

    func makeRecord(_ module: VerifiedModule, _ address: Address) -> ContractRecord {
        modules.append(module)
        let assets = UnsafeMutablePointer<Int64>.allocate(capacity: module.prepared.assetCount + 1)
        assets.initialize(repeating: -1, count: module.prepared.assetCount + 1)
        let imports = UnsafeMutablePointer<ImportCache>.allocate(capacity: module.prepared.importCount + 1)
        imports.initialize(
            repeating: ImportCache(contract: 0, function: 0), count: module.prepared.importCount + 1)
        records.append(UnsafeMutableRawPointer(assets))
        records.append(UnsafeMutableRawPointer(imports))
        return ContractRecord(
            address: address, module: module.prepared, moduleIndex: Int32(modules.count - 1), isActive: false,
            assets: assets, imports: imports)
    }

    /// Registers that live until the call has ended.
    func makeWindow(registers: Int) -> (Words, Homes) {
        let words = Words.allocate(capacity: registers)
        words.initialize(repeating: 0, count: registers)
        let homes = UnsafeMutableRawPointer.allocate(byteCount: 32 * registers, alignment: 32)
        records += [UnsafeMutableRawPointer(words), homes]
        return (words, homes.bindMemory(to: UInt64.self, capacity: 4 * registers))
    }

    /// Most frames of a failure's trace, the innermost: naming them costs no gas.
    static let traceLimit = 64

    func note(_ code: UnsafeRawPointer, in record: UnsafeMutablePointer<ContractRecord>) {
        guard failureTrace.count < Machine.traceLimit else { return }
        let function = context.functionIndex(of: code, in: record)
        let first = Int(record.pointee.module.functions[function].codeOffset)
        let word = (code - UnsafeRawPointer(record.pointee.module.code)) / 8 - first
        failureTrace.append((record, function, word))
    }

    // MARK: Results

    private func failed(_ status: Status, _ address: Address, _ gasLimit: Int64) -> ExecutionResult {
        let isOutOfGas = status == Status(.outOfGas)
        let gasUsed = max(0, gasLimit) - (isOutOfGas ? 0 : max(0, context.pointee.gas))
        let trace = failureTrace.map { step -> TraceFrame in
            let module = modules[Int(step.contract.pointee.moduleIndex)]
            return TraceFrame(
                contract: step.contract.pointee.address, function: module.module.functions[step.function].name,
                word: step.word, position: position(module, step.function, step.word))
        }
        let source = failureTrace.first.map { modules[Int($0.contract.pointee.moduleIndex)].module }
        let code: FailureCode
        if status == .declared, let source {
            let index = Int(context.pointee.errorIndex)
            code = .declared(index: index, name: source.errors[index].name)
        } else {
            code = .builtin(status.failure ?? .conservationViolated)
        }
        let failure = Failure(
            code: code, payload: status == .declared ? failurePayload : [],
            contract: trace.first?.contract ?? address, position: trace.first?.position, trace: trace)
        return ExecutionResult(outcome: .failure(failure), gasUsed: gasUsed)
    }

    private func position(_ module: VerifiedModule, _ function: Int, _ word: Int) -> SourcePosition? {
        guard let found = module.position(function: function, word: word) else { return nil }
        let names = module.module.sourceNames
        let file = names.indices.contains(found.file) ? names[found.file] : ""
        return SourcePosition(file: file, line: found.line, column: found.column)
    }

    private func succeeded(_ result: [UInt8], _ address: Address, _ gasLimit: Int64) -> ExecutionResult {
        guard let changes = collectChanges() else { return failed(Status(.conservationViolated), address, gasLimit) }
        guard isBalanced() else { return failed(Status(.booksUnbalanced), address, gasLimit) }
        let events = collectEvents()
        return ExecutionResult(
            outcome: .success(result), gasUsed: max(0, gasLimit) - context.pointee.gas, events: events,
            writes: changes.writes, bookEntries: changes.books, supplyChanges: changes.supplies)
    }

    private func collectEvents() -> EventLog {
        let count = context.pointee.eventCount
        if count == 0 { return EventLog() }
        let records = Array(UnsafeBufferPointer(start: context.pointee.events, count: count))
        var emitters: [UInt32: EventLog.Emitter] = [:]
        for number in 1..<UInt32(context.pointee.contractCount) {
            let record = context.pointee.contracts + Int(number)
            let module = modules[Int(record.pointee.moduleIndex)].module
            if module.events.isEmpty { continue }
            emitters[number] = EventLog.Emitter(
                address: record.pointee.address, names: module.events.map(\.name))
        }
        let payloads = context.pointee.eventBytes.pointee
        return EventLog(records: records, bytes: payloads.bytes(from: 0, count: payloads.count), emitters: emitters)
    }
}
