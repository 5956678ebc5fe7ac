import Foundation

/// Finds in a source what makes two runs differ: floating point, clock, randomness, environment, hashing that is seeded
/// for each process, and iteration in an order that depends on it.
///
/// It reads text, line by line: comments and the contents of string literals are blanked out first. A line that is
/// known to be harmless says so by a comment `// ordered: why`.
struct DeterminismLint {
    struct Finding: Equatable, CustomStringConvertible {
        var line: Int
        var reason: String
        var text: String
        var description: String { "line \(line): \(reason): \(text)" }
    }

    private static let banned: [(pattern: String, reason: String)] = [
        (#"\b(Double|Float|Float(16|32|64|80)|CGFloat|(Binary)?FloatingPoint)\b"#, "floating point"),
        (#"(?<![\w.$])\d[\d_]*\.\d[\d_]*(?![\w.])|(?<![\w.])\d[\d_]*[eE][-+]?\d"#, "floating point"),
        (#"\b(pow|exp|exp2|log|log2|log10|sqrt|sin|cos|floor|ceil)\(\s*(Double|Float)"#, "floating point"),
        (#"\b(Date\(|Date\.now|ContinuousClock|SuspendingClock|DispatchTime|CFAbsoluteTime)"#, "clock"),
        (#"\b(clock_gettime|gettimeofday|clock\(\)|time\(nil\)|localtime|gmtime)"#, "clock"),
        (#"\.random\(|\.randomElement\(|\.shuffled?\(|SystemRandomNumberGenerator"#, "randomness"),
        (#"\barc4random|\bgetrandom\b|\bUUID\("#, "randomness"),
        (#"\b(ProcessInfo|CommandLine|getenv|setenv|setlocale|getcwd|FileManager|UserDefaults)\b"#, "environment"),
        (#"\b(Locale|TimeZone|Calendar|DateFormatter|NumberFormatter|localized\w*Compare)\b"#, "environment"),
        (#"(?<=[\w)\]])\.hashValue\b|\bHasher\(\)|\bObjectIdentifier\("#, "per-process hashing"),
        (#"\b(Task\s*\{|Task\.detached|DispatchQueue|withTaskGroup|Thread\()"#, "concurrency"),
    ]

    /// What depends on the order of an unordered collection; the order-free `contains`, `count`, `min`, `max`,
    /// `allSatisfy` and `isEmpty` do not.
    private static let ordered =
        #"(map|forEach|filter|reduce|first|flatMap|compactMap|enumerated|makeIterator|popFirst|joined|prefix)"#

    static func findings(in source: String) -> [Finding] {
        let lines = source.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let codes = lines.map(blanked)
        let names = unorderedNames(codes)
        var patterns = banned
        if !names.isEmpty {
            let any = #"(?<![\w.])(?:self\.)?(?:"# + names.sorted().joined(separator: "|") + ")"
            let parts = #"(?:\s*\.\s*(?:keys|values))?"#
            patterns += [
                (
                    #"\bin\s+"# + any + parts + #"\s*(?:\{|where\b|$|\.(?:lazy|enumerated))"#,
                    "unordered iteration"
                ),
                (any + parts + #"\s*\.\s*"# + ordered + #"\b"#, "unordered iteration"),
                (#"\bArray\(\s*"# + any + parts + #"\s*\)(?!\.sorted)"#, "unordered iteration"),
            ]
        }
        patterns.append((#"(?<!\bslot)\.(keys|values)\s*(\{|\."# + ordered + #"\b)"#, "unordered iteration"))
        patterns.append((#"\bfor\s+\([^)]*\)\s+in\s+\w*[dD]ictionary"#, "unordered iteration"))
        var found: [Finding] = []
        for (number, code) in codes.enumerated() where !lines[number].contains("// ordered:") {
            for rule in patterns where code.range(of: rule.pattern, options: .regularExpression) != nil {
                found.append(Finding(line: number + 1, reason: rule.reason, text: lines[number]))
                break
            }
        }
        return found
    }

    /// Names that the file declares as a dictionary or a set.
    private static func unorderedNames(_ codes: [String]) -> Set<String> {
        let declarations = [
            /\b(?:let|var)\s+(\w+)\s*:\s*\[[^\[\]()]+:\s*.+\]/,
            /\b(?:let|var)\s+(\w+)\s*:\s*(?:Set|Dictionary)</,
            /\b(?:let|var)\s+(\w+)\s*=\s*(?:Set|Dictionary)\b/,
            /\b(?:let|var)\s+(\w+)\s*=\s*\[[\w.<>]+\s*:\s*[\w.<>\[\]]+\]\(/,
            /\b(\w+)\s*:\s*(?:inout\s+)?(?:Set|Dictionary)</,
            /\b(\w+)\s*:\s*(?:inout\s+)?\[[\w.<>]+\s*:\s*[\w.<>\[\]]+\]/,
        ]
        var names: Set<String> = []
        for code in codes {
            for declaration in declarations {
                for match in code.matches(of: declaration) { names.insert(String(match.1)) }
            }
        }
        return names
    }

    /// The line without its comment and without what its literals say; interpolations stay.
    private static func blanked(_ line: String) -> String {
        var result = ""
        var (isText, depth) = (false, 0)
        var characters = Array(line)[...]
        while let character = characters.popFirst() {
            if isText && depth == 0 {
                if character == "\\" {
                    if characters.first == "(" {
                        characters.removeFirst()
                        depth = 1
                        result += "("
                    } else {
                        characters = characters.dropFirst()
                    }
                } else if character == "\"" {
                    isText = false
                    result.append(character)
                }
                continue
            }
            if isText {
                if character == "(" { depth += 1 }
                if character == ")" { depth -= 1 }
                result.append(character)
                continue
            }
            if character == "/" && characters.first == "/" { break }
            if character == "\"" { isText = true }
            result.append(character)
        }
        return result
    }
}
