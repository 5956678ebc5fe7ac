#!/usr/bin/env python3
"""Writes one file of assembly cases for each instruction: conformance_opcodes.py [--check]

Below stands, for each instruction, a function that uses it, what calls of it give, and what else is refused. From the
line that uses it follow the refusals that hold for every instruction: an operand of another class or outside of the
registers (V0108), an operand that nothing has written (V0109; V0110 for a token). In that line `=` marks a register
that is written, `&` the first of several.
"""
import hashlib
import random
import sys
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from math import ceil, floor, isqrt, trunc
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent / "Tests" / "Conformance" / "bytecode" / "opcodes"
files = {}
LINEAR = ("Token#", "TokenList#")


def split_types(text):
    parts, depth, start = [], 0, 0
    for i, c in enumerate(text):
        depth += (c in "<[(") - (c in ">])")
        if c == "," and depth == 0:
            parts.append(text[start:i].strip())
            start = i + 1
    last = text[start:].strip()
    return parts + ([last] if last else [])


def case(name, header, registers, lines, runs, extra=(), before=(), wrong="Bool", skip=(), other=(), tables="standard"):
    """header: `(Int, Int) -> Int readonly`; skip: places of operands (from 0) whose generic refusals do not apply."""
    parameters = split_types(header[1:header.rindex(")")])
    types = parameters + list(registers)
    # The function may have an arrow only outside of its parameters.
    marked = next(line for line in lines if line.split()[0] == name)
    operands = marked.split(" ", 1)[1].split(", ") if " " in marked else []
    plain = [o.lstrip("=&") for o in operands]
    loader = "loadInteger" if wrong == "Int" else "loadBoolean"

    def function(operand_list, more=(), prelude=()):
        out = [f"function f{header}"]
        all_registers = list(registers) + list(more)
        if all_registers:
            out.append("registers " + ", ".join(all_registers))
        out += prelude
        for line in lines:
            out.append(f"{name} {', '.join(operand_list)}".strip() if line is marked else line)
        return out + ["end"]

    text = f"; Written by Scripts/conformance_opcodes.py.\ntables ../{tables}.tables\ncase {name}\n"
    text += "\n".join(list(before) + function(plain)) + "\n"
    if other:
        text += "module Other\n" + "\n".join(other) + "\n"
    text += "".join(f"> {run}\n" for run in runs)
    refusals = []
    for place, operand in enumerate(operands):
        bare = operand.lstrip("=&")
        if not (bare[0] == "r" and bare[1:].isdigit()):
            continue

        def replaced(register):
            return [register if i == place else p for i, p in enumerate(plain)]

        refusals.append(("V0108", function(replaced("r240"))))
        if place not in skip:
            fresh = f"r{len(types)}"
            refusals.append(("V0108", function(replaced(fresh), [wrong], [f"{loader} {fresh}, 1"])))
            if operand[0] not in "=&":
                own = types[int(bare[1:])]
                code = "V0110" if own.startswith(LINEAR) else "V0109"
                refusals.append((code, function(replaced(fresh), [own])))
    for code, body in refusals:
        text += " | ".join([f"refuse {code}"] + list(before) + body) + "\n"
    for line in extra:
        text += line + "\n"
    files[name] = text


def runs_of(values, oracle):
    lines = []
    for arguments in values:
        result = oracle(*arguments)
        tail = f"fails {result}" if isinstance(result, str) and result[0].isupper() else f"= {result}"
        lines.append(f"f [{', '.join(str(a) for a in arguments)}] {tail}")
    return lines


def truth(flag):
    return "true" if flag else "false"


rng = random.Random(21)
EDGES = [0, 1, -1, 2, 7, -7, 2**31, 2**62 - 1, 2**62, -(2**62), -(2**62) - 1, 2**63, 2**64 - 1, 2**64, 2**127, 2**128,
         2**255, -(2**255), 2**256 - 1, -(2**256), 2**256, 2**1000 + 7, -(2**2000)]
PAIRS = [(a, b) for a in EDGES[:6] for b in EDGES[:6:2]] + [(rng.choice(EDGES), rng.choice(EDGES)) for _ in range(24)]
WIDE = "(Int<4096>, Int<4096>) -> Int<4096> readonly"
TOP = 2**4095 - 1


def limited(value):
    """What a register cannot hold is a failure of its own."""
    return "IntegerTooWide" if abs(value) >= 2**4096 else value


# Control.

for name, test in (("branchTrue", "r0"), ("branchFalse", "r0")):
    taken = name == "branchTrue"
    case(name, "(Bool) -> Int readonly", ["Int"],
         [f"{name} r0, over", "loadInteger r1, 1", "return r1", "over:", "loadInteger r1, 2", "return r1"],
         [f"f [true] = {2 if taken else 1}", f"f [false] = {1 if taken else 2}"], wrong="Int",
         extra=[f"refuse V0107 | function f(Bool) | back: | {name} r0, back | returnNothing",
                f"refuse V0107 | function f(Bool) | {name} r0, over | over:"])
for name, oracle in (("branchLess", lambda a, b: a < b), ("branchLessOrEqual", lambda a, b: a <= b),
                     ("branchEqual", lambda a, b: a == b), ("branchNotEqual", lambda a, b: a != b)):
    case(name, "(Int<4096>, Int<4096>) -> Bool readonly", ["Bool"],
         [f"{name} r0, r1, over", "loadBoolean r2, 0", "return r2", "over:", "loadBoolean r2, 1", "return r2"],
         runs_of(PAIRS, lambda a, b, o=oracle: truth(o(a, b))),
         extra=[f"refuse V0107 | function f(Int) | back: | {name} r0, r0, back | returnNothing",
                f"refuse V0107 | function f(Int) | {name} r0, r0, over | over:"])
case("jump", "() -> Int readonly", ["Int"],
     ["loadInteger r0, 1", "jump over", "loadInteger r0, 2", "over:", "return r0"], ["f [] = 1"],
     extra=["refuse V0107 | function f() | back: | jump back", "refuse V0107 | function f() | jump over | over:",
            "refuse B0302 | function f() | jump nowhere | returnNothing",
            "accept | function f() | jump over | over: | returnNothing"])
case("loop", "(Int, Int) -> Int readonly", ["Int"],
     ["loadInteger r2, 0", "again:", "addImmediate r2, r2, 3", "loop r0, r1, again", "return r2"],
     ["f [0, 1] = 3", "f [0, 5] = 15", "f [3, 5] = 6", "f [9, 5] = 3", "f [-2, 2] = 12", "f [0, 0] = 3"],
     extra=["refuse V0107 | function f(Int, Int) | loop r0, r1, over | over: | returnNothing | end"
            " | function g() | again: | jump again",
            "refuse V0109 | function f(Int, Int) | registers Int, Int | again: | move r3, r2 | loadInteger r2, 1"
            " | loop r0, r1, again | returnNothing",
            "refuse V0110 | function f(Int, Int, Token#0) | again: | burn r2 | loop r0, r1, again | returnNothing"])
TWICE = ["function _twice(Int) -> Int readonly", "registers Int", "add r1, r0, r0", "return r1", "end"]
case("call", "(Int) -> Int readonly", ["Int", "Int", "Int"],
     ["move r2, r0", "call &r2, 0", "return r3"], ["f [21] = 42", "f [0] = 0", f"f [{2**254}] fails Overflow"], before=TWICE,
     extra=["refuse V0111 | function f() | call r0, 0 | returnNothing",
            "refuse V0111 | function f() | call r0, 1 | returnNothing | end | function g() | returnNothing",
            "refuse V0102 | function f() | call r0, 7 | returnNothing",
            "refuse V0102 | function f() | call r0, -1 | returnNothing",
            "refuse V0112 | function _g() | returnNothing | end | function f() readonly | call r0, 0 | returnNothing",
            "refuse V0109 | function _g() | returnNothing | end | function f(Int) -> Int | call r0, 0 | return r0",
            "refuse V0110 | function _g() | returnNothing | end | function f(Token#0) | call r0, 0 | burn r0 | returnNothing",
            "accept | function _g(Token#0) | burn r0 | returnNothing | end | function f(Token#0) | call r0, 0 | returnNothing"])
case("return", "(Int) -> Int readonly", [], ["return r0"], ["f [3] = 3", f"f [{-(2**255)}] = {-(2**255)}"],
     extra=["refuse V0108 | function f(Int) | return r0", "refuse V0114 | function f(Int) -> Int | add r0, r0, r0",
            "refuse V0110 | function f(Token#0, Int) -> Int | return r1"])
case("returnNothing", "(Int)", [], ["returnNothing"], ["f [3]", "f raw 0x0203"],
     extra=["refuse V0108 | function f(Int) -> Int | returnNothing", "refuse V0110 | function f(Token#0) | returnNothing"])
case("fail", "(Int) readonly", [], ["fail &r0, 0"], ["f [7] fails Wrong [7]", "f [-1] fails Wrong [-1]"],
     extra=["refuse V0102 | function f(Int) | fail r0, 1", "refuse V0102 | function f(Int) | fail r0, -1",
            "refuse V0109 | function f() | registers Int | fail r0, 0",
            # An attempt goes on after it.
            "case caught", "function _f(Int)", "fail r0, 0", "end", "function f(Int, Int) -> Int", "registers Int, Int",
            "loadInteger r2, 1", "move r3, r0", "tryLocal r3, r1, 0, failed", "return r2", "failed:", "loadInteger r2, 2",
            "return r2", "end", "> f [7, 1000] = 2"])
case("failBuiltin", "(Bool) readonly", [], ["branchTrue r0, fine", "failBuiltin Overflow", "fine:", "returnNothing"],
     ["f [true]", "f [false] fails Overflow"],
     extra=[f"refuse V0108 | function f() | failBuiltin {n}" for n in ("DamagedState", "ConservationViolated", "BooksUnbalanced")]
     + ["refuse B0302 | function f() | failBuiltin Nothing", "accept | function f(Token#0) | failBuiltin Overflow"])
# Both `fail`s and `failBuiltin` end the run that shows them: a failure that an attempt catches is within a success.
files["failBuiltin"] += """case caught
function _f()
failBuiltin RequirementFailed
end
function f(Int) -> Int
registers Int
tryLocal r1, r0, 0, failed
loadInteger r1, 1
return r1
failed:
loadInteger r1, 2
return r1
end
> f [1000] = 2
"""

# Integers.

case("loadInteger", "() -> Int readonly", ["Int"], ["loadInteger =r0, -2147483648", "return r0"], ["f [] = -2147483648"],
     extra=["run [] = 2147483647 | function f() -> Int readonly | registers Int | loadInteger r0, 2147483647 | return r0",
            "refuse B0303 | function f() -> Int | registers Int | loadInteger r0, 2147483648 | return r0"])
case("loadBoolean", "() -> Bool readonly", ["Bool"], ["loadBoolean =r0, 1", "return r0"], ["f [] = true"], wrong="Int",
     extra=["run [] = false | function f() -> Bool readonly | registers Bool | loadBoolean r0, 0 | return r0",
            "refuse V0108 | function f() -> Bool | registers Bool | loadBoolean r0, 2 | return r0",
            "refuse V0108 | function f() -> Bool | registers Bool | loadBoolean r0, -1 | return r0"])
