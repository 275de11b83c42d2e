# SPDX-License-Identifier: MIT
"""Makes a cross compiler for the ESP32 (Xtensa with register windows) out of Debian's for the ESP8266.

Debian's binutils and gcc for xtensa-lx106 know register windows, and read the rest about a core from a plugin,
whose tables are in QEMU's source package. Debian's libgcc is without what an ESP8266 has in its ROM, so whole ones
are built for both ABIs, from the compiler's own source package. The C library's headers are those of the installed
picolibc-xtensa-lx106-elf, which the compiler finds by itself.
"""

import re
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from debian import PrivateApt, machine_suite
from processes import run_logged
from table import XTENSA

DEBIAN_TOOL = "xtensa-lx106-elf-"
WINDOWED_TOOL = "xtensa-esp32-elf-"
TOOLS = ("gcc", "g++", "as", "ld", "ar", "nm", "objcopy", "objdump", "ranlib", "size", "strip")
CORES = {"windowed": "de233_fpu", "call0": "lx106"}  # as QEMU calls them; the first has all of an ESP32's instructions

# What libgcc's own configure would leave for its sources to include.
LIBGCC_HEADERS = {
    "tsystem.h": "#include <float.h>\n#include <limits.h>\n#include <stddef.h>\n#include <stdint.h>\n"
    "#define inhibit_libc\n#define abort() __builtin_trap()\n",
    "tm.h": "#define TARGET_HAS_NO_HW_DIVIDE\n#define CLEAR_INSN_CACHE(begin, end)\n",
    "tconfig.h": "#define MIN_UNITS_PER_WORD 4\n#define BITS_PER_UNIT 8\n",
    "auto-target.h": "",
    "coretypes.h": "",
    "libgcc_tm.h": "",
    # No floating-point instructions: what is built runs with the coprocessor off, as it is in a fresh task.
    "xtensa-config.h": '#include "core-isa.h"\n#define XSHAL_USE_ABSOLUTE_LITERALS 0\n'
    + "".join(
        f"#undef XCHAL_HAVE_{kind}_{what}\n#define XCHAL_HAVE_{kind}_{what} 0\n"
        for kind in ("FP", "DFP")
        for what in ("DIV", "RECIP", "SQRT", "RSQRT")
    ),
}
LIBGCC_FLAGS = "-DIN_GCC -DIN_LIBGCC2 -DHAVE_CC_TLS=0 -DHIDE_EXPORTS -fbuilding-libgcc -fno-stack-protector".split()
SECTION_FLAGS = "-ffunction-sections -fdata-sections -fvisibility=hidden".split()
JOBS = 2


def make(work: Path, made: Path, log) -> None:
    qemu = unpack_qemu(work, log)
    gcc = unpack_gcc(work, log)
    for part in ("bin", "lib/windowed", "lib/call0"):
        (made / part).mkdir(parents=True)
    build_plugin(qemu, made / "lib/core.so", log)
    for tool in TOOLS:
        shutil.copy(XTENSA / "tool.sh", made / "bin" / (WINDOWED_TOOL + tool))
    prefixes = {"windowed": str(made / "bin" / WINDOWED_TOOL), "call0": DEBIAN_TOOL}
    for abi, prefix in prefixes.items():
        isa = qemu / f"target/xtensa/core-{CORES[abi]}"
        build_libgcc(prefix, gcc, isa, work / f"libgcc-{abi}", made / "lib" / abi / "libgcc.a", log)


def unpack_qemu(work: Path, log) -> Path:
    apt = PrivateApt(work / "qemu-apt", "deb-src", machine_suite(), "amd64", log)
    apt.source("qemu")
    tarball = next(apt.base.glob("qemu_*.orig.tar.*"))
    return _extract(tarball, work / "qemu", ["target/xtensa/*", "include/hw/xtensa/xtensa-isa.h"], log)


def unpack_gcc(work: Path, log) -> Path:
    version = subprocess.run([DEBIAN_TOOL + "gcc", "-dumpversion"], check=True, capture_output=True, text=True).stdout
    apt = PrivateApt(work / "gcc-apt", "deb", machine_suite(), "amd64", log)
    package = apt.package_alone(f"gcc-{version.split('.')[0]}-source")
    run_logged(["dpkg-deb", "-x", str(package), str(work / "gcc-package")], log)
    tarball = next((work / "gcc-package").glob("usr/src/gcc-*/gcc-*.tar.*"))
    return _extract(tarball, work / "gcc", ["libgcc/*", "include/*", "gcc/*.h"], log)


def _extract(tarball: Path, folder: Path, wanted: list[str], log) -> Path:
    folder.mkdir()
    patterns = [f"*/{pattern}" for pattern in wanted]
    run_logged(["tar", "-xf", str(tarball), "-C", str(folder), "--strip-components=1", "--wildcards", *patterns], log)
    return folder


def build_plugin(qemu: Path, target: Path, log) -> None:
    (qemu / "no-qemu/qemu").mkdir(parents=True)
    (qemu / "no-qemu/qemu/osdep.h").touch()
    isa = qemu / "target/xtensa"
    includes = [f"-I{path}" for path in (isa / f"core-{CORES['windowed']}", isa, qemu / "include", qemu / "no-qemu")]
    source = XTENSA / "core_plugin.c"
    run_logged(["gcc", "-shared", "-fPIC", "-O1", *includes, str(source), "-o", str(target)], log)


def build_libgcc(prefix: str, gcc: Path, isa: Path, work: Path, target: Path, log) -> None:
    """libgcc's own makefile cannot run without a compiler's build tree: its lists of functions, and our loop."""
    work.mkdir()
    for name, text in LIBGCC_HEADERS.items():
        (work / name).write_text(text)
    includes = [f"-I{path}" for path in (work, isa, gcc / "libgcc", gcc / "include", gcc / "gcc")]
    compiler = [prefix + "gcc", "-Os", *includes, "-c"]
    port = gcc / "libgcc/config/xtensa"
    assembly = _functions(port / "t-xtensa", "LIB1ASMFUNCS")
    portable = _functions(gcc / "libgcc/Makefile.in", "lib2funcs") + _functions(
        gcc / "libgcc/Makefile.in", "LIB2_DIVMOD_FUNCS"
    )

    commands = [[*compiler, str(port / "lib2funcs.S"), "-o", "lib2funcs.o"]]
    for name in assembly:
        commands.append([*compiler, f"-DL{name}", str(port / "lib1funcs.S"), "-o", f"{name}.o"])
    for name in portable:
        if name not in assembly:
            source = str(gcc / "libgcc/libgcc2.c")
            commands.append([*compiler, *LIBGCC_FLAGS, *SECTION_FLAGS, f"-DL{name}", source, "-o", f"{name}.o"])
    with ThreadPoolExecutor(JOBS) as pool:
        list(pool.map(lambda command: run_logged(command, log, cwd=work), commands))
    run_logged([prefix + "ar", "rcsD", str(target), *sorted(command[-1] for command in commands)], log, cwd=work)


def _functions(makefile: Path, variable: str) -> list[str]:
    assignment = re.search(rf"^{variable} = ((?:.*\\\n)*.*)\n", makefile.read_text(), re.M)
    return assignment[1].replace("\\\n", " ").split()
