# SPDX-License-Identifier: MIT
# A second run of make does what a change calls for: no less, and no more.

import os

from project import INIT, MPYLINK, USES_ABI, Project, main

OBJ = "build-x64/m.obj/"
MAIN, PLAIN = OBJ + "main.c.o", OBJ + "plain.c.o"
CONFIG = "build-x64/m.config.h"
LINKED = {"build-x64/m.mpy", "m.mpy"}


class Rebuild(Project):
    def setUp(self):
        super().setUp()
        self.assertEqual(self.remade(), {MAIN, PLAIN, CONFIG} | LINKED)

    def test_no_change_makes_nothing(self):
        before = self.files()
        self.make()
        self.assertEqual(self.files(), before)

    def test_touched_header_makes_only_the_objects_that_include_it(self):
        self.touch("m.h")
        self.assertEqual(self.remade(), {MAIN} | LINKED)

    def test_touched_source_makes_only_its_object(self):
        self.touch("plain.c")
        self.assertEqual(self.remade(), {PLAIN} | LINKED)

    def test_flags_make_all_objects(self):
        self.assertEqual(self.remade("CFLAGS_EXTRA=-O2"), {MAIN, PLAIN} | LINKED)
        self.assertEqual(self.remade(), {MAIN, PLAIN} | LINKED)
        self.makefile(extra="CFLAGS = -DONE")
        self.assertEqual(self.remade(), {MAIN, PLAIN} | LINKED)

    def test_flags_with_quotes_and_spaces(self):
        flags = """CFLAGS_EXTRA=-DTEXT='"it'\\''s $$5 # \\\\ x"' -DLIST="(1, 2)\""""
        self.write("plain.c", "const char text[] = TEXT;\nint plain(int x) { return x + (LIST); }\n")
        self.assertEqual(self.remade(flags), {MAIN, PLAIN} | LINKED)
        self.assertIn(b"it's $5 # \\ x", self.read(PLAIN))

    def test_flags_of_the_linker_only_link(self):
        self.assertEqual(self.remade("LDFLAGS_EXTRA=-source-name other.py"), LINKED)
        self.assertIn(b"other.py", self.read("m.mpy"))
        self.assertEqual(self.remade("MPYLINK_FLAGS=-source-name third.py"), LINKED)
        self.assertIn(b"third.py", self.read("m.mpy"))

    def test_comment_in_the_makefile_makes_nothing(self):
        self.makefile(extra="# a comment")
        self.assertEqual(self.remade(), set())

    def test_new_source_is_compiled_and_linked(self):
        self.write("more.c", "int more;\n")
        self.makefile(src="main.c plain.c more.c")
        self.assertEqual(self.remade(), {OBJ + "more.c.o"} | LINKED)

    def test_removed_source_is_not_linked(self):
        self.write("main.c", INIT % ("", USES_ABI))
        self.makefile(src="main.c")
        self.assertEqual(self.remade(), {MAIN} | LINKED)

    def test_new_qstr_makes_what_uses_qstrs(self):
        self.write("main.c", INIT % ("", USES_ABI + " + MP_QSTR_beta"))
        self.assertEqual(self.remade(), {CONFIG, MAIN} | LINKED)
        self.assertIn(b"MP_QSTR_beta", self.read(CONFIG))
        self.assertIn(b"beta", self.read("m.mpy"))

    def test_new_qstr_in_a_header(self):
        self.write("m.h", "#define VALUE MP_QSTR_beta\n")
        self.assertEqual(self.remade(), {CONFIG, MAIN} | LINKED)
        self.assertIn(b"MP_QSTR_beta", self.read(CONFIG))

    def test_new_qstr_in_the_header_of_a_header(self):
        self.write("m.h", '#include "deep/n.h"\n')
        self.write("deep/n.h", "#define VALUE 1\n")
        self.assertEqual(self.remade(), {MAIN} | LINKED)
        self.write("deep/n.h", "#define VALUE MP_QSTR_beta\n")
        self.assertEqual(self.remade(), {CONFIG, MAIN} | LINKED)
        self.assertIn(b"MP_QSTR_beta", self.read(CONFIG))

    def test_qstrs_in_headers_found_through_include_flags(self):
        for flag in ("-Iapart", "-I apart", "-I " + str(self.dir / "apart")):
            with self.subTest(flag=flag):
                self.make("clean")
                self.write("apart/far.h", "#define VALUE MP_QSTR_beta\n")
                self.write("m.h", '#include "far.h"\n')
                self.makefile(extra="CFLAGS_EXTRA = " + flag)
                self.remade()
                self.assertIn(b"MP_QSTR_beta", self.read(CONFIG))
                self.write("apart/far.h", "#define VALUE MP_QSTR_gamma\n")
                self.assertEqual(self.remade(), {CONFIG, MAIN} | LINKED)
                self.assertIn(b"MP_QSTR_gamma", self.read(CONFIG))
                self.assertNotIn(b"MP_QSTR_beta", self.read(CONFIG))

    def test_removed_qstr(self):
        self.write("main.c", INIT % ("", "0"))
        self.assertEqual(self.remade(), {CONFIG, MAIN} | LINKED)
        self.assertNotIn(b"MP_QSTR_alpha", self.read(CONFIG))

    def test_removed_header(self):
        self.write("main.c", INIT % ("", USES_ABI))
        (self.dir / "m.h").unlink()
        self.assertEqual(self.remade(), {MAIN} | LINKED)

    def test_deleted_products_are_made_again(self):
        for name in (CONFIG, MAIN, "build-x64/m.mpy", "m.mpy", OBJ + "qstr.d"):
            with self.subTest(name=name):
                (self.dir / name).unlink()
                self.make()
                self.assertTrue((self.dir / name).exists())
                self.assertIn("Nothing to be done", self.make())

    def test_new_linker_links_and_looks_for_qstrs(self):
        wrapper = self.write("linker", f'#!/bin/sh\nexec {MPYLINK} "$@"\n')
        wrapper.chmod(0o755)
        self.assertEqual(self.remade(mpylink=wrapper), LINKED)
        self.touch("linker")
        self.assertEqual(self.remade(mpylink=wrapper), LINKED)

    def test_archive_links(self):
        self.write("plain.c", "int helper(int);\nint plain(int x) { return helper(x); }\n")
        self.write("helper.c", "int helper(int x) { return x; }\n")
        archive = "gcc -fpic -c helper.c && ar rc helper.a helper.o"
        self.assertEqual(os.system(f"cd {self.dir} && {archive}"), 0)
        self.assertEqual(self.remade("LDFLAGS_EXTRA=-lhelper.a"), {PLAIN} | LINKED)
        self.touch("helper.a")
        self.assertEqual(self.remade("LDFLAGS_EXTRA=-lhelper.a"), LINKED)

    def test_broken_source_leaves_no_new_module(self):
        self.write("plain.c", "int plain(int x) { return y; }\n")
        before = self.files()
        self.fails()
        for name in LINKED:
            self.assertEqual(self.files()[name], before[name])
        self.write("plain.c", "int plain(int x) { return x; }\n")
        self.assertEqual(self.remade(), {PLAIN} | LINKED)

    def test_architectures_do_not_mix(self):
        x64 = self.read("m.mpy")
        before = self.files()
        self.assertEqual(
            self.remade("ARCH=armv7m"),
            {name.replace("x64", "armv7m") for name in {MAIN, PLAIN, CONFIG} | LINKED},
        )
        after = self.files()
        for name in before.keys() - {"m.mpy"}:
            self.assertEqual(after[name], before[name])
        armv7m = self.read("build-armv7m/m.mpy")
        self.assertNotEqual(armv7m, x64)
        self.assertEqual(self.read("m.mpy"), armv7m)
        # Back to the first: its module is older than the copy, and yet must replace it.
        self.assertEqual(self.remade("ARCH=x64"), {"m.mpy"})
        self.assertEqual(self.read("m.mpy"), x64)

    def test_one_build_folder_for_two_architectures_still_makes_the_right_one(self):
        build = f"BUILD={self.base}/out"
        self.make(build)
        x64 = (self.base / "out/m.mpy").read_bytes()
        self.make(build, "ARCH=x86")
        self.assertNotEqual((self.base / "out/m.mpy").read_bytes(), x64)
        self.make(build)
        self.assertEqual((self.base / "out/m.mpy").read_bytes(), x64)


if __name__ == "__main__":
    main()
