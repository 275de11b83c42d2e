# SPDX-License-Identifier: MIT
"""Files that cannot be read, are no objects or damaged, and objects and archives for other processors."""

import unittest

from harness import CLANG, CLANG_X64, HARD, INIT, M0, M3, M4, X64, X86, LinkerTest

ARM = "arm-none-eabi-gcc -c -Os"


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

    def test_file_in_the_folders(self):
        """-l:FILE is that file, as for ld."""
        self.compile(X64, "a.c", "int f(void); int mpy_init(void) { return f(); }")
        self.compile(X64, "f.c", "int f(void) { return 1; }")
        (self.folder / "sub").mkdir()
        self.run_tool("ar", "rcs", "sub/f.a", "f.o")
        self.links("a.o -L sub -l:f.a")
        self.fails(
            "a.o -L sub -l:g.a -l :sub/f.a",
            """
            mpylink: error: -l:g.a: no g.a in the folders given with -L [cannot-read]
            >>> hint: add -L FOLDER, or give the archive's path
            mpylink: error: -l:sub/f.a: no sub/f.a in the folders given with -L [cannot-read]
            >>> hint: add -L FOLDER, or give the archive's path
            """,
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


    def test_whole_archive(self):
        self.compile(X64, "a.c", INIT)
        for name in "bc":
            self.compile(X64, f"{name}.c", f"void gone(void); __attribute__((constructor)) static void {name}(void) {{ gone(); }}")
            self.run_tool("ar", "rcs", f"lib{name}.a", f"{name}.o")
        self.links("a.o -L. -lb libc.a")
        self.links("a.o -L. '-(' -lb libc.a '-)'")
        self.links("a.o -L. --start-group -lb libc.a --end-group")
        for arguments, name in (
            ("--whole-archive -lb -no-whole-archive libc.a", "./libb.a(b.o)"),
            ("-lb -whole-archive libc.a", "libc.a(c.o)"),
        ):
            self.fails(
                f"a.o -L. {arguments}",
                f"""
                mpylink: error: {name}:(.text.startup+0x*): undefined symbol: gone [undefined-symbol]
                >>> referenced by: {name[-4]}
                >>> hint: link the object or archive that defines it
                """,
            )


class Formats(LinkerTest):
    def refused(self, name, text, id, hint):
        self.fails(name, f"mpylink: error: {name}: {text} [{id}]\n>>> hint: {hint}\n")

    def test_not_an_object(self):
        for content, text in (
            (b"", "the file is empty"),
            (b"int main;\n", "this is not an ELF object"),
            (b"\177EL", "this is not an ELF object"),
            (
                bytes.fromhex("cffaedfe 07000001 03000000 01000000") + bytes(48),
                "this is a Mach-O object, not ELF (use a cross compiler for the target)",
            ),
            (
                bytes.fromhex("64860100") + bytes(60),
                "this is a COFF object, not ELF (use a cross compiler for the target)",
            ),
            (b"\0asm\1\0\0\0" + bytes(60), "this is a WebAssembly object, not ELF"),
        ):
            self.refused(
                self.write("a.o", content),
                text,
                "not-an-object",
                "mpylink links relocatable ELF objects and archives of them",
            )

    def test_source_file(self):
        self.refused(
            self.write("a.c", INIT),
            "this is a source file, not an object",
            "not-an-object",
            "compile it first (cc -c), or use templates/mpylink.mk",
        )

    def test_not_relocatable(self):
        self.compile(X64, "a.c", INIT)
        self.run_tool("gcc", "-shared", "-nostdlib", "-o", "a.so", "a.o")
        self.run_tool("gcc", "-static", "-nostdlib", "-Wl,-e,mpy_init", "-o", "a.elf", "a.o")
        for name in ("a.so", "a.elf"):
            self.refused(
                name,
                "this ELF file is not a relocatable object",
                "not-relocatable",
                "give mpylink the output of cc -c",
            )

    def test_lto(self):
        for compiler, joining in (
            (X64, "cc -flto -r -flinker-output=nolto-rel"),
            (M4, "cc -flto -r -flinker-output=nolto-rel"),
            (CLANG_X64, "clang -flto -fuse-ld=lld -r"),
        ):
            # -fcf-protection leaves a note, which is no code.
            self.compile(compiler + " -flto" + " -fcf-protection=full" * (compiler == X64), "a.c", INIT)
            self.compile(compiler + " -flto", "b.c", "int b;")
            # Once for both.
            self.fails(
                "a.o b.o",
                f"""
                mpylink: error: a.o: the object holds no machine code, only what the compiler needs for link-time optimisation [lto-object]
                >>> hint: let the compiler join the objects first (LTO = 1 for templates/mpylink.mk, or {joining}), or compile with -ffat-lto-objects or without -flto
                """,
            )
            self.links(self.compile(compiler + " -flto -ffat-lto-objects", "fat.c", INIT))
        # As the hint says.
        self.compile(X64 + " -flto", "a.c", "int b(void); int mpy_init(void) { return b(); }")
        self.compile(X64 + " -flto", "b.c", "int b(void) { return 3; }")
        joiner = X64.replace(" -c ", " ")
        self.run_tool(*joiner.split(), *"-flto -r -nostdlib -flinker-output=nolto-rel a.o b.o -o all.o".split())
        self.links("all.o")

    def test_damaged(self):
        self.compile(X64, "a.c", INIT)
        content = (self.folder / "a.o").read_bytes()
        headers = int.from_bytes(content[40:48], "little")
        for damaged, text in (
            (content[:20], "invalid buffer: the size (20) is smaller than an ELF header (64)"),
            (
                content[:200],
                f"section header table goes past the end of the file: e_shoff = {headers:#x}",
            ),
            (content[:4] + b"\3" + content[5:], "its ELF class is neither 32 nor 64 bits"),
        ):
            self.refused(
                self.write("bad.o", damaged),
                f"the object file is damaged: {text}",
                "corrupt-object",
                "compile it again",
            )

    def test_cut_anywhere(self):
        self.compile(X64, "a.c", INIT)
        content = (self.folder / "a.o").read_bytes()
        for length in range(0, len(content), 7):
            self.write("cut.o", content[:length])
            result = self.link("cut.o -o out.mpy")
            self.assertEqual(result.returncode, 1)
            self.assertRegex(
                result.stderr.splitlines()[0],
                r"^mpylink: error: cut\.o: .* \[(not-an-object|corrupt-object)\]$",
            )
            self.assertNotIn("out.mpy", self.files())

    def test_all_are_reported(self):
        self.write("a.o", "")
        self.write("b.o", b"\177ELF" + bytes(9))
        self.compile(X64, "c.c", INIT)
        self.damage("c.o", "d.o", 4, b"\3")
        self.fails(
            "a.o b.o c.o d.o",
            """
            mpylink: error: a.o: the file is empty [not-an-object]
            >>> hint: mpylink links relocatable ELF objects and archives of them
            mpylink: error: b.o: this is not an ELF object [not-an-object]
            >>> hint: mpylink links relocatable ELF objects and archives of them
            mpylink: error: d.o: the object file is damaged: its ELF class is neither 32 nor 64 bits [corrupt-object]
            >>> hint: compile it again
            """,
        )


class Machines(LinkerTest):
    HINT = "README.md lists the architectures that can"

    def refused(self, name, text, hint):
        self.fails(name, f"mpylink: error: {name}: {text} [wrong-machine]\n>>> hint: {hint}\n")

    def test_other_machines(self):
        for target, machine in (
            ("aarch64-none-elf", "AArch64 (64 bits)"),
            ("x86_64-linux-gnux32", "x86_64 (32 bits)"),
        ):
            self.refused(
                self.compile(f"{CLANG} -c --target={target}", "a.c", INIT),
                f"objects for {machine} cannot be linked",
                self.HINT,
            )
        self.compile(X64, "a.c", INIT)
        self.refused(
            self.damage("a.o", "b.o", 18, b"\x99\x99"),
            "objects for machine 39321 (64 bits) cannot be linked",
            self.HINT,
        )

    def test_big_endian(self):
        self.refused(
            self.compile(f"{CLANG} -c --target=mips-none-elf", "a.c", INIT),
            "the object is big endian",
            "MicroPython's native targets are little endian",
        )

    def test_not_cortex_m(self):
        for options, text in (
            ("-marm -mcpu=arm7tdmi", "code for an Arm processor that is not a Cortex-M"),
            (
                "-mthumb -mcpu=cortex-a8",
                "code for an Arm application or real-time processor, not a Cortex-M",
            ),
        ):
            self.refused(
                self.compile(f"{ARM} {options}", "a.c", INIT),
                text,
                "compile with the -mcpu and -mfloat-abi of the module's architecture",
            )

    def test_other_processor_than_the_first(self):
        self.compile(X86, "a.c", INIT)
        self.compile(X64, "b.c", "")
        self.compile(M4, "c.c", "")
        self.fails(
            "a.o b.o c.o",
            """
            mpylink: error: b.o: the object is for another processor than a.o [wrong-machine]
            >>> hint: compile all objects for the same architecture
            mpylink: error: c.o: the object is for another processor than a.o [wrong-machine]
            >>> hint: compile all objects for the same architecture
            """,
        )

    def test_other_processor_than_arch(self):
        self.compile(X64, "a.c", INIT)
        self.fails(
            "a.o -arch armv7m",
            """
            mpylink: error: a.o: the object is not for armv7m [wrong-machine]
            >>> hint: its processor's architectures are x64
            """,
        )
        self.compile(M4, "a.c", INIT)
        self.fails(
            "a.o -arch x64",
            """
            mpylink: error: a.o: the object is not for x64 [wrong-machine]
            >>> hint: its processor's architectures are armv6m, armv7m, armv7em, armv7emsp, armv7emdp
            """,
        )

    def test_unknown_arch(self):
        self.compile(X64, "a.c", INIT)
        for arch in ("foo", "none", "X64", "xtensa-win"):
            self.fails(
                f"a.o -arch {arch}",
                f"""
                mpylink: error: unknown architecture {arch} [unknown-arch]
                >>> hint: known are x86, x64, armv6m, armv7m, armv7em, armv7emsp, armv7emdp, xtensa, xtensawin, rv32imc, rv64imc
                """,
            )

    def test_arch_flags(self):
        self.compile(X64, "a.c", INIT)
        for flags, text in (
            ("zba", "flag zba"),
            ("3", "flags 0x3"),
            ("0x100000000", "flag 0x100000000"),
        ):
            self.fails(
                f"a.o -arch-flags {flags}",
                f"""
                mpylink: error: unknown architecture {text} [unknown-arch-flag]
                >>> hint: x64 has no flags: leave -arch-flags out
                """,
            )
        self.links("a.o -arch-flags 0")


class CallingConventions(LinkerTest):
    FLOATS = "float mpy_init(float x) { return x; }"
    DOUBLE = "-mcpu=cortex-m7 -mfpu=fpv5-d16 -mfloat-abi=hard"

    def test_against_arch(self):
        v7em = "ARMv7E-M code"
        for compiler, arch, text in (
            (M3, "armv6m", "ARMv7-M code, soft-float calls does not run on every armv6m processor"),
            (M4, "armv7m", f"{v7em}, soft-float calls does not run on every armv7m processor"),
            (
                M4,
                "armv7emsp",
                f"{v7em}, soft-float calls, but armv7emsp passes floats in FPU registers "
                "(-mfloat-abi=hard)",
            ),
            (
                f"{M4} {HARD}",
                "armv7em",
                f"{v7em}, hard-float calls, single-precision FPU, but armv7em passes floats in "
                "integer registers (-mfloat-abi=soft)",
            ),
            (
                f"{M4} {self.DOUBLE}",
                "armv7emsp",
                f"{v7em}, hard-float calls, double-precision FPU, but not every armv7emsp "
                "processor has that",
            ),
            (M0, "armv6", "no module for armv6 can hold Cortex-M code"),
        ):
            self.compile(compiler, "a.c", self.FLOATS)
            self.fails(
                f"a.o -arch {arch}",
                f"""
                mpylink: error: a.o: {text} [abi-conflict]
                >>> hint: compile it for {arch}, or link for another -arch
                """,
            )

    def test_object_against_object(self):
        self.compile(M4, "a.c", self.FLOATS)
        self.compile(M4, "b.c", "float twice(float x) { return x; }")
        self.compile(f"{M4} {HARD}", "c.c", "float thrice(float x) { return x; }")
        self.compile(M4, "d.c", "float more(float x) { return x; }")
        self.fails(
            "a.o b.o c.o d.o",
            """
            mpylink: error: c.o: no architecture fits all objects: this one has ARMv7E-M code, hard-float calls, single-precision FPU, a.o has ARMv7E-M code, soft-float calls [abi-conflict]
            >>> hint: compile all objects with the same -mcpu and -mfloat-abi
            """,
        )

    def test_several_objects(self):
        """The two that are named do not fit each other, whatever else is between them."""
        self.compile(f"{M4} {HARD}", "a.c", self.FLOATS)
        self.compile(f"{M4} {HARD}", "b.c", "float twice(float x) { return x; }")
        self.compile(M3, "c.s", "")
        self.compile(M4, "d.c", "float more(float x) { return x; }")
        self.fails(
            "c.o a.o b.o d.o",
            """
            mpylink: error: d.o: no architecture fits all objects: this one has ARMv7E-M code, soft-float calls, a.o has ARMv7E-M code, hard-float calls, single-precision FPU [abi-conflict]
            >>> hint: compile all objects with the same -mcpu and -mfloat-abi
            """,
        )

    def test_enum_size(self):
        self.compile(M4, "a.c", INIT + "enum e { A }; enum e f(enum e x) { return x; }")
        self.compile(
            M4 + " -fno-short-enums", "b.c", "enum e { A }; enum e g(enum e x) { return x; }"
        )
        self.compile(M4, "none.s", "")
        self.fails(
            "none.o a.o b.o",
            """
            mpylink: error: b.o: enumerations have different sizes in the two objects: compile both with -fshort-enums or both with -fno-short-enums (the other object is a.o) [abi-conflict]
            """,
        )

    def test_archive_members(self):
        call = "float twice(float x); int mpy_init(void) { return twice(1); }"
        self.compile(f"{M4} {HARD}", "twice.c", "float twice(float x) { return x; }")
        self.run_tool("ar", "rcs", "lib.a", "twice.o")
        self.compile(M4, "a.c", call)
        self.fails(
            "a.o lib.a",
            """
            mpylink: error: lib.a(twice.o): ARMv7E-M code, hard-float calls, single-precision FPU, but armv7em passes floats in integer registers (-mfloat-abi=soft) [abi-conflict]
            >>> hint: use the library of the multilib that fits your -mcpu and -mfloat-abi
            """,
        )
        self.compile(X64, "a.c", call)
        self.fails(
            "a.o lib.a",
            """
            mpylink: error: lib.a(twice.o): the archive member is for another processor [wrong-machine]
            >>> hint: use the library of your compiler's multilib for the module's architecture
            """,
        )


class Archives(LinkerTest):
    def setUp(self):
        super().setUp()
        self.compile(X64, "a.c", "int f(void); int mpy_init(void) { return f(); }")
        self.compile(X64, "f.c", "int f(void) { return 1; }")
        self.run_tool("ar", "rcsD", "lib.a", "f.o")

    def test_corrupt(self):
        good = (self.folder / "lib.a").read_bytes()
        member = good.index(b"f.o/")
        for content, offset, text in (
            (good[:40], 8, "it ends inside the header of a member"),
            (good[:70], 8, "it ends inside a member"),
            (good[: member + 100], member, "it ends inside a member"),
            (good[:8] + b"?" * 60, 8, "there is no header of a member at this place"),
            (good[:56] + b"x" + good[57:], 8, "the size of a member is no number"),
            (
                good[:68] + b"\xff" + good[69:],
                8,
                "the numbers in its index do not fit the index's size",
            ),
            (good.replace(b"f.o/", b"/99 "), member, "the long name of a member is not in the table of names"),
            (good.replace(b"f.o/    ", b"#1/99999"), member, "the length of a member's name is wrong"),
        ):
            self.write("bad.a", content)
            self.fails(
                "a.o bad.a",
                f"""
                mpylink: error: bad.a+{offset:#x}: the archive is damaged: {text} [corrupt-archive]
                >>> hint: create it again
                """,
            )

    def test_thin_archive_without_its_member(self):
        self.run_tool("ar", "rcsT", "thin.a", "f.o")
        self.links("a.o thin.a")
        (self.folder / "f.o").unlink()
        self.fails(
            "a.o thin.a",
            """
            mpylink: error: thin.a(f.o): f.o cannot be read: No such file or directory [cannot-read]
            >>> hint: the archive is thin: its members must stay where they were
            """,
        )

    def test_member_is_no_object(self):
        self.write("readme.txt", "hello")
        self.run_tool("ar", "rcS", "text.a", "readme.txt")
        self.fails(
            "a.o text.a",
            """
            mpylink: error: text.a(readme.txt): this is not an ELF object [not-an-object]
            >>> hint: mpylink links relocatable ELF objects and archives of them
            """,
        )


class LinkerScripts(LinkerTest):
    def setUp(self):
        super().setUp()
        calls = {name: f"int {name}(void);" for name in "fgh"}
        self.compile(X64, "a.c", "".join(calls.values()) + "int mpy_init(void) { return f() + g() + h(); }")
        (self.folder / "sub").mkdir()
        (self.folder / "more").mkdir()
        for name, archive in (("f", "sub/f one.a"), ("g", "g.a"), ("h", "more/libh.a")):
            self.compile(X64, f"{name}.c", f"int {name}(void) {{ return 1; }}")
            self.run_tool("ar", "rcs", archive, f"{name}.o")

    def test_lists(self):
        """Beside the script, in the current folder and in those of -L."""
        for text in (
            'GROUP ( "f one.a" g.a libh.a )',
            "/* GNU ld script */\nOUTPUT_FORMAT(elf64-x86-64)\nGROUP(\"f one.a\",g.a,AS_NEEDED(libh.a))",
            'INPUT("f one.a"\n=g.a)\nINPUT(-lh);',
        ):
            self.write("sub/libs.a", text)
            self.links("a.o -L more sub/libs.a")
            self.links("a.o -L more -L sub -ls")

    def test_missing(self):
        self.write("sub/libs.a", "GROUP ( none.a -lnone /none.a )")
        self.fails(
            "a.o sub/libs.a",
            """
            mpylink: error: sub/none.a: cannot be read: No such file or directory [cannot-read]
            >>> hint: check the path
            mpylink: error: -lnone: no libnone.a in the folders given with -L [cannot-read]
            >>> hint: add -L FOLDER, or give the archive's path
            mpylink: error: /none.a: cannot be read: No such file or directory [cannot-read]
            >>> hint: check the path
            """,
        )

    def test_no_script(self):
        for text in ("GROUP", "GROUP ( f.a", "GROUP ( /* f.a )", "GROUP ( \"f.a )", "group ( f.a )", "SEARCH_DIR(x)"):
            self.write("libs.a", text)
            self.fails(
                "a.o libs.a",
                """
                mpylink: error: libs.a: this is not an ELF object [not-an-object]
                >>> hint: mpylink links relocatable ELF objects and archives of them
                """,
            )

    def test_circle(self):
        self.write("loop.a", "GROUP ( sub/back.a )\n")
        self.write("sub/back.a", "GROUP ( ../sub/../loop.a )\n")
        self.fails(
            "a.o loop.a",
            """
            mpylink: error: sub/../sub/../loop.a: linker scripts name each other in a circle [cannot-read]
            >>> hint: give the archives themselves
            """,
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

    def test_address_that_does_not_fit(self):
        self.compile(X86, "a.c", INIT)
        self.write("large.ld", "large = 0x100000000;")
        self.fails(
            "a.o -externs large.ld",
            """
            mpylink: error: the external symbol large has the address 0x100000000, and x86 has addresses of 32 bits [out-of-range]
            >>> hint: correct the file given with -externs
            """,
        )

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


if __name__ == "__main__":
    unittest.main()
