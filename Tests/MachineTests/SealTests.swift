import Bytecode
import Crypto
import Machine
import Numerics
import Testing
import Verifier

@Suite struct SealTests {
    /// A round whose phase is whatever the caller says: the guards and seals are what is tested.
    private func module() throws -> Module {
        try assemble(
            """
            function commit(Int, Address, Hash, Int) during 0 0
                phaseGuard r3, 0, 1
                sealCommit r0, r2, 0
                returnNothing
            end
            function reveal(Int, Address, Int<16>, Hash, Int) during 0 1
                phaseGuard r4, 0, 2
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
                Slot(name: "phase", kind: .plain, keys: [integer], type: integer, capacity: nil),
                Slot(name: "entered", kind: .plain, keys: [integer], type: integer, capacity: nil),
            ]
            builder.module.rounds = [
                RoundDescriptor(
                    name: "R", key: integer,
                    phases: [
                        .init(name: "commit", durationBlocks: 5, successor: 1),
                        .init(name: "reveal", durationBlocks: nil, successor: nil),
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
        #expect(chain.failure(contract, "commit", place + sealed + encode(1)) == "WrongPhase")
        #expect(chain.failure(contract, "commit", place + sealed + encode(-1)) == "WrongPhase")
        #expect(chain.failure(contract, "commit", place + sealed + encode(BigInt(1) << 70)) == "WrongPhase")
        #expect(chain.failure(contract, "commit", place + sealed + encode(0)) == nil)
        #expect(chain.failure(contract, "commit", place + sealed + encode(0)) == "AlreadyCommitted")
        #expect(chain.call(contract, "value", place).bytes == [0])
        #expect(chain.call(contract, "authors", encode(4)).integer == 1)
        let open = encode(-9) + salt.bytes + encode(1)
        #expect(chain.failure(contract, "reveal", encode(5) + alice.bytes + open) == "NotCommitted")
        #expect(chain.failure(contract, "reveal", encode(4) + address(2).bytes + open) == "NotCommitted")
        let otherValue = place + encode(-8) + salt.bytes + encode(1)
        #expect(chain.failure(contract, "reveal", otherValue) == "CommitmentMismatch")
        let otherSalt = place + encode(-9) + alice.bytes + encode(1)
        #expect(chain.failure(contract, "reveal", otherSalt) == "CommitmentMismatch")
        #expect(chain.failure(contract, "reveal", place + open) == nil)
        #expect(chain.failure(contract, "reveal", place + open) == "AlreadyRevealed")
        #expect(chain.call(contract, "value", place).bytes == [1] + encode(-9))
    }

    @Test func authorsAreCapped() throws {
        let chain = try TestChain()
        try chain.deploy(try module(), at: address(50))
        for author in 1...3 as ClosedRange<UInt64> {
            let arguments = encode(4) + address(author).bytes + address(9).bytes + encode(0)
            #expect(chain.failure(address(50), "commit", arguments) == (author == 3 ? "CapacityExceeded" : nil))
        }
    }
}
