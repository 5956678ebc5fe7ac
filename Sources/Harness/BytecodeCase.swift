import Bytecode
import Crypto

/// A file of cases in assembly, and what it expects of verifier and machine (`Documentation/conformance.md`).
public struct BytecodeCaseFile: Sendable {
    /// A module as text, of a case that may have several.
    struct Part: Sendable {
        var name: String
        var lines: [String] = []
    }

    enum Arguments: Hashable, Sendable {
        /// A JSON array, by the types of the entry's parameters.
        case values(String)
        /// The bytes themselves.
        case raw([UInt8])
    }

    enum Outcome: Hashable, Sendable {
        /// The result as JSON; nil: whatever it is.
        case success(String?)
        /// The error's name; its payload as a JSON array, where one is given.
        case failure(String, payload: String?)
    }

    enum Edit: Hashable, Sendable {
        case none
        /// Another byte at an offset; from the end when it is negative.
        case byte(Int, UInt8)
        case cut(Int)
        case append([UInt8])
    }

    enum Step: Hashable, Sendable {
        /// The artefact, after the edit, is accepted (no code) or refused with the code.
        case verdict(Edit, code: String?)
        case deploy(Arguments, Outcome)
        case call(module: String?, entry: String, Arguments, Outcome, gas: Int64?)
        case emitted(String, String)
        case balance(asset: Int, holder: Bytes32, amount: String)
        // Surroundings of the calls that follow.
        case caller(Bytes32)
        case height(UInt64)
        case gasLimit(Int64)
        case grant(Bytes32, amount: String)
        case store(slot: Int, [UInt8])

        var isAssertion: Bool {
            switch self {
            case .verdict, .deploy, .call, .emitted, .balance: true
            case .caller, .height, .gasLimit, .grant, .store: false
            }
        }
    }

    struct Case: Sendable {
        var name: String
        var line: Int
        var parts: [Part]
        var steps: [(line: Int, step: Step)] = []
    }

    /// A line that cannot be read.
    struct Mistake: Error {
        var line: Int
        var message: String
    }

    public let path: String
    let cases: [Case]
    /// The file cannot be read; the only complaint then.
    let mistake: Mistake?

    /// - Parameter read: the text of another file, for `tables`.
    public init(path: String, text: String, read: (String) -> String?) {
        self.path = path
        var reader = Reader(path: path)
        do throws(Mistake) {
            try reader.read(text, read)
            cases = reader.cases
            mistake = nil
        } catch {
            cases = []
            mistake = error
        }
    }

    public var assertionCount: Int { cases.reduce(0) { $0 + $1.steps.count { $0.step.isAssertion } } }

    /// The steps' text in a case, and the file around it.
    private struct Reader {
        let path: String
        var cases: [Case] = []
        private var preamble: [String] = []
        private var isOpen = false
        private var line = 0

        init(path: String) { self.path = path }

        mutating func read(_ text: String, _ other: (String) -> String?) throws(Mistake) {
            for raw in text.split(separator: "\n", omittingEmptySubsequences: false) {
                line += 1
                let content = raw.trimmingPrefix { $0 == " " }
                if content.isEmpty || content.hasPrefix(";") { continue }
                let words = raw.split(separator: " ", maxSplits: 1)
                let rest = words.count > 1 ? String(words[1]) : ""
                switch words[0] {
                case "tables":
                    guard let included = other(rest) else { throw mistake("there is no file \(rest)") }
                    preamble += included.split(separator: "\n").map(String.init)
                case "case": begin(rest)
                case "accept", "refuse", "run": try oneLine(words[0], rest)
                case "module":
                    guard isOpen else { throw mistake("a module outside of a case") }
                    if cases[cases.count - 1].parts[0].lines == preamble, cases[cases.count - 1].parts.count == 1 {
                        cases[cases.count - 1].parts[0].name = rest
                    } else {
                        cases[cases.count - 1].parts.append(Part(name: rest, lines: preamble))
                    }
                case ">":
                    guard isOpen else { throw mistake("an expectation outside of a case") }
                    cases[cases.count - 1].steps.append((line, try step(rest)))
                default:
                    guard isOpen else {
                        preamble.append(String(raw))
                        continue
                    }
                    cases[cases.count - 1].parts[cases[cases.count - 1].parts.count - 1].lines.append(String(raw))
                }
            }
        }

        private func mistake(_ message: String) -> Mistake { Mistake(line: line, message: message) }

        private mutating func begin(_ name: String) {
            isOpen = true
            cases.append(Case(name: name, line: line, parts: [Part(name: "Main", lines: preamble)]))
        }

        /// `refuse V0108 | lines`, `accept | lines`, `run [1] = 2 | lines`.
        private mutating func oneLine(_ kind: Substring, _ rest: String) throws(Mistake) {
            var parts = (" " + rest).split(separator: " | ", omittingEmptySubsequences: false).map(String.init)
            guard parts.count > 1 else { throw mistake("expected code after |") }
            begin("line \(line)")
            isOpen = false
            let head = parts.removeFirst().split(separator: " ").joined(separator: " ")
            if parts.count(where: { $0.hasPrefix("function ") }) > parts.count(where: { $0 == "end" }) {
                parts.append("end")
            }
            cases[cases.count - 1].parts[0].lines += parts
            let step: Step
            switch kind {
            case "accept": step = .verdict(.none, code: nil)
            case "refuse": step = .verdict(.none, code: head)
            default: step = try call("f " + head)
            }
            cases[cases.count - 1].steps.append((line, step))
        }

