# SPDX-License-Identifier: MIT
"""Relocations that no loader can do, and values that do not fit their fields."""

import unittest

from harness import CLANG_M4, M0, M3, M4, X64, X86, LinkerTest

FPIC = "a module is loaded at any address: compile with -fpic"
NARROW = (
    "a 32-bit field cannot hold an address that is known at load time only: compile with -fpic "
    "(and not with -fno-pic, -fno-pie or -static)"
)
MOVW = (
    "an address in a movw/movt pair cannot be relocated by a loader: compile with -fpic, or with "
    "-mword-relocations (gcc) or -mno-movt (clang)"
)
TLS = (
    "compile with -fpic, and without -ftls-model, -fpie and -mtls-dialect: "
    "this way to reach a thread-local variable cannot be rewritten"
)
LOAD_TIME = "the address is known at load time only, and a loader relocates whole words only"
FIRMWARE = "the symbol is in the firmware, at no fixed distance from the code"
UNALIGNED = "the address is not at a multiple of {} bytes, and a loader relocates aligned words only"
NO_MODULE = "no module can have this relocation"
DATA = "int data[4]; int mpy_init(int i) { return data[i]; }"


class Relocations(LinkerTest):
    def message(self, where, relocation, symbol, what, hint, id="unsupported-relocation", function=""):
        lines = [f"mpylink: error: a.o:({where}): {relocation} against {symbol}: {what} [{id}]"]
        lines += [f">>> referenced by: {function}"] if function else []
        return "\n".join([*lines, f">>> hint: {hint}", ""])

    def refused(self, *message, arguments="", **more):
        self.fails(f"a.o {arguments}", self.message(*message, **more))

    def assemble(self, compiler, source):
        """Assembly in which mpy_init is the first thing, and a function."""
        header = ".globl mpy_init\n.type mpy_init, %function\n"
        if "arm-" in compiler:
            header = f".syntax unified\n.thumb\n{header}.thumb_func\n"
        self.compile(compiler, "a.s", f"{header}mpy_init:\n{source}\n")


class NoPic(Relocations):
    """Code that was compiled for a fixed address."""

    def test_x64(self):
        self.compile(X64 + " -fno-pic", "a.c", DATA)
        self.refused(".text+0x*", "R_X86_64_32S", "data", LOAD_TIME, NARROW, function="mpy_init")
        self.compile(X64 + " -fno-pic", "a.c", "int data[4]; int *mpy_init(void) { return data; }")
        self.refused(".text+0x*", "R_X86_64_32", "data", LOAD_TIME, NARROW, function="mpy_init")

    def test_x64_large_model(self):
        self.compile(X64 + " -fno-pic -mcmodel=large", "a.c", "int data[4]; int *mpy_init(void) { return data; }")
        self.refused(
            ".text+0x*", "R_X86_64_64", "data", UNALIGNED.format(8), FPIC, id="misaligned-word", function="mpy_init"
        )

    def test_x86(self):
        self.compile(X86 + " -fno-pic", "a.c", DATA)
        self.refused(
            ".text+0x*", "R_386_32", "data", UNALIGNED.format(4), FPIC, id="misaligned-word", function="mpy_init"
        )

    def test_arm_movw(self):
        """Both halves, as each is a relocation of its own."""
        for compiler in (f"{CLANG_M4} -fno-pic", M4.replace("-fpic", "-mslow-flash-data")):
            self.compile(compiler, "a.c", "int data[4]; int *mpy_init(void) { return data; }")
            self.fails(
                "a.o",
                "".join(
                    self.message(".text+0x*", f"R_ARM_THM_{name}", "data", LOAD_TIME, MOVW, function="mpy_init")
                    for name in ("MOVW_ABS_NC", "MOVT_ABS")
                ),
            )

    def test_arm_pure_code(self):
        self.compile(M0.replace("-fpic", "-mpure-code"), "a.c", "int data[4]; int *mpy_init(void) { return data; }")
        hint = (
            "an address built from 8-bit immediates cannot be relocated by a loader: compile without "
            "-mpure-code and -mslow-flash-data"
        )
        self.fails(
            "a.o",
            "".join(
                self.message(".text+0x*", f"R_ARM_THM_ALU_ABS_{name}", "data", LOAD_TIME, hint, function="mpy_init")
                for name in ("G3", "G2_NC", "G1_NC", "G0_NC")
            ),
        )

    def test_arm_literal_pool(self):
        """These words are aligned."""
        self.links(self.compile(M3.replace("-fpic", ""), "a.c", DATA))

    def test_arm_static_base(self):
        self.compile(f"{CLANG_M4} -frwpi", "a.c", DATA)
        hint = "modules have no static base register: compile without -frwpi and -msingle-pic-base"
        self.fails(
            "a.o",
            "".join(
                self.message(".text+0x*", f"R_ARM_{name}", "data", NO_MODULE, hint, function="mpy_init")
                for name in ("THM_MOVW_BREL_NC", "THM_MOVT_BREL")
            ),
        )


