#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Links the functions of C99's <math.h>, double and float, with templates/mpylink.mk and compares what they compute
in the interpreters of an architecture with the host's C library: at most 2 ulp apart.

Numbers cross as bytes, so it does not matter how an interpreter passes floats."""

import ctypes
import math
import random
import struct
from pathlib import Path

from everywhere import Job, run_everywhere
from report import Report, parser, work_folder
from toolchains import ARCHS, ROOT, make

ULPS = 2
# What the libraries of Debian 12 are known for: newlib's and musl's tgamma is less accurate, newlib's has no sign at
# -0, and newlib's fdim is wrong for infinities. docs/runtime.md tells it.
LESS_ACCURATE = {"tgamma": 64}
WITHOUT_SPECIAL = {"tgamma", "fdim"}

# Arguments: between these numbers, and in any case these.
WIDE, UNIT, POSITIVE, AT_LEAST_1, SMALL = (-700, 700), (-1, 1), (1e-10, 1e10), (1, 1e5), (-5, 5)
SPECIAL = (0.0, -0.0, 1.0, -1.0, 0.5, 1e-7, math.inf, -math.inf, math.nan)
ONE = {
    "acos": UNIT, "asin": UNIT, "atan": WIDE, "cos": WIDE, "sin": WIDE, "tan": WIDE,
    "acosh": AT_LEAST_1, "asinh": WIDE, "atanh": UNIT, "cosh": SMALL, "sinh": SMALL, "tanh": SMALL,
    "exp": (-80, 80), "exp2": (-100, 100), "expm1": SMALL,
    "log": POSITIVE, "log10": POSITIVE, "log1p": POSITIVE, "log2": POSITIVE, "logb": POSITIVE,
    "cbrt": WIDE, "sqrt": POSITIVE, "fabs": WIDE, "erf": SMALL, "erfc": SMALL, "lgamma": (3, 30), "tgamma": (0.1, 20),
    "ceil": WIDE, "floor": WIDE, "nearbyint": WIDE, "rint": WIDE, "round": WIDE, "trunc": WIDE,
}  # fmt: skip
TWO = {
    "atan2": WIDE, "copysign": WIDE, "fdim": WIDE, "fmax": WIDE, "fmin": WIDE, "fmod": WIDE, "hypot": WIDE,
    "nextafter": WIDE, "pow": (0.1, 20), "remainder": WIDE,
}  # fmt: skip
FUNCTIONS = ONE | TWO
PAIRS = 24

MODULE = """
#include "py/dynruntime.h"
#include <math.h>
static const %(type)s inputs[][2] = {%(inputs)s};
typedef %(type)s number_t;
%(wrappers)s
static number_t (*const functions[])(number_t, number_t) = {%(names)s};
// The results of a function, as bytes.
static mp_obj_t results(mp_obj_t index) {
  number_t made[%(pairs)d];
  const mp_int_t i = mp_obj_get_int(index);
  for (int pair = 0; pair < %(pairs)d; ++pair)
    made[pair] = functions[i](inputs[i * %(pairs)d + pair][0], inputs[i * %(pairs)d + pair][1]);
  return mp_obj_new_bytes((const byte *)made, sizeof(made));
}
static MP_DEFINE_CONST_FUN_OBJ_1(results_obj, results);
mp_obj_t mpy_init(mp_obj_fun_bc_t *self, size_t n_args, size_t n_kw, mp_obj_t *args) {
  MP_DYNRUNTIME_INIT_ENTRY
  mp_store_global(MP_QSTR_results, MP_OBJ_FROM_PTR(&results_obj));
  MP_DYNRUNTIME_INIT_EXIT
}
"""

SCRIPT = """
import %(module)s as m
for i in range(%(count)d):
    print("".join("%%02x" %% b for b in m.results(i)))
