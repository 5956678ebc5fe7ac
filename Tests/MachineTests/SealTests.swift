import Bytecode
import Crypto
import Machine
import Numerics
import Testing
import Verifier

@Suite struct SealTests {
    /// Code that asks nothing: it commits for whom it is told, and reveals when it is told. What is stopped, the
    /// machine stops.
    private func module() throws -> Module {
        try assemble(
            """
            function open(Int)
                roundOpen r0, 0
                returnNothing
            end
            function close(Int)
                roundLeave r0, 0, 0
                returnNothing
            end
            function commit(Int, Address, Hash)
                sealCommit r0, r2, 0
                returnNothing
            end
            function reveal(Int, Address, Int<16>, Hash)
                sealReveal r0, r2, r3, 0
                returnNothing
            end
            function value(Int, Address) -> Int<16>? readonly
            registers Int<16>?
                stateFind r2, r0, 1
                return r2
            end
            function authors(Int) -> Int readonly
            registers Int
                stateCount r1, r0, 0
                return r1
            end
            function digest(Int, Address, Int<16>, Hash) -> Hash readonly
            registers Hash
                commitment r4, r0, 0
                return r4
            end
            """
        ) { builder in
            let integer = builder.type(.integer(.int, bits: 256, isSigned: true))
            let short = builder.type(.integer(.int, bits: 16, isSigned: true))
            let address = builder.type(.bytes32(.address))
            let hash = builder.type(.bytes32(.hash))
            builder.module.slots = [
                Slot(
                    name: "c", kind: .sealedCommitment(sealed: 0), keys: [integer, address], type: hash, capacity: 2),
                Slot(name: "v", kind: .sealedValue(sealed: 0), keys: [integer, address], type: short, capacity: 2),
                Slot(name: "phase", kind: .phase(round: 0), keys: [integer], type: integer, capacity: nil),
                Slot(name: "entered", kind: .phase(round: 0), keys: [integer], type: integer, capacity: nil),
            ]
            builder.module.rounds = [
                RoundDescriptor(
                    name: "R", key: integer,
                    phases: [
                        .init(name: "commit", duration: .blocks(5), hasCondition: true, successor: 1),
                        .init(name: "reveal", duration: .blocks(5), successor: 2),
                        .init(name: "done", duration: nil, successor: nil),
                    ], phaseSlot: 2, enteredSlot: 3)
            ]
            builder.module.sealed = [
                SealedDescriptor(
                    name: "R.score", round: 0, value: short, commitmentSlot: 0, valueSlot: 1, commitPhase: 0,
                    revealPhase: 1)
            ]
        }
    }

    /// The formula of Documentation/machine.md, written out.
    private func commitment(key: Int, author: Address, value: Int, salt: Bytes32) -> [UInt8] {
        var bytes = Array("agon.seal.1".utf8) + address(99).bytes + address(50).bytes
        bytes += [7] + Array("R.score".utf8) + encode(key) + author.bytes + encode(value) + salt.bytes
        return Blake2b.hash(bytes).bytes
    }

    @Test func commitmentsBindTheirValue() throws {
        let chain = try TestChain()
        let contract = address(50)
        try chain.deploy(try module(), at: contract)
        let (alice, salt) = (address(1), address(77))
        let sealed = commitment(key: 4, author: alice, value: -9, salt: salt)
        let place = encode(4) + alice.bytes
        #expect(chain.call(contract, "digest", place + encode(-9) + salt.bytes).bytes == sealed)
        #expect(chain.failure(contract, "open", encode(4)) == nil)
        #expect(chain.failure(contract, "commit", place + sealed) == nil)
        #expect(chain.failure(contract, "commit", place + sealed) == "AlreadyCommitted")
        #expect(chain.call(contract, "value", place).bytes == [0])
        #expect(chain.call(contract, "authors", encode(4)).integer == 1)
        #expect(chain.failure(contract, "close", encode(4)) == nil)
        let open = encode(-9) + salt.bytes
        #expect(chain.failure(contract, "reveal", encode(4) + address(2).bytes + open) == "NotCommitted")
        #expect(chain.failure(contract, "reveal", place + encode(-8) + salt.bytes) == "CommitmentMismatch")
        #expect(chain.failure(contract, "reveal", place + encode(-9) + alice.bytes) == "CommitmentMismatch")
        #expect(chain.failure(contract, "reveal", place + open, from: address(3)) == nil)
        #expect(chain.failure(contract, "reveal", place + open) == "AlreadyRevealed")
        #expect(chain.call(contract, "value", place).bytes == [1] + encode(-9))
    }

