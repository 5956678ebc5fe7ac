import Crypto
import Numerics
import Verifier

/// What the machine itself keeps: balances, supplies, holdings of vaults, and for one transaction the tokens in flight.
/// Entries of contract 0, slot: kind in the low byte, number of the asset above it, key: the holder.
enum Book {
    static let balance: UInt32 = 0
    static let supply: UInt32 = 1
    static let holding: UInt32 = 2
    // These are never written out.
    static let inFlight: UInt32 = 16
    static let minted: UInt32 = 17
    static let burned: UInt32 = 18
    static let contract: UInt32 = 19
    static let asset: UInt32 = 20

    static func slot(_ kind: UInt32, asset: Int32) -> UInt32 { kind | UInt32(bitPattern: asset) << 8 }
}

extension UnsafeMutablePointer<Context> {
    // MARK: Assets

    /// The number in this transaction of an asset of the running contract; nil with `status` set.
    @inline(__always)
    func asset(_ index: Int) -> Int32? { asset(index, of: pointee.contract, pointee.contractNumber) }

    @inline(__always)
    func asset(_ index: Int, of contract: UnsafeMutablePointer<ContractRecord>, _ number: UInt32) -> Int32? {
        let known = contract.pointee.assets[index]
        return known >> 32 >= Int64(pointee.freshSince)
            ? Int32(truncatingIfNeeded: known) : resolveAsset(index, of: contract, number)
    }

    @inline(never)
    private func resolveAsset(
        _ index: Int, of contract: UnsafeMutablePointer<ContractRecord>, _ number: UInt32
    ) -> Int32? {
        let descriptor = pointee.machine._withUnsafeGuaranteedRef {
            $0.verified(contract.pointee.moduleIndex).module.assets[index]
        }
        let known = contract.pointee.assets[index]
        let epoch = Int64(pointee.overlay.epoch) << 32
        let id: AssetID
        switch descriptor.origin {
        case .native: id = .nativeCoin
        case .issued where known >= 0:
            guard chargeAgain(MachineCosts.keyHash) else {
                pointee.status = Status(.outOfGas)
                return nil
            }
            id = pointee.assets[Int(Int32(truncatingIfNeeded: known))]
        case .issued:
            guard charge(MachineCosts.keyHash) else {
                pointee.status = Status(.outOfGas)
                return nil
            }
            id = Addresses.asset(issuer: contract.pointee.address, name: descriptor.name)
        case .bound(let slot):
            let place = UInt32(truncatingIfNeeded: slot)
            guard let entry = entry(of: number, place, StateKeys.plain) else { return nil }
            guard entry.isPresent else {
                pointee.status = Status(.assetNotBound)
                return nil
            }
            id = Bytes32(home: entry.home)
        }
        guard let asset = number32(of: id) else { return nil }
        // A binding may yet be undone with the call that made it.
        if case .bound = descriptor.origin, known < 0, pointee.overlay.epoch != 0 { return asset }
        contract.pointee.assets[index] = epoch | Int64(asset)
        return asset
    }

    /// The number of an asset by its id.
    func number32(of id: AssetID) -> Int32? {
        if let known = pointee.overlay.find(0, Book.asset, id) {
            return Int32(truncatingIfNeeded: known.pointee.word >> 1)
        }
        guard pointee.assetCount < Context.assetLimit, let entry = pointee.overlay.insert(0, Book.asset, id) else {
            pointee.status = Status(.outOfMemory)
            return nil
        }
        let number = pointee.assetCount
        pointee.assets[number] = id
        pointee.assetCount += 1
        entry.pointee.word = Int64(number) << 1
        return Int32(number)
    }

    // MARK: Entries

    /// An entry of the books that the state holds.
    func book(_ kind: UInt32, _ asset: Int32, _ holder: Bytes32) -> Entry? {
        let slot = Book.slot(kind, asset: asset)
        if let found = pointee.overlay.find(0, slot, holder) {
            return found.pointee.touched >= pointee.freshSince ? found : meetAgain(found)
        }
        guard charge(MachineCosts.coldRead) else {
            pointee.status = Status(.outOfGas)
            return nil
        }
        guard let entry = pointee.overlay.insert(0, slot, holder) else {
            pointee.status = Status(.outOfMemory)
            return nil
        }
        let id = pointee.assets[Int(asset)]
        let key: Bytes32
        switch kind {
        case Book.balance: key = StateKeys.balance(asset: id, address: holder)
        case Book.supply: key = StateKeys.supply(asset: id)
        default: key = StateKeys.holding(contract: holder, asset: id)
        }
        guard let stored = pointee.machine._withUnsafeGuaranteedRef({ $0.read(key) }) else { return entry }
        let status = stored.withUnsafeBytes { buffer -> Status in
            guard let base = buffer.baseAddress else { return Status(.damagedState) }
            var source = ByteSource(base: base, count: buffer.count)
            let status = decodeInteger(&source, into: entry.word, entry.home)
            guard status.isOK else { return status == Status(.invalidArgument) ? Status(.damagedState) : status }
            let isAmount = source.remaining == 0 && CellInteger.fitsUnsigned(entry.operand, bits: 256)
            return isAmount ? .ok : Status(.damagedState)
        }
        guard status.isOK else {
            pointee.overlay.removeNewest()
            pointee.status = status
            return nil
        }
        pointee.machine._withUnsafeGuaranteedRef { $0.keepOpening(stored) }
        entry.pointee.flags = OverlayEntry.present
        return entry
    }

