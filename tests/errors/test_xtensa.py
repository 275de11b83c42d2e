# SPDX-License-Identifier: MIT
"""Xtensa: calling conventions that exclude each other, literals, calls and instructions, the ROM's functions."""

import unittest

from harness import INIT, WINDOWED, XTENSA, LinkerTest, needs_windowed
from test_relocations import FIRMWARE, NO_MODULE, UNALIGNED, Relocations

CALLS = "compile with -mlongcalls, or call through a register (callx)"
LITERAL = (
    "l32r loads a word of the module at most 256 KiB in front of it: put the address into such a literal "
    "(movi aN, symbol does)"
)
FAR_LITERAL = (
    "l32r reaches 256 KiB back: compile with -ffunction-sections, or with -mtext-section-literals or -mauto-litpools"
)
NOTHING_KNOWN = "link the object or archive that defines it"


@needs_windowed
class Windows(LinkerTest):
    CALL = "int f(int); int mpy_init(void) { return f(1); }"

    def setUp(self):
        super().setUp()
        for name, compiler in (("call0", XTENSA), ("windowed", WINDOWED)):
            self.compile(compiler, f"{name}.c", self.CALL)
            for letter in "fg":
                self.compile(compiler, f"{letter}_{name}.c", f"int {letter}(int x) {{ return x; }}")

    def conflict(self, objects, arguments=""):
        """Each of `objects` has other calls than the first, which is told once for each."""
        first, *others = objects
        name = {"call0": "call0 calls", "windowed": "windowed-register calls"}
        kind = first.rpartition("_")[2]
        other = ({"call0", "windowed"} - {kind}).pop()
        self.fails(
            " ".join(f"{object}.o" for object in objects) + arguments,
            "".join(
                f"mpylink: error: {object}.o: one object has {name[kind]}, the other {name[other]}: "
                f"compile both with the same -mabi (the other object is {first}.o) [abi-conflict]\n"
                for object in others
            ),
        )

    def test_object_against_object(self):
        for arguments in ("", " -arch xtensa", " -arch xtensawin"):
            self.conflict(["call0", "f_windowed"], arguments)
            self.conflict(["windowed", "f_call0", "g_call0"], arguments)

    def test_object_against_arch(self):
        for name, arch, text in (
            ("windowed", "xtensa", "windowed-register calls, but xtensa has no register windows (-mabi=call0)"),
            ("call0", "xtensawin", "call0 calls, but xtensawin has register windows (-mabi=windowed)"),
        ):
            self.fails(
                f"{name}.o f_{name}.o -arch {arch}",
                "".join(
                    f"mpylink: error: {object}.o: {text} [abi-conflict]\n"
                    f">>> hint: compile it for {arch}, or link for another -arch\n"
                    for object in (name, f"f_{name}")
                ),
            )
            self.fails(
                f"{name}.o -arch rv32imc",
                f"""
                mpylink: error: {name}.o: the object is not for rv32imc [wrong-machine]
                >>> hint: its processor's architectures are xtensa, xtensawin
                """,
            )

    def test_archive_members(self):
        for name, other, text in (
            ("call0", "windowed", "windowed-register calls, but xtensa has no register windows (-mabi=call0)"),
            ("windowed", "call0", "call0 calls, but xtensawin has register windows (-mabi=windowed)"),
        ):
            self.run_tool("ar", "rcs", f"{other}.a", f"f_{other}.o")
            self.fails(
                f"{name}.o {other}.a",
                f"""
                mpylink: error: {other}.a(f_{other}.o): {text} [abi-conflict]
                >>> hint: use the library of the multilib that fits your -mabi
                """,
            )

    def test_notes(self):
        content = (self.folder / "call0.o").read_bytes()
        for found, put, message in (
            (
                b"USE_ABSOLUTE_LITERALS=0",
                b"USE_ABSOLUTE_LITERALS=1",
                "code for a processor with absolute literals (Extended L32R), which modules do not support "
                "[wrong-machine]\n>>> hint: use a toolchain configured without them\n",
            ),
            (
                b"\x0c\0\0\0",
                b"\xff\xff\xff\x7f",
                "the note in .xtensa.info is corrupt [wrong-machine]\n>>> hint: compile it again\n",
            ),
        ):
            at = content.rindex(found, 0, content.index(b"Xtensa_Info") + 100)
            self.damage("call0.o", "a.o", at, put)
            self.fails("a.o", f"mpylink: error: a.o: {message}")


