// Mutants of valid artefacts, run under the address sanitizer: each is refused, or runs within its gas, keeps every
// supply, changes nothing in a view or when it fails, and leaves nothing behind a failed `tryCall`. Usage: agon-mutants
// [count] [seed] [first]. A mutant depends on seed and index alone, so one that fails is run again by `agon-mutants 1
// SEED INDEX`.
import Benchmarks
import Bytecode
import Crypto
import Machine
import Numerics
import Verifier

enum OpcodeAddresses {
    static let callee = OpcodeProgram.callee
}

struct MutantRun {
    let samples: [Sample]
    let neighbour: VerifiedModule
    // The register stack and every object of the first are of exact size; the second must agree with it.
    let exact: Machine
    let plain: Machine
    var tally = MutantTally()
    var failures = 0

    mutating func run(seed: UInt64, index: Int) {
        var generator = SplitMix64(seed: seed &+ UInt64(index) &* 0x1_0001)
        guard var sample = generator.pick(samples) else { return }
        var mutator = Mutator(generator: generator)
        if mutator.generator.chance(1, of: 3) {
            guard var bytes = try? sample.module.encoded() else { return }
            let field = mutator.mutate(&bytes)
            do {
                sample.module = try Module(decoding: bytes)
            } catch {
                tally.addMutant(of: field, .refusedByDecoder(code: error.code.rawValue))
                return
            }
            judge(sample, field, &mutator, seed, index)
        } else if let field = mutator.mutate(&sample.module) {
            judge(sample, field, &mutator, seed, index)
        } else {
            tally.addMutant(of: "nothing to change", .accepted)
        }
    }

    private mutating func judge(
        _ sample: Sample, _ field: String, _ mutator: inout Mutator, _ seed: UInt64, _ index: Int
    ) {
        switch verify(sample.module) {
        case .failure(let error):
            tally.addMutant(of: field, .refusedByVerifier(code: "\(error.code.rawValue) \(error.code)"))
        case .success(let module):
            tally.addMutant(of: field, .accepted)
            execute(module, sample, &mutator.generator, seed, index)
        }
    }

    private mutating func execute(
        _ module: VerifiedModule, _ sample: Sample, _ generator: inout SplitMix64, _ seed: UInt64, _ index: Int
    ) {
        let chain = MutantChain(module, neighbour: neighbour)
        let block = BlockContext(chainID: .zero, height: 7, blockIntervalMilliseconds: 1_000)
        for entry in module.module.entries where entry.kind != .initializer {
            for isMadeUp in [false, true] {
                guard let arguments = isMadeUp ? madeUp(entry, module.module, &generator) : sample.arguments[entry.name]
                else { continue }
                let request = CallRequest(
                    contract: MutantChain.contract, entry: entry.name, arguments: arguments, caller: MutantChain.caller,
                    gasLimit: Int64(generator.below(generator.chance(1, of: 4) ? 20_000 : 400_000)))
                let result = exact.execute(request, in: block, state: chain)
                let twin = plain.execute(request, in: block, state: chain)
                if result != twin { fail("two machines disagree", seed, index) }
                check(result, request, chain, seed, index)
                if entry.kind == .view, result.hasEffects { fail("a view with effects", seed, index) }
            }
        }
        attempt(module, chain, block, &generator, seed, index)
    }

    /// The neighbour calls the mutant by `tryCall` and goes on when that fails: then nothing of what the mutant did may
    /// remain.
    private mutating func attempt(
        _ module: VerifiedModule, _ chain: MutantChain, _ block: BlockContext, _ generator: inout SplitMix64,
        _ seed: UInt64, _ index: Int
    ) {
        let gas = UInt8(20 + generator.below(140))
        let request = CallRequest(
            contract: MutantChain.neighbour, entry: "venture",
            arguments: MutantChain.contract.bytes + [2, 30] + [2, 7] + [4, gas, 0], caller: MutantChain.caller,
            gasLimit: 1_000_000)
        let result = exact.execute(request, in: block, state: chain)
        check(result, request, chain, seed, index)
        guard case .success(let bytes) = result.outcome, bytes == Corpus.ventureFailed else { return }
        tally.addOutcome("tried by a neighbour, failed")
        let own = [MutantChain.caller, MutantChain.neighbour]
        let isForeign = result.bookEntries.contains { $0.kind != .balance || !own.contains($0.holder) }
        if isForeign || !result.writes.isEmpty || !result.events.isEmpty || !result.supplyChanges.isEmpty {
            fail("a failed try with effects", seed, index)
        }
    }

