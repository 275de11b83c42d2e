# SPDX-License-Identifier: MIT
"""What all tests of mpydump need: files in a folder of their own, and a run of the program there."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

MPYDUMP = os.path.abspath(os.environ["MPYDUMP"])

# x64 code with rodata, bss, two qstrs and five relocations; text words 7 to 11 are a GOT.
NATIVE = bytes.fromhex(
    "4d060b1f02000c65782e6d7079000c616e73776572008602eb06660f1f44000053488d1d28000000488b4b10ff01488b5308488b32488b"
    "43180fb77802488b03ff5068488b43205bc30f1f8000000000000000000000000000000000000000000000000000000000000000000000"
    "000000000000000000007008045500000000000000110e04080c12ff"
)
# Bytecode: three nested functions and a tuple of constants.
BYTECODE = bytes.fromhex(
    "4d06001f09010e64656d6f2e7079000f026600026700024b00026100026200026b000b0a05071631313830353931363230373137343131"
    "33303334323405146120737472696e6720776974682073706163657300060200ff000803312e350481140804012423001604822a015333"
    "001602516301810ca2090d02050607404500b0200001c3b36301400906030860250063"
)


class DumpTest(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="mpydump-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def write(self, name, content):
        (self.folder / name).write_bytes(content)
        return name

    def run_dump(self, *words, stdin=None, **environment):
        return subprocess.run(
            [MPYDUMP, *words],
            cwd=self.folder,
            capture_output=True,
            input=stdin,
            env={**os.environ, "LC_ALL": "C", **environment},
            timeout=60,
        )

    def dump(self, *words, status=0, **more):
        """What is printed; nothing may be wrong."""
        result = self.run_dump(*words, **more)
        self.assertEqual(result.stderr.decode(), "")
        self.assertEqual(result.returncode, status)
        return result.stdout.decode()

    def fails(self, words, expected, status=1, **more):
        result = self.run_dump(*words, **more)
        self.assertEqual(result.stderr.decode(), expected)
        self.assertEqual(result.returncode, status)
        return result.stdout.decode()
