import Bytecode
import Crypto

extension OpcodeProgram {
    /// The contract that programs with calls call; it runs any of these modules.
    public static let callee = Bytes32(2, 2, 2, 2)

    /// A program for every instruction that does not end its call, with operands chosen to be slow for their price.
    public static let all: [OpcodeProgram] = control + integers + objects + bytesAndHashes + state + tokens + others

    private static let longs = "loadConstant r2, 0; loadConstant r3, 1; loadConstant r4, 2"
    private static let wides = "loadConstant r2, 5; loadConstant r3, 6; loadInteger r4, 3"
    private static let smalls = "loadInteger r2, 2000000000; loadInteger r3, 123456789; loadInteger r4, 77"
    private static let list = """
        loadInteger r5, 0; loadInteger r6, 1000; loadConstant r4, 0; newList r2, 4; fill:; \
        multiplyImmediate r4, r4, 77773; moduloImmediate r7, r4, 2000000011; loadConstant r8, 0; modulo r4, r4, r8; \
        listAppend r2, r4; loop r5, r6, fill
        """

    private static let control: [OpcodeProgram] = [
        .init("jump", .jump, "Int", "", "jump next#; next#:"),
        .init("branchTrue", .branchTrue, "Bool", "loadBoolean r2, 1", "branchTrue r2, next#; next#:"),
        .init("branchFalse", .branchFalse, "Bool", "loadBoolean r2, 1", "branchFalse r2, next#; next#:"),
        .init("branchLess", .branchLess, "Int, Int, Int", longs, "branchLess r2, r3, next#; next#:"),
        .init("branchLess wide", .branchLess, "Int<4096>, Int<4096>, Int", wides, "branchLess r3, r3, next#; next#:"),
        .init(
            "branchLessOrEqual", .branchLessOrEqual, "Int, Int, Int", longs,
            "branchLessOrEqual r4, r3, next#; next#:"),
        .init("branchEqual", .branchEqual, "Int, Int, Int", longs, "branchEqual r3, r3, next#; next#:"),
        .init("branchNotEqual", .branchNotEqual, "Int, Int, Int", longs, "branchNotEqual r3, r3, next#; next#:"),
        .init("loop", .loop, "Int", "", "loadInteger r2, 0"),
        .init("call, return", .call, "Int, Int", "", "loadInteger r2, 1; call r2, 0"),
    ]

