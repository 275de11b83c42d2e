#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every message of mpylink: exact first line, exit status, and no output file. Sources are compiled by the real
compilers in a temporary folder, where mpylink runs too, so that the paths in messages are short and stable."""

import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

MPYLINK = os.environ["MPYLINK"]
ROOT = Path(__file__).resolve().parents[2]
X64 = ["gcc", "-Os", "-fpic", "-fno-stack-protector", "-fno-asynchronous-unwind-tables", "-ffunction-sections"]
X86 = ["i686-linux-gnu-gcc", *X64[1:]]
ARM = ["arm-none-eabi-gcc", "-Os", "-mthumb", "-mcpu=cortex-m3", "-ffunction-sections"]
M4F = ["-mcpu=cortex-m4", "-mfpu=fpv4-sp-d16", "-mfloat-abi=hard"]
CLANG_ARM = ["clang-19", "--target=thumbv7m-none-eabi", "-mcpu=cortex-m3", "-Os"]
ENTRY = "int mpy_init(void) { return 0; }\n"


class Case(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def compile(self, text, name="m.c", compiler=X64, flags=()):
        (self.folder / name).write_text(text)
        output = Path(name).stem + ".o"
        subprocess.run([*compiler, *flags, "-w", "-c", name, "-o", output], cwd=self.folder, check=True)
        return output

    def link(self, *arguments, status=1):
        """Runs mpylink; returns the lines it prints as errors."""
        run = subprocess.run(
            [MPYLINK, *arguments], cwd=self.folder, capture_output=True, text=True, timeout=60, check=False
        )
        self.assertEqual(run.returncode, status, run.stderr)
        if status:
            self.assertFalse((self.folder / "out.mpy").exists(), "an output file is left")
        return run.stderr.splitlines()

    def expect(self, arguments, first, *others, status=1):
        """The first line exactly, and further lines that must be there."""
        lines = self.link(*arguments, "-o", "out.mpy", status=status)
        self.assertEqual(lines[0], "mpylink: " + first)
        for line in others:
            self.assertIn(line, lines)
        return lines


class Files(Case):
    def test_missing(self):
        self.expect(["none.o"], "error: none.o: cannot be read: No such file or directory [cannot-read]")
        self.compile(ENTRY)
        self.expect(["m.o", "-lnone"], "error: -lnone: no libnone.a in the folders given with -L [cannot-read]")

    def test_not_objects(self):
        for name, content, what in (
            ("a.o", b"", "the file is empty"),
            ("b.o", b"hello, this is a text", "this is not an ELF object"),
            ("c.o", b"M\x06\x0b\x1f....", "this is a .mpy file, not an ELF object"),
            ("d.c", b"int x;", "this is a source file, not an object"),
        ):
            (self.folder / name).write_bytes(content)
            self.expect([name], f"error: {name}: {what} [not-an-object]")

    def test_programs_and_lto(self):
        self.compile(ENTRY)
        subprocess.run(["gcc", "-shared", "m.o", "-o", "m.so"], cwd=self.folder, check=True)
        self.expect(["m.so"], "error: m.so: this ELF file is not a relocatable object [not-relocatable]")
        self.compile(ENTRY, "lto.c", flags=["-flto", "-fno-fat-lto-objects"])
        self.expect(
            ["lto.o"],
            "error: lto.o: the object holds compiler-internal code for link-time optimisation only [lto-object]",
        )

    def test_damage(self):
        whole = (self.folder / self.compile(ENTRY)).read_bytes()
        for length in range(0, len(whole), 7):
            (self.folder / "cut.o").write_bytes(whole[:length])
            self.assertRegex(self.link("cut.o", "-o", "out.mpy")[0], r"\[(not-an-object|corrupt-object)\]$")
        (self.folder / "cut.a").write_bytes(b"!<arch>\nthis is no member at all, but long enough to be one......")
        self.assertRegex(self.link("m.o", "cut.a", "-o", "out.mpy")[0], r"cut\.a.*: .*\[corrupt-archive\]$")

    def test_outputs(self):
        self.compile(ENTRY)
        self.assertRegex(self.link("m.o", "-o", "none/out.mpy")[0], r"none/out\.mpy: cannot be written: .*\[cannot-write\]")
        self.expect(["m.o", "-Map", "m.o"], "error: m.o: would replace m.o [cannot-write]")
        self.expect(["m.o", "m.o"], "error: m.o: the object is given twice [given-twice]")
        subprocess.run(["ar", "rc", "only.a", "m.o"], cwd=self.folder, check=True)
        self.expect(["only.a"], "error: there is no object file among the inputs [no-objects]")
        (self.folder / "old.mpy").write_bytes(b"old")
        self.link("m.o", "none.o", "-o", "old.mpy")
        self.assertEqual((self.folder / "old.mpy").read_bytes(), b"old")

    def test_usage(self):
        self.compile(ENTRY)
        self.assertEqual(self.link("-gc-section", "m.o", status=2), ["mpylink: error: unknown option -gc-section, did you mean -gc-sections?"])
        self.assertEqual(self.link("m.o", "-ouput", "x", status=2), ["mpylink: error: unknown option -ouput, did you mean -output?"])
        self.assertEqual(self.link("m.o", "-o", status=2), ["mpylink: error: -o needs a value"])
        self.assertEqual(self.link(status=2), ["mpylink: error: no input files; mpylink -help tells how to call it"])


class Architecture(Case):
    def test_machines(self):
        self.compile(ENTRY)
        self.compile("int f(void) { return 1; }", "arm.c", ARM)
        self.expect(["m.o", "arm.o"], "error: arm.o: the object is for another processor than m.o [wrong-machine]")
        self.expect(["m.o", "-arch", "armv7m"], "error: m.o: the object is not for armv7m [wrong-machine]")
        self.expect(["m.o", "-arch", "armv9"], "error: unknown architecture armv9 [unknown-arch]")
        self.expect(["m.o", "-arch-flags", "zba"], "error: unknown architecture flag zba [unknown-arch-flag]")
        self.compile(ENTRY, "a64.c", ["clang-19", "--target=aarch64-none-elf"])
        self.expect(["a64.o"], "error: a64.o: objects for AArch64 (64 bits) cannot be linked [wrong-machine]")

    def test_float_abi(self):
        self.compile("float mpy_init(float x) { return x; }", "hard.c", ARM, M4F)
        self.compile("float f(float x) { return x; }", "soft.c", ARM)
        self.assertRegex(self.link("hard.o", "-arch", "armv7m", "-o", "out.mpy")[0], r"^mpylink: error: hard\.o: .*\[abi-conflict\]$")
        self.assertRegex(self.link("hard.o", "soft.o", "-o", "out.mpy")[0], r"no architecture fits all objects.*\[abi-conflict\]$")


class Symbols(Case):
    def test_undefined(self):
        self.compile("int sinf_(int); int mp_obj_new_intt(int); int mpy_init(void) { return mp_obj_new_intt(1); }", flags=["-g"])
        self.expect(
            ["m.o"],
            "error: m.o:(.text.mpy_init+0x6): undefined symbol: mp_obj_new_intt [undefined-symbol]",
            ">>> referenced by: m.c:1 (mpy_init)",
            ">>> hint: did you mean mp_obj_new_int?",
        )

    def test_hints(self):
        for name, hint in (
            ("sinf", "it is usually in libm"),
            ("__aeabi_idiv", "it is usually in libgcc"),
            ("strlen", "it is usually in libc"),
            ("printf", "print with mp_printf"),
            ("__stack_chk_fail", "it is usually in the stack protector"),
            ("mp_frobnicate_all", "the firmware does not offer this function"),
            ("something_else", "link the object or archive that defines it"),
        ):
            self.compile(f"int {name}(void); int mpy_init(void) {{ return {name}() + 1; }}", flags=["-fno-builtin"])
            self.assertRegex("\n".join(self.link("m.o", "-o", "out.mpy")), f">>> hint: {hint}")

    def test_near_definitions(self):
        self.compile("static int __attribute__((used)) helper(void) { return 1; }", "s.c")
        self.compile("int helper(void); int mpy_init(void) { return helper() + 1; }")
        self.expect(["m.o", "s.o"], "error: m.o:(.text.mpy_init+0x2): undefined symbol: helper [undefined-symbol]", ">>> hint: it is defined in s.o, but static there")
        self.compile("int helper() { return 1; }", "cpp.cpp")
        self.assertIn('>>> hint: did you mean to declare it extern "C"? cpp.o defines helper()', self.link("m.o", "cpp.o", "-o", "out.mpy"))

    def test_duplicate(self):
        self.compile(ENTRY + "int twice;")
        self.compile("int twice;", "n.c")
        self.compile(ENTRY, "o.c")
        self.expect(
            ["m.o", "o.o"],
            "error: o.o:(.text.mpy_init+0x0): duplicate symbol: mpy_init [duplicate-symbol]",
            ">>> defined in: m.o:(.text.mpy_init+0x0), mpy_init",
        )
        (self.folder / "rom.ld").write_text("a = 0x10;\nPROVIDE(a = 0x20);\n")
        self.expect(["m.o", "-externs", "rom.ld"], "error: rom.ld:2: symbol a has two addresses, 0x10 and 0x20 [duplicate-symbol]")

    def test_entry(self):
        self.compile("int x;")
        self.expect(["m.o"], "error: m.o: no object defines the module's entry function mpy_init [no-entry]")
        self.compile("static int __attribute__((used)) mpy_init(void) { return 0; }")
        self.assertIn(">>> hint: it is static in m.o: remove 'static'", self.link("m.o", "-o", "out.mpy"))
        self.compile("int mpy_init(void *) { return 0; }", "m.cpp")
        self.assertIn('>>> hint: it is defined as a C++ function: declare it extern "C"', self.link("m.o", "-o", "out.mpy"))

    def test_unsupported(self):
        self.compile("int f(void); static int g(void) { return 1; } static void *r(void) { return g; }"
                     'int f(void) __attribute__((ifunc("r"))); int mpy_init(void) { return f(); }')
        self.assertRegex(self.link("m.o", "-o", "out.mpy")[0], r"an ifunc.*\[unsupported-symbol\]$")
        self.compile(ENTRY + "void __attribute__((constructor)) first(void) {}")
        self.assertRegex(self.link("m.o", "-o", "out.mpy")[0], r"m\.o:\(\.init_array\): the section holds constructors.*\[unsupported-section\]$")

    def test_warnings(self):
        self.compile(ENTRY)
        (self.folder / "rom.ld").write_text("/* comment */ SECTIONS { };\n")
        self.assertRegex(self.link("m.o", "-externs", "rom.ld", "-o", "w.mpy", status=0)[0], r"^mpylink: warning: rom\.ld:1: .*\[externs-syntax\]$")
        self.assertRegex(self.link("m.o", "-externs", "rom.ld", "-fatal-warnings", "-o", "out.mpy")[0], r"^mpylink: error: rom\.ld:1: ")
        self.compile("static char zeros[100000] __attribute__((aligned(256))); char *mpy_init(void) { zeros[1]++; return zeros; }")
        lines = "\n".join(self.link("m.o", "-o", "w.mpy", status=0))
        self.assertRegex(lines, r"puts 100000 zero bytes into the file.*\[zeros-in-text\]")
        self.assertRegex(lines, r"alignment 256 is kept inside the module.*\[alignment\]")

    def test_limit(self):
        self.compile("".join(f"int u{i}(void);" for i in range(30)) + "int mpy_init(void) { return " + "+".join(f"u{i}()" for i in range(30)) + "; }")
        lines = self.link("m.o", "-o", "out.mpy")
        self.assertEqual(sum(": error: " in line for line in lines), 20)
        self.assertEqual(lines[-1], "mpylink: 10 more errors; use -error-limit=0 to see all")
        self.assertEqual(sum(": error: " in line for line in self.link("m.o", "-error-limit=0", "-o", "out.mpy")), 30)


class Relocations(Case):
    def refused(self, text, compiler, flags, pattern, name="m.c"):
        self.compile(text, name, compiler, flags)
        self.assertRegex("\n".join(self.link("m.o", "-o", "out.mpy")), pattern)

    def test_code_models(self):
        data = "int data[4]; int *mpy_init(void) { return data; }"
        self.refused(data, X64, ["-fno-pic", "-fno-pie"], r"R_X86_64_32 against data: .*\[unsupported-relocation\]\n(.*\n)?>>> hint: .*-fpic")
        self.refused("int data[4]; int mpy_init(int i) { return data[i]; }", X86, ["-fno-pic", "-fno-pie"], r"R_386_32 against data: .*\[misaligned-word\]\n(.*\n)?>>> hint: .*-fpic")
        self.refused(data, CLANG_ARM, ["-fno-pic"], r"R_ARM_THM_MOV[WT]_ABS\w* against data: .*\[unsupported-relocation\]\n(.*\n)?>>> hint: .*-mno-movt")
        self.refused("__thread int t; int mpy_init(void) { return t++; }", X64, [], r"\[unsupported-relocation\]\n(.*\n)?>>> hint: modules have no thread-local storage")

    def test_words(self):
        self.refused("int x; struct __attribute__((packed)) { char c; int *p; } s = {1, &x}; void *mpy_init(void) { return &s; }", X64, [], r"R_X86_64_64 against x: .*\[misaligned-word\]")
        self.refused(".text\n.globl mpy_init\nmpy_init: ret\n.data\nd: .quad 0\n.reloc d, R_X86_64_64, mpy_init\n.reloc d, R_X86_64_64, mpy_init\n"
                     '.section .text.f,"ax"\n.globl f\nf: lea d(%rip), %rax\n.text\ncall f\n', X64, [], r"two relocations of the same word \[overlapping-relocations\]", "m.S")

    def test_range(self):
        self.refused('.text\n.globl mpy_init\nmpy_init: jrcxz far\nret\n.space 300\n.section .text.far,"ax"\nfar: ret\n', X64, [], r"R_X86_64_PC8 against \.text\.far: value \d+ is out of range \[-128, 127\] \[out-of-range\]", "m.S")

    def test_size(self):
        self.refused("static char big[600000000]; char *mpy_init(void) { big[1]++; return big; }", X64, [], r"the module's text has \d+ bytes.*\[module-too-large\]")
        self.refused('.syntax unified\n.text\n.space 20000000\n.globl mpy_init\n.type mpy_init, %function\n.thumb_func\nmpy_init: bx lr\n', ARM, [], r"out of reach of a jump from its start \[text-too-large\]", "m.S")


class Qstrs(Case):
    def test_headers(self):
        self.compile("extern const unsigned short mp_native_qstr_table[]; int mpy_init(void) { return mp_native_qstr_table[1]; }")
        self.assertRegex(self.link("m.o", "-o", "out.mpy")[0], r"the code uses MP_QSTR_ names, but no -qstrs file numbers them \[no-qstrs\]$")
        declaration = "extern const uint16_t mp_native_qstr_table[];\n"
        for text, pattern in (
            ("nothing\n", r"q\.h: this is not a header that numbers qstrs"),
            (declaration + "#define MP_QSTR_a (mp_native_qstr_table[1])\n#define MP_QSTR_b (mp_native_qstr_table[1])\n", r"q\.h:3: qstrs a and b have the same number 1"),
            (declaration + "#define MP_QSTR_a (mp_native_qstr_table[2])\n", r"q\.h: no qstr has the number 1"),
            (declaration + "#define MP_QSTR_a (mp_native_qstr_table[x])\n", r"q\.h:2: the number of qstr a is not understood"),
        ):
            (self.folder / "q.h").write_text(text)
            self.assertRegex(self.link("m.o", "-qstrs", "q.h", "-o", "out.mpy")[0], pattern + r" \[qstr-header\]$")
        (self.folder / "long.c").write_text("MP_QSTR_" + "x" * 256)
        self.assertRegex(self.link("-preprocess", "long.c", "-o", "out.h")[0], r"\[qstr-too-long\]$")


class Documentation(unittest.TestCase):
    def test_every_id(self):
        """Every id has an entry in docs/diagnostics.md and a test here; nothing can provoke `internal` and `verify`."""
        sources = "".join(path.read_text() for path in (ROOT / "mpylink").rglob("*.cpp"))
        ids = set(re.findall(r'(?:\.error|\.warning|refuse)\(\s*"([a-z-]+)"', sources)) | set(re.findall(r'Severity::Error,\s*"([a-z-]+)"', sources))
        self.assertGreater(len(ids), 25)
        headings = "\n".join(re.findall(r"^### (.*)", (ROOT / "docs/diagnostics.md").read_text(), re.MULTILINE))
        tests = Path(__file__).read_text()
        for identifier in sorted(ids):
            with self.subTest(identifier):
                self.assertRegex(headings, rf"(^|[ ,\n]){identifier}\b")
                self.assertTrue(identifier in ("internal", "verify") or identifier in tests.split("class Documentation")[0])


if __name__ == "__main__":
    unittest.main()
