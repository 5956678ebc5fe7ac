import ChainWorkload
import Glibc
import Node

// Opens the chain in the directory that is its argument and makes blocks of the workload until it is killed. One byte
// on standard output says that the chain is open, one more that a block is committed. Exit code 3: the chain would not
// open; 4: a block failed.

guard CommandLine.arguments.count == 2 else { exit(2) }

do {
    let chain = try Chain.open(
        directory: CommandLine.arguments[1], engine: ToyEngine(), clock: ManualClock(nowMilliseconds: 0))
    var mark: UInt8 = 1
    do {
        while true {
            _ = write(STDOUT_FILENO, &mark, 1)
            try Workload.step(chain)
        }
    } catch {
        exit(4)
    }
} catch {
    exit(3)
}
