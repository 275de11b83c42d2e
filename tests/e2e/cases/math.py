# SPDX-License-Identifier: MIT
"""The functions of <math.h> in double and float, against Python's results on this computer. The micro:bit has too
little memory for them all."""

import math
import struct

UNARY = {
    "sin": (0.5, -2.0, 3.0, 100.25), "cos": (0.5, -2.0, 3.0, 100.25), "tan": (0.5, 1.5, -4.0),
    "asin": (0.25, -0.75), "acos": (0.25, -0.75), "atan": (0.25, -7.5, 1000.0),
    "sinh": (0.5, -3.0), "cosh": (0.5, -3.0), "tanh": (0.25, -1.5),
    "asinh": (0.5, -20.0), "acosh": (1.5, 30.0), "atanh": (0.25, -0.75),
    "exp": (0.5, -10.0, 20.25), "exp2": (0.25, -5.5), "expm1": (0.125, -3.0),
    "log": (0.125, 3.0, 1e20), "log2": (3.0, 1e-10), "log10": (2.0, 1234.5), "log1p": (0.125, 1000.0),
    "sqrt": (2.0, 1e-30, 12345.0), "cbrt": (3.0, -100.0), "erf": (0.5, -1.5), "fabs": (-2.5,),
    "floor": (2.75, -2.25), "ceil": (2.25, -2.75), "trunc": (2.75, -2.75), "round": (2.5, -3.5, 0.25),
}  # fmt: skip
BINARY = {
    "pow": ((2.5, 3.25), (10.0, -5.0), (0.5, 100.0)),
    "atan2": ((1.0, -2.0), (-3.0, 0.5)),
    "hypot": ((3.0, 4.0), (1e-5, 2.5)),
    "fmod": ((10.5, 3.25), (-1e10, 7.0)),
    "copysign": ((2.5, -0.0),),
}
OTHER = {"round": lambda x: math.copysign(math.floor(abs(x) + 0.5), x)}  # Python's is another


def as_float(x: float) -> float:
    return struct.unpack("<f", struct.pack("<f", x))[0]


def rows(suffix: str, code: str, narrow) -> tuple[str, ...]:
    """One line for each call: name, arguments, the bits of the result."""
    calls = [(name, (x,)) for name, row in UNARY.items() for x in row]
    calls += [(name, pair) for name, row in BINARY.items() for pair in row]
    for name, arguments in calls:
        arguments = [narrow(x) for x in arguments]
        result = narrow(OTHER.get(name, getattr(math, name, None))(*arguments))
        (bits,) = struct.unpack(code.replace("f", "i").replace("d", "q"), struct.pack(code, result))
        x, y = (*arguments, 0.0)[:2]
        yield f'  {{"{name}{suffix}", {x.hex()}, {y.hex()}, {bits}, {name}{suffix}_}},'


print("""\
// SPDX-License-Identifier: MIT
//# ARCH: x64 arm riscv xtensa
//# MATRIX: one
//# INTERPRETERS: unix-* qemu-m[347]* qemu-rv* qemu-lx106
//# CFLAGS: -std=gnu17 -fno-builtin
//# RUNTIME: errno heap string
//# LIBRARIES
//# RUN: m.wrong_doubles(2) => []
//# RUN: m.wrong_floats(2) => []
//# RUN: len(m.wrong_floats(-1)) == len(m.wrong_doubles(-1)) == CALLS => True
#include <math.h>
#include "case.h"
""".replace("CALLS", str(sum(map(len, [*UNARY.values(), *BINARY.values()])))))
for kind, suffix in (("double", ""), ("float", "f")):
    for name in UNARY:
        print(f"static {kind} {name}{suffix}_({kind} x, {kind} y) {{ (void)y; return {name}{suffix}(x); }}")
    for name in BINARY:
        print(f"static {kind} {name}{suffix}_({kind} x, {kind} y) {{ return {name}{suffix}(x, y); }}")
for kind, suffix, code, integer, narrow in (
    ("double", "", "<d", "int64_t", float),
    ("float", "f", "<f", "int32_t", as_float),
):
    print(f"""
static const struct {{
  const char *name;
  {kind} x, y;
  {integer} expected;
  {kind} (*call)({kind}, {kind});
}} {kind}s[] = {{""")
    print("\n".join(rows(suffix, code, narrow)))
    print(f"""}};
// The calls whose results are further from the host's than so many units in the last place.
OBJ_FUN(wrong_{kind}s, limit) {{
  mp_obj_t list = mp_obj_new_list(0, NULL);
  for (size_t i = 0; i < MP_ARRAY_SIZE({kind}s); ++i) {{
    union {{
      {kind} value;
      {integer} bits;
    }} result = {{OPAQUE({kind}s[i].call)(OPAQUE({kind}s[i].x), OPAQUE({kind}s[i].y))}};
    {integer} distance = result.bits - {kind}s[i].expected;
    if (distance < 0)
      distance = -distance;
    if (distance > mp_obj_get_int(limit))
      mp_obj_list_append(list, mp_obj_new_str({kind}s[i].name, length_of({kind}s[i].name)));
  }}
  return list;
}}""")
print("MODULE(EXPORT(MP_QSTR_wrong_doubles, wrong_doubles) EXPORT(MP_QSTR_wrong_floats, wrong_floats))")
