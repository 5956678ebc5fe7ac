import ChainWorkload
import Crypto
import Foundation
import Ledger
import Node
import TestSupport
import Testing

/// A process that writes blocks is killed at seeded instants, again and again on the same chain.
@Suite struct KillTests {
    static let killCount = 200

    /// The program beside the test bundle.
    static func writerPath() throws -> String {
        let tests = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        let candidates = [tests, Bundle.main.bundleURL, Bundle.main.bundleURL.deletingLastPathComponent()]
        for folder in candidates {
            let path = folder.appendingPathComponent("agon-crash-writer").path
            if FileManager.default.isExecutableFile(atPath: path) { return path }
        }
        throw CocoaError(.fileNoSuchFile)
    }

    /// Starts the writer, lets it make so many blocks and go on for so long, and kills it; returns its wait status.
    private func runAndKill(
        _ writer: String, directory: String, afterBlocks blockCount: Int, afterMicroseconds: UInt32
    ) throws -> Int32 {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
        posix_spawn_file_actions_addclose(&actions, ends[0])
        defer { posix_spawn_file_actions_destroy(&actions) }
        var arguments: [UnsafeMutablePointer<CChar>?] = [strdup(writer), strdup(directory), nil]
        defer { arguments.forEach { free($0) } }
        var process: pid_t = 0
        let status = posix_spawn(&process, writer, &actions, nil, &arguments, environ)
        close(ends[1])
        defer { close(ends[0]) }
        try #require(status == 0)
        // One mark for the open chain and one for each block; a writer that fails closes the pipe instead.
        var mark: UInt8 = 0
        for _ in 0...blockCount {
            guard read(ends[0], &mark, 1) == 1 else { break }
        }
        usleep(afterMicroseconds)
        kill(process, SIGKILL)
        var waitStatus: Int32 = 0
        waitpid(process, &waitStatus, 0)
        return waitStatus
    }

    @Test func twoHundredKills() throws {
        let seed: UInt64 = 61
        var generator = SplitMix64(seed: seed)
        let writer = try Self.writerPath()
        let twin = try UncrashedTwin()
        var scratch = try ScratchDirectory()
        var height: UInt64 = 0
        var progressCount = 0
        var blockCount: UInt64 = 0
        for round in 0..<Self.killCount {
            if round.isMultiple(of: 40) {
                // A young chain now and then, so that first blocks are hit as well.
                scratch = try ScratchDirectory()
                try Chain.create(
                    directory: scratch.path, genesis: try Workload.genesis(), engine: ToyEngine(),
                    clock: ManualClock()
                ).close()
                height = 0
            }
            let status = try runAndKill(
                writer, directory: scratch.path, afterBlocks: generator.below(3),
                afterMicroseconds: UInt32(generator.below(10_000)))
            #expect(status & 0x7f == SIGKILL, "round \(round) of seed \(seed): the writer ended by itself, \(status)")
            let chain = try Chain.open(directory: scratch.path, engine: ToyEngine(), clock: ManualClock())
            #expect(chain.head.height >= height, "round \(round) of seed \(seed): a committed block was lost")
            #expect(try chain.head == twin.header(at: chain.head.height), "round \(round) of seed \(seed)")
            if chain.head.height > height { progressCount += 1 }
            blockCount += chain.head.height - height
            height = chain.head.height
            if round.isMultiple(of: 20) { try chain.verifyHistory() }
            chain.close()
        }
        print("kill test: \(Self.killCount) kills, \(progressCount) after new blocks, \(blockCount) blocks in all")
        #expect(progressCount > Self.killCount / 4)
    }
}
