import Bytecode
import Crypto
import Harness
import Ledger
import Machine
import Numerics

// Pushes of settlements, deployments and first touches.

extension TransactionCosts {
    // MARK: Settlements

    /// Pushes over maps of many elements, by what an element does; see `Workloads/settlements.agon`.
    static let settlementKinds: [Kind] = [
        pushed("small elements", .fold(0), 10_000),
        pushed("small elements", .fold(0), 1, of: 10_000),
        pushed("elements that fail at once", .fold(1), 5_000),
        pushed("elements that store long lists", .fold(2), 500),
        pushed("elements that compute", .fold(3), 500),
        pushed("elements that compute, and fail", .fold(4), 500),
        pushed("elements that store, and fail", .fold(5), 1_000),
        pushed("elements that run out of gas", .fold(6), 200),
        pushed("elements that get a share", .payout(0), 5_000),
        pushed("elements whose share is set aside", .payout(1), 5_000),
    ]

    private enum Settlement {
        case fold(Int)
        case payout(Int)
    }

    private static func pushed(_ name: String, _ settlement: Settlement, _ count: Int, of size: Int? = nil) -> Kind {
        let all = size.map { " of \($0)" } ?? ""
        return Kind(group: .settlements, name: "push of \(count)\(all) \(name)") { costs in
            let contract = try costs.settlements()
            let key = costs.freshNumber()
            let (begin, push, kind) =
                switch settlement {
                case .fold(let kind): ("beginFold", "settle_run", kind)
                case .payout(let kind): ("beginPayout", "settle_share", kind)
                }
            _ = try costs.run(costs.call(begin, [key, kind, size ?? count], of: contract))
            try costs.advance()
            // The next transaction after a very large one also gives back the memory that it left.
            if size != nil { _ = try costs.run(costs.call(push, [key, count], of: contract)) }
            return try costs.call(push, [key, count], of: contract)
        }
    }

    private mutating func settlements() throws -> Address {
        try deployed("Settlements") { _ in
            try BenchmarkBed.module(.init(file: "settlements.agon", name: "Settlements")).encoded()
        }
    }

    // MARK: Deployments

    /// What is slow to verify, each in the largest size that a transaction takes, and what compilers make.
    static let deploymentKinds: [Kind] =
        HostileModule.all.map { module in
            Kind(group: .deployments, name: "deployment of \(module.name)") { costs in
                .deploy(artefact: try costs.artefact(module.name) { try largest(module) }, arguments: [])
            }
        } + [
            compiledKind("2 compiled functions", functions: 2, terms: 2),
            compiledKind("700 compiled functions", functions: 700, terms: 8),
            compiledKind("4 long compiled functions", functions: 4, terms: 3_000),
        ]

    private static func compiledKind(_ name: String, functions: Int, terms: Int) -> Kind {
        Kind(group: .deployments, name: "deployment of \(name)") { costs in
            let artefact = try costs.artefact(name) { try compiled(functions: functions, terms: terms) }
            return .deploy(artefact: artefact, arguments: [])
        }
    }

    /// The largest artefact of a family that may be deployed. Refused ones fail; `agon bench --verifier` times them.
    private static func largest(_ module: HostileModule) throws -> [UInt8] {
        for size in module.sizes.reversed() {
            let artefact = try module.module(size).encoded()
            guard artefact.count <= Limits.artefactByteCount else { continue }
            if case .success = MachineEngine.verified(artefact) { return artefact }
        }
        throw OpcodeProgramFailure(description: "\(module.name) cannot be deployed")
    }

    /// An artefact that is made once.
    private mutating func artefact(_ name: String, _ make: () throws -> [UInt8]) throws -> [UInt8] {
        if let known = artefacts[name] { return known }
        let made = try make()
        artefacts[name] = made
        return made
    }

    // MARK: First touches

    /// Contracts called in one transaction, each for the first time there.
    static let touchKinds: [Kind] = [(50, 2), (50, 700)].flatMap { count, functions in
        [false, true].map { isForgotten in
            let name = "first touch of \(count) contracts of \(functions) functions"
            return Kind(group: .touches, name: name + (isForgotten ? ", after a restart" : "")) { costs in
                let (toucher, targets) = try costs.touched(count, functions: functions)
                let coding = ABICoding(types: [.bytes32(.address), .list(0, capacity: 1_000)])
                let arguments = try coding.encode([.list(targets.map { .bytes32($0.bytes) })], as: [1])
                if isForgotten { costs.engine.forget() }
                return .call(contract: toucher, entry: "touch", arguments: arguments)
            }
        }
    }

    /// A contract that calls others, and so many to be called.
    private mutating func touched(_ count: Int, functions: Int) throws -> (toucher: Address, targets: [Address]) {
        let toucher = try deployed("Toucher") {
            try $0.artefact("Toucher") { try Self.compiled(functions: 1, terms: 1, contract: "Toucher") }
        }
        var targets: [Address] = []
        for number in 0..<count {
            let target = try deployed("\(functions) functions, \(number)") {
                try $0.artefact("\(functions) functions") { try Self.compiled(functions: functions, terms: 8) }
            }
            targets.append(target)
        }
        return (toucher, targets)
    }

    /// The address of a contract that is deployed once.
    private mutating func deployed(_ name: String, _ artefact: (inout Self) throws -> [UInt8]) throws -> Address {
        if let known = contracts[name] { return known }
        let address = try deploy(try artefact(&self))
        contracts[name] = address
        return address
    }

    /// The artefact of a contract with so many views, each a polynomial of so many terms, or of one that calls others.
    private static func compiled(functions: Int, terms: Int, contract: String = "Target") throws -> [UInt8] {
        let views = (0..<functions).map { number in
            let sums = (0..<terms).map { "    sum = (sum * x + y * \($0 + number + 2)) % 1_000_000_007" }
            return
                (["    view f\(number)(x: Int<64>, y: Int<64>) -> Int {", "    var sum: Int = x"] + sums
                + ["    return sum", "    }"]).joined(separator: "\n")
        }
        let text = """
            interface Touched { view ping() -> Int }
            contract Target: Touched {
                view ping() -> Int { return 1 }
            \(views.joined(separator: "\n"))
            }
            contract Toucher {
                action touch(targets: List<Touched, 1_000>) -> Int {
                    var sum: Int = 0
                    for target in targets { sum += target.ping() }
                    return sum
                }
            }
            """
        let disk = DiskSources(standardLibrary: nil)
        let result = LargeStack.run { CompiledProject.compile(text: text, disk: disk) }
        guard case .success(let project) = result, let id = project.contract(named: contract) else {
            throw OpcodeProgramFailure(description: "a generated contract does not compile")
        }
        return try project.modules[id].encoded()
    }
}

/// The machine as an engine that can be made to forget the contracts it has verified, as by a restart.
final class ForgetfulEngine: ExecutionEngine {
    private var engine = MachineEngine()

    func forget() { engine = MachineEngine() }

    func call(_ request: EngineCall, context: EngineContext, state: any EngineState) -> EngineResult {
        engine.call(request, context: context, state: state)
    }

    func deploy(_ request: EngineDeployment, context: EngineContext, state: any EngineState) -> EngineResult {
        engine.deploy(request, context: context, state: state)
    }
}
