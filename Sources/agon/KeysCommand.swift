import ArgumentParser
import Crypto

struct KeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "Make and list the signing keys of a data directory.",
        subcommands: [Create.self, List.self], defaultSubcommand: List.self)

    struct Create: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "new", abstract: "Make a key and print its address.")
        @Argument(help: "Name of the key.") var name: String
        @OptionGroup var chain: ChainOptions

        func run() throws { answer(try chain.keys.create(name).address.addressText) }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "Names and addresses.")
        @OptionGroup var chain: ChainOptions
        @Flag(help: "Print JSON.") var json = false

        func run() throws {
            let keys = try chain.keys.names().map { ($0, try chain.keys.load($0).address.addressText) }
            if json {
                try answerJSON(Dictionary(uniqueKeysWithValues: keys))
            } else {
                for (name, address) in keys { answer("\(name)  \(address)") }
            }
        }
    }
}
