# SPDX-License-Identifier: MIT
"""Command lines, files that cannot be read or written, qstr headers and symbol files."""

import unittest

from harness import INIT, X64, LinkerTest


class Usage(LinkerTest):
    def usage(self, arguments, expected):
        self.fails(arguments, expected, status=2, output="")

    def test_nothing(self):
        self.usage("", "mpylink: error: no input files; mpylink -help tells how to call it\n")

    def test_unknown_options(self):
        self.usage(
            "-fatal-warnigs --zzz --yyy=3 a.o",
            """
            mpylink: error: unknown option -fatal-warnigs, did you mean -fatal-warnings?
            mpylink: error: unknown option --zzz; mpylink -help lists all
            mpylink: error: unknown option --yyy=3; mpylink -help lists all
            """,
        )

    def test_missing_value(self):
        for option in ("-o", "-arch", "--qstrs", "-l", "-error-limit"):
            self.usage(f"a.o {option}", f"mpylink: error: {option} needs a value\n")

    def test_wrong_value(self):
        for value in ("x", "5x", "-1", ""):
            self.usage(
                f"a.o -error-limit={value}",
                f"mpylink: error: -error-limit needs a number, not {value}\n",
            )
        self.usage(
            "a.o -source-name " + "x" * 256,
            "mpylink: error: the source name has 256 characters, and a firmware takes 255\n",
        )

    def test_response_file(self):
        self.usage("@gone.rsp", "mpylink: error: there is no response file gone.rsp\n")
        self.compile(X64, "a.c", INIT)
        self.write("good.rsp", "a.o\n-source-name 'a name'")
        self.links("@good.rsp")

    def test_help_and_version(self):
        for option, start in (("-help", "OVERVIEW: mpylink"), ("--version", "mpylink ")):
            result = self.link(option)
            self.assertEqual((result.returncode, result.stderr), (0, ""))
            self.assertTrue(result.stdout.startswith(start))


class Files(LinkerTest):
    def test_cannot_be_read(self):
        self.compile(X64, "a.c", INIT)
        (self.folder / "folder").mkdir()
        self.fails(
            "gone.o a.o folder also_gone.o -externs no.ld -qstrs no.h",
            """
            mpylink: error: gone.o: cannot be read: No such file or directory [cannot-read]
            >>> hint: check the path
            mpylink: error: folder: cannot be read: Is a directory [cannot-read]
            >>> hint: check the path
            mpylink: error: also_gone.o: cannot be read: No such file or directory [cannot-read]
            >>> hint: check the path
            mpylink: error: no.ld: cannot be read: No such file or directory [cannot-read]
            >>> hint: check the path
            mpylink: error: no.h: cannot be read: No such file or directory [cannot-read]
            >>> hint: check the path
            """,
        )

    def test_library_not_found(self):
        self.compile(X64, "a.c", INIT)
        self.fails(
            "a.o -lfoo -L gone -l sub/libbar.a",
            """
            mpylink: error: -lfoo: no libfoo.a in the folders given with -L [cannot-read]
            >>> hint: add -L FOLDER, or give the archive's path
            mpylink: error: sub/libbar.a: cannot be read: No such file or directory [cannot-read]
            >>> hint: check the path
            """,
        )

    def test_cannot_be_written(self):
        self.compile(X64, "a.c", INIT)
        (self.folder / "folder").mkdir()
        for path, why in (
            ("gone/out.mpy", "No such file or directory"),
            ("folder", "Is a directory"),
            ("/dev/full", "No space left on device"),
        ):
            self.fails(
                f"a.o -o {path}",
                f"""
                mpylink: error: {path}: cannot be written: {why} [cannot-write]
                >>> hint: check the folder, its permissions and the space on the disk
                """,
                output="",
            )

    def test_map_cannot_be_written(self):
        self.compile(X64, "a.c", INIT)
        self.fails(
            "a.o -Map gone/out.map",
            """
            mpylink: error: gone/out.map: cannot be written: No such file or directory [cannot-write]
            >>> hint: check the folder, its permissions and the space on the disk
            """,
        )

    def test_output_is_an_input(self):
        self.compile(X64, "a.c", INIT)
        self.write("rom.ld", "")
        self.run_tool("ar", "rcs", "lib.a", "a.o")
        for arguments, output, other in (
            ("a.o", "a.o", "a.o"),
            ("a.o", "./a.o", "a.o"),
            ("a.o -l lib.a", "lib.a", "lib.a"),
            ("a.o -externs rom.ld", "rom.ld", "rom.ld"),
            ("a.o -o out.mpy -Map out.mpy", "", "out.mpy"),
        ):
            self.fails(
                f"{arguments} -o {output}" if output else arguments,
                f"""
                mpylink: error: {output or other}: would replace {other} [cannot-write]
                >>> hint: give another name
                """,
                output="",
            )

    def test_no_objects(self):
        self.compile(X64, "a.c", INIT)
        self.run_tool("ar", "rcs", "lib.a", "a.o")
        self.fails(
            "lib.a",
            """
            mpylink: error: there is no object file among the inputs [no-objects]
            >>> hint: archives are searched for what objects need; give at least one .o file
            """,
        )

    def test_given_twice(self):
        self.compile(X64, "a.c", INIT)
        self.fails(
            "a.o a.o",
            """
            mpylink: error: a.o: the object is given twice [given-twice]
            >>> hint: remove one
            """,
        )