class Words(Relocations):
    """Addresses in data."""

    def test_packed(self):
        source = """
            int x;
            struct __attribute__((packed)) { char c; int *p; } s = {1, &x};
            void *mpy_init(void) { return &s; }
            """
        for compiler, relocation, word in ((X64, "R_X86_64_64", 8), (X86, "R_386_32", 4), (M3, "R_ARM_ABS32", 4)):
            self.compile(compiler, "a.c", source)
            self.refused(
                ".data.rel+0x1",
                relocation,
                "x",
                UNALIGNED.format(word),
                "do not pack structures that hold pointers",
                id="misaligned-word",
                function="s",
            )

    def test_narrow(self):
        for compiler, relocations, hint in (
            (X64, ("R_X86_64_32", "R_X86_64_16", "R_X86_64_8"), NARROW),
            (X86, ("R_386_16", "R_386_8"), FPIC),
            (M3, ("R_ARM_ABS16", "R_ARM_ABS8"), FPIC),
        ):
            fields = {"32": ".4byte", "16": ".2byte", "8": ".byte"}
            words = "".join(f"{fields[name.rstrip('S').rpartition('_')[2].removeprefix('ABS')]} v\n" for name in relocations)
            self.assemble(compiler, f"{words}.balign 4\n.globl v\n.comm v, 4")
            self.fails(
                "a.o",
                "".join(
                    self.message(".text+0x*", name, "v", LOAD_TIME, hint, function="mpy_init") for name in relocations
                ).replace(">>> referenced by: mpy_init\n", ""),
            )

    def test_twice(self):
        source = """
            call f
            .data
            d: .quad 0
            .reloc d, R_X86_64_64, mpy_init
            .reloc d, R_X86_64_64, mpy_init
            .section .text.f, "ax"
            f: lea d(%rip), %rax
            """
        self.assemble(X64, source)
        self.fails(
            "a.o",
            """
            mpylink: error: a.o:(.data+0x0): two relocations of the same word [overlapping-relocations]
            >>> hint: compile the object again
            """,
        )


