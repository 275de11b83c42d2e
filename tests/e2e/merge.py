#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Merged modules in real interpreters: bytecode of mpy-cross, with and without machine code, 2 to 40 inputs.

Each input raises an error in a line of its own, and the traceback must name that line.
"""

import sys
from pathlib import Path

from everywhere import Job, run_everywhere
from report import Report, parser, work_folder
from toolchains import MPYLINK, ROOT, compilers, run

# All that gets another size when the numbers of names grow: jumps, loops, handlers, closures, line numbers.
PART = """\
# {filler}
import sys
ORDER.append({n})
def run_{n}(a, b=2, *args, key=None, **more):
    numbers = (1, 2, "three", b"four", 12345678901234567890, "of {n}")
    for i in range(3):
        if i == 1:
            continue
        try:
            a += i
            if a > 100:
                raise IndexError
        except (IndexError, KeyError) as error:
            a = str(error)
        finally:
            b += len(more)
    return [lambda: a, b, args, key, sorted(more), numbers[-1]]
{lines}
class Text_{n}:
    def __init__(self, text):
        self.text_{n} = text
    def plain(self):
        return "".join(c for c in self.text_{n} if c != "_")
def fail_{n}():
    while True:
        if sys.modules:
            raise ValueError(Text_{n}("_fa_il_{n}").plain())
"""
FIRST = "ORDER = []\n"
NATIVE = """\
#include "py/dynruntime.h"
static mp_obj_t twice(mp_obj_t n) { return mp_obj_new_int(2 * mp_obj_get_int(n)); }
static MP_DEFINE_CONST_FUN_OBJ_1(twice_obj, twice);
mp_obj_t mpy_init(mp_obj_fun_bc_t *self, size_t n_args, size_t n_kw, mp_obj_t *args) {
  MP_DYNRUNTIME_INIT_ENTRY
  mp_store_global(MP_QSTR_twice, MP_OBJ_FROM_PTR(&twice_obj));
  MP_DYNRUNTIME_INIT_EXIT
}
"""
SCRIPT = """\
import io, sys
def check(name, count, native):
    m = __import__(name)
    print(name, m.ORDER, m.twice(21) if native else "")
    for n in range(count):
        f, *rest = getattr(m, "run_%d" % n)(100, key=n, other=1)
        print(f(), rest)
        try:
            getattr(m, "fail_%d" % n)()
        except Exception as error:
            text = io.StringIO()
            sys.print_exception(error, text)
            print([line.strip() for line in text.getvalue().split("\\n")[2:] if line])
"""
COUNTS = (2, 3, 40)
# A hosted x64, an Arm that is not, and one whose code is copied out of the heap.
ARCHS = {"x64": ("unix-x64",), "armv7m": ("qemu-m3",), "xtensawin": ("*",)}


def make_parts(count: int, work: Path, mpy_cross: str) -> list[Path]:
    parts = []
    for n in range(count):
        source = work / f"part{n}.py"
        text = PART.format(n=n, filler="x" * n, lines="\n" * (n * 37))
        source.write_text((FIRST if n == 0 else "") + text)
        run([mpy_cross, source.name], cwd=work)
        parts.append(source.with_suffix(".mpy"))
    return parts


def link_native(arch: str, folder: Path) -> tuple[Path, Path]:
    source, header, made = folder / "twice.c", folder / "twice.h", folder / "twice.o"
    source.write_text(NATIVE)
    run([MPYLINK, "-preprocess", str(source), "-o", str(header)])
    compiler = compilers(arch)[0]
    model = next(iter(compiler.models(arch).values()))
    flags = [*model, "-Os", "-UNO_QSTR", f"-DMP_CONFIGFILE=<{header}>"]
    compiler.compile(source, flags, made)
    return made, header


def expected(name: str, parts: list[Path], native: bool, source_name: str) -> str:
    """What CPython makes of the same sources, but for the native function."""
    text = f"{name} {list(range(len(parts)))} {42 if native else ''}\n"
    space = {}
    for n, part in enumerate(parts):
        source = part.with_suffix(".py").read_text()
        exec(source, space)
        f, *rest = space[f"run_{n}"](100, key=n, other=1)
        line = next(i for i, words in enumerate(source.splitlines(), 1) if "raise ValueError" in words)
        trace = [f'File "{source_name}", line {line}, in fail_{n}', f"ValueError: fail{n}"]
        text += f"{f()} {rest}\n{trace}\n"
    return text


def main() -> None:
    options = parser(__doc__).parse_args()
    work, report = work_folder(options), Report()
    setup = ROOT / "tests/interpreters/setup.py"
    source = Path(run([sys.executable, "-B", str(setup), "--path", "source"]).strip())
    parts = make_parts(max(COUNTS), work, str(source / "mpy-cross/build/mpy-cross"))
    for arch, where in ARCHS.items():
        folder = work / arch
        folder.mkdir()
        compiled, header = link_native(arch, folder)
        made, calls, text = [], "", ""

        def module(name: str, arguments: list, count: int, native: bool, source_name: str = "part0.py") -> None:
            nonlocal calls, text
            made.append(folder / f"{name}.mpy")
            run([MPYLINK, *map(str, arguments), "-o", str(made[-1])])
            calls += f"check({name!r}, {count}, {native})\n"
            text += expected(name, parts[:count], native, source_name)

        for count in COUNTS:
            module(f"all{count}", ["-merge", *parts[:count]], count, False)
        linked = ["-arch", arch, "-qstrs", header, compiled]
        module("first", [*linked, *parts[:3]], 3, True)
        module("middle", [*parts[:2], *linked, *parts[2:9], "-source-name", "given.py"], 9, True, "given.py")
        # As MicroPython's makefiles do it, and a merge of merges.
        run([MPYLINK, *map(str, linked), "-o", str(folder / "native.mpy")])
        module("steps", ["--merge", folder / "native.mpy", *parts[:2]], 2, True)
        module("nested", ["--merge", folder / "all3.mpy", folder / "native.mpy", parts[3]], 4, True)
        script = folder / "check.py"
        script.write_text(SCRIPT + calls)
        for result in run_everywhere([Job(arch, script, tuple(made), where=where)], arch, folder):
            report.expect(f"{arch} in {result.interpreter}", result.output, text, result.errors)
    report.exit()


if __name__ == "__main__":
    main()
