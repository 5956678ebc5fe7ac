/// The pieces of which the search makes programs: every instruction, with its operands left open.
///
/// In braces stands what is to be chosen: a letter a register of a bank (`SearchBank`), small letters those that are
/// written; with a digit the same register wherever the piece names it again. A range is a number. `#` in a label is
/// the piece's own number.
enum SearchVocabulary {
    struct Row: Sendable {
        let name: String
        let text: String
    }

    static let rows: [Row] = texts.map { text in
        Row(name: String(text.prefix { $0 != " " && $0 != ";" }), text: text)
    }

    /// For the tests: the row whose text begins so.
    static func row(_ prefix: String) -> Int? { rows.firstIndex { $0.text.hasPrefix(prefix) } }

    private static let texts =
        control + integers + mathematics + objects + lists + bytes + state + tokens + calls + others

    private static let control = [
        "jump n#; n#:", "branchTrue {B}, n#; n#:", "branchFalse {B}, n#; n#:", "branchLess {I}, {I}, n#; n#:",
        "branchLessOrEqual {I}, {I}, n#; n#:", "branchEqual {I}, {I}, n#; n#:", "branchNotEqual {I}, {I}, n#; n#:",
        "branchTrue {B}, n#; jump n#; n#:",
        "loadInteger {i}, {0-99999}", "loadBoolean {b}, {0-1}", "loadConstant {i}, {0-2}", "loadConstant {i}, {5-6}",
        "loadConstant {h}, 3", "move {i}, {I}", "move {h}, {H}", "move {l}, {L}", "move {y}, {Y}",
    ]

    private static let integers = [
        "add {i}, {I}, {I}", "subtract {i}, {I}, {I}", "multiply {i}, {I}, {I}", "divide {i}, {I}, {I}, {rounding}",
        "modulo {i}, {I}, {I}", "mulDiv {i}, {I}, {I}, {I}, {rounding}", "mulMod {i}, {I}, {I}, {I}",
        "negate {i}, {I}", "absolute {i}, {I}", "minimum {i}, {I}, {I}", "maximum {i}, {I}, {I}",
        "addImmediate {i}, {I}, {1-999999}", "multiplyImmediate {i}, {I}, {2-2000000000}",
        "moduloImmediate {i}, {I}, {2-2000000000}", "isqrt {i}, {A}",
        "checkSigned {I}, 4096", "checkUnsigned {A}, 4096", "checkSigned {W}, {255-320}", "less {b}, {I}, {I}",
        "lessOrEqual {b}, {I}, {I}", "equalInteger {b}, {I}, {I}", "equalBoolean {b}, {B}, {B}", "not {b}, {B}",
        "equalBytes32 {b}, {H}, {H}",
        "addSigned {i}, {I}, {I}, 4096", "addUnsigned {i}, {A}, {A}, 4096", "subtractSigned {i}, {I}, {I}, 4096",
        "multiplySigned {i}, {I}, {I}, 4096", "multiplyUnsigned {i}, {A}, {A}, 4096",
        "subtractUnsigned {i}, {A}, {X}, 4096",
    ]

    private static let mathematics = [
        "exp {f}, {E}, {rounding}", "ln {f}, {F}, {rounding}", "log2 {f}, {F}, {rounding}", "sqrt {f}, {F}, {rounding}",
        "pow {f}, {F}, {E}, {rounding}",
    ]

    private static let objects = [
        "newObject {p}, {II}, 0, 5", "getField {i}, {P}, {0-1}", "setField {p}, {I}, {0-1}", "copyObject {p}, {P}",
        "newObject {o}, {II}, 1, 6", "tag {i}, {O}", "getPayload {i}, {O}, 1, 0", "equalValue {b}, {P}, {P}",
        "equalValue {b}, {O}, {O}", "equalValue {b}, {I}, {I}", "hashValue {h}, {P}", "hashValue {h}, {I}",
        "hashValue {h}, {H}", "encodeValue {y}, {P}", "encodeValue {y}, {I}", "encodeValue {y}, {H}",
    ]

