/// What a register operand must hold.
public enum OperandClass: String, Sendable {
    case any, integer, boolean, bytes32, list, structure
    /// Enum or option.
    case variant
    case option
    /// Struct, enum or option.
    case object
    /// Bytes or text.
    case bytes
    case tensor, token, tokenList
    /// Anything but tokens.
    case copyable
}

/// What an operand byte means.
public enum OperandRole: Sendable {
    case none
    /// A register that is read.
    case use(OperandClass)
    /// A register that is written.
    case define(OperandClass)
    /// A register that is read and written in place.
    case modify(OperandClass)
    /// A linear register that is emptied.
    case consume(OperandClass)
    /// First of several consecutive registers; the types come from the table that the immediate points into.
    case base
    /// A case index of an enum or option.
    case caseIndex
}

/// What the 32-bit immediate means.
public enum ImmediateRole: String, Sendable {
    case none, immediate, constant, type, field, function, error, builtinError, slot, asset, sealed, event, interface
    case axis, round
    /// Instructions from this one to the target, in 8-byte words.
    case offset
    /// `Rounding` raw value.
    case rounding
    /// 0 ascending, 1 descending.
    case direction
    /// How many bytes, up to 64 (zero where the operand tells), in the low seven bits; bit 7: the lowest byte first.
    case byteOrder
    /// A register in the low byte.
    case register
    /// A register in the low byte, `Rounding` in the second.
    case registerRounding
    case bits
    /// At least 64, so that a small integer always fits (an unsigned one when it is not negative).
    case wideBits
    /// Round index in the high 16 bits, set of phases in the low 16.
    case phases
    /// Round index in the high 16 bits, phase in the low 16.
    case roundPhase
    /// Index of an imported method.
    case method
    /// Imported method in the low 16 bits, signed offset in the high 16.
    case methodOffset
    /// Function in the low 16 bits, signed offset in the high 16.
    case functionOffset
}

/// One row of the instruction table.
public struct OpcodeRow: Sendable {
    public let opcode: Opcode
    public let a: OperandRole
    public let b: OperandRole
    public let c: OperandRole
    public let immediate: ImmediateRole
    /// Base cost in gas; one unit is meant to be one nanosecond on the reference machine.
    public let cost: UInt32
    /// 8-byte words of the instruction.
    public let words: Int
    public let summary: String
}

public enum OpcodeTable {
    private static func row(
        _ opcode: Opcode, _ a: OperandRole, _ b: OperandRole, _ c: OperandRole, _ immediate: ImmediateRole,
        cost: UInt32, words: Int = 1, _ summary: String
    ) -> OpcodeRow {
        OpcodeRow(
            opcode: opcode, a: a, b: b, c: c, immediate: immediate, cost: cost, words: words, summary: summary)
    }

