import ChainWorkload
import Crypto
import Ledger
import Node

/// The workload's chain as it is when nothing ever fails: headers by height, made as far as they are asked for.
final class UncrashedTwin {
    private let chain: Chain
    private var headers: [BlockHeader]

    init() throws {
        chain = try Chain.inMemory(genesis: try Workload.genesis(), engine: ToyEngine(), clock: ManualClock())
        headers = [chain.head]
    }

    func header(at height: UInt64) throws -> BlockHeader {
        while headers.count <= Int(height) {
            try Workload.step(chain)
            headers.append(chain.head)
        }
        return headers[Int(height)]
    }
}
