import Glibc

/// Bump memory of one transaction.
///
/// A value that names memory owned by an `ArenaOwner`; copies name the same arena. Memory is not cleared: whoever
/// allocates writes before reading. All memory goes at once with `reset`.
///
/// In *exact* mode, meant for runs under the address sanitizer, every allocation is its own heap block of exactly the
/// bytes asked for. The accounting, and so the moment of exhaustion, is the same in both modes.
@frozen
public struct Arena: @unchecked Sendable {
    /// The mutable part, at a fixed address so that copies of the arena agree.
    @frozen
    @usableFromInline
    struct State {
        @usableFromInline var base: UnsafeMutableRawPointer
        @usableFromInline var usedBytes: Int
        /// The most that was in use since the last reset.
        @usableFromInline var peakBytes: Int
        @usableFromInline let capacityBytes: Int
        /// How much may be in use for now; a multiple of 16, from what is in use to the cap.
        @usableFromInline var limitBytes: Int
        @usableFromInline let isExact: Bool
        /// Limbs that operations compute in; see `ScratchLayout`.
        @usableFromInline let scratch: UnsafeMutablePointer<UInt64>
        /// Room for list operations, `ScratchLayout.workspaceBytes` long.
        @usableFromInline let workspace: UnsafeMutableRawPointer
        /// Exact mode: the blocks handed out since the last reset.
        @usableFromInline var blocks: UnsafeMutablePointer<UnsafeMutableRawPointer>?
        @usableFromInline var blockCount: Int
        @usableFromInline var blockCapacity: Int
    }

    @usableFromInline let state: UnsafeMutablePointer<State>

    @usableFromInline
    init(state: UnsafeMutablePointer<State>) {
        self.state = state
    }

    /// Bytes handed out since the last reset, each allocation rounded up to 16.
    @inlinable
    public var used: Int { state.pointee.usedBytes }

    /// The cap in bytes.
    @inlinable
    public var capacity: Int { state.pointee.capacityBytes }

    /// How many bytes may be in use until `reset`; the cap unless it was set.
    public var limit: Int { state.pointee.limitBytes }

    /// Sets how many bytes may be in use, rounded down to 16; what is in use stays, and the cap holds.
    public func setLimit(_ bytes: Int) {
        state.pointee.limitBytes = max(state.pointee.usedBytes, min(bytes, state.pointee.capacityBytes) & ~15)
    }

    /// `bytes` bytes aligned to 16, or nil when the limit would be passed or `bytes` is negative.
    @inlinable
    public func allocate(bytes: Int) -> UnsafeMutableRawPointer? {
        let used = state.pointee.usedBytes
        let available = state.pointee.limitBytes - used
        if bytes < 0 || bytes > available { return nil }
        // The limit is a multiple of 16, so rounding up cannot pass it.
        state.pointee.usedBytes = used + (bytes + 15) & ~15
        if state.pointee.isExact {
            return allocateExactly(bytes: bytes)
        }
        return state.pointee.base + used
    }

    @usableFromInline
    func allocateExactly(bytes: Int) -> UnsafeMutableRawPointer? {
        if state.pointee.blockCount == state.pointee.blockCapacity {
            let capacity = max(64, 2 * state.pointee.blockCapacity)
            let size = capacity * MemoryLayout<UnsafeMutableRawPointer>.stride
            guard let grown = realloc(state.pointee.blocks, size) else { return nil }
            state.pointee.blocks = grown.assumingMemoryBound(to: UnsafeMutableRawPointer.self)
            state.pointee.blockCapacity = capacity
        }
        guard let block = malloc(max(1, bytes)) else { return nil }
        state.pointee.blocks?[state.pointee.blockCount] = block
        state.pointee.blockCount += 1
        return block
    }

    /// A moment in the arena's life, for `release`.
    public struct Mark {
        fileprivate let usedBytes: Int
        fileprivate let blockCount: Int
    }

    public var mark: Mark { Mark(usedBytes: state.pointee.usedBytes, blockCount: state.pointee.blockCount) }

