#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every option of MicroPython's mpy_ld.py in every spelling that its argument parser takes; and our own ones.

All spellings of one link must give the same file.
"""

import os
from pathlib import Path

from report import Report, parser, work_folder
from toolchains import MPYLINK, ROOT, Failed, compilers, need, run

MAIN = """\
#include "py/dynruntime.h"
extern char fixed_place[];
int from_library(void);
static mp_obj_t get(void) { return mp_obj_new_int((mp_int_t)(uintptr_t)fixed_place + from_library()); }
static MP_DEFINE_CONST_FUN_OBJ_0(get_obj, get);
mp_obj_t mpy_init(mp_obj_fun_bc_t *self, size_t n_args, size_t n_kw, mp_obj_t *args) {
  MP_DYNRUNTIME_INIT_ENTRY
  mp_store_global(MP_QSTR_get, MP_OBJ_FROM_PTR(&get_obj));
  MP_DYNRUNTIME_INIT_EXIT
}
"""

BASE = "main.o --qstrs main.config.h"
REFERENCE = f"{BASE} --arch x64 --libs libx.a --externs rom.ld --source-name main -o out.mpy"

# Each link does what REFERENCE does.
SAME = (
    # The compact ones, and with "=".
    f"{BASE} --arch=x64 --libs=libx.a --externs=rom.ld --source-name=main --output=out.mpy",
    f"{BASE} --arch x64 -l libx.a -e rom.ld --source-name main --output out.mpy",
    f"{BASE} --arch x64 -llibx.a -e rom.ld --source-name main -oout.mpy",
    f"{BASE} --arch x64 -l{{folder}}/libx.a -erom.ld --source-name main -o out.mpy",
    "main.o --arch x64 --qstrs=main.config.h -l libx.a -e rom.ld --source-name main -o out.mpy",
    # One dash, as LLVM's tools have it.
    "main.o -arch x64 -qstrs main.config.h -l libx.a -externs rom.ld -source-name main -o out.mpy",
    "main.o -arch=x64 -qstrs=main.config.h -L . -l x -externs=rom.ld -source-name=main -output=out.mpy",
    "main.o -arch=x64 -qstrs=main.config.h -L. -lx -externs=rom.ld -source-name=main -output out.mpy",
    # Options before and behind the files; the architecture from the object.
    "-o out.mpy --source-name main -e rom.ld -l libx.a --qstrs main.config.h main.o",
    # A library is also an input by its name.
    f"{BASE} libx.a --arch x64 -e rom.ld --source-name main -o out.mpy",
    # Verbosity in all spellings changes nothing but what is printed.
    *(f"{REFERENCE} {flags}" for flags in ("-v", "--verbose", "-v -v", "-vv", "-v -v -v", "-vvv", "-vvvv", "-verbose")),
    # Defaults said aloud.
    f"{REFERENCE} -entry mpy_init -gc-sections -verify -error-limit 3 -fatal-warnings --arch-flags 0",
    # From files.
    "@arguments",
    "@first -l libx.a @second",
)


def main() -> None:
    options = parser(__doc__).parse_args()
    work, report = work_folder(options), Report()
    prepare(work)
    run([MPYLINK, *REFERENCE.split()], cwd=work)
    reference = (work / "out.mpy").read_bytes()
    for line in SAME:
        (work / "out.mpy").unlink(missing_ok=True)
        words = [word.format(folder=work) for word in line.split()]
        try:
            run([MPYLINK, *words], cwd=work)
            report.expect(line, (work / "out.mpy").read_bytes(), reference)
        except (Failed, FileNotFoundError) as problem:
            report.fail(line, str(problem))
    defaults(work, report)
    report.exit()


def prepare(work: Path) -> None:
    compiler = compilers("x64")[0]
    (work / "main.c").write_text(MAIN)
    (work / "library.c").write_text("int from_library(void);\nint from_library(void) { return 2; }\n")
    (work / "rom.ld").write_text("PROVIDE(fixed_place = 0x1000);\n")
    (work / "arguments").write_text(REFERENCE.replace(" ", "\n"))
    (work / "first").write_text("main.o --qstrs main.config.h --arch x64")
    (work / "second").write_text("-e rom.ld\n--source-name 'main'\n-o \"out.mpy\"\n")
    run([MPYLINK, "--arch", "x64", "--preprocess", "-o", "main.config.h", "main.c"], cwd=work)
    flags = ["-fpic", "-Os", f"-DMP_CONFIGFILE=<{work}/main.config.h>"]
    for name in ("main", "library"):
        compiler.compile(work / f"{name}.c", flags, work / f"{name}.o")
    run([need("ar"), "rcs", "libx.a", "library.o"], cwd=work)


def defaults(work: Path, report: Report) -> None:
    """Names of outputs that are not given, and what -preprocess leaves alone."""
    header = (work / "main.config.h").read_bytes()
    report.expect("-preprocess numbers the name", b"MP_QSTR_get " in header, True)
    for line in ("--preprocess main.c", "-preprocess main.c", "--arch armv7m --preprocess --output=other.h main.c"):
        output = work / ("other.h" if "other.h" in line else "main.config.h")
        output.unlink(missing_ok=True)
        run([MPYLINK, *line.split()], cwd=work)
        report.expect(line, output.read_bytes(), header)
    os.utime(work / "main.config.h", ns=(1, 1))
    run([MPYLINK, "--preprocess", "main.c"], cwd=work)
    report.expect("an equal header keeps its time", (work / "main.config.h").stat().st_mtime_ns, 1)

    run([MPYLINK, *BASE.split(), "-llibx.a", "-e", "rom.ld"], cwd=work)
    report.expect("main.o becomes main.mpy", (work / "main.mpy").is_file(), True)
    report.expect("the source name is that of the output", b"main.mpy" in (work / "main.mpy").read_bytes(), True)
    map_text = run([MPYLINK, *REFERENCE.split(), "-Map", "-"], cwd=work)
    run([MPYLINK, *REFERENCE.split(), "--Map=out.map"], cwd=work)
    report.expect("-Map - prints what -Map FILE writes", map_text, (work / "out.map").read_text())
    report.expect("the map names the function", "mpy_init" in map_text, True)
    version = run([MPYLINK, "--version"])
    project = (ROOT / "CMakeLists.txt").read_text()
    report.expect("-version is that of the project", f"VERSION {version.split()[1]} " in project, True)
    # What is on standard output of a verbose link, in steps.
    quiet, sizes, everything = (run([MPYLINK, *REFERENCE.split(), *flags], cwd=work) for flags in ([], ["-v"], ["-vv"]))
    report.expect("quiet by default", quiet, "")
    report.expect("-v prints sizes", f", {(work / 'out.mpy').stat().st_size} bytes" in sizes, True)
    report.expect("-vv prints the map as well", everything, f"{sizes}\n{map_text}")


if __name__ == "__main__":
    main()
