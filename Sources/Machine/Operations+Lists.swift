import Bytecode
import Numerics
import Verifier

extension UnsafeMutablePointer<Context> {
    /// Sorted values, indices in sorted order, or ranks. Ties: the lower index first.
    func listSort(
        _ opcode: Opcode, _ word: UnsafeMutablePointer<Int64>, _ list: UnsafeMutableRawPointer, isDescending: Bool
    ) -> Status {
        let count = Int(list.count)
        guard charge(MachineCosts.sort(count)) else { return Status(.outOfGas) }
        guard let target = makeList(capacity: max(1, count)) else { return pointee.status }
        let (cells, out) = (list.listCells, target.listCells)
        let status = arithmetic { gas, arena in
            switch opcode {
            case .listSort:
                CellInteger.sorted(out, cells, count: count, descending: isDescending, gas: gas, arena: arena)
            case .listOrder:
                CellInteger.order(out, cells, count: count, descending: isDescending, gas: gas, arena: arena)
            default:
                CellInteger.ranks(out, cells, count: count, descending: isDescending, gas: gas, arena: arena)
            }
        }
        guard status.isOK else { return status }
        target.count = UInt32(count)
        word.pointee = reference(target)
        return .ok
    }

    func listSum(_ target: CellDestination, _ list: UnsafeMutableRawPointer) -> Status {
        let count = Int(list.count)
        guard charge(MachineCosts.element * Int64(count)) else { return Status(.outOfGas) }
        return arithmetic { CellInteger.sum(target, list.listCells, count: count, gas: $0, arena: $1) }
    }

    func splitAmount(
        _ word: UnsafeMutablePointer<Int64>, _ total: CellOperand, _ weights: UnsafeMutableRawPointer
    ) -> Status {
        var isSplit = false
        return split(word, total, weights, isSplit: &isSplit)
    }

    /// Parts of a total by weights: part i is ⌊P·S_i/S_n⌋ − ⌊P·S_{i−1}/S_n⌋ with S_i the sum of the first i weights, so
    /// they add up to P exactly.
    ///
    /// - Parameter isSplit: false when no weight is positive; the parts are then zero.
    func split(
        _ word: UnsafeMutablePointer<Int64>, _ total: CellOperand, _ weights: UnsafeMutableRawPointer,
        isSplit: inout Bool
    ) -> Status {
        let count = Int(weights.count)
        guard charge(MachineCosts.part * Int64(count)) else { return Status(.outOfGas) }
        if CellInteger.isNegative(total) { return Status(.overflow) }
        guard let target = makeList(capacity: max(1, count)) else { return pointee.status }
        let out = target.listCells
        let status = arithmetic {
            CellInteger.apportion(out, total: total, weights: weights.listCells, count: count, gas: $0, arena: $1)
        }
        isSplit = status.isOK
        if status == Status(.invalidArgument) { return Status(.negativeWeight) }
        if status == Status(.divisionByZero) {
            for index in 0..<count { out[index * ObjectLayout.cellWords] = 0 }
        } else if !status.isOK {
            return status
        }
        target.count = UInt32(count)
        word.pointee = reference(target)
        return .ok
    }
}
