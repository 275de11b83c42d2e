# SPDX-License-Identifier: MIT
# How templates/mpylink.mk finds its tools and sources, where it writes, and what it says when it cannot.

import os
import shutil
import unittest

from project import MPYLINK, ROOT, TEMPLATE, Project, environment, main, missing


class Errors(Project):
    def expect(self, message, *args, **options):
        self.assertIn(f"*** mpylink.mk: {message}", self.fails(*args, **options))
        self.assertEqual(set(self.files()), {"Makefile", "m.h", "main.c", "plain.c"})

    def test_unknown_architecture(self):
        known = "known architectures: armv6m armv7em armv7emdp armv7emsp armv7m rv32imc rv64imc x64 x86 xtensa xtensawin"
        known += "; README.md beside mpylink.mk tells how to ask a board"
        self.expect(f"ARCH is 'z80'; {known}.", "ARCH=z80")
        self.expect(f"ARCH is ''; {known}.", "ARCH=")
        self.expect(f"ARCH is 'x64 x86'; {known}.", "ARCH=x64 x86")

    def test_unsupported_source(self):
        message = "cannot build 'more.rs' of SRC: only .c, .cpp, .cc, .cxx, .S and .py files are sources."
        self.expect(message, "SRC=main.c more.rs plain.c")

    def test_no_name_or_sources(self):
        self.expect("MOD must be the name of the module, it is ''.", "MOD=")
        self.expect("MOD must be the name of the module, it is 'a b'.", "MOD=a b")
        self.expect("SRC must list the sources of m.", "SRC=")

    def test_missing_source(self):
        self.assertIn("No rule to make target 'none.c'", self.fails("SRC=none.c"))

    def test_linker_that_is_none(self):
        self.expect("MPYLINK is '/none/mpylink', which is not a program.", mpylink="/none/mpylink")

    def test_toolchain(self):
        self.expect("TOOLCHAIN is 'icc'; it must be gcc or clang.", "TOOLCHAIN=icc")

    def test_toolchain_without_the_architecture(self):
        for arch in ("xtensa", "xtensawin"):
            message = f"clang makes no code for {arch} that a module can use; TOOLCHAIN must be gcc."
            self.expect(message, "TOOLCHAIN=clang", "ARCH=" + arch)

    def test_missing_compiler(self):
        self.expect("no compiler 'none-gcc' for armv7m; install it (README.md beside mpylink.mk lists packages)", "ARCH=armv7m", "CROSS=none-")
        self.expect("no compiler 'none' for x64; ", "CC=none -m64")

    def test_float(self):
        message = "MICROPY_FLOAT_IMPL is 'half'; it must be none, float or double."
        self.expect(message, "MICROPY_FLOAT_IMPL=half")


class FindingTools(Project):
    def install(self, folder, linker):
        """A copy of the template, with the headers where they belong, and a linker."""
        template = self.base / folder / "templates" / "mpylink.mk"
        template.parent.mkdir(parents=True)
        shutil.copy(TEMPLATE, template)
        (self.base / folder / "abi").mkdir()
        for part in ("include", "runtime"):
            (self.base / folder / "abi" / part).symlink_to(ROOT / "abi" / part)
        if linker:
            self.linker(linker)
        self.makefile(template=template)

    def linker(self, name):
        path = self.base / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f'#!/bin/sh\nexec {MPYLINK} "$@"\n')
        path.chmod(0o755)
        return path

    def used(self, *args, **options):
        return self.make("V=1", *args, mpylink=None, **options)

    def test_checkout(self):
        self.install("checkout", "checkout/build/release/mpylink")
        (self.base / "checkout/build/debug/mpylink").mkdir(parents=True)
        self.assertIn(f"{self.base}/checkout/build/release/mpylink -arch", self.used())

    def test_any_build_of_a_checkout(self):
        self.install("checkout", "checkout/build/test/mpylink")
        (self.base / "checkout/build/release/mpylink").mkdir(parents=True)
        self.assertIn(f"{self.base}/checkout/build/test/mpylink -arch", self.used())

    def test_installation(self):
        self.install("prefix/share/mpylink", "prefix/bin/mpylink")
        output = self.used()
        self.assertIn(f"{self.base}/prefix/bin/mpylink -arch", output)
        self.assertIn(f"-I{self.base}/prefix/share/mpylink/abi/include", output)

    def test_path(self):
        self.install("elsewhere", "tools/mpylink")
        path = f"{self.base}/tools:{os.environ['PATH']}"
        self.assertIn(f"{self.base}/tools/mpylink -arch", self.used(env=environment(PATH=path)))

    def test_none(self):
        self.install("elsewhere", None)
        path = os.pathsep.join(
            folder
            for folder in os.environ["PATH"].split(os.pathsep)
            if not os.path.exists(os.path.join(folder, "mpylink"))
        )
        output = self.fails(mpylink=None, env=environment(PATH=path))
        message = f"*** mpylink.mk: no mpylink in {self.base}/elsewhere/build, beside the installation or in PATH;"
        self.assertIn(message, output)

    def test_named(self):
        linker = self.linker("my-linker")
        self.install("checkout", "checkout/build/release/mpylink")
        self.assertIn(f"{linker} -arch", self.used(env=environment(MPYLINK=linker)))
        self.assertIn("../my-linker -arch", self.used("MPYLINK=../my-linker"))

    def test_compiler_of_the_environment_is_for_other_programs(self):
        self.assertNotIn("no-such-compiler", self.make("V=1", env=environment(CC="no-such-compiler")))
        self.assertIn("gcc -O1 ", self.make("V=1", "CC=gcc -O1"))

    def test_host_compiler_serves_its_own_family(self):
        links = self.base / "bin"
        links.mkdir()
        for name in ("sh", "gcc", "as", "ar", "mkdir", "cat", "printf", "cp", "cmp", "make"):
            (links / name).symlink_to(shutil.which(name))
        linker = ["PATH=" + os.environ["PATH"], MPYLINK]
        (links / "linker").write_text(f'#!/bin/sh\n{linker[0]} exec {linker[1]} "$@"\n')
        (links / "linker").chmod(0o755)
        output = self.make("V=1", env=environment(PATH=links), mpylink=links / "linker")
        self.assertRegex(output, r"(?m)^gcc -m64 ")


