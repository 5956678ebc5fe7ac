import Bytecode
import Crypto

/// A module that the verifier has accepted, ready to run. Only `verify` makes one, so code that was not verified never
/// runs.
public final class VerifiedModule: @unchecked Sendable {
    /// The module as it was given.
    public let module: Module
    /// Its tables in stable memory. Nothing writes to them, so threads may share them.
    public let prepared: PreparedModule
    /// For each interface the digest of its structure; equal digests are the same interface.
    public let interfaceDigests: [Bytes32]
    /// Entries by name.
    private let entries: [String: Int]
    private let implemented: Set<Bytes32>
    private let memory: PreparedMemory

    init(module: Module, prepared: PreparedModule, memory: PreparedMemory, interfaceDigests: [Bytes32]) {
        self.module = module
        self.prepared = prepared
        self.memory = memory
        self.interfaceDigests = interfaceDigests
        var entries: [String: Int] = [:]
        for (index, entry) in module.entries.enumerated() { entries[entry.name] = index }
        self.entries = entries
        implemented = Set(zip(module.interfaces, interfaceDigests).filter { $0.0.isImplemented }.map { $0.1 })
    }

    /// The entry of that name, an initialiser included.
    public func entry(named name: String) -> EntryPoint? {
        entries[name].map { module.entries[$0] }
    }

    /// The initialiser.
    public var initializer: EntryPoint? { module.entries.first { $0.kind == .initializer } }

    /// Whether it implements the interface of that digest.
    public func implements(_ digest: Bytes32) -> Bool { implemented.contains(digest) }

    /// The source position that holds at a word of a function.
    public func position(function: Int, word: Int) -> FunctionDescriptor.Position? {
        guard module.functions.indices.contains(function) else { return nil }
        // They ascend, unless a compiler wrote nonsense, which then is shown.
        let positions = module.functions[function].positions
        var (low, high) = (0, positions.count)
        while low < high {
            let middle = (low + high) / 2
            if positions[middle].word <= word { low = middle + 1 } else { high = middle }
        }
        return low > 0 ? positions[low - 1] : nil
    }
}

/// Memory blocks freed together.
final class PreparedMemory {
    private var blocks: [UnsafeMutableRawPointer] = []

    /// A copy of the elements at an address that stays; never empty, so that it can always be formed.
    func copy<Element>(_ elements: [Element]) -> UnsafePointer<Element> {
        let block = UnsafeMutableRawPointer.allocate(
            byteCount: max(1, elements.count) * MemoryLayout<Element>.stride, alignment: 16)
        blocks.append(block)
        let typed = block.bindMemory(to: Element.self, capacity: max(1, elements.count))
        elements.withUnsafeBufferPointer { source in
            if let base = source.baseAddress { typed.initialize(from: base, count: source.count) }
        }
        return UnsafePointer(typed)
    }

    /// Cleared bytes at a 16-byte-aligned address.
    func allocate(bytes: Int) -> UnsafeMutableRawPointer {
        let block = UnsafeMutableRawPointer.allocate(byteCount: max(16, bytes), alignment: 16)
        block.initializeMemory(as: UInt8.self, repeating: 0, count: max(16, bytes))
        blocks.append(block)
        return block
    }

    deinit {
        for block in blocks { block.deallocate() }
    }
}
