import Bytecode
import Crypto
import Machine
import Numerics
import Testing
import Verifier

/// Asset 0 is issued; slot 0 is a vault, slot 1 vaults by address.
private func mintModule() throws -> Module {
    try assemble(
        """
        function create(Amount) -> Token#0
        registers Token#0
            mint r1, r0, 0
            return r1
        end
        function destroy(Token#0)
            burn r0
            returnNothing
        end
        function deposit(Token#0)
            vaultPut r0, r0, 0
            returnNothing
        end
        function withdraw(Amount) -> Token#0
        registers Token#0
            vaultTake r1, r0, r0, 0
            return r1
        end
        function emptyVault(Address)
        registers Token#0
            vaultTakeAll r1, r0, 0
            send r1, r0
            returnNothing
        end
        function held() -> Amount readonly
        registers Amount
            vaultAmount r0, r0, 0
            return r0
        end
        function give(Token#0, Address, Amount) -> Token#0
        registers Token#0
            tokenTake r3, r0, r2
            send r3, r1
            return r0
        end
        function close(Token#0)
            tokenClose r0
            returnNothing
        end
        function depositFor(Address, Token#0)
            vaultPut r1, r0, 1
            returnNothing
        end
        function removeFor(Address)
            stateRemove r0, 1
            returnNothing
        end
        function share(Token#0, List<Amount, 8>, Address, Address) -> Token#0
        registers TokenList#0, Token#0, Int, Int, Int, Token#0
            tokenSplit r4, r0, r1
            tokenListCount r6, r4
            loadInteger r7, 0
            loadInteger r8, 0
            tokenEmpty r9, 0
            branchLessOrEqual r6, r7, done
        again:
            tokenListNext r5, r4
            tokenJoin r9, r5
            loop r7, r6, again
        done:
            tokenListClose r4
            tokenJoin r0, r9
            return r0
        end
        """
    ) { builder in
        let amount = builder.type(.integer(.amount, bits: 256, isSigned: false))
        let address = builder.type(.bytes32(.address))
        builder.module.assets = [AssetDescriptor(name: "A", origin: .issued)]
        builder.module.slots = [
            Slot(name: "pot", kind: .vault(asset: 0), keys: [], type: amount, capacity: nil),
            Slot(name: "pots", kind: .vault(asset: 0), keys: [address], type: amount, capacity: nil),
        ]
    }
}

@Suite struct TokenTests {
    private func balance(_ chain: TestChain, _ holder: Address) -> BigInt {
        let asset = Addresses.asset(issuer: address(50), name: "A")
        return chain.books[.balance]?[asset]?[holder] ?? 0
    }

    /// Supply = balances + vaults.
    private func expectConserved(_ chain: TestChain) {
        let asset = Addresses.asset(issuer: address(50), name: "A")
        func total(_ kind: BookEntry.Kind) -> BigInt {
            (chain.books[kind]?[asset] ?? [:]).values.reduce(BigInt.zero, +)
        }
        #expect(total(.supply) == total(.balance) + total(.holding))
    }