    private mutating func check(
        _ result: ExecutionResult, _ request: CallRequest, _ chain: MutantChain, _ seed: UInt64, _ index: Int
    ) {
        if result.gasUsed > request.gasLimit || result.gasUsed < 0 { fail("gas above the limit", seed, index) }
        if !chain.apply(result) { fail("a supply changed", seed, index) }
        switch result.outcome {
        case .success: tally.addOutcome("ran to the end")
        case .failure(let failure):
            tally.addOutcome("failed, \(failure.code.name)")
            if result.hasEffects { fail("a failure with effects", seed, index) }
            let locks: [BuiltinFailure] = [.conservationViolated, .booksUnbalanced, .damagedState]
            if locks.contains(where: { failure.code == .builtin($0) }) {
                fail("the machine's own lock: \(failure.code.name)", seed, index)
            }
        }
    }

    private mutating func fail(_ reason: String, _ seed: UInt64, _ index: Int) {
        print("mutant \(index) of seed \(seed): \(reason)")
        failures += 1
    }

    /// Arguments of the right types, or now and then mere bytes.
    private func madeUp(_ entry: EntryPoint, _ module: Module, _ generator: inout SplitMix64) -> [UInt8]? {
        if generator.chance(1, of: 10) { return (0..<generator.below(80)).map { _ in UInt8(generator.below(256)) } }
        let function = module.functions[entry.function]
        let coding = ABICoding(types: module.types)
        var bytes: [UInt8] = []
        for type in function.registers.prefix(function.parameterCount) {
            guard let value = value(type, module, &generator), let encoded = try? coding.encode(value, as: type) else {
                return nil
            }
            bytes += encoded
        }
        return bytes
    }

    private func value(_ type: TypeIndex, _ module: Module, _ generator: inout SplitMix64) -> ABIValue? {
        switch module.types[type] {
        case .boolean: return .boolean(generator.chance(1, of: 2))
        case .integer(_, let bits, let isSigned):
            let width = generator.chance(1, of: 2) ? min(bits - 1, 6) : bits - 1
            let magnitude = BigInt(1) << generator.below(max(1, width)) - BigInt(generator.below(2))
            return .integer(isSigned && generator.chance(1, of: 3) ? -magnitude : magnitude)
        case .token: return .integer(BigInt(generator.below(40)))
        case .bytes32:
            let known = [MutantChain.contract, MutantChain.neighbour, MutantChain.caller, .zero]
            return .bytes32((generator.pick(known) ?? .zero).bytes)
        case .bytes(let capacity): return .bytes([UInt8](repeating: 5, count: generator.below(min(capacity, 90) + 1)))
        case .text(let capacity): return .text(String(repeating: "a", count: generator.below(min(capacity, 20) + 1)))
        case .list(let element, let capacity):
            var elements: [ABIValue] = []
            for _ in 0..<generator.below(min(capacity, 6) + 1) {
                guard let part = value(element, module, &generator) else { return nil }
                elements.append(part)
            }
            return .list(elements)
        case .option(let wrapped):
            return .option(generator.chance(1, of: 2) ? nil : value(wrapped, module, &generator))
        case .structure(_, let fields):
            let parts = fields.compactMap { value($0.type, module, &generator) }
            return parts.count == fields.count ? .structure(parts) : nil
        case .enumeration(_, let cases):
            let index = generator.below(cases.count)
            let parts = cases[index].payload.compactMap { value($0.type, module, &generator) }
            return parts.count == cases[index].payload.count ? .enumeration(caseIndex: index, payload: parts) : nil
        case .tensor(let element, let dimensions):
            let sizes = dimensions.map { $0 == 0 ? generator.below(5) : min($0, 64) }
            let count = sizes.reduce(element.byteCount, *)
            return .tensor(dimensions: sizes, data: [UInt8](repeating: 2, count: count))
        case .tokenList: return nil
        }
    }
}

extension ExecutionResult {
    var hasEffects: Bool { !writes.isEmpty || !bookEntries.isEmpty || !supplyChanges.isEmpty || !events.isEmpty }
}

let arguments = CommandLine.arguments.dropFirst().map { Int($0) ?? -1 }
let count = arguments.first ?? 100_000
let seed = arguments.count > 1 ? arguments[1] : 1
let first = arguments.count > 2 ? arguments[2] : 0
guard count >= 0, seed >= 0, first >= 0, let exact = Machine(seed: 3, isExact: true), let plain = Machine(seed: 4),
    case .success(let neighbour) = verify(try Corpus.bankModule())
else { fatalError("usage: agon-mutants [count] [seed] [first]") }
let samples = try Corpus.samples()
let missing = Corpus.missingOpcodes(samples)
if !missing.isEmpty { fatalError("no sample has \(missing.map { "\($0)" }.joined(separator: ", "))") }
var run = MutantRun(samples: samples, neighbour: neighbour, exact: exact, plain: plain)
for index in first..<(first + count) {
    run.run(seed: UInt64(seed), index: index)
}
print("\(count) mutants from seed \(seed); the samples have all \(Opcode.allCases.count) instructions")
print(run.tally.printed())
print("\(run.failures) violations")
if run.failures > 0 { fatalError("\(run.failures) violations") }