class Compilers(Project):
    """Compilers that differ from Debian's: scripts that ask that one and change its answer."""

    LINK_RUNTIME = 1

    def compiler(self, name, script):
        path = self.base / "bin" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return f"CROSS={path.parent}/{name.removesuffix('gcc')}"

    def riscv(self, script):
        return self.compiler("riscv-gcc", script + '\nexec riscv64-unknown-elf-gcc "$@"')

    @unittest.skipIf(missing("riscv64-unknown-elf-gcc"), "no compiler for RISC-V")
    def test_library_of_its_own(self):
        include = self.base / "libc/include"
        include.mkdir(parents=True)
        (include / "string.h").write_text("#include <stddef.h>\nvoid *memset(void *, int, size_t);\n")
        library = self.base / "libc/lib/rv32im/ilp32/libc.a"
        library.parent.mkdir(parents=True)
        library.touch()
        cross = self.riscv(f'set -- "$@" -isystem {include}')
        output = self.make("-n", "V=1", "ARCH=rv32imc", cross)
        self.assertNotIn("--specs", output)
        self.assertNotIn("-ffreestanding", output)
        self.assertIn(f"-l{library}", output)

    @unittest.skipIf(missing("riscv64-unknown-elf-gcc"), "no compiler for RISC-V")
    def test_no_library(self):
        cross = self.riscv('case "$*" in *picolibc*) echo picolibc.specs; exit ;; esac')
        self.write("plain.c", '#include "py/dynruntime.h"\nint plain(int x) { return x + 1; }\n')
        self.makefile(src="main.c plain.c")
        output = self.make("V=1", "ARCH=rv32imc", cross)
        self.assertIn("-ffreestanding", output)

    @unittest.skipIf(missing("xtensa-lx106-elf-gcc"), "no compiler for Xtensa")
    def test_reading_by_words(self):
        options = ("-n", "V=1", "ARCH=xtensa")
        output = self.make(*options)
        self.assertIn(" -mforce-l32 ", output)
        self.assertNotIn(" -rodata ", output)
        plain = 'case "$*" in *-mforce-l32*) exit 1 ;; esac\nexec xtensa-lx106-elf-gcc "$@"'
        output = self.make(*options, self.compiler("plain-gcc", plain))
        self.assertNotIn(" -mforce-l32 ", output)
        self.assertIn(" -rodata heap ", output)


