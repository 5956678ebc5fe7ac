import Bytecode
import Numerics
import Verifier

extension UnsafeMutablePointer<Context> {
    // MARK: Structs, enums, options

    func newObject(_ a: Int, _ base: Int, tag: Int, type: Int, _ words: Words, _ homes: Homes) -> Status {
        let prepared = pointee.contract.pointee.module.types + type
        let count: Int
        switch prepared.pointee.kind {
        case .structure: count = Int(prepared.pointee.count)
        case .option: count = tag
        default: count = Int(pointee.contract.pointee.module.cases[Int(prepared.pointee.first) + tag].count)
        }
        guard let target = allocate(ObjectLayout.contentOffset + count * ObjectLayout.cellBytes) else {
            return pointee.status
        }
        target.writeHeader(
            type: Int32(truncatingIfNeeded: type), count: count, capacity: count, tag: UInt32(truncatingIfNeeded: tag))
        for index in 0..<count {
            let cell = CellDestination(at: target.contentCells + index * ObjectLayout.cellWords)
            copyCell(cell.word, cell.home, words[base + index], homes + 4 * (base + index))
        }
        words[a] = reference(target)
        return .ok
    }

    func setField(_ a: Int, _ b: Int, _ field: Int, _ words: Words, _ homes: Homes) -> Status {
        let target = object(words[a])
        if target.isShared { return Status(.sharedObject) }
        let cell = CellDestination(at: target.contentCells + field * ObjectLayout.cellWords)
        copyCell(cell.word, cell.home, words[b], homes + 4 * b)
        return .ok
    }

    func copyObject(_ a: Int, _ b: Int, type: Int, _ words: Words) -> Status {
        let source = object(words[b])
        let count = Int(source.count)
        let copy: UnsafeMutableRawPointer
        if self.type(Int32(truncatingIfNeeded: type)).kind == .list {
            guard let made = makeList(capacity: max(1, count)) else { return pointee.status }
            copy = made
            copy.listCells.update(from: source.listCells, count: count * ObjectLayout.cellWords)
            copy.count = UInt32(count)
        } else {
            guard let made = allocate(ObjectLayout.contentOffset + count * ObjectLayout.cellBytes) else {
                return pointee.status
            }
            copy = made
            copy.writeHeader(type: 0, count: count, capacity: count, tag: source.tag)
            copy.contentCells.update(from: source.contentCells, count: count * ObjectLayout.cellWords)
        }
        words[a] = reference(copy)
        return .ok
    }

    // MARK: Lists

    /// A list without elements and room for `capacity`; nil with `status` set.
    func makeList(capacity: Int) -> UnsafeMutableRawPointer? {
        guard let target = allocate(ObjectLayout.listBytes),
            let cells = allocate(capacity * ObjectLayout.cellBytes)
        else { return nil }
        target.writeHeader(type: 0, count: 0, capacity: capacity, tag: 0)
        target.listCells = cells.assumingMemoryBound(to: UInt64.self)
        return target
    }

    func newList(_ word: UnsafeMutablePointer<Int64>, type: Int) -> Status {
        let capacity = Int(self.type(Int32(truncatingIfNeeded: type)).capacity)
        guard let target = makeList(capacity: min(4, max(1, capacity))) else { return pointee.status }
        word.pointee = reference(target)
        return .ok
    }

    func listAppend(_ a: Int, _ b: Int, type: Int, _ words: Words, _ homes: Homes) -> Status {
        let target = object(words[a])
        if target.isShared { return Status(.sharedObject) }
        let count = Int(target.count)
        if count == Int(target.capacity) {
            let limit = Int(self.type(Int32(truncatingIfNeeded: type)).capacity)
            guard let cells = growth(of: target, count, limit) else { return pointee.status }
            target.listCells = cells
        } else if count >= Int(self.type(Int32(truncatingIfNeeded: type)).capacity) {
            return Status(.capacityExceeded)
        }
        let cell = CellDestination(at: target.listCells + count * ObjectLayout.cellWords)
        copyCell(cell.word, cell.home, words[b], homes + 4 * b)
        target.count = UInt32(count + 1)
        return .ok
    }

    private func growth(
        of target: UnsafeMutableRawPointer, _ count: Int, _ limit: Int
    ) -> UnsafeMutablePointer<UInt64>? {
        guard count < limit else {
            pointee.status = Status(.capacityExceeded)
            return nil
        }
        let capacity = min(limit, max(4, 2 * count))
        guard let block = allocate(capacity * ObjectLayout.cellBytes) else { return nil }
        let cells = block.assumingMemoryBound(to: UInt64.self)
        cells.update(from: target.listCells, count: count * ObjectLayout.cellWords)
        target.capacity = UInt32(capacity)
        return cells
    }

    func listRepeat(_ a: Int, _ b: Int, _ c: Int, type: Int, _ words: Words, _ homes: Homes) -> Status {
        let number = words[c]
        let limit = Int64(self.type(Int32(truncatingIfNeeded: type)).capacity)
        guard number & 1 == 0, number >= 0, number >> 1 <= limit else { return Status(.capacityExceeded) }
        let count = Int(number >> 1)
        guard let target = makeList(capacity: max(1, count)) else { return pointee.status }
        for index in 0..<count {
            let cell = CellDestination(at: target.listCells + index * ObjectLayout.cellWords)
            copyCell(cell.word, cell.home, words[b], homes + 4 * b)
        }
        target.count = UInt32(count)
        words[a] = reference(target)
        return .ok
    }

    func listContains(_ a: Int, _ b: Int, _ c: Int, type: Int, _ words: Words, _ homes: Homes) -> Status {
        let list = object(words[b])
        let element = self.type(Int32(truncatingIfNeeded: type)).first
        let wanted = CellOperand(word: words[c], home: homes + 4 * c)
        var isFound = false
        for index in 0..<Int(list.count) {
            let cell = CellOperand(at: list.listCells + index * ObjectLayout.cellWords)
            let status = equal(cell, wanted, element, isEqual: &isFound)
            if !status.isOK { return status }
            // What is left is not paid for, so it is not even walked over.
            if isFound { break }
        }
        words[a] = isFound ? 2 : 0
        return .ok
    }
}
