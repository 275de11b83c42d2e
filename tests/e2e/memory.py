#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The heap that -report says a module takes is what real MicroPythons take for it.

What an import costs besides is the same for a small and a large module, so their difference counts.
"""

import json

from everywhere import Job, run_everywhere
from report import Report, parser, work_folder
from toolchains import MPYLINK, compilers, run

SOURCE = """\
#include "py/dynruntime.h"
const char text[LARGE ? 1000 : 1] = "x";
char zeros[LARGE ? 500 : 1];
int values[LARGE ? 75 : 1] = {1};
mp_obj_t mpy_init(mp_obj_fun_bc_t *self, size_t n_args, size_t n_kw, mp_obj_t *args) {
  MP_DYNRUNTIME_INIT_ENTRY
  ((volatile char *)zeros)[0] = ((volatile int *)values)[0] + ((volatile const char *)text)[0];
  MP_DYNRUNTIME_INIT_EXIT
}
"""
# Tables of the interpreter grow at some imports, so the cheapest one counts.
SCRIPT = """\
import gc
names = [kind + str(i) for kind in ("s", "l") for i in range(3)]
costs = {name: 0 for name in names}
def cost(name):
    gc.collect()
    before = gc.mem_alloc()
    __import__(name)
    gc.collect()
    costs[name] = gc.mem_alloc() - before
for name in names:
    cost(name)
def least(kind):
    return min(costs[name] for name in names if name.startswith(kind))
print(least("l") - least("s"))
"""
COPIES = 3
# Code in pages, in the heap, and copied out of it.
ARCHS = {"x64": ("*x64*",), "armv7m": ("qemu-*",), "xtensa": ("*",)}


def main() -> None:
    options = parser(__doc__).parse_args()
    work, report = work_folder(options), Report()
    script = work / "cost.py"
    script.write_text(SCRIPT)
    source = work / "m.c"
    source.write_text(SOURCE)
    for arch, where in ARCHS.items():
        folder = work / arch
        folder.mkdir()
        compiler = compilers(arch)[0]
        heap, files = {}, []
        for kind in ("s", "l"):
            compiled = folder / f"{kind}.o"
            model = next(iter(compiler.models(arch).values()))
            compiler.compile(source, [*model, "-Os", f"-DLARGE={int(kind == 'l')}"], compiled)
            for i in range(COPIES):
                files.append(folder / f"{kind}{i}.mpy")
                answer = run([MPYLINK, "-report=json", "-arch", arch, str(compiled), "-o", str(files[-1])])
                heap[kind] = json.loads(answer)["ram"]["heap"]
        for result in run_everywhere([Job(arch, script, tuple(files), where=where)], arch, folder):
            expected = f"{heap['l'] - heap['s']}\n"
            report.expect(f"{arch} in {result.interpreter}", result.output, expected, result.errors)
    report.exit()


if __name__ == "__main__":
    main()
