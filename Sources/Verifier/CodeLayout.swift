import Bytecode

/// Where the instructions of one function are, where they jump, and what their blocks cost.
struct CodeLayout {
    enum Mark: UInt8 { case inside, start, forwardTarget, loopTarget, bothTarget }

    private(set) var marks: [Mark]
    /// For each instruction the base costs from it to the end of its block.
    private(set) var costs: [UInt32]
    /// For the beginning of a loop the lowest base of a call within it: after a pass the registers from there on may
    /// hold nothing, for a call clears its window and a failed one leaves no result.
    private(set) var lowestCallBases: [Int: Int] = [:]

    /// Jump distance in words of a control transfer.
    static func offset(_ instruction: Instruction, _ opcode: Opcode) -> Int? {
        switch OpcodeTable[opcode].immediate {
        case .offset: Int(instruction.immediate)
        case .methodOffset, .functionOffset: Int(instruction.immediate >> 16)
        default: nil
        }
    }

    /// Whether control does not simply go on after it.
    static func endsBlock(_ opcode: Opcode) -> Bool {
        switch opcode {
        case .`return`, .returnNothing, .fail, .failBuiltin: true
        default: OpcodeTable[opcode].immediate == .offset || opcode == .tryCall || opcode == .tryLocal
        }
    }

    init(function index: Int, code: [UInt64]) throws(VerificationError) {
        marks = [Mark](repeating: .inside, count: code.count)
        costs = [UInt32](repeating: 0, count: code.count)
        var starts: [Int] = []
        var targets: [(word: Int, isLoop: Bool, from: Int)] = []
        var word = 0
        while word < code.count {
            let instruction = Instruction(word: code[word])
            guard let opcode = instruction.opcode else {
                throw VerificationError(.encoding, function: index, word: word, "no opcode \(instruction.opcodeByte)")
            }
            let row = OpcodeTable[opcode]
            guard word + row.words <= code.count else {
                throw VerificationError(.encoding, function: index, word: word, "the second word is missing")
            }
            if row.words == 2, code[word + 1] != 0 {
                throw VerificationError(.encoding, function: index, word: word, "the second word is not zero")
            }
            marks[word] = .start
            starts.append(word)
            if let offset = Self.offset(instruction, opcode) {
                targets.append((word + offset, opcode == .loop && offset <= 0, word))
            }
            word += row.words
        }
        for target in targets {
            guard code.indices.contains(target.word), marks[target.word] != .inside else {
                throw VerificationError(.target, function: index, word: target.from, "a jump to word \(target.word)")
            }
            guard target.isLoop || target.word > target.from else {
                throw VerificationError(
                    .target, function: index, word: target.from, "a backward jump by something else than `loop`")
            }
            switch (marks[target.word], target.isLoop) {
            case (.start, true): marks[target.word] = .loopTarget
            case (.start, false): marks[target.word] = .forwardTarget
            case (.forwardTarget, true), (.loopTarget, false): marks[target.word] = .bothTarget
            default: break
            }
        }
        try addCosts(starts, code, function: index)
        try addCallBases(starts, code, function: index)
    }

    /// Loops nest, so that walking backward their ends and beginnings pair up like brackets.
    private mutating func addCallBases(_ starts: [Int], _ code: [UInt64], function: Int) throws(VerificationError) {
        var open: [(head: Int, lowestBase: Int)] = []
        for word in starts.reversed() {
            let instruction = Instruction(word: code[word])
            if let opcode = instruction.opcode {
                if opcode == .loop, let offset = Self.offset(instruction, opcode), offset <= 0 {
                    guard open.last.map({ word + offset >= $0.head }) ?? true else {
                        throw VerificationError(.target, function: function, word: word, "loops that overlap")
                    }
                    open.append((word + offset, RegisterSet.guardIndex))
                }
                if opcode == .call || opcode == .tryCall || opcode == .tryLocal, let last = open.indices.last {
                    open[last].lowestBase = min(open[last].lowestBase, instruction.a)
                }
            }
            while let loop = open.last, loop.head == word {
                open.removeLast()
                lowestCallBases[word] = min(lowestCallBases[word] ?? RegisterSet.guardIndex, loop.lowestBase)
                if let outer = open.indices.last {
                    open[outer].lowestBase = min(open[outer].lowestBase, loop.lowestBase)
                }
            }
        }
    }

    private mutating func addCosts(_ starts: [Int], _ code: [UInt64], function: Int) throws(VerificationError) {
        var following: UInt32 = 0
        for word in starts.reversed() {
            let instruction = Instruction(word: code[word])
            guard let opcode = instruction.opcode else { continue }
            let rest = Self.endsBlock(opcode) ? 0 : following
            let (cost, overflow) = OpcodeTable[opcode].cost.addingReportingOverflow(rest)
            guard !overflow, cost < 1 << 31 else {
                throw VerificationError(.limit, function: function, word: word, "a block that costs too much")
            }
            costs[word] = cost
            following = cost
        }
    }
}