case("loadConstant", "() -> Int readonly", ["Int"], ["loadConstant =r0, 0", "return r0"], ["f [] = 5"],
     extra=['run [] = "0xfffe" | function f() -> Bytes<2> readonly | registers Bytes<2> | loadConstant r0, 1 | return r0',
            'run [] = "aé" | function f() -> Text<3> readonly | registers Text<3> | loadConstant r0, 4 | return r0',
            f'run [] = "0x{"01" * 32}" | function f() -> Hash readonly | registers Hash | loadConstant r0, 2 | return r0',
            'run [] = {"dimensions": [1, 2], "elements": [1, -1]} | function f() -> Tensor<i8, [1, 2]> readonly'
            " | registers Tensor<i8, [1, 2]> | loadConstant r0, 3 | return r0",
            "refuse V0102 | function f() | registers Int | loadConstant r0, 5 | returnNothing",
            "refuse V0102 | function f() | registers Int | loadConstant r0, -1 | returnNothing",
            "refuse V0108 | function f() | registers Bytes<1> | loadConstant r0, 1 | returnNothing",
            "refuse V0108 | function f() | registers Text<4> | loadConstant r0, 1 | returnNothing",
            "refuse V0108 | function f() | registers Hash | loadConstant r0, 0 | returnNothing",
            "refuse V0108 | function f() | registers Int | loadConstant r0, 2 | returnNothing",
            "refuse V0108 | function f() | registers Interface#0 | loadConstant r0, 2 | returnNothing",
            "refuse V0108 | function f() | registers Tensor<i16, [1, 2]> | loadConstant r0, 3 | returnNothing",
            "refuse V0108 | function f() | registers Tensor<i8, [2]> | loadConstant r0, 3 | returnNothing"])
case("move", "(Int) -> Int readonly", ["Int"], ["move =r1, r0", "return r1"], ["f [9] = 9", f"f [{2**200}] = {2**200}"],
     extra=["accept | function f(Token#0) -> Token#0 | registers Token#0 | move r1, r0 | return r1",
            "refuse V0110 | function f(Token#0) -> Token#0 | registers Token#0 | move r1, r0 | return r0",
            "refuse V0110 | function f(Token#0, Token#0) -> Token#0 | move r0, r1 | return r0",
            "refuse V0108 | function f(Token#0) -> Token#1 | registers Token#1 | move r1, r0 | return r1",
            "accept | function f(List<Int, 2>, List<Int, 3>) | move r1, r0 | returnNothing",
            "refuse V0108 | function f(List<Int, 2>, List<Int, 3>) | move r0, r1 | returnNothing",
            "accept | function f(Bytes<2>, Bytes<3>) | move r1, r0 | returnNothing",
            "refuse V0108 | function f(Bytes<2>, Bytes<3>) | move r0, r1 | returnNothing",
            "refuse V0108 | function f(Bytes<3>, Text<3>) | move r0, r1 | returnNothing",
            "accept | function f(Address, Hash, Asset) | move r0, r1 | move r1, r2 | returnNothing",
            "refuse V0108 | function f(Address, Interface#0) | move r1, r0 | returnNothing",
            "accept | function f(Address, Interface#0) | move r0, r1 | returnNothing",
            "refuse V0108 | function f(P, E) | move r0, r1 | returnNothing",
            "accept | function f(Int<8>, Int<4096>) | move r0, r1 | returnNothing",
            "accept | function f(Tensor<i8, [2]>, Tensor<i8, [3]>) | move r0, r1 | returnNothing",
            "refuse V0108 | function f(Tensor<i8, [2]>, Tensor<i8, [1, 2]>) | move r0, r1 | returnNothing"])
for name, oracle in (("add", lambda a, b: a + b), ("subtract", lambda a, b: a - b), ("multiply", lambda a, b: a * b)):
    case(name, WIDE, ["Int<4096>"], [f"{name} =r2, r0, r1", "return r2"],
         runs_of(PAIRS, lambda a, b, o=oracle: limited(o(a, b))))
files["add"] += f"""case too wide
function f(Int<4096>) -> Bool readonly
registers Int<4096>, Bool
add r1, r0, r0
add r1, r1, r1
equalInteger r2, r1, r1
return r2
end
> f [1] = true
> f [{TOP}] fails IntegerTooWide
"""
files["subtract"] += f"""case too wide
function f(Int<4096>) -> Bool readonly
registers Int<4096>, Bool
subtract r1, r0, r0
subtract r1, r1, r0
subtract r1, r1, r0
subtract r1, r1, r0
equalInteger r2, r1, r1
return r2
end
> f [1] = true
> f [{TOP}] fails IntegerTooWide
"""
files["multiply"] += f"""case too wide
function f(Int<4096>, Int<4096>) -> Bool readonly
registers Int<4096>, Bool
multiply r2, r0, r1
equalInteger r3, r2, r2
return r3
end
> f [{TOP}, 1] = true
> f [{TOP}, 2] = true
> f [{TOP}, 3] fails IntegerTooWide
> f [{2**2048}, {2**2048}] fails IntegerTooWide
"""
for name, oracle in (("addImmediate", lambda a, k: a + k), ("multiplyImmediate", lambda a, k: a * k)):
    extra = []
    for k in (-2147483648, -1, 0, 2, 2147483647):
        for a in (0, 5, -(2**64), 2**255):
            extra.append(f"run [{a}] = {oracle(a, k)} | function f(Int<4096>) -> Int<4096> readonly"
                         f" | registers Int<4096> | {name} r1, r0, {k} | return r1")
    case(name, "(Int<4096>) -> Int<4096> readonly", ["Int<4096>"], [f"{name} =r1, r0, 3", "return r1"],
         runs_of([(e,) for e in EDGES], lambda a, o=oracle: o(a, 3)), extra=extra)


def toward_zero(q):
    return trunc(q)


ROUNDINGS = {"floor": floor, "ceiling": ceil, "halfEven": round, "towardZero": toward_zero}
files_divide = []
for word, rounding in ROUNDINGS.items():
    files_divide += ["case " + word, f"function f{WIDE}", "registers Int<4096>", f"divide r2, r0, r1, {word}", "return r2", "end"]
    files_divide += ["> " + r for r in runs_of(
        PAIRS + [(7, 2), (-7, 2), (5, 2), (-5, 2), (1, -3), (-(2**300), 3)],
        lambda a, b, r=rounding: "DivisionByZero" if b == 0 else r(Fraction(a, b)))]
case("divide", WIDE, ["Int<4096>"], ["divide =r2, r0, r1, floor", "return r2"], ["f [9, 2] = 4"], extra=files_divide
     + ["refuse B0302 | function f(Int) -> Int | divide r0, r0, r0, sideways | return r0"])
case("modulo", WIDE, ["Int<4096>"], ["modulo =r2, r0, r1", "return r2"],
     runs_of(PAIRS, lambda a, b: "DivisionByZero" if b == 0 else a % b))
case("moduloImmediate", "(Int<4096>) -> Int<4096> readonly", ["Int<4096>"], ["moduloImmediate =r1, r0, 7", "return r1"],
     runs_of([(e,) for e in EDGES], lambda a: a % 7),
     extra=["refuse V0108 | function f(Int) | moduloImmediate r0, r0, 0 | returnNothing",
            "refuse V0108 | function f(Int) | moduloImmediate r0, r0, -7 | returnNothing",
            f"run [-1] = 2147483646 | function f(Int) -> Int readonly | moduloImmediate r0, r0, 2147483647 | return r0"])
ONES = [(e,) for e in EDGES]
for name, oracle in (("negate", lambda a: -a), ("absolute", abs)):
    case(name, "(Int<4096>) -> Int<4096> readonly", ["Int<4096>"], [f"{name} =r1, r0", "return r1"], runs_of(ONES, oracle))
for name, oracle in (("minimum", min), ("maximum", max)):
    case(name, WIDE, ["Int<4096>"], [f"{name} =r2, r0, r1", "return r2"], runs_of(PAIRS, oracle))
TRIPLES = [(rng.choice(EDGES), rng.choice(EDGES), rng.choice(EDGES)) for _ in range(20)] + [(7, 3, 2), (-7, 3, 2), (7, -5, 0)]
WIDE3 = "(Int<4096>, Int<4096>, Int<4096>) -> Int<4096> readonly"
extra = []
for word, rounding in ROUNDINGS.items():
    extra += ["case " + word, f"function f{WIDE3}", "registers Int<4096>", f"mulDiv r3, r0, r1, r2, {word}", "return r3", "end"]
    extra += ["> " + r for r in runs_of(
        TRIPLES + [(TOP, TOP, TOP), (2**4000, 2**4000, 2**4001)],
        lambda a, b, c, r=rounding: "DivisionByZero" if c == 0 else limited(r(Fraction(a * b, c))))]
case("mulDiv", WIDE3, ["Int<4096>"], ["mulDiv =r3, r0, r1, r2, floor", "return r3"], ["f [10, 10, 3] = 33"], extra=extra)
case("mulMod", WIDE3, ["Int<4096>"], ["mulMod =r3, r0, r1, r2", "return r3"],
     runs_of([t for t in TRIPLES if t[2] >= 0] + [(TOP, TOP, TOP - 1)],
             lambda a, b, c: "DivisionByZero" if c == 0 else a * b % c))
PRECISE = Context(prec=200, Emin=-999999, Emax=999999)
extra = []
for word, mode in (("floor", ROUND_FLOOR), ("ceiling", ROUND_CEILING), ("halfEven", ROUND_HALF_EVEN)):
    extra += ["case " + word, "function f(Int) -> Int readonly", "registers Int", f"exp r1, r0, {word}", "return r1", "end"]
    for raw in (0, 1, -1, 10**18, -(10**18), 10**17, 50 * 10**18, -41 * 10**18, -50 * 10**18, 136 * 10**18):
        value = PRECISE.multiply(PRECISE.exp(Decimal(raw).scaleb(-18, PRECISE)), Decimal(10**18)).to_integral_value(mode, PRECISE)
        extra.append(f"> f [{raw}] " + (f"= {int(value)}" if value < 2**255 else "fails Overflow"))
case("exp", "(Int) -> Int readonly", ["Int"], ["exp =r1, r0, floor", "return r1"], ["f [0] = 1000000000000000000"], extra=extra)
HALVES = {"floor": ROUND_FLOOR, "ceiling": ROUND_CEILING, "halfEven": ROUND_HALF_EVEN}


def fixed(value, mode):
    raw = int(PRECISE.multiply(value, Decimal(10**18)).to_integral_value(mode, PRECISE))
    return raw if -(2**255) <= raw < 2**255 else "Overflow"


def settled(value):
    """A value that is whole but for the precision."""
    near = value.to_integral_value()
    return near if abs(value - near) < Decimal(1).scaleb(-100) else value


MATHEMATICS = {
    "ln": lambda x: "OutOfDomain" if x <= 0 else PRECISE.ln(x),
    "log2": lambda x: "OutOfDomain" if x <= 0 else settled(PRECISE.divide(PRECISE.ln(x), PRECISE.ln(Decimal(2)))),
    "sqrt": lambda x: "OutOfDomain" if x < 0 else PRECISE.sqrt(x),
}
for name, oracle in MATHEMATICS.items():
    extra = []
    for word, mode in HALVES.items():
        extra += ["case " + word, "function f(Int) -> Int readonly", "registers Int", f"{name} r1, r0, {word}", "return r1", "end"]
        raws = [-1, 0, 1, 2, 10**17, 10**18 - 1, 10**18, 2 * 10**18, 4 * 10**18, 2**200, 2**255 - 1]
        values = [oracle(Decimal(raw).scaleb(-18, PRECISE)) for raw in raws]
        extra += ["> " + r for r in runs_of([(raw,) for raw in raws],
                                           lambda raw, v=dict(zip(raws, values)), m=mode: v[raw] if isinstance(v[raw], str) else fixed(v[raw], m))]
    case(name, "(Int) -> Int readonly", ["Int"], [f"{name} =r1, r0, floor", "return r1"], [f"f [{10**18}] = {fixed(oracle(Decimal(1)), ROUND_FLOOR)}"], extra=extra)