    private static let lists = [
        "newList {l}, {list}", "newList {l1}, {list}; listAppend {l1}, {I}; listAppend {l1}, {I}",
        "newList {l1}, {list}; listAppend {l1}, {I}; listAppend {l1}, {I}; listAppend {l1}, {I}; "
            + "listAppend {l1}, {I}; listAppend {l1}, {I}",
        "listCount {i}, {L}", "listGet {i}, {L}, {X}", "listSet {M}, {X}, {I}", "listGet {x1}, {N}, {x1}",
        "listGet {x1}, {N}, {x1}; listGet {x1}, {N}, {x1}; listGet {x1}, {N}, {x1}; listGet {x1}, {N}, {x1}",
        "listGet {g1}, {NN}, {x1}; listGet {x2}, {g1}, {x2}; listGet {g1}, {NN}, {x2}; listGet {x1}, {g1}, {x1}",
        "copyObject {l}, {L}", "listRepeat {l}, {I}, {X}, {list}", "listSum {i}, {L}", "listContains {b}, {L}, {I}",
        "listSort {l}, {L}, {direction}", "listOrder {l}, {L}, {direction}", "listRanks {l}, {L}, {direction}",
        "splitAmount {l}, {A}, {L}", "equalValue {b}, {L}, {L}", "equalValue {b}, {L}, {M}", "hashValue {h}, {L}",
        "encodeValue {y}, {L}",
    ]

    private static let bytes = [
        "byteCount {i}, {Y}", "byteGet {i}, {Y}, {X}", "byteSlice {y}, {Y}, {X}, {Z}", "byteConcatenate {y}, {Y}, {Y}",
        "integerToBytes {y}, {W}, 64", "integerToBytes {z1}, {W}, 64; integerFromBytes {i}, {z1}, 0",
        "integerToBytes {z1}, {W}, 64; integerFromBytes {i}, {z1}, 128", "equalValue {b}, {Y}, {Y}",
        "hashValue {h}, {Y}", "sha256 {h}, {Y}", "encodeValue {y}, {Y}",
        "verifySignature {b}, {signature}", "verifyVRF {v}, {proof}", "commitment {h}, {commitment}, 0",
        "caller {h}", "selfAddress {h}", "height {i}", "chain {h}", "assetID {h}, 0",
    ]

    private static let state = [
        "stateGet {i}, {X}, 0", "stateGet {i}, {H}, 1", "stateGet {i}, {W}, 2", "stateGet {i}, {I}, {wide}",
        "stateGet {l}, {X}, {lists}", "stateGet {y}, {Y}, {texts}", "stateFind {o}, {H}, 1", "statePut {W}, {X}, 0",
        "statePut {W}, {H}, 1", "statePut {W}, {W}, 2", "statePut {I}, {I}, {wide}", "statePut {L}, {X}, {lists}",
        "statePut {Y}, {Y}, {texts}", "stateContains {b}, {H}, 1", "stateContains {b}, {I}, {wide}",
        "stateRemove {W}, 2", "stateRemove {I}, {wide}", "statePut {W}, {W1}, 2; stateRemove {W1}, 2",
        "stateCount {i}, {X}, 2", "statePut {W}, {X1}, 2; stateKeyAt {i}, {X1}, {zero}, 2",
        "addImmediate {k1}, {k1}, 1; stateGet {i}, {k1}, 2", "addImmediate {k1}, {k1}, 1; stateContains {b}, {k1}, 2",
        "addImmediate {k1}, {k1}, 1; statePut {W}, {k1}, 2", "addImmediate {k1}, {k1}, 1; statePut {I}, {k1}, {wide}",
        "addImmediate {k1}, {k1}, 1; statePut {L}, {k1}, {lists}",
        "addImmediate {k1}, {k1}, 1; stateGet {l}, {k1}, {lists}",
        "addImmediate {k1}, {k1}, 1; statePut {W}, {k1}, 2; stateRemove {k1}, 2",
        "stateGet {l1}, {X1}, {lists}; copyObject {l1}, {l1}; listAppend {l1}, {I}; statePut {l1}, {X1}, {lists}",
        "addImmediate {k1}, {k1}, 1; roundOpen {k1}, 0",
        "addImmediate {k1}, {k1}, 1; roundOpen {k1}, 0; roundPhase {i}, {k1}, 0",
        "addImmediate {k1}, {k1}, 1; roundOpen {k1}, 0; roundLeave {k1}, 0, 0; roundEntered {i}, {k1}, 0, 1",
        "roundPhase {i}, {round}, 0", "roundEntered {i}, {round}, 0, {0-1}", "phaseGuard {phase}, {round}, 0, 1",
        "roundPhase {i}, {round}, 1", "roundEntered {i}, {round}, 1, {0-15}",
    ]

