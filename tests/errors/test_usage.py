# SPDX-License-Identifier: MIT
"""The command line, and the files that are written."""

import os
import subprocess
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

    def test_empty_value(self):
        for option in ("--arch", "-qstrs", "-Map", "-entry", "-error-limit", "-o", "-l"):
            self.usage(f"a.o {option}=", f"mpylink: error: {option} needs a value\n")
        self.usage(
            "a.o --arch '' -o ''",
            """
            mpylink: error: --arch needs a value
            mpylink: error: -o needs a value
            """,
        )

    def test_misspelt_long_option(self):
        self.usage(
            "a.o -ouput x -libss=y",
            """
            mpylink: error: unknown option -ouput, did you mean -output?
            mpylink: error: unknown option -libss, did you mean -libs?
            """,
        )

    def test_equals_sign(self):
        """Like a blank, for short options too: mpy_ld.py takes -o=FILE."""
        self.compile(X64, "a.c", "int f(void); int mpy_init(void) { return f(); }")
        self.compile(X64, "f.c", "int f(void) { return 1; }")
        self.run_tool("ar", "rcs", "libf.a", "f.o")
        self.check("a.o -L=. -l=f -o=new.mpy", "", 0)
        self.assertIn("new.mpy", self.files())

    def test_end_of_options(self):
        self.compile(X64, "a.c", INIT)
        (self.folder / "a.o").rename(self.folder / "-a.o")
        self.links("-source-name a -- -a.o")
        self.usage("-source-name a --", "mpylink: error: no input files; mpylink -help tells how to call it\n")

    def test_wrong_value(self):
        for value in ("x", "5x", "-1"):
            self.usage(
                f"a.o -error-limit={value}",
                f"mpylink: error: -error-limit needs a number, not {value}\n",
            )
        self.usage("a.o -rodata flash", "mpylink: error: -rodata needs text or heap, not flash\n")
        for option in ("-max-text", "--max-ram"):
            self.usage(
                f"a.o {option}=4k", f"mpylink: error: {option.lstrip('-').join(('-', ''))} needs a number of bytes, not 4k\n"
            )
        self.usage("a.o -report=xml", "mpylink: error: -report needs text or json, not xml\n")
        self.usage(
            "a.o -source-name " + "x" * 256,
            "mpylink: error: the source name has 256 characters, and a firmware takes 255\n",
        )

    def test_defsym(self):
        for value in ("=4", "a", "a=", "a=4x", "a=b+", "a=b+c", "a=4+4"):
            expected = "-defsym needs NAME=NUMBER, NAME=SYMBOL or NAME=SYMBOL+NUMBER, not"
            self.usage(f"a.o --defsym {value}", f"mpylink: error: {expected} {value}\n")

    def test_response_file(self):
        self.usage("@gone.rsp", "mpylink: error: there is no response file gone.rsp\n")
        self.compile(X64, "a.c", INIT)
        self.usage("a.o @a.rsp @b.rsp", "".join(f"mpylink: error: there is no response file {name}.rsp\n" for name in "ab"))
        self.write("good.rsp", "a.o\n-source-name 'a name'")
        self.links("@good.rsp")
        # As for other tools, the name of an existing file means that file.
        (self.folder / "a.o").rename(self.folder / "@a.o")
        self.links("@a.o")

    def test_help_and_version(self):
        for option, start in (("-help", "OVERVIEW: mpylink"), ("--version", "mpylink ")):
            result = self.link(option)
            self.assertEqual((result.returncode, result.stderr), (0, ""))
            self.assertTrue(result.stdout.startswith(start))


class Outputs(LinkerTest):
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
        self.run_tool("ar", "rcs", "libtwo.a", "a.o")
        for arguments, output, other in (
            ("a.o", "a.o", "a.o"),
            ("a.o", "./a.o", "a.o"),
            ("a.o -l lib.a", "lib.a", "lib.a"),
            ("a.o -L. -l:lib.a", "lib.a", "./lib.a"),
            ("a.o -L. -l two", "libtwo.a", "./libtwo.a"),
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

    def test_map_comes_with_the_module(self):
        self.compile(X64, "a.c", INIT)
        self.check("a.o -o out.mpy -Map out.map", "", 0)
        self.assertTrue({"out.mpy", "out.map"} <= self.files().keys())

    def test_make_rule(self):
        """make reads the names of the rule as they are."""
        headers = ["a b.h", "c$d.h", "e#f.h", "g\\ h.h", "i\\j.h", "k.h"]
        for name in headers:
            self.write(name, "")
        self.write("a.c", "".join(f'#include "{name}"\n' for name in headers))
        self.check("-preprocess a.c -o 'q r.h' -MF rule.d", "", 0)
        rule = (self.folder / "rule.d").read_text()
        names = ["a.c", r"a\ b.h", "c$$d.h", r"e\#f.h", r"g\\\ h.h", r"i\j.h", "k.h"]
        self.assertEqual(
            rule,
            r"q\ r.h:" + "".join(f" \\\n {name}" for name in names) + "\n" + "".join(f"\n{name}:\n" for name in names),
        )
        for age, name in enumerate(["q r.h", *headers]):
            os.utime(self.folder / name, (1000 + age, 1000 + age))
        make = ["make", "-f", "rule.d", "--eval", r"q\ r.h:; @echo $(words $?)", "q r.h"]
        result = subprocess.run(make, cwd=self.folder, capture_output=True, text=True, check=True)
        self.assertEqual(result.stdout, "9\n")  # Seven names, of which two have a blank.

    def test_failed_rule_leaves_no_header(self):
        self.write("a.c", "")
        self.fails(
            "-preprocess a.c -MF gone/rule.d",
            """
            mpylink: error: gone/rule.d: cannot be written: No such file or directory [cannot-write]
            >>> hint: check the folder, its permissions and the space on the disk
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


if __name__ == "__main__":
    unittest.main()