    private static let integers: [OpcodeProgram] = [
        .init("loadInteger", .loadInteger, "Int", "", "loadInteger r2, 5"),
        .init("loadBoolean", .loadBoolean, "Bool", "", "loadBoolean r2, 1"),
        .init("loadConstant", .loadConstant, "Int", "", "loadConstant r2, 1"),
        .init("move", .move, "Address, Address", "loadConstant r2, 3", "move r3, r2"),
        .init("add small", .add, "Int, Int, Int", smalls, "add r3, r2, r4"),
        .init("add 250", .add, "Int, Int, Int, Int", longs, "add r5, r3, r3"),
        .init("add 100", .add, "Int, Int, Int, Int", longs, "add r5, r2, r2"),
        .init("add wide", .add, "Int<4096>, Int<4096>, Int, Int<4096>", wides, "add r5, r3, r2"),
        .init("subtract 250", .subtract, "Int, Int, Int, Int", longs, "subtract r5, r3, r4"),
        .init("subtract wide", .subtract, "Int<4096>, Int<4096>, Int, Int<4096>", wides, "subtract r5, r2, r3"),
        .init("multiply small", .multiply, "Int, Int, Int", smalls, "multiply r3, r2, r4"),
        .init("multiply 100", .multiply, "Int, Int, Int, Int", longs, "multiply r5, r2, r2"),
        .init("multiply 250", .multiply, "Int<600>, Int<600>, Int, Int<600>", longs, "multiply r5, r3, r3"),
        .init("multiply wide", .multiply, "Int<4096>, Int<4096>, Int, Int<4096>", wides, "multiply r5, r2, r2"),
        .init("addImmediate", .addImmediate, "Int, Int, Int", longs, "addImmediate r3, r2, 5"),
        .init(
            "multiplyImmediate", .multiplyImmediate, "Int, Int, Int, Int", longs,
            "multiplyImmediate r5, r2, 2000000011"),
        .init("divide small", .divide, "Int, Int, Int, Int", smalls, "divide r5, r2, r4, ceiling"),
        .init("divide 100", .divide, "Int, Int, Int, Int", longs, "divide r5, r3, r2, halfEven"),
        .init(
            "divide 250 by small", .divide, "Int, Int, Int, Int", longs + "; loadInteger r4, 7",
            "divide r5, r3, r4, floor"),
        .init("divide wide", .divide, "Int<4096>, Int<4096>, Int, Int<4096>", wides, "divide r5, r3, r2, floor"),
        .init("modulo small", .modulo, "Int, Int, Int, Int", smalls, "modulo r5, r2, r4"),
        .init("modulo 250", .modulo, "Int, Int, Int, Int", longs, "modulo r5, r4, r3"),
        .init("modulo 250 by 100", .modulo, "Int, Int, Int, Int", longs, "modulo r5, r4, r2"),
        .init("moduloImmediate", .moduloImmediate, "Int, Int, Int, Int", longs, "moduloImmediate r5, r3, 2000000011"),
        .init("negate", .negate, "Int, Int, Int, Int", longs, "negate r5, r3"),
        .init("absolute", .absolute, "Int, Int, Int, Int", longs, "absolute r5, r3"),
        .init("minimum", .minimum, "Int, Int, Int, Int", longs, "minimum r5, r3, r4"),
        .init("maximum", .maximum, "Int, Int, Int, Int", longs, "maximum r5, r3, r4"),
        .init("mulDiv 100", .mulDiv, "Int, Int, Int, Int", longs, "mulDiv r5, r2, r2, r2, floor"),
        .init("mulDiv 250", .mulDiv, "Int, Int, Int, Int", longs, "mulDiv r5, r3, r3, r4, halfEven"),
        .init(
            "mulDiv 250 by 100", .mulDiv, "Int<500>, Int<500>, Int<500>, Int<500>", longs,
            "mulDiv r5, r3, r3, r2, floor"),
        .init("mulDiv wide", .mulDiv, "Int<4096>, Int<4096>, Int, Int<4096>", wides, "mulDiv r5, r3, r2, r2, floor"),
        .init("mulMod 256", .mulMod, "Int, Int, Int, Int", longs, "mulMod r5, r3, r3, r4"),
        .init("mulMod 100", .mulMod, "Int, Int, Int, Int", longs, "mulMod r5, r3, r3, r2"),
        .init("mulMod wide", .mulMod, "Int<4096>, Int<4096>, Int, Int<4096>", wides, "mulMod r5, r2, r2, r3"),
        .init("exp", .exp, "Fixed, Fixed", "loadConstant r2, 10", "exp r3, r2, halfEven"),
        .init("exp below zero", .exp, "Fixed, Fixed", "loadInteger r2, -1999999999", "exp r3, r2, halfEven"),
        .init("ln", .ln, "Fixed, Fixed, Fixed, Fixed", "loadConstant r2, 10", "ln r5, r2, halfEven"),
        .init("ln near tie", .ln, "Fixed, Fixed, Fixed, Fixed", "loadConstant r2, 17", "ln r5, r2, floor", rounds: 5),
        .init("log2", .log2, "Fixed, Fixed, Fixed, Fixed", "loadConstant r2, 10", "log2 r5, r2, halfEven"),
        .init(
            "log2 near tie", .log2, "Fixed, Fixed, Fixed, Fixed", "loadConstant r2, 16", "log2 r5, r2, floor", rounds: 5
        ),
        .init(
            "log2 exact", .log2, "Fixed, Fixed, Fixed, Fixed", "loadConstant r2, 21", "log2 r5, r2, floor", rounds: 5),
        .init("sqrt", .sqrt, "Fixed, Fixed, Fixed, Fixed", "loadConstant r2, 22", "sqrt r5, r2, halfEven"),
        .init("sqrt small", .sqrt, "Fixed, Fixed, Fixed, Fixed", "loadInteger r2, 3", "sqrt r5, r2, halfEven"),
        .init(
            "pow", .pow, "Fixed, Fixed, Fixed, Fixed", "loadConstant r2, 10; loadConstant r3, 19",
            "pow r5, r2, r3, halfEven"),
        .init(
            "pow near tie of a root", .pow, "Fixed, Fixed, Fixed, Fixed", "loadConstant r2, 18; loadConstant r3, 19",
            "pow r5, r2, r3, floor",
            rounds: 5),
        .init(
            "pow near tie of a square", .pow, "Fixed, Fixed, Fixed, Fixed", "loadConstant r2, 20; loadConstant r3, 21",
            "pow r5, r2, r3, floor",
            rounds: 5),
        .init(
            "pow exact root", .pow, "Fixed, Fixed, Fixed, Fixed", "loadConstant r2, 23; loadConstant r3, 24",
            "pow r5, r2, r3, floor",
            rounds: 5),
        .init(
            "pow exact reciprocal", .pow, "Fixed, Fixed, Fixed, Fixed", "loadConstant r2, 16; loadConstant r3, 25",
            "pow r5, r2, r3, floor",
            rounds: 5),
        .init(
            "pow near one", .pow, "Fixed, Fixed, Fixed, Fixed", "loadConstant r2, 17; loadInteger r3, 1",
            "pow r5, r2, r3, floor",
            rounds: 5),
        .init("isqrt", .isqrt, "Int, Int, Int, Int", longs, "isqrt r5, r3"),
        .init("isqrt small", .isqrt, "Int, Int, Int, Int", smalls, "isqrt r5, r2"),
        .init("isqrt wide", .isqrt, "Int<4096>, Int<4096>, Int, Int<4096>", wides, "isqrt r5, r3"),
        .init("checkSigned", .checkSigned, "Int, Int, Int", longs, "checkSigned r3, 256"),
        .init("checkUnsigned", .checkUnsigned, "Int, Int, Int", longs, "checkUnsigned r3, 256"),
        .init("less", .less, "Int, Int, Int, Bool", longs, "less r5, r3, r4"),
        .init("less wide", .less, "Int<4096>, Int<4096>, Int, Bool", wides, "less r5, r3, r3"),
        .init("lessOrEqual", .lessOrEqual, "Int, Int, Int, Bool", longs, "lessOrEqual r5, r3, r4"),
        .init("equalInteger", .equalInteger, "Int, Int, Int, Bool", longs, "equalInteger r5, r3, r3"),
        .init("equalBoolean", .equalBoolean, "Bool, Bool", "loadBoolean r2, 1", "equalBoolean r3, r2, r2"),
        .init("not", .not, "Bool, Bool", "loadBoolean r2, 1", "not r3, r2"),
        .init("addSigned", .addSigned, "Int, Int, Int, Int", longs, "addSigned r5, r3, r3, 256"),
        .init("addUnsigned", .addUnsigned, "Int, Int, Int, Int", longs, "addUnsigned r5, r2, r2, 256"),
        .init("subtractSigned", .subtractSigned, "Int, Int, Int, Int", longs, "subtractSigned r5, r2, r3, 256"),
        .init("subtractUnsigned", .subtractUnsigned, "Int, Int, Int, Int", longs, "subtractUnsigned r5, r3, r2, 256"),
        .init("multiplySigned", .multiplySigned, "Int, Int, Int, Int", longs, "multiplySigned r5, r2, r2, 256"),
        .init("multiplyUnsigned", .multiplyUnsigned, "Int, Int, Int, Int", longs, "multiplyUnsigned r5, r2, r2, 256"),
    ]