    /// Indexed by raw value.
    public static let rows: [OpcodeRow] = [
        // Control.
        row(.jump, .none, .none, .none, .offset, cost: 1, words: 2,
            "continues at pc + offset"),
        row(.branchTrue, .use(.boolean), .none, .none, .offset, cost: 1, words: 2,
            "jumps when a is true"),
        row(.branchFalse, .use(.boolean), .none, .none, .offset, cost: 1, words: 2,
            "jumps when a is false"),
        row(.branchLess, .use(.integer), .use(.integer), .none, .offset, cost: 3, words: 2,
            "jumps when a < b"),
        row(.branchLessOrEqual, .use(.integer), .use(.integer), .none, .offset, cost: 3, words: 2,
            "jumps when a <= b"),
        row(.branchEqual, .use(.integer), .use(.integer), .none, .offset, cost: 3, words: 2,
            "jumps when a == b"),
        row(.branchNotEqual, .use(.integer), .use(.integer), .none, .offset, cost: 3, words: 2,
            "jumps when a != b"),
        row(.loop, .modify(.integer), .use(.integer), .none, .offset, cost: 2, words: 2,
            "a += 1; jumps when a < b"),
        row(.call, .base, .none, .none, .function, cost: 4, words: 2,
            "calls a lower-numbered function with its window at a; the result comes back after the arguments"),
        row(.`return`, .use(.any), .none, .none, .none, cost: 2,
            "ends the function with the value in a"),
        row(.returnNothing, .none, .none, .none, .none, cost: 2,
            "ends the function"),
        row(.fail, .base, .none, .none, .error, cost: 4,
            "fails with a declared error whose payload starts at a"),
        row(.failBuiltin, .none, .none, .none, .builtinError, cost: 4,
            "fails with a built-in error"),
        // Integers.
        row(.loadInteger, .define(.integer), .none, .none, .immediate, cost: 1,
            "a = immediate"),
        row(.loadBoolean, .define(.boolean), .none, .none, .immediate, cost: 1,
            "a = immediate (0 or 1)"),
        row(.loadConstant, .define(.any), .none, .none, .constant, cost: 2,
            "a = constant"),
        row(.move, .define(.any), .use(.any), .none, .none, cost: 2,
            "a = b (tokens: moved)"),
        row(.add, .define(.integer), .use(.integer), .use(.integer), .none, cost: 4,
            "a = b + c"),
        row(.subtract, .define(.integer), .use(.integer), .use(.integer), .none, cost: 4,
            "a = b - c"),
        row(.multiply, .define(.integer), .use(.integer), .use(.integer), .none, cost: 10,
            "a = b * c"),
        row(.addImmediate, .define(.integer), .use(.integer), .none, .immediate, cost: 4,
            "a = b + immediate"),
        row(.multiplyImmediate, .define(.integer), .use(.integer), .none, .immediate, cost: 6,
            "a = b * immediate"),
        row(.divide, .define(.integer), .use(.integer), .use(.integer), .rounding, cost: 18,
            "a = b / c, rounded"),
        row(.modulo, .define(.integer), .use(.integer), .use(.integer), .none, cost: 18,
            "a = b mod c, floored"),
        row(.moduloImmediate, .define(.integer), .use(.integer), .none, .immediate, cost: 12,
            "a = b mod immediate (positive)"),
        row(.negate, .define(.integer), .use(.integer), .none, .none, cost: 3,
            "a = -b"),
        row(.absolute, .define(.integer), .use(.integer), .none, .none, cost: 3,
            "a = |b|"),
        row(.minimum, .define(.integer), .use(.integer), .use(.integer), .none, cost: 3,
            "a = min(b, c)"),
        row(.maximum, .define(.integer), .use(.integer), .use(.integer), .none, cost: 3,
            "a = max(b, c)"),
        row(.mulDiv, .define(.integer), .use(.integer), .use(.integer), .registerRounding, cost: 32,
            "a = b * c / d, rounded; the product may be twice as wide as a value"),
        row(.mulMod, .define(.integer), .use(.integer), .use(.integer), .register, cost: 32,
            "a = b * c mod d, floored"),
        row(.exp, .define(.integer), .use(.integer), .none, .rounding, cost: 250,
            "a = e^b, both raw 18-decimal Fixed, correctly rounded"),
        row(.checkSigned, .use(.integer), .none, .none, .bits, cost: 2,
            "fails Overflow unless a fits that many bits, signed"),
        row(.checkUnsigned, .use(.integer), .none, .none, .bits, cost: 2,
            "fails Overflow unless a is in 0 ..< 2^bits"),
        row(.less, .define(.boolean), .use(.integer), .use(.integer), .none, cost: 3,
            "a = b < c"),
        row(.lessOrEqual, .define(.boolean), .use(.integer), .use(.integer), .none, cost: 3,
            "a = b <= c"),
        row(.equalInteger, .define(.boolean), .use(.integer), .use(.integer), .none, cost: 3,
            "a = b == c"),
        row(.equalBoolean, .define(.boolean), .use(.boolean), .use(.boolean), .none, cost: 2,
            "a = b == c"),
        row(.not, .define(.boolean), .use(.boolean), .none, .none, cost: 1,
            "a = !b"),
        row(.equalBytes32, .define(.boolean), .use(.bytes32), .use(.bytes32), .none, cost: 3,
            "a = b == c"),
        row(.equalValue, .define(.boolean), .use(.copyable), .use(.copyable), .none, cost: 8,
            "a = b == c, structurally; both of one type"),
        // Objects.
        row(.newObject, .define(.object), .base, .caseIndex, .type, cost: 6,
            "a = struct (c is 0), enum or option (case c) with fields from b on"),
        row(.getField, .define(.any), .use(.structure), .none, .field, cost: 2,
            "a = field of struct b"),
        row(.setField, .modify(.structure), .use(.any), .none, .field, cost: 3,
            "field of struct a = b, in place"),
        row(.copyObject, .define(.any), .use(.any), .none, .none, cost: 8,
            "a = shallow copy of list, struct, enum or option b"),
        row(.tag, .define(.integer), .use(.variant), .none, .none, cost: 1,
            "a = case index of enum or option b"),
        row(.getPayload, .define(.any), .use(.variant), .caseIndex, .field, cost: 3,
            "a = payload of b, which must be of case c"),
        row(.newList, .define(.list), .none, .none, .type, cost: 8,
            "a = empty list"),
        row(.listCount, .define(.integer), .use(.list), .none, .none, cost: 1,
            "a = count of b"),
        row(.listGet, .define(.any), .use(.list), .use(.integer), .none, cost: 4,
            "a = b[c]"),
        row(.listSet, .modify(.list), .use(.integer), .use(.any), .none, cost: 4,
            "a[b] = c, in place"),
        row(.listAppend, .modify(.list), .use(.any), .none, .none, cost: 6,
            "appends b to a, in place"),
        row(.listRepeat, .define(.list), .use(.any), .use(.integer), .type, cost: 10,
            "a = c times b"),
        row(.listSum, .define(.integer), .use(.list), .none, .none, cost: 10,
            "a = sum of the integers in b"),
        row(.listContains, .define(.boolean), .use(.list), .use(.any), .none, cost: 10,
            "a = some element of b equals c"),
        row(.listSort, .define(.list), .use(.list), .none, .direction, cost: 30,
            "a = the integers of b, sorted"),
        row(.listOrder, .define(.list), .use(.list), .none, .direction, cost: 30,
            "a = indices of b in sorted order; ties: lower index first"),
        row(.listRanks, .define(.list), .use(.list), .none, .direction, cost: 30,
            "a = rank of each element of b; ties: lower index first"),
        row(.splitAmount, .define(.list), .use(.integer), .use(.list), .none, cost: 30,
            "a = parts of b by the weights c; all zero without a positive weight"),
        // Bytes.
        row(.byteCount, .define(.integer), .use(.bytes), .none, .none, cost: 1,
            "a = count of b"),
        row(.byteGet, .define(.integer), .use(.bytes), .use(.integer), .none, cost: 3,
            "a = b[c]"),
        row(.byteSlice, .define(.bytes), .use(.bytes), .use(.integer), .register, cost: 12,
            "a = b from c up to the register"),
        row(.byteConcatenate, .define(.bytes), .use(.bytes), .use(.bytes), .none, cost: 12,
            "a = b then c"),
        row(.encodeValue, .define(.bytes), .use(.copyable), .none, .none, cost: 20,
            "a = the canonical encoding of b"),
        row(.integerToBytes, .define(.bytes), .use(.integer), .none, .byteOrder, cost: 20,
            "a = b, not negative, in so many bytes"),
        row(.integerFromBytes, .define(.integer), .use(.bytes), .none, .byteOrder, cost: 20,
            "a = the integer whose bytes are b"),
        // Hashes and signatures.
        row(.hashValue, .define(.bytes32), .use(.copyable), .none, .none, cost: 250,
            "a = BLAKE2b-256 of the canonical encoding of b (of the bytes themselves for bytes)"),
        row(.sha256, .define(.bytes32), .use(.bytes), .none, .none, cost: 450,
            "a = SHA-256 of b"),
        row(.verifySignature, .define(.boolean), .base, .none, .none, cost: 60000,
            "a = Ed25519 check of public key, message, signature from b on"),
        row(.verifyVRF, .define(.option), .base, .none, .none, cost: 500000,
            "a = RFC 9381 output for public key, input, proof from b on"),
        row(.commitment, .define(.bytes32), .base, .none, .sealed, cost: 300,
            "a = commitment to key, author, value, salt from b on"),
        // Context.
        row(.caller, .define(.bytes32), .none, .none, .none, cost: 2,
            "a = the immediate caller"),
        row(.selfAddress, .define(.bytes32), .none, .none, .none, cost: 2,
            "a = this contract"),
        row(.height, .define(.integer), .none, .none, .none, cost: 2,
            "a = block height"),
        row(.chain, .define(.bytes32), .none, .none, .none, cost: 2,
            "a = chain id"),
        row(.assetID, .define(.bytes32), .none, .none, .asset, cost: 4,
            "a = id of the asset"),
        // State; keys are in consecutive registers from b on.
        row(.stateGet, .define(.any), .base, .none, .slot, cost: 10,
            "a = entry, or the zero value"),
        row(.stateFind, .define(.option), .base, .none, .slot, cost: 16,
            "a = entry, if present"),
        row(.statePut, .use(.any), .base, .none, .slot, cost: 15,
            "entry = a"),
        row(.stateContains, .define(.boolean), .base, .none, .slot, cost: 12,
            "a = is the entry present"),
        row(.stateRemove, .none, .base, .none, .slot, cost: 30,
            "removes the entry"),
        row(.stateCount, .define(.integer), .base, .none, .slot, cost: 14,
            "a = number of entries under the leading keys"),
        row(.stateKeyAt, .define(.any), .base, .use(.integer), .slot, cost: 18,
            "a = last key of the c-th entry under the leading keys"),
        // Vaults and tokens.
        row(.vaultPut, .consume(.token), .base, .none, .slot, cost: 40,
            "puts token a into the vault"),
        row(.vaultTake, .define(.token), .base, .use(.integer), .slot, cost: 40,
            "a = c units out of the vault"),
        row(.vaultTakeAll, .define(.token), .base, .none, .slot, cost: 40,
            "a = all of the vault"),
        row(.vaultAmount, .define(.integer), .base, .none, .slot, cost: 14,
            "a = amount in the vault"),
        row(.tokenAmount, .define(.integer), .use(.token), .none, .none, cost: 2,
            "a = amount of token b"),
        row(.tokenTake, .define(.token), .modify(.token), .use(.integer), .none, cost: 12,
            "a = c units out of token b"),
        row(.tokenJoin, .modify(.token), .consume(.token), .none, .none, cost: 10,
            "a takes in b"),
        row(.tokenEmpty, .define(.token), .none, .none, .asset, cost: 4,
            "a = empty token"),
        row(.tokenClose, .consume(.token), .none, .none, .none, cost: 5,
            "ends an empty token"),
        row(.mint, .define(.token), .use(.integer), .none, .asset, cost: 40,
            "a = b new units"),
        row(.burn, .consume(.token), .none, .none, .none, cost: 40,
            "destroys token a"),
        row(.send, .consume(.token), .use(.bytes32), .none, .none, cost: 50,
            "credits address b"),
        row(.tokenSplit, .define(.tokenList), .modify(.token), .use(.list), .none, cost: 40,
            "a = parts of token b by weights c; b keeps nothing, or the whole and the parts are empty when no weight "
                + "is positive"),
        row(.tokenListNext, .define(.token), .modify(.tokenList), .none, .none, cost: 5,
            "a = next part of b"),
        row(.tokenListClose, .consume(.tokenList), .none, .none, .none, cost: 5,
            "ends a token list whose parts are all taken"),
        row(.tokenListCount, .define(.integer), .use(.tokenList), .none, .none, cost: 1,
            "a = parts left in b"),
        // Rounds and sealed values.
        row(.roundOpen, .base, .none, .none, .round, cost: 60,
            "opens the instance of key a; lengths of phases, where they are slots, follow the key"),
        row(.roundPhase, .define(.integer), .base, .none, .round, cost: 40,
            "a = the phase in which the instance of key b is by time"),
        row(.roundEntered, .define(.integer), .base, .none, .roundPhase, cost: 40,
            "a = the height at which the instance of key b entered the phase by time, 0 when it did not"),
        row(.roundLeave, .base, .none, .none, .roundPhase, cost: 60,
            "ends the phase, in which the instance of key a must be by time, now"),
        row(.phaseGuard, .use(.integer), .base, .none, .phases, cost: 40,
            "fails WrongPhase unless phase a is in the set and the instance of key b can be in it"),
        row(.sealCommit, .base, .use(.bytes32), .none, .sealed, cost: 100,
            "stores commitment b for the key and the author, who must be the caller, from a on, in the commit phase"),
        row(.sealReveal, .base, .use(.any), .use(.bytes32), .sealed, cost: 440,
            "checks value b and salt c against the commitment for keys a…, and stores it, in the reveal phase"),
        // Other contracts.
        row(.interfaceCall, .base, .use(.bytes32), .none, .method, cost: 60,
            "calls a method of contract b with arguments from a on; the result comes back after them"),
        row(.tryCall, .base, .use(.bytes32), .use(.integer), .methodOffset, cost: 80, words: 2,
            "as interfaceCall with c units of gas; jumps when the callee fails"),
        row(.toInterface, .define(.bytes32), .use(.bytes32), .none, .interface, cost: 10,
            "a = b, which must implement the interface"),
        row(.emit, .base, .none, .none, .event, cost: 30,
            "emits an event with payload from a on"),
        // Tensors.
        row(.tensorMatmul, .define(.tensor), .use(.tensor), .use(.tensor), .none, cost: 60,
            "a = b times c, i8 to i32"),
        row(.tensorAdd, .define(.tensor), .use(.tensor), .use(.tensor), .none, cost: 40,
            "a = b + c; c may be one row"),
        row(.tensorRequantize, .define(.tensor), .use(.tensor), .use(.integer), .register, cost: 40,
            "a = b times multiplier c, shifted right by the register, rounded half to even, saturated to i8"),
        row(.tensorRelu, .define(.tensor), .use(.tensor), .none, .none, cost: 40,
            "a = max(b, 0)"),
        row(.tensorArgmax, .define(.tensor), .use(.tensor), .none, .none, cost: 40,
            "a = index of the largest along the last axis"),
        row(.tensorCountEqual, .define(.integer), .use(.tensor), .use(.tensor), .none, cost: 40,
            "a = number of equal elements"),
        row(.tensorAt, .define(.integer), .use(.tensor), .base, .none, cost: 6,
            "a = element of b at the indices from c on"),
        row(.tensorSize, .define(.integer), .use(.tensor), .none, .axis, cost: 3,
            "a = size of b along the axis"),
        // An operation and the width check of its result in one.
        row(.addSigned, .define(.integer), .use(.integer), .use(.integer), .wideBits, cost: 5,
            "a = b + c, which must fit that many bits, signed"),
        row(.addUnsigned, .define(.integer), .use(.integer), .use(.integer), .wideBits, cost: 5,
            "a = b + c, which must be in 0 ..< 2^bits"),
        row(.subtractSigned, .define(.integer), .use(.integer), .use(.integer), .wideBits, cost: 5,
            "a = b - c, which must fit that many bits, signed"),
        row(.subtractUnsigned, .define(.integer), .use(.integer), .use(.integer), .wideBits, cost: 5,
            "a = b - c, which must be in 0 ..< 2^bits"),
        row(.multiplySigned, .define(.integer), .use(.integer), .use(.integer), .wideBits, cost: 10,
            "a = b * c, which must fit that many bits, signed"),
        row(.multiplyUnsigned, .define(.integer), .use(.integer), .use(.integer), .wideBits, cost: 10,
            "a = b * c, which must be in 0 ..< 2^bits"),
        row(.tryLocal, .base, .use(.integer), .none, .functionOffset, cost: 80, words: 2,
            "as call with b units of gas and no tokens; when the callee fails its effects are undone, and it jumps"),
        // Draws.
        row(.blockRandomness, .define(.bytes32), .use(.integer), .none, .none, cost: 6_000,
            "a = randomness of the block at height b, which must have come before this one"),
        row(.drawIndices, .define(.list), .use(.bytes32), .use(.integer), .register, cost: 60,
            "a = the register's count of distinct indices below c, drawn by seed b; all of them when c is less"),
        // Mathematics beside `exp`: raw 18-decimal Fixed, correctly rounded; fails OutOfDomain.
        row(.ln, .define(.integer), .use(.integer), .none, .rounding, cost: 450,
            "a = natural logarithm of b, both raw 18-decimal Fixed, correctly rounded"),
        row(.log2, .define(.integer), .use(.integer), .none, .rounding, cost: 450,
            "a = logarithm of b to base 2, both raw 18-decimal Fixed, correctly rounded"),
        row(.sqrt, .define(.integer), .use(.integer), .none, .rounding, cost: 120,
            "a = square root of b, both raw 18-decimal Fixed, correctly rounded"),
        row(.pow, .define(.integer), .use(.integer), .use(.integer), .rounding, cost: 1_800,
            "a = b to the power of c, all raw 18-decimal Fixed, correctly rounded"),
        row(.isqrt, .define(.integer), .use(.integer), .none, .none, cost: 60,
            "a = floor of the square root of b; fails OutOfDomain"),
    ]

    public static subscript(_ opcode: Opcode) -> OpcodeRow { rows[Int(opcode.rawValue)] }
}
