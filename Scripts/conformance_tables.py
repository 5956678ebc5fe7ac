#!/usr/bin/env python3
"""Writes the tables of the conformance suite whose results are computed: conformance_tables.py [--check]

The oracle is Python's big integers, fractions, decimals and hashlib; nothing of the compiler or the machine is asked.
With --check nothing is written: the command fails when a stored file differs from what would be.
"""
import hashlib
import random
import sys
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from math import ceil, floor, isqrt
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent / "Tests" / "Conformance"
HEADER = "// Written by Scripts/conformance_tables.py.\n"
ONE = 10**18
files = {}

INTEGERS = {
    "Int<2>": (-2, 1),
    "Int<8>": (-128, 127),
    "Int<63>": (-(2**62), 2**62 - 1),
    "Int<64>": (-(2**63), 2**63 - 1),
    "Int<65>": (-(2**64), 2**64 - 1),
    "Int": (-(2**255), 2**255 - 1),
    "Int<257>": (-(2**256), 2**256 - 1),
    "Amount": (0, 2**256 - 1),
    "Height": (0, 2**63 - 1),
}


def file_name(type_name):
    return type_name.lower().replace("<", "_").replace(">", "")


def edges(type_name):
    low, high = INTEGERS[type_name]
    return sorted({v for v in (low, low + 1, -1, 0, 1, high - 1, high) if low <= v <= high})


def checked(value, type_name):
    """The value, or the error that storing it in the type is."""
    low, high = INTEGERS[type_name]
    return value if low <= value <= high else "Overflow"


def divided(a, b, rounding):
    return "DivisionByZero" if b == 0 else rounding(Fraction(a, b))


def expect(call, result):
    if isinstance(result, str) and result in ("Overflow", "DivisionByZero", "LengthMismatch", "IndexOutOfRange",
                                              "NegativeWeight", "CapacityExceeded", "InvalidArgument",
                                              "OutOfDomain", "ShapeMismatch", "IntegerTooWide"):
        return f"    expect failure {result} {{ let x = {call} }}"
    return f"    expect {call} == {result}"


def source(path, comment, members, groups):
    """A contract `Table` and tests over it; groups: name to lines."""
    text = f"{HEADER}// {comment}\ncontract Table {{\n" + "".join(f"    {m}\n" for m in members) + "}\n"
    for name, lines in groups:
        if lines:
            text += f'\ntest "{name}" {{\n    let t = deploy Table()\n' + "\n".join(lines) + "\n}\n"
    files[path] = text


# Integers: every operator at the limits of every type.


def integer_tables():
    for name in INTEGERS:
        binary = {
            "add": ("a + b", lambda a, b: checked(a + b, name)),
            "subtract": ("a - b", lambda a, b: checked(a - b, name)),
            "multiply": ("a * b", lambda a, b: checked(a * b, name)),
            "remainder": ("a % b", lambda a, b: "DivisionByZero" if b == 0 else checked(a % b, name)),
            "down": ("floor(a / b)", lambda a, b: result(divided(a, b, floor))),
            "up": ("ceil(a / b)", lambda a, b: result(divided(a, b, ceil))),
            "even": ("round(a / b)", lambda a, b: result(divided(a, b, round))),
            "least": ("min(a, b)", min),
            "most": ("max(a, b)", max),
        }

        def result(value):
            return value if isinstance(value, str) else checked(value, name)

        unary = {
            "negate": ("-a", lambda a: checked(-a, name)),
            "size": ("abs(a)", lambda a: checked(abs(a), name)),
        }
        members = [f"view {f}(a: {name}, b: {name}) -> {name} {{ return {e} }}" for f, (e, _) in binary.items()]
        members += [f"view {f}(a: {name}) -> {name} {{ return {e} }}" for f, (e, _) in unary.items()]
        members += [
            f"view order(a: {name}, b: {name}) -> Int {{",
            "    return (a < b ? 1 : 0) + (a <= b ? 2 : 0) + (a > b ? 4 : 0) + (a >= b ? 8 : 0)"
            " + (a == b ? 16 : 0) + (a != b ? 32 : 0)",
            "}",
        ]
        groups = []
        for f, (e, oracle) in binary.items():
            lines = [expect(f"t.{f}({a}, {b})", oracle(a, b)) for a in edges(name) for b in edges(name)]
            groups.append((f"{e} of {name}", lines))
        for f, (e, oracle) in unary.items():
            groups.append((f"{e} of {name}", [expect(f"t.{f}({a})", oracle(a)) for a in edges(name)]))
        lines = []
        for a in edges(name):
            for b in edges(name):
                bits = (a < b) + 2 * (a <= b) + 4 * (a > b) + 8 * (a >= b) + 16 * (a == b) + 32 * (a != b)
                lines.append(expect(f"t.order({a}, {b})", bits))
        groups.append((f"comparison of {name}", lines))
        half = len(groups) // 2
        for part, some in (("a", groups[:half]), ("b", groups[half:])):
            source(f"numbers/integers_{file_name(name)}_{part}.agon", f"Operators at the limits of {name}.", members, some)


