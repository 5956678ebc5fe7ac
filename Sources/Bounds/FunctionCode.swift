import Bytecode
import Verifier

/// The code of one verified function, its loops, and what it may change.
struct FunctionCode {
    struct Loop {
        var head: Int
        /// The word of the `loop` instruction.
        var end: Int
        /// Index of the loop around it.
        var parent: Int?
    }

    let descriptor: FunctionDescriptor
    let prepared: PreparedFunction
    /// As the machine runs it: second words filled, types written into immediates.
    let words: UnsafeBufferPointer<UInt64>
    private(set) var loops: [Loop] = []
    /// For each word the innermost loop that holds it.
    private(set) var loopOf: [Int?]
    /// Why loops cannot be followed.
    private(set) var fault: String?

    init(_ module: VerifiedModule, _ index: Int) {
        descriptor = module.module.functions[index]
        prepared = module.prepared.functions[index]
        words = UnsafeBufferPointer(
            start: module.prepared.code + Int(prepared.codeOffset), count: Int(prepared.wordCount))
        loopOf = [Int?](repeating: nil, count: words.count)
        findLoops()
        checkJumps()
    }

    func instruction(_ word: Int) -> (opcode: Opcode, instruction: Instruction)? {
        guard words.indices.contains(word) else { return nil }
        let instruction = Instruction(word: words[word])
        return instruction.opcode.map { ($0, instruction) }
    }

    static func offset(_ instruction: Instruction, _ opcode: Opcode) -> Int? {
        switch OpcodeTable[opcode].immediate {
        case .offset: Int(instruction.immediate)
        case .methodOffset, .functionOffset: Int(instruction.immediate >> 16)
        default: nil
        }
    }

    func takenGas(_ word: Int) -> Int { Int(UInt32(truncatingIfNeeded: words[word + 1])) }
    func followingGas(_ word: Int) -> Int { Int(words[word + 1] >> 32) }

    /// Loops nest; of two with one head the longer one is outside.
    private mutating func findLoops() {
        var found: [(head: Int, end: Int)] = []
        var word = 0
        while let (opcode, instruction) = instruction(word) {
            if opcode == .loop, instruction.immediate <= 0 { found.append((word + Int(instruction.immediate), word)) }
            word += OpcodeTable[opcode].words
        }
        found.sort { $0.head != $1.head ? $0.head < $1.head : $0.end > $1.end }
        var open: [Int] = []
        for loop in found {
            while let last = open.last, loops[last].end < loop.head { open.removeLast() }
            if open.count >= FunctionAnalysis.loopDepthLimit { fault = "loops nest too deep" }
            loops.append(Loop(head: loop.head, end: loop.end, parent: open.last))
            for inner in loop.head...loop.end { loopOf[inner] = loops.count - 1 }
            open.append(loops.count - 1)
            if fault != nil { return }
        }
    }

    /// Nothing may enter a loop but by its head.
    private mutating func checkJumps() {
        var word = 0
        while let (opcode, instruction) = instruction(word) {
            if let offset = Self.offset(instruction, opcode), offset > 0, fault == nil {
                var loop = loopOf[word + offset]
                while let index = loop {
                    if loops[index].head == word + offset || loops[index].head <= word { break }
                    if !(loops[index].head...loops[index].end).contains(word) { fault = "a jump into a loop" }
                    loop = loops[index].parent
                }
            }
            word += OpcodeTable[opcode].words
        }
    }
}

/// What code may do, the functions it calls included.
struct Effects {
    var written: Set<Int> = []
    var removed: Set<Int> = []
    /// Rounds of which it opens instances.
    var opened: Set<Int> = []
    /// It calls other contracts.
    var callsOut = false
    /// It may change other contracts.
    var changesOthers = false

    mutating func formUnion(_ other: Effects) {
        written.formUnion(other.written)
        removed.formUnion(other.removed)
        opened.formUnion(other.opened)
        callsOut = callsOut || other.callsOut
        changesOthers = changesOthers || other.changesOthers
    }

    mutating func add(_ opcode: Opcode, _ instruction: Instruction, _ module: Module, _ functions: [Effects]) {
        let immediate = Int(instruction.immediate)
        switch opcode {
        case .statePut, .vaultPut, .vaultTake, .vaultTakeAll: written.insert(immediate)
        case .stateRemove:
            written.insert(immediate)
            removed.insert(immediate)
        case .sealCommit, .sealReveal:
            guard module.sealed.indices.contains(immediate) else { return }
            let sealed = module.sealed[immediate]
            written.insert(opcode == .sealCommit ? sealed.commitmentSlot : sealed.valueSlot)
        case .roundOpen:
            guard module.rounds.indices.contains(immediate) else { return }
            let round = module.rounds[immediate]
            written.formUnion(round.ownSlots)
            opened.insert(immediate)
        case .roundLeave:
            guard module.rounds.indices.contains(immediate >> 16) else { return }
            let round = module.rounds[immediate >> 16]
            written.formUnion([round.phaseSlot, round.enteredSlot])
        case .call, .tryLocal:
            let function = opcode == .call ? immediate : immediate & 0xFFFF
            if functions.indices.contains(function) { formUnion(functions[function]) }
        case .interfaceCall, .tryCall:
            callsOut = true
            let item = immediate & 0xFFFF
            guard module.imports.indices.contains(item) else { return }
            let imported = module.imports[item]
            if !module.interfaces[imported.interface].methods[imported.method].isView { changesOthers = true }
        default: break
        }
    }
}

extension RoundDescriptor {
    /// The entries that tell where an instance is, which only the instructions of rounds write.
    var ownSlots: [Int] { [phaseSlot, enteredSlot] + durationSlots }
}