    /// Releases what was allocated since the mark. Nothing may refer to it any more.
    public func release(to mark: Mark) {
        state.pointee.peakBytes = max(state.pointee.peakBytes, state.pointee.usedBytes)
        if state.pointee.isExact {
            for index in mark.blockCount..<max(mark.blockCount, state.pointee.blockCount) {
                free(state.pointee.blocks?[index])
            }
            state.pointee.blockCount = mark.blockCount
        }
        state.pointee.usedBytes = mark.usedBytes
    }

    /// Releases everything allocated so far.
    public func reset() {
        let peakBytes = max(state.pointee.peakBytes, state.pointee.usedBytes)
        if state.pointee.isExact {
            for index in 0..<state.pointee.blockCount {
                free(state.pointee.blocks?[index])
            }
            state.pointee.blockCount = 0
        } else if peakBytes > Arena.residentBytes {
            // An arena beyond the consensus cap does not keep all its pages.
            madvise(
                state.pointee.base + Arena.residentBytes, peakBytes - Arena.residentBytes, MADV_DONTNEED)
        }
        state.pointee.usedBytes = 0
        state.pointee.peakBytes = 0
        state.pointee.limitBytes = state.pointee.capacityBytes
    }

    /// Pages up to here stay committed across resets, in bytes: the consensus cap. A page that the system has to give
    /// again takes longer than the gas for its bytes pays for.
    static let residentBytes = ArenaOwner.defaultCapacityBytes
}

/// Owns the memory behind an `Arena`; the arena is valid as long as its owner lives.
public final class ArenaOwner: Sendable {
    /// The consensus cap: 64 MiB.
    public static let defaultCapacityBytes = 64 << 20

    public let arena: Arena
    private let mappedBytes: Int

    /// Reserves address space for `capacityBytes` bytes (rounded up to 16); pages are committed as they are touched.
    /// Nil when the system refuses.
    public init?(capacityBytes: Int = ArenaOwner.defaultCapacityBytes, exact: Bool = false) {
        guard capacityBytes >= 0, capacityBytes <= 1 << 40 else { return nil }
        let capacity = (capacityBytes + 15) & ~15
        let workspace = ScratchLayout.workspaceBytes
        let scratch = ScratchLayout.limbCount * MemoryLayout<UInt64>.stride
        mappedBytes = workspace + scratch + (exact ? 0 : capacity)
        let mapping = mmap(
            nil, mappedBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
        guard let mapping, mapping != MAP_FAILED else { return nil }
        let state = UnsafeMutablePointer<Arena.State>.allocate(capacity: 1)
        state.initialize(
            to: Arena.State(
                base: mapping + scratch + workspace, usedBytes: 0, peakBytes: 0, capacityBytes: capacity,
                limitBytes: capacity,
                isExact: exact,
                scratch: mapping.bindMemory(to: UInt64.self, capacity: ScratchLayout.limbCount),
                workspace: mapping + scratch, blocks: nil, blockCount: 0, blockCapacity: 0))
        arena = Arena(state: state)
    }

    deinit {
        arena.reset()
        let state = arena.state
        free(state.pointee.blocks)
        munmap(UnsafeMutableRawPointer(state.pointee.scratch), mappedBytes)
        state.deinitialize(count: 1)
        state.deallocate()
    }
}

/// Offsets, in limbs, of the buffers that cell operations compute in. None is live across two operations.
enum ScratchLayout {
    /// Single limbs that small operands are written to when GMP needs their address.
    static let firstSpill = 0
    static let secondSpill = 1
    static let thirdSpill = 2
    /// Products of up to `intermediateBits`, and sums.
    static let product = 8
    static let quotient = product + NumericLimits.intermediateBits / 64 + 8
    static let remainder = quotient + NumericLimits.intermediateBits / 64 + 8
    static let limbCount = 512

    /// Keys of the longest list, twice.
    static let workspaceBytes = 2 * MemoryLayout<UInt128>.stride * NumericLimits.listCount
}