class Literals(Relocations):
    """The author knows the code that loads a literal, wherever the literal is."""

    SOURCE = """
        extern int v;
        int f(int);

        __attribute__((noinline)) int g(int x) {
          v = x;
          return f(x) + 1;
        }
        int mpy_init(void) { return g(1); }
        """

    def undefined(self, name, line, section):
        return (
            f"mpylink: error: a.o:({section}+0x*): undefined symbol: {name} [undefined-symbol]\n"
            f">>> referenced by: {line}\n>>> hint: {NOTHING_KNOWN}\n"
        )

    def test_undefined(self, compiler=XTENSA):
        for options in ("", "-mlongcalls", "-mtext-section-literals", "-mlongcalls -mtext-section-literals", "-fpic"):
            for section, more in ((".text", ""), (".text.g", " -ffunction-sections")):
                self.compile(f"{compiler} {options} {more} -g1", "a.c", self.SOURCE)
                lines = {"v": "a.c:6 (g)", "f": "a.c:7 (g)"}
                # Calls and literals are in sections of their own, or in one.
                shown = self.link("a.o -o out.mpy").stderr
                order = sorted(lines, key=lambda name: shown.find(f": {name} ["))
                self.fails("a.o", "".join(self.undefined(name, lines[name], section) for name in order))

    @needs_windowed
    def test_undefined_windowed(self):
        self.test_undefined(WINDOWED)

    def test_without_lines(self):
        self.compile(XTENSA + " -mtext-section-literals -mlongcalls", "a.c", "int f(void); int mpy_init(void) { return f(); }")
        self.fails("a.o", self.undefined("f", "mpy_init", ".text"))

    def test_far(self):
        self.assemble(XTENSA, ".space 300000, 0\nmovi a2, mpy_init\nret")
        self.fails(
            "a.o",
            f"""
            mpylink: error: a.o:(.text+0x493e0): R_XTENSA_SLOT0_OP (l32r) against .literal: value -300004 is out of range [-262144, -4] [out-of-range]
            >>> target: a.o:(.literal+0x0), at text offset 0x4
            >>> hint: {FAR_LITERAL}
            """,
        )

    def test_forward(self):
        self.assemble(XTENSA, 'l32r a2, x\nret\n.section .rodata, "a"\n.balign 4\nx: .long 5')
        self.fails(
            "a.o",
            f"""
            mpylink: error: a.o:(.text+0x0): R_XTENSA_SLOT0_OP (l32r) against .rodata: value 8 is out of range [-262144, -4] [out-of-range]
            >>> target: a.o:(.rodata+0x0), at text offset 0x8
            >>> hint: {FAR_LITERAL}
            """,
        )

    def test_no_literal(self):
        """An address in place of a literal that holds it."""
        self.write("rom.ld", "rom = 0x40000000;")
        for symbol, what in (
            ("mp_fun_table", FIRMWARE),
            ("memset", FIRMWARE),
            ("rom", "the symbol has a fixed address, which is at no fixed distance from the code"),
            (
                "weak",
                "the symbol is undefined and weak, so its address is 0, which is at no fixed distance from the code",
            ),
        ):
            self.assemble(XTENSA, f".weak weak\nl32r a2, {symbol}\nret")
            self.refused(".text+0x0", "R_XTENSA_SLOT0_OP (l32r)", symbol, what, LITERAL, arguments="-externs rom.ld")

    def test_misaligned(self):
        self.assemble(XTENSA, "ret.n\n.byte 1\n.4byte x\n.globl x\n.comm x, 4")
        hint = "put .balign 4 in front of the word"
        self.refused(".text+0x3", "R_XTENSA_32", "x", UNALIGNED.format(4), hint, id="misaligned-word")
        source = "int x; struct __attribute__((packed)) { char c; int *p; } s = {1, &x}; void *mpy_init(void) { return &s; }"
        self.compile(XTENSA, "a.c", source)
        hint = "do not pack structures that hold pointers"
        self.refused(".data+0x1", "R_XTENSA_32", "x", UNALIGNED.format(4), hint, id="misaligned-word", function="s")


