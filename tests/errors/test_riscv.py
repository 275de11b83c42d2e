# SPDX-License-Identifier: MIT
"""RISC-V: processors and calling conventions that no module has, pairs of relocations, sums and padding."""

import unittest

from harness import CLANG_RV32, CLANG_RV64, INIT, RISCV, RV32, RV64, XTENSA, LinkerTest
from test_relocations import FIRMWARE, LOAD_TIME, NO_MODULE, TLS, UNALIGNED, Relocations

FPIC = "a module is loaded at any address: compile with -fpic"
MEDLOW = "an address in a pair of instructions cannot be relocated by a loader: compile with -fpic or -mcmodel=medany"
NARROW = "a 32-bit field cannot hold an address that is known at load time only: compile with -fpic or -mcmodel=medany"
DAMAGED = "make the object again: it is damaged, or an assembler file has a wrong .reloc"
MISFIT = "the instruction at this place is not one that the relocation fits"
# The word size decides about the rest.
BOTH = ((32, RV32), (64, RV64))


class Processors(LinkerTest):
    def refused(self, options, text, hint, id, arguments="", clang=None):
        compiler = f"{clang} -c" if clang else "riscv64-unknown-elf-gcc -c"
        self.compile(f"{compiler} {options}", "a.c", INIT)
        self.fails(f"a.o {arguments}", f"mpylink: error: a.o: {text} [{id}]\n>>> hint: {hint}\n")

    def test_floats_in_registers(self):
        text = "code that passes floats in FPU registers, which no firmware does"
        for bits, abi, options in (
            (32, "ilp32", "-march=rv32imafc -mabi=ilp32f"),
            (32, "ilp32", "-march=rv32imafdc -mabi=ilp32d"),
            (64, "lp64", "-march=rv64imafdc -mabi=lp64d"),
        ):
            hint = f"compile with -march=rv{bits}imc -mabi={abi}, and take libraries of that multilib"
            for arguments in ("", f"-arch rv{bits}imc"):
                self.refused(options, text, hint, "wrong-machine", arguments)

    def test_reduced_registers(self):
        text = "code for a processor with 16 registers (RV32E, RV64E), which runs no MicroPython"
        hint = "compile with -march=rv32imc -mabi=ilp32, and take libraries of that multilib"
        self.refused("-march=rv32emc -mabi=ilp32e", text, hint, "wrong-machine")

    def test_floating_point_instructions(self):
        text = "rv32imafc_zicsr_zmmul code, but rv32imc has no f (-march=rv32imc)"
        options = "-march=rv32imafc -mabi=ilp32"
        self.refused(options, text, "compile it for rv32imc", "abi-conflict")
        hint = "compile it for rv32imc, or link for another -arch"
        self.refused(options, text, hint, "abi-conflict", "-arch rv32imc")

    def test_vectors(self):
        clang = CLANG_RV64.replace("-march=rv64imc", "-march=rv64imc_zve32x")
        text = "rv64imc_zicsr_zmmul_zve32x_zvl32b code, but rv64imc has no zve32x, zvl32b (-march=rv64imc)"
        self.refused("", text, "compile it for rv64imc", "abi-conflict", clang=clang)

    def test_word_sizes(self):
        self.compile(RV32, "a.c", INIT)
        self.compile(RV64, "b.c", "")
        self.fails(
            "a.o b.o",
            """
            mpylink: error: b.o: the object is for another processor than a.o [wrong-machine]
            >>> hint: compile all objects for the same architecture
            """,
        )
        for name, arch, own in (("a", "rv64imc", "rv32imc"), ("b", "rv32imc", "rv64imc"), ("a", "xtensa", "rv32imc")):
            self.fails(
                f"{name}.o -arch {arch}",
                f"""
                mpylink: error: {name}.o: the object is not for {arch} [wrong-machine]
                >>> hint: its processor's architectures are {own}
                """,
            )

    def test_archive_members(self):
        call = "int f(int); int mpy_init(void) { return f(1); }"
        self.compile(f"{RISCV} -march=rv32imafc -mabi=ilp32", "f.c", "int f(int x) { return x; }")
        self.run_tool("ar", "rcs", "lib.a", "f.o")
        self.compile(RV32, "a.c", call)
        self.fails(
            "a.o lib.a",
            """
            mpylink: error: lib.a(f.o): rv32imafc_zicsr_zmmul code, but rv32imc has no f (-march=rv32imc) [abi-conflict]
            >>> hint: use the library of the multilib that fits your -march and -mabi
            """,
        )
        self.compile(XTENSA, "a.c", call)
        self.fails(
            "a.o lib.a",
            """
            mpylink: error: lib.a(f.o): the archive member is for another processor [wrong-machine]
            >>> hint: use the library of your compiler's multilib for the module's architecture
            """,
        )

    def test_corrupt_attributes(self):
        self.compile(RV32, "a.c", INIT)
        content = (self.folder / "a.o").read_bytes()
        self.damage("a.o", "a.o", content.index(b"rv32i2p"), b"rv16i2p")
        self.fails(
            "a.o",
            """
            mpylink: error: a.o: the build attributes are corrupt: they name no RISC-V processor with 32-bit addresses [wrong-machine]
            >>> hint: compile it again
            """,
        )