class Distances(Relocations):
    """Targets that are at no fixed distance from the code."""

    def test_firmware_table(self):
        for compiler, place, relocation in (
            (X64, "lea mp_fun_table(%rip), %rax", "R_X86_64_PC32"),
            (X86, ".long mp_fun_table - .", "R_386_PC32"),
            (M3, ".long mp_fun_table - .", "R_ARM_REL32"),
        ):
            self.assemble(compiler, place)
            self.refused(".text+0x*", relocation, "mp_fun_table", FIRMWARE, FPIC)

    def test_fixed_address(self):
        self.write("rom.ld", "rom = 0x40000000;")
        what = "the symbol has a fixed address, which is at no fixed distance from the code"
        hint = "use the address through a pointer variable, or compile with -fpic"
        for compiler, place, relocation in (
            (X64, "lea rom(%rip), %rax", "R_X86_64_PC32"),
            (X86, "lea rom@GOTOFF(%ebx), %eax", "R_386_GOTOFF"),
            (M3, ".long rom - .", "R_ARM_REL32"),
        ):
            self.assemble(compiler, place)
            self.refused(".text+0x*", relocation, "rom", what, hint, arguments="-externs rom.ld")

    def test_weak(self):
        what = "the symbol is undefined and weak, so its address is 0, which is at no fixed distance from the code"
        hint = "remove the visibility attribute, or compile with -fpic"
        for compiler, place, relocation in (
            (X64, "lea v(%rip), %rax", "R_X86_64_PC32"),
            (X86, "lea v@GOTOFF(%ebx), %eax", "R_386_GOTOFF"),
            (M3, ".long v - .", "R_ARM_REL32"),
        ):
            self.assemble(compiler, f"{place}\n.weak v\n.hidden v")
            self.refused(".text+0x*", relocation, "v", what, hint)

    def test_inside_a_firmware_function(self):
        what = "the place meant is inside a function at a fixed address or in the firmware, and only its start can be reached"
        hint = "call the function itself"
        for compiler, place, relocation in (
            (X64, "call memset + 8", "R_X86_64_PC32"),
            (X86, "call memset + 8", "R_386_PC32"),
        ):
            self.assemble(compiler, place)
            self.refused(".text+0x1", relocation, "memset", what, hint)

    def test_beyond_a_merged_section(self):
        source = """
            .quad .rodata.str + 100
            .section .rodata.str, "aMS", @progbits, 1
            .string "text"
            """
        self.assemble(X64, source)
        self.fails(
            "a.o",
            """
            mpylink: error: a.o:(.text+0x0): the relocation refers to offset 100 of section .rodata.str, which has 5 bytes that are merged with equal ones [corrupt-object]
            >>> hint: refer to a symbol in the section instead of to the section
            """,
        )

    def test_got_without_base_register(self):
        self.assemble(X86, "mov v@GOT, %eax\nret\n.comm v, 4")
        what = "the instruction reaches the GOT without a base register"
        self.refused(".text+0x2", "R_386_GOT32X", "v", what, FPIC)


class Ranges(Relocations):
    SMALLER = "make the module smaller, or call through a function pointer"

    def out_of_range(self, relocation, symbol, limits):
        """The value depends on the layout."""
        result = self.link("a.o -o out.mpy")
        self.assertEqual(result.returncode, 1)
        self.assertRegex(
            result.stderr,
            rf"^mpylink: error: a\.o:\(\.text\+0x[0-9a-f]+\): {relocation} against {symbol}: "
            rf"value -?[0-9]+ is out of range {limits} \[out-of-range\]\n"
            r">>> target: a\.o:\(\.text\.far\+0x[0-9a-f]+\), at text offset 0x[0-9a-f]+\n"
            rf">>> hint: {self.SMALLER}\n$",
        )
        self.assertNotIn("out.mpy", self.files())

    def test_x86(self):
        for compiler, instruction, relocation in (
            (X64, "jrcxz far", "R_X86_64_PC8"),
            (X86, "jecxz far", "R_386_PC8"),
        ):
            self.assemble(compiler, f'{instruction}\nret\n.space 300\n.section .text.far, "ax"\nfar: ret')
            self.out_of_range(relocation, r"\.text\.far", r"\[-128, 127\]")

    def test_arm(self):
        far = '.section .text.far, "ax"\n.globl far\n.type far, %function\n.thumb_func\nfar: bx lr'
        for instruction, space, relocation, limits in (
            ("beq.n far", 300, "R_ARM_THM_JUMP8", r"\[-256, 254\]"),
            ("b.n far", 3000, "R_ARM_THM_JUMP11", r"\[-2048, 2046\]"),
            ("beq.w far", 1100000, "R_ARM_THM_JUMP19", r"\[-1048576, 1048574\]"),
            ("bl far", 17000000, "R_ARM_THM_CALL", r"\[-16777216, 16777214\]"),
        ):
            self.assemble(M3, f"{instruction}\nbx lr\n.space {space}\n{far}")
            self.out_of_range(relocation, "far", limits)


