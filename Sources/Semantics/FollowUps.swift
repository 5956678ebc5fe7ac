import Diagnostics
import Syntax

/// Errors that only follow from text that could not be read. They are left out: what causes them has been reported, and
/// with it they go away.
struct FollowUps {
    private struct File {
        /// Names that a skipped declaration, of the file or of one that it imports, may have declared.
        var names: Set<String> = []
        /// Any name may have been declared.
        var hidesNames = false
        var lacksDeclarations = false
        /// Lines with an error of syntax: what else they seem to say may have been meant otherwise.
        var lines: Set<Int> = []
    }
    private var files: [ObjectIdentifier: File] = [:]

    init(_ sources: SourceProgram) {
        for (index, syntax) in sources.files.enumerated() {
            let imported = sources.imports[index]
            var file = File()
            for gaps in [syntax.gaps] + imported.map({ sources.files[$0].gaps }) {
                file.names.formUnion(gaps.names)
                file.lacksDeclarations = file.lacksDeclarations || gaps.lacksDeclarations
                file.hidesNames = file.hidesNames || gaps.hidesNames
            }
            file.lines = syntax.gaps.lines
            // An import without its file.
            if imported.count < syntax.imports.count { file.hidesNames = true }
            files[ObjectIdentifier(syntax.source)] = file
        }
    }

    func contains(_ code: DiagnosticCode, at span: Span) -> Bool {
        guard let file = files[ObjectIdentifier(span.file)] else { return false }
        if !file.lines.isEmpty, file.lines.contains(span.file.position(of: span.start).line) { return true }
        switch code {
        case .unknownName, .unknownType, .unknownMember, .unknownPhase:
            return file.hidesNames || mayHaveDeclared(span.text, file)
        case .interfaceNotMet, .phaseUnreachable, .noFinalPhase, .sealedDeclaration, .beaconDeclaration,
            .settlementDeclaration, .sealedUnreadable, .seedUnreadable, .missingInitialValue, .assetNotBound,
            .notFrozen, .wrongArguments:
            // What these find missing may be what was skipped.
            return file.lacksDeclarations || file.hidesNames
        default: return false
        }
    }

    /// Are declarations missing in the file?
    func lacksDeclarations(_ file: SourceFile) -> Bool { files[ObjectIdentifier(file)]?.lacksDeclarations ?? false }

    private func mayHaveDeclared(_ name: String, _ file: File) -> Bool {
        if name.split(separator: ".").contains(where: { file.names.contains(String($0)) }) { return true }
        // Actions that the compiler makes for sealed values, beacons and settlements.
        let parts = name.split(separator: "_", maxSplits: 1)
        return parts.count == 2 && ["commit", "reveal", "expire", "settle"].contains(parts[0])
            && file.names.contains(String(parts[1]))
    }
}
