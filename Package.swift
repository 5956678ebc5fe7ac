// swift-tools-version: 6.1
import PackageDescription

// The imports each module may use are listed in Documentation/modules.txt; a test holds this file
// and every `import` line to that list.

/// Modules whose inner loops must stay usable in debug test runs.
let optimised: [SwiftSetting] = [.unsafeFlags(["-O"], .when(configuration: .debug))]

let package = Package(
    name: "agon",
    products: [
        .executable(name: "agon", targets: ["agon"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    ],
    targets: [
        // System libraries.
        .systemLibrary(name: "CGMP", pkgConfig: "gmp", providers: [.apt(["libgmp-dev"])]),
        .systemLibrary(name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CEdit", pkgConfig: "libedit", providers: [.apt(["libedit-dev"])]),

        // C targets: tensor kernels, and the native twins that benchmarks are held against.
        .target(name: "CTensorKernels"),
        .target(name: "CNativeTwins", linkerSettings: [.linkedLibrary("gmp"), .linkedLibrary("mpfr")]),

        // Run side.
        .target(name: "Numerics", dependencies: ["CGMP"], swiftSettings: optimised),
        .target(name: "Crypto", dependencies: ["Numerics", "CSodium"]),
        .target(name: "Tensors", dependencies: ["Numerics", "CTensorKernels"], swiftSettings: optimised),
        .target(name: "Bytecode", dependencies: ["Numerics"], swiftSettings: optimised),
        .target(name: "Verifier", dependencies: ["Bytecode", "Crypto", "Numerics"], swiftSettings: optimised),
        .target(
            name: "Machine",
            dependencies: ["Verifier", "Bytecode", "Numerics", "Tensors", "Crypto"],
            swiftSettings: optimised),
        .target(
            name: "Bounds",
            dependencies: ["Machine", "Verifier", "Bytecode", "Numerics", "Tensors", "Crypto"],
            swiftSettings: optimised),
        .target(name: "Ledger", dependencies: ["Machine", "Verifier", "Bytecode", "Crypto", "Numerics"]),
        .target(name: "Node", dependencies: ["Ledger", "Machine", "Bytecode", "Crypto", "Numerics", "CSQLite"]),

        // Compile side.
        .target(name: "Diagnostics"),
        .target(name: "Explain"),
        .target(name: "Syntax", dependencies: ["Diagnostics"]),
        .target(name: "Semantics", dependencies: ["Syntax", "Diagnostics", "Numerics"]),
        .target(name: "Lowering", dependencies: ["Semantics", "Diagnostics", "Bytecode", "Numerics"]),
        .target(
            name: "Reference",
            dependencies: ["Semantics", "Diagnostics", "Numerics", "Tensors", "Crypto"]),

        // Tools on top.
        .target(
            name: "Harness",
            dependencies: [
                "Syntax", "Semantics", "Diagnostics", "Lowering", "Reference", "Bytecode", "Verifier", "Machine",
                "Bounds", "Ledger", "Node", "Crypto", "Numerics", "Tensors",
            ]),
        .target(
            name: "Workbench",
            dependencies: [
                "Harness", "Syntax", "Semantics", "Diagnostics", "Reference", "Bytecode", "Ledger", "Node", "Crypto",
                "Numerics", "CEdit",
            ]),
        .target(
            name: "MathematicsOracle", dependencies: ["Numerics", "CNativeTwins"], swiftSettings: optimised),
        .target(
            name: "Benchmarks",
            dependencies: [
                "Harness", "Diagnostics", "Syntax", "Semantics", "Lowering", "Ledger", "Node", "Machine", "Verifier",
                "Bytecode", "Numerics", "Crypto", "CNativeTwins", "MathematicsOracle",
            ],
            resources: [.embedInCode("Workloads")],
            swiftSettings: optimised),
        .target(
            name: "Season",
            dependencies: ["Harness", "Ledger", "Node", "Machine", "Bytecode", "Crypto", "Tensors", "Numerics"]),
        .executableTarget(
            name: "agon",
            dependencies: [
                "Diagnostics", "Syntax", "Semantics", "Lowering", "Bytecode", "Verifier", "Machine", "Ledger", "Node",
                "Harness", "Workbench", "Benchmarks", "Season", "Explain", "Crypto", "Numerics",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),

        // What the crash tests kill: a process that writes blocks of a fixed workload.
        .target(name: "ChainWorkload", dependencies: ["Ledger", "Node", "Crypto"], path: "Tests/ChainWorkload"),
        .executableTarget(
            name: "agon-crash-writer", dependencies: ["ChainWorkload", "Node"], path: "Tests/CrashWriter"),

        // What tests of all modules share.
        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: optimised),
        .target(
            name: "SplitCases", dependencies: ["Numerics", "TestSupport"], path: "Tests/SplitCases",
            swiftSettings: optimised),
        .target(
            name: "MathematicsCases", dependencies: ["Numerics", "MathematicsOracle", "TestSupport"],
            path: "Tests/MathematicsCases", swiftSettings: optimised),

        // Tests, one target a module.
        .testTarget(
            name: "NumericsTests", dependencies: ["Numerics", "TestSupport", "SplitCases", "MathematicsCases"],
            swiftSettings: optimised),
        .testTarget(name: "CryptoTests", dependencies: ["Crypto", "CSodium", "TestSupport"]),
        .testTarget(name: "TensorsTests", dependencies: ["Tensors", "Numerics", "TestSupport"]),
        .testTarget(name: "BytecodeTests", dependencies: ["Bytecode", "Numerics", "TestSupport"]),
        .testTarget(
            name: "MachineTests",
            dependencies: ["Machine", "Verifier", "Bytecode", "Numerics", "Tensors", "Crypto", "TestSupport"]),
        .testTarget(
            name: "LedgerTests",
            dependencies: [
                "Ledger", "Node", "Machine", "Verifier", "Bytecode", "Crypto", "Numerics", "CSQLite", "ChainWorkload",
                "agon-crash-writer", "TestSupport",
            ]),
        .testTarget(name: "SyntaxTests", dependencies: ["Syntax", "Diagnostics", "TestSupport"]),
        .testTarget(
            name: "SemanticsTests", dependencies: ["Semantics", "Syntax", "Diagnostics", "Numerics", "TestSupport"]),
        .testTarget(
            name: "LoweringTests",
            dependencies: [
                "Lowering", "Semantics", "Syntax", "Diagnostics", "Reference", "Harness", "Machine", "Verifier",
                "Bytecode", "Ledger", "Numerics", "Crypto",
            ]),
        .testTarget(
            name: "HarnessTests",
            dependencies: [
                "Harness", "Lowering", "Semantics", "Syntax", "Diagnostics", "Reference", "Machine", "Verifier",
                "Bytecode", "Ledger", "Node", "Numerics", "Crypto", "Tensors", "Workbench", "Benchmarks", "Season",
                "TestSupport",
            ]),
        .testTarget(
            name: "BoundsTests",
            dependencies: [
                "Bounds", "Harness", "Reference", "Machine", "Verifier", "Bytecode", "Numerics", "Crypto",
                "TestSupport",
            ]),
        .testTarget(
            name: "ExplainTests",
            dependencies: [
                "Explain", "Harness", "Diagnostics", "Semantics", "Syntax", "Bytecode", "Verifier", "Machine", "Crypto",
                "Numerics",
            ]),
        .testTarget(name: "RepositoryTests", dependencies: ["Syntax", "Diagnostics"]),
    ],
    swiftLanguageModes: [.v6]
)

// Fuzz executables have their own `main`, so they join the package only when asked for.
if Context.environment["AGON_FUZZ"] != nil {
    package.targets += [
        .executableTarget(
            name: "agon-soak", dependencies: ["SplitCases", "MathematicsCases", "Harness", "Machine"],
            path: "Tests/Soak"),
        .executableTarget(
            name: "agon-mutants",
            dependencies: [
                "Benchmarks", "Harness", "Machine", "Verifier", "Bytecode", "Crypto", "Numerics", "TestSupport",
            ],
            path: "Tests/Mutants"),
    ]
}