def conversion_tables():
    names = [n for n in INTEGERS if n != "Int<63>"]
    members, groups = [], []
    for i, origin in enumerate(names):
        lines = []
        for j, target in enumerate(names):
            members.append(f"view c{i}{j}(x: {origin}) -> {target} {{ return x }}")
            low, high = INTEGERS[origin]
            values = sorted({v for t in (origin, target) for e in INTEGERS[t] for v in (e - 1, e, e + 1)
                             if low <= v <= high})
            lines += [expect(f"t.c{i}{j}({v})", checked(v, target)) for v in values]
        groups.append((f"from {origin}", lines))
    source("numbers/conversions.agon", "Integer types mix freely; every binding checks its width.", members, groups)


def wide_tables():
    rng = random.Random(11)
    members = [
        "view product(a: Int<2048>, b: Int<2048>) -> Int<4096> { return a * b }",
        "view sum(a: Int<4095>, b: Int<4095>) -> Int<4096> { return a + b }",
        "view share(a: Int<4095>, b: Int<4095>) -> Int<4096> { return floor(a / b) }",
        "view rest(a: Int<4096>, b: Int<4096>) -> Int<4096> { return a % b }",
        "view scaled(a: Amount, b: Amount, c: Amount) -> Amount { return floor(a * b / c) }",
        "view scaledUp(a: Amount, b: Amount, c: Amount) -> Amount { return ceil(a * b / c) }",
        "view modular(a: Int, b: Int, m: Int) -> Int { return mulMod(a, b, m) }",
    ]
    groups = []
    ends = [-(2**2047), 2**2047 - 1, 2**1024 + 1, -1, 0]
    groups.append(("products of 4,096 bits",
                   [expect(f"t.product({a}, {b})", a * b) for a in ends for b in ends if a <= b]))
    ends = [-(2**4094), 2**4094 - 1, -1]
    groups.append(("sums of 4,096 bits", [expect(f"t.sum({a}, {b})", a + b) for a in ends for b in ends if a <= b]))
    ends = [-(2**4094), 2**4094 - 1, 3, -1, 0]
    lines = []
    for a in ends[:2]:
        for b in ends:
            q = divided(a, b, floor)
            lines.append(expect(f"t.share({a}, {b})", q))
            lines.append(expect(f"t.rest({a}, {b})", "DivisionByZero" if b == 0 else a % b))
    groups.append(("quotients of 4,096 bits", lines))
    lines = []
    for _ in range(40):
        a, b, c = (rng.randrange(2 ** rng.randrange(1, 257)) for _ in range(3))
        for f, r in (("scaled", floor), ("scaledUp", ceil)):
            value = divided(a * b, c, r)
            lines.append(expect(f"t.{f}({a}, {b}, {c})", value if isinstance(value, str) else checked(value, "Amount")))
    groups.append(("one rounding of a product of 512 bits", lines))
    lines = []
    for _ in range(40):
        a, b = (rng.randrange(-(2 ** rng.randrange(1, 256)), 2 ** rng.randrange(1, 256)) for _ in range(2))
        m = rng.randrange(0, 2 ** rng.randrange(1, 256))
        lines.append(expect(f"t.modular({a}, {b}, {m})", "DivisionByZero" if m == 0 else a * b % m))
    groups.append(("mulMod", lines))
    source("numbers/wide.agon", "Beyond 256 bits.", members, groups)


# Fixed.


def decimal_text(raw):
    digits = str(abs(raw)).rjust(19, "0")
    return ("-" if raw < 0 else "") + digits[:-18] + "." + digits[-18:]


def fixed_result(raw):
    if isinstance(raw, str):
        return raw
    return decimal_text(raw) if -(2**255) <= raw < 2**255 else "Overflow"


