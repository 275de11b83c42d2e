# SPDX-License-Identifier: MIT
"""The interpreters tell success, exceptions, crashes and silence apart, and no run sees the one before."""

import json
import os
import subprocess
import sys
import tempfile
import unittest
from dataclasses import dataclass
from pathlib import Path

import cache
import debian
from table import INTERPRETERS, XTENSA_TOOLS, find, for_arch

RUN = Path(__file__).with_name("run.py")
WILD_READ = "import uctypes\nprint('reading')\nuctypes.bytearray_at(0xF8000000, 4)[0]\n"
# More memory than any heap has, while objects live in frames and registers of functions that are at work.
COLLECTION = """
import gc
def fill():
    return [bytearray(100) for _ in range(500)]
def hold(depth):
    held = bytearray(b"%d" % depth)
    try:
        if depth == 0:
            for _ in range(50):
                fill()
            gc.collect()
            raise ValueError
        hold(depth - 1)
    finally:
        print(held == b"%d" % depth, end=" ")
gc.collect()
free = gc.mem_free()
try:
    hold(10)
except ValueError:
    gc.collect()
    print(free > 100000, free - gc.mem_free() < 5000)
"""
SCRIPTS = {
    "good.py": "import sys\nprint('µ', 'seen' in globals(), 'extra' in sys.modules)\nseen = 1\n",
    "raises.py": "print('before')\ndef f():\n    return 1 // 0\nf()\n",
    "exits.py": "print('last')\nraise SystemExit\n",
    "exits_3.py": "import sys\nsys.exit(3)\n",
    "extra.py": "import extra\nprint(extra.SIZE)\n",  # a script may have its module's name
    "hangs.py": "print('hanging')\nwhile True:\n    pass\n",
    "crashes.py": WILD_READ,
    "collects.py": COLLECTION,
}
GOOD_OUTPUT = "µ False False\n"
RAISES_TRACEBACK = r'^Traceback .*\n  File "raises.py", line 4, .*\n.*\nZeroDivisionError'
CRASH_REPORT = (
    "SIGSEGV|HardFault exception caught:\nR0: |MACHINE EXCEPTION CAUGHT:\n\n RA=|"
    "(Machine|Xtensa) exception caught:\ncause "
)
MODULE = "SIZE = len('" + "x" * 5000 + "')\n"


class Folder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="mpylink-interpreters-")
        self.addCleanup(folder.cleanup)
        self.base = Path(folder.name)

    def change_environment(self, name: str, value: str):
        before = os.environ.get(name)
        os.environ[name] = value
        self.addCleanup(lambda: os.environ.pop(name) if before is None else os.environ.update({name: before}))