class Kinds(Relocations):
    def test_thread_local(self):
        """Once for a variable, whatever an access takes."""
        source = "extern __thread int t; __thread int t; int mpy_init(void) { return t++; }"
        for compiler, relocation in (
            (X64 + " -fno-pic", "R_X86_64_TPOFF32"),
            (X64 + " -ftls-model=initial-exec", "R_X86_64_GOTTPOFF"),
            (X64 + " -mtls-dialect=gnu2", "R_X86_64_GOTPC32_TLSDESC"),
            (X86 + " -fno-pic", "R_386_TLS_LE"),
            (X86 + " -ftls-model=initial-exec", "R_386_TLS_GOTIE"),
        ):
            self.compile(compiler, "a.c", source)
            self.fails(
                "a.o",
                f"""
                mpylink: error: a.o:(.text+0x*): {relocation} against t: no module can have this relocation [unsupported-relocation]
                >>> referenced by: mpy_init
                >>> hint: {TLS}
                """,
            )
            self.links(self.compile(compiler.split(" -fpic")[0] + " -fpic", "b.c", source))

    def test_thread_local_code(self):
        """The instruction is checked before it is rewritten."""
        self.assemble(X64, "leaq v@tlsgd(%rip), %rsi\n.section .tbss, \"awT\", @nobits\n.globl v\nv: .zero 8")
        self.refused(
            ".text+0x3",
            "R_X86_64_TLSGD",
            "v",
            "the instruction is not the one that gets an argument of __tls_get_addr ready",
            TLS,
        )
        self.assemble(X64, ".quad __tls_get_addr")
        self.refused(
            ".text+0x0",
            "R_X86_64_64",
            "__tls_get_addr",
            "the function finds thread-local variables, and only calls of it by name can be rewritten",
            "compile without -mlong-calls and -mcmodel=large, or do not use the function",
        )

    def test_arm_state(self):
        self.assemble(M3, ".inst.w 0xf000e800\n.reloc mpy_init, R_ARM_THM_CALL, f\n.globl f\n.comm f, 4")
        what = "the instruction is blx, a call to Arm code, which Cortex-M does not run"
        self.refused(".text+0x0", "R_ARM_THM_CALL", "f", what, FPIC)
        self.assemble(M3, ".long 0\n.reloc mpy_init, R_ARM_CALL, f\n.globl f\n.comm f, 4")
        self.refused(
            ".text+0x0", "R_ARM_CALL", "f", NO_MODULE, "Cortex-M runs Thumb code only: compile with -mthumb"
        )

    def test_linked_before(self):
        hint = "this relocation belongs into linked files: give mpylink the object as the compiler made it"
        for compiler, relocation in ((X64, "R_X86_64_COPY"), (X86, "R_386_COPY"), (M3, "R_ARM_COPY")):
            self.assemble(compiler, f".long 0\n.reloc mpy_init, {relocation}, f\n.globl f\n.comm f, 4")
            self.refused(".text+0x0", relocation, "f", NO_MODULE, hint)

    def test_unknown(self):
        """A type that no table has."""
        self.assemble(X64, ".quad f\n.globl f\n.comm f, 4")
        content = (self.folder / "a.o").read_bytes()
        headers, relocations = int.from_bytes(content[40:48], "little"), 4
        rela = next(at for at in range(headers, len(content), 64) if content[at + 4] == relocations)
        # An entry holds the offset, then the type and the symbol.
        self.damage("a.o", "a.o", int.from_bytes(content[rela + 24 : rela + 32], "little") + 8, b"\xc8")
        self.refused(
            ".text+0x0",
            "relocation type 200",
            "f",
            "this relocation type is not known",
            "report it with the object file and the compiler's command line",
        )

    def test_several_in_one_run(self):
        source = DATA + " int f(void); int (*use(void))(void) { return f() ? f : 0; }"
        self.compile(X64 + " -fno-pic", "a.c", source)
        result = self.link("a.o -no-gc-sections -o out.mpy")
        self.assertEqual(result.stderr.count("[unsupported-relocation]"), 1)
        self.assertEqual(result.stderr.count("[undefined-symbol]"), 1)
        self.assertEqual(result.returncode, 1)


if __name__ == "__main__":
    unittest.main()
