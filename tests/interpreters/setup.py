#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""setup.py [NAME...]: makes the named interpreters (all when none is named) in the cache, from Debian packages.

Nothing is installed on the system. An interpreter that is there and whole is left alone; the name `source`
makes MicroPython's source tree with mpy-cross, `xtensa-esp32` a cross compiler (in its folder's bin),
`musl-i386` a library for x86, and --path NAME prints the folder something lies in.
"""

import argparse
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import cache
import xtensa_tools
from debian import NoMirror, PrivateApt, machine_suite
from processes import run_logged
from runners import Case, runner
from table import BOARDS, INTERPRETERS, MUSL_I386, SOURCE, SUITE, XTENSA_TOOLS
from table import Firmware, Library, Source, UnixPackage, XtensaTools

OTHERS = (SOURCE, XTENSA_TOOLS, MUSL_I386)
JOBS = "-j2"
LOG_TAIL = 30


def make_unix_package(image: UnixPackage, work: Path, made: Path, log) -> None:
    apt = PrivateApt(work / "apt", "deb", SUITE, image.debian_arch, log)
    everything = work / "everything"
    for package in apt.packages("micropython"):
        _run(["dpkg-deb", "-x", str(package), str(everything)], log)
    # The program and the shared libraries are all that is needed of it.
    wanted = [everything / "usr/bin/micropython"]
    wanted += (p for p in (everything / "usr/lib" / image.triplet).iterdir() if ".so" in p.name)
    for path in wanted:
        target = made / path.relative_to(everything)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)  # follows the links between versions of a library


def make_source(_image: Source, work: Path, made: Path, log) -> None:
    apt = PrivateApt(work / "apt", "deb-src", SUITE, "amd64", log)
    made.rmdir()
    _run(["dpkg-source", "--no-check", "-x", str(apt.source("micropython")), str(made)], log)
    _run(["make", JOBS, "-C", str(made / "mpy-cross"), f"BUILD={work}/mpy-cross"], log)
    (made / "mpy-cross/build").mkdir()  # where MicroPython's makefiles expect it
    shutil.copy(work / "mpy-cross/mpy-cross", made / "mpy-cross/build")


def make_firmware(image: Firmware, work: Path, made: Path, log) -> None:
    variables = [*image.make_variables, "FROZEN_MANIFEST=", f"BUILD={work}/build"]
    if image.own_board:
        variables += [f"BOARD={image.own_board}", f"BOARD_DIR={BOARDS / image.own_board}"]
    if image.tools:
        variables += [f"TOOLS={cache.folder(image.tools)}"]
    _run(["make", JOBS, "-C", str(cache.folder(SOURCE) / "ports/qemu"), *variables], log)
    shutil.copy(work / "build/firmware.elf", made)


def make_xtensa_tools(_image: XtensaTools, work: Path, made: Path, log) -> None:
    xtensa_tools.make(work, made, log)


def make_library(image: Library, work: Path, made: Path, log) -> None:
    apt = PrivateApt(work / "apt", "deb", machine_suite(), image.debian_arch, log)
    _run(["dpkg-deb", "-x", str(apt.package_alone(image.package)), str(work / "everything")], log)
    shutil.copy(work / "everything" / image.path, made)


MAKERS = {
    UnixPackage: make_unix_package,
    Source: make_source,
    XtensaTools: make_xtensa_tools,
    Library: make_library,
    Firmware: make_firmware,
}


def ensure(image, users) -> None:
    """Makes `image` unless it is whole, and proves it with the interpreters that use it."""
    if cache.is_intact(image):
        return
    reason = "damaged or outdated, making it again" if cache.folder(image).exists() else "making it"
    print(f"  {image.name}: {reason}", flush=True)
    start = time.monotonic()
    with cache.work_folder() as work:
        made = work / "made"
        made.mkdir()
        with open(log_file(image), "wb") as log:
            MAKERS[type(image)](image, work, made, log)
        for user in users:
            prove(user, made)
        cache.publish(image, made)
    print(f"  {image.name}: ready after {time.monotonic() - start:.1f} s", flush=True)


def prove(interpreter, folder: Path) -> None:
    with runner(interpreter, folder) as target:
        outcome = target.run(Case("print(6 * 7)\n", "proof.py"))
    if outcome.status != 0 or outcome.stdout != "42\n":
        raise RuntimeError(f"{interpreter.name} does not work: {outcome}")


def report(image, problem: Exception) -> None:
    print(f"setup.py: {image.name if image else 'the cache'}: {problem}", file=sys.stderr)
    if image and log_file(image).exists():
        tail = log_file(image).read_text(errors="replace").splitlines()[-LOG_TAIL:]
        print(*tail, f"(log: {log_file(image)})", sep="\n", file=sys.stderr)


def log_file(image) -> Path:
    return cache.root() / f"{image.name}.log"


def _run(command: list[str], log) -> None:
    # No byte code: it would litter the source tree.
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8"}
    for name in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "CFLAGS", "LDFLAGS", "CROSS_COMPILE", "BUILD"):
        environment.pop(name, None)  # those of a make that may be running us
    run_logged(command, log, env=environment)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", metavar="NAME", nargs="*", help="as the description says; all when none is named")
    parser.add_argument("--path", metavar="NAME", help="print the folder something lies in")
    options = parser.parse_args()

    images = {row.name: row.image for row in INTERPRETERS} | {image.name: image for image in OTHERS}
    for name in [*options.names, *filter(None, [options.path])]:
        if name not in images:
            parser.error(f"nothing is called {name!r}; there are {', '.join(images)}")
    if options.path:
        print(cache.folder(images[options.path]))
        return 0
    chosen = [images[name] for name in options.names or images]
    wanted = [one for image in chosen for one in (*getattr(image, "needs", ()), image)]
    image = None
    try:
        with cache.locked():
            for image in dict.fromkeys(wanted):
                ensure(image, [row for row in INTERPRETERS if row.image == image])
    except (OSError, RuntimeError, NoMirror, subprocess.CalledProcessError) as problem:
        report(image, problem)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
