import ArgumentParser
import Benchmarks
import Bytecode
import Crypto
import Diagnostics
import Foundation
import Glibc
import Season

/// An error that the user can mend: a stable code and a plain sentence.
struct UserError: Error {
    let code: String
    let message: String

    init(_ code: String, _ message: String) {
        self.code = code
        self.message = message
    }
}

/// Diagnostics were printed; nothing more is to be said.
struct AlreadyReported: Error {}

/// Standard error: everything that is not the result.
func note(_ text: String) { write(text, to: STDERR_FILENO) }

/// Standard output: the result.
func answer(_ text: String) { write(text, to: STDOUT_FILENO) }

/// Why results could not be written, the first time it happened.
nonisolated(unsafe) private var outputFault: Int32?

/// Writes a line; a closed channel is the reader's choice, a full disk is not.
private func write(_ text: String, to channel: Int32) {
    let bytes = Array((text + "\n").utf8)
    var sentCount = 0
    while sentCount < bytes.count {
        let count = bytes[sentCount...].withUnsafeBytes { Glibc.write(channel, $0.baseAddress, $0.count) }
        guard count > 0 else {
            if count < 0, errno == EINTR { continue }
            if channel == STDOUT_FILENO, outputFault == nil, errno != EPIPE, errno != EBADF { outputFault = errno }
            return
        }
        sentCount += count
    }
}

/// Prints a value as JSON with a stable order of keys.
func answerJSON(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    answer(String(decoding: try encoder.encode(value), as: UTF8.self))
}

/// Parses the command line, runs the command, and gives the exit code: 0 success, 1 the user's error, 2 ours.
func runCommand(_ root: any ParsableCommand.Type) -> Int32 {
    do {
        var command = try root.parseAsRoot()
        try command.run()
        if let outputFault {
            throw UserError("C0100", "the results could not be written: \(String(cString: strerror(outputFault)))")
        }
        return 0
    } catch is AlreadyReported {
        return 1
    } catch let error as UserError {
        note("error[\(error.code)]: \(error.message)")
        return 1
    } catch {
        let code = root.exitCode(for: error)
        if code == .success {
            answer(root.fullMessage(for: error))
            return 0
        }
        if code == .validationFailure || error is ValidationError {
            if let hint = commandHint(root) ?? minusHint() { note(hint) }
            note(root.fullMessage(for: error))
            return 1
        }
        if let (code, message) = userFault(error) {
            note("error[\(code)]: \(message)")
            return 1
        }
        note("internal error: \(error)")
        return 2
    }
}

/// For a first word that is no command: which one may have been meant.
private func commandHint(_ root: any ParsableCommand.Type) -> String? {
    let names = root.configuration.subcommands.compactMap { $0.configuration.commandName }
    guard let word = CommandLine.arguments.dropFirst().first, !word.hasPrefix("-"), word != "help",
        !names.contains(word)
    else { return nil }
    return "there is no command `\(word)`" + (didYouMean(word, among: names).map { "; did you mean `\($0)`?" } ?? "")
}

/// For an argument that begins with a minus sign and so was taken for an option.
private func minusHint() -> String? {
    let arguments = CommandLine.arguments.prefix { $0 != "--" }
    guard let number = arguments.first(where: { $0.hasPrefix("-") && $0.dropFirst().first?.isNumber == true }) else {
        return nil
    }
    return "`\(number)` was taken for an option; put `--` before the first argument that begins with a minus sign"
}

/// Errors of the modules below that come from what the user gave: input, files, the state of a chain.
private func userFault(_ error: any Error) -> (code: String, message: String)? {
    switch error {
    case let error as any CodedError: (error.code, error.message)
    case let error as CodingError: (error.code.rawValue, error.message)
    case let error as BenchmarkError: (error.code.rawValue, error.message)
    case let error as SeasonError: (error.code.rawValue, error.message)
    case let error as CocoaError:
        ("C0100", error.filePath.map { "cannot use the file or folder `\($0)`" } ?? error.localizedDescription)
    default: nil
    }
}