class Runs(Folder):
    def setUp(self):
        super().setUp()
        for name, text in SCRIPTS.items():
            (self.base / name).write_text(text)
        (self.base / "module").mkdir()
        (self.base / "module/extra.py").write_text(MODULE)

    def run_py(self, *arguments):
        command = [sys.executable, "-B", RUN, *arguments]
        return subprocess.run(command, cwd=self.base, capture_output=True, encoding="utf-8")

    def batch(self, interp: str, cases: list[dict]) -> list[dict]:
        (self.base / "cases.json").write_text(json.dumps(cases))
        done = self.run_py("--interp", interp, "--batch", "cases.json")
        results = json.loads(done.stdout)
        self.assertEqual(done.returncode, max(result["status"] for result in results))
        self.assertEqual([result["name"] for result in results], [case["script"] for case in cases])
        return results

    def test_outcomes(self):
        scripts = "good.py raises.py exits.py exits_3.py extra.py collects.py good.py".split()
        cases = [{"script": name, "files": ["module/extra.py"] if name == "extra.py" else []} for name in scripts]
        for row in INTERPRETERS:
            with self.subTest(interpreter=row.name):
                good, raises, exits, exits_3, extra, collects, again = self.batch(row.name, cases)
                self.assertEqual((good["status"], good["stdout"], good["stderr"]), (0, GOOD_OUTPUT, ""))
                self.assertEqual((raises["status"], raises["stdout"]), (1, "before\n"))
                self.assertRegex(raises["stderr"], RAISES_TRACEBACK)
                self.assertEqual((exits["status"], exits["stdout"]), (0, "last\n"))
                self.assertEqual(exits_3["status"], 1)
                self.assertEqual((extra["status"], extra["stdout"]), (0, "5000\n"), extra["stderr"])
                self.assertEqual((collects["stdout"], collects["stderr"]), ("True " * 12 + "True\n", ""))
                self.assertEqual((again["status"], again["stdout"]), (0, GOOD_OUTPUT))

    def test_crash_and_silence_end_only_their_own_case(self):
        cases = [{"script": "crashes.py"}, {"script": "hangs.py", "timeout": 1}, {"script": "good.py"}]
        for name in ("unix-x64", "unix-armhf", "qemu-m3", "qemu-rv32", "qemu-rv64", "qemu-lx106", "qemu-esp32"):
            with self.subTest(interpreter=name):
                crashed, hung, good = self.batch(name, cases)
                self.assertEqual((crashed["status"], crashed["stdout"]), (3, "reading\n"))
                self.assertRegex(crashed["stderr"], CRASH_REPORT)
                self.assertEqual((hung["status"], hung["stdout"]), (3, "hanging\n"))
                self.assertEqual(hung["stderr"], "no answer within 1 s\n")
                self.assertEqual((good["status"], good["stdout"]), (0, GOOD_OUTPUT))

    def test_one_run(self):
        done = self.run_py("--interp", "unix-x64", "good.py")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, GOOD_OUTPUT, ""))
        done = self.run_py("--interp", "unix-x64", "crashes.py")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (3, "reading\n", "ended by SIGSEGV\n"))

    def test_auto_compares(self):
        done = self.run_py("--interp", "auto", "--arch", "armv7m", "good.py")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, GOOD_OUTPUT, ""))
        (self.base / "differs.py").write_text("import sys\nprint(sys.platform)\n")
        done = self.run_py("--interp", "auto", "--arch", "armv7m", "differs.py")
        self.assertEqual((done.returncode, done.stdout), (1, "linux\n"))
        self.assertEqual(done.stderr, "run.py: unix-armhf and qemu-m3 disagree; qemu-m3 printed:\nqemu\n")

    def test_wrong_use(self):
        self.change_environment("MPYLINK_CACHE", str(self.base))
        for arguments, message in (
            (["--interp", "unix-x64", "good.py"], "run ./bootstrap interpreters"),
            (["--interp", "none", "good.py"], "no interpreter is called 'none'"),
            (["--interp", "auto", "--arch", "none", "good.py"], "no interpreter runs modules for --arch none"),
            (["--interp", "unix-x64"], "give a script or --batch"),
        ):
            with self.subTest(arguments=arguments):
                done = self.run_py(*arguments)
                self.assertEqual((done.returncode, done.stdout), (2, ""))
                self.assertIn(message, done.stderr)


class Compilers(Folder):
    """What the tests compile with finds a C library's headers, and code for the right processor."""

    HEADERS = "#include <math.h>\n#include <stdint.h>\n#include <stdlib.h>\n#include <string.h>\n"
    CODE = "float half(float x) { return x / 2; }\nsize_t twice(const char *text) { return 2 * strlen(text); }\n"
    RISCV = ("riscv64-unknown-elf-gcc", "--specs=picolibc.specs")
    ESP32 = str(cache.folder(XTENSA_TOOLS) / "bin/xtensa-esp32-elf-gcc")

    def test_compile(self):
        for command, prefix, instruction in (
            ((*self.RISCV, "-march=rv32imc", "-mabi=ilp32"), "riscv64-unknown-elf-", "sw\tra"),
            ((*self.RISCV, "-march=rv64imc", "-mabi=lp64"), "riscv64-unknown-elf-", "sd\tra"),
            (("xtensa-lx106-elf-gcc",), "xtensa-lx106-elf-", "s32i"),
            ((self.ESP32,), self.ESP32.removesuffix("gcc"), "entry"),
        ):
            with self.subTest(command=command):
                (self.base / "code.c").write_text(self.HEADERS + self.CODE)
                self.output(*command, "-Os", "-c", "code.c")
                self.assertIn(instruction, self.output(prefix + "objdump", "-d", "code.o"))

    def test_libgcc(self):
        for folder, entries in (("windowed", 2), ("call0", 0)):
            with self.subTest(folder=folder):
                library = cache.folder(XTENSA_TOOLS) / "lib" / folder / "libgcc.a"
                prefix = self.ESP32.removesuffix("gcc") if folder == "windowed" else "xtensa-lx106-elf-"
                self.output(prefix + "ar", "x", str(library), "_muldf3.o", "_divdi3.o")
                code = self.output(prefix + "objdump", "-d", "_muldf3.o", "_divdi3.o")
                self.assertEqual(code.count("\tentry\t"), entries)

    def output(self, *command: str) -> str:
        return subprocess.run(command, cwd=self.base, check=True, capture_output=True, text=True).stdout


