#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""MicroPython's own example modules, built by MicroPython's own makefile with
`make MPY_LD=mpylink MPY_TOOL=mpylink`.

The sources are those of the Debian package that tests/interpreters keeps. The small modules are called and their
results compared; those that replace a built-in module go through MicroPython's tests of it, which must print
what they print with the built-in one.
"""

import os
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from everywhere import Job, Result, run_everywhere
from report import Report, parser, work_folder
from toolchains import (
    ARCHS,
    MPYLINK,
    ROOT,
    SOFT_FLOAT_ARCHS,
    XTENSA,
    XTENSAWIN_PREFIX,
    Failed,
    compilers,
    for_arch,
    run,
)

BUILT_IN = ("heapq", "random", "re", "framebuf", "deflate")
REFERENCE = "unix-*"  # the interpreters that have all of those built in
REFERENCE_ARCH = "x64"  # of these, where none takes modules of the architecture
FEWEST_TESTS = 20  # of those; some skip themselves, as the modules have not all that is built in

# What to do with the other modules, and what that prints.
SMALL = {
    "features0": ("from features0 import factorial\nprint(factorial(0), factorial(10))\n", "1 3628800\n"),
    "features1": (
        "import sys, features1 as m\n"
        "print(m.add(40, 2), m.fibonacci(12), m.VAL, m.MSG)\n"
        "m.access(2, 1234)\n"
        "print(m.access(), m.access(2), len(m.make_array()))\n",
        "42 144 42 HELLO_MICROPYTHON\n[0, 0, 1234, 0] 1234 4\n",
    ),
    "features2": (
        "from features2 import *\nprint(round(2.6) == 3, add(1.5, 2) == 3.5, add_f(1.5, 2) == 3.5)\n",
        "True True True\n",
    ),
    "features3": (
        "from features3 import *\n"
        "print(make_dict('a', 1, 'b', 2) == {'a': 1, 'b': 2}, get_const_objects())\n"
        "print(get_types() == (type, type(None), bool, int, str, bytes, tuple, list, dict))\n",
        "True (None, False, True, b'', ())\nTrue\n",
    ),
    "features4": (
        "import features4\nprint(features4.Factorial(6).calculate())\n"
        "try:\n    features4.Factorial(-1)\nexcept features4.FactorialError as error:\n    print(error)\n",
        "720\nargument must be zero or above\n",
    ),
}


def source_folder() -> Path:
    setup = ROOT / "tests/interpreters/setup.py"
    folder = Path(run([sys.executable, "-B", str(setup), "--path", "source"]).strip())
    if not (folder / "examples/natmod").is_dir():
        raise SystemExit("MicroPython's source is not there: run ./bootstrap interpreters")
    return folder


def build(name: str, arch: str, source: Path, work: Path) -> Path:
    folder = work / name
    shutil.copytree(source / "examples/natmod" / name, folder)
    variables = {"MPY_DIR": source, "ARCH": arch, "MPY_LD": MPYLINK, "MPY_TOOL": MPYLINK, "PYTHON": sys.executable}
    if arch in SOFT_FLOAT_ARCHS:
        # Division and switch tables; features2 cannot do without floats.
        variables |= {"LINK_RUNTIME": "1"} | ({"MICROPY_FLOAT_IMPL": "float"} if name == "features2" else {})
    if arch == "x86":
        variables["CROSS"] = "i686-linux-gnu-"  # Debian's gcc has no headers for -m32
    if arch in XTENSA:
        # Debian's libgcc is without what an ESP8266 has in its ROM.
        variables["LIBGCC_PATH"] = compilers(arch)[0].libraries()[0]
    if arch == "xtensa":
        variables["LIBM_PATH"] = compilers(arch)[0].libraries()[1]  # picolibc's libm.a is empty
    if arch == "xtensawin":
        variables |= {"CROSS": XTENSAWIN_PREFIX, "LIBM_PATH": build_libm(source, folder)}
    run(["make", "-C", str(folder), *(f"{key}={value}" for key, value in variables.items())])
    (module,) = folder.glob("*.mpy")
    return module


def build_libm(source: Path, folder: Path) -> Path:
    """The one function the modules need, from MicroPython's own copy: there is no C library with register windows."""
    run([f"{XTENSAWIN_PREFIX}gcc", "-Os", "-c", str(source / "lib/libm/roundf.c"), "-o", str(folder / "roundf.o")])
    run([f"{XTENSAWIN_PREFIX}ar", "rcs", str(folder / "libm.a"), str(folder / "roundf.o")])
    return folder / "libm.a"


def jobs_for(name: str, module: Path, arch: str, source: Path, work: Path) -> list[Job]:
    def script(label: str, text: str) -> Path:
        path = work / f"{label}.py"
        path.write_text(text)
        return path

    if name in SMALL:
        return [Job(name, script(name, SMALL[name][0]), (module,), floats=name == "features2")]
    jobs = []
    for test in sorted((source / "tests/extmod").glob(f"{name}*.py")):
        if arch in SOFT_FLOAT_ARCHS and test.stem.endswith("_float"):
            continue  # the makefile builds these modules without floats
        text = test.read_text()
        native = f"import sys\nsys.modules[{name!r}] = __import__({module.stem!r})\n{text}"
        jobs.append(Job(f"{test.stem} native", script(f"{test.stem}_native", native), (module,)))
        jobs.append(Job(f"{test.stem} built-in", script(f"{test.stem}_builtin", text), (), where=(REFERENCE,)))
    return jobs


def main() -> None:
    options = parser(__doc__)
    options.add_argument("arch", choices=ARCHS)
    options = options.parse_args()
    work, report, arch, source = work_folder(options), Report(), options.arch, source_folder()

    def jobs_of(name: str) -> list[Job]:
        try:
            return jobs_for(name, build(name, arch, source, work), arch, source, work)
        except Failed as problem:
            report.fail(name, str(problem))
            return []

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        jobs = [job for made in pool.map(jobs_of, (*SMALL, *BUILT_IN)) for job in made]
    results = run_everywhere(jobs, arch, work)
    if all(interpreter.bare_metal for interpreter in for_arch(arch)):
        references = [job for job in jobs if job.where == (REFERENCE,)]
        results += run_everywhere(references, REFERENCE_ARCH, work)
    truth = {
        result.job.name.split()[0]: result.output + result.errors
        for result in results
        if result.job.name.endswith("built-in") and not skipped(result)
    }
    compared = set()
    for result in results:
        test, _, kind = result.job.name.partition(" ")
        name = f"{result.job.name} in {result.interpreter}"
        if test in SMALL:
            printed = result.output.splitlines(keepends=True)
            # Some say something while they are imported.
            report.expect(name, "".join(printed[-SMALL[test][1].count("\n") :]), SMALL[test][1], result.errors)
        elif kind == "native" and test in truth and not skipped(result):
            report.expect(name, result.output + result.errors, truth[test])
            compared.add(test)
    if len(compared) < FEWEST_TESTS:
        report.fail("tests", f"only these of MicroPython's tests ran: {sorted(compared)}")
    report.exit()


def skipped(result: Result) -> bool:
    return result.output == "SKIP\n"


if __name__ == "__main__":
    main()
