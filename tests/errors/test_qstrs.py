# SPDX-License-Identifier: MIT
"""The header that numbers qstrs."""

import unittest

from harness import INIT, X64, LinkerTest


class Qstrs(LinkerTest):
    HEADER = "extern const uint16_t mp_native_qstr_table[];\n"

    def header(self, *qstrs):
        lines = [f"#define MP_QSTR_{name} (mp_native_qstr_table[{n}])\n" for name, n in qstrs]
        self.write("q.h", self.HEADER + "".join(lines))
        self.compile(X64, "a.c", INIT)

    def test_none(self):
        source = """
            extern const unsigned short mp_native_qstr_table[];
            int mpy_init(void) { return mp_native_qstr_table[1] + mp_native_qstr_table[2]; }
            """
        self.compile(X64, "a.c", source)
        self.fails(
            "a.o",
            """
            mpylink: error: a.o:(.text+0x*): R_X86_64_REX_GOTPCRELX against mp_native_qstr_table: the code uses MP_QSTR_ names, but no -qstrs file numbers them [no-qstrs]
            >>> referenced by: mpy_init
            >>> hint: give the header that mpylink -preprocess made and the sources include: -qstrs FILE
            """,
        )

    def test_not_a_header(self):
        self.header()
        for content in ("", "#define MP_QSTR_a (166)\n", "\0\1\2", self.HEADER[:-4]):
            self.write("q.h", content)
            self.fails(
                "a.o -qstrs q.h",
                """
                mpylink: error: q.h: this is not a header that numbers qstrs [qstr-header]
                >>> hint: give the header that mpylink -preprocess made and the sources include
                """,
            )

    def test_bad_numbers(self):
        numbers = ("x", "", "0", "-1", "65536", "99999999999999999999", "1")
        self.header(*(("abcdefg"[i], n) for i, n in enumerate(numbers)))
        self.write("q.h", (self.folder / "q.h").read_text().removesuffix("])\n"))
        self.fails(
            "a.o -qstrs q.h",
            "".join(
                f"mpylink: error: q.h:{i + 2}: the number of qstr {'abcdefg'[i]} is not "
                "understood [qstr-header]\n>>> hint: make the header with mpylink -preprocess\n"
                for i in range(len(numbers))
            ),
        )

    def test_number_twice(self):
        self.header(("a", 1), ("b", 2), ("c", 1), ("d", 3))
        self.fails(
            "a.o -qstrs q.h",
            """
            mpylink: error: q.h:4: qstrs a and c have the same number 1 [qstr-header]
            >>> hint: make the header with mpylink -preprocess
            """,
        )

    def test_gap(self):
        self.header(("a", 1), ("b", 3))
        self.fails(
            "a.o -qstrs q.h",
            """
            mpylink: error: q.h: no qstr has the number 2 [qstr-header]
            >>> hint: make the header with mpylink -preprocess
            """,
        )

    def test_too_long(self):
        self.header(("a" * 256, 1))
        self.fails(
            "a.o -qstrs q.h",
            """
            mpylink: error: q.h:2: the qstr has 256 characters, and a firmware takes 255 [qstr-too-long]
            >>> hint: shorten it
            """,
        )
        self.write("long.c", f"int x = MP_QSTR_{'a' * 300};")
        self.fails(
            "-preprocess long.c",
            f"""
            mpylink: error: long.c: the qstr {'a' * 32}... has 300 characters, and a firmware takes 255 [qstr-too-long]
            >>> hint: shorten it
            """,
            output="q.h",
        )


if __name__ == "__main__":
    unittest.main()