    private static let point = "loadConstant r2, 1; loadConstant r3, 2; newObject r4, r2, 0, 5"

    private static let objects: [OpcodeProgram] = [
        .init(
            "equalBytes32", .equalBytes32, "Address, Address, Bool", "loadConstant r2, 3; loadConstant r3, 3",
            "equalBytes32 r4, r2, r3"),
        .init(
            "equalValue", .equalValue, "Int, Int, #5, #5, Bool", point + "; newObject r5, r2, 0, 5",
            "equalValue r6, r4, r5"),
        .init(
            "equalValue list", .equalValue, "#4, #4, Int, Int, Int, Bool",
            "loadConstant r4, 1; loadInteger r5, 1000; listRepeat r2, r4, r5, 4; listRepeat r3, r4, r5, 4",
            "equalValue r7, r2, r3", rounds: 20),
        .init(
            "newObject", .newObject, "Int, Int, #5", "loadConstant r2, 1; loadConstant r3, 1",
            "newObject r4, r2, 0, 5"),
        .init("getField", .getField, "Int, Int, #5, Int", point, "getField r5, r4, 1"),
        .init("setField", .setField, "Int, Int, #5", point, "setField r4, r2, 1"),
        .init("copyObject", .copyObject, "Int, Int, #5, #5", point, "copyObject r5, r4"),
        .init("copyObject list", .copyObject, "#4, #4, Int, Int, Int, Int, Int", list, "copyObject r3, r2", rounds: 60),
        .init("tag", .tag, "Int, Int, #6, Int", "loadInteger r2, 4; newObject r4, r2, 1, 6", "tag r5, r4"),
        .init(
            "getPayload", .getPayload, "Int, Int, #6, Int", "loadConstant r2, 1; newObject r4, r2, 1, 6",
            "getPayload r5, r4, 1, 0"),
        .init("newList", .newList, "#4", "", "newList r2, 4"),
        .init("listCount", .listCount, "#4, Int", "newList r2, 4", "listCount r3, r2"),
        .init(
            "listGet", .listGet, "#4, Int, Int, Int, Int, Int, Int, Int", list + "; loadInteger r5, 500",
            "listGet r3, r2, r5"),
        .init(
            "listSet", .listSet, "#4, Int, Int, Int, Int, Int, Int, Int", list + "; loadInteger r5, 500",
            "listSet r2, r5, r4"),
        .init(
            "listAppend", .listAppend, "#4, Int", "loadConstant r3, 1",
            "newList r2, 4" + String(repeating: "; listAppend r2, r3", count: 9)),
        .init(
            "listRepeat", .listRepeat, "#4, Int, Int", "loadConstant r3, 1; loadInteger r4, 1000",
            "listRepeat r2, r3, r4, 4", rounds: 60),
        .init(
            "listRepeat empty", .listRepeat, "#4, Int, Int", "loadConstant r3, 1; loadInteger r4, 0",
            "listRepeat r2, r3, r4, 4"),
        .init("listSum", .listSum, "#4, Int, Int, Int, Int, Int, Int", list, "listSum r3, r2", rounds: 20),
        .init(
            "listSum 250", .listSum, "#4, Int, Int",
            "loadConstant r3, 1; loadInteger r4, 1000; listRepeat r2, r3, r4, 4", "listSum r3, r2", rounds: 20),
        .init(
            "listContains", .listContains, "#4, Bool, Int, Int, Int, Int, Int", list + "; loadConstant r4, 1",
            "listContains r3, r2, r4", rounds: 20),
        .init("listSort", .listSort, "#4, #4, Int, Int, Int, Int, Int", list, "listSort r3, r2, ascending", rounds: 20),
        .init(
            "listOrder", .listOrder, "#4, #4, Int, Int, Int, Int, Int", list, "listOrder r3, r2, descending",
            rounds: 20),
        .init(
            "listRanks", .listRanks, "#4, #4, Int, Int, Int, Int, Int", list, "listRanks r3, r2, descending",
            rounds: 20),
        .init(
            "listSort short", .listSort, "#4, #4, Int",
            "newList r2, 4; loadInteger r4, 5; listAppend r2, r4; listAppend r2, r4", "listSort r3, r2, ascending"),
        .init(
            "splitAmount", .splitAmount, "#4, #4, Int, Int, Int, Int, Int", list, "splitAmount r3, r4, r2",
            rounds: 20),
        .init(
            "splitAmount 250", .splitAmount, "#4, #4, Int, Int, Int, Int, Int",
            "loadConstant r4, 1; loadInteger r5, 1000; listRepeat r2, r4, r5, 4", "splitAmount r3, r4, r2",
            rounds: 20),
    ]

