# SPDX-License-Identifier: MIT
# What the tests of templates/mpylink.mk share: a module in a temporary folder, and a way to see
# which of its files a run of make has made again. The environment's MPYLINK names the linker.

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tests/interpreters"))
import cache  # noqa: E402
from table import XTENSA_TOOLS  # noqa: E402

TEMPLATE = ROOT / "templates" / "mpylink.mk"
MPYLINK = os.path.abspath(os.environ.get("MPYLINK", ROOT / "build" / "release" / "mpylink"))

# A module needs no more of the ABI than this, as long as nobody imports it.
INIT = "#include MP_CONFIGFILE\n%s\nvoid *mpy_init(void) { return %s; }\n"
USES_ABI = "(void *)(mp_off_t)MP_QSTR_alpha"


def environment(**changes):
    """The test's own environment without what could change a build, and with the changes."""
    unwanted = ("MAKE", "CROSS", "CC", "CFLAGS", "BUILD", "V", "TOOLCHAIN", "LDFLAGS", "MPYLINK")
    env = {k: v for k, v in os.environ.items() if not k.startswith(unwanted) and k != "ARCH"}
    env["LC_ALL"] = "C"
    env.update({name: str(value) for name, value in changes.items()})
    return env


class Project(unittest.TestCase):
    """A module called m, of main.c, which uses qstrs and m.h, and plain.c, which uses neither."""

    LINK_RUNTIME = 0  # compiling the run-time again for each test would take most of the time

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="mpylink-template-")
        self.addCleanup(folder.cleanup)
        self.base = pathlib.Path(folder.name).resolve()
        self.dir = self.base / "module"
        self.write("m.h", "#define VALUE 1\n")
        self.write("main.c", '#include "m.h"\nint plain(int);\n' + INIT % ("", USES_ABI + " + plain(VALUE)"))
        self.write("plain.c", "int plain(int x) { return x + 1; }\n")
        self.makefile()

    def write(self, name, text):
        path = self.dir / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def makefile(self, src="main.c plain.c", extra="", template=TEMPLATE):
        self.write("Makefile", f"MOD = m\nSRC = {src}\nARCH ?= x64\nLINK_RUNTIME ?= {self.LINK_RUNTIME}\n{extra}\ninclude {template}\n")

    def make(self, *args, ok=True, env=None, mpylink=MPYLINK):
        """Runs make and returns what it wrote."""
        arguments = [f"MPYLINK={mpylink}"] if mpylink else []
        run = subprocess.run(
            ["make", "--no-print-directory", *arguments, *args],
            cwd=self.dir,
            env=env or environment(),
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        if ok is not None:
            self.assertEqual(run.returncode == 0, ok, run.stdout)
        return run.stdout

    def fails(self, *args, **options):
        return self.make(*args, ok=False, **options)

    def files(self):
        """Every file of the module's folder: its name and when it was written."""
        found = (path for path in self.dir.rglob("*") if path.is_file())
        return {str(path.relative_to(self.dir)): path.stat().st_mtime_ns for path in found}

    def remade(self, *args, **options):
        """Runs make and returns the objects, config headers and modules it has written, but for the run-time."""
        before = self.files()
        self.make(*args, **options)
        written = {name for name, time in self.files().items() if before.get(name) != time}
        # A run that follows has nothing left to do.
        self.assertIn("Nothing to be done", self.make(*args, **options))
        kinds = (".o", ".config.h", ".mpy")
        return {name for name in written if name.endswith(kinds) and "/runtime/" not in name}

    def touch(self, name):
        path = self.dir / name
        newest = max(self.files().values()) + 1_000_000
        os.utime(path, ns=(newest, newest))

    def read(self, name):
        return (self.dir / name).read_bytes()


def missing(*programs, path=None):
    return [name for name in programs if not shutil.which(name, path=path)]


def path_with_esp32():
    """PATH, with the ESP32's compiler that the interpreters are built with behind it."""
    return os.pathsep.join((os.environ["PATH"], str(cache.folder(XTENSA_TOOLS) / "bin")))


def main():
    """Runs the tests of the calling script; 77 tells ctest that all of them were skipped."""
    result = unittest.main(exit=False, argv=sys.argv[:1], verbosity=2).result
    if not result.wasSuccessful():
        sys.exit(1)
    sys.exit(77 if result.testsRun and len(result.skipped) == result.testsRun else 0)
