import Bytecode
import Numerics
import Verifier

/// How long decoding and verifying an artefact took.
public struct VerifierMeasurement: Sendable {
    public let name: String
    public let artefactBytes: Int
    /// Decoding and verification together.
    public let nanoseconds: Double
    /// The code with which it was refused; nil when it passed.
    public let refusal: String?
    public var nanosecondsPerByte: Double { nanoseconds / Double(max(1, artefactBytes)) }
}

/// Modules that are as slow to verify for their size as can be thought of, in several sizes: the time for a byte must
/// not grow with the size.
public func measureVerifier(repetitions: Int = 3) throws(CodingError) -> [VerifierMeasurement] {
    var measurements: [VerifierMeasurement] = []
    // What compilers make, for comparison.
    let compiled = [Workload.rewards, Workload.balances, Workload.mathematics].map { source in
        HostileModule(name: "\(source.name), compiled", sizes: [0]) { _ throws(CodingError) in
            (try? BenchmarkBed.module(source)) ?? Module(name: source.name)
        }
    }
    for shape in compiled + HostileModule.all {
        for size in shape.sizes {
            let bytes = try shape.module(size).encoded()
            var best = Double.infinity
            var refusal: String?
            for _ in 0..<repetitions {
                let start = SearchBed.now()
                if case .failure(let error) = verify(try Module(decoding: bytes)) { refusal = error.code.rawValue }
                best = min(best, SearchBed.now() - start)
            }
            measurements.append(
                VerifierMeasurement(
                    name: shape.name, artefactBytes: bytes.count, nanoseconds: best, refusal: refusal))
        }
    }
    return measurements
}