    private static let bytes = "loadConstant r2, 4; loadConstant r3, 12; loadInteger r4, 3; loadInteger r5, 190"

    private static let bytesAndHashes: [OpcodeProgram] = [
        .init("byteCount", .byteCount, "Bytes<1024>, Bytes<1024>, Int, Int, Int", bytes, "byteCount r6, r2"),
        .init("byteGet", .byteGet, "Bytes<1024>, Bytes<1024>, Int, Int, Int", bytes, "byteGet r6, r2, r4"),
        .init(
            "byteSlice", .byteSlice, "Bytes<1024>, Bytes<1024>, Int, Int, Bytes<1024>", bytes,
            "byteSlice r6, r2, r4, r5"),
        .init(
            "byteConcatenate", .byteConcatenate, "Bytes<1024>, Bytes<1024>, Int, Int, Bytes<1024>", bytes,
            "byteConcatenate r6, r2, r3"),
        .init(
            "encodeValue", .encodeValue, "Bytes<1024>, Bytes<1024>, Int, Int, Bytes<40>", bytes, "encodeValue r6, r4"),
        .init(
            "integerToBytes", .integerToBytes, "Bytes<1024>, Bytes<1024>, Int, Int, Bytes<64>", bytes,
            "integerToBytes r6, r5, 64"),
        .init(
            "integerFromBytes", .integerFromBytes, "Bytes<64>, Int", "loadConstant r2, 14",
            "integerFromBytes r3, r2, 0"),
        .init(
            "equalValue bytes", .equalValue, "Bytes<1024>, Bytes<1024>, Int, Int, Bool", bytes,
            "equalValue r6, r2, r3"),
        .init("hashValue", .hashValue, "Int, Hash", "loadConstant r2, 1", "hashValue r3, r2"),
        .init("hashValue bytes", .hashValue, "Bytes<1024>, Hash", "loadConstant r2, 4", "hashValue r3, r2"),
        .init("hashValue list", .hashValue, "#4, Hash, Int, Int, Int, Int, Int", list, "hashValue r3, r2", rounds: 10),
        .init("sha256", .sha256, "Bytes<1024>, Hash", "loadConstant r2, 4", "sha256 r3, r2"),
        .init(
            "verifySignature", .verifySignature, "Hash, Bytes<1024>, Bytes<64>, Bool",
            "loadConstant r2, 13; loadConstant r3, 4; loadConstant r4, 14", "verifySignature r5, r2", rounds: 10),
        .init(
            "verifyVRF", .verifyVRF, "Hash, Bytes<1024>, Bytes<80>, Hash?",
            "loadConstant r2, 13; loadConstant r3, 4; loadConstant r4, 15", "verifyVRF r5, r2", rounds: 5),
        .init(
            "hashValue wide", .hashValue, "Int<4096>, Hash", "loadConstant r2, 6", "hashValue r3, r2"),
        .init(
            "equalValue wide", .equalValue, "Int<4096>, Int<4096>, Bool", "loadConstant r2, 6; loadConstant r3, 6",
            "equalValue r4, r2, r3"),
        .init("emit wide", .emit, "Int<4096>", "loadConstant r2, 6", "emit r2, 2", rounds: 60),
        .init(
            "commitment", .commitment, "Int, Address, Int, Hash, Hash",
            "loadInteger r2, 4; loadConstant r3, 3; loadConstant r4, 1; loadConstant r5, 3", "commitment r6, r2, 0"),
        .init("caller", .caller, "Address", "", "caller r2"),
        .init("selfAddress", .selfAddress, "Address", "", "selfAddress r2"),
        .init("height", .height, "Height", "", "height r2"),
        .init("chain", .chain, "Hash", "", "chain r2"),
        .init("assetID", .assetID, "Asset", "", "assetID r2, 0"),
    ]

