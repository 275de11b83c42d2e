#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The same inputs and options give the same bytes: twice, from another folder, by other paths, in another
environment, at another time, in a crowd of processes."""

import hashlib
import os
import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from report import Report, parser, work_folder
from toolchains import MPYLINK, ROOT, compilers, need, run

ARCHITECTURES = ("x64", "x86", "armv7m", "rv32imc", "rv64imc", "xtensa", "xtensawin")
EXAMPLE = ROOT / "examples/statics"  # two objects with every kind of storage
OPTIONS = ["-qstrs", "config.h", "-source-name", "statics", "-Map", "out.map", "-o", "out.mpy"]
ENVIRONMENTS = (
    {},
    {"LC_ALL": "tr_TR.UTF-8", "TZ": "Pacific/Chatham", "HOME": "/nonexistent"},
    {"SOURCE_DATE_EPOCH": "1", "TMPDIR": "/nonexistent", "COLUMNS": "20", "MALLOC_PERTURB_": "165"},
)


def compile_objects(arch: str, folder: Path) -> None:
    sources = [EXAMPLE / "statics.c", EXAMPLE / "other.c"]
    run([MPYLINK, "-preprocess", "-o", str(folder / "config.h"), *map(str, sources)])
    compiler = compilers(arch)[0]
    flags = [*compiler.models(arch)["pic"], "-Os", "-ffunction-sections", "-fdata-sections"]
    flags.append(f"-DMP_CONFIGFILE=<{folder}/config.h>")
    for source in sources:
        compiler.compile(source, flags, folder / f"{source.stem}.o")
    run([need("ar"), "rcsD", str(folder / "libother.a"), str(folder / "other.o")])


def link(folder: Path, objects: list[str], environment: dict[str, str] | None = None) -> str:
    """A fingerprint of the module."""
    run([MPYLINK, *objects, *OPTIONS], cwd=folder, environment=environment)
    return hashlib.sha256((folder / "out.mpy").read_bytes()).hexdigest()


def check(arch: str, work: Path, report: Report) -> None:
    first = work / arch / "first"
    first.mkdir(parents=True)
    compile_objects(arch, first)
    expected = link(first, ["statics.o", "other.o"])
    map_text = (first / "out.map").read_text()

    def same(name: str, folder: Path, objects: list[str], environment: dict[str, str] | None = None) -> None:
        report.expect(f"{arch}: {name}", link(folder, objects, environment), expected)

    same("again", first, ["statics.o", "other.o"])
    report.expect(f"{arch}: the map again", (first / "out.map").read_text(), map_text)
    same("absolute paths", first, [str(first / "statics.o"), str(first / "other.o")])
    same("a detour", first, ["../first/./statics.o", "../../" + arch + "/first/other.o"])
    for number, environment in enumerate(ENVIRONMENTS):
        same(f"environment {number}", first, ["statics.o", "other.o"], environment)

    # Another folder, deeper and with a longer name, other names of objects, other times and modes.
    second = work / arch / "another folder" / "with a much longer name"
    second.mkdir(parents=True)
    for old, new in (("statics.o", "z.o"), ("other.o", "a.o"), ("config.h", "config.h")):
        shutil.copyfile(first / old, second / new)
        os.utime(second / new, (1, 1))
        os.chmod(second / new, 0o444)
    same("another folder, other names", second, ["z.o", "a.o"])
    # The name of the output is the default of the source name; nothing else of its path counts.
    report.expect(f"{arch}: the map of other names differs only there", renamed(second / "out.map"), map_text)

    in_archive = link(first, ["statics.o", "libother.a"])
    report.expect(f"{arch}: a member of an archive instead of an object", in_archive, expected)

    # Many at once, which shifts addresses and timing.
    folders = [work / arch / f"crowd{number}" for number in range(16)]
    for folder in folders:
        shutil.copytree(first, folder)
    with ThreadPoolExecutor(8) as pool:
        crowd = set(pool.map(lambda folder: link(folder, ["statics.o", "other.o"]), folders))
    report.expect(f"{arch}: sixteen at once", crowd, {expected})


def renamed(path: Path) -> str:
    return re.sub(r"\ba\.o\b", "other.o", re.sub(r"\bz\.o\b", "statics.o", path.read_text()))


def main() -> None:
    options = parser(__doc__).parse_args()
    work, report = work_folder(options), Report()
    for arch in ARCHITECTURES:
        check(arch, work, report)
    report.exit()


if __name__ == "__main__":
    main()
