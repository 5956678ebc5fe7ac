import Crypto

/// The native coin that one transaction's storage growth takes or its shrinkage gives back.
struct StorageDeposit {
    var charged = Amount.zero
    var refunded = Amount.zero
}

/// A transfer, which needs no engine.
enum TransferExecution {
    static func run(
        from sender: Address, to recipient: Address, asset: AssetID, amount: Amount, state: LedgerState
    ) -> EngineResult {
        guard let rest = state.balance(of: sender, asset: asset).subtracting(amount) else {
            return EngineResult(
                outcome: .failure(ExecutionFailure(code: LedgerFailure.insufficientBalance)), gasUsed: 0)
        }
        var result = EngineResult(outcome: .success([]), gasUsed: 0)
        // To oneself nothing moves.
        guard sender != recipient else { return result }
        guard let sum = state.balance(of: recipient, asset: asset).adding(amount) else {
            return EngineResult(outcome: .failure(ExecutionFailure(code: LedgerFailure.notConserved)), gasUsed: 0)
        }
        result.balances = [
            EngineResult.BalanceWrite(address: sender, asset: asset, amount: rest),
            EngineResult.BalanceWrite(address: recipient, asset: asset, amount: sum),
        ]
        return result
    }
}

extension BlockSession {
    /// Puts an engine's effects into the state and takes the deposit; returns why they must be undone, if they must.
    func takeEffect(
        _ result: EngineResult, of transaction: Transaction, sender: Address, deposit: inout StorageDeposit
    ) -> ExecutionFailure? {
        if let failure = checkSizes(of: result) { return failure }
        for change in result.balances {
            state.setBalance(change.amount, of: change.address, asset: change.asset)
        }
        for change in result.holdings {
            state.setHolding(change.amount, of: change.contract, asset: change.asset)
        }
        for change in result.supplies {
            // The native coin is made at genesis alone.
            guard change.asset != .nativeCoin,
                let raised = state.supply(of: change.asset).adding(change.minted),
                raised.subtracting(change.burned) == change.supply
            else { return notConserved(change.asset) }
            state.setSupply(change.supply, of: change.asset)
        }
        if let asset = state.unbalancedAsset() { return notConserved(asset) }

        var grownByteCount: UInt64 = 0
        var releasedByteCount: UInt64 = 0
        func write(_ value: [UInt8]?, for key: Bytes32) {
            releasedByteCount += LedgerCosts.storedByteCount(ofValue: state.value(for: key))
            grownByteCount += LedgerCosts.storedByteCount(ofValue: value)
            state.setValue(value, for: key)
        }
        if case .deploy(let artefact, _) = transaction.body, let contract = transaction.createdContract {
            write(artefact, for: LedgerKeys.code(of: contract))
        }
        for change in result.writes {
            write(change.value, for: change.key)
        }
        return settleDeposit(
            grownByteCount: grownByteCount, releasedByteCount: releasedByteCount, limit: transaction.depositLimit,
            sender: sender, deposit: &deposit)
    }

    /// Storage growth moves coin from the sender to the deposits, shrinkage moves it back to whoever sent the
    /// transaction that released the storage. The rate never changes, so the deposits always cover all refunds.
    private func settleDeposit(
        grownByteCount: UInt64, releasedByteCount: UInt64, limit: Amount, sender: Address,
        deposit: inout StorageDeposit
    ) -> ExecutionFailure? {
        guard grownByteCount != releasedByteCount else { return nil }
        let rate = Amount(parameters.storageDepositPerByte)
        let stored = state.storedByteCount
        let pool = state.balance(of: SystemAddresses.deposits, asset: .nativeCoin)
        let balance = state.balance(of: sender, asset: .nativeCoin)
        if grownByteCount > releasedByteCount {
            let growth = grownByteCount - releasedByteCount
            let (sum, overflow) = stored.addingReportingOverflow(growth)
            guard !overflow, let charge = rate.multiplied(by: growth), charge <= limit else {
                return ExecutionFailure(code: LedgerFailure.depositLimit)
            }
            guard let rest = balance.subtracting(charge), let raised = pool.adding(charge) else {
                return ExecutionFailure(code: LedgerFailure.insufficientBalance)
            }
            state.setBalance(rest, of: sender, asset: .nativeCoin)
            state.setBalance(raised, of: SystemAddresses.deposits, asset: .nativeCoin)
            state.setStoredByteCount(sum)
            deposit.charged = charge
        } else {
            let shrinkage = releasedByteCount - grownByteCount
            guard let refund = rate.multiplied(by: shrinkage), shrinkage <= stored,
                let lowered = pool.subtracting(refund), let sum = balance.adding(refund)
            else { return notConserved(.nativeCoin) }
            state.setBalance(lowered, of: SystemAddresses.deposits, asset: .nativeCoin)
            state.setBalance(sum, of: sender, asset: .nativeCoin)
            state.setStoredByteCount(stored - shrinkage)
            deposit.refunded = refund
        }
        if let asset = state.unbalancedAsset() { return notConserved(asset) }
        return nil
    }

    /// Whatever an engine returns, records and receipts stay within what their decoders accept.
    private func checkSizes(of result: EngineResult) -> ExecutionFailure? {
        var receiptByteCount = 0
        if case .success(let bytes) = result.outcome { receiptByteCount += bytes.count }
        for event in result.events {
            guard event.name.utf8.count <= Limits.nameByteCount else {
                return ExecutionFailure(code: LedgerFailure.tooLarge)
            }
            receiptByteCount += event.payload.count
        }
        guard receiptByteCount <= Limits.payloadByteCount, result.events.count <= Limits.eventCount,
            result.writes.allSatisfy({ ($0.value?.count ?? 0) <= Limits.stateValueByteCount })
        else { return ExecutionFailure(code: LedgerFailure.tooLarge) }
        return nil
    }

    /// The failure as a receipt can hold it.
    func recordable(_ outcome: ExecutionOutcome) -> ExecutionFailure {
        guard case .failure(let failure) = outcome, failure.code.utf8.count <= Limits.nameByteCount,
            failure.payload.count <= Limits.payloadByteCount
        else { return ExecutionFailure(code: LedgerFailure.tooLarge) }
        return failure
    }

    private func notConserved(_ asset: AssetID) -> ExecutionFailure {
        ExecutionFailure(code: LedgerFailure.notConserved, payload: asset.bytes)
    }
}