class Extensions(LinkerTest):
    HINT = "leave the extension out of -march, or use the module on such processors only"

    def warning(self, name, text, *more):
        lines = [f"mpylink: warning: {name}: {text} [arch-extension]", *more, f">>> hint: {self.HINT}", ""]
        return "\n".join(lines)

    def test_extensions(self):
        for compiler, march, names, arch in (
            (RV32, "rv32imc_zbb", "rv32imc_zmmul_zbb code, but not every rv32imc processor has zbb", "rv32imc"),
            (RV32, "rv32imc_zba_zbb_zbs", "rv32imc_zmmul_zba_zbb_zbs code, but not every rv32imc processor has zbb, zbs", "rv32imc"),
            (RV64, "rv64imc_zba", "rv64imc_zmmul_zba code, but not every rv64imc processor has zba", "rv64imc"),
            (CLANG_RV32, "rv32imac_zicond", "rv32imac_zicond_zmmul code, but not every rv32imc processor has zicond", "rv32imc"),
        ):
            self.compile(compiler.replace(f"-march={arch}", f"-march={march}"), "a.c", INIT)
            expected = self.warning("a.o", f"{names} (-march={arch})")
            self.warns("a.o", expected)
            self.fails("a.o -fatal-warnings", expected.replace("warning:", "error:"))

    def test_flags_that_the_file_can_hold(self):
        """A firmware compares them with its processor, so nobody has to be warned."""
        self.compile(RV32.replace("rv32imc", "rv32imac_zba"), "a.c", INIT)
        self.links("a.o")

    def test_once_for_several_objects(self):
        compiler = RV32.replace("rv32imc", "rv32imc_zbb")
        text = "rv32imc_zmmul_zbb code, but not every rv32imc processor has zbb (-march=rv32imc)"
        self.compile(RV32, "a.c", INIT)
        for name in "bcd":
            self.compile(compiler, f"{name}.c", "")
        self.warns("a.o b.o c.o", self.warning("b.o", text, ">>> also in: c.o"))
        self.warns("a.o b.o c.o d.o", self.warning("b.o", text, ">>> also in: 2 more objects"))