    private static let state: [OpcodeProgram] = [
        .init("stateGet plain", .stateGet, "Int", "loadConstant r2, 1; statePut r2, r2, 0", "stateGet r2, r2, 0"),
        .init(
            "stateGet map", .stateGet, "Address, Int", "loadConstant r2, 3; loadConstant r3, 1; statePut r3, r2, 1",
            "stateGet r3, r2, 1"),
        .init(
            "stateGet pair", .stateGet, "Address, Int, Int", "loadConstant r2, 3; loadConstant r3, 1",
            "stateGet r4, r2, 4"),
        .init("stateGet hashed", .stateGet, "Int, Int", "loadConstant r2, 1", "stateGet r3, r2, 2"),
        .init(
            "stateGet cold", .stateGet, "Int, Int", "loadInteger r2, 0", "addImmediate r2, r2, 1; stateGet r3, r2, 2"),
        .init(
            "stateFind", .stateFind, "Address, Int, #6", "loadConstant r2, 3; loadConstant r3, 1; statePut r3, r2, 1",
            "stateFind r4, r2, 1"),
        .init("statePut plain", .statePut, "Int", "loadConstant r2, 1", "statePut r2, r2, 0"),
        .init(
            "statePut map", .statePut, "Address, Int", "loadConstant r2, 3; loadConstant r3, 1", "statePut r3, r2, 1"),
        .init("statePut list", .statePut, "#4, Int, Int, Int, Int, Int, Int", list, "statePut r2, r2, 5", rounds: 10),
        .init(
            "statePut new", .statePut, "Int, Int", "loadInteger r2, 0; loadConstant r3, 1",
            "addImmediate r2, r2, 1; statePut r3, r2, 2", rounds: 200),
        .init("stateContains", .stateContains, "Address, Bool", "loadConstant r2, 3", "stateContains r3, r2, 1"),
        .init(
            "stateRemove", .stateRemove, "Int, Int", "loadInteger r2, 7; loadInteger r3, 5",
            "statePut r3, r2, 2; stateRemove r2, 2"),
        .init("stateCount", .stateCount, "Int, Int", "loadInteger r2, 7; statePut r2, r2, 2", "stateCount r3, r2, 2"),
        .init(
            "stateKeyAt", .stateKeyAt, "Int, Int", "loadInteger r2, 7; statePut r2, r2, 2; loadInteger r2, 0",
            "stateKeyAt r3, r2, r2, 2"),
    ]

