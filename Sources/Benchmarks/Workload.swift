import Bytecode
import CNativeTwins
import Crypto
import MathematicsOracle
import Numerics

/// One benchmark: an entry of a contract in this repository, its arguments, and the same work in C.
struct Workload: Sendable {
    /// What a result must be.
    enum Expectation: Sendable {
        /// Its low 64 bits, as the peers' harness asserts them.
        case low64(UInt64)
        /// The whole number.
        case number(BigInt)
    }

    let name: String
    let contract: ContractSource
    let entry: String
    let arguments: [ABIValue]
    let iterations: Int
    let expectation: Expectation
    /// Does the work in C; gives the low 64 bits of the result. Nil: there is no twin.
    let native: (@Sendable () -> UInt64)?

    /// A contract among the embedded sources.
    struct ContractSource: Sendable, Hashable {
        let file: String
        let name: String
    }
}

extension Workload {
    static let loops = ContractSource(file: "loops.agon", name: "Loops")
    static let balances = ContractSource(file: "token.agon", name: "Balances")
    static let payer = ContractSource(file: "token.agon", name: "Payer")
    static let rewards = ContractSource(file: "reward.agon", name: "Rewards")
    static let mathematics = ContractSource(file: "mathematics.agon", name: "Mathematics")

    private static let prime: BigInt = (BigInt.one << 256) - (BigInt.one << 32) - 977
    private static let start: BigInt =
        112_233_445_566_778_899_001_122_334_455_667_788_990_011_223_344_556_677_889_900_112_233_445_566
    static let receiver = Address(filledWith: 0xBB)

    static let nodes = 1_000
    static let pot: BigInt = 1_000_000_000_000_000_000_000_000
    /// 0.995
    static let ratio: BigInt = 995_000_000_000_000_000
    /// Points at which each function of mathematics is taken.
    static let points = 10_000

    static let all: [Workload] = {
        let million = 1_000_000
        let inputs = RewardInputs(count: nodes)
        return [
            Workload(
                name: "loop_sum", contract: loops, entry: "loop_sum", arguments: [.integer(BigInt(million))],
                iterations: million, expectation: .low64(499_897_499_674),
                native: { native_loop_sum(UInt64(million), runTimeModulus) }),
            Workload(
                name: "fib_iter", contract: loops, entry: "fib_iter", arguments: [.integer(BigInt(million))],
                iterations: million, expectation: .low64(1_953_611_743_537_552_514),
                native: { native_fib_iter(UInt64(million)) }),
            Workload(
                name: "loop_call", contract: loops, entry: "loop_call", arguments: [.integer(BigInt(million))],
                iterations: million, expectation: .low64(134_217_728), native: { native_loop_call(UInt64(million)) }),
            Workload(
                name: "token", contract: balances, entry: "token",
                arguments: [.bytes32(receiver.bytes), .integer(10_000)], iterations: 10_000,
                expectation: .number(BigInt(10_000)), native: { native_token(10_000) }),
            Workload(
                name: "token_call", contract: payer, entry: "token_call",
                arguments: [.bytes32(receiver.bytes), .integer(10_000)], iterations: 10_000,
                expectation: .number(BigInt(10_000)), native: nil),
            Workload(
                name: "reward", contract: rewards, entry: "reward",
                arguments: [inputs.scoreList, inputs.stakeList, .integer(pot), .integer(ratio)], iterations: nodes,
                expectation: .number(RewardOracle.checksum(inputs.parts(of: pot, ratio: ratio))),
                native: { native_reward(UInt64(nodes)) }),
            Workload(
                name: "reward_heap", contract: rewards, entry: "reward_heap",
                arguments: [inputs.stakeList, inputs.scoreList, .integer(pot), .integer(ratio)], iterations: nodes,
                expectation: .low64(14_054_487_565_394_503_484), native: { native_reward(UInt64(nodes)) }),
            Workload(
                name: "mulmod", contract: loops, entry: "mulmod",
                arguments: [.integer(start), .integer(prime), .integer(100_000)], iterations: 100_000,
                expectation: .low64(4_585_032_570_406_646_596),
                native: { native_mulmod(100_000, start.text(radix: 16), prime.text(radix: 16)) }),
        ] + FixedFunction.allCases.map(mathematics)
    }()

    private static func mathematics(_ function: FixedFunction) -> Workload {
        Workload(
            name: function.rawValue, contract: mathematics, entry: function.rawValue,
            arguments: [.integer(BigInt(points))], iterations: points,
            expectation: .number(function.sum(count: points)),
            native: { function.nativeSum(count: points).low64 })
    }

    /// Opaque to the C compiler, as a contract's modulus is to the machine.
    private static let runTimeModulus: UInt64 = 1_000_003
}

extension BigInt {
    /// The low 64 bits of the magnitude.
    var low64: UInt64 { magnitudeLimbs.first ?? 0 }
}