def power(x, y):
    if x < 0 or (x == 0 and y < 0):
        return "OutOfDomain"
    if y == 0 or x == 0:
        return Decimal(1 if y == 0 else 0)
    exponent = PRECISE.multiply(y, PRECISE.ln(x))
    if exponent > 500:
        return "Overflow"
    value = PRECISE.exp(exponent)
    near = value.quantize(Decimal(1).scaleb(-60), context=PRECISE)
    return near if abs(value - near) < Decimal(1).scaleb(-75) else value


extra = []
for word, mode in HALVES.items():
    extra += ["case " + word, "function f(Int, Int) -> Int readonly", "registers Int", f"pow r2, r0, r1, {word}", "return r2", "end"]
    pairs = [(x, y) for x in (-1, 0, 5 * 10**17, 10**18, 3 * 10**18) for y in (-(10**18), 0, 5 * 10**17, 2 * 10**18, 7 * 10**17)]
    pairs += [(2 * 10**18, 195 * 10**18), (2 * 10**18, 196 * 10**18), (2**255 - 1, 10**18)]
    for x, y in pairs:
        value = power(Decimal(x).scaleb(-18, PRECISE), Decimal(y).scaleb(-18, PRECISE))
        value = value if isinstance(value, str) else fixed(value, mode)
        extra.append(f"> f [{x}, {y}] " + (f"fails {value}" if isinstance(value, str) else f"= {value}"))
case("pow", "(Int, Int) -> Int readonly", ["Int"], ["pow =r2, r0, r1, floor", "return r2"], [f"f [{2 * 10**18}, {10 * 10**18}] = {1024 * 10**18}"], extra=extra)
case("isqrt", "(Int<4096>) -> Int<4096> readonly", ["Int<4096>"], ["isqrt =r1, r0", "return r1"],
     runs_of(ONES, lambda a: "OutOfDomain" if a < 0 else isqrt(a)))
for name, low, high in (("checkSigned", lambda b: -(2 ** (b - 1)), lambda b: 2 ** (b - 1) - 1),
                        ("checkUnsigned", lambda b: 0, lambda b: 2**b - 1)):
    extra = []
    for bits in (1, 2, 8, 62, 63, 64, 65, 255, 256, 4094):
        extra += [f"case {bits} bits", "function f(Int<4096>) readonly", f"{name} r0, {bits}", "returnNothing", "end"]
        for v in sorted({low(bits) - 1, low(bits), 0, high(bits), high(bits) + 1}):
            extra.append(f"> f [{v}]" + ("" if low(bits) <= v <= high(bits) else " fails Overflow"))
    extra += [f"refuse V0108 | function f(Int) | {name} r0, {bits} | returnNothing" for bits in (0, -1, 4097)]
    case(name, "(Int) readonly", [], [f"{name} r0, 8", "returnNothing"], ["f [5]"], extra=extra)
for name, oracle in (("less", lambda a, b: a < b), ("lessOrEqual", lambda a, b: a <= b), ("equalInteger", lambda a, b: a == b)):
    case(name, "(Int<4096>, Int<4096>) -> Bool readonly", ["Bool"], [f"{name} =r2, r0, r1", "return r2"],
         runs_of(PAIRS + [(e, e) for e in EDGES], lambda a, b, o=oracle: truth(o(a, b))), skip=(0,),
         extra=[f"refuse V0108 | function f(Int) | {name} r0, r0, r0 | returnNothing"])
case("equalBoolean", "(Bool, Bool) -> Bool readonly", ["Bool"], ["equalBoolean =r2, r0, r1", "return r2"],
     ["f [true, true] = true", "f [false, false] = true", "f [true, false] = false", "f [false, true] = false"], wrong="Int")
case("not", "(Bool) -> Bool readonly", ["Bool"], ["not =r1, r0", "return r1"], ["f [true] = false", "f [false] = true"], wrong="Int")
case("equalBytes32", "(Hash, Address) -> Bool readonly", ["Bool"], ["equalBytes32 =r2, r0, r1", "return r2"],
     ["f [@1, @1] = true", "f [@1, @2] = false", f"f [@{2**64 - 1}, @{2**63}] = false"], wrong="Int")
case("equalValue", "(List<Int, 3>, List<Int, 4>) -> Bool readonly", ["Bool"], ["equalValue =r2, r0, r1", "return r2"],
     ["f [[], []] = true", "f [[1, 2], [1, 2]] = true", "f [[1, 2], [2, 1]] = false", "f [[1], [1, 1]] = false",
      f"f [[{2**200}], [{2**200}]] = true"], skip=(0,), wrong="Int",
     extra=["refuse V0108 | function f(P, E) -> Bool | registers Bool | equalValue r2, r0, r1 | return r2",
            "refuse V0108 | function f(Token#0) -> Bool | registers Bool | equalValue r1, r0, r0 | return r1",
            'run [{"x": 1, "y": 2}, {"x": 1, "y": 2}] = true | function f(P, P) -> Bool readonly | registers Bool | equalValue r2, r0, r1 | return r2',
            'run [{"b": {"n": 1}}, {"b": {"n": 2}}] = false | function f(E, E) -> Bool readonly | registers Bool | equalValue r2, r0, r1 | return r2',
            'run ["a", {"b": {"n": 2}}] = false | function f(E, E) -> Bool readonly | registers Bool | equalValue r2, r0, r1 | return r2',
            'run [null, null] = true | function f(Int?, Int?) -> Bool readonly | registers Bool | equalValue r2, r0, r1 | return r2',
            'run [null, 0] = false | function f(Int?, Int?) -> Bool readonly | registers Bool | equalValue r2, r0, r1 | return r2',
            'run ["aé", "aé"] = true | function f(Text<4>, Text<9>) -> Bool readonly | registers Bool | equalValue r2, r0, r1 | return r2'])

# Objects.

case("newObject", "(Int, Int) -> P readonly", ["P"], ["newObject =r2, &r0, 0, 1", "return r2"],
     ['f [1, 2] = {"x": 1, "y": 2}', 'f [-5, 0] = {"x": -5, "y": 0}'], skip=(1,),
     extra=['run [4] = {"b": {"n": 4}} | function f(Int) -> E readonly | registers E | newObject r1, r0, 1, 2 | return r1',
            'run [4] = "a" | function f(Int) -> E readonly | registers E | newObject r1, r0, 0, 2 | return r1',
            "refuse V0108 | function f(Int) -> E | registers E | newObject r1, r0, 2, 2 | return r1",
            "refuse V0108 | function f(Int, Int) -> P | registers P | newObject r2, r0, 1, 1 | return r2",
            "refuse V0108 | function f(Int, Int) -> P | registers P | newObject r2, r0, 0, 2 | return r2",
            "refuse V0108 | function f(Int) -> P | registers P | newObject r1, r0, 0, 1 | return r1",
            "refuse V0102 | function f(Int, Int) -> P | registers P | newObject r2, r0, 0, 99 | return r2",
            "refuse V0109 | function f(Int) -> P | registers Int, P | newObject r2, r0, 0, 1 | return r2",
            "refuse V0108 | function f(Int, Token#0) | registers P | newObject r2, r0, 0, 1 | returnNothing"])
POINT = '{"x": 3, "y": -4}'
case("getField", "(P) -> Int readonly", ["Int"], ["getField =r1, r0, 1", "return r1"], [f"f [{POINT}] = -4"],
     extra=[f"run [{POINT}] = 3 | function f(P) -> Int readonly | registers Int | getField r1, r0, 0 | return r1",
            "refuse V0108 | function f(P) | registers Int | getField r1, r0, 2 | returnNothing",
            "refuse V0102 | function f(P) | registers Int | getField r1, r0, 256 | returnNothing",
            "refuse V0102 | function f(P) | registers Int | getField r1, r0, -1 | returnNothing",
            "refuse V0108 | function f(E) | registers Int | getField r1, r0, 0 | returnNothing"])
case("setField", "(P, Int) -> P readonly", ["P"], ["copyObject r2, r0", "setField r2, r1, 1", "return r2"],
     [f'f [{POINT}, 9] = {{"x": 3, "y": 9}}'],
     extra=["refuse V0108 | function f(P, Int) | setField r0, r1, 2 | returnNothing",
            "refuse V0108 | function f(P, Hash) | setField r0, r1, 0 | returnNothing",
            "case what state holds is not changed in place", "function put(P)", "statePut r0, r0, 8", "returnNothing", "end",
            "function f(Int)", "registers P", "stateGet r1, r0, 8", "setField r1, r0, 0", "returnNothing", "end",
            "function g(Int) -> P", "registers P, P", "stateGet r1, r0, 8", "copyObject r2, r1", "setField r2, r0, 0",
            "return r2", "end", '> put [{"x": 1, "y": 2}]', "> f [5] fails SharedObject", '> g [5] = {"x": 5, "y": 2}'])
case("copyObject", "(List<Int, 3>) -> List<Int, 3> readonly", ["List<Int, 3>"], ["copyObject =r1, r0", "return r1"],
     ["f [[]] = []", "f [[1, 2, 3]] = [1, 2, 3]"],
     extra=["refuse V0108 | function f(Int) | copyObject r0, r0 | returnNothing",
            "refuse V0108 | function f(Bytes<3>) | copyObject r0, r0 | returnNothing",
            "case a copy is another object", "function f(List<Int, 3>) -> List<Int, 3> readonly", "registers List<Int, 3>, Int",
            "copyObject r1, r0", "loadInteger r2, 7", "listAppend r1, r2", "return r0", "end", "> f [[1]] = [1]"])
case("tag", "(E) -> Int readonly", ["Int"], ["tag =r1, r0", "return r1"], ['f ["a"] = 0', 'f [{"b": {"n": 5}}] = 1'],
     extra=["run [null] = 0 | function f(Int?) -> Int readonly | registers Int | tag r1, r0 | return r1",
            "run [7] = 1 | function f(Int?) -> Int readonly | registers Int | tag r1, r0 | return r1",
            "refuse V0108 | function f(P) | registers Int | tag r1, r0 | returnNothing"])
case("getPayload", "(E) -> Int readonly", ["Int"], ["getPayload =r1, r0, 1, 0", "return r1"],
     ['f [{"b": {"n": 5}}] = 5', 'f ["a"] fails InvalidArgument'],
     extra=["run [7] = 7 | function f(Int?) -> Int readonly | registers Int | getPayload r1, r0, 1, 0 | return r1",
            "refuse V0108 | function f(E) | registers Int | getPayload r1, r0, 2, 0 | returnNothing",
            "refuse V0108 | function f(E) | registers Int | getPayload r1, r0, 0, 0 | returnNothing",
            "refuse V0108 | function f(E) | registers Int | getPayload r1, r0, 1, 1 | returnNothing",
            "refuse V0108 | function f(Int?) | registers Int | getPayload r1, r0, 2, 0 | returnNothing",
            "refuse V0108 | function f(P) | registers Int | getPayload r1, r0, 0, 0 | returnNothing"])