class Qstrs(LinkerTest):
    HEADER = "extern const uint16_t mp_native_qstr_table[];\n"

    def header(self, *qstrs):
        lines = [f"#define MP_QSTR_{name} (mp_native_qstr_table[{n}])\n" for name, n in qstrs]
        self.write("q.h", self.HEADER + "".join(lines))
        self.compile(X64, "a.c", INIT)

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

    def test_preprocess_files(self):
        self.write("a.c", "")
        self.fails(
            "-preprocess gone.c a.c",
            """
            mpylink: error: gone.c: cannot be read: No such file or directory [cannot-read]
            >>> hint: check the path
            """,
            output="q.h",
        )
        self.fails(
            "-preprocess a.c -o gone/q.h",
            """
            mpylink: error: gone/q.h: cannot be written: No such file or directory [cannot-write]
            >>> hint: check the folder, its permissions and the space on the disk
            """,
            output="",
        )
        for arguments in ("-preprocess a.c -o a.c", "-preprocess a.c -o q.h -MF a.c"):
            self.fails(
                arguments,
                """
                mpylink: error: a.c: would replace a.c [cannot-write]
                >>> hint: give another name
                """,
                output="",
            )


class Externs(LinkerTest):
    WARNING = """
        mpylink: {}: rom.ld:3: statement not understood and skipped: ENTRY(start) [externs-syntax]
        >>> hint: write NAME = 0xADDRESS;
        """

    def setUp(self):
        super().setUp()
        self.compile(X64, "a.c", INIT)
        self.write("rom.ld", "a = 1;\n/* 2 */\nENTRY(start);\n")

    def test_syntax(self):
        self.warns("a.o -externs rom.ld", self.WARNING.format("warning"))

    def test_fatal_warnings(self):
        self.fails("a.o -externs rom.ld -fatal-warnings", self.WARNING.format("error"))

    def test_two_addresses(self):
        self.write("more.ld", "b = 1;\na = 0x20;\nb = 2;\n")
        self.fails(
            "a.o -externs rom.ld -e more.ld",
            """
            mpylink: warning: rom.ld:3: statement not understood and skipped: ENTRY(start) [externs-syntax]
            >>> hint: write NAME = 0xADDRESS;
            mpylink: error: more.ld:2: symbol a has two addresses, 0x1 and 0x20 [duplicate-symbol]
            >>> hint: remove one
            mpylink: error: more.ld:3: symbol b has two addresses, 0x1 and 0x2 [duplicate-symbol]
            >>> hint: remove one
            """,
        )


class Limits(LinkerTest):
    def test_error_limit(self):
        calls = "".join(f"int f{i}(void);\n" for i in range(25))
        total = " + ".join(f"f{i}()" for i in range(25))
        self.compile(X64, "a.c", f"{calls}int mpy_init(void) {{ return {total}; }}")
        for option, shown, last in (
            ("", 20, "mpylink: 5 more errors; use -error-limit=0 to see all\n"),
            ("-error-limit=24", 24, "mpylink: 1 more error; use -error-limit=0 to see all\n"),
            ("-error-limit 25", 25, ""),
            ("-error-limit=0", 25, ""),
        ):
            self.fails(
                f"a.o {option}",
                "".join(
                    f"mpylink: error: a.o:(.text+0x*): undefined symbol: f{i} [undefined-symbol]\n"
                    ">>> referenced by: mpy_init\n"
                    ">>> hint: link the object or archive that defines it\n"
                    for i in range(shown)
                )
                + last,
            )

    def test_alignment(self):
        source = """
            __attribute__((aligned(64))) static int big[16] = {1};
            long mpy_init(void) { return (long)big; }
            """
        self.compile(X64, "a.c", source)
        message = """
            mpylink: {}: a.o:(.data+0x0): alignment 64 is kept inside the module, but firmware loads modules at multiples of 32 bytes only [alignment]
            >>> hint: align the address at run time where it matters
            """
        self.warns("a.o", message.format("warning"))
        self.fails("a.o -fatal-warnings", message.format("error"))


if __name__ == "__main__":
    unittest.main()
