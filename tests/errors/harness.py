# SPDX-License-Identifier: MIT
"""What all error tests need: sources compiled in a folder of their own, a run of the linker there,
and its exact messages compared. MPYLINK names the program to test."""

import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import textwrap
import unittest

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "interpreters"))
import cache  # noqa: E402
from table import XTENSA_TOOLS  # noqa: E402

MPYLINK = os.path.abspath(os.environ["MPYLINK"])
CLANG = os.environ.get("CLANG") or shutil.which("clang-19") or "clang"

# Compilers, less the name of the source. Without what only adds sections.
COMMON = "-c -Os -fno-asynchronous-unwind-tables"
X64 = f"gcc {COMMON} -fcf-protection=none -fno-stack-protector -fpic"
X64_CXX = X64.replace("gcc", "g++", 1)
X86 = f"i686-linux-gnu-{X64}"
M0 = f"arm-none-eabi-gcc {COMMON} -mthumb -mcpu=cortex-m0 -fpic"
M3 = f"arm-none-eabi-gcc {COMMON} -mthumb -mcpu=cortex-m3 -fpic"
M4 = f"arm-none-eabi-gcc {COMMON} -mthumb -mcpu=cortex-m4 -fpic"
HARD = "-mfpu=fpv4-sp-d16 -mfloat-abi=hard"
CLANG_X64 = f"{CLANG} {COMMON} --target=x86_64-linux-gnu -fpic"
CLANG_M4 = f"{CLANG} {COMMON} --target=thumbv7em-none-eabi"
# Assembler files choose with .option norelax, as gcc's -mno-relax is for C.
RISCV = f"riscv64-unknown-elf-gcc {COMMON} -ffreestanding -mno-relax"
RV32 = f"{RISCV} -march=rv32imc -mabi=ilp32"
RV64 = f"{RISCV} -march=rv64imc -mabi=lp64"
CLANG_RV32 = f"{CLANG} {COMMON} --target=riscv32-unknown-elf -mno-relax -march=rv32imc -mabi=ilp32"
CLANG_RV64 = f"{CLANG} {COMMON} --target=riscv64-unknown-elf -mno-relax -march=rv64imc -mabi=lp64"
XTENSA = f"xtensa-lx106-elf-gcc {COMMON} -fno-pic"
WINDOWED = f"{cache.folder(XTENSA_TOOLS)}/bin/xtensa-esp32-elf-gcc {COMMON} -fno-pic"
needs_windowed = unittest.skipUnless(
    os.path.exists(WINDOWED.split()[0]), "tests/interpreters/setup.py xtensa-esp32 makes the compiler"
)

INIT = "int mpy_init(void) { return 0; }\n"


def dedent(text):
    return textwrap.dedent(text).lstrip("\n")


class LinkerTest(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="mpylink-errors-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def write(self, name, content):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return name

    def run_tool(self, *words):
        result = subprocess.run(words, cwd=self.folder, capture_output=True, text=True)
        self.assertEqual(result.returncode, 0, f"{shlex.join(words)}\n{result.stderr}")

    def compile(self, compiler, name, source):
        """Writes and compiles the source `name`; returns the object's name."""
        self.write(name, source)
        target = os.path.splitext(name)[0] + ".o"
        self.run_tool(*shlex.split(compiler), name, "-o", target)
        return target

    def damage(self, name, target, offset, new_bytes):
        """A copy of a file with other bytes at `offset`."""
        content = bytearray((self.folder / name).read_bytes())
        content[offset : offset + len(new_bytes)] = new_bytes
        return self.write(target, bytes(content))

    def files(self):
        return {
            str(path.relative_to(self.folder)): path.read_bytes()
            for path in self.folder.rglob("*")
            if path.is_file()
        }

    def link(self, arguments):
        return subprocess.run(
            [MPYLINK, *shlex.split(arguments)],
            cwd=self.folder,
            capture_output=True,
            text=True,
            env={**os.environ, "LC_ALL": "C"},
            timeout=60,
        )

    def check(self, arguments, expected, status):
        result = self.link(arguments)
        pattern = re.escape(dedent(expected)).replace(r"\+0x\*", r"\+0x[0-9a-f]+")
        if not re.fullmatch(pattern, result.stderr):
            # Where no compiler's code matters this shows the difference best.
            self.assertEqual(result.stderr, dedent(expected))
        self.assertEqual(result.returncode, status)
        return result

    def fails(self, arguments, expected, status=1, output="out.mpy"):
        """The linker prints `expected`, in which "+0x*" is any offset, and neither writes a file
        nor touches one. `output`: the file it would write; "" when `arguments` name one."""
        arguments += f" -o {output}" if output else ""
        for old in (None, b"old") if output else (None,):
            if old is not None:
                self.write(output, old)
            before = self.files()
            result = self.check(arguments, expected, status)
            self.assertEqual(result.stdout, "")
            self.assertEqual(self.files(), before)
        if output:
            (self.folder / output).unlink()

    def warns(self, arguments, expected):
        """The linker prints `expected` and writes the module."""
        self.check("-o out.mpy " + arguments, expected, 0)
        self.assertTrue((self.folder / "out.mpy").stat().st_size > 0)
        (self.folder / "out.mpy").unlink()

    def links(self, arguments):
        self.warns(arguments, "")