LIST = "type List<Int, 3>"
for name, header, registers, lines, runs, extra, wrong, skip in (
    ("listCount", "(List<Int, 3>) -> Int readonly", ["Int"], ["listCount =r1, r0", "return r1"],
     ["f [[]] = 0", "f [[7, 8]] = 2"], [], "Bool", ()),
    ("listGet", "(List<Int, 3>, Int) -> Int readonly", ["Int"], ["listGet =r2, r0, r1", "return r2"],
     ["f [[7, 8, 9], 0] = 7", "f [[7, 8, 9], 2] = 9", "f [[7, 8, 9], 3] fails IndexOutOfRange",
      "f [[7], -1] fails IndexOutOfRange", f"f [[7], {2**64}] fails IndexOutOfRange", "f [[], 0] fails IndexOutOfRange"],
     [], "Bool", ()),
    ("listSet", "(List<Int, 3>, Int, Int) -> List<Int, 3> readonly", [], ["listSet r0, r1, r2", "return r0"],
     ["f [[7, 8], 0, 1] = [1, 8]", "f [[7, 8], 1, 1] = [7, 1]", "f [[7, 8], 2, 1] fails IndexOutOfRange",
      "f [[7, 8], -1, 1] fails IndexOutOfRange"], [], "Bool", ()),
    ("listAppend", "(List<Int, 3>, Int) -> List<Int, 3> readonly", [], ["listAppend r0, r1", "return r0"],
     ["f [[], 1] = [1]", "f [[1, 2], 3] = [1, 2, 3]", "f [[1, 2, 3], 4] fails CapacityExceeded"], [], "Bool", ()),
    ("listSum", "(List<Int, 3>) -> Int<300> readonly", ["Int<300>"], ["listSum =r1, r0", "return r1"],
     ["f [[]] = 0", "f [[1, -2, 5]] = 4", f"f [[{2**255 - 1}, {2**255 - 1}]] = {2**256 - 2}"],
     ["refuse V0108 | function f(List<Bool, 3>) | registers Int | listSum r1, r0 | returnNothing",
      f"run [[{TOP}, {TOP}, {TOP}]] fails IntegerTooWide | function f(List<Int<4096>, 3>) readonly | registers Int<4096> | listSum r1, r0 | returnNothing"],
     "Bool", ()),
    ("listContains", "(List<Int, 3>, Int) -> Bool readonly", ["Bool"], ["listContains =r2, r0, r1", "return r2"],
     ["f [[], 1] = false", "f [[1, 2], 2] = true", "f [[1, 2], 3] = false"], [], "Bool", (0,)),
    ("listSort", "(List<Int, 4>) -> List<Int, 4> readonly", ["List<Int, 4>"], ["listSort =r1, r0, ascending", "return r1"],
     ["f [[]] = []", "f [[3, -1, 2, 2]] = [-1, 2, 2, 3]", f"f [[{2**200}, {-(2**200)}, 0]] = [{-(2**200)}, 0, {2**200}]"],
     ["run [[3, -1, 2, 2]] = [3, 2, 2, -1] | function f(List<Int, 4>) -> List<Int, 4> readonly | listSort r0, r0, descending | return r0",
      "refuse V0108 | function f(List<Bool, 4>) | listSort r0, r0, ascending | returnNothing",
      "refuse B0302 | function f(List<Int, 4>) | listSort r0, r0, sideways | returnNothing"], "Bool", ()),
    ("listOrder", "(List<Int, 4>) -> List<Int, 4> readonly", ["List<Int, 4>"], ["listOrder =r1, r0, ascending", "return r1"],
     ["f [[]] = []", "f [[3, -1, 2, 2]] = [1, 2, 3, 0]"],
     ["run [[3, -1, 2, 2]] = [0, 2, 3, 1] | function f(List<Int, 4>) -> List<Int, 4> readonly | listOrder r0, r0, descending | return r0",
      "refuse V0108 | function f(List<Int, 4>) | registers List<Int, 3> | listOrder r1, r0, ascending | returnNothing"], "Bool", ()),
    ("listRanks", "(List<Int, 4>) -> List<Int, 4> readonly", ["List<Int, 4>"], ["listRanks =r1, r0, ascending", "return r1"],
     ["f [[]] = []", "f [[3, -1, 2, 2]] = [3, 0, 1, 2]"],
     ["run [[3, -1, 2, 2]] = [0, 3, 1, 2] | function f(List<Int, 4>) -> List<Int, 4> readonly | listRanks r0, r0, descending | return r0",
      "refuse V0108 | function f(List<Int, 4>) | registers List<Int, 3> | listRanks r1, r0, ascending | returnNothing"], "Bool", ()),
    ("splitAmount", "(Amount, List<Amount, 3>) -> List<Amount, 3> readonly", ["List<Amount, 3>"],
     ["splitAmount =r2, r0, r1", "return r2"],
     ["f [10, [1, 1, 1]] = [3, 3, 4]", "f [7, [0, 0, 2]] = [0, 0, 7]", "f [7, []] = []", "f [7, [0, 0]] = [0, 0]",
      f"f [{2**256 - 1}, [1, 1]] = [{(2**256 - 1) // 2}, {2**256 - 1 - (2**256 - 1) // 2}]", "f [0, [5, 6]] = [0, 0]"],
     ["run [10, [3, -1]] fails NegativeWeight | function f(Amount, List<Int, 3>) readonly | registers List<Amount, 3> | splitAmount r2, r0, r1 | returnNothing",
      "refuse V0108 | function f(Amount, List<Amount, 3>) | registers List<Amount, 2> | splitAmount r2, r0, r1 | returnNothing",
      "refuse V0108 | function f(Amount, List<Bool, 3>) | registers List<Amount, 3> | splitAmount r2, r0, r1 | returnNothing"], "Bool", ()),
):
    case(name, header, registers, lines, runs, extra, wrong=wrong, skip=skip)
# The index of the type of lists depends on what stands before: a table line gives it a place.
files["newList"] = """; Written by Scripts/conformance_opcodes.py.
type List<Int, 3>
case newList
function f() -> List<Int, 3> readonly
registers List<Int, 3>
newList r0, 1
return r0
end
> f [] = []
refuse V0108 | function f() | registers Bool | newList r0, 1 | returnNothing
refuse V0108 | function f() | registers List<Int, 3> | newList r9, 1 | returnNothing
refuse V0108 | function f() | registers List<Int, 3> | newList r0, 0 | returnNothing
refuse V0108 | function f() | registers List<Int, 2> | newList r0, 1 | returnNothing
refuse V0102 | function f() | registers List<Int, 3> | newList r0, 9 | returnNothing
accept | function f() | registers List<Int, 4> | newList r0, 1 | returnNothing
"""
files["listRepeat"] = """; Written by Scripts/conformance_opcodes.py.
type List<Int, 3>
case listRepeat
function f(Int, Int) -> List<Int, 3> readonly
registers List<Int, 3>
listRepeat r2, r0, r1, 1
return r2
end
> f [7, 0] = []
> f [7, 3] = [7, 7, 7]
> f [7, 4] fails CapacityExceeded
refuse V0108 | function f(Bool, Int) | registers List<Int, 3> | listRepeat r2, r0, r1, 1 | returnNothing
refuse V0108 | function f(Int, Bool) | registers List<Int, 3> | listRepeat r2, r0, r1, 1 | returnNothing
refuse V0108 | function f(Int, Int) | registers List<Int, 3> | listRepeat r2, r0, r1, 0 | returnNothing
refuse V0109 | function f(Int) | registers Int, List<Int, 3> | listRepeat r2, r0, r1, 1 | returnNothing
refuse V0102 | function f(Int, Int) | registers List<Int, 3> | listRepeat r2, r0, r1, 9 | returnNothing
"""

# Bytes, hashes, signatures.

case("byteCount", "(Bytes<8>) -> Int readonly", ["Int"], ["byteCount =r1, r0", "return r1"], ['f ["0x"] = 0', 'f ["0x010203"] = 3'],
     extra=['run ["aé"] = 3 | function f(Text<8>) -> Int readonly | registers Int | byteCount r1, r0 | return r1'])
case("byteGet", "(Bytes<8>, Int) -> Int readonly", ["Int"], ["byteGet =r2, r0, r1", "return r2"],
     ['f ["0x01ff", 0] = 1', 'f ["0x01ff", 1] = 255', 'f ["0x01ff", 2] fails IndexOutOfRange', 'f ["0x01ff", -1] fails IndexOutOfRange'])
case("byteSlice", "(Bytes<8>, Int, Int) -> Bytes<8> readonly", ["Bytes<8>"], ["byteSlice =r3, r0, r1, r2", "return r3"],
     ['f ["0x010203", 0, 3] = "0x010203"', 'f ["0x010203", 1, 2] = "0x02"', 'f ["0x010203", 3, 3] = "0x"',
      'f ["0x010203", 2, 1] fails IndexOutOfRange', 'f ["0x010203", 0, 4] fails IndexOutOfRange',
      'f ["0x010203", -1, 1] fails IndexOutOfRange'],
     extra=["refuse V0108 | function f(Bytes<8>, Int) | registers Text<8> | byteSlice r2, r0, r1, r1 | returnNothing"])
case("byteConcatenate", "(Bytes<4>, Bytes<4>) -> Bytes<8> readonly", ["Bytes<8>"], ["byteConcatenate =r2, r0, r1", "return r2"],
     ['f ["0x", "0x"] = "0x"', 'f ["0x01", "0x02"] = "0x0102"', 'f ["0x01020304", "0xfffefdfc"] = "0x01020304fffefdfc"'],
     extra=["refuse V0108 | function f(Bytes<4>, Text<4>) | registers Bytes<8> | byteConcatenate r2, r0, r1 | returnNothing",
            'run ["ab", "é"] = "abé" | function f(Text<4>, Text<4>) -> Text<8> readonly | registers Text<8> | byteConcatenate r2, r0, r1 | return r2'])


def blake(data):
    return hashlib.blake2b(data, digest_size=32).hexdigest()


case("hashValue", "(Int) -> Hash readonly", ["Hash"], ["hashValue =r1, r0", "return r1"],
     [f'f [0] = "0x{blake(bytes([0]))}"', f'f [1] = "0x{blake(bytes([2, 1]))}"', f'f [-256] = "0x{blake(bytes([5, 1, 0]))}"'],
     skip=(1,),
     extra=[f'run ["0x0102"] = "0x{blake(bytes([1, 2]))}" | function f(Bytes<8>) -> Hash readonly | registers Hash | hashValue r1, r0 | return r1',
            f'run ["ab"] = "0x{blake(bytes([2]) + b"ab")}" | function f(Text<8>) -> Hash readonly | registers Hash | hashValue r1, r0 | return r1',
            "refuse V0109 | function f() | registers Hash, Int | hashValue r0, r1 | returnNothing",
            "refuse V0108 | function f(Token#0) | registers Hash | hashValue r1, r0 | burn r0 | returnNothing",
            "refuse V0108 | function f(Int) | registers Interface#0 | hashValue r1, r0 | returnNothing"])
case("encodeValue", "(List<Int, 3>) -> Bytes<200> readonly", ["Bytes<200>"], ["encodeValue =r1, r0", "return r1"],
     ['f [[]] = "0x00"', 'f [[0, 1, -256]] = "0x0300020105 0100"'.replace(" 0100", "0100")], skip=(1,),
     extra=["refuse V0108 | function f(Token#0) | registers Bytes<64> | encodeValue r1, r0 | burn r0 | returnNothing",
            "refuse V0108 | function f(Int) | registers Text<64> | encodeValue r1, r0 | returnNothing",
            'run [true] = "0x01" | function f(Bool) -> Bytes<4> readonly | registers Bytes<4> | encodeValue r1, r0 | return r1',
            'run ["0x0aff"] = "0x020aff" | function f(Bytes<4>) -> Bytes<9> readonly | registers Bytes<9> | encodeValue r1, r0 | return r1'])