class Table(unittest.TestCase):
    def test_every_arch_has_an_interpreter_where_floats_work(self):
        archs = {arch for row in INTERPRETERS for arch in row.archs}
        for arch in archs:
            self.assertTrue([row for row in for_arch(arch) if row.floats_work(arch)], arch)

    def test_float_abi(self):
        self.assertFalse(find("unix-armhf").floats_work("armv7m"))
        self.assertTrue(find("unix-armhf").floats_work("armv7emsp"))
        self.assertTrue(find("qemu-m3").floats_work("armv7m"))
        self.assertTrue(find("unix-x86").floats_work("x86"))


@dataclass(frozen=True)
class Image:
    name: str = "image"
    variant: int = 1
    own_files: Path | None = None
    needs: tuple = ()


class Cache(Folder):
    def setUp(self):
        super().setUp()
        self.change_environment("MPYLINK_CACHE", str(self.base))
        with cache.locked(), cache.work_folder() as work:
            (work / "made/bin").mkdir(parents=True)
            (work / "made/bin/program").write_text("content")
            cache.publish(Image(), work / "made")
        self.program = cache.folder(Image()) / "bin/program"

    def test_whole(self):
        self.assertTrue(cache.is_current(Image()) and cache.is_intact(Image()))
        self.assertFalse(list(cache.root().glob(cache.WORK_PREFIX + "*")))

    def test_other_recipe(self):
        self.assertFalse(cache.is_current(Image(variant=2)))

    def test_other_files_of_ours(self):
        (self.base / "board/py").mkdir(parents=True)
        image = Image(own_files=self.base / "board")
        before = cache.recipe(image), cache.recipe(Image(needs=(image,)))
        (self.base / "board/py/config.h").write_text("")
        self.assertNotEqual(cache.recipe(image), before[0])
        self.assertNotEqual(cache.recipe(Image(needs=(image,))), before[1])

    def test_damage(self):
        self.program.write_text("CONTENT")
        self.assertFalse(cache.is_intact(Image()))
        self.program.unlink()
        self.assertFalse(cache.is_intact(Image()))

    def test_broken_manifest(self):
        for text in ("", "[]", '{"recipe": 1}'):
            (cache.folder(Image()) / cache.MANIFEST).write_text(text)
            self.assertFalse(cache.is_current(Image()) or cache.is_intact(Image()))


class Mirror(Folder):
    """Both kinds of apt's source lists, with other repositories around Debian's."""

    def mirror_of(self, name: str, text: str) -> str:
        parts = self.base / "parts"
        parts.mkdir()
        (parts / name).write_text(text)
        settings = {"sourcelist": "/dev/null", "sourceparts": parts}
        config = self.base / "apt.conf"
        config.write_text("".join(f'Dir::Etc::{key} "{value}";\n' for key, value in settings.items()))
        self.change_environment("APT_CONFIG", str(config))
        return debian.mirror()

    def test_one_line_style(self):
        text = (
            "# deb http://comment.example/debian stable main\n"
            "deb cdrom:[Debian]/ stable main\n"
            "deb http://other.example/tool tool-stable main\n"
            "deb http://security.example/debian-security stable-security main\n"
            "deb [arch=amd64] http://mirror.example/debian stable contrib main\n"
        )
        self.assertEqual(self.mirror_of("a.list", text), "http://mirror.example/debian/")

    def test_deb822_style(self):
        text = (
            "Enabled: no\nTypes: deb\nURIs: http://off.example/debian\nSuites: stable\nComponents: main\n\n"
            "Types: deb deb-src\nURIs: http://mirror.example/debian\nSuites: stable stable-updates\n"
            "Components: main\n"
        )
        self.assertEqual(self.mirror_of("a.sources", text), "http://mirror.example/debian/")

    def test_none(self):
        with self.assertRaises(debian.NoMirror):
            self.mirror_of("a.list", "deb http://other.example/tool tool main\n")


if __name__ == "__main__":
    unittest.main()