def fixed_tables():
    most = 2**255 - 1
    values = [-most - 1, -2 * ONE - ONE // 2, -ONE, -1, 0, 1, ONE // 3, ONE, ONE + ONE // 2, most]
    roundings = {"floor": floor, "ceil": ceil, "round": round}
    binary = {
        "add": ("a + b", lambda a, b: a + b),
        "subtract": ("a - b", lambda a, b: a - b),
        "least": ("min(a, b)", min),
        "most": ("max(a, b)", max),
    }
    for word, rounding in roundings.items():
        binary["times_" + word] = (f"{word}(a * b)", lambda a, b, r=rounding: r(Fraction(a * b, ONE)))
        binary["over_" + word] = (f"{word}(a / b)", lambda a, b, r=rounding: divided(a * ONE, b, r))
    members = [f"view {f}(a: Fixed, b: Fixed) -> Fixed {{ return {e} }}" for f, (e, _) in binary.items()]
    members += [f"view whole_{word}(a: Fixed) -> Int {{ return {word}(a) }}" for word in roundings]
    members += [
        "view scaled(a: Fixed, n: Int) -> Fixed { return a * n }",
        "view more(a: Fixed, n: Int) -> Fixed { return a + n }",
        "view negate(a: Fixed) -> Fixed { return -a }",
        "view size(a: Fixed) -> Fixed { return abs(a) }",
    ]
    groups = []
    for f, (e, oracle) in binary.items():
        lines = [expect(f"t.{f}({decimal_text(a)}, {decimal_text(b)})", fixed_result(oracle(a, b)))
                 for a in values for b in values]
        groups.append((e, lines))
    for word, rounding in roundings.items():
        halves = sorted(set(values + [ONE // 2, -ONE // 2, 5 * ONE // 2, -5 * ONE // 2, 7 * ONE // 2, ONE - 1, 1 - ONE]))
        groups.append((f"{word} to an integer",
                       [expect(f"t.whole_{word}({decimal_text(a)})", rounding(Fraction(a, ONE))) for a in halves]))
    lines = []
    for a in values:
        for n in (-2, -1, 0, 1, 3, 2**200):
            lines.append(expect(f"t.scaled({decimal_text(a)}, {n})", fixed_result(a * n)))
            lines.append(expect(f"t.more({decimal_text(a)}, {n})", fixed_result(a + n * ONE)))
        lines.append(expect(f"t.negate({decimal_text(a)})", fixed_result(-a)))
        lines.append(expect(f"t.size({decimal_text(a)})", fixed_result(abs(a))))
    groups.append(("with integers", lines))
    half = len(groups) // 2
    for part, some in (("a", groups[:half]), ("b", groups[half:])):
        source(f"numbers/fixed_{part}.agon", "Fixed: exact where it can be, rounded where the text says so.", members, some)


def ratio_table():
    rng = random.Random(12)
    members = [
        "view sum(a: Int, b: Int, c: Int, d: Int) -> Int { return floor(a / b + c / d) }",
        "view difference(a: Int, b: Int, c: Int, d: Int) -> Int { return ceil(a / b - c / d) }",
        "view product(a: Int, b: Int, c: Int, d: Int) -> Int { return round(a / b * (c / d)) }",
        "view quotient(a: Int, b: Int, c: Int, d: Int) -> Int { return floor(a / b / (c / d)) }",
        "view less(a: Int, b: Int, c: Int, d: Int) -> Bool { return a / b < c / d }",
        "view same(a: Int, b: Int, c: Int, d: Int) -> Bool { return a / b == c / d }",
        "view negated(a: Int, b: Int) -> Int { return floor(-(a / b)) }",
    ]
    lines = []
    for _ in range(48):
        a, b, c, d = (rng.randrange(-9, 10) for _ in range(4))
        call = f"({a}, {b}, {c}, {d})"
        if b == 0 or d == 0:
            for f in ("sum", "difference", "product", "quotient", "less"):
                lines.append(expect(f"t.{f}{call}", "DivisionByZero"))
            continue
        x, y = Fraction(a, b), Fraction(c, d)
        lines += [
            expect(f"t.sum{call}", floor(x + y)), expect(f"t.difference{call}", ceil(x - y)),
            expect(f"t.product{call}", round(x * y)),
            expect(f"t.quotient{call}", "DivisionByZero" if y == 0 else floor(x / y)),
            expect(f"t.less{call}", str(x < y).lower()), expect(f"t.same{call}", str(x == y).lower()),
            expect(f"t.negated({a}, {b})", floor(-x)),
        ]
    source("numbers/ratios.agon", "Ratios are exact within an expression.", members, [("small numbers", lines)])


# Mathematics: Python's decimals, with far more digits than the result has.

PRECISE = Context(prec=160, Emin=-999999, Emax=999999)
DIRECTIONS = {".down": ROUND_FLOOR, ".up": ROUND_CEILING, ".nearest": ROUND_HALF_EVEN}


def rounded(value, direction):
    raw = (PRECISE.multiply(value, Decimal(ONE))).to_integral_value(DIRECTIONS[direction], PRECISE)
    return fixed_result(int(raw))


def exponential_table():
    rng = random.Random(13)
    raws = [0, 1, -1, ONE, -ONE, ONE // 2, 10 * ONE, -41 * ONE, -42 * ONE, -60 * ONE, 133 * ONE, 135 * ONE, 136 * ONE, 2**254]
    raws += [rng.randrange(-40 * ONE, 60 * ONE) for _ in range(16)]
    lines = []
    for raw in raws:
        for word in DIRECTIONS:
            x = Decimal(raw).scaleb(-18, PRECISE)
            if raw > 200 * ONE:
                value = "Overflow"
            else:
                value = rounded(PRECISE.exp(x), word)
            lines.append(expect(f"t.f{word[1:]}({decimal_text(raw)})", value))
    members = [f"view f{w[1:]}(x: Fixed) -> Fixed {{ return exp(x, {w}) }}" for w in DIRECTIONS]
    source("mathematics/exp.agon", "exp, correctly rounded.", members, [("values", lines)])


def logarithm(x):
    return "OutOfDomain" if x <= 0 else PRECISE.ln(x)


def binary_logarithm(x):
    return "OutOfDomain" if x <= 0 else PRECISE.divide(PRECISE.ln(x), PRECISE.ln(Decimal(2)))


def square_root(x):
    return "OutOfDomain" if x < 0 else PRECISE.sqrt(x)


def power(x, y):
    if x < 0 or (x == 0 and y < 0):
        return "OutOfDomain"
    if y == 0:
        return Decimal(1)
    if x == 0:
        return Decimal(0)
    exponent = PRECISE.multiply(y, PRECISE.ln(x))
    if exponent > 500:
        return "Overflow"
    if exponent < -500:
        # Above zero and below any unit.
        return Decimal(10) ** -60
    # What a rational power yields exactly, in whole and half exponents, the precision would put beside its tie.
    value = PRECISE.exp(exponent)
    near = value.quantize(Decimal(1).scaleb(-60), context=PRECISE)
    return near if abs(value - near) < Decimal(1).scaleb(-75) else value


def exact_binary_logarithm(x):
    value = binary_logarithm(x)
    if isinstance(value, str):
        return value
    near = value.to_integral_value()
    return near if abs(value - near) < Decimal(1).scaleb(-100) else value


def mathematics_tables():
    rng = random.Random(18)
    raws = [-ONE, -1, 0, 1, 2, ONE - 1, ONE, ONE + 1, ONE // 2, ONE // 4, 2 * ONE, 3 * ONE, 4 * ONE, 9 * ONE, 2**80 * ONE, 2**255 - 1]
    raws += [rng.randrange(1, 2 ** rng.randrange(20, 255)) for _ in range(14)]
    for name, oracle in (("ln", logarithm), ("log2", exact_binary_logarithm), ("sqrt", square_root)):
        lines = []
        for raw in raws:
            for word in DIRECTIONS:
                value = oracle(Decimal(raw).scaleb(-18, PRECISE))
                lines.append(expect(f"t.f{word[1:]}({decimal_text(raw)})", value if isinstance(value, str) else rounded(value, word)))
        members = [f"view f{w[1:]}(x: Fixed) -> Fixed {{ return {name}(x, {w}) }}" for w in DIRECTIONS]
        source(f"mathematics/{name}.agon", f"{name}, correctly rounded.", members, [("values", lines)])
    pairs = [(x, y) for x in (-ONE, 0, 1, ONE // 2, ONE, 2 * ONE, 10 * ONE) for y in (-ONE, -ONE // 2, 0, ONE // 2, ONE, 2 * ONE)]
    pairs += [(2 * ONE, 190 * ONE), (2 * ONE, 200 * ONE), (ONE // 2, 70 * ONE), (2**255 - 1, ONE), (3 * ONE, 5 * ONE)]
    pairs += [(rng.randrange(1, 30 * ONE), rng.randrange(-9 * ONE, 9 * ONE)) for _ in range(12)]
    lines = []
    for x, y in pairs:
        for word in DIRECTIONS:
            value = power(Decimal(x).scaleb(-18, PRECISE), Decimal(y).scaleb(-18, PRECISE))
            lines.append(expect(f"t.f{word[1:]}({decimal_text(x)}, {decimal_text(y)})",
                                value if isinstance(value, str) else rounded(value, word)))
    members = [f"view f{w[1:]}(x: Fixed, y: Fixed) -> Fixed {{ return pow(x, y, {w}) }}" for w in DIRECTIONS]
    source("mathematics/pow.agon", "pow, correctly rounded.", members, [("values", lines)])
    numbers = [-1, 0, 1, 2, 3, 4, 8, 9, 10, 2**62, 2**64 - 1, 2**64, 10**36, 10**36 - 1, 2**255 - 1]
    numbers += [rng.randrange(2 ** rng.randrange(1, 255)) for _ in range(16)]
    lines = [expect(f"t.root({n})", "OutOfDomain" if n < 0 else isqrt(n)) for n in numbers]
    wide = [2**4094, 2**4095 - 1, (2**2047) ** 2, (2**2047) ** 2 - 1, -(2**4095)]
    lines += [expect(f"t.wide({n})", "OutOfDomain" if n < 0 else isqrt(n)) for n in wide]
    source("mathematics/isqrt.agon", "The integer square root.",
           ["view root(n: Int) -> Int { return isqrt(n) }", "view wide(n: Int<4096>) -> Int<4096> { return isqrt(n) }"],
           [("values", lines)])


# Collections.


def list_text(values):
    return "[" + ", ".join(str(v) for v in values) + "]"


def list_tables():
    rng = random.Random(14)
    members = [
        "view up(x: List<Int, 12>) -> List<Int, 12> { return x.sorted(.ascending) }",
        "view down(x: List<Int, 12>) -> List<Int, 12> { return x.sorted(.descending) }",
        "view orderUp(x: List<Int, 12>) -> List<Int, 12> { return x.order(.ascending) }",
        "view orderDown(x: List<Int, 12>) -> List<Int, 12> { return x.order(.descending) }",
        "view ranksUp(x: List<Int, 12>) -> List<Int, 12> { return x.ranks(.ascending) }",
        "view ranksDown(x: List<Int, 12>) -> List<Int, 12> { return x.ranks(.descending) }",
        "view total(x: List<Int, 12>) -> Int { return x.sum() }",
        "view has(x: List<Int, 12>, n: Int) -> Bool { return x.contains(n) }",
        "view at(x: List<Int, 12>, i: Int) -> Int { return x[i] }",
        "view more(x: List<Int, 12>, n: Int) -> List<Int, 12> {",
        "    var y = x",
        "    y.append(n)",
        "    return y",
        "}",
        "view put(x: List<Int, 12>, i: Int, n: Int) -> List<Int, 12> {",
        "    var y = x",
        "    y[i] = n",
        "    return y",
        "}",
        "view both(x: List<Int, 12>, y: List<Int, 12>) -> Int {",
        "    var sum: Int = 0",
        "    for (a, b) in zip(x, y) { sum += a * b }",
        "    return sum",
        "}",
    ]
    groups = []
    for number in range(12):
        xs = [rng.randrange(-4, 5) for _ in range(rng.choice([0, 1, 2, 5, 8, 12]))]
        if number == 5:
            xs = [2**255 - 1, -(2**255), 0, 2**64, -(2**64), 2**63]
        text = list_text(xs)
        up = sorted(range(len(xs)), key=lambda i: xs[i])
        down = sorted(range(len(xs)), key=lambda i: -xs[i])
        lines = [
            expect(f"t.up({text})", list_text(sorted(xs))),
            expect(f"t.down({text})", list_text(sorted(xs, reverse=True))),
            expect(f"t.orderUp({text})", list_text(up)), expect(f"t.orderDown({text})", list_text(down)),
            expect(f"t.ranksUp({text})", list_text([up.index(i) for i in range(len(xs))])),
            expect(f"t.ranksDown({text})", list_text([down.index(i) for i in range(len(xs))])),
            expect(f"t.total({text})", checked(sum(xs), "Int")),
            expect(f"t.has({text}, 3)", str(3 in xs).lower()),
            expect(f"t.more({text}, 7)", "CapacityExceeded" if len(xs) == 12 else list_text(xs + [7])),
            expect(f"t.both({text}, {text})", checked(sum(x * x for x in xs), "Int")),
            expect(f"t.both({text}, [1, 2, 3])",
                   "LengthMismatch" if len(xs) != 3 else sum(x * y for x, y in zip(xs, (1, 2, 3)))),
        ]
        for i in (-1, 0, len(xs) - 1, len(xs), 2**64):
            inside = 0 <= i < len(xs)
            lines.append(expect(f"t.at({text}, {i})", xs[i] if inside else "IndexOutOfRange"))
            lines.append(expect(f"t.put({text}, {i}, 9)",
                                list_text(xs[:i] + [9] + xs[i + 1:]) if inside else "IndexOutOfRange"))
        groups.append((f"list {number}", lines))
    source("types/lists.agon", "Lists: order, ranks, sums, places.", members, groups)


def split_parts(pot, weights):
    """Prefix sums; the whole pot to the rest when no weight is positive."""
    if any(w < 0 for w in weights):
        return None
    total, before, parts = sum(weights), 0, []
    if total == 0:
        return [0] * len(weights), pot
    for w in weights:
        parts.append(pot * (before + w) // total - pot * before // total)
        before += w
    return parts, 0


def split_table():
    rng = random.Random(15)
    members = []
    for kind, weight in (("amounts", "Amount"), ("numbers", "Int"), ("fixed", "Fixed")):
        members += [
            f"view {kind}(pot: Amount, weights: List<{weight}, 8>) -> List<Amount, 9> {{",
            "    var rest: Amount = 0",
            "    let parts = split pot by weights else rest",
            "    var all: List<Amount, 9> = [rest]",
            "    for part in parts { all.append(part) }",
            "    return all",
            "}",
        ]
    lines = []
    for _ in range(60):
        pot = rng.choice([0, 1, 7, 100, 10**18, 2**256 - 1, rng.randrange(2**100)])
        weights = [rng.choice([0, 0, 1, 1, 2, 3, 10**18, 2**200]) for _ in range(rng.randrange(0, 9))]
        parts, rest = split_parts(pot, weights)
        text = list_text([rest] + parts)
        lines.append(expect(f"t.amounts({pot}, {list_text(weights)})", text))
        lines.append(expect(f"t.numbers({pot}, {list_text(weights)})", text))
        small = [rng.randrange(0, 5 * ONE) for _ in weights]
        parts, rest = split_parts(pot, small)
        lines.append(expect(f"t.fixed({pot}, {list_text([decimal_text(w) for w in small])})", list_text([rest] + parts)))
    for weights in ([-1], [1, -1], [3, -1, 5], [0, -(2**255)]):
        lines.append(expect(f"t.numbers(10, {list_text(weights)})", "NegativeWeight"))
        lines.append(expect(f"t.fixed(10, {list_text([f'{w}.0' for w in weights[-1:]]) if weights[-1] > -5 else '[-0.5]'})",
                            "NegativeWeight" if weights[-1] < 0 else list_text([0, 10])))
    source("tokens/split.agon", "split: prefix sums, exact to the unit.", members, [("parts", lines)])


# Canonical encodings and hashes.


def leb128(n):
    out = b""
    while True:
        byte, n = n & 127, n >> 7
        out += bytes([byte | (128 if n else 0)])
        if not n:
            return out


def encode_integer(n):
    magnitude = abs(n).to_bytes((abs(n).bit_length() + 7) // 8, "big")
    return leb128(2 * len(magnitude) + (n < 0)) + magnitude


def encode_bytes(b):
    return leb128(len(b)) + b


def blake(b):
    return hashlib.blake2b(b, digest_size=32).hexdigest()


def hash_table():
    rng = random.Random(16)
    members = [
        "view integer(x: Int) -> Hash { return hash(x) }",
        "view wide(x: Int<4096>) -> Hash { return hash(x) }",
        "view amount(x: Amount) -> Hash { return hash(x) }",
        "view decimal(x: Fixed) -> Hash { return hash(x) }",
        "view truth(x: Bool) -> Hash { return hash(x) }",
        "view text(x: Text<64>) -> Hash { return hash(x) }",
        "view raw(x: Bytes<300>) -> Hash { return hash(x) }",
        "view sha(x: Bytes<300>) -> Hash { return sha256(x) }",
        "view list(x: List<Int, 200>) -> Hash { return hash(x) }",
        "view option(x: Int?) -> Hash { return hash(x) }",
        "view structure(x: Int, y: Text<8>) -> Hash { return hash(Pair(number: x, word: y)) }",
        "view plain() -> Hash { return hash(Sign.plus) }",
        "view loaded(x: Int) -> Hash { return hash(Sign.minus(by: x)) }",
        "view nested(x: List<List<Bool, 3>, 3>) -> Hash { return hash(x) }",
    ]
    lines = []

    def line(call, encoding):
        lines.append(f"    expect t.{call} == 0x{blake(encoding)}")

    for n in [0, 1, -1, 127, 128, 255, 256, -256, 2**63, -(2**63), 2**255 - 1, -(2**255)]:
        line(f"integer({n})", encode_integer(n))
    for n in [0, 2**64, 2**4095 - 1, -(2**4095), 2**520 - 1]:
        line(f"wide({n})", encode_integer(n))
    for n in [0, 1, 2**256 - 1]:
        line(f"amount({n})", encode_integer(n))
    for raw in [0, 1, -1, ONE, -ONE // 2]:
        line(f"decimal({decimal_text(raw)})", encode_integer(raw))
    line("truth(true)", b"\x01")
    line("truth(false)", b"\x00")
    for text in ["", "a", "agon", "größe", "x" * 64]:
        line(f'text("{text}")', encode_bytes(text.encode()))
    for count in [1, 2, 31, 32, 33, 63, 64, 65, 127, 128, 129, 255, 256, 300]:
        data = bytes(rng.randrange(256) for _ in range(count))
        # Of bytes the bytes themselves are hashed.
        line(f"raw(0x{data.hex()})", data)
        lines.append(f"    expect t.sha(0x{data.hex()}) == 0x{hashlib.sha256(data).hexdigest()}")
    for xs in [[], [0], [1, -1], list(range(130))]:
        line(f"list({list_text(xs)})", leb128(len(xs)) + b"".join(map(encode_integer, xs)))
    line("option(none)", b"\x00")
    line("option(5)", b"\x01" + encode_integer(5))
    line('structure(-300, "ab")', encode_integer(-300) + encode_bytes(b"ab"))
    line("plain()", leb128(0))
    line("loaded(9)", leb128(1) + encode_integer(9))
    line("nested([[true], [], [false, true, true]])", b"\x03\x01\x01\x00\x03\x00\x01\x01")
    source("types/encodings.agon", "One value has one encoding: hashes of it.", members, [("hashes", lines)])
    files["types/encodings.agon"] = files["types/encodings.agon"].replace(
        "contract Table", "struct Pair { number: Int word: Text<8> }\nenum Sign { case plus case minus(by: Int) }\ncontract Table")


def byte_table():
    members = [
        "view part(x: Bytes<8>, a: Int, b: Int) -> Bytes<8> { return x.slice(a, b) }",
        "view at(x: Bytes<8>, i: Int) -> Int { return x[i] }",
        "view size(x: Bytes<8>) -> Int { return x.count }",
        "view joined(x: Bytes<4>, y: Bytes<4>) -> Bytes<8> { return x + y }",
        "view letters(x: Text<8>) -> Int { return x.count }",
    ]
    data = bytes([1, 2, 255, 0, 128])
    lines = []
    for a in (-1, 0, 1, 4, 5, 6):
        for b in (-1, 0, 1, 4, 5, 6):
            inside = 0 <= a <= b <= len(data)
            if inside and a == b:
                lines.append(f"    expect t.part(0x{data.hex()}, {a}, {b}).count == 0")
            else:
                lines.append(expect(f"t.part(0x{data.hex()}, {a}, {b})",
                                    f"0x{data[a:b].hex()}" if inside else "IndexOutOfRange"))
    for i in (-1, 0, 2, 4, 5, 2**70):
        lines.append(expect(f"t.at(0x{data.hex()}, {i})", data[i] if 0 <= i < 5 else "IndexOutOfRange"))
    lines.append(expect(f"t.size(0x{data.hex()})", 5))
    lines.append(expect("t.joined(0x0102, 0x03)", "0x010203"))
    lines.append(expect("t.joined(0x01020304, 0xfffefdfc)", "0x01020304fffefdfc"))
    for text in ("", "abc", "ü", "日本"):
        lines.append(expect(f't.letters("{text}")', len(text.encode())))
    members += [
        "view big(n: Int) -> Bytes<4> { return bigEndian(n, 4) }",
        "view little(n: Int) -> Bytes<4> { return littleEndian(n, 4) }",
        "view bigLong(n: Int<600>) -> Bytes<64> { return bigEndian(n, 64) }",
        "view fromBig(b: Bytes<64>) -> Int<513> { return fromBigEndian(b) }",
        "view fromLittle(b: Bytes<64>) -> Int<513> { return fromLittleEndian(b) }",
        "view encoded(x: Int) -> Bytes<40> { return encode(x) }",
        "view encodedList(x: List<Int<16>, 4>) -> Bytes<40> { return encode(x) }",
    ]
    numbers = []
    for n in (0, 1, 255, 256, 2**31, 2**32 - 1, 2**32, -1, -(2**31)):
        inside = 0 <= n < 2**32
        for order in ("big", "little"):
            numbers.append(expect(f"t.{order}({n})", f"0x{n.to_bytes(4, order).hex()}" if inside else "Overflow"))
    for n in (0, 2**512 - 1, 2**512, 2**255, -1):
        numbers.append(expect(f"t.bigLong({n})", f"0x{n.to_bytes(64, 'big').hex()}" if 0 <= n < 2**512 else "Overflow"))
    for size in (1, 2, 3, 31, 32, 33, 64):
        data = bytes((7 * size + 11 * i) % 256 for i in range(size))
        numbers.append(expect(f"t.fromBig(0x{data.hex()})", int.from_bytes(data, "big")))
        numbers.append(expect(f"t.fromLittle(0x{data.hex()})", int.from_bytes(data, "little")))
    for n in (0, 1, -1, 127, 128, -128, 2**255 - 1, -(2**255)):
        numbers.append(expect(f"t.encoded({n})", f"0x{encode_integer(n).hex()}"))
    for xs in ([], [1], [1, -2, 300, 0]):
        numbers.append(expect(f"t.encodedList({list_text(xs)})", f"0x{(leb128(len(xs)) + b''.join(map(encode_integer, xs))).hex()}"))
    source("types/bytes.agon", "Bytes and Text: places and lengths, in bytes.", members, [("bytes", lines), ("numbers", numbers)])


# Tensors.


def tensor_text(rows):
    return list_text([list_text(r) for r in rows])


def requantized(value, multiplier, shift):
    return max(-128, min(127, round(Fraction(value * multiplier, 2**shift))))


def tensor_table():
    rng = random.Random(17)
    members = [
        "view product(a: Tensor<i8, [2, 3]>, b: Tensor<i8, [3, 2]>) -> List<Int, 4> {",
        "    let c = matmul(a, b)",
        "    return [c.at(0, 0), c.at(0, 1), c.at(1, 0), c.at(1, 1)]",
        "}",
        "view sum(a: Tensor<i32, [2, 2]>, b: Tensor<i32, [2, 2]>) -> List<Int, 4> {",
        "    let c = add(a, b)",
        "    return [c.at(0, 0), c.at(0, 1), c.at(1, 0), c.at(1, 1)]",
        "}",
        "view row(a: Tensor<i32, [2, 2]>, b: Tensor<i32, [2]>) -> List<Int, 4> {",
        "    let c = add(a, b)",
        "    return [c.at(0, 0), c.at(0, 1), c.at(1, 0), c.at(1, 1)]",
        "}",
        "view quantized(a: Tensor<i32, [4]>, m: Int<32>, s: Int<8>) -> List<Int, 4> {",
        "    let c = requantize(a, m, s)",
        "    return [c[0], c[1], c[2], c[3]]",
        "}",
        "view positive(a: Tensor<i32, [4]>) -> List<Int, 4> {",
        "    let c = relu(a)",
        "    return [c[0], c[1], c[2], c[3]]",
        "}",
        "view largest(a: Tensor<i32, [2, 4]>) -> List<Int, 2> {",
        "    let c = argmax(a)",
        "    return [c[0], c[1]]",
        "}",
        "view equal(a: Tensor<i32, [4]>, b: Tensor<i32, [4]>) -> Int { return countEqual(a, b) }",
        "view at(a: Tensor<i16, [2, 3]>, i: Int, j: Int) -> Int { return a.at(i, j) }",
    ]
    groups = {name: [] for name in ("product", "sum", "requantize", "others")}
    for _ in range(16):
        a = [[rng.choice([-128, 127, rng.randrange(-9, 9)]) for _ in range(3)] for _ in range(2)]
        b = [[rng.choice([-128, 127, rng.randrange(-9, 9)]) for _ in range(2)] for _ in range(3)]
        c = [sum(a[i][k] * b[k][j] for k in range(3)) for i in range(2) for j in range(2)]
        groups["product"].append(expect(f"t.product({tensor_text(a)}, {tensor_text(b)})", list_text(c)))
        x = [[rng.randrange(-(2**30), 2**30) for _ in range(2)] for _ in range(2)]
        y = [[rng.randrange(-(2**30), 2**30) for _ in range(2)] for _ in range(2)]
        z = [x[i][j] + y[i][j] for i in range(2) for j in range(2)]
        groups["sum"].append(expect(f"t.sum({tensor_text(x)}, {tensor_text(y)})", list_text(z)))
        z = [x[i][j] + y[0][j] for i in range(2) for j in range(2)]
        groups["sum"].append(expect(f"t.row({tensor_text(x)}, {list_text(y[0])})", list_text(z)))
        v = [rng.randrange(-5000, 5000) for _ in range(4)]
        m, s = rng.randrange(1, 2000), rng.randrange(0, 24)
        groups["requantize"].append(
            expect(f"t.quantized({list_text(v)}, {m}, {s})", list_text([requantized(n, m, s) for n in v])))
        groups["others"].append(expect(f"t.positive({list_text(v)})", list_text([max(0, n) for n in v])))
        w = [n if rng.random() < 0.5 else n + 1 for n in v]
        groups["others"].append(
            expect(f"t.equal({list_text(v)}, {list_text(w)})", sum(p == q for p, q in zip(v, w))))
        rows = [[rng.randrange(-2, 3) for _ in range(4)] for _ in range(2)]
        groups["others"].append(
            expect(f"t.largest({tensor_text(rows)})", list_text([r.index(max(r)) for r in rows])))
    # Halves go to the even neighbour.
    for v, m, s in (([1, 3, 5, -1], 1, 1), ([-3, -5, 2, 6], 1, 1), ([2, 6, 10, -6], 1, 2), ([255, -257, 254, -256], 1, 1)):
        groups["requantize"].append(
            expect(f"t.quantized({list_text(v)}, {m}, {s})", list_text([requantized(n, m, s) for n in v])))
    table = [[1, -2, 3], [-32768, 32767, 0]]
    for i in (-1, 0, 1, 2):
        for j in (-1, 0, 2, 3):
            inside = 0 <= i < 2 and 0 <= j < 3
            groups["others"].append(
                expect(f"t.at({tensor_text(table)}, {i}, {j})", table[i][j] if inside else "IndexOutOfRange"))
    source("tensors/operations.agon", "Tensor operations against plain integers.", members, list(groups.items()))


# Which type goes where another is wanted.

TYPES = ["Bool", "Int", "Int<8>", "Amount", "Height", "Fixed", "Address", "Hash", "Asset", "Bytes<4>", "Bytes<9>",
         "Text<4>", "Text<9>", "List<Int, 2>", "List<Int, 3>", "List<Bool, 2>", "Int?", "Bool?", "Point", "Colour",
         "Other", "Tensor<i8, [2]>", "Tensor<i16, [2]>", "Tensor<i8, [3]>"]
NUMBERS = {"Int", "Int<8>", "Amount", "Height"}


def fits(origin, target):
    if origin == target or (origin in NUMBERS and target in NUMBERS):
        return True
    if target.endswith("?"):
        return not origin.endswith("?") and fits(origin, target[:-1])
    for larger in (("Bytes<4>", "Bytes<9>"), ("Text<4>", "Text<9>"), ("List<Int, 2>", "List<Int, 3>")):
        if (origin, target) == larger:
            return True
    return False


def assignability_tables():
    declarations = "struct Point { x: Int }\nstruct Other { x: Int }\nenum Colour { case red case green }\n"
    good, bad = [], []
    # A run reports a hundred errors at most: several files.
    parts = []
    for i, origin in enumerate(TYPES):
        if i % 4 == 0:
            bad = []
            parts.append(bad)
        for j, target in enumerate(TYPES):
            if origin in NUMBERS and target == "Fixed":
                # Whole numbers are Fixed where one is wanted: numbers/ and cases/fixed.agon.
                continue
            text = f"function f{i}_{j}(x: {origin}) -> {target} {{ return x }}"
            if fits(origin, target):
                good.append(text + " // holds: E0301")
            else:
                code = "E0301"
                if origin == "Fixed" and target.rstrip("?") in NUMBERS:
                    code = "E0401"
                elif origin.startswith("Tensor<i8") and target.startswith("Tensor<i8"):
                    code = "E0312"
                bad.append(f"{text} // expect: {code}")
    files["types/assignable.agon"] = (
        HEADER + "// A value goes where its type, a larger one of its kind, or an option of it is wanted.\n" + declarations
        + "\n".join(good) + '\n\ntest "they run" {\n    expect f0_0(true)\n    expect f1_16(3) == 3\n}\n')
    for number, lines in enumerate(parts):
        files[f"types/not_assignable_{number}.agon"] = (
            HEADER + "// Everything else is an error.\n" + declarations + "\n".join(lines) + "\n")


for table in (integer_tables, conversion_tables, wide_tables, fixed_tables, ratio_table, exponential_table, mathematics_tables, list_tables,
              split_table, hash_table, byte_table, tensor_table, assignability_tables):
    table()

differing = []
for name, text in files.items():
    path = ROOT / name
    if path.exists() and path.read_text() == text:
        continue
    differing.append(name)
    if "--check" not in sys.argv:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
if "--check" in sys.argv and differing:
    sys.exit("differ from what the script writes: " + ", ".join(sorted(differing)))
print(f"{len(files)} files, {len(differing)} " + ("differ" if "--check" in sys.argv else "written"))
