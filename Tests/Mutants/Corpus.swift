import Benchmarks
import Bytecode
import Crypto
import Harness
import Numerics

/// A valid module and the arguments with which its entries run.
struct Sample {
    var module: Module
    /// For some entries arguments that reach far; the others get made-up ones.
    var arguments: [String: [UInt8]]
}

enum Corpus {
    /// One program for each instruction, one that moves tokens between contracts in every way, and the contracts of the
    /// repository when this runs at its root.
    static func samples() throws -> [Sample] {
        var samples = try OpcodeProgram.all.map { program in
            Sample(module: try program.module(), arguments: ["run": [2, 2] + program.arguments])
        }
        let bank = try bankModule()
        // It is richer than the programs, so it comes more often.
        samples += [Sample](repeating: Sample(module: bank, arguments: [:]), count: samples.count / 4)
        samples += [Sample](repeating: Sample(module: try tensorModule(), arguments: ["run": []]), count: 12)
        let compiled = compiledModules()
        print("\(samples.count) assembled and \(compiled.count) compiled samples")
        for module in compiled {
            samples += [Sample](repeating: Sample(module: module, arguments: [:]), count: 8)
        }
        return samples
    }

    private static func compiledModules() -> [Module] {
        var modules: [Module] = []
        for path in DiskSources.sourcePaths(at: "contracts") {
            guard case .success(let project) = CompiledProject.compile(paths: [path], from: DiskSources()) else {
                continue
            }
            for module in project.modules where !modules.contains(module) { modules.append(module) }
        }
        return modules
    }

    /// The instructions that no sample has.
    static func missingOpcodes(_ samples: [Sample]) -> [Opcode] {
        var seen = [Bool](repeating: false, count: 256)
        for sample in samples {
            for function in sample.module.functions {
                var word = 0
                while word < function.code.count, let opcode = Instruction(word: function.code[word]).opcode {
                    seen[Int(opcode.rawValue)] = true
                    word += OpcodeTable[opcode].words
                }
            }
        }
        return Opcode.allCases.filter { !seen[Int($0.rawValue)] }
    }

    /// What `venture` gives when the call that it tried has failed.
    static let ventureFailed: [UInt8] = [6, 15, 66, 64]

    /// A module with constant tensors.
    static func tensorModule() throws -> Module {
        var builder = ModuleBuilder(name: "Tensors")
        let matrix = builder.type(.tensor(.i8, dimensions: [2, 3]))
        builder.module.constants = [
            .tensor(.i8, dimensions: [2, 3], data: [1, 2, 3, 4, 5, 6]),
            .tensor(.i8, dimensions: [3, 2], data: [255, 2, 253, 4, 251, 6]),
            .tensor(.i32, dimensions: [2], data: [1, 0, 0, 0, 255, 255, 255, 255]),
        ]
        builder.module.slots = [Slot(name: "kept", kind: .plain, keys: [], type: matrix, capacity: nil)]
        try Assembler.assemble(
            """
            function init()
            returnNothing
            end
            function run() -> Int
            registers Tensor<i8, [2, 3]>, Tensor<i8, [0, 0]>, Tensor<i32, [2]>, Tensor<i32, [0, 0]>, Int, Int
                loadConstant r0, 0
                loadConstant r1, 1
                loadConstant r2, 2
                statePut r0, r0, 0
                tensorMatmul r3, r0, r1
                tensorAdd r3, r3, r2
                tensorRelu r3, r3
                tensorSize r4, r3, 1
                loadInteger r4, 1
                loadInteger r5, 0
                tensorAt r4, r3, r4
                return r4
            end
            """, into: &builder)
        for (index, function) in builder.module.functions.enumerated() {
            builder.module.entries.append(
                EntryPoint(
                    name: function.name, kind: function.name == "init" ? .initializer : .action, function: index,
                    parameterNames: [], documentation: nil))
        }
        return builder.module
    }

