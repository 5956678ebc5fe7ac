import ArgumentParser
import Foundation
import Glibc
import Workbench

struct ReplCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "repl", abstract: "Evaluate expressions and statements, deploy contracts, call them as anyone.")

    @Argument(help: "Source files to load first.") var files: [String] = []

    func run() throws {
        let isTerminal = isatty(STDIN_FILENO) == 1
        let session = ReplSession(usesColour: isTerminal && ProcessInfo.processInfo.environment["NO_COLOR"] == nil)
        let history = FileManager.default.homeDirectoryForCurrentUser.appendingPathComponent(".agon_history").path
        let editor = LineEditor(historyPath: history)
        editor.completions = session.completions(for:)
        if isTerminal { ReplSession.greeting.forEach(note) }
        var hadError = false
        for file in try sourcePaths(files) { hadError = show(session.enter(":load \(file)")).isError || hadError }
        var pending = ""
        while let line = editor.line(prompt: pending.isEmpty ? "agon> " : "....> ") {
            // What a script says stands before what came of it; a terminal shows it by itself.
            if !isTerminal { answer((pending.isEmpty ? "agon> " : "....> ") + line) }
            let input = pending.isEmpty ? line : pending + "\n" + line
            // An empty line ends an input that would never become complete.
            let reply = editor.interruptible { session.enter(input) }
            if reply.isIncomplete, !(line.isEmpty && !pending.isEmpty) {
                pending = input
                continue
            }
            pending = ""
            editor.remember(input)
            hadError = show(reply).isError || hadError
            if reply.isEnd { break }
        }
        if !pending.isEmpty, !isTerminal {
            note("error: the input ends before this is complete: \(pending.prefix(60))")
            hadError = true
        }
        // A script that went wrong says so; at a terminal the person has seen it.
        if hadError, !isTerminal { throw AlreadyReported() }
    }

    @discardableResult
    private func show(_ reply: ReplSession.Reply) -> ReplSession.Reply {
        reply.results.forEach(answer)
        reply.notes.forEach(note)
        return reply
    }
}

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Evaluate a function of a file: agon run FILE FUNCTION ARGUMENTS… or agon run FILE 'EXPRESSION'.")

    @Argument(help: "Source file or folder.") var file: String
    @Argument(help: "Name of a free function, or an expression.") var target: String
    @Argument(help: "Arguments, as Agon writes values.") var arguments: [String] = []

    func run() throws {
        let session = ReplSession()
        for path in try sourcePaths([file]) {
            let loaded = session.enter(":load \(path)")
            guard !loaded.isError else { return try fail(loaded) }
        }
        let isName = target.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
        let reply = session.enter(isName ? "\(target)(\(arguments.joined(separator: ", ")))" : target)
        guard !reply.isError, !reply.isIncomplete else { return try fail(reply) }
        reply.results.forEach(answer)
        reply.notes.forEach(note)
    }

    private func fail(_ reply: ReplSession.Reply) throws {
        reply.notes.forEach(note)
        if reply.isIncomplete { note("error[C0501]: the expression is not complete") }
        throw AlreadyReported()
    }
}