    private static let twice = "; listAppend r2, r6; listAppend r2, r6"
    private static let halves = """
        tokenSplit r4, r3, r2; tokenListNext r5, r4; tokenJoin r3, r5; tokenListNext r5, r4; tokenJoin r3, r5; \
        tokenListClose r4
        """

    private static let tokens: [OpcodeProgram] = [
        .init("mint, burn", .mint, "Amount, Token#0", "loadInteger r2, 5", "mint r3, r2, 0; burn r3"),
        .init("burn wide", .burn, "Amount, Token#0", "loadConstant r2, 0", "mint r3, r2, 0; burn r3"),
        .init(
            "vaultPut, vaultTakeAll", .vaultPut, "Amount, Token#0",
            "loadInteger r2, 5; mint r3, r2, 0; vaultPut r3, r2, 3", "vaultTakeAll r3, r2, 3; vaultPut r3, r2, 3"),
        .init(
            "vaultTake", .vaultTake, "Amount, Amount, Token#0",
            "loadConstant r2, 0; loadConstant r3, 1; mint r4, r3, 0; vaultPut r4, r3, 3",
            "vaultTake r4, r3, r2, 3; vaultPut r4, r3, 3"),
        .init(
            "vaultTakeAll wide", .vaultTakeAll, "Amount, Token#0",
            "loadConstant r2, 1; mint r3, r2, 0; vaultPut r3, r2, 3", "vaultTakeAll r3, r2, 3; vaultPut r3, r2, 3"),
        .init("vaultAmount", .vaultAmount, "Amount, Amount", "loadInteger r2, 5", "vaultAmount r3, r2, 3"),
        .init(
            "tokenAmount, tokenClose, tokenEmpty", .tokenEmpty, "Amount, Token#0, Amount", "",
            "tokenEmpty r3, 0; tokenAmount r4, r3; tokenClose r3"),
        .init("tokenClose", .tokenClose, "Token#0", "", "tokenEmpty r2, 0; tokenClose r2"),
        .init(
            "tokenAmount", .tokenAmount, "Token#0, Amount", "loadConstant r3, 1; mint r2, r3, 0",
            "tokenAmount r3, r2"
        ).endingWith("burn r2"),
        .init(
            "tokenTake, tokenJoin", .tokenTake, "Amount, Amount, Token#0, Token#0",
            "loadConstant r2, 0; loadConstant r3, 1; mint r4, r3, 0",
            "tokenTake r5, r4, r2; tokenJoin r4, r5"
        ).endingWith("burn r4"),
        .init(
            "tokenJoin", .tokenJoin, "Amount, Amount, Token#0, Token#0",
            "loadInteger r2, 9; loadInteger r3, 99; mint r4, r3, 0",
            "tokenTake r5, r4, r2; tokenJoin r4, r5"
        ).endingWith("burn r4"),
        .init(
            "send", .send, "Amount, Token#0, Address", "loadConstant r2, 0; caller r4", "mint r3, r2, 0; send r3, r4"),
        .init(
            "tokenSplit", .tokenSplit, "#4, Token#0, TokenList#0, Token#0, Int, Amount, Token#0",
            "newList r2, 4; loadConstant r6, 1" + twice + "; loadConstant r7, 0; mint r3, r7, 0",
            halves
        ).endingWith("burn r3"),
        .init(
            "tokenListNext", .tokenListNext, "#4, Token#0, TokenList#0, Token#0, Int, Amount, Token#0",
            "newList r2, 4; loadInteger r6, 1" + twice + "; loadInteger r7, 50; mint r3, r7, 0",
            halves
        ).endingWith("burn r3"),
        .init(
            "tokenListClose", .tokenListClose, "#4, Token#0, TokenList#0", "newList r2, 4; tokenEmpty r3, 0",
            "tokenSplit r4, r3, r2; tokenListClose r4"
        ).endingWith("tokenClose r3"),
        .init(
            "tokenListCount", .tokenListCount, "#4, Token#0, TokenList#0, Int",
            "newList r2, 4; tokenEmpty r3, 0; tokenSplit r4, r3, r2",
            "tokenListCount r5, r4"
        ).endingWith("tokenListClose r4; tokenClose r3"),
    ]