class Instructions(Relocations):
    def out_of_range(self, compiler, code, relocation, text, hint):
        self.assemble(compiler, f'{code}\nret.n\n.section .text.far, "ax"\n{text[0]}')
        result = self.link("a.o -o out.mpy")
        self.assertRegex(
            result.stderr,
            rf"^mpylink: error: a\.o:\(\.text\+0x0\): R_XTENSA_SLOT0_OP \({relocation}\) against \.text\.far: "
            rf"value -?[0-9]+ is {text[1]} \[out-of-range\]\n"
            r">>> target: a\.o:\(\.text\.far\+0x[0-9a-f]+\), at text offset 0x[0-9a-f]+\n"
            rf">>> hint: {hint}\n$",
        )

    def test_far(self):
        far = ".space 600000\n.balign 4\nfar: ret.n"
        limits = (far, r"out of range \[-524288, 524284\]")
        self.out_of_range(XTENSA, "call0 far", "call0", limits, CALLS.replace("(", r"\(").replace(")", r"\)"))
        limits = (far, r"out of range \[-131072, 131071\]")
        hint = r"jump through a register \(jx\)"
        self.out_of_range(XTENSA, "j far", "j", limits, hint)

    def test_unaligned_call(self):
        text = ("nop.n\nfar: nop.n", "not a multiple of 4")
        self.out_of_range(XTENSA, "call0 far", "call0", text, r"align the target: put \.balign 4 in front of it")

    @needs_windowed
    def test_calls_that_a_stub_would_break(self):
        self.write("rom.ld", "rom = 0x40000000;")
        fixed = "the symbol has a fixed address, which is at no fixed distance from the code"
        for call in ("call4", "call12"):
            for symbol, what in (("memset", FIRMWARE), ("rom", fixed)):
                self.assemble(WINDOWED, f"entry a1, 32\n{call} {symbol}\nretw.n")
                name = f"R_XTENSA_SLOT0_OP ({call})"
                self.refused(".text+0x3", name, symbol, what, CALLS, arguments="-externs rom.ld")
        self.assemble(WINDOWED, "entry a1, 32\ncall8 memset\ncall8 rom\nretw.n")
        self.links("a.o -externs rom.ld")

    def test_call_of_a_table(self):
        self.assemble(XTENSA, "call0 mp_fun_table\nret.n")
        self.refused(".text+0x0", "R_XTENSA_SLOT0_OP (call0)", "mp_fun_table", FIRMWARE, CALLS)

    def test_relocations_of_other_processors(self):
        bundle = "what refers to a symbol must not be in a wide (FLIX) bundle: assemble with -Wa,--no-allow-flix"
        for name, hint in (
            (
                "SLOT0_OP",
                "mpylink relocates l32r, calls, jumps, branches and loops: load an address with l32r (compile with "
                "-mno-const16)",
            ),
            (
                "SLOT0_ALT",
                "addresses must come from literals near the code: compile with -mno-const16 and "
                "-Wa,--no-absolute-literals",
            ),
            ("SLOT1_OP", bundle),
            ("SLOT14_OP", bundle),
            ("SLOT2_ALT", bundle),
            ("OP0", "this relocation is obsolete: assemble again with a current assembler"),
            ("OP2", "this relocation is obsolete: assemble again with a current assembler"),
            (
                "TLS_FUNC",
                "make the variable an ordinary one: modules have one thread, and this way to reach a thread-local "
                "variable cannot be rewritten",
            ),
            ("RTLD", "this relocation belongs into linked files: give mpylink the object as the compiler made it"),
        ):
            self.assemble(XTENSA, f"add a2, a2, a3\nret\n.reloc mpy_init, R_XTENSA_{name}, x\n.globl x\n.comm x, 4")
            self.refused(".text+0x0", f"R_XTENSA_{name}", "x", NO_MODULE, hint)


