extension Fault {
    static let all = names + types + numbers + tokens + rounds + totality + contracts + tests

    static let names = [
        Fault(
            "unknown names",
            """
            function f(count: Int) -> Int {
                let x = cuont //! E0201
                return x + g(1) //! E0201
            }
            contract C {
                action a() { missing = 1 } //! E0201
                action b() by nobody { fail Nothing } //! E0201 E0201
                action c() { emit Nothing(1) } //! E0201
                action d(k: Int) during R[k].p {} //! E0201
                action e() { open R[1] } //! E0201
            }
            """),
        Fault(
            "names declared twice",
            """
            struct S { a: Int  a: Int } //! E0202
            enum E { case x case x } //! E0202
            const S = 1 //! E0202
            function f(a: Int, a: Int) {} //! E0202
            function g(a: Int) { let a = 1 } //! E0202
            function floor(a: Int) {} //! E0202
            function h() { let height = 1 } //! E0202
            contract C {
                error Overflow //! E0202
                var x: Int
                action x() {} //! E0202
                init() {}
                init() {} //! E0202
            }
            """),
        Fault(
            "unknown types",
            """
            struct S { a: Imt } //! E0203
            const c = 1
            function f(a: c) {} //! E0203
            contract C: S {} //! E0203
            """),
        Fault(
            "unknown members",
            """
            struct S { left: Int }
            enum E { case on }
            contract C {
                var m: Map<Int, Int>
                view v(s: S, xs: List<Int, 4>) -> Int {
                    let a = s.lft //! E0204
                    let b = E.off //! E0204
                    let c = xs.length //! E0204
                    let d = xs.reverse() //! E0204
                    let e = m.find(1) //! E0204
                    let f = m.size //! E0204
                    return 0
                }
            }
            """),
        Fault(
            "not values",
            """
            struct S { a: Int }
            contract C {
                var m: Map<Int, Int>
                event Happened(a: Int)
                view v() -> Int {
                    let a = S //! E0207
                    let b = m //! E0207
                    let c = v //! E0207
                    let d = Happened(1) //! E0207
                    let e = C() //! E0207
                    let f = m.keys //! E0207
                    return 0
                }
            }
            """),
    ]

