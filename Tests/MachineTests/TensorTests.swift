import Bytecode
import Crypto
import Machine
import Numerics
import Testing
import Verifier

@Suite struct TensorTests {
    private func run(_ text: String, _ arguments: [UInt8]) throws -> (bytes: [UInt8]?, failure: String?) {
        let chain = try TestChain()
        try chain.deploy(try assemble(text), at: address(50))
        let result = chain.call(address(50), "f", arguments)
        return (result.bytes, result.failureName)
    }

    private func small(_ shape: [UInt8], _ values: [Int8]) -> [UInt8] { shape + values.map { UInt8(bitPattern: $0) } }

    private func wide(_ shape: [UInt8], _ values: [Int32]) -> [UInt8] {
        shape + values.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * Int32($0))) } }
    }

    @Test func products() throws {
        let text = """
            function f(Tensor<i8, [0, 0]>, Tensor<i8, [0, 0]>) -> Tensor<i32, [0, 0]>
            registers Tensor<i32, [0, 0]>
                tensorMatmul r2, r0, r1
                return r2
            end
            """
        let left = small([2, 3], [1, 2, 3, -4, 5, -6])
        let right = small([3, 2], [1, -1, 2, -2, 3, 127])
        #expect(try run(text, left + right).bytes == wide([2, 2], [14, 376, -12, -768]))
        #expect(try run(text, left + left).failure == "ShapeMismatch")
        #expect(try run(text, small([0, 3], []) + right).bytes == wide([0, 2], []))
    }

    @Test func sumsBroadcastRows() throws {
        let text = """
            function f(Tensor<i32, [0, 0]>, Tensor<i32, [0]>) -> Tensor<i32, [0, 0]>
            registers Tensor<i32, [0, 0]>
                tensorAdd r2, r0, r1
                return r2
            end
            """
        let matrix = wide([2, 2], [1, 2, 3, 4])
        #expect(try run(text, matrix + wide([2], [10, 20])).bytes == wide([2, 2], [11, 22, 13, 24]))
        #expect(try run(text, matrix + wide([3], [1, 2, 3])).failure == "ShapeMismatch")
        #expect(try run(text, wide([1, 1], [.max]) + wide([1], [1])).failure == "Overflow")
        #expect(try run(text, wide([3, 1], [1, 2, 3]) + wide([1], [5])).bytes == wide([3, 1], [6, 7, 8]))
    }

    @Test func requantisationRoundsHalfToEvenAndSaturates() throws {
        let text = """
            function f(Tensor<i32, [0]>, Int, Int) -> Tensor<i8, [0]>
            registers Tensor<i8, [0]>
                tensorRequantize r3, r0, r1, r2
                return r3
            end
            """
        let source = wide([6], [1, 3, 5, -1, -3, 1_000])
        #expect(try run(text, source + encode(1) + encode(1)).bytes == small([6], [0, 2, 2, 0, -2, 127]))
        #expect(try run(text, source + encode(-1) + encode(1)).failure == "InvalidArgument")
        #expect(try run(text, source + encode(1) + encode(63)).failure == "InvalidArgument")
        #expect(try run(text, source + encode(BigInt(1) << 80) + encode(1)).failure == "InvalidArgument")
    }

    @Test func theRest() throws {
        let relu = """
            function f(Tensor<i8, [0]>) -> Tensor<i8, [0]>
            registers Tensor<i8, [0]>
                tensorRelu r1, r0
                return r1
            end
            """
        #expect(try run(relu, small([3], [-1, 0, 5])).bytes == small([3], [0, 0, 5]))
        let argmax = """
            function f(Tensor<i8, [0, 0]>) -> Tensor<i32, [0]>
            registers Tensor<i32, [0]>
                tensorArgmax r1, r0
                return r1
            end
            """
        #expect(try run(argmax, small([2, 3], [1, 9, 9, -3, -2, -1])).bytes == wide([2], [1, 2]))
        #expect(try run(argmax, small([2, 0], [])).failure == "ShapeMismatch")
        let equal = """
            function f(Tensor<i32, [0]>, Tensor<i8, [0]>) -> Int
            registers Int
                tensorCountEqual r2, r0, r1
                return r2
            end
            """
        #expect(try run(equal, wide([3], [1, 2, 300]) + small([3], [1, 3, 44])).bytes == encode(1))
        #expect(try run(equal, wide([3], [1, 2, 300]) + small([2], [1, 3])).failure == "ShapeMismatch")
        let at = """
            function f(Tensor<i64, [0, 0]>, Int, Int) -> Int
            registers Int
                tensorAt r3, r0, r1
                return r3
            end
            """
        let cells = [2, 1] + [UInt8](repeating: 0, count: 8) + [UInt8](repeating: 255, count: 7) + [127]
        #expect(try run(at, cells + encode(1) + encode(0)).bytes == encode(Int(Int64.max - 0xFF) + 0xFF))
        #expect(try run(at, cells + encode(0) + encode(1)).failure == "IndexOutOfRange")
        #expect(try run(at, cells + encode(-1) + encode(0)).failure == "IndexOutOfRange")
        let size = "function f(Tensor<i8, [0, 4]>) -> Int\nregisters Int\ntensorSize r1, r0, 0\nreturn r1\nend"
        #expect(try run(size, small([2, 4], [1, 2, 3, 4, 5, 6, 7, 8])).bytes == encode(2))
        #expect(try run(size, small([2, 3], [1, 2, 3, 4, 5, 6])).failure == "InvalidArgument")
        #expect(try run(size, [255, 255, 255, 255, 15, 4]).failure == "InvalidArgument")
    }
}
