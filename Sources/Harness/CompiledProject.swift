import Bytecode
import Diagnostics
import Lowering
import Semantics
import Syntax
import Verifier

/// Why a project did not compile.
public struct CompileFailure: Error, Sendable {
    /// What is wrong with the sources, in order of place.
    public var diagnostics: [Diagnostic]
    /// Set when the compiler produced what the verifier refused: a defect of the compiler, not of the sources.
    public var internalError: String?

    public init(diagnostics: [Diagnostic], internalError: String? = nil) {
        self.diagnostics = diagnostics
        self.internalError = internalError
    }
}

/// Sources that have been checked, lowered and verified.
public struct CompiledProject: Sendable {
    public let sources: SourceProgram
    public let program: Program
    /// By contract.
    public let modules: [Module]
    /// By contract.
    public let verified: [VerifiedModule]
    /// What is allowed and hardly meant, in order of place.
    public var warnings: [Diagnostic] { checkerWarnings + elementGasWarnings() }
    private let checkerWarnings: [Diagnostic]
    /// The gas that its contracts' entries may take.
    let bounds: ProjectBounds

    init(
        sources: SourceProgram, program: Program, modules: [Module], verified: [VerifiedModule], warnings: [Diagnostic]
    ) {
        self.sources = sources
        self.program = program
        self.modules = modules
        self.verified = verified
        checkerWarnings = warnings
        bounds = ProjectBounds(verified)
    }

    /// Compiles the files at `paths` and all that they import.
    public static func compile(
        paths: [String], from provider: some SourceProvider
    ) -> Result<CompiledProject, CompileFailure> {
        let bag = DiagnosticBag()
        let sources = loadProgram(entryPaths: paths, provider: provider, into: bag)
        return compile(sources, into: bag).mapError { failure in
            var hints = ImportHints(provider)
            return CompileFailure(
                diagnostics: hints.added(to: failure.diagnostics), internalError: failure.internalError)
        }
    }

    /// Compiles one text, for tests and generated programs; who compiles many gives the `disk`, which is else searched
    /// for.
    public static func compile(
        text: String, path: String = "test.agon", disk: DiskSources = DiskSources()
    ) -> Result<CompiledProject, CompileFailure> {
        compile(paths: [path], from: MemorySources([path: text], disk: disk))
    }

    static func compile(_ sources: SourceProgram, into bag: DiagnosticBag) -> Result<CompiledProject, CompileFailure> {
        // What could be read of a file with errors is checked as well; files in a circle have no order to begin in.
        let isCircular = bag.diagnostics.contains { $0.code == .importCycle }
        guard !isCircular, let program = check(sources, into: bag), !bag.hasErrors else {
            return .failure(CompileFailure(diagnostics: bag.sorted))
        }
        return lower(program, sources: sources, warnings: bag.sorted)
    }

    /// A project without anything in it, for a REPL to begin with.
    public static let empty = CompiledProject(
        sources: SourceProgram(files: [], imports: []), program: Program(), modules: [], verified: [], warnings: [])

    /// Lowers and verifies every contract of a checked program; places in `sources` can be shown in failures.
    public static func lower(
        _ program: Program, sources: SourceProgram = SourceProgram(files: [], imports: []), warnings: [Diagnostic] = []
    ) -> Result<CompiledProject, CompileFailure> {
        var modules: [Module] = []
        var verified: [VerifiedModule] = []
        var diagnostics: [Diagnostic] = []
        for contract in program.contracts.indices {
            switch Lowering.lower(contract, of: program) {
            case .failure(let diagnostic): diagnostics.append(diagnostic)
            case .success(let module):
                modules.append(module)
                switch verify(module) {
                case .success(let prepared): verified.append(prepared)
                case .failure(let error):
                    let name = program.contracts[contract].name
                    return .failure(
                        CompileFailure(
                            diagnostics: [], internalError: "the verifier refuses contract \(name): \(error)"))
                }
            }
        }
        guard diagnostics.isEmpty else { return .failure(CompileFailure(diagnostics: warnings + diagnostics)) }
        return .success(
            CompiledProject(
                sources: sources, program: program, modules: modules, verified: verified, warnings: warnings))
    }

    public func contract(named name: String) -> ContractID? { program.contracts.firstIndex { $0.name == name } }
}
