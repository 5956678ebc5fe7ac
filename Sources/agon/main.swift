import ArgumentParser
import Glibc

struct Agon: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agon",
        abstract: "Arena rules: write, test, deploy.",
        discussion:
            "Results go to standard output, everything else to standard error. Exit code 0: done; 1: an error of "
                + "yours; 2: an error of ours.",
        version: "0.1.0",
        subcommands: [
            NewCommand.self, CheckCommand.self, BuildCommand.self, TestCommand.self, ReplCommand.self, RunCommand.self,
            GasCommand.self, IncentivesCommand.self, KeysCommand.self, DeployCommand.self, CallCommand.self,
            TransferCommand.self, AdvanceCommand.self, QueryCommand.self, DemoCommand.self, BenchCommand.self,
            ConformanceCommand.self, ExplainCommand.self,
        ])
}

// A closed pipe is the reader's business, not a crash.
signal(SIGPIPE, SIG_IGN)
exit(runCommand(Agon.self))
