# SPDX-License-Identifier: MIT
""".mpy files among the inputs."""

import unittest

from harness import INIT, M3, X64, LinkerTest

# An outer function of version 5 that returns None, with the flags of the header to be filled in.
OLD = "4d05 {:02x} 1f20 24 000a 0007 08652e7079 00 5163 0000"


class Merge(LinkerTest):
    def setUp(self):
        super().setUp()
        self.write("a.mpy", self.bytecode())
        self.write("b.mpy", self.bytecode())

    def bytecode(self, code="0002015163"):
        """A file with two names, of which the function has the second."""
        tail = bytes.fromhex(code)
        return bytes.fromhex("4d06001f0200 08612e707900 0f") + bytes([len(tail) << 3]) + tail

    def test_no_files(self):
        self.fails("-merge", "mpylink: error: no input files; mpylink -help tells how to call it\n", status=2)
        self.fails("-merge a.mpy", "mpylink: error: -merge needs -o FILE\n", status=2, output="")

    def test_no_objects(self):
        self.fails(
            "a.mpy b.mpy",
            """
            mpylink: error: there is no object file among the inputs [no-objects]
            >>> hint: -merge makes one module of .mpy files alone
            """,
        )
        for option in ("-report", "-report=json", "-Map -", "-max-text 9", "-max-ram 9"):
            self.fails(
                f"-merge a.mpy b.mpy {option}",
                """
                mpylink: error: there is no object file among the inputs [no-objects]
                >>> hint: only what is linked has a map, a report and a budget
                """,
            )

    def test_one_file_stays(self):
        self.check("--merge a.mpy -o out.mpy", "", 0)
        self.assertEqual(self.files()["out.mpy"], self.files()["a.mpy"])

    def test_output_is_an_input(self):
        self.fails(
            "-merge a.mpy b.mpy -o a.mpy",
            """
            mpylink: error: a.mpy: would replace a.mpy [cannot-write]
            >>> hint: give another name
            """,
            output="",
        )

    def test_damaged(self):
        self.write("cut.mpy", self.bytecode()[:-1])
        self.fails(
            "-merge a.mpy cut.mpy",
            """
            mpylink: error: cut.mpy+0x*: the file ends inside the code [corrupt-module]
            >>> hint: make the file again
            """,
        )
        self.write("bad.mpy", self.bytecode("0002015163fc"))
        self.fails(
            "-merge a.mpy bad.mpy",
            """
            mpylink: error: bad.mpy: there is no instruction 0xfc [cannot-merge]
            >>> hint: compile the file again
            """,
        )

    def test_versions(self):
        self.write("old.mpy", bytes.fromhex(OLD.format(2)))
        self.write("cached.mpy", bytes.fromhex(OLD.format(3)))
        self.fails(
            "-merge a.mpy old.mpy",
            """
            mpylink: error: old.mpy: the file has version 5 of the format, a.mpy version 6 [cannot-merge]
            >>> hint: compile both for the same release of MicroPython
            """,
        )
        self.fails(
            "-merge old.mpy cached.mpy",
            """
            mpylink: error: cached.mpy: a firmware that takes old.mpy refuses this file: the flags of its header differ [cannot-merge]
            >>> hint: compile both with the same -mcache-lookup-bc and -mno-unicode
            """,
        )
        self.check("-merge old.mpy old.mpy -o out.mpy", "", 0)
        self.compile(X64, "a.c", INIT)
        self.fails(
            "a.o old.mpy",
            """
            mpylink: error: old.mpy: the file has version 5 of the format, a.o version 6 [cannot-merge]
            >>> hint: compile both for the same release of MicroPython
            """,
        )

    def test_machine_code(self):
        header = "extern const unsigned short mp_native_qstr_table[];\n#define MP_QSTR_{} (mp_native_qstr_table[1])\n"
        source = "extern const unsigned short mp_native_qstr_table[];\nint mpy_init(void) { return mp_native_qstr_table[1]; }"
        self.compile(X64, "c.c", source)
        self.compile(M3, "d.c", source)
        for name in ("x", "y"):
            self.write(f"{name}.h", header.format(name))
            self.check(f"c.o -qstrs {name}.h -o c{name}.mpy", "", 0)
        self.check("d.o -qstrs x.h -o dx.mpy", "", 0)
        self.fails(
            "-merge cx.mpy cy.mpy",
            """
            mpylink: error: cy.mpy: the file has machine code with other numbers of names than that of cx.mpy [cannot-merge]
            >>> hint: link the objects of both together, or compile both with one -qstrs header
            """,
        )
        self.fails(
            "-merge cx.mpy a.mpy dx.mpy",
            """
            mpylink: error: dx.mpy: the file is for armv7m, cx.mpy for x64 [cannot-merge]
            >>> hint: make both for the same architecture
            """,
        )
        self.links("-merge cx.mpy a.mpy cx.mpy b.mpy")
        self.links("a.mpy c.o -qstrs x.h cx.mpy")


if __name__ == "__main__":
    unittest.main()