class Places(Project):
    def test_build_folder_of_choice_keeps_everything(self):
        sources = set(self.files())
        for build in (f"{self.base}/out/x", "../out/y"):
            with self.subTest(build=build):
                self.make(f"BUILD={build}")
                self.assertTrue((self.dir / build / "m.mpy").exists())
                self.assertEqual(set(self.files()), sources)
                self.assertIn("Nothing to be done", self.make(f"BUILD={build}"))

    def test_two_modules_share_a_build_folder(self):
        build = f"BUILD={self.base}/out"
        self.make(build)
        self.make(build, "MOD=n", "CFLAGS_EXTRA=-DOTHER")
        self.assertIn("Nothing to be done", self.make(build))
        self.assertTrue((self.base / "out/n.mpy").exists())

    def test_sources_of_other_folders(self):
        self.write("../lib/a.c", "int a(void) { return 1; }\n")
        self.write("../lib/deep/a.c", "int b(void) { return 2; }\n")
        self.write("lib/a.c", "int c(void) { return 3; }\n")
        absolute = self.write("../absolute.c", "int d(void) { return 4; }\n")
        self.write("a.S", ".globl a\n")
        self.write("a.c", "int e(void) { return 5; }\n")
        src = f"main.c plain.c ../lib/a.c ../lib/deep/a.c lib/a.c {absolute} a.S a.c"
        self.makefile(src=src)
        self.make("-j2")
        objects = [name for name in self.files() if name.endswith(".o") and "/runtime/" not in name]
        self.assertEqual(len(objects), 8)
        self.assertTrue(all(name.startswith("build-x64/m.obj/") for name in objects))
        self.assertFalse(list((self.base / "lib").rglob("*.o")))
        self.touch("../lib/deep/a.c")
        self.assertIn("build-x64/m.obj/__/lib/deep/a.c.o", self.remade())

    def test_assembly_is_preprocessed(self):
        self.write("n.h", "#define NAME plain\n")
        self.write("plain.S", '#include "n.h"\n.text\n.globl NAME\nNAME: ret\n')
        self.makefile(src="main.c plain.S")
        self.make()
        self.touch("n.h")
        self.assertIn("build-x64/m.obj/plain.S.o", self.remade())

    def test_clean_leaves_what_it_found(self):
        sources = set(self.files())
        self.make()
        self.make("ARCH=x86")
        self.make("clean", "ARCH=x86")
        self.assertIn("build-x64/m.mpy", self.files())
        self.make("clean")
        self.assertEqual(set(self.files()), sources)
        self.assertFalse((self.dir / "build-x64").exists())

    def test_clean_keeps_the_files_of_others(self):
        self.write("build-x64/notes", "")
        self.make()
        self.make("clean")
        self.assertIn("build-x64/notes", self.files())

    def test_clean_needs_no_tools(self):
        self.make()
        self.make("clean", "CROSS=none-", mpylink="/none")
        self.assertNotIn("m.mpy", self.files())

    def test_own_targets_of_the_makefile(self):
        self.write("Makefile", (self.dir / "Makefile").read_text() + "size: m.mpy\n\twc -c < m.mpy\n")
        self.make("size")
        self.assertIn("m.mpy", self.files())


class Messages(Project):
    def test_commands_are_hidden(self):
        lines = [line.split()[0] for line in self.make().splitlines()]
        self.assertEqual(lines, ["QSTR", "CC", "CC", "LINK"])

    def test_verbose_shows_commands(self):
        output = self.make("V=1")
        self.assertRegex(output, r"(?m)^x86_64-linux-gnu-gcc .* -c -o build-x64/m.obj/plain.c.o plain.c$")
        self.assertRegex(output, r"(?m)^.*mpylink -preprocess -arch x64 .*main.c plain.c$")
        self.assertRegex(output, r"(?m)^.*mpylink -arch x64 .* -v$")
        self.assertIn("Nothing to be done", self.make())

    def test_nothing_is_done_for_show(self):
        before = self.files()
        self.assertIn(" -c -o ", self.make("-n"))
        self.assertEqual(self.files(), before)


class Runtime(Project):
    LINK_RUNTIME = 1

    def setUp(self):
        super().setUp()
        self.write("plain.c", "float quotient(float a, float b) { return a / b; }\nint plain(int x) { return x + (int)quotient(x, 3); }\n")

    def test_arithmetic_of_libgcc(self):
        for arch in ("armv6m", "armv7m"):
            with self.subTest(arch=arch):
                self.make("ARCH=" + arch)
                self.assertIn("__aeabi_fdiv", self.fails("ARCH=" + arch, "LINK_RUNTIME=0"))

    @unittest.skipUnless(os.path.exists("/usr/lib/x86_64-linux-musl/libc.a"), "no musl-dev")
    def test_mathematics_of_musl(self):
        self.write("plain.c", "#include <math.h>\nint plain(int x) { return (int)sin(x); }\n")
        self.make()
        self.assertIn("the package musl-dev", self.fails("mpylink.musl.x64="))
        # Nothing else of musl is linked, for it would ask the operating system.
        self.write("plain.c", "int nanosleep(void *, void *);\nint plain(int x) { return nanosleep(0, 0); }\n")
        self.assertIn("undefined symbol: nanosleep", self.fails())

    def test_symbols_of_a_rom(self):
        self.write("plain.c", "int helper(int);\nint plain(int x) { return helper(x); }\n")
        self.write("rom.ld", "PROVIDE ( helper = 0x40001000 );\n")
        options = ("ARCH=armv6m", "MPYLINK_FLAGS=-externs rom.ld")
        self.make(*options)
        self.touch("rom.ld")
        self.assertEqual(self.remade(*options), {"build-armv6m/m.mpy", "m.mpy"})

    def test_multilib(self):
        wanted = {"armv6m": "thumb/v6-m/nofp", "armv7m": "thumb/v7-m/nofp", "armv7em": "thumb/v7e-m/nofp",
                  "armv7emsp": "thumb/v7e-m+fp/hard", "armv7emdp": "thumb/v7e-m+dp/hard",
                  "rv32imc": "rv32im/ilp32", "rv64imc": "rv64im/lp64"}
        for arch, folder in wanted.items():
            with self.subTest(arch=arch):
                output = self.make("-n", "V=1", "ARCH=" + arch)
                for library in ("libgcc.a", "libm.a", "libc.a"):
                    self.assertIn(f"/{folder}/{library}", output)


if __name__ == "__main__":
    main()