/// The measurements as lines, and the worst time for a byte last.
public func verifierReport(_ measurements: [VerifierMeasurement]) -> String {
    func tenths(_ value: Double) -> String {
        let number = Int((value * 10).rounded())
        return "\(number / 10).\(number % 10)"
    }
    func padded(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
    var lines = [padded("bytes", 10) + padded("ms", 10) + padded("ns/byte", 10) + "  shape"]
    for item in measurements {
        lines.append(
            padded("\(item.artefactBytes)", 10) + padded(tenths(item.nanoseconds / 1e6), 10)
                + padded(tenths(item.nanosecondsPerByte), 10) + "  \(item.name)"
                + (item.refusal.map { ", refused with \($0)" } ?? ""))
    }
    let large = measurements.filter { $0.artefactBytes >= 4_096 }
    if let worst = large.max(by: { $0.nanosecondsPerByte < $1.nanosecondsPerByte }) {
        lines.append(
            "worst from 4 KiB on: \(tenths(worst.nanosecondsPerByte)) ns a byte, \(worst.name) of "
                + "\(worst.artefactBytes) bytes"
        )
    }
    return lines.joined(separator: "\n")
}

/// A family of modules that keep the verifier busy.
struct HostileModule: Sendable {
    let name: String
    let sizes: [Int]
    let module: @Sendable (Int) throws(CodingError) -> Module

    private static func assembled(
        _ functions: String, _ fill: (inout ModuleBuilder) -> Void = { _ in }
    ) throws(CodingError) -> Module {
        var builder = ModuleBuilder(name: "Hostile")
        fill(&builder)
        try Assembler.assemble("function init()\nreturnNothing\nend\n" + functions, into: &builder)
        builder.module.entries = [
            EntryPoint(name: "init", kind: .initializer, function: 0, parameterNames: [], documentation: nil)
        ]
        return builder.module
    }

    private static func many(_ type: String, _ count: Int) -> String {
        Array(repeating: type, count: count).joined(separator: ", ")
    }
    private static func lines(_ count: Int, _ line: (Int) -> String) -> String {
        (0..<count).map(line).joined(separator: "\n")
    }
    private static func field(_ type: TypeIndex) -> TypeDescriptor.Field { .init(name: "", type: type) }

    static let all: [HostileModule] = [
        HostileModule(name: "additions", sizes: [1_000, 8_000, 60_000]) { count throws(CodingError) in
            try assembled("function f(Int)\n\(lines(count) { _ in "add r0, r0, r0" })\nreturnNothing\nend")
        },
        HostileModule(name: "branches, all to the end", sizes: [1_000, 8_000, 32_000]) { count throws(CodingError) in
            try assembled(
                "function f(Bool)\n\(lines(count) { _ in "branchTrue r0, end" })\nend:\nreturnNothing\nend")
        },
        HostileModule(name: "branches, each to the next", sizes: [1_000, 8_000, 32_000]) { count throws(CodingError) in
            try assembled(
                "function f(Bool)\n\(lines(count) { "branchTrue r0, l\($0)\nl\($0):" })\nreturnNothing\nend")
        },
        HostileModule(name: "loops in a row", sizes: [1_000, 8_000, 30_000]) { count throws(CodingError) in
            try assembled(
                "function f(Int, Int)\nregisters \(many("Int", 248))\n"
                    + lines(count) { "l\($0):\nloop r0, r1, l\($0)" } + "\nreturnNothing\nend")
        },
        HostileModule(name: "loops in loops", sizes: [1_000, 8_000, 30_000]) { count throws(CodingError) in
            try assembled(
                "function f(Int, Int)\n" + lines(count) { "l\($0):" } + "\nmove r0, r0\n"
                    + lines(count) { "loop r0, r1, l\(count - 1 - $0)" } + "\nreturnNothing\nend")
        },
        HostileModule(name: "calls of a function with few parameters", sizes: [1_000, 4_000, 16_000]) {
            count throws(CodingError) in
            try assembled(
                "function g(Int, Int)\nreturnNothing\nend\nfunction f(Int, Int)\nregisters \(many("Int", 248))\n"
                    + lines(count) { _ in "move r3, r0\nmove r4, r0\ncall r3, 1" } + "\nreturnNothing\nend")
        },
        HostileModule(name: "events with many fields", sizes: [200, 2_000, 32_000]) { count throws(CodingError) in
            try assembled("function f(\(many("Int", 240)))\n\(lines(count) { _ in "emit r0, 0" })\nreturnNothing\nend")
            {
                let integer = $0.type(.integer(.int, bits: 256, isSigned: true))
                $0.module.events = [
                    SignatureDescriptor(name: "E", parameters: Array(repeating: field(integer), count: 240))
                ]
            }
        },
        HostileModule(name: "functions with many registers", sizes: [50, 200, 1_000]) { count throws(CodingError) in
            try assembled(lines(count) { "function f\($0)()\nregisters \(many("Int", 250))\nreturnNothing\nend" })
        },
        HostileModule(name: "small functions", sizes: [50, 200, 1_000]) { count throws(CodingError) in
            try assembled(lines(count) { "function f\($0)()\nreturnNothing\nend" })
        },
        HostileModule(name: "calls in chains", sizes: [50, 200, 250]) { count throws(CodingError) in
            try assembled(
                lines(count) {
                    "function f\($0)()\n" + String(repeating: "call r0, \($0)\n", count: 60) + "returnNothing\nend"
                })
        },
        HostileModule(name: "structs with many fields", sizes: [10, 100, 1_000]) { count throws(CodingError) in
            try assembled("") { builder in
                let integer = builder.type(.integer(.int, bits: 256, isSigned: true))
                for index in 0..<count {
                    builder.module.types.append(
                        .structure(name: "\(index)", fields: Array(repeating: field(integer), count: 240)))
                }
            }
        },
        HostileModule(name: "structs within structs", sizes: [10, 100, 1_000]) { count throws(CodingError) in
            try assembled("") { builder in
                var inner = builder.type(.integer(.int, bits: 256, isSigned: true))
                for index in 0..<count {
                    if index % 14 == 0 { inner = 0 }
                    builder.module.types.append(
                        .structure(name: "", fields: Array(repeating: field(inner), count: 100)))
                    inner = builder.module.types.count - 1
                }
            }
        },
        HostileModule(name: "enums with many cases", sizes: [10, 100, 500]) { count throws(CodingError) in
            try assembled("") { builder in
                let integer = builder.type(.integer(.int, bits: 256, isSigned: true))
                for _ in 0..<count {
                    builder.module.types.append(
                        .enumeration(
                            name: "",
                            cases: (0..<250).map { _ in .init(name: "", payload: [field(integer), field(integer)]) }))
                }
            }
        },
        HostileModule(name: "texts", sizes: [1, 4, 15]) { count throws(CodingError) in
            try assembled("") { builder in
                builder.module.constants = (0..<count).map { _ in
                    .bytes(Array(repeatElement([0xF0, 0x9F, 0x8E, 0xB2], count: 16_000).joined()))
                }
            }
        },
        HostileModule(name: "wide integers", sizes: [20, 200, 1_900]) { count throws(CodingError) in
            try assembled("") { builder in
                builder.module.constants = (0..<count).map { _ in .integer((BigInt(1) << 4_095) - 1) }
            }
        },
        HostileModule(name: "interfaces with many methods", sizes: [4, 16, 60]) { count throws(CodingError) in
            try assembled("") { builder in
                let integer = builder.type(.integer(.int, bits: 256, isSigned: true))
                for _ in 0..<count {
                    builder.module.interfaces.append(
                        InterfaceDescriptor(
                            name: "",
                            methods: (0..<250).map { _ in
                                .init(name: "", isView: true, parameters: [field(integer)], result: integer)
                            }, isImplemented: false))
                }
            }
        },
    ]
}