class ArchFlags(LinkerTest):
    def flags(self, arguments):
        """The feature byte and the flags behind it."""
        self.links(f"a.o {arguments}")
        self.check(f"a.o {arguments} -o flags.mpy", "", 0)
        content = (self.folder / "flags.mpy").read_bytes()
        return content[4] if content[2] & 0x40 else None

    def test_names_and_numbers(self):
        self.compile(RV32, "a.c", INIT)
        for text, flags in (("zba", 1), ("zcmp", 2), ("zba,zcmp", 3), ("ZCMP,Zba", 3), ("3", 3), ("0x2", 2), ("0", None)):
            self.assertEqual(self.flags(f"-arch-flags {text}"), flags, text)

    def test_derived_and_overridden(self):
        self.compile(RV32.replace("rv32imc", "rv32imc_zba"), "a.c", INIT)
        self.assertEqual(self.flags(""), 1)
        self.assertEqual(self.flags("-arch-flags 0"), None)
        self.assertEqual(self.flags("-arch-flags zcmp"), 2)

    def test_unknown(self):
        hint = ">>> hint: rv32imc has zba, zcmp\n"
        self.compile(RV32, "a.c", INIT)
        for text, names in (("zbb", ("flag zbb",)), ("4", ("flags 0x4",)), ("zba,,x", ("flag ", "flag x"))):
            self.fails(
                f"a.o -arch-flags {text}",
                "".join(f"mpylink: error: unknown architecture {name} [unknown-arch-flag]\n{hint}" for name in names),
            )
        self.compile(RV64, "a.c", INIT)
        self.fails(
            "a.o -arch-flags zba",
            """
            mpylink: error: unknown architecture flag zba [unknown-arch-flag]
            >>> hint: rv64imc has no flags: leave -arch-flags out
            """,
        )


class RiscV(Relocations):
    def assemble(self, compiler, source):
        super().assemble(compiler, f".option norelax\n{source}")

    def several(self, *messages):
        self.fails("a.o", "".join(messages))


class Pairs(RiscV):
    def test_low_without_its_label(self):
        what = "there is no upper part of an address at the label"
        hint = "%pcrel_lo() takes the label of the instruction that has %pcrel_hi()"
        for _, compiler in BOTH:
            for label in ("label: nop", ".weak label"):
                self.assemble(compiler, f"{label}\naddi a0, a0, %pcrel_lo(label)\nret")
                self.refused(".text+0x*", "R_RISCV_PCREL_LO12_I", "label", what, hint)
            self.assemble(compiler, "sw a0, %pcrel_lo(1f)(a1)\n1: ret")
            self.refused(".text+0x0", "R_RISCV_PCREL_LO12_S", ".L1", what, hint)

    def test_low_without_high(self):
        for _, compiler in BOTH:
            self.assemble(compiler, "lw a0, %lo(x)(a0)\nret\n.globl x\n.comm x, 4")
            what = "no instruction of the function has the upper part of this address"
            self.refused(".text+0x0", "R_RISCV_LO12_I", "x", what, MEDLOW)

    def test_low_parts_that_carry(self):
        what = "the lower parts of this address are too far from each other"
        for _, compiler in BOTH:
            self.assemble(compiler, "lui a0, %hi(x)\nlui a1, %hi(x)\nlw a0, %lo(x + 5000)(a0)\nret\n.globl x\n.comm x, 4")
            self.refused(".text+0x*", "R_RISCV_LO12_I", "x", what, MEDLOW)

    def test_label_with_an_addend(self):
        source = """
            .option norvc
            1: auipc a0, %pcrel_hi(x)
            l: addi a0, a0, 0
            .reloc l, R_RISCV_PCREL_LO12_I, 1b + 3000
            ret
            .globl x
            .comm x, 4
            """
        for _, compiler in BOTH:
            self.assemble(compiler, source)
            self.fails(
                "a.o",
                """
                mpylink: error: a.o:(.text+0x4): R_RISCV_PCREL_LO12_I against .text: the addend 3000 needs another upper part than the label's instruction has [out-of-range]
                >>> target: a.o:(.text+0x0), at text offset 0x0
                >>> hint: put the addend into %pcrel_hi()
                """,
            )

    def test_far_address(self):
        """Where code without -fpic reaches 2 GiB."""
        self.write("rom.ld", "far = 0x123456789abc;")
        message = (
            "R_RISCV_HI20 against far: value 20015998343868 is out of range [-2147485696, 2147481599] [out-of-range]\n"
            ">>> hint: compile with -fpic: then the address comes from a word, which reaches everything\n"
        )
        source = "extern int far; int mpy_init(void) { return far; }"
        self.compile(RV64, "a.c", source)
        self.fails("a.o -externs rom.ld", f"mpylink: error: a.o:(.text+0x*): {message}")
        self.compile(RV64 + " -mcmodel=medany", "a.c", source)
        message = message.replace("HI20", "PCREL_HI20")
        self.fails("a.o -externs rom.ld", f"mpylink: error: a.o:(.text+0x*): {message}")
        self.compile(RV64 + " -fpic", "a.c", source)
        self.links("a.o -externs rom.ld")


    def test_detour_out_of_reach(self):
        """What takes the place of an address in the firmware is behind the code."""
        what = "the code is 2000012 bytes away from the load of the address"
        hint = "compile with -fpic: then the address comes from a word, which reaches everything"
        for relocation, source in (
            ("R_RISCV_HI20", "lui a0, %hi(mp_fun_table)\nlw a0, %lo(mp_fun_table)(a0)"),
            ("R_RISCV_PCREL_HI20", "1: auipc a0, %pcrel_hi(mp_fun_table)\nlw a0, %pcrel_lo(1b)(a0)"),
        ):
            for _, compiler in BOTH:
                self.assemble(compiler, f"{source}\n.space 2000000\nret")
                self.refused(".text+0x0", relocation, "mp_fun_table", what, hint, id="out-of-range")


