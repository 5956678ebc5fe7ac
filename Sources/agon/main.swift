import ArgumentParser

struct Agon: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "agon", abstract: "Arena rules: compile, test, deploy.")
}

Agon.main()