    private static let tokens = [
        "mint {T1}, {V}, 0; burn {T1}", "mint {T1}, {V}, 0; vaultPut {T1}, {X}, 3",
        "vaultAmount {i}, {X}, 3", "mint {T1}, {V}, 0; vaultPut {T1}, {X}, 3; vaultTake {T1}, {X}, {V}, 3; burn {T1}",
        "vaultTakeAll {T1}, {X}, 3; vaultPut {T1}, {X}, 3", "tokenEmpty {T1}, 0; tokenClose {T1}",
        "mint {T1}, {V1}, 0; tokenTake {U1}, {T1}, {V1}; tokenAmount {i}, {U1}; tokenJoin {T1}, {U1}; burn {T1}",
        "mint {T1}, {V}, 0; send {T1}, {H}",
        "addImmediate {k1}, {k1}, 1; mint {T1}, {V}, 0; vaultPut {T1}, {k1}, {vaults}",
        "mint {T1}, {V}, 0; hashValue {h1}, {k1}; addImmediate {k1}, {k1}, 1; send {T1}, {h1}",
        "newList {l1}, {list}; listAppend {l1}, {X}; listAppend {l1}, {X}; mint {T1}, {V}, 0; "
            + "tokenSplit {Q}, {T1}, {l1}; tokenListCount {i}, {Q}; tokenListNext {U1}, {Q}; tokenJoin {T1}, {U1}; "
            + "tokenListNext {U1}, {Q}; tokenJoin {T1}, {U1}; tokenListClose {Q}; burn {T1}",
    ]

    private static let calls = [
        "loadInteger {window}, 1; call {window}, 0", "move {window}, {I}; call {window}, 0",
        "move {window}, {I}; move {window+1}, {k}; call {window}, {work}",
        "move {window}, {I}; move {window+1}, {k}; tryLocal {window}, {G}, {work}, n#; n#:",
        "move {window}, {I}; move {window+1}, {k}; addImmediate {k1}, {k1}, 64; "
            + "tryLocal {window}, {G}, {work}, n#; n#:",
        "tryLocal {window}, {G}, {stop}, n#; n#:", "tryLocal {window}, {G}, {chain}, n#; n#:",
        "tryLocal {window}, {G}, {deep}, n#; n#:",
        "move {window}, {W}; interfaceCall {window}, {J}, 0",
        "move {window}, {W}; tryCall {window}, {J}, {G}, 0, n#; n#:",
        "move {window}, {I}; move {window+1}, {k}; interfaceCall {window}, {K}, 1",
        "move {window}, {I}; move {window+1}, {k}; tryCall {window}, {K}, {G}, 1, n#; n#:",
        "move {windowOfLists}, {L}; interfaceCall {windowOfLists}, {K}, 2",
        "move {windowOfLists}, {L}; tryLocal {windowOfLists}, {G}, {last}, n#; n#:",
        "toInterface {J1}, {J1}, 0", "toInterface {K1}, {K1}, 1",
    ]

    private static let others = [
        "emit {W}, 0", "emit {I}, 2", "emit {transfer}, 1", "blockRandomness {h}, {zero}",
        "drawIndices {l}, {H}, {Z}, {X}", "drawIndices {l}, {H}, {X}, {Z}",
        "tensorMatmul {t}, {S1}, {S2}", "tensorAdd {t}, {T32}, {T32}", "tensorRequantize {s}, {T32}, {X}, {zero}",
        "tensorRelu {t}, {T32}", "tensorRelu {s}, {S1}", "tensorArgmax {a}, {T32}",
        "tensorCountEqual {i}, {T32}, {T32}",
        "tensorAt {i}, {S1}, {zero}", "tensorSize {i}, {S1}, {0-1}", "encodeValue {y}, {S1}", "hashValue {h}, {T32}",
    ]
}
