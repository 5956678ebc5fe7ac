/// Registers of one use, and the code that fills them before the loop; only banks that a program names are filled.
struct SearchBank {
    let registers: [Int]
    let type: String
    /// For each register the line that fills it; `$` stands for the register.
    let fill: [String]

    init(_ registers: [Int], _ type: String, _ fill: [String] = []) {
        self.registers = registers
        self.type = type
        self.fill = fill
    }
}

extension SearchBank {
    private static let wide = "Int<4096>"
    static let list = "List<Int<4096>, 65536>"
    static let nested = "List<List<Int<4096>, 65536>, 65536>"
    static let bytes = "Bytes<65536>"

    /// Every register of a bank that stands for several consecutive ones of different types.
    static let blocks: [String: [(register: Int, type: String, fill: String)]] = [
        "signature": [
            (72, "Hash", "loadConstant $, 13"), (73, "Bytes<1024>", "loadConstant $, 4"),
            (74, "Bytes<64>", "loadConstant $, 14"),
        ],
        "proof": [
            (75, "Hash", "loadConstant $, 13"), (76, "Bytes<1024>", "loadConstant $, 4"),
            (77, "Bytes<80>", "loadConstant $, 15"),
        ],
        "commitment": [
            (78, "Int", "loadInteger $, 4"), (79, "Address", "caller $"), (80, "Int", "loadConstant $, 1"),
            (81, "Hash", "loadConstant $, 3"),
        ],
        "transfer": [
            (82, "Address", "caller $"), (83, "Address", "caller $"), (84, "Amount", "loadConstant $, 0"),
        ],
        "zero": [(22, wide, "loadInteger $, 0"), (23, wide, "loadInteger $, 0")],
        "window": [(90, wide, "loadInteger $, 1"), (91, wide, "loadInteger $, 1"), (92, wide, "")],
        "windowOfLists": [(100, list, ""), (101, wide, "")],
    ]

