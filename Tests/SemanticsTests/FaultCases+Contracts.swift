extension Fault {
    static let tokens = [
        Fault(
            "lost tokens",
            """
            contract C {
                asset X native
                var v: Vault<X>
                action a(t: Token<X>) {} //! E0501
                action b() { v.takeAll() } //! E0501
                action c(t: Token<X>, n: Int) { //! E0501
                    if n > 0 { return }
                    v.put(t)
                }
                action d() {
                    for i in 0..<2 {
                        let t = v.take(1) //! E0501
                        if i == 1 { break }
                        v.put(t)
                    }
                }
                action e() {
                    var t = v.take(1)
                    t = v.take(2) //! E0501
                    v.put(t)
                }
                action f(t: Token<X>, n: Int) {
                    if n > 0 { fail Overflow }
                    v.put(t)
                }
            }
            """),
        Fault(
            "tokens used twice",
            """
            contract C {
                asset X native
                var v: Vault<X>
                action a(t: Token<X>) { v.put(t) v.put(t) } //! E0502
                action b(t: Token<X>) -> Amount { v.put(t) return t.amount } //! E0502
                action c(t: Token<X>) {
                    for i in 0..<3 { v.put(t) } //! E0502
                }
            }
            """),
        Fault(
            "tokens where they cannot be",
            """
            contract C {
                asset X native
                var held: Token<X> //! E0503
                var v: Vault<X>
                var vs: Map<Int, Vault<X>, 4>
                struct S { t: Token<X> } //! E0503
                view a(t: Token<X>) -> Int { return 1 } //! E0503 E0501
                action b(o: Token<X>?) {} //! E0503
                action c() {
                    let t = [v.take(1)] //! E0503
                    let n = v.take(1).amount //! E0503
                    for (k, w) in vs {} //! E0503
                    let u = v //! E0503
                }
            }
            """),
        Fault(
            "wrong assets",
            """
            contract C {
                asset X native
                asset Y issued
                var v: Vault<X>
                action a(t: Token<Y>) { v.put(t) } //! E0504
                action b() -> Token<Y> { return v.takeAll() } //! E0504
            }
            """),
        Fault(
            "paths differ",
            """
            contract C {
                asset X native
                var v: Vault<X>
                action a(t: Token<X>, n: Int) {
                    if n > 0 { v.put(t) } //! E0505
                }
                action b(t: Token<X>, n: Int) {
                    match n > 1 ? none : some(n) { case .none { v.put(t) } case .some(x) {} } //! E0505
                }
                function some(n: Int) -> Int? { return n }
            }
            """),
        Fault(
            "minting what is not issued",
            """
            contract C {
                asset X native
                asset Y
                init(y: Asset) { Y = y }
                action a() -> Token<X> { return mint(X, 1) } //! E0506
                action b(t: Token<Y>) { burn(t) } //! E0506
            }
            """),
        Fault(
            "unbound assets",
            """
            contract C {
                asset X //! E0507
                asset Y
                init(y: Asset, t: Token<Y>) { //! E0507
                    send(t, caller)
                    let id = Y //! E0507
                    Y = y
                }
            }
            """),
        Fault(
            "leaving a split",
            """
            contract C {
                asset X native
                var v: Vault<X>
                action a(t: Token<X>, w: List<Int, 3>) {
                    for part in split t by w else v {
                        v.put(part)
                        break //! E0705
                    }
                }
            }
            """),
    ]

    static let rounds = [
        Fault(
            "unknown phases",
            """
            contract C {
                round R[k: Int] {
                    sealed s: Int max 4 commit during one reveal during tow else keep //! E0601
                    phase one for 5 blocks then two
                    phase two for 5 blocks then tree //! E0601
                    phase three //! E0602
                }
                view v(k: Int) -> Bool { return R[k].phase == .four } //! E0601
                action a(k: Int) during R[k].five {} //! E0601
            }
            """),
        Fault(
            "phase order",
            """
            contract C {
                round R[k: Int] {
                    sealed s: Int max 4 commit during b reveal during a else keep //! E0603
                    phase a for 5 blocks then b
                    phase b for 5 blocks then a //! E0603
                    phase c //! E0602
                }
            }
            """),
        Fault(
            "no final phase",
            """
            contract C {
                round R[k: Int] {} //! E0604
                round S[k: Int] { //! E0604
                    phase a for 0 blocks then b //! E0403
                    phase b for 5 blocks then a //! E0603
                }
            }
            """),
        Fault(
            "sealed values read too early",
            """
            contract C {
                round R[k: Int] {
                    sealed s: Int max 4 commit during a reveal during b else keep
                    phase a for 5 blocks then b
                    phase b for 5 blocks or when s.get(caller) == 5 then c
                    phase c
                }
                view early(k: Int) -> Int? { return R[k].s.get(caller) } //! E0605
                action during_commit(k: Int) during R[k].a { for (x, y) in R[k].s {} } //! E0605
                action another(k: Int, l: Int) during R[k].c { require R[l].s.get(caller) == none } //! E0605
                view late(k: Int) -> Int? during R[k].b { return R[k].s.get(caller) }
            }
            """),
        Fault(
            "draws from what is not frozen, seeds before their time",
            """
            contract C {
                round R[k: Int] {
                    var members: Map<Address, Int, 4>
                    var others: Map<Address, Int, 4>
                    beacon luck freezes members at c mixing max 4 commit during a reveal during b else keep
                    beacon early freezes other at a //! E0609 E0609
                    phase a for 5 blocks then b
                    phase b for 5 blocks then c
                    phase c
                }
                action enter(k: Int) during R[k].b { R[k].members[caller] = 1 } //! E0607
                view seed(k: Int) -> Hash during R[k].b { return R[k].luck.seed } //! E0610
                view drawn(k: Int) -> List<Address, 2> during R[k].c {
                    return draw 2 from R[k].others using R[k].luck //! E0608
                }
                view sum(k: Int) -> Int during R[k].c {
                    var sum: Int = 0
                    for (member, n) in R[k].others { sum += n } //! E0608
                    return R[k].luck.seed == hash(1) ? sum : 0
                }
            }
            """),
        Fault(
            "sealed declarations",
            """
            contract C {
                asset X native
                var v: Vault<X>
                var w: Vault<X>
                round R[k: Int] {
                    sealed s: Int max 4 commit during a reveal during b else forfeit v to w //! E0606
                    sealed t: Int max 70_000 commit during a reveal during b else keep //! E0804
                    phase a for 5 blocks then b
                    phase b
                }
            }
            """),
    ]

    static let totality = [
        Fault(
            "recursion",
            """
            function a(n: Int) -> Int { return b(n) } //! E0701
            function b(n: Int) -> Int { return a(n) }
            """),
        Fault(
            "constants in a circle",
            """
            const a = b //! E0701
            const b = a
            """),
        Fault(
            "bounds",
            """
            contract C {
                var m: Map<Int, Int>
                action a(n: Int, s: Int<16>) {
                    for i in 0..<n {} //! E0702
                    for i in 0..<s {}
                    for i in 0..<5_000_000_000 {} //! E0703
                    for i in 0..<n max 5_000_000_000 {} //! E0703
                    for (k, v) in m {} //! E0702
                }
            }
            """),
        Fault(
            "changing what a loop runs over",
            """
            contract C {
                var m: Map<Int, Int, 9>
                action a() {
                    for (k, v) in m { m[k] = 1 } //! E0704
                    for k in m.keys { m.remove(k) } //! E0704
                    for k in m.keys { other() } //! E0704
                }
                function other() { m[1] = 2 }
            }
            """),
        Fault(
            "jumps",
            """
            function f() {
                if true { break } //! E0705
            }
            function g() {
                if true { continue } //! E0705
            }
            """),
    ]

    static let contracts = [
        Fault(
            "views that write",
            """
            contract C {
                var n: Int
                event Seen(n: Int)
                view a() -> Int { n = 1 return n } //! E0801
                view b() -> Int { c() return n } //! E0801
                function c() { n += 1 }
                view d() -> Int { emit Seen(1) return n } //! E0801
            }
            """),
        Fault(
            "interfaces",
            """
            interface I { view v(a: Int) -> Int  action w() }
            contract C: I { //! E0802
                view v(a: Amount) -> Int { return 1 }
                view w() -> Int { return 1 }
            }
            contract D: J {} //! E0201
            contract E: I, I { //! E0202
                view v(a: Int) -> Int { return 1 }
                action w() {}
            }
            """),
        Fault(
            "context",
            """
            function a() -> Address { return caller } //! E0803
            const h = height //! E0803
            contract C {
                var n: Int
                const m = n //! E0803
                function f() -> Int { return 1 }
                test "t" {
                    expect n == 1 //! E0803
                    expect f() == 1 //! E0803
                    expect caller == self //! E0803 E0803
                }
            }
            """),
        Fault(
            "limits",
            """
            function a(x: List<Int, 70_000>) {} //! E0804
            function b(x: Bytes<0>) {} //! E0804
            enum E {} //! E0804
            """),
    ]

    static let tests = [
        Fault(
            "outside tests",
            """
            contract C {
                action a(who: Address) {
                    advance 3 blocks //! E0901
                    expect true //! E0901
                    let x = actor("a") //! E0901
                    grant(who, 1) //! E0901
                    let c = deploy C() //! E0901
                    self.foo() as who //! E0901
                }
            }
            test "t" {
                let c = deploy D() //! E0201
                let d = deploy C()
                d.b() //! E0204
                d.a() //! E0302
                return 1 //! E0304
            }
            """),
        Fault(
            "properties and benches",
            """
            interface Rule { view weight(n: Int) -> Int }
            property "no values" (rule: Rule) { expect true } //! E0902
            property "limits of no number" (flag: Bool in 0..<1) { expect flag } //! E0902
            bench "measures nothing" for n in [1] { let m = n } //! E0903
            test "no bench" { measure { } } //! E0903
            invariant "no steps" { let n = 1 } //! E0302
            """),
    ]
}