        private func step(_ text: String) throws(Mistake) -> Step {
            let words = text.split(separator: " ").map(String.init)
            guard let first = words.first else { throw mistake("an empty expectation") }
            switch (first, words.count) {
            case ("accepted", 1): return .verdict(.none, code: nil)
            case ("refused", 2): return .verdict(.none, code: words[1])
            case ("byte", 6):
                guard let offset = Int(words[1]), let byte = ABIJSON.bytes(words[3])?.first else { break }
                return .verdict(.byte(offset, byte), code: words[5])
            case ("cut", 4):
                if let count = Int(words[1]) { return .verdict(.cut(count), code: words[3]) }
            case ("append", 4):
                if let bytes = ABIJSON.bytes(words[1]) { return .verdict(.append(bytes), code: words[3]) }
            case ("caller", 2):
                if let address = Self.bytes32(words[1]) { return .caller(address) }
            case ("height", 2):
                if let height = UInt64(words[1]) { return .height(height) }
            case ("limit", 2):
                if let gas = Int64(words[1]) { return .gasLimit(gas) }
            case ("grant", 3):
                if let address = Self.bytes32(words[1]) { return .grant(address, amount: words[2]) }
            case ("store", 3):
                if let slot = Int(words[1]), let bytes = ABIJSON.bytes(words[2]) { return .store(slot: slot, bytes) }
            case ("balance", 5):
                if let asset = Int(words[1]), let holder = Self.bytes32(words[2]), words[3] == "=" {
                    return .balance(asset: asset, holder: holder, amount: words[4])
                }
            case ("emits", 3...):
                return .emitted(words[1], try values(words[2...].joined(separator: " ")))
            case ("init", _):
                if case .call(_, _, let arguments, let outcome, _) = try call(text) {
                    return .deploy(arguments, outcome)
                }
            default: return try call(text)
            }
            throw mistake("cannot read the expectation `\(text)`")
        }

        private static func bytes32(_ word: String) -> Bytes32? {
            guard word.hasPrefix("@"), let number = UInt64(word.dropFirst()) else { return nil }
            return BytecodeCaseFile.numbered(number)
        }

        /// `@7` within JSON stands for the text of the 32 bytes that hold 7.
        private func values(_ text: String) throws(Mistake) -> String {
            var result = ""
            var rest = text[...]
            while let at = rest.firstIndex(of: "@") {
                result += rest[..<at]
                let digits = rest[rest.index(after: at)...].prefix { $0.isNumber }
                guard let number = UInt64(digits) else { throw mistake("expected a number after @") }
                result += "\"0x\(BytecodeCaseFile.numbered(number).hex)\""
                rest = rest[digits.endIndex...]
            }
            return result + rest
        }

        /// `[Module.]entry ARGUMENTS`, then nothing, `= JSON` or `fails Error [payload]`, then perhaps `gas N`.
        private func call(_ text: String) throws(Mistake) -> Step {
            let parts = text.split(separator: " ", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { throw mistake("expected arguments in brackets") }
            var rest = parts[1][...]
            let arguments: Arguments
            if rest.hasPrefix("raw ") {
                rest = rest.dropFirst(4)
                let digits = rest.prefix { $0 != " " }
                guard let bytes = digits == "-" ? [] : ABIJSON.bytes(String(digits)) else {
                    throw mistake("expected hexadecimal digits after raw")
                }
                arguments = .raw(bytes)
                rest = rest[digits.endIndex...]
            } else {
                let end = Self.endOfArray(rest)
                arguments = .values(try values(String(rest[..<end])))
                rest = rest[end...]
            }
            var gas: Int64?
            if let range = rest.firstRange(of: " gas "), let number = Int64(rest[range.upperBound...]) {
                gas = number
                rest = rest[..<range.lowerBound]
            }
            let tail = rest.trimmingPrefix { $0 == " " }
            var outcome = Outcome.success(nil)
            if tail.hasPrefix("= ") {
                outcome = .success(try values(String(tail.dropFirst(2))))
            } else if tail.hasPrefix("fails ") {
                let words = tail.dropFirst(6).split(separator: " ", maxSplits: 1)
                guard let name = words.first else { throw mistake("expected an error's name") }
                outcome = .failure(String(name), payload: words.count > 1 ? try values(String(words[1])) : nil)
            } else if !tail.isEmpty {
                throw mistake("expected = or fails, found `\(tail)`")
            }
            let names = parts[0].split(separator: ".", maxSplits: 1).map(String.init)
            return .call(
                module: names.count > 1 ? names[0] : nil, entry: names[names.count - 1], arguments, outcome, gas: gas)
        }

        private static func endOfArray(_ text: Substring) -> Substring.Index {
            var depth = 0
            var isText = false
            for index in text.indices {
                switch text[index] {
                case "\"": isText.toggle()
                case "[" where !isText: depth += 1
                case "]" where !isText:
                    depth -= 1
                    if depth == 0 { return text.index(after: index) }
                default: break
                }
            }
            return text.endIndex
        }
    }

    /// The 32 bytes that hold a number, big-endian: how cases write addresses.
    static func numbered(_ number: UInt64) -> Bytes32 { Bytes32(0, 0, 0, number.byteSwapped) }
}