class Symbols(LinkerTest):
    def undefined(self, *names, hint):
        self.fails(
            "a.o",
            "".join(
                f"mpylink: error: a.o:(.text+0x*): undefined symbol: {name} [undefined-symbol]\n"
                f">>> referenced by: mpy_init\n>>> hint: {hint}\n"
                for name in names
            ),
        )

    EMULATED = "modules have one thread: remove __thread or thread_local"

    def test_thread_local(self):
        """These processors' gcc emulates it."""
        self.compile(XTENSA, "a.c", "__thread int t; int mpy_init(void) { return t++; }")
        self.undefined("__emutls_get_address", hint=self.EMULATED)
        self.compile(XTENSA, "a.c", "extern __thread int t; int mpy_init(void) { return t++; }")
        self.undefined("__emutls_get_address", "__emutls_v$t", hint=self.EMULATED)

    ROM = (
        "it is usually in the chip's ROM; MPYLINK_FLAGS = -externs PATH/eagle.rom.addr.v6.ld in the Makefile finds it "
        "there; the file is in MicroPython's ports/esp8266/boards"
    )
    LIBGCC = (
        "it is usually in libgcc; templates/mpylink.mk links what the compiler has of it; by hand: -l with the path that the "
        "compiler prints for -print-libgcc-file-name"
    )

    def test_rom(self):
        """Debian's libgcc for the ESP8266 has what the ROM has not."""
        self.compile(XTENSA, "a.c", "float mpy_init(float a, float b) { return a * b; }")
        self.undefined("__mulsf3", hint=self.ROM)
        self.write("rom.ld", "PROVIDE ( __mulsf3 = 0x4000c3dc );")
        self.links("a.o -externs rom.ld")
        self.compile(XTENSA, "a.c", "float mpy_init(float a, float b) { return a / b; }")
        self.undefined("__divsf3", hint=self.LIBGCC)

    def test_output(self):
        """With a C library linked, its printf asks for more."""
        self.compile(XTENSA, "a.c", "extern void *stdout; void *mpy_init(void) { return stdout; }")
        self.undefined("stdout", hint="templates/mpylink.mk brings one (abi/runtime); else print with mp_printf(&mp_plat_print, ...)")

    @needs_windowed
    def test_no_rom(self):
        self.compile(WINDOWED, "a.c", "float mpy_init(float a, float b) { return a * b; }")
        self.undefined("__mulsf3", hint=self.LIBGCC)

    @needs_windowed
    def test_exceptions(self):
        source = "int {0}(void *); int mpy_init(void *p) {{ return {0}(p); }}"
        self.compile(WINDOWED, "a.c", source.format("nlr_push"))
        hint = "include py/dynruntime.h, which makes nlr_push of what this firmware offers, mpy_setjmp"
        self.undefined("nlr_push", hint=hint)
        self.compile(WINDOWED, "a.c", source.format("mpy_setjmp"))
        self.links("a.o")

    def test_setjmp(self):
        source = "int {0}(void *); int mpy_init(void *p) {{ return {0}(p); }}"
        self.compile(XTENSA, "a.c", source.format("mpy_setjmp"))
        hint = "only the firmware for xtensawin offers it: use nlr_push of py/dynruntime.h, which is everywhere"
        self.undefined("mpy_setjmp", hint=hint)
        self.compile(XTENSA, "a.c", source.format("nlr_push"))
        self.links("a.o")

    def test_entry(self):
        self.compile(XTENSA, "a.c", "__attribute__((used)) static " + INIT)
        self.fails(
            "a.o",
            """
            mpylink: error: a.o: no object defines the module's entry function mpy_init [no-entry]
            >>> hint: it is static in a.o: remove 'static'
            """,
        )


if __name__ == "__main__":
    unittest.main()
