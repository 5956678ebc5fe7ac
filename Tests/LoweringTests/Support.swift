import Bytecode
import Diagnostics
import Foundation
import Lowering
import Semantics
import Syntax
import Testing
import Verifier

/// Something wrong with a test's source, as text.
struct SourceFault: Error, CustomStringConvertible {
    let description: String
}

/// Reads sources of the repository.
struct RepositorySources: SourceProvider {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    func read(_ path: String) -> SourceFile? {
        guard let data = try? Data(contentsOf: Self.root.appending(path: path)) else { return nil }
        return SourceFile(path: path, bytes: Array(data))
    }
}

func checked(_ text: String) throws -> Program {
    let bag = DiagnosticBag()
    let file = parse(SourceFile(path: "test.agon", text: text), into: bag)
    guard let program = check(files: [file], into: bag) else { throw SourceFault(description: describe(bag)) }
    return program
}

func describe(_ bag: DiagnosticBag) -> String {
    bag.sorted.map { "\($0.primary.span.location): \($0.message) [\($0.code.rawValue)]" }.joined(separator: "\n")
}

/// The module of the program's contract of that name, or of its only one.
func lowered(_ program: Program, _ name: String? = nil) throws -> Module {
    guard let id = program.contracts.firstIndex(where: { name == nil || $0.name == name }) else {
        throw SourceFault(description: "there is no contract \(name ?? "")")
    }
    switch lower(id, of: program) {
    case .success(let module): return module
    case .failure(let diagnostic):
        throw SourceFault(description: "\(diagnostic.primary.span.location): \(diagnostic.message)")
    }
}

/// Lowers every contract of the program; each must verify and give the same bytes twice.
func expectVerified(_ program: Program, sourceLocation: SourceLocation = #_sourceLocation) throws {
    #expect(!program.contracts.isEmpty, sourceLocation: sourceLocation)
    for contract in program.contracts {
        let module = try lowered(program, contract.name)
        if case .failure(let error) = verify(module) {
            let code = error.function.map { module.disassembly(ofFunction: $0) } ?? ""
            Issue.record("\(contract.name): \(error)\n\(code)", sourceLocation: sourceLocation)
        }
        #expect(try lowered(program, contract.name).encoded() == module.encoded(), sourceLocation: sourceLocation)
        #expect(try Module(decoding: module.encoded()) == module, sourceLocation: sourceLocation)
    }
}

/// The assembler text of one function, without comments and register declarations.
func disassembly(_ module: Module, _ name: String) -> [String] {
    guard let index = module.functions.firstIndex(where: { $0.name == name }) else { return [] }
    return module.disassembly(ofFunction: index).split(separator: "\n").compactMap { line in
        let code = line.prefix { $0 != ";" }
        let text = String(code).trimmingCharacters(in: .whitespaces)
        return text.hasPrefix("function") || text.hasPrefix("registers") || text == "end" ? nil : text
    }
}