    @Test func nobodyCommitsForAnother() throws {
        let chain = try TestChain()
        try chain.deploy(try module(), at: address(50))
        #expect(chain.failure(address(50), "open", encode(4)) == nil)
        let forBob = encode(4) + address(2).bytes + address(9).bytes
        #expect(chain.failure(address(50), "commit", forBob, from: address(1)) == "NotAuthorized")
        #expect(chain.failure(address(50), "commit", forBob, from: address(2)) == nil)
    }

    /// Windows: opened at 10, commit 10 … 14, reveal 15 … 19.
    @Test func sealsBelongToTheirPhase() throws {
        let chain = try TestChain()
        let contract = address(50)
        try chain.deploy(try module(), at: contract)
        let (alice, salt) = (address(1), address(77))
        let place = encode(4) + alice.bytes
        let commit = place + commitment(key: 4, author: alice, value: 3, salt: salt)
        let reveal = place + encode(3) + salt.bytes
        #expect(chain.failure(contract, "commit", commit) == "NoSuchRound")
        #expect(chain.failure(contract, "reveal", reveal) == "NoSuchRound")
        #expect(chain.failure(contract, "open", encode(4)) == nil)
        #expect(chain.failure(contract, "open", encode(4)) == "RoundExists")
        chain.height = 14
        #expect(chain.failure(contract, "reveal", reveal) == "WrongPhase")
        #expect(chain.failure(contract, "commit", commit) == nil)
        chain.height = 15
        let bob = encode(4) + address(2).bytes + address(9).bytes
        #expect(chain.failure(contract, "commit", bob, from: address(2)) == "WrongPhase")
        // The condition of a phase that is over cannot end it once more: no window begins anew.
        #expect(chain.failure(contract, "close", encode(4)) == "WrongPhase")
        chain.height = 20
        #expect(chain.failure(contract, "reveal", reveal) == "WrongPhase")
        chain.height = 19
        #expect(chain.failure(contract, "reveal", reveal) == nil)
    }

    /// Ended early at 12, the reveal lasts 12 … 16.
    @Test func aPhaseThatEndsEarlyNeverComesBack() throws {
        let chain = try TestChain()
        let contract = address(50)
        try chain.deploy(try module(), at: contract)
        #expect(chain.failure(contract, "close", encode(4)) == "NoSuchRound")
        #expect(chain.failure(contract, "open", encode(4)) == nil)
        let commit = encode(4) + address(1).bytes + commitment(key: 4, author: address(1), value: 3, salt: address(7))
        #expect(chain.failure(contract, "commit", commit) == nil)
        chain.height = 12
        #expect(chain.failure(contract, "close", encode(4)) == nil)
        #expect(chain.failure(contract, "close", encode(4)) == "WrongPhase")
        let bob = encode(4) + address(2).bytes + address(9).bytes
        #expect(chain.failure(contract, "commit", bob, from: address(2)) == "WrongPhase")
        let reveal = encode(4) + address(1).bytes + encode(3) + address(7).bytes
        chain.height = 17
        #expect(chain.failure(contract, "reveal", reveal) == "WrongPhase")
        chain.height = 16
        #expect(chain.failure(contract, "reveal", reveal) == nil)
    }

    @Test func authorsAreCapped() throws {
        let chain = try TestChain()
        try chain.deploy(try module(), at: address(50))
        #expect(chain.failure(address(50), "open", encode(4)) == nil)
        for author in 1...3 as ClosedRange<UInt64> {
            let arguments = encode(4) + address(author).bytes + address(9).bytes
            #expect(
                chain.failure(address(50), "commit", arguments, from: address(author))
                    == (author == 3 ? "CapacityExceeded" : nil))
        }
    }
}
