import ArgumentParser
import Foundation

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
func note(_ text: String) {
    FileHandle.standardError.write(Data((text + "\n").utf8))
}

/// Standard output: the result.
func answer(_ text: String) {
    FileHandle.standardOutput.write(Data((text + "\n").utf8))
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
            note(root.fullMessage(for: error))
            return 1
        }
        if error is CocoaError {
            note("error[C0100]: \((error as NSError).localizedDescription)")
            return 1
        }
        note("internal error: \(error)")
        return 2
    }
}