# The immediate: how many bytes, plus 128 where the lowest comes first.
for name, order, offset in (("integerToBytes", "big", 0), ("integerFromBytes", "big", 0)):
    extra = []
    for order, offset in (("big", 0), ("little", 128)):
        for count in (1, 2, 8, 33, 64):
            for n in (0, 1, 256**count - 1):
                hexadecimal = "0x" + n.to_bytes(count, order).hex()
                if name == "integerToBytes":
                    extra.append(f'run [{n}] = "{hexadecimal}" | function f(Int<600>) -> Bytes<64> readonly | registers Bytes<64>'
                                 f" | integerToBytes r1, r0, {count + offset} | return r1")
                else:
                    extra.append(f'run ["{hexadecimal}"] = {n} | function f(Bytes<64>) -> Int<600> readonly | registers Int<600>'
                                 f" | integerFromBytes r1, r0, {offset} | return r1")
            if name == "integerToBytes":
                for n in (-1, 256**count):
                    extra.append(f"run [{n}] fails Overflow | function f(Int<600>) -> Bytes<64> readonly | registers Bytes<64>"
                                 f" | integerToBytes r1, r0, {count + offset} | return r1")
    if name == "integerToBytes":
        extra += [f"refuse V0108 | function f(Int) | registers Bytes<64> | {name} r1, r0, {n} | returnNothing" for n in (0, 65, 128)]
        case(name, "(Int) -> Bytes<4> readonly", ["Bytes<4>"], [f"{name} =r1, r0, 4", "return r1"], ['f [258] = "0x00000102"'], extra=extra)
    else:
        extra += [f"refuse V0108 | function f(Bytes<64>) | registers Int | {name} r1, r0, 1 | returnNothing",
                  f"refuse V0108 | function f(Bytes<65>) | registers Int<4096> | {name} r1, r0, 0 | returnNothing"]
        case(name, "(Bytes<4>) -> Int readonly", ["Int"], [f"{name} =r1, r0, 0", "return r1"], ['f ["0x0102"] = 258', 'f ["0x"] = 0'], extra=extra)
case("sha256", "(Bytes<64>) -> Hash readonly", ["Hash"], ["sha256 =r1, r0", "return r1"],
     [f'f ["0x{d.hex()}"] = "0x{hashlib.sha256(d).hexdigest()}"' for d in (b"", b"abc", bytes(range(64)))])
KEY = "0x3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
SIGNATURE = ("0x92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
             "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")
case("verifySignature", "(Hash, Bytes<8>, Bytes<64>) -> Bool readonly", ["Bool"], ["verifySignature =r3, &r0", "return r3"],
     [f'f ["{KEY}", "0x72", "{SIGNATURE}"] = true', f'f ["{KEY}", "0x73", "{SIGNATURE}"] = false',
      f'f ["{KEY}", "0x72", "0x00"] = false', f'f [@1, "0x72", "{SIGNATURE}"] = false'], wrong="Int",
     extra=["refuse V0109 | function f(Hash, Bytes<8>) | registers Bytes<64>, Bool | verifySignature r3, r0 | returnNothing",
            "refuse V0108 | function f(Hash, Bytes<8>, Text<64>) | registers Bool | verifySignature r3, r0 | returnNothing"])
VRF_KEY = "0xd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
PROOF = ("0x8657106690b5526245a92b003bb079ccd1a92130477671f6fc01ad16f26f723f26f8a57ccaed74ee1b190bed1f479d97"
         "27d2d0f9b005a6e456a35d4fb0daab1268a1b0db10836d9826a528ca76567805")
case("verifyVRF", "(Hash, Bytes<8>, Bytes<80>) -> Hash? readonly", ["Hash?"], ["verifyVRF =r3, &r0", "return r3"],
     [f'f ["{VRF_KEY}", "0x", "{PROOF}"] = "0x90cf1df3b703cce59e2a35b925d411164068269d7b2d29f3301c03dd757876ff"',
      f'f ["{VRF_KEY}", "0x00", "{PROOF}"] = null', f'f ["{VRF_KEY}", "0x", "0x00"] = null', f'f [@1, "0x", "{PROOF}"] = null'],
     wrong="Int", extra=["refuse V0108 | function f(Hash, Bytes<8>, Bytes<80>) | registers Int? | verifyVRF r3, r0 | returnNothing"])


def numbered(n):
    return n.to_bytes(32, "big")


