# SPDX-License-Identifier: MIT
"""The man pages and completions that the build makes: whole, without complaints of roff, and working in bash.

MANUAL names their folder, MPYLINK and MPYDUMP the programs.
"""

import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

MANUAL = Path(os.environ["MANUAL"]).resolve()
PROGRAMS = {name: os.path.abspath(os.environ[name.upper()]) for name in ("mpylink", "mpydump")}

# Calls the completion as bash does, with the words of the command line, and prints what it offers.
COMPLETE = """
source "$0"
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
"_$1"
printf '%s\\n' "${COMPREPLY[@]}"
"""


def run(*command, **more):
    return subprocess.run(command, check=True, capture_output=True, text=True, **more)


def options(name):
    """Of -help: the first word of each line that has one."""
    found = re.findall(r"^ +-([A-Za-z][\w-]*)", run(PROGRAMS[name], "-help").stdout, re.MULTILINE)
    return sorted(set(found))


class Pages(unittest.TestCase):
    def test_every_option(self):
        for name in PROGRAMS:
            page = (MANUAL / f"{name}.1").read_text()
            shown = re.findall(r"^\.TP\n\\fB\\-([\w\\-]+)\\fR", page, re.MULTILINE)
            self.assertEqual(sorted({option.replace("\\", "") for option in shown}), options(name))

    def test_roff(self):
        for name in PROGRAMS:
            result = run("groff", "-man", "-Tascii", "-ww", "-rCHECKSTYLE=3", str(MANUAL / f"{name}.1"))
            self.assertEqual(result.stderr, "")
            text = re.sub(r".\x08|\x1b\[\d*m", "", result.stdout)
            for heading in ("NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXIT STATUS", "SEE ALSO"):
                self.assertRegex(text, f"(?m)^{heading}$")
            self.assertRegex(text, rf"(?m)^ +{name} - \w+")
            self.assertNotIn("\\", text)


class Completion(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        for name in ("main.o", "main.c", "map.txt", "more.mpy", "two words.o"):
            (self.folder / name).touch()
        (self.folder / "made").mkdir()

    def complete(self, *words):
        result = run("bash", "-c", COMPLETE, str(MANUAL / f"{words[0]}.bash"), *words, cwd=self.folder)
        self.assertEqual(result.stderr, "")
        return sorted(line for line in result.stdout.splitlines() if line)

    def test_every_option(self):
        for name in PROGRAMS:
            for dash in ("-", "--"):
                offered = {word.lstrip("-").rstrip("=") for word in self.complete(name, dash)}
                self.assertEqual(sorted(offered), options(name))

    def test_options(self):
        self.assertEqual(self.complete("mpylink", "-why"), ["-why-live"])
        self.assertEqual(self.complete("mpylink", "a.o", "--re"), ["--report", "--report=", "--require-defined"])
        self.assertEqual(self.complete("mpydump", "-dif"), ["-diff"])
        self.assertEqual(self.complete("mpylink", "-no-such"), [])

    def test_values(self):
        self.assertEqual(self.complete("mpylink", "-arch", "xt"), ["xtensa", "xtensawin"])
        self.assertEqual(self.complete("mpylink", "-arch", "=", "rv"), ["rv32imc", "rv64imc"])
        self.assertEqual(self.complete("mpylink", "--rodata", ""), ["heap", "text"])
        self.assertEqual(self.complete("mpylink", "-report", "="), ["json", "text"])
        self.assertEqual(self.complete("mpydump", "-color", "al"), ["always"])
        self.assertEqual(self.complete("mpylink", "-why-live", "m"), [])

    def test_files(self):
        self.assertEqual(self.complete("mpylink", "ma"), ["made/", "main.c", "main.o"])
        self.assertEqual(self.complete("mpylink", "-report", "mo"), ["more.mpy"])
        self.assertEqual(self.complete("mpylink", "two"), ["two words.o"])
        self.assertEqual(self.complete("mpylink", "-Map", "map"), ["map.txt"])
        self.assertEqual(self.complete("mpylink", "-L", "ma"), ["made"])
        self.assertEqual(self.complete("mpydump", "m"), ["made/", "more.mpy"])


if __name__ == "__main__":
    unittest.main()