    static let types = [
        Fault(
            "mismatches",
            """
            struct S { a: Int }
            function f(a: Int, s: S, o: Int?, t: Text, list: List<Int, 4>) -> Int {
                let x: Bool = a //! E0301
                let y: Int = true //! E0301
                let z: List<Int, 3> = list //! E0301
                if a { return 1 } //! E0301
                let u = a + t //! E0301
                let v: Int = o //! E0301
                let w = a ?? 1 //! E0301
                require s == a //! E0301
                match a { else {} } //! E0301
                for q in a { let r = q + 1 } //! E0301
                let n = nothing() //! E0301
                return s //! E0301
            }
            function nothing() {}
            """),
        Fault(
            "arguments",
            """
            struct S { a: Int  b: Int }
            enum E { case some(x: Int) }
            function f(a: Int) -> Int { return a }
            function g(e: E, xs: List<Int, 2>) -> Int {
                let s = S(1) //! E0302
                let t = S(b: 1, a: 2) //! E0302
                let u = f() //! E0302
                let v = min(1) //! E0302
                let w = xs.sorted(.upwards) //! E0302
                match e { case .some { } } //! E0302
                for (a, b) in xs { let c = a + b } //! E0302
                fail Overflow(1) //! E0302
            }
            """),
        Fault(
            "type arguments",
            """
            function a(x: Int<1>) {} //! E0303
            function b(x: Int<5000>) {} //! E0303
            function c(x: List<Int>) {} //! E0303
            function d(x: Bool<3>) {} //! E0303
            function e(x: Tensor<Int, [3]>) {} //! E0303
            contract C {
                var m: Map<List<Int, 2>, Int> //! E0303
                var n: Map<Int, Map<Int, Map<Int, Int>>> //! E0303
                var p: Map<Int, Map<Int, Int>, 5> //! E0303
            }
            """),
        Fault(
            "things in the wrong place",
            """
            function a(v: Map<Int, Int>) {} //! E0304
            function b(r: Ratio) {} //! E0304
            contract C {
                asset X native
                var m: Map<Int, Int> = 5 //! E0304
                let n: Map<Int, Int> //! E0304
                action act() {}
                function f(xs: List<Int, 2>) -> Int {
                    act() //! E0304
                    let z = xs.append(1) //! E0304
                    return zip(xs, xs) //! E0304
                }
                function g(p: Amount, w: List<Int, 2>, d: Amount) -> Int {
                    return (split p by w else d).count //! E0304
                }
            }
            """),
        Fault(
            "assignments",
            """
            contract C {
                let fixed: Int = 1
                var v: Vault<X>
                asset X native
                action a(p: Int, xs: List<Int, 2>) {
                    p = 2 //! E0305
                    xs.append(3) //! E0305
                    let q = 1
                    q += 1 //! E0305
                    fixed = 2 //! E0305
                    v = 3 //! E0305
                    X = 5 //! E0301 E0305
                    for i in 0..<3 { i = 4 } //! E0305
                }
            }
            """),
        Fault(
            "missing returns",
            """
            function a(x: Int) -> Int { if x > 0 { return 1 } } //! E0306
            function b(x: Int) -> Int { for i in 0..<3 { return i } } //! E0306
            function c(x: Int) -> Int { if x > 0 { return 1 } else { fail Overflow } }
            """),
        Fault(
            "match",
            """
            enum E { case a case b case c }
            function f(e: E, o: Int?) {
                match e { case .a {} case .b {} } //! E0307
                match o { case .some(x) {} } //! E0307
                match e { case .a {} case .a {} else {} } //! E0202
                match e { case .d {} else {} } //! E0204
            }
            """),
        Fault(
            "types that contain themselves",
            """
            struct A { b: B }
            struct B { a: List<A, 2> } //! E0308
            enum E { case one(e: E?) } //! E0308
            """),
        Fault(
            "types that nothing tells",
            """
            enum E { case a }
            function f(n: Int) {
                let a = [] //! E0309
                let b = none //! E0309
                let c = .a //! E0309
                let d = repeating(1, n) //! E0309
            }
            """),
        Fault(
            "values that are never set",
            """
            contract C {
                let a: Int //! E0310
                var b: Address //! E0310
                let c: Int
                let e: Int
                init(flag: Bool) {
                    if flag { a = 1 }
                    let d = c //! E0310
                    c = 2
                    c = 3 //! E0305
                    e = 1
                }
                round R[k: Int] {
                    var x: Address //! E0310
                    phase p
                }
            }
            """),
        Fault(
            "no zero value",
            """
            contract C {
                var m: Map<Int, Address>
                view v() -> Address { return m[1] } //! E0311
            }
            """),
        Fault(
            "shapes",
            """
            function f(a: Tensor<i8, [2, 3]>, b: Tensor<i8, [4, 5]>, c: Tensor<i32, [n]>, d: Tensor<i32, [m]>) {
                let x = matmul(a, b) //! E0312
                let y = add(c, d) //! E0312
                let z = a[0] //! E0312
                g(a) //! E0312
                let q = requantize(a, 1, 1) //! E0301
            }
            function g(a: Tensor<i8, [2, 4]>) {}
            """),
        Fault(
            "tensors as written",
            """
            function f(n: Int, t: Tensor<i8, [k, 2]>) -> Tensor<i8, [k]> {
                let a: Tensor<i8, [2, 3]> = [[1, 2, 3], [1, 2]] //! E0312
                let b: Tensor<i8, [2, 3]> = [[1, 2], [3, 4]] //! E0312
                let c: Tensor<i8, [2, 3]> = [1, 2] //! E0312
                let d: Tensor<i8, [3]> = [[1], [2], [3]] //! E0312 E0312 E0312
                let e: Tensor<i8, [3]> = [] //! E0312
                let h: Tensor<i8, [3]> = [127, 128, -129] //! E0403 E0403
                let i: Tensor<i64, [2]> = [9223372036854775807, 9223372036854775808] //! E0403
                let j: Tensor<i8, [2]> = [n, 1] //! E0404
                let l: Tensor<i8, [2]> = [0.5, true] //! E0404 E0404
                let m: Tensor<i8, [2]> = repeating(1, 2) //! E0301
                let o = matmul(t, [[1, 2], [3, 4], [5, 6]]) //! E0312
                let p = relu([1, 2]) //! E0301
                g([[1, 2]], [1, 2]) //! E0312
                return [1, 2] //! E0312
            }
            function g(a: Tensor<i8, [s, 2]>, b: Tensor<i8, [s]>) {}
            """),
        Fault(
            "never reached",
            """
            function f() -> Int {
                fail Overflow
                let a = 1 //! E0313
                return a
            }
            """),
        Fault(
            "unused values",
            """
            function f(xs: List<Int, 3>) {
                xs.sum() //! E0314
                min(1, 2) //! E0314
            }
            """),
    ]

    static let numbers = [
        Fault(
            "rounding",
            """
            function f(a: Int) -> Int { return a / 2 } //! E0401
            function g(a: Int, b: Fixed) -> Fixed {
                let x = a / 3 //! E0401
                let y: Int = b //! E0401
                let z: Fixed = b * b //! E0401
                let w = [a / 3] //! E0401
                return a / b //! E0401
            }
            """),
        Fault(
            "too wide",
            """
            function f(a: Int<4096>, b: Int<4096>) -> Int {
                let x = a * b //! E0402
                return a + b //! E0402
            }
            const big = 1234567890123456789 * 1234567890123456789
            """),
        Fault(
            "out of range",
            """
            const a: Int<8> = 200 //! E0403
            const b: Amount = -1 //! E0403
            const c: Fixed = 1.5
            function f(xs: List<Int, 2>, n: Int) -> Int {
                let x: Int<4> = 9 //! E0403
                let y = xs[2] //! E0403
                let z = n % 0 //! E0403
                let w: List<Int, 2> = [1, 2, 3] //! E0403
                let h: Hash = 0x1234 //! E0403
                return floor(n / 0) //! E0403
            }
            """),
        Fault(
            "not constant",
            """
            function f() -> Int { return 1 }
            const a = f() //! E0404
            const b: Int = floor(1 / (2 - 2)) //! E0403
            const t = true
            function g(x: List<Int, t>, y: List<Int, S>) {} //! E0404 E0404
            struct S { a: Int }
            function h(n: Int) { for i in 0..<n max n {} } //! E0404
            """),
    ]
}