class Fields(RiscV):
    def test_narrow(self):
        self.assemble(RV64, ".4byte x\n.globl x\n.comm x, 4")
        self.refused(".text+0x0", "R_RISCV_32", "x", LOAD_TIME, NARROW)

    def test_wide(self):
        self.assemble(RV32, ".8byte x\n.globl x\n.comm x, 4")
        hint = "addresses have 32 bits on this processor: use a 32-bit field"
        self.refused(".text+0x0", "R_RISCV_64", "x", NO_MODULE, hint)

    def test_misaligned(self):
        source = "int x; struct __attribute__((packed)) { char c; int *p; } s = {1, &x}; void *mpy_init(void) { return &s; }"
        for bits, compiler in BOTH:
            word, name = bits // 8, f"R_RISCV_{bits}"
            self.assemble(compiler, f".byte 1\n.{word}byte x\n.globl x\n.comm x, 4")
            self.refused(".text+0x1", name, "x", UNALIGNED.format(word), f"put .balign {word} in front of the word", id="misaligned-word")
            self.compile(compiler + " -fpic", "a.c", source)
            hint = "do not pack structures that hold pointers"
            self.refused(".data.rel+0x1", name, "x", UNALIGNED.format(word), hint, id="misaligned-word", function="s")

    def test_sums(self):
        what = "the address is known at load time only, and only the distance of two addresses can be stored here"
        hint = "store the address itself in an aligned word, which a loader relocates"
        for _, compiler in BOTH:
            self.assemble(compiler, ".4byte memset - mpy_init")
            self.refused(".text+0x0", "R_RISCV_ADD32", "memset", what, hint)
            self.assemble(compiler, ".4byte mpy_init - memset")
            self.refused(".text+0x0", "R_RISCV_SUB32", "memset", what, hint)
            self.assemble(compiler, "nop\n.4byte 0\n.reloc mpy_init, R_RISCV_SET8, mpy_init")
            self.refused(".text+0x0", "R_RISCV_SET8", "mpy_init", what, hint)
        # Of two firmware symbols the first is told.
        self.assemble(RV32, ".4byte memset - mp_fun_table")
        self.refused(".text+0x0", "R_RISCV_ADD32", "memset", what, hint)
        # An address and a sum at one place.
        self.assemble(RV32, ".4byte 0\n.reloc mpy_init, R_RISCV_SET32, mpy_init\n.reloc mpy_init, R_RISCV_32, memset")
        self.refused(".text+0x0", "R_RISCV_SET32", "mpy_init", what, hint)
        self.assemble(RV32, "call missing\nl: .4byte absent - mpy_init\n")
        self.fails(
            "a.o",
            "".join(
                f"mpylink: error: a.o:(.text+0x{at}): undefined symbol: {name} [undefined-symbol]\n"
                ">>> hint: link the object or archive that defines it\n"
                for at, name in ((0, "missing"), (8, "absent"))
            ),
        )

    def test_padding_that_does_not_fit(self):
        """What a relaxing assembler leaves for the linker to take out."""
        self.compile(RV32.replace("-mno-relax", ""), "a.s", ".globl mpy_init\n.type mpy_init, %function\nmpy_init: nop\n.balign 8\nret\n")
        self.links("a.o")
        content = (self.folder / "a.o").read_bytes()
        entry = (2).to_bytes(4, "little") + (43).to_bytes(4, "little") + (6).to_bytes(4, "little")
        at = content.index(entry)
        hint = ">>> hint: compile it again\n"
        for size in (0x7FFFFFFF, -1 & 0xFFFFFFFF):
            self.damage("a.o", "b.o", at + 8, size.to_bytes(4, "little"))
            shown = size if size < 1 << 31 else size - (1 << 32)
            self.fails(
                "b.o",
                "mpylink: error: b.o:(.text+0x2): the object file is damaged: "
                f"padding of {shown} bytes does not fit there [corrupt-object]\n{hint}",
            )
        self.damage("a.o", "b.o", at + 8, (4).to_bytes(4, "little"))
        self.fails(
            "b.o",
            "mpylink: error: b.o:(.text+0x2): the object file is damaged: "
            f"padding of 4 bytes cannot give an alignment of 8 [corrupt-object]\n{hint}",
        )


