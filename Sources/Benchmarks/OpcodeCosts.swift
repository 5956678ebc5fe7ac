import Bytecode
import Crypto
import Machine
import Verifier

/// What a program for one instruction took.
public struct OpcodeMeasurement: Sendable {
    public let name: String
    public let opcode: Opcode
    /// Of one body, the loop's share included.
    public let nanosecondsPerBody: Double
    public let gasPerBody: Double
    public var nanosecondsPerGas: Double { gasPerBody > 0 ? nanosecondsPerBody / gasPerBody : 0 }
}

/// State that is nothing but the contracts.
private final class BareState: StateReader {
    var modules: [Address: VerifiedModule] = [:]
    func read(_ key: Bytes32) -> [UInt8]? { nil }
    func module(at address: Address) -> VerifiedModule? { modules[address] }
    func randomness(at height: UInt64) -> Bytes32? { Bytes32(filledWith: 5) }
}

/// A program that does not assemble, verify or run: a defect of the list.
public struct OpcodeProgramFailure: Error, CustomStringConvertible {
    public let description: String
}

/// Runs every program of the list and takes the best of `repetitions` times, CPU time of the thread.
///
/// The ratio of time to gas is what prices are calibrated by: nowhere above three nanoseconds for a unit of gas.
public func measureOpcodes(
    _ programs: [OpcodeProgram] = OpcodeProgram.all, repetitions: Int = 9
) throws -> [OpcodeMeasurement] {
    guard let machine = Machine(seed: 1) else { throw OpcodeProgramFailure(description: "no memory for a machine") }
    var measurements: [OpcodeMeasurement] = []
    let contract = Bytes32(1, 1, 1, 1)
    let block = BlockContext(chainID: .zero, height: 1, blockIntervalMilliseconds: 1_000)
    for program in programs {
        let state = BareState()
        switch verify(try program.module()) {
        case .success(let module):
            state.modules[contract] = module
            state.modules[OpcodeProgram.callee] = module
        case .failure(let error):
            throw OpcodeProgramFailure(description: "\(program.name): \(error)")
        }
        /// Time and gas of a run of a number of rounds.
        func run(_ rounds: Int) throws -> (nanoseconds: Double, gas: Double) {
            let header: [UInt8] = rounds < 256 ? [2, UInt8(rounds)] : [4, UInt8(rounds >> 8), UInt8(rounds & 255)]
            let request = CallRequest(
                contract: contract, entry: "run", arguments: header + program.arguments, caller: Bytes32(3, 3, 3, 3),
                gasLimit: 1 << 50)
            var best = Double.infinity
            var gas: Int64 = 0
            for _ in 0..<repetitions {
                let start = SearchBed.now()
                let result = machine.execute(request, in: block, state: state)
                let taken = SearchBed.now() - start
                if case .failure(let failure) = result.outcome {
                    throw OpcodeProgramFailure(description: "\(program.name): \(failure.code) \(failure.trace)")
                }
                gas = result.gasUsed
                best = min(best, taken)
            }
            return (best, Double(gas))
        }
        // The difference of two runs leaves out what a call itself takes.
        let (short, long) = (try run(1), try run(1 + program.rounds))
        let bodies = Double(program.rounds * program.copies)
        measurements.append(
            OpcodeMeasurement(
                name: program.name, opcode: program.opcode,
                nanosecondsPerBody: max(0, long.nanoseconds - short.nanoseconds) / bodies,
                gasPerBody: (long.gas - short.gas) / bodies))
    }
    return measurements
}

/// The measurements, the dearest time for its gas first, and a last line with the worst.
public func opcodeReport(_ measurements: [OpcodeMeasurement]) -> String {
    func number(_ value: Double, _ width: Int) -> String {
        let hundredths = Int((value * 100).rounded())
        let digits = "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
        return String(repeating: " ", count: max(0, width - digits.count)) + digits
    }
    let sorted = measurements.sorted { $0.nanosecondsPerGas > $1.nanosecondsPerGas }
    var lines = ["   ns/gas          ns         gas  instruction"]
    for item in sorted {
        lines.append(
            number(item.nanosecondsPerGas, 9) + number(item.nanosecondsPerBody, 12) + number(item.gasPerBody, 12)
                + "  \(item.name)")
    }
    if let worst = sorted.first {
        lines.append("worst: \(number(worst.nanosecondsPerGas, 0)) ns per gas, \(worst.name)")
    }
    return lines.joined(separator: "\n")
}