    @Test func tokensMoveBetweenBalancesAndVaults() throws {
        let chain = try TestChain()
        try chain.deploy(try mintModule(), at: address(50))
        let (alice, bob) = (address(1), address(2))
        let result = chain.call(address(50), "create", encode(1000), from: alice)
        #expect(result.integer == 1000)
        #expect(result.supplyChanges.map(\.minted) == [[3, 232]])
        #expect(balance(chain, alice) == 1000)
        #expect(chain.failure(address(50), "deposit", encode(1001), from: alice) == "InsufficientAmount")
        #expect(chain.failure(address(50), "deposit", encode(400), from: alice) == nil)
        #expect(balance(chain, alice) == 600)
        #expect(chain.call(address(50), "held").integer == 400)
        expectConserved(chain)
        #expect(chain.failure(address(50), "withdraw", encode(401), from: bob) == "InsufficientAmount")
        #expect(chain.failure(address(50), "withdraw", encode(150), from: bob) == nil)
        #expect(balance(chain, bob) == 150)
        #expect(chain.failure(address(50), "emptyVault", bob.bytes, from: alice) == nil)
        #expect(balance(chain, bob) == 400)
        #expect(chain.failure(address(50), "give", encode(600) + bob.bytes + encode(599), from: alice) == nil)
        #expect(balance(chain, bob) == 999)
        #expect(balance(chain, alice) == 1)
        expectConserved(chain)
        #expect(chain.failure(address(50), "close", encode(1), from: alice) == "TokenNotEmpty")
        #expect(chain.failure(address(50), "close", encode(0), from: alice) == nil)
        let burned = chain.call(address(50), "destroy", encode(999), from: bob)
        #expect(burned.supplyChanges.map(\.burned) == [[3, 231]])
        expectConserved(chain)
    }

    @Test func vaultsAreNotRemovedWhileFull() throws {
        let chain = try TestChain()
        try chain.deploy(try mintModule(), at: address(50))
        chain.call(address(50), "create", encode(10))
        #expect(chain.failure(address(50), "depositFor", address(3).bytes + encode(10)) == nil)
        #expect(chain.failure(address(50), "removeFor", address(3).bytes) == "VaultNotEmpty")
        #expect(chain.failure(address(50), "removeFor", address(4).bytes) == nil)
        expectConserved(chain)
    }

    @Test func splitsPayOutExactly() throws {
        let chain = try TestChain()
        try chain.deploy(try mintModule(), at: address(50))
        chain.call(address(50), "create", encode(BigInt(1) << 200))
        let tail = address(3).bytes + address(4).bytes
        for weights: [Int] in [[1, 2, 3], [0, 0, 5, 0], [], [0, 0]] {
            let list = [UInt8(weights.count)] + weights.flatMap { encode($0) }
            let amount = BigInt(1) << 199 + 7
            let result = chain.call(address(50), "share", encode(amount) + list + tail)
            #expect(result.integer == amount, "\(weights)")
            expectConserved(chain)
        }
    }

    @Test func supplyIsBounded() throws {
        let chain = try TestChain()
        try chain.deploy(try mintModule(), at: address(50))
        let most = (BigInt(1) << 256) - 1
        #expect(chain.failure(address(50), "create", encode(most)) == nil)
        #expect(chain.failure(address(50), "create", encode(1)) == "Overflow")
        expectConserved(chain)
    }

    @Test func boundAssetsAreSetOnce() throws {
        let chain = try TestChain()
        let module = try assemble(
            """
            function bind(Asset)
                statePut r0, r0, 0
                returnNothing
            end
            function accept(Token#0)
            registers Address
                selfAddress r1
                send r0, r1
                returnNothing
            end
            function identity() -> Asset readonly
            registers Asset
                assetID r0, 0
                return r0
            end
            """
        ) { builder in
            let asset = builder.type(.bytes32(.asset))
            builder.module.assets = [AssetDescriptor(name: "X", origin: .bound(slot: 0))]
            builder.module.slots = [Slot(name: "X", kind: .plain, keys: [], type: asset, capacity: nil)]
        }
        try chain.deploy(module, at: address(50))
        #expect(chain.failure(address(50), "identity") == "AssetNotBound")
        #expect(chain.failure(address(50), "accept", encode(0)) == "AssetNotBound")
        #expect(chain.failure(address(50), "bind", address(7).bytes) == nil)
        #expect(chain.call(address(50), "identity").bytes == address(7).bytes)
        #expect(chain.failure(address(50), "bind", address(8).bytes) == "AssetMismatch")
        #expect(chain.failure(address(50), "accept", encode(1)) == "InsufficientAmount")
        #expect(chain.failure(address(50), "accept", encode(0)) == nil)
    }
}