class Code(RiscV):
    def test_thread_local(self):
        """Once, and not for each instruction that takes part."""
        self.compile(
            CLANG_RV64 + " -fpic -mtls-dialect=desc", "a.c", "__thread int t; int mpy_init(void) { return t++; }"
        )
        self.fails(
            "a.o",
            f"""
            mpylink: error: a.o:(.text+0x*): R_RISCV_TLSDESC_HI20 against t: no module can have this relocation [unsupported-relocation]
            >>> referenced by: mpy_init
            >>> hint: {TLS}
            """,
        )

    def test_thread_pointer(self):
        """Instructions without a relocation that use it in another way than compilers do."""
        self.assemble(
            RV32,
            "la.tls.ie a0, v\nmv a1, tp\nadd a0, a0, a1\n.section .tbss, \"awT\", @nobits\n.globl v\nv: .zero 4",
        )
        self.refused(
            ".text+0x8",
            "R_RISCV_TPREL_ADD",
            "v",
            "the instruction uses the thread pointer in another way than to add it",
            TLS,
        )

    def test_refused_relocations_that_name_each_other(self):
        """One must be told, whatever an object says."""
        source = "l: nop\n.reloc mpy_init, R_RISCV_COPY, l\n.reloc l, R_RISCV_COPY, mpy_init"
        hint = "this relocation belongs into linked files: give mpylink the object as the compiler made it"
        for _, compiler in BOTH:
            self.assemble(compiler, f".option norvc\nnop\n{source}")
            name = "R_RISCV_COPY"
            self.several(
                self.message(".text+0x0", name, "l", NO_MODULE, hint),
                self.message(".text+0x4", name, "mpy_init", NO_MODULE, hint),
            )

    def test_firmware(self):
        what = "the place meant is inside a function at a fixed address or in the firmware, and only its start can be reached"
        for _, compiler in BOTH:
            self.assemble(compiler, "call memset + 8")
            self.refused(".text+0x0", "R_RISCV_CALL_PLT", "memset", what, "call the function itself")
            self.assemble(compiler, "j mp_fun_table")
            self.refused(".text+0x0", "R_RISCV_JAL", "mp_fun_table", FIRMWARE, FPIC)

    def test_far_jump(self):
        for _, compiler in BOTH:
            self.assemble(compiler, 'j far\nret\n.section .text.far, "ax"\n.space 2000000\nfar: ret')
            result = self.link("a.o -o out.mpy")
            self.assertRegex(
                result.stderr,
                r"^mpylink: error: a\.o:\(\.text\+0x0\): R_RISCV_JAL against far: value 2[0-9]+ is out of range "
                r"\[-1048576, 1048574\] \[out-of-range\]\n"
                r">>> target: a\.o:\(\.text\.far\+0x1e8480\), at text offset 0x[0-9a-f]+\n"
                r">>> hint: use call, tail or a branch around a jump, which reach further\n$",
            )

    def test_other_instructions(self):
        names = "CALL_PLT LO12_I LO12_S HI20 JAL PCREL_HI20 BRANCH RVC_JUMP".split()
        for _, compiler in BOTH:
            relocations = "".join(f".reloc l, R_RISCV_{name}, memset\n" for name in names)
            self.assemble(compiler, f".option norvc\nl: add a0, a0, a0\nadd a0, a0, a0\n{relocations}")
            self.several(*(self.message(".text+0x0", f"R_RISCV_{name}", "memset", MISFIT, DAMAGED) for name in names))

    def test_linked_before(self):
        hint = "this relocation belongs into linked files: give mpylink the object as the compiler made it"
        for _, compiler in BOTH:
            self.assemble(compiler, ".4byte 0, 0\n.reloc mpy_init, R_RISCV_COPY, f\n.globl f\n.comm f, 4")
            self.refused(".text+0x0", "R_RISCV_COPY", "f", NO_MODULE, hint)


