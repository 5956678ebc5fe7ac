import ChainWorkload
import Crypto
import Ledger
import TestSupport
import Testing

@Suite struct GenesisTests {
    static let text = """
        {
          "chain": "demo",
          "blockIntervalMilliseconds": 1000,
          "blockGasLimit": "5000000000",
          "minimumGasPrice": 2,
          "gasScheduleVersion": 1,
          "storageDepositPerByte": 1000,
          "producer": "\(Workload.keys[5].address.addressText)",
          "accounts": [
            {"address": "\(Workload.keys[1].address.addressText)", "balance": "1000000000000000000000000000"},
            {"address": "\(Workload.keys[0].address.addressText)", "balance": "5"}
          ]
        }
        """

    @Test func readsAndWrites() throws {
        let genesis = try Genesis.parse(Array(Self.text.utf8))
        #expect(genesis.parameters.name == "demo")
        #expect(genesis.parameters.blockGasLimit == 5_000_000_000)
        #expect(genesis.parameters.minimumGasPrice == 2)
        #expect(genesis.parameters.producer == Workload.keys[5].address)
        #expect(genesis.accounts.count == 2)
        #expect(genesis.accounts.map(\.address) == genesis.accounts.map(\.address).sorted())
        #expect(try Genesis.parse(Array(genesis.json.text().utf8)) == genesis)
        #expect(try Genesis.parse(Array(genesis.json.text(pretty: true).utf8)) == genesis)
        // Without a producer the fees have an account of their own.
        let lines = Self.text.split(separator: "\n").filter { !$0.contains("producer") }
        let anonymous = try Genesis.parse(Array(lines.joined(separator: "\n").utf8))
        #expect(anonymous.parameters.producer == SystemAddresses.fees)
        #expect(anonymous.chainID != genesis.chainID)
    }

    @Test func everyFieldMatters() throws {
        func error(_ old: String, _ new: String) -> GenesisError? {
            do {
                _ = try Genesis.parse(Array(Self.text.replacing(old, with: new).utf8))
                return nil
            } catch {
                return error
            }
        }
        #expect(error("\"chain\"", "\"chian\"") == .unknownField("chian"))
        #expect(error("\"chain\": \"demo\",", "") == .missingField("chain"))
        #expect(error("\"chain\": \"demo\"", "\"chain\": 7")?.code == "genesis.value")
        #expect(error("\"minimumGasPrice\": 2,", "") == .missingField("minimumGasPrice"))
        #expect(error("\"minimumGasPrice\": 2", "\"minimumGasPrice\": 2.5")?.code == "genesis.value")
        #expect(error("\"minimumGasPrice\": 2", "\"minimumGasPrice\": -2")?.code == "genesis.value")
        #expect(error("\"minimumGasPrice\": 2", "\"minimumGasPrice\": 18446744073709551616")?.code == "genesis.value")
        #expect(error("\"blockGasLimit\": \"5000000000\"", "\"blockGasLimit\": 0")?.code == "genesis.value")
        #expect(error("Milliseconds\": 1000", "Milliseconds\": 0")?.code == "genesis.value")
        #expect(error("\"gasScheduleVersion\": 1", "\"gasScheduleVersion\": 2")?.code == "genesis.value")
        #expect(error("\"balance\": \"5\"", "\"balance\": \"05\"")?.code == "genesis.value")
        #expect(error("\"balance\": \"5\"", "\"balance\": \"\(AmountTests.largest)\"")?.code == "genesis.value")
        #expect(error("\"balance\": \"5\"", "\"balance\": \"5\", \"nonce\": 1") == .unknownField("nonce"))
        #expect(
            error(Workload.keys[0].address.addressText, Workload.keys[1].address.addressText)?.code == "genesis.value")
        #expect(error("ag1", "ag2")?.code == "genesis.value")
        #expect(error("}\n  ]", "}")?.code == "genesis.syntax")
        #expect(error("{\n  \"chain\"", "[{\n  \"chain\"")?.code == "genesis.syntax")
        #expect(throws: GenesisError.notText) { try Genesis.parse([0x7b, 0xff]) }
        #expect(throws: GenesisError.tooLarge) {
            try Genesis.parse([UInt8](repeating: 0x20, count: Limits.genesisByteCount + 1))
        }
        #expect(throws: GenesisError.self) { try Genesis.parse([UInt8](repeating: 0x5b, count: 100_000)) }
    }

    /// Damaged files are refused with a code, or mean something that is written back the same.
    @Test func mutatedFiles() throws {
        var generator = SplitMix64(seed: 51)
        var acceptedCount = 0
        for round in 0..<3000 {
            let mutant = Mutation.mutate(Array(Self.text.utf8), &generator)
            guard let genesis = try? Genesis.parse(mutant) else { continue }
            acceptedCount += 1
            let again = try? Genesis.parse(Array(genesis.json.text().utf8))
            #expect(again == genesis, "round \(round) of seed 51")
        }
        #expect((1..<1500).contains(acceptedCount))
    }

    @Test func idDependsOnEverything() throws {
        let genesis = try Genesis.parse(Array(Self.text.utf8))
        let changes: [(inout ChainParameters) -> Void] = [
            { $0.name = "other" }, { $0.blockIntervalMilliseconds += 1 }, { $0.blockGasLimit += 1 },
            { $0.minimumGasPrice += 1 }, { $0.storageDepositPerByte += 1 }, { $0.producer = .zero },
            { $0.producerKey = Workload.keys[0].publicKey }, { $0.producerKey = Workload.keys[1].publicKey },
        ]
        var ids: Set<Hash> = [genesis.chainID]
        for change in changes {
            var parameters = genesis.parameters
            change(&parameters)
            ids.insert(try Genesis(parameters: parameters, accounts: genesis.accounts).chainID)
        }
        ids.insert(try Genesis(parameters: genesis.parameters, accounts: []).chainID)
        #expect(ids.count == changes.count + 2)
    }
}
