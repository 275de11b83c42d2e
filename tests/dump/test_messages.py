# SPDX-License-Identifier: MIT
"""What mpydump says about bad files and bad command lines, exactly."""

import unittest

from harness import BYTECODE, NATIVE, DumpTest


class Messages(DumpTest):
    def test_missing(self):
        self.fails(
            ["gone.mpy"],
            "mpydump: error: gone.mpy: cannot be read: No such file or directory [cannot-read]\n"
            ">>> hint: check its name and permissions\n",
        )

    def test_corrupt(self):
        self.write("cut.mpy", NATIVE[:-1])
        self.write("good.mpy", NATIVE)
        shown = self.fails(
            ["cut.mpy", "good.mpy"],
            "mpydump: error: cut.mpy+0x89: the file ends inside the relocations [corrupt-module]\n"
            ">>> hint: the file is damaged, or no .mpy file of version 5 or 6: make it again\n",
        )
        self.assertIn("good.mpy: 138 bytes", shown)

    def test_unsound(self):
        # LOAD_DEREF 0 of the innermost function becomes LOAD_DEREF 9.
        self.write("bad.mpy", BYTECODE[:-2] + b"\x09\x63")
        shown = self.fails(
            ["-verify", "bad.mpy"],
            "mpydump: error: bad.mpy: raw code 0.0: LOAD_DEREF at offset 0x5 of the code wants local variable 9, "
            "and there are 2 [unsound-module]\n"
            ">>> hint: firmware would crash or misbehave: make the file again\n",
        )
        self.assertEqual(shown, "")

    def test_verify(self):
        self.write("good.mpy", NATIVE)
        self.assertEqual(
            self.dump("--verify", "good.mpy"),
            "good.mpy: sound\n"
            "  releases other than 1.23 and later refuse it\n"
            "  firmware for other processors refuses it: it has native code for x64 (Unix on 64-bit PCs)\n"
            "  firmware without native code refuses it (Windows, WebAssembly, CC3200, small boards)\n",
        )

    def test_map(self):
        self.write("good.mpy", NATIVE)
        self.write("map", b"text: 8 bytes\n address     size align section\n       0        8     4 m.o:(.text)\n")
        self.fails(
            ["-d", "-map", "map", "good.mpy"],
            "mpydump: error: map: has no symbols [not-a-map]\n"
            ">>> hint: give the file that mpylink wrote with -Map for this module\n",
        )

    def test_usage(self):
        for words, text in (
            ([], "no input files; mpydump -help tells how to call it"),
            (["-jsn", "a"], "unknown option -jsn, did you mean -json?"),
            (["-diff", "a"], "-diff compares two files, not 1"),
            (["-diff", "-verify", "a", "b"], "-verify, -diff and -json exclude each other"),
            (["-color=maybe", "a"], "-color needs always, never or auto, not maybe"),
            (["-map", "m", "a", "b"], "-map belongs to one file"),
            (["a", "-map"], "-map needs a value"),
        ):
            with self.subTest(words=words):
                self.fails(words, f"mpydump: error: {text}\n", status=2)

    def test_stdin_and_colour(self):
        shown = self.dump("-", stdin=NATIVE)
        self.assertIn("standard input: 138 bytes", shown)
        self.assertNotIn("\x1b", shown)
        self.assertIn("\x1b[1m", self.dump("-color=always", "-", stdin=NATIVE))


if __name__ == "__main__":
    unittest.main()