    /// The banks of the entry `run`.
    static func run(_ operands: SearchOperands) -> [String: SearchBank] {
        func constants(_ registers: [Int], _ values: ArraySlice<Int>, _ type: String = wide) -> SearchBank {
            SearchBank(registers, type, values.map { "loadConstant $, \($0)" })
        }
        func numbers(_ registers: [Int], _ values: [Int], _ type: String = wide) -> SearchBank {
            SearchBank(registers, type, values.map { "loadInteger $, \($0)" })
        }
        let (count, any) = (operands.listCount, operands.integers)
        let varied = """
            newList $, {list}; loadConstant r110, \(operands.integers[1]); loadInteger r111, 0; \
            loadInteger r112, \(count); loadConstant r113, \(operands.integers[3]); fill$:; \
            addSigned r114, r110, r111, 4096; subtract r114, r114, r113; listAppend $, r114; loop r111, r112, fill$
            """
        let cycle = """
            newList $, {list}; loadInteger r111, 0; loadInteger r112, \(operands.cycleCount); fill$:; \
            multiplyImmediate r114, r111, 1664525; addImmediate r114, r114, 1013904223; \
            moduloImmediate r114, r114, \(operands.cycleCount); listAppend $, r114; loop r111, r112, fill$
            """
        // A table of permutations, so large that the nearer caches do not hold it.
        let table = """
            newList $, {nested}; loadInteger r111, 0; loadInteger r112, \(operands.tableCount); outer$:; \
            newList r132, {list}; loadInteger r113, 0; inner$:; multiplyImmediate r114, r111, 48271; \
            add r114, r114, r113; multiplyImmediate r114, r114, 1664525; \
            moduloImmediate r114, r114, \(operands.tableCount); listAppend r132, r114; loop r113, r112, inner$; \
            listAppend $, r132; loop r111, r112, outer$
            """
        func repeated(_ constant: Int) -> String {
            "loadConstant r110, \(constant); loadInteger r112, \(count); listRepeat $, r110, r112, {list}"
        }
        let point = "loadConstant r110, \(any[0]); loadConstant r111, \(any[1]); newObject $, r110, 0, 5"
        let some = "loadConstant r110, \(any[2]); newObject $, r110, 1, 6"
        return [
            "I": constants(Array(4...11), any[0..<8]), "i": constants(Array(12...15), any[0..<4]),
            "A": constants([16, 17], operands.natural[0..<2]), "W": constants([18, 19], operands.home[0..<2]),
            "X": numbers([20, 21], operands.indices), "Z": numbers([86], [operands.shortest]),
            "V": constants([24, 25], operands.amounts[0..<2], "Amount"),
            "E": constants([26, 27], operands.exponents[0..<2], "Fixed"),
            "F": constants([28, 29], operands.positives[0..<2], "Fixed"), "f": numbers([30, 31], [1, 2], "Fixed"),
            "B": SearchBank([32, 33], "Bool", ["loadBoolean $, 1", "loadBoolean $, 0"]),
            "b": SearchBank([34, 35], "Bool", ["loadBoolean $, 1", "loadBoolean $, 0"]),
            "H": SearchBank([36, 37], "Hash", ["loadConstant $, 3", "caller $"]),
            "h": SearchBank([38, 39], "Hash", ["loadConstant $, 11", "caller $"]),
            "Y": constants([40, 41], operands.bytes[0..<2], bytes),
            "y": constants([42, 43], operands.bytes[0..<2], bytes),
            "L": SearchBank([44, 45], list, [repeated(any[0]), varied]),
            "l": SearchBank([46, 47], list, [repeated(any[0]), "newList $, {list}"]),
            "M": SearchBank([48], list, [varied]), "N": SearchBank([49], list, [cycle]), "x": numbers([50, 89], [0, 1]),
            "NN": SearchBank([87], nested, [table]), "g": SearchBank([88], list, [""]),
            "scratch": SearchBank([132], list), "z": SearchBank([133], "Bytes<64>", [""]),
            // The parameters of `run`.
            "J": SearchBank([1], "Interface#0", [""]), "K": SearchBank([2], "Interface#1", [""]),
            "P": SearchBank([51, 52], "#5", [point, point]), "p": SearchBank([53], "#5", [point]),
            "O": SearchBank([54, 55], "#6", [some, some]), "o": SearchBank([56], "#6", [some]),
            "S1": constants([57], operands.tensors[0..<1], "Tensor<i8, [0, 0]>"),
            "S2": constants([58], operands.tensors[1..<2], "Tensor<i8, [0, 0]>"),
            "s": constants([59], operands.tensors[0..<1], "Tensor<i8, [0, 0]>"),
            "T32": constants([60], operands.tensors[2..<3], "Tensor<i32, [0, 0]>"),
            "t": constants([61], operands.tensors[2..<3], "Tensor<i32, [0, 0]>"),
            "a": SearchBank([62], "Tensor<i32, [0]>", [""]),
            "T": SearchBank([63], "Token#0", [""]), "U": SearchBank([64], "Token#0", [""]),
            "Q": SearchBank([65], "TokenList#0", [""]), "v": SearchBank([66], "Hash?", [""]),
            "k": numbers([67], [0]), "round": SearchBank([68], "Int", [opened]), "phase": numbers([69], [0]),
            "G": numbers([70, 71], operands.gas),
        ]
    }

    /// Opens an instance of either round under the key 4; the second has a length of nothing for all its phases.
    private static let opened =
        "loadInteger $, 4; roundOpen $, 0; loadInteger r115, 4; "
        + (116...130).map { "loadInteger r\($0), 0; " }.joined() + "roundOpen r115, 1"

    /// The banks of the function `work`, whose parameters are an operand and a fresh key.
    static func work(_ operands: SearchOperands) -> [String: SearchBank] {
        [
            "I": SearchBank([0], wide, [""]), "k": SearchBank([1], wide, [""]), "i": SearchBank([2, 3], wide, [""]),
            "X": SearchBank([5], wide, ["loadInteger $, 1"]), "A": SearchBank([5], wide, ["loadInteger $, 1"]),
            "W": SearchBank([6], wide, ["loadConstant $, 1"]), "H": SearchBank([7], "Hash", ["caller $"]),
            "h": SearchBank([8], "Hash", [""]), "B": SearchBank([9], "Bool", ["loadBoolean $, 1"]),
            "b": SearchBank([10], "Bool", [""]), "G": SearchBank([11], wide, ["loadInteger $, \(operands.gas[0] / 2)"]),
            "V": SearchBank([12], "Amount", ["loadInteger $, 9"]), "T": SearchBank([13], "Token#0", [""]),
            "U": SearchBank([14], "Token#0", [""]), "l": SearchBank([15], list, [""]),
            "y": SearchBank([16], bytes, [""]), "f": SearchBank([17], "Fixed", [""]),
            "F": SearchBank([18], "Fixed", ["loadConstant $, \(operands.positives[0])"]),
            "E": SearchBank([19], "Fixed", ["loadConstant $, \(operands.exponents[0])"]),
        ]
    }
}