    /// A module that mints, keeps, splits, sends and passes tokens on to another contract of its kind.
    static func bankModule() throws -> Module {
        var builder = ModuleBuilder(name: "Bank")
        let amount = builder.type(.integer(.amount, bits: 256, isSigned: false))
        let address = builder.type(.bytes32(.address))
        let token = builder.type(.token(0))
        let coin = builder.type(.token(1))
        let interface = builder.type(.bytes32(.interface(0)))
        func field(_ type: TypeIndex) -> TypeDescriptor.Field { .init(name: "p", type: type) }
        builder.module.assets = [
            AssetDescriptor(name: "A", origin: .issued), AssetDescriptor(name: "Coin", origin: .native),
        ]
        builder.module.slots = [
            Slot(name: "pot", kind: .vault(asset: 0), keys: [], type: amount, capacity: nil),
            Slot(name: "pots", kind: .vault(asset: 1), keys: [address], type: amount, capacity: 4),
        ]
        builder.module.interfaces = [
            InterfaceDescriptor(
                name: "Bank",
                methods: [
                    .init(name: "keep", isView: false, parameters: [field(coin), field(amount)], result: coin),
                    .init(name: "held", isView: true, parameters: [], result: amount),
                ], isImplemented: true)
        ]
        builder.module.imports = [ImportedMethod(interface: 0, method: 0), ImportedMethod(interface: 0, method: 1)]
        builder.module.errors = [SignatureDescriptor(name: "No", parameters: [field(amount)])]
        builder.module.events = [SignatureDescriptor(name: "Moved", parameters: [field(amount), field(address)])]
        _ = (token, interface)
        try Assembler.assemble(text, into: &builder)
        for (index, function) in builder.module.functions.enumerated() where !function.name.hasPrefix("_") {
            builder.module.entries.append(
                EntryPoint(
                    name: function.name,
                    kind: function.name == "init" ? .initializer : (function.isReadOnly ? .view : .action),
                    function: index, parameterNames: (0..<function.parameterCount).map { "p\($0)" }, documentation: nil)
            )
        }
        return builder.module
    }

    private static let text = """
        function init()
        returnNothing
        end
        function keep(Token#1, Amount) -> Token#1
        registers Token#1, Address
            caller r3
            tokenTake r2, r0, r1
            vaultPut r2, r3, 1
            return r0
        end
        function held() -> Amount readonly
        registers Amount
            vaultAmount r0, r0, 0
            return r0
        end
        function create(Amount, Address)
        registers Token#0
            mint r2, r0, 0
            emit r0, 0
            send r2, r1
            returnNothing
        end
        function store(Token#0, Bool)
        registers Amount
            branchTrue r1, burned
            vaultPut r0, r0, 0
            returnNothing
        burned:
            tokenAmount r2, r0
            burn r0
            returnNothing
        end
        function share(Token#0, List<Amount, 8>) -> Token#0
        registers TokenList#0, Token#0, Amount, Amount
            tokenSplit r2, r0, r1
            tokenListCount r4, r2
            loadInteger r5, 0
            branchLessOrEqual r4, r5, done
        again:
            tokenListNext r3, r2
            vaultPut r3, r0, 0
            loop r5, r4, again
        done:
            tokenListClose r2
            return r0
        end
        function pass(Interface#0, Token#1, Amount) -> Token#1
        registers Token#1, Amount, Token#1
            move r3, r1
            move r4, r2
            interfaceCall r3, r0, 0
            return r5
        end
        function attempt(Interface#0, Token#1, Amount, Amount) -> Amount
        registers Token#1, Amount, Token#1, Amount, Address
            move r4, r1
            move r5, r2
            tryCall r4, r0, r3, 0, failed
            caller r8
            tokenAmount r7, r6
            send r6, r8
            return r7
        failed:
            fail r2, 0
        end
        function venture(Interface#0, Token#1, Amount, Amount) -> Amount
        registers Token#1, Amount, Token#1, Amount, Address
            move r4, r1
            move r5, r2
            tryCall r4, r0, r3, 0, failed
            caller r8
            tokenAmount r7, r6
            send r6, r8
            return r7
        failed:
            loadInteger r7, 1000000
            return r7
        end
        function empty(Address) -> Token#1
        registers Token#1
            vaultTakeAll r1, r0, 1
            stateRemove r0, 1
            return r1
        end
        """
}