def encode_integer(n):
    magnitude = abs(n).to_bytes((abs(n).bit_length() + 7) // 8, "big")
    return bytes([2 * len(magnitude) + (n < 0)]) + magnitude


def commitment(key, author, value, salt):
    return blake(b"agon.seal.1" + numbered(99) + numbered(50) + bytes([3]) + b"R.s" + encode_integer(key) + numbered(author)
                 + encode_integer(value) + numbered(salt))


case("commitment", "(Int, Address, Int, Hash) -> Hash readonly", ["Hash"], ["commitment =r4, &r0, 0", "return r4"],
     [f'f [{k}, @{a}, {v}, @{s}] = "0x{commitment(k, a, v, s)}"' for k, a, v, s in ((0, 1, 2, 3), (-4, 7, 2**200, 9), (1, 1, -1, 1))],
     extra=["refuse V0102 | function f(Int, Address, Int, Hash) | registers Hash | commitment r4, r0, 1 | returnNothing",
            "refuse V0108 | function f(Int, Address, Int, Int) | registers Hash | commitment r4, r0, 0 | returnNothing"])

# Context.

for name, kind, result in (("caller", "Address", "@1"), ("selfAddress", "Address", "@50"), ("height", "Height", "10"),
                           ("chain", "Hash", "@99")):
    case(name, f"() -> {kind} readonly", [kind], [f"{name} =r0", "return r0"],
         [f"f [] = {result}", "caller @7", f"f [] = {'@7' if name == 'caller' else result}", "height 4000",
          f"f [] = {'4000' if name == 'height' else ('@7' if name == 'caller' else result)}"])
ASSET_A = blake(b"agon.asset.1" + numbered(50) + bytes([1]) + b"A")
case("assetID", "() -> Asset readonly", ["Asset"], ["assetID =r0, 0", "return r0"], [f'f [] = "0x{ASSET_A}"'],
     extra=["run [] fails AssetNotBound | function f() -> Asset readonly | registers Asset | assetID r0, 2 | return r0",
            "refuse V0102 | function f() | registers Asset | assetID r0, 3 | returnNothing",
            "case bound by what its slot holds", "function bind(Asset)", "statePut r0, r0, 7", "returnNothing", "end",
            "function f() -> Asset readonly", "registers Asset", "assetID r0, 2", "return r0", "end",
            "> f [] fails AssetNotBound", "> bind [@77]", "> f [] = @77"])

# State.

PUT = ["function put(Int)", "statePut r0, r0, 0", "returnNothing", "end"]
MAP = ["function set(Address, Int)", "statePut r1, r0, 2", "returnNothing", "end",
       "function drop(Address)", "stateRemove r0, 2", "returnNothing", "end"]
case("stateGet", "() -> Int readonly", ["Int"], ["stateGet =r0, &r0, 0", "return r0"],
     ["f [] = 0", "put [5]", "f [] = 5", f"put [{2**255 - 1}]", f"f [] = {2**255 - 1}", "store 0 0xffff", "f [] fails DamagedState"],
     before=PUT, skip=(1,),
     extra=["refuse V0108 | function f() | registers Amount | stateGet r0, r0, 1 | returnNothing",
            "refuse V0108 | function f(Int, Address) | registers Int | stateGet r2, r0, 4 | returnNothing",
            "refuse V0102 | function f() | registers Int | stateGet r0, r0, 99 | returnNothing",
            "refuse V0109 | function f() | registers Address, Int | stateGet r1, r0, 2 | returnNothing"])
# Slots without keys take no registers: the second operand is free there.
files["stateGet"] = files["stateGet"].replace(
    [line for line in files["stateGet"].splitlines() if "stateGet r0, r240, 0" in line][0] + "\n", "")
case("stateFind", "(Address) -> Int? readonly", ["Int?"], ["stateFind =r1, &r0, 2", "return r1"],
     ["f [@7] = null", "set [@7, 0]", "f [@7] = 0", "f [@8] = null", "drop [@7]", "f [@7] = null"], before=MAP,
     extra=["refuse V0108 | function f(Address) | registers Bool? | stateFind r1, r0, 2 | returnNothing",
            "refuse V0108 | function f() | registers Amount? | stateFind r0, r0, 1 | returnNothing",
            "refuse V0109 | function f() | registers Address, Int? | stateFind r1, r0, 2 | returnNothing"])
case("statePut", "(Address, Int)", [], ["statePut r1, &r0, 2", "returnNothing"],
     ["f [@1, 1]", "f [@2, 2]", "f [@3, 3]", "f [@3, 4]", "f [@4, 4] fails CapacityExceeded", "get [@3] = 4"],
     before=["function get(Address) -> Int readonly", "registers Int", "stateGet r1, r0, 2", "return r1", "end"],
     extra=["refuse V0112 | function f(Int) readonly | statePut r0, r0, 0 | returnNothing",
            "refuse V0108 | function f(Amount) | statePut r0, r0, 1 | returnNothing",
            "refuse V0108 | function f(Int, Address, Hash) | statePut r2, r0, 3 | returnNothing",
            "refuse V0108 | function f(Int, Address, Int) | statePut r2, r0, 4 | returnNothing",
            "case widths are checked when a value is stored", "function f(Int)", "statePut r0, r0, 10", "returnNothing", "end",
            "> f [127]", "> f [-128]", "> f [128] fails Overflow", "> f [-129] fails Overflow"])
case("stateContains", "(Address) -> Bool readonly", ["Bool"], ["stateContains =r1, &r0, 2", "return r1"],
     ["f [@7] = false", "set [@7, 0]", "f [@7] = true", "drop [@7]", "f [@7] = false"], before=MAP, wrong="Int")
case("stateRemove", "(Address)", [], ["stateRemove &r0, 2", "returnNothing"],
     ["f [@7]", "set [@7, 4]", "has [@7] = true", "f [@7]", "has [@7] = false"],
     before=MAP + ["function has(Address) -> Bool readonly", "registers Bool", "stateContains r1, r0, 2", "return r1", "end"],
     extra=["refuse V0112 | function f(Address) readonly | stateRemove r0, 2 | returnNothing",
            "refuse V0108 | function f(Int, Address) | stateRemove r0, 3 | returnNothing",
            "refuse V0108 | function f(Int, Address) | stateRemove r0, 4 | returnNothing",
            "refuse V0108 | function f() | registers Int | stateRemove r0, 7 | returnNothing",
            "refuse V0109 | function f() | registers Address | stateRemove r0, 2 | returnNothing",
            "case a vault that is not empty stays", "function fill(Amount)", "registers Token#0", "mint r1, r0, 0", "vaultPut r1, r0, 1",
            "returnNothing", "end", "function f()", "registers Int", "stateRemove r0, 1", "returnNothing", "end",
            "> f []", "> fill [3]", "> f [] fails VaultNotEmpty"])
case("stateCount", "() -> Int readonly", ["Int"], ["stateCount =r0, &r0, 2", "return r0"],
     ["f [] = 0", "set [@7, 4]", "set [@8, 4]", "set [@7, 5]", "f [] = 2", "drop [@7]", "f [] = 1"], before=MAP, skip=(1,),
     extra=["refuse V0108 | function f() | registers Int | stateCount r0, r0, 0 | returnNothing"])
files["stateCount"] = files["stateCount"].replace(
    [line for line in files["stateCount"].splitlines() if "stateCount r0, r240, 2" in line][0] + "\n", "")
case("stateKeyAt", "(Int) -> Address readonly", ["Address"], ["stateKeyAt =r1, &r0, r0, 2", "return r1"],
     ["f [0] fails IndexOutOfRange", "set [@7, 4]", "set [@8, 4]", "set [@9, 4]", "f [0] = @7", "f [1] = @8", "f [2] = @9",
      "f [3] fails IndexOutOfRange", "f [-1] fails IndexOutOfRange", "drop [@7]", "f [0] = @9", "f [1] = @8",
      "f [2] fails IndexOutOfRange"], before=MAP, skip=(1,),
     extra=["refuse V0108 | function f(Int) | registers Int | stateKeyAt r1, r0, r0, 0 | returnNothing"])
files["stateKeyAt"] = files["stateKeyAt"].replace(
    [line for line in files["stateKeyAt"].splitlines() if "stateKeyAt r1, r240, r0, 2" in line][0] + "\n", "")

# Vaults and tokens. The vault of slot 9 has a key; slot 1 has none.

BANK = ["function issue(Amount) -> Token#0", "registers Token#0", "mint r1, r0, 0", "return r1", "end",
        "function put(Address, Token#0)", "vaultPut r1, r0, 9", "returnNothing", "end",
        "function held(Address) -> Amount readonly", "registers Amount", "vaultAmount r1, r0, 9", "return r1", "end"]
case("vaultPut", "(Address, Token#0)", [], ["vaultPut r1, &r0, 9", "returnNothing"],
     ["issue [100] = 100", "f [@7, 30]", "f [@7, 12]", "held [@7] = 42", "held [@8] = 0", "balance 0 @1 = 58",
      "f [@7, 59] fails InsufficientAmount", "f [@7, 0]"], before=BANK,
     extra=["refuse V0108 | function f(Token#1) | vaultPut r0, r0, 1 | returnNothing",
            "refuse V0108 | function f(Token#0) | vaultPut r0, r0, 0 | returnNothing",
            "refuse V0112 | function _f(Token#0) readonly | vaultPut r0, r0, 1 | returnNothing",
            "refuse V0110 | function f(Token#0) | vaultPut r0, r0, 1 | burn r0 | returnNothing"])
case("vaultTake", "(Address, Amount) -> Token#0", ["Token#0"], ["vaultTake =r2, &r0, r1, 9", "return r2"],
     ["issue [100] = 100", "put [@7, 100]", "f [@7, 40] = 40", "held [@7] = 60", "f [@7, 61] fails InsufficientAmount",
      "f [@8, 1] fails InsufficientAmount", "f [@8, 0] = 0", "balance 0 @1 = 40"], before=BANK,
     extra=["refuse V0112 | function f(Amount) readonly | registers Token#0 | vaultTake r1, r0, r0, 1 | burn r1 | returnNothing",
            "refuse V0108 | function f(Amount) | registers Token#1 | vaultTake r1, r0, r0, 1 | send r1, r1 | returnNothing",
            "refuse V0110 | function f(Amount) | registers Token#0 | vaultTake r1, r0, r0, 1 | returnNothing",
            "run [-1] fails Overflow | function f(Int) -> Token#0 | registers Token#0 | vaultTake r1, r0, r0, 1 | return r1"])
case("vaultTakeAll", "(Address) -> Token#0", ["Token#0"], ["vaultTakeAll =r1, &r0, 9", "return r1"],
     ["issue [100] = 100", "put [@7, 70]", "f [@7] = 70", "f [@7] = 0", "held [@7] = 0", "balance 0 @1 = 100"], before=BANK,
     extra=["refuse V0112 | function f() readonly | registers Token#0 | vaultTakeAll r0, r0, 1 | burn r0 | returnNothing",
            "refuse V0108 | function f() | registers Token#0 | vaultTakeAll r0, r0, 0 | burn r0 | returnNothing"])
case("vaultAmount", "(Address) -> Amount readonly", ["Amount"], ["vaultAmount =r1, &r0, 9", "return r1"],
     ["f [@7] = 0", "issue [9] = 9", "put [@7, 9]", "f [@7] = 9"], before=BANK,
     extra=["refuse V0108 | function f() | registers Int | vaultAmount r0, r0, 0 | returnNothing"])
case("tokenAmount", "(Token#0) -> Amount", ["Amount"], ["tokenAmount =r1, r0", "burn r0", "return r1"],
     ["issue [9] = 9", "f [4] = 4", "f [0] = 0", "balance 0 @1 = 5"], before=BANK)
case("tokenTake", "(Token#0, Amount) -> Token#0", ["Token#0"], ["tokenTake =r2, r0, r1", "burn r0", "return r2"],
     ["issue [100] = 100", "f [10, 4] = 4", "balance 0 @1 = 94", "f [10, 11] fails InsufficientAmount", "f [10, 0] = 0", "f [10, 10] = 10"],
     before=BANK,
     extra=["refuse V0108 | function f(Token#0, Amount) -> Token#0 | tokenTake r0, r0, r1 | return r0",
            "refuse V0108 | function f(Token#0, Amount) | registers Token#1 | tokenTake r2, r0, r1 | burn r0 | returnNothing",
            "refuse V0110 | function f(Token#0, Amount) -> Token#0 | registers Token#0 | tokenTake r2, r0, r1 | return r2"])
case("tokenJoin", "(Token#0, Token#0) -> Token#0", [], ["tokenJoin r0, r1", "return r0"],
     ["issue [100] = 100", "f [10, 4] = 14", "f [0, 0] = 0", "balance 0 @1 = 100"], before=BANK,
     extra=["refuse V0108 | function f(Token#0) -> Token#0 | tokenJoin r0, r0 | return r0",
            "refuse V0108 | function f(Token#0, Token#1) -> Token#0 | tokenJoin r0, r1 | return r0",
            "refuse V0110 | function f(Token#0, Token#0) -> Token#0 | tokenJoin r0, r1 | return r1"])
case("tokenEmpty", "() -> Token#0", ["Token#0"], ["tokenEmpty =r0, 0", "return r0"], ["f [] = 0"],
     extra=["refuse V0108 | function f() | registers Token#1 | tokenEmpty r0, 0 | tokenClose r0 | returnNothing",
            "refuse V0102 | function f() | registers Token#0 | tokenEmpty r0, 9 | tokenClose r0 | returnNothing",
            "refuse V0110 | function f() | registers Token#0 | tokenEmpty r0, 0 | tokenEmpty r0, 0 | tokenClose r0 | returnNothing"])
case("tokenClose", "(Token#0)", [], ["tokenClose r0", "returnNothing"],
     ["issue [5] = 5", "f [0]", "f [1] fails TokenNotEmpty", "balance 0 @1 = 5"], before=BANK,
     extra=["refuse V0110 | function f(Token#0) | tokenClose r0 | tokenClose r0 | returnNothing"])
case("mint", "(Amount) -> Token#0", ["Token#0"], ["mint =r1, r0, 0", "return r1"],
     ["f [100] = 100", "f [0] = 0", "balance 0 @1 = 100", f"f [{2**256 - 1}] fails Overflow", f"f [{2**256 - 101}] = {2**256 - 101}"],
     extra=["refuse V0108 | function f(Amount) | registers Token#1 | mint r1, r0, 1 | send r1, r1 | returnNothing",
            "refuse V0108 | function f(Amount) | registers Token#1 | mint r1, r0, 0 | returnNothing",
            "refuse V0112 | function f(Amount) readonly | registers Token#0 | mint r1, r0, 0 | burn r1 | returnNothing",
            "run [-1] fails Overflow | function f(Int) -> Token#0 | registers Token#0 | mint r1, r0, 0 | return r1"])
case("burn", "(Token#0)", [], ["burn r0", "returnNothing"],
     ["issue [10] = 10", "f [4]", "balance 0 @1 = 6", "f [7] fails InsufficientAmount", "f [6]", "balance 0 @1 = 0"], before=BANK,
     extra=["refuse V0108 | function f(Token#1) | burn r0 | returnNothing",
            "refuse V0112 | function _f(Token#0) readonly | burn r0 | returnNothing"])
case("send", "(Token#0, Address)", [], ["send r0, r1", "returnNothing"],
     ["issue [10] = 10", "f [4, @7]", "balance 0 @7 = 4", "balance 0 @1 = 6", "f [1, @1]", "balance 0 @1 = 6", "f [2, @50]",
      "balance 0 @50 = 2"], before=BANK,
     extra=["refuse V0112 | function _f(Token#0, Address) readonly | send r0, r1 | returnNothing",
            "refuse V0110 | function f(Token#0, Address) | send r0, r1 | send r0, r1 | returnNothing",
            "case the fee coin", "function f(Token#1, Address)", "send r0, r1", "returnNothing", "end",
            "> grant @1 100", "> f [30, @7]", "> balance 1 @7 = 30", "> balance 1 @1 = 70", "> f [71, @7] fails InsufficientAmount"])
SHARE = ["tokenListCount r3, r2", "loadInteger r4, 0", "tokenEmpty r5, 0", "branchLessOrEqual r3, r4, done", "again:",
         "tokenListNext r6, r2", "tokenJoin r5, r6", "loop r4, r3, again", "done:", "tokenListClose r2", "tokenJoin r5, r0",
         "return r5"]
REGISTERS = ["TokenList#0", "Int", "Int", "Token#0", "Token#0"]
SPLIT_RUNS = ["issue [100] = 100", "f [10, [1, 1, 1]] = 10", "f [10, [0, 0]] = 10", "f [10, []] = 10", "f [0, [1, 2]] = 0",
              "balance 0 @1 = 100"]
SPLIT = "(Token#0, List<Amount, 4>) -> Token#0"
case("tokenSplit", SPLIT, REGISTERS, ["tokenSplit =r2, r0, r1"] + SHARE, SPLIT_RUNS, before=BANK,
     extra=["run [0, [1, -1]] fails NegativeWeight | function f(Token#0, List<Int, 4>) | registers TokenList#0"
            " | tokenSplit r2, r0, r1 | failBuiltin Overflow",
            "refuse V0108 | function f(Token#1, List<Int, 4>) | registers TokenList#0 | tokenSplit r2, r0, r1 | failBuiltin Overflow",
            "refuse V0108 | function f(Token#0, List<Bool, 4>) | registers TokenList#0 | tokenSplit r2, r0, r1 | failBuiltin Overflow",
            "refuse V0110 | function f(Token#0, List<Int, 4>) | registers TokenList#0 | tokenSplit r2, r0, r1 | burn r0 | returnNothing"])
case("tokenListNext", SPLIT, REGISTERS, [l.replace("tokenListNext r6", "tokenListNext =r6") for l in ["tokenSplit r2, r0, r1"] + SHARE],
     SPLIT_RUNS, before=BANK,
     extra=["case none is left", "function f(Token#0)", "registers List<Int, 4>, TokenList#0, Token#0", "newList r1, LIST",
            "tokenSplit r2, r0, r1", "tokenListNext r3, r2", "failBuiltin Overflow", "end", "> f [0] fails IndexOutOfRange"])
case("tokenListCount", SPLIT, REGISTERS, [l.replace("tokenListCount r3", "tokenListCount =r3") for l in ["tokenSplit r2, r0, r1"] + SHARE],
     SPLIT_RUNS, before=BANK)
case("tokenListClose", SPLIT, REGISTERS, ["tokenSplit r2, r0, r1"] + SHARE, SPLIT_RUNS, before=BANK,
     extra=["run [0, [1, 1]] fails TokenNotEmpty | function f(Token#0, List<Int, 4>) -> Token#0 | registers TokenList#0"
            " | tokenSplit r2, r0, r1 | tokenListClose r2 | return r0",
            "refuse V0110 | function f(Token#0, List<Int, 4>) -> Token#0 | registers TokenList#0 | tokenSplit r2, r0, r1"
            " | tokenListClose r2 | tokenListClose r2 | return r0"])
# An empty list of weights: its type is what the table line of the function's parameter makes.
files["tokenListNext"] = files["tokenListNext"].replace("newList r1, LIST", "listRepeat r1, r4, r4, LIST").replace(
    "function f(Token#0)\nregisters List<Int, 4>, TokenList#0, Token#0\nlistRepeat r1, r4, r4, LIST",
    "function f(Token#0, List<Int, 4>)\nregisters TokenList#0, Token#0").replace("> f [0] fails IndexOutOfRange", "> f [0, []] fails IndexOutOfRange")

# Rounds and sealed values. In the tables round 0 has the phases commit (5 blocks), reveal (5 blocks, or a condition) and
# done. Cases begin at height 10.

BEGIN = ["function begin(Int)", "roundOpen r0, 0", "returnNothing", "end"]
NOW = ["function now(Int) -> Int readonly", "registers Int", "roundPhase r1, r0, 0", "return r1", "end"]
END = ["function leave(Int)", "roundLeave r0, 0, 1", "returnNothing", "end"]
case("roundOpen", "(Int)", [], ["roundOpen &r0, 0", "returnNothing"],
     ["now [4] fails NoSuchRound", "f [4]", "now [4] = 0", "f [4] fails RoundExists", "f [5]", "height 1000", "f [4] fails RoundExists",
      "f [6]", "now [6] = 0", "now [4] = 2"], before=NOW,
     extra=["refuse V0102 | function f(Int) | roundOpen r0, 1 | returnNothing",
            "refuse V0112 | function f(Int) readonly | roundOpen r0, 0 | returnNothing",
            "refuse V0109 | function f() | registers Int | roundOpen r0, 0 | returnNothing"])
case("roundPhase", "(Int) -> Int readonly", ["Int"], ["roundPhase =r1, &r0, 0", "return r1"],
     ["f [4] fails NoSuchRound", "begin [4]", "f [4] = 0", "height 14", "f [4] = 0", "height 15", "f [4] = 1", "height 19", "f [4] = 1",
      "height 20", "f [4] = 2", "height 4000000000", "f [4] = 2"], before=BEGIN,
     extra=["refuse V0102 | function f(Int) -> Int | roundPhase r0, r0, 1 | return r0"])
case("roundEntered", "(Int) -> Int readonly", ["Int"], ["roundEntered =r1, &r0, 0, 1", "return r1"],
     ["f [4] fails NoSuchRound", "begin [4]", "f [4] = 0", "height 14", "f [4] = 0", "height 15", "f [4] = 15", "height 17", "f [4] = 15",
      "height 25", "f [4] = 15"], before=BEGIN,
     extra=["refuse V0102 | function f(Int) -> Int | roundEntered r0, r0, 1, 0 | return r0",
            "refuse V0102 | function f(Int) -> Int | roundEntered r0, r0, 0, 3 | return r0",
            "case the last phase", *BEGIN, *END, "function f(Int) -> Int readonly", "registers Int", "roundEntered r1, r0, 0, 2", "return r1", "end",
            "> begin [1]", "> height 16", "> f [1] = 0", "> leave [1]", "> f [1] = 16", "> begin [2]", "> height 40", "> f [2] = 26", "> f [1] = 16"])
case("roundLeave", "(Int)", [], ["roundLeave &r0, 0, 1", "returnNothing"],
     ["f [4] fails NoSuchRound", "begin [4]", "f [4] fails WrongPhase", "height 15", "now [4] = 1", "f [4]", "now [4] = 2", "f [4] fails WrongPhase",
      "begin [5]", "height 25", "now [5] = 2", "f [5] fails WrongPhase"], before=BEGIN + NOW,
     extra=["refuse V0113 | function f(Int) | roundLeave r0, 0, 0 | returnNothing",
            "refuse V0113 | function f(Int) | roundLeave r0, 0, 2 | returnNothing",
            "refuse V0102 | function f(Int) | roundLeave r0, 0, 3 | returnNothing",
            "refuse V0112 | function f(Int) readonly | roundLeave r0, 0, 1 | returnNothing"])
case("phaseGuard", "(Int, Int) readonly", [], ["phaseGuard r0, &r1, 0, 5", "returnNothing"],
     ["f [0, 4] fails NoSuchRound", "begin [4]", "f [0, 4]", "f [1, 4] fails WrongPhase", "f [2, 4] fails WrongPhase", "f [3, 4] fails WrongPhase",
      "f [-1, 4] fails WrongPhase", f"f [{2**70}, 4] fails WrongPhase", "height 15", "f [0, 4] fails WrongPhase",
      # Not in the set, and where a condition alone leads.
      "f [1, 4] fails WrongPhase", "f [2, 4]", "height 20", "f [2, 4]", "f [0, 4] fails WrongPhase"], before=BEGIN,
     extra=["refuse V0102 | function f(Int, Int) | phaseGuard r0, r1, 1, 1 | returnNothing",
            "refuse V0113 | function f(Int, Int) during 0 0 | returnNothing",
            "refuse V0113 | function f(Int, Int) during 0 0 | phaseGuard r0, r1, 0, 2 | returnNothing",
            "refuse V0113 | function f(Int, Int) during 0 0 | phaseGuard r0, r1, 0, 3 | returnNothing",
            "accept | function f(Int, Int) during 0 0 | phaseGuard r0, r1, 0, 1 | returnNothing",
            "refuse V0113 | function f(Int, Int) during 0 9 | phaseGuard r0, r1, 0, 1 | returnNothing",
            "refuse V0113 | function f(Int, Bool) during 0 0 | branchTrue r1, over | phaseGuard r0, r0, 0, 1 | over: | returnNothing"])
SEALS = BEGIN + ["function commit(Int, Address, Hash)", "sealCommit r0, r2, 0", "returnNothing", "end"]
SEALED = f'"0x{commitment(4, 1, -9, 77)}"'
case("sealCommit", "(Int, Address, Hash)", [], ["sealCommit &r0, r2, 0", "returnNothing"],
     [f"f [4, @1, {SEALED}] fails NoSuchRound", "begin [4]", "begin [5]", f"f [4, @1, {SEALED}]", f"f [4, @1, {SEALED}] fails AlreadyCommitted",
      f"f [4, @2, {SEALED}] fails NotAuthorized", "caller @2", f"f [4, @2, {SEALED}]", f"f [5, @2, {SEALED}]", "caller @3", "height 14",
      f"f [4, @3, {SEALED}]", "caller @4", "height 15", f"f [4, @4, {SEALED}] fails WrongPhase"], before=BEGIN,
     extra=["refuse V0102 | function f(Int, Address, Hash) | sealCommit r0, r2, 1 | returnNothing",
            "refuse V0112 | function f(Int, Address, Hash) readonly | sealCommit r0, r2, 0 | returnNothing"])
case("sealReveal", "(Int, Address, Int, Hash)", [], ["sealReveal &r0, r2, r3, 0", "returnNothing"],
     ["begin [4]", "begin [5]", f"commit [4, @1, {SEALED}]", "f [4, @1, -9, @77] fails WrongPhase", "height 15", "f [4, @1, -8, @77] fails CommitmentMismatch",
      "f [4, @1, -9, @78] fails CommitmentMismatch", "f [4, @2, -9, @77] fails NotCommitted", "f [5, @1, -9, @77] fails NotCommitted",
      "caller @6", "f [4, @1, -9, @77]", "f [4, @1, -9, @77] fails AlreadyRevealed", "value [4, @1] = -9", "value [4, @2] = null",
      "height 20", "f [4, @1, -9, @77] fails WrongPhase"],
     before=SEALS + ["function value(Int, Address) -> Int? readonly", "registers Int?", "stateFind r2, r0, 4", "return r2", "end"],
     extra=["refuse V0102 | function f(Int, Address, Int, Hash) | sealReveal r0, r2, r3, 1 | returnNothing",
            "refuse V0112 | function f(Int, Address, Int, Hash) readonly | sealReveal r0, r2, r3, 0 | returnNothing",
            "refuse V0108 | function f(Int, Address, Bool, Hash) | sealReveal r0, r2, r3, 0 | returnNothing"])

# Other contracts: the second module lives at @51.

SHOP = ["interface I implemented: view price(Int) -> Int, action pay(Token#1) -> Int",
        "function price(Int) -> Int readonly", "registers Int", "loadInteger r1, 100", "branchLess r0, r1, cheap", "fail r0, 0", "cheap:",
        "multiplyImmediate r1, r0, 3", "return r1", "end",
        "function pay(Token#1) -> Int", "registers Int, Int, Address", "tokenAmount r1, r0", "caller r3", "send r0, r3", "loadInteger r2, 5",
        "branchLess r1, r2, few", "failBuiltin RequirementFailed", "few:", "emit r1, 0", "return r1", "end"]
case("interfaceCall", "(Int, Interface#0) -> Int readonly", ["Int", "Int"], ["move r2, r0", "interfaceCall &r2, r1, 0", "return r3"],
     ["f [7, @51] = 21", "f [100, @51] fails Wrong", "f [7, @50] fails InterfaceMismatch", "f [7, @52] fails NoSuchContract"],
     other=SHOP,
     extra=["refuse V0102 | function f(Int, Interface#0) | registers Int | interfaceCall r0, r1, 2 | returnNothing",
            "refuse V0112 | function _f(Token#1, Interface#0) readonly | registers Int | interfaceCall r0, r1, 1 | returnNothing",
            "refuse V0108 | function f(Int, Address) | registers Int | interfaceCall r0, r1, 0 | returnNothing",
            "case a contract that is active is not entered",
            "interface I implemented: view price(Int) -> Int, action pay(Token#1) -> Int",
            "function price(Int) -> Int readonly", "return r0", "end", "function pay(Token#1) -> Int", "registers Address, Int",
            "caller r1", "send r0, r1", "loadInteger r2, 1", "return r2", "end",
            "function f(Int) -> Int", "registers Address, Int, Int, Interface#0", "selfAddress r1", "toInterface r4, r1, 0", "move r2, r0",
            "interfaceCall r2, r4, 0", "return r3", "end", "> f [1] fails Reentrancy", "> price [1] = 1"])
case("tryCall", "(Token#1, Interface#0, Int) -> Int", ["Token#1", "Int", "Int"],
     ["move r3, r0", "tryCall &r3, r1, r2, 1, failed", "return r4", "failed:", "loadInteger r5, -1", "return r5"],
     ["grant @1 100", "f [3, @51, 100000] = 3", "emits Happened [3]", "f [9, @51, 100000] = -1", "f [3, @51, 10] = -1",
      "f [3, @51, 100000000] fails InsufficientGas", "f [3, @51, -1] fails Overflow", "balance 1 @50 = 15"],
     other=SHOP,
     extra=["refuse V0102 | function f(Int, Interface#0) | registers Int | tryCall r0, r1, r0, 2, failed | failed: | returnNothing",
            "refuse V0109 | function f(Int, Interface#0) -> Int | registers Int, Int | move r2, r0 | tryCall r2, r1, r0, 0, failed | failed: | return r3"])
case("toInterface", "(Address) -> Interface#0 readonly", ["Interface#0"], ["toInterface =r1, r0, 0", "return r1"],
     ["f [@51] = @51", "f [@50] fails InterfaceMismatch", "f [@7] fails NoSuchContract"], other=SHOP,
     extra=["refuse V0102 | function f(Address) | registers Interface#0 | toInterface r1, r0, 1 | returnNothing",
            "refuse V0108 | function f(Address) | registers Address | toInterface r1, r0, 0 | returnNothing"])
case("emit", "(Int)", [], ["emit &r0, 0", "returnNothing"], ["f [7]", "emits Happened [7]", "f [-1]", "emits Happened [-1]"],
     extra=["refuse V0112 | function f(Int) readonly | emit r0, 0 | returnNothing",
            "refuse V0102 | function f(Int) | emit r0, 1 | returnNothing",
            "refuse V0109 | function f() | registers Int | emit r0, 0 | returnNothing"])

# Tensors.


def tensor(dimensions, elements):
    return f'{{"dimensions": {list(dimensions)}, "elements": {list(elements)}}}'


T8, T32 = "Tensor<i8, [0, 0]>", "Tensor<i32, [0, 0]>"
A, B = [1, 2, 3, -4, 5, -128], [1, -1, 2, -2, 3, 127]
PRODUCT = [sum(A[3 * i + k] * B[2 * k + j] for k in range(3)) for i in range(2) for j in range(2)]
case("tensorMatmul", f"({T8}, {T8}) -> {T32} readonly", [T32], ["tensorMatmul =r2, r0, r1", "return r2"],
     [f"f [{tensor([2, 3], A)}, {tensor([3, 2], B)}] = {tensor([2, 2], PRODUCT)}",
      f"f [{tensor([2, 3], A)}, {tensor([2, 3], A)}] fails ShapeMismatch",
      f"f [{tensor([0, 3], [])}, {tensor([3, 2], B)}] = {tensor([0, 2], [])}"],
     extra=[f"refuse V0108 | function f({T32}, {T8}) | registers {T32} | tensorMatmul r2, r0, r1 | returnNothing",
            f"refuse V0108 | function f({T8}) | tensorMatmul r0, r0, r0 | returnNothing"])
case("tensorAdd", f"({T32}, {T32}) -> {T32} readonly", [T32], ["tensorAdd =r2, r0, r1", "return r2"],
     [f"f [{tensor([1, 2], [1, 2])}, {tensor([1, 2], [3, -4])}] = {tensor([1, 2], [4, -2])}",
      f"f [{tensor([1, 2], [1, 2])}, {tensor([2, 1], [3, -4])}] fails ShapeMismatch",
      f"f [{tensor([1, 1], [2**31 - 1])}, {tensor([1, 1], [1])}] fails Overflow"],
     extra=[f"run [{tensor([2, 2], [1, 2, 3, 4])}, {tensor([2], [10, 20])}] = {tensor([2, 2], [11, 22, 13, 24])}"
            f" | function f({T32}, Tensor<i32, [0]>) -> {T32} readonly | registers {T32} | tensorAdd r2, r0, r1 | return r2",
            f"refuse V0108 | function f({T8}, {T8}) | tensorAdd r0, r0, r1 | returnNothing"])


def quantised(v, m, s):
    return max(-128, min(127, round(Fraction(v * m, 2**s))))


V = [1, 3, 5, -1, -3, 1000, -1000]
case("tensorRequantize", "(Tensor<i32, [0]>, Int, Int) -> Tensor<i8, [0]> readonly", ["Tensor<i8, [0]>"],
     ["tensorRequantize =r3, r0, r1, r2", "return r3"],
     [f"f [{tensor([7], V)}, {m}, {s}] = {tensor([7], [quantised(v, m, s) for v in V])}" for m, s in ((1, 1), (3, 2), (1, 0), (77, 9))]
     + [f"f [{tensor([1], [1])}, 1, -1] fails InvalidArgument"],
     extra=["refuse V0108 | function f(Tensor<i8, [0]>, Int) | registers Tensor<i8, [0]> | tensorRequantize r2, r0, r1, r1 | returnNothing"])
case("tensorRelu", f"({T32}) -> {T32} readonly", [T32], ["tensorRelu =r1, r0", "return r1"],
     [f"f [{tensor([1, 3], [-1, 0, 7])}] = {tensor([1, 3], [0, 0, 7])}"],
     extra=[f"run [{tensor([1, 3], [-128, 0, 127])}] = {tensor([1, 3], [0, 0, 127])} | function f({T8}) -> {T8} readonly | tensorRelu r0, r0 | return r0",
            "refuse V0108 | function f(Tensor<i16, [0]>) | tensorRelu r0, r0 | returnNothing"])
case("tensorArgmax", f"({T32}) -> Tensor<i32, [0]> readonly", ["Tensor<i32, [0]>"], ["tensorArgmax =r1, r0", "return r1"],
     [f"f [{tensor([2, 3], [1, 5, 5, -3, -2, -9])}] = {tensor([2], [1, 1])}", f"f [{tensor([1, 0], [])}] fails ShapeMismatch"],
     extra=[f"refuse V0108 | function f({T32}) | tensorArgmax r0, r0 | returnNothing"])
case("tensorCountEqual", "(Tensor<i32, [0]>, Tensor<i32, [0]>) -> Int readonly", ["Int"], ["tensorCountEqual =r2, r0, r1", "return r2"],
     [f"f [{tensor([3], [1, 2, 3])}, {tensor([3], [1, 9, 3])}] = 2", f"f [{tensor([3], [1, 2, 3])}, {tensor([2], [1, 9])}] fails ShapeMismatch",
      f"f [{tensor([0], [])}, {tensor([0], [])}] = 0"],
     extra=["refuse V0108 | function f(Tensor<i32, [0]>, Tensor<i32, [0, 0]>) | registers Int | tensorCountEqual r2, r0, r1 | returnNothing"])
case("tensorAt", "(Tensor<i16, [0, 0]>, Int, Int) -> Int readonly", ["Int"], ["tensorAt =r3, r0, &r1", "return r3"],
     [f"f [{tensor([2, 2], [1, -2, 3, -32768])}, {i}, {j}] " + (f"= {[1, -2, 3, -32768][2 * i + j]}" if 0 <= i < 2 and 0 <= j < 2 else "fails IndexOutOfRange")
      for i in (-1, 0, 1, 2) for j in (-1, 0, 1, 2)],
     extra=["refuse V0109 | function f(Tensor<i16, [0, 0]>, Int) | registers Int, Int | tensorAt r3, r0, r1 | returnNothing"])
case("tensorSize", f"({T8}) -> Int readonly", ["Int"], ["tensorSize =r1, r0, 1", "return r1"],
     [f"f [{tensor([2, 3], A)}] = 3", f"f [{tensor([0, 5], [])}] = 5"],
     extra=[f"refuse V0108 | function f({T8}) | registers Int | tensorSize r1, r0, 2 | returnNothing",
            f"refuse V0102 | function f({T8}) | registers Int | tensorSize r1, r0, 4 | returnNothing"])

# An operation and its width check.

for base, oracle in (("add", lambda a, b: a + b), ("subtract", lambda a, b: a - b), ("multiply", lambda a, b: a * b)):
    for sign in ("Signed", "Unsigned"):
        name = base + sign
        extra = []
        for bits in (64, 65, 128, 256, 300):
            low, high = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if sign == "Signed" else (0, 2**bits - 1)
            extra += [f"case {bits} bits", f"function f{WIDE}", "registers Int<4096>", f"{name} r2, r0, r1, {bits}", "return r2", "end"]
            pairs = [(high, 1), (high, 0), (high, -1), (low, -1), (low, 1), (low, 0), (0, 1), (2**40, 2**40), (2 ** (bits // 2), 2 ** (bits // 2)), (3, -5)]
            extra += ["> " + r for r in runs_of(pairs, lambda a, b: oracle(a, b) if low <= oracle(a, b) <= high else "Overflow")]
        extra += [f"refuse V0108 | function f(Int) | {name} r0, r0, r0, {bits} | returnNothing" for bits in (0, 63, 4097)]
        case(name, WIDE, ["Int<4096>"], [f"{name} =r2, r0, r1, 64", "return r2"], ["f [5, 3] = " + str(oracle(5, 3))], extra=extra)

# Attempts and draws.

HALF = ["function _half(Int) -> Int", "registers Int, Int", "statePut r0, r0, 0", "moduloImmediate r1, r0, 2", "loadInteger r2, 0",
        "branchNotEqual r1, r2, odd", "loadInteger r2, 2", "divide r1, r0, r2, floor", "return r1", "odd:", "failBuiltin RequirementFailed", "end",
        "function get() -> Int readonly", "registers Int", "stateGet r0, r0, 0", "return r0", "end"]
case("tryLocal", "(Int, Int) -> Int", ["Int", "Int", "Int"],
     ["move r3, r0", "tryLocal &r3, r1, 0, failed", "return r4", "failed:", "loadInteger r2, -1", "return r2"],
     ["f [10, 20000] = 5", "get [] = 10", "f [7, 20000] = -1", "get [] = 10", "f [12, 40] = -1", "get [] = 10",
      "f [12, 100000000] fails InsufficientGas", "f [12, -1] fails Overflow"], before=HALF,
     extra=["refuse V0111 | function f(Int) | tryLocal r0, r0, 0, failed | failed: | returnNothing",
            "refuse V0110 | function _g(Token#0) | burn r0 | returnNothing | end | function f(Token#0, Int)"
            " | tryLocal r0, r1, 0, failed | failed: | returnNothing",
            "refuse V0109 | function _g() -> Int | registers Int | loadInteger r0, 1 | return r0 | end | function f(Int) -> Int"
            " | registers Int | tryLocal r1, r0, 0, failed | failed: | return r1"])
case("blockRandomness", "(Int) -> Hash readonly", ["Hash"], ["blockRandomness =r1, r0", "return r1"],
     [f'f [{h}] = "0x{blake(numbered(h))}"' for h in (0, 1, 9)] + ["f [10] fails SeedNotReady", "f [11] fails SeedNotReady", "f [3] fails SeedNotReady",
      "height 11", f'f [10] = "0x{blake(numbered(10))}"'],
     extra=["refuse V0108 | function f(Int) | registers Interface#0 | blockRandomness r1, r0 | returnNothing"])


def drawn(seed, population, count):
    words, counter = [], 0

    def number(below):
        nonlocal counter
        while True:
            if not words:
                digest = hashlib.blake2b(seed + counter.to_bytes(8, "little"), digest_size=32).digest()
                words.extend(int.from_bytes(digest[8 * i:8 * i + 8], "little") for i in range(4))
                counter += 1
            word = words.pop(0)
            if word < 2**64 // below * below:
                return word % below

    places = list(range(population))
    for i in range(min(count, population)):
        j = i + number(population - i)
        places[i], places[j] = places[j], places[i]
    return places[:count]


case("drawIndices", "(Hash, Int, Int) -> List<Int, 8> readonly", ["List<Int, 8>"], ["drawIndices =r3, r0, r1, r2", "return r3"],
     [f"f [@{s}, {p}, {n}] = {drawn(numbered(s), p, n)}" for s, p, n in ((1, 8, 8), (2, 1000, 5), (3, 3, 8), (4, 2**20, 8), (5, 0, 4), (6, 9, 0), (7, 12, 8))]
     + ["f [@1, 100, 9] fails CapacityExceeded", "f [@1, -1, 3] fails InvalidArgument", f"f [@1, {2**31}, 3] fails InvalidArgument"],
     extra=["refuse V0108 | function f(Hash, Int) | registers List<Bool, 4> | drawIndices r2, r0, r1, r1 | returnNothing"])

differing = []
for name, text in files.items():
    path = ROOT / f"{name}.agasm"
    if path.exists() and path.read_text() == text:
        continue
    differing.append(name)
    if "--check" not in sys.argv:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
if "--check" in sys.argv and differing:
    sys.exit("differ from what the script writes: " + ", ".join(sorted(differing)))
print(f"{len(files)} files, {len(differing)} " + ("differ" if "--check" in sys.argv else "written"))
