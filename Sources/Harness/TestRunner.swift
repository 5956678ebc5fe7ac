import Crypto
import Diagnostics
import Numerics
import Reference
import Semantics

import class Machine.Machine

/// Runs the tests, properties, invariants and benches of compiled projects.
///
/// Every test runs in a world of its own: the machine decides, and the reference evaluator, run in step with it, must
/// agree on every result, error, event and entry of state.
public struct TestRunner: Sendable {
    /// The chain that tests see.
    public static let chainID = Blake2b.hash(Array("agon.test.chain".utf8))

    /// Tests whose name does not contain this are left out.
    public var filter: String?
    public var gasLimit: Int64

    /// What random choices follow from; nil: each test has a seed of its own, made from its name.
    public var seed: UInt64?
    /// Cases of a property, runs of an invariant; nil: the default numbers.
    public var cases: Int?
    /// Steps in a run of an invariant; nil: the default number.
    public var steps: Int?
    /// Are benches run for all their sizes, or for the first alone?
    public var measuresBenches: Bool

    /// Cases tried in search of a greater value of `maximise`, beyond the ordinary ones.
    public var searchAttempts: Int

    /// Does the reference evaluator follow tests and properties? Invariants choose their steps by it, so there it does.
    public var comparesReference = true

    /// Is the case with the greatest value made as small as it gets?
    public var shrinksGreatest = true

    /// Steps that the evaluator takes for the test itself, and for one call before it leaves the test to the machine.
    public var stepLimit: Int

    /// Calls that are followed to bound their gas.
    public var following = BoundFollowing.none

    /// Told of every run of the machine.
    public var onExecution: (@Sendable (Execution) -> Void)?

    public init(
        filter: String? = nil, seed: UInt64? = nil, cases: Int? = nil, steps: Int? = nil,
        measuresBenches: Bool = false, searchAttempts: Int = 0, gasLimit: Int64 = MachineWorld.defaultGasLimit,
        stepLimit: Int = Evaluator.defaultSteps
    ) {
        self.filter = filter
        self.seed = seed
        self.cases = cases
        self.steps = steps
        self.measuresBenches = measuresBenches
        self.searchAttempts = searchAttempts
        self.gasLimit = gasLimit
        self.stepLimit = stepLimit
    }

    /// Compiles a file and runs its tests; those of imported files are left to themselves.
    public func run(file path: String, from provider: some SourceProvider) -> Result<TestReport, CompileFailure> {
        LargeStack.run { CompiledProject.compile(paths: [path], from: provider) }.map { run($0, file: path) }
    }

    /// Runs the tests that stand in the file, or all.
    public func run(_ project: CompiledProject, file path: String? = nil) -> TestReport {
        LargeStack.run { runHere(project, file: path) }
    }

    private func runHere(_ project: CompiledProject, file path: String?) -> TestReport {
        var report = TestReport()
        let machine = Machine()
        for test in project.program.tests {
            guard path == nil || test.span.file.path == path else { continue }
            guard filter.map({ test.name.contains($0) }) ?? true else { continue }
            report.append(run(test, of: project, on: machine))
        }
        return report
    }

    private func run(_ test: Test, of project: CompiledProject, on machine: Machine?) -> TestReport {
        let bed = TestBed(test, of: project, runner: self, machine: machine)
        let path = test.span.file.path
        var result = TestResult(
            name: test.name, contract: test.contract.map { project.program.contracts[$0].name }, file: path,
            line: test.span.file.position(of: test.span.start).line, passed: false, compared: false, gasUsed: 0)
        var failure: Failure?
        var seed: UInt64?
        var source: [String] = []
        switch test.kind {
        case .test:
            let world = bed.world()
            failure = bed.failure(in: world) { () throws(Failure) in
                try Evaluator.run(test, of: project.program, in: world, steps: stepLimit)
            }
        case .property(let parameters):
            let outcome = PropertyRun(bed: bed, parameters: parameters).run()
            failure = outcome.failure
            seed = bed.seed
            source = outcome.source
            result.cases = outcome.caseCount
            result.discards = outcome.discards
            result.search = outcome.search
            if let text = outcome.exhaustion {
                result.failure = TestFailure(
                    error: "TooManyDiscards", message: text, at: test.span, reproduce: bed.command(seed: seed))
            }
        case .invariant(let steps, let always):
            let outcome = InvariantRun(bed: bed, steps: steps, always: always).run()
            failure = outcome.failure
            seed = bed.seed
            source = outcome.source
            result.cases = outcome.runCount
            result.steps = outcome.steps
            result.search = outcome.search
        case .bench(let size, let sizes):
            let outcome = BenchRun(bed: bed, size: size, sizes: sizes).run(allSizes: measuresBenches)
            failure = outcome.failure
            if measuresBenches { result.bench = outcome.table }
        }
        if let failure {
            result.failure = TestFailure(failure, in: project.program, reproduce: bed.command(seed: seed))
            result.failure?.source = source
        }
        result.seed = seed
        result.suite = test.suite?.name
        result.suiteSubject = test.suite?.subject
        result.suiteArguments = test.suite?.arguments
        result.passed = result.failure == nil
        result.compared = bed.isCompared
        result.gasUsed = bed.gasUsed
        result.digest = bed.transcript.digest.hex
        return TestReport(results: [result], gas: bed.gas)
    }
}
