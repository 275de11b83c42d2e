#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Builds the examples with their makefiles, by each installed compiler, and compares what their scripts print."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from everywhere import Job, run_everywhere
from report import Report, parser, work_folder
from toolchains import ARCHS, ROOT, SOURCE, XTENSAWIN_PREFIX, Failed, cache, compilers, make, run

ONLY_FOR = {"rustcalc": {"x64"}}  # what Debian's compiler of another language can do
USES_FLOATS = {"vectors", "jsonc"}  # exchanges them with the interpreter
PLAIN = {"factorial", "statics"}  # need no run-time, which takes most of the time to compile
LIBM = "ef_rem_pio2 ef_sqrt kf_cos kf_rem_pio2 kf_sin math sf_cos sf_sin".split()


def make_esp32_libm(work: Path) -> None:
    """There is no libm for Debian's ESP32: MicroPython's own for single floats takes its place."""
    folder = work / "libm"
    folder.mkdir()
    sources = [str(cache.folder(SOURCE) / f"lib/libm/{name}.c") for name in LIBM]
    flags = ["-Os", "-w", "-fno-pic", "-mno-longcalls", "-ffunction-sections"]
    run([f"{XTENSAWIN_PREFIX}gcc", *flags, "-c", *sources], cwd=folder)
    run([f"{XTENSAWIN_PREFIX}ar", "rc", "libm.a", *(f"{name}.o" for name in LIBM)], cwd=folder)


def build(example: Path, arch: str, compiler: str, work: Path) -> Path:
    folder = work / compiler / example.name
    libraries = {"LIBS": work / "libm/libm.a"} if arch == "xtensawin" else {}
    make(example, arch, TOOLCHAIN=compiler, BUILD=folder, LINK_RUNTIME=int(example.name not in PLAIN), **libraries)
    return folder / f"{example.name}.mpy"


def main() -> None:
    options = parser(__doc__)
    options.add_argument("arch", choices=ARCHS)
    options = options.parse_args()
    work, report, arch = work_folder(options), Report(), options.arch
    if arch == "xtensawin":
        make_esp32_libm(work)
    tasks = [
        (makefile.parent, compiler.name)
        for makefile in sorted(ROOT.glob("examples/*/Makefile"))
        if arch in ONLY_FOR.get(makefile.parent.name, ARCHS)
        for compiler in compilers(arch)
    ]

    def job(task) -> Job | None:
        example, compiler = task
        name = f"{example.name} {compiler}"
        try:
            module = build(example, arch, compiler, work)
        except Failed as problem:
            report.fail(name, str(problem))
            return None
        return Job(name, example / "test.py", (module,), floats=example.name in USES_FLOATS)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        jobs = [made for made in pool.map(job, tasks) if made]
    for result in run_everywhere(jobs, arch, work):
        expected = result.job.script.with_name("test.py.exp").read_text()
        more = f"exit status {result.status}\n{result.errors}"
        name = f"{result.job.name} in {result.interpreter}"
        report.expect(name, result.output, expected, more)
        report.expect(name + ": exit status", result.status, 0, result.errors)
    report.exit()


if __name__ == "__main__":
    main()