    /// An entry that lasts for the transaction.
    @inline(__always)
    private func ephemeral(_ kind: UInt32, _ asset: Int32) -> Entry? {
        let slot = Book.slot(kind, asset: asset)
        if let found = pointee.overlay.find(0, slot, .zero) { return found }
        if let made = pointee.overlay.insert(0, slot, .zero) { return made }
        pointee.status = Status(.outOfMemory)
        return nil
    }

    /// Adds to or subtracts from an entry; `shortage` when it would become negative or pass 256 bits.
    private func adjust(
        _ entry: Entry, by amount: CellOperand, isAddition: Bool, isKept: Bool, shortage: Status
    ) -> Status {
        if isKept {
            let status = beginWrite(entry)
            if !status.isOK { return status }
        } else if pointee.overlay.needsNote(entry) {
            guard charge(MachineCosts.journal) else { return Status(.outOfGas) }
            guard pointee.overlay.note(entry) else { return Status(.outOfMemory) }
        }
        if CellWord.areSmall(entry.pointee.word, amount.word) {
            let (sum, overflow) =
                isAddition
                ? CellWord.add(entry.pointee.word, amount.word) : CellWord.subtract(entry.pointee.word, amount.word)
            if !overflow {
                if sum < 0 { return shortage }
                entry.pointee.word = sum
                if isKept { entry.pointee.flags |= OverlayEntry.present }
                return .ok
            }
        }
        return withUnsafeTemporaryAllocation(of: UInt64.self, capacity: ObjectLayout.cellWords) { cell -> Status in
            guard let base = cell.baseAddress else { return shortage }
            let destination = CellDestination(at: base)
            let status = arithmetic { gas, arena in
                isAddition
                    ? CellInteger.add(destination, entry.operand, amount, gas: gas, arena: arena)
                    : CellInteger.subtract(destination, entry.operand, amount, gas: gas, arena: arena)
            }
            guard status.isOK, CellInteger.fitsUnsigned(destination.operand, bits: 256) else {
                return status.isOK ? shortage : status
            }
            copyCell(entry.word, entry.home, destination.word.pointee, destination.home)
            if isKept { entry.pointee.flags |= OverlayEntry.present }
            return .ok
        }
    }

    // MARK: Movements

    func addInFlight(_ asset: Int32, _ amount: CellOperand) -> Status {
        guard let entry = ephemeral(Book.inFlight, asset) else { return pointee.status }
        return adjust(
            entry, by: amount, isAddition: true, isKept: false, shortage: Status(.conservationViolated))
    }

    func removeInFlight(_ asset: Int32, _ amount: CellOperand) -> Status {
        guard let entry = ephemeral(Book.inFlight, asset) else { return pointee.status }
        return adjust(
            entry, by: amount, isAddition: false, isKept: false, shortage: Status(.conservationViolated))
    }

    /// Out of an address's balance into a register.
    func debit(_ asset: Int32, _ address: Address, _ amount: CellOperand) -> Status {
        guard let entry = book(Book.balance, asset, address) else { return pointee.status }
        let status = adjust(
            entry, by: amount, isAddition: false, isKept: true, shortage: Status(.insufficientAmount))
        return status.isOK ? addInFlight(asset, amount) : status
    }

    /// Out of a register into an address's balance.
    func credit(_ asset: Int32, _ address: Address, _ amount: CellOperand) -> Status {
        guard let entry = book(Book.balance, asset, address) else { return pointee.status }
        let status = adjust(entry, by: amount, isAddition: true, isKept: true, shortage: Status(.overflow))
        return status.isOK ? removeInFlight(asset, amount) : status
    }

    /// Out of a register into a vault of the running contract.
    func deposit(_ asset: Int32, _ amount: CellOperand, vault: Entry) -> Status {
        let address = pointee.contract.pointee.address
        guard let holding = book(Book.holding, asset, address) else { return pointee.status }
        var status = adjust(holding, by: amount, isAddition: true, isKept: true, shortage: Status(.overflow))
        if status.isOK {
            status = adjust(vault, by: amount, isAddition: true, isKept: true, shortage: Status(.overflow))
        }
        return status.isOK ? removeInFlight(asset, amount) : status
    }

    /// Out of a vault of the running contract into a register.
    func withdraw(_ asset: Int32, _ amount: CellOperand, vault: Entry) -> Status {
        var status = adjust(
            vault, by: amount, isAddition: false, isKept: true, shortage: Status(.insufficientAmount))
        guard status.isOK else { return status }
        let address = pointee.contract.pointee.address
        guard let holding = book(Book.holding, asset, address) else { return pointee.status }
        status = adjust(
            holding, by: amount, isAddition: false, isKept: true, shortage: Status(.conservationViolated))
        return status.isOK ? addInFlight(asset, amount) : status
    }

    /// New units into a register.
    func mint(_ asset: Int32, _ amount: CellOperand) -> Status {
        guard let supply = book(Book.supply, asset, .zero), let minted = ephemeral(Book.minted, asset) else {
            return pointee.status
        }
        var status = adjust(supply, by: amount, isAddition: true, isKept: true, shortage: Status(.overflow))
        if status.isOK {
            status = adjust(minted, by: amount, isAddition: true, isKept: false, shortage: Status(.overflow))
        }
        return status.isOK ? addInFlight(asset, amount) : status
    }

    /// Units out of a register for good.
    func burn(_ asset: Int32, _ amount: CellOperand) -> Status {
        guard let supply = book(Book.supply, asset, .zero), let burned = ephemeral(Book.burned, asset) else {
            return pointee.status
        }
        var status = adjust(
            supply, by: amount, isAddition: false, isKept: true, shortage: Status(.conservationViolated))
        if status.isOK {
            status = adjust(burned, by: amount, isAddition: true, isKept: false, shortage: Status(.overflow))
        }
        return status.isOK ? removeInFlight(asset, amount) : status
    }
}
