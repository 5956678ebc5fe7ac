import Diagnostics
import Semantics
import Syntax
import Testing

@Suite struct ProgramLoaderTests {
    private func load(_ texts: [String: String], _ entries: [String]) -> (SourceProgram, Outcome) {
        let bag = DiagnosticBag()
        let sources = loadProgram(entryPaths: entries, provider: TestFiles(texts: texts), into: bag)
        let program = check(sources, into: bag)
        return (sources, Outcome(program: program, diagnostics: bag.sorted))
    }

    @Test func importsAreRelativeAndReadOnce() {
        let (sources, outcome) = load(
            [
                "a/main.agon": "import \"../lib/x.agon\" import \"y\" import \"stdlib/z.agon\" const m = x + y + z",
                "lib/x.agon": "import \"stdlib/z.agon\" const x = z",
                "a/y.agon": "const y = 2",
                "stdlib/z.agon": "import \"w.agon\" const z = w",
                "stdlib/w.agon": "const w = 1",
            ], ["a/main.agon"])
        #expect(outcome.program != nil, "\(outcome.rendered)")
        #expect(sources.files.count == 5)
    }

    @Test func importsAreNotPassedOn() {
        let (_, outcome) = load(
            ["a": "", "a.agon": "import \"b\" const m = c", "b.agon": "import \"c\"", "c.agon": "const c = 1"],
            ["a.agon"])
        #expect(outcome.summary == ["E0201@1"])
    }

    @Test func missingFiles() {
        let (_, outcome) = load(["a.agon": "\nimport \"b\""], ["a.agon", "none.agon"])
        #expect(outcome.summary == ["E0205@2", "E0205@1"])
    }

    @Test func cycles() {
        let (_, outcome) = load(["a.agon": "import \"b\"", "b.agon": "import \"a\""], ["a.agon"])
        #expect(outcome.summary == ["E0206@1"])
        #expect(outcome.diagnostics[0].message.contains("a.agon → b.agon → a.agon"))
    }

    @Test func namesFromTwoFiles() {
        let (_, outcome) = load(
            ["a.agon": "import \"b\" import \"c\"\nconst m = x", "b.agon": "const x = 1", "c.agon": "const x = 2"],
            ["a.agon"])
        #expect(outcome.summary == ["E0207@2"])
    }
}
