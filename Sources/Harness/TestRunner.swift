import Crypto
import Diagnostics
import Numerics
import Reference
import Semantics

import class Machine.Machine

/// Runs the `test` blocks of compiled projects.
///
/// Every test runs in a world of its own: the machine decides, and the reference evaluator, run in step with it, must
/// agree on every result, error, event and entry of state.
public struct TestRunner: Sendable {
    /// The chain that tests see.
    public static let chainID = Blake2b.hash(Array("agon.test.chain".utf8))

    /// Tests whose name does not contain this are left out.
    public var filter: String?
    public var gasLimit: Int64

    /// Steps that the evaluator takes for the test itself, and for one call before it leaves the test to the machine.
    public var stepLimit: Int

    public init(
        filter: String? = nil, gasLimit: Int64 = MachineWorld.defaultGasLimit, stepLimit: Int = Evaluator.defaultSteps
    ) {
        self.filter = filter
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
        let program = project.program
        let world = PairedWorld(
            project: project, chainID: Self.chainID, gasLimit: gasLimit, machine: machine,
            stepLimit: stepLimit)
        var report = TestReport()
        world.machine.onCall = { contract, entry, gas in
            let name = program.contracts[contract].name
            var measure = GasMeasure(contract: name, entry: entry, calls: 0, least: .max, most: 0, total: 0)
            measure.add(gas)
            var one = TestReport()
            one.gas = [measure]
            report.append(one)
        }
        var failure: Failure?
        do throws(Failure) {
            try Evaluator.run(test, of: program, in: world, steps: stepLimit)
        } catch {
            failure = error
        }
        if failure == nil || failure?.cause == .expectation, let disagreement = world.disagreement {
            failure = Failure(.fault, detail: "machine and reference disagree: \(disagreement)", span: test.span)
        }
        let path = test.span.file.path
        let command = "agon test \(Self.shellQuoted(path)) --filter \(Self.shellQuoted(test.name))"
        report.results = [
            TestResult(
                name: test.name, contract: test.contract.map { program.contracts[$0].name }, file: path,
                line: test.span.file.position(of: test.span.start).line, passed: failure == nil,
                compared: !world.isReferenceDropped,
                gasUsed: world.machine.totalGasUsed,
                failure: failure.map { TestFailure($0, in: program, reproduce: command) })
        ]
        return report
    }

    private static func shellQuoted(_ text: String) -> String {
        let plain = text.utf8.allSatisfy { byte in
            byte == 0x2D || byte == 0x2E || byte == 0x2F || byte == 0x5F || (0x30...0x39).contains(byte)
                || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        }
        return plain && !text.isEmpty ? text : "'" + text.replacing("'", with: "'\\''") + "'"
    }
}
