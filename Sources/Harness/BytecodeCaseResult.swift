import Bytecode
import Machine

/// What running cases in assembly has shown: complaints, and what was exercised.
public struct BytecodeCaseResult: Sendable {
    public var complaints: [String] = []
    /// Instructions that ran in a call that succeeded as expected.
    public var executed: Set<UInt8> = []
    /// Instructions that trapped, or that the verifier pointed at, as expected.
    public var refused: Set<UInt8> = []
    public var refusalCodes: Set<String> = []
    /// Names of the errors with which calls failed as expected.
    public var failures: Set<String> = []
    public var hasAccepted = false
    /// One object for each case, for other implementations.
    public var export: [JSONValue] = []
}

extension BytecodeCaseFile {
    /// Runs every case on one machine.
    public func run(on machine: Machine) -> BytecodeCaseResult {
        var result = BytecodeCaseResult()
        if let mistake {
            result.complaints = ["\(path):\(mistake.line): \(mistake.message)"]
            return result
        }
        for content in cases {
            let run = BytecodeCaseRun(content, path: path, machine: machine)
            run.run(into: &result)
        }
        return result
    }
}
