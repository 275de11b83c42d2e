# SPDX-License-Identifier: MIT
# Python sources in SRC, compiled by something that behaves like mpy-cross: the real one would have to be there.

import os

from project import Project, main

# An outer function with one name, which returns None. The name is that of the source file.
MPY_CROSS = """#!/bin/sh
[ "$1 $3" = "-s -o" ] || exit 1
grep -q broken "$5" && exit 1
{ printf 'M\\006\\000\\037\\001\\000'; printf "\\\\$(printf %o $((2 * ${#2})))"; printf '%s' "$2"; printf '\\000\\050\\000\\002\\000Qc'; } > "$4"
"""


class Python(Project):
    def setUp(self):
        super().setUp()
        self.write("m.py", "x = 1\n")
        self.write("sub/n.py", "y = 2\n")
        self.write("mpy-cross", MPY_CROSS).chmod(0o755)
        self.makefile("main.c m.py plain.c sub/n.py", "MPY_CROSS = ./mpy-cross")

    def test_in_the_module(self):
        output = self.make()
        self.assertIn("  PY   sub/n.py\n", output)
        module = self.read("m.mpy")
        # The table of names begins with the first source of Python code.
        self.assertEqual(module[6:11], b"\x08m.py")
        self.assertIn(b"n.py", module)

    def test_rebuild(self):
        made = {"build-x64/m.obj/m.py.mpy", "build-x64/m.obj/sub/n.py.mpy"}
        module = {"build-x64/m.mpy", "m.mpy"}
        self.assertLessEqual(made | module, self.remade())
        self.assertEqual(self.remade(), set())
        self.touch("m.py")
        self.assertEqual(self.remade(), {"build-x64/m.obj/m.py.mpy"} | module)
        self.touch("main.c")
        self.assertEqual(self.remade(), {"build-x64/m.obj/main.c.o"} | module)
        self.makefile("main.c m.py plain.c sub/n.py", f"MPY_CROSS = {self.dir}/mpy-cross")
        self.assertEqual(self.remade(), made | module)

    def test_without_a_compiler(self):
        for name in ("mpy-cross-9", "./gone"):
            self.assertIn(
                f"Python sources need MicroPython's compiler {name}, which is not in PATH; install it or set MPY_CROSS",
                self.fails(f"MPY_CROSS={name}"),
            )
        self.make("MPY_CROSS=./gone", "clean")
        self.makefile()
        self.make("MPY_CROSS=./gone")

    def test_wrong_sources(self):
        self.write("m.py", "broken\n")
        self.fails()
        self.assertFalse(os.path.exists(self.dir / "m.mpy"))
        self.makefile("sub/n.py")
        self.assertIn("SRC has Python sources only; a native module needs one of C or C++", self.fails())


if __name__ == "__main__":
    main()