    /// Shapes [32, 64], [64, 32] and [32, 32], small values.
    private static let tensors: [UInt8] =
        [32, 64] + (0..<2_048).map { UInt8(truncatingIfNeeded: $0 % 7) } + [64, 32]
        + (0..<2_048).map { UInt8(truncatingIfNeeded: $0 % 5) } + [32, 32]
        + (0..<1_024).flatMap { [UInt8(truncatingIfNeeded: $0), 1, 0, 0] }
    private static let tensorTypes = "Tensor<i8, [0, 0]>, Tensor<i8, [0, 0]>, Tensor<i32, [0, 0]>"

    private static func tensor(_ opcode: Opcode, _ register: String, _ body: String) -> OpcodeProgram {
        // Parameters r1 … r3, the counter r4, three integers, the result r8.
        .init(
            "\(opcode)", opcode, parameters: tensorTypes, parameterCount: 3, arguments: tensors,
            "Int, Int, Int, \(register)",
            "loadInteger r5, 3; loadInteger r6, 7; loadInteger r7, 1", body, rounds: 20)
    }

    private static let others: [OpcodeProgram] = [
        .init(
            "roundOpen", .roundOpen, "Int", "loadInteger r2, 0", "addImmediate r2, r2, 1; roundOpen r2, 0", rounds: 50),
        .init("roundPhase", .roundPhase, "Int, Int", "loadInteger r2, 4; roundOpen r2, 0", "roundPhase r3, r2, 0"),
        .init(
            "roundPhase of sixteen", .roundPhase, "Int" + String(repeating: ", Int<32>", count: 15) + ", Int",
            (3...17).map { "loadInteger r\($0), 0" }.joined(separator: "; ") + "; loadInteger r2, 4; roundOpen r2, 1",
            "roundPhase r18, r2, 1"),
        .init(
            "roundEntered", .roundEntered, "Int, Int", "loadInteger r2, 4; roundOpen r2, 0", "roundEntered r3, r2, 0, 0"
        ),
        .init(
            "roundLeave", .roundLeave, "Int", "loadInteger r2, 0",
            "addImmediate r2, r2, 1; roundOpen r2, 0; roundLeave r2, 0, 0", rounds: 50),
        .init(
            "phaseGuard", .phaseGuard, "Int, Int", "loadInteger r2, 4; roundOpen r2, 0; loadInteger r3, 0",
            "phaseGuard r3, r2, 0, 1"),
        .init(
            "sealCommit", .sealCommit, "Int, Address, Hash", "loadInteger r2, 0; caller r3; loadConstant r4, 3",
            "addImmediate r2, r2, 1; roundOpen r2, 0; sealCommit r2, r4, 0", rounds: 50),
        .init(
            "sealReveal", .sealReveal, "Int, Address, Int, Hash, Hash, Int, Address, Hash",
            "loadInteger r2, 0; caller r3; loadConstant r4, 1; loadConstant r5, 3",
            """
            addImmediate r2, r2, 1; roundOpen r2, 0; commitment r6, r2, 0; move r7, r2; move r8, r3; move r9, r6; \
            call r7, 1; roundLeave r2, 0, 0; sealReveal r2, r4, r5, 0
            """, rounds: 50),
        .init(
            "interfaceCall", .interfaceCall, parameters: "Interface#0", parameterCount: 1, arguments: callee.bytes,
            "Int, Int", "loadInteger r3, 5", "interfaceCall r3, r1, 0"),
        .init(
            "tryCall", .tryCall, parameters: "Interface#0", parameterCount: 1, arguments: callee.bytes,
            "Int, Int, Int", "loadInteger r3, 5000", "loadInteger r4, 5; tryCall r4, r1, r3, 0, next#; next#:"),
        .init(
            "tryCall failing", .tryCall, parameters: "Interface#0", parameterCount: 1, arguments: callee.bytes,
            "Int, Int, Int", "loadInteger r3, 0", "loadInteger r4, 5; tryCall r4, r1, r3, 0, next#; next#:"),
        .init(
            "tryLocal", .tryLocal, "Int, Int, Int", "loadInteger r2, 5000",
            "move r3, r1; tryLocal r3, r2, 0, next#; next#:"),
        .init(
            "tryLocal failing", .tryLocal, "Int, Int, Int", "loadInteger r2, 0",
            "move r3, r1; tryLocal r3, r2, 0, next#; next#:"),
        .init(
            "toInterface", .toInterface, parameters: "Interface#0", parameterCount: 1, arguments: callee.bytes,
            "Interface#0", "", "toInterface r3, r1, 0"),
        .init("emit", .emit, "Int", "loadConstant r2, 1", "emit r2, 0"),
        .init(
            "emit transfer", .emit, "Address, Address, Amount",
            "loadConstant r2, 3; loadConstant r3, 3; loadConstant r4, 0", "emit r2, 1"),
        tensor(.tensorMatmul, "Tensor<i32, [0, 0]>", "tensorMatmul r8, r1, r2"),
        tensor(.tensorAdd, "Tensor<i32, [0, 0]>", "tensorAdd r8, r3, r3"),
        tensor(.tensorRequantize, "Tensor<i8, [0, 0]>", "tensorRequantize r8, r3, r5, r6"),
        tensor(.tensorRelu, "Tensor<i32, [0, 0]>", "tensorRelu r8, r3"),
        tensor(.tensorArgmax, "Tensor<i32, [0]>", "tensorArgmax r8, r3"),
        tensor(.tensorCountEqual, "Int", "tensorCountEqual r8, r3, r3"),
        tensor(.tensorAt, "Int", "tensorAt r8, r1, r5"),
        tensor(.tensorSize, "Int", "tensorSize r8, r1, 1"),
        .init("blockRandomness", .blockRandomness, "Int, Hash", "loadInteger r2, 0", "blockRandomness r3, r2"),
        .init(
            "drawIndices", .drawIndices, "Hash, Int, Int, #4",
            "loadConstant r2, 3; loadInteger r3, 1000000; loadInteger r4, 1000", "drawIndices r5, r2, r3, r4",
            rounds: 5),
        .init(
            "drawIndices few", .drawIndices, "Hash, Int, Int, #4",
            "loadConstant r2, 3; loadInteger r3, 3; loadInteger r4, 2", "drawIndices r5, r2, r3, r4", rounds: 50),
    ]
}