"""


class Kind:
    """double or float."""

    def __init__(self, name: str, suffix: str, letter: str):
        self.name, self.suffix, self.letter = name, suffix, letter
        self.ctype = {"d": ctypes.c_double, "f": ctypes.c_float}[letter]
        self.size = struct.calcsize(letter)

    def round(self, value: float) -> float:
        return self.ctype(value).value

    def unpack(self, data: bytes) -> list[float]:
        return list(struct.unpack(f"<{len(data) // self.size}{self.letter}", data))

    def position(self, value: float) -> int:
        """Neighbouring numbers have neighbouring positions."""
        bits = int.from_bytes(struct.pack("<" + self.letter, value), "little", signed=True)
        return bits if bits >= 0 else -(bits & ((1 << (8 * self.size - 1)) - 1))

    def expected(self, libm, function: str, x: float, y: float) -> float:
        call = getattr(libm, function + self.suffix)
        count = 1 if function in ONE else 2
        call.restype, call.argtypes = self.ctype, [self.ctype] * count
        return call(*(x, y)[:count])


KINDS = (Kind("double", "", "d"), Kind("float", "f", "f"))


def arguments(kind: Kind) -> dict[str, list[tuple[float, float]]]:
    source = random.Random(kind.name)
    made = {}
    for function, (least, most) in FUNCTIONS.items():

        def number() -> float:
            if most > 1e4:  # all magnitudes alike
                return kind.round(math.exp(source.uniform(math.log(least), math.log(most))))
            return kind.round(source.uniform(least, most))

        special = [] if function in WITHOUT_SPECIAL else [(kind.round(x), 0.75) for x in SPECIAL]
        made[function] = (special + [(number(), number()) for _ in range(PAIRS)])[:PAIRS]
    return made


def literal(kind: Kind, value: float) -> str:
    if math.isnan(value):
        return "NAN"
    return f"{'-' if value < 0 else ''}INFINITY" if math.isinf(value) else value.hex() + kind.suffix


def build(kind: Kind, arch: str, values, work: Path) -> Path:
    folder = work / kind.name
    folder.mkdir()
    wrappers = "".join(
        f"static number_t call_{name}(number_t x, number_t y) "
        f"{{ return {name}{kind.suffix}({'x' if name in ONE else 'x, y'}); }}\n"
        for name in FUNCTIONS
    )
    inputs = ",".join(f"{{{literal(kind, x)},{literal(kind, y)}}}" for pairs in values.values() for x, y in pairs)
    names = ",".join(f"call_{name}" for name in FUNCTIONS)
    source = folder / "main.c"
    source.write_text(
        MODULE % {"type": kind.name, "inputs": inputs, "wrappers": wrappers, "names": names, "pairs": PAIRS}
    )
    (folder / "Makefile").write_text(f"MOD = math_{kind.name}\nSRC = main.c\ninclude {ROOT}/templates/mpylink.mk\n")
    make(folder, arch, BUILD=folder / "build")
    return folder / f"build/math_{kind.name}.mpy"


def compare(kind: Kind, values, output: str, name: str, report: Report) -> None:
    libm = ctypes.CDLL("libm.so.6")
    lines = output.splitlines()
    report.expect(f"{name}: lines", len(lines), len(FUNCTIONS))
    for (function, pairs), line in zip(values.items(), lines):
        results = kind.unpack(bytes.fromhex(line))
        for (x, y), result in zip(pairs, results, strict=True):
            wanted = kind.expected(libm, function, x, y)
            ulps = kind.position(result) - kind.position(wanted)
            near = abs(ulps) <= LESS_ACCURATE.get(function, ULPS)
            if not near and not (math.isnan(result) and math.isnan(wanted)):
                text = f"of {x!r} and {y!r}: {result!r}, not {wanted!r} ({ulps} ulp)"
                report.fail(f"{function}{kind.suffix} {name}", text)
        report.checked += 1


def main() -> None:
    options = parser(__doc__)
    options.add_argument("arch", choices=ARCHS)
    options = options.parse_args()
    work, report, arch = work_folder(options), Report(), options.arch
    jobs = {}
    for kind in KINDS:
        values = arguments(kind)
        module = build(kind, arch, values, work)
        print(f"{module.name}: {module.stat().st_size} bytes")
        script = work / f"{kind.name}.py"
        script.write_text(SCRIPT % {"module": module.stem, "count": len(FUNCTIONS)})
        jobs[Job(kind.name, script, (module,))] = (kind, values)
    for result in run_everywhere(list(jobs), arch, work):
        name = f"in {result.interpreter}"
        report.expect(f"{result.job.name} {name}: exit status", result.status, 0, result.errors)
        compare(*jobs[result.job], result.output, name, report)
    report.exit()


if __name__ == "__main__":
    main()
