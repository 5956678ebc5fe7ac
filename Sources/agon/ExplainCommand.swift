import ArgumentParser
import Diagnostics
import Explain

struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "What a code means, with a wrong and a right example.")

    @Argument(help: "A code or the name of a failure: E0401, Overflow.") var code: String?
    @Flag(help: "List all codes.") var list = false
    @Flag(help: "Print all pages as Documentation/errors.md.") var markdown = false
    @Flag(help: "List the examples that are commands.") var commands = false

    func run() throws {
        if commands {
            answer(ErrorPage.commands())
        } else if markdown {
            answer(String(ErrorPage.markdown().dropLast()))
        } else if let code {
            guard let page = ErrorPage.page(code) else {
                let near = didYouMean(code, among: ErrorPage.all.map(\.code)).map { "; did you mean \($0)?" }
                throw UserError("C0108", "there is no code `\(code)`" + (near ?? "; `agon explain --list` lists all"))
            }
            answer(page.text())
        } else {
            answer(ErrorPage.list())
        }
    }
}