class Undefined(LinkerTest):
    def test_setjmp(self):
        source = "int mpy_setjmp(void *); int mpy_init(void *p) { return mpy_setjmp(p); }"
        for _, compiler in BOTH:
            self.compile(compiler + " -g", "a.c", source)
            self.fails(
                "a.o",
                """
                mpylink: error: a.o:(.text+0x*): undefined symbol: mpy_setjmp [undefined-symbol]
                >>> referenced by: a.c:1 (mpy_init)
                >>> hint: only the firmware for xtensawin offers it: use nlr_push of py/dynruntime.h, which is everywhere
                """,
            )

    def test_lines(self):
        source = "int f(void);\n\nint mpy_init(void) {\n  return 1 +\n    f();\n}\n"
        for compiler in (RV32, RV64, RV32 + " -fpic", CLANG_RV32, CLANG_RV64 + " -fpic", RV32.replace("-mno-relax", "")):
            self.compile(compiler + " -g", "a.c", source)
            self.fails(
                "a.o",
                """
                mpylink: error: a.o:(.text+0x*): undefined symbol: f [undefined-symbol]
                >>> referenced by: a.c:5 (mpy_init)
                >>> hint: link the object or archive that defines it
                """,
            )

    def test_library(self):
        self.compile(RV32, "a.c", "float mpy_init(float a, float b) { return a * b; }")
        self.fails(
            "a.o",
            """
            mpylink: error: a.o:(.text+0x*): undefined symbol: __mulsf3 [undefined-symbol]
            >>> referenced by: mpy_init
            >>> hint: it is usually in libgcc; templates/mpylink.mk links what the compiler has of it; by hand: -l with the path that the compiler prints for -print-libgcc-file-name
            """,
        )


if __name__ == "__main__":
    unittest.main()
