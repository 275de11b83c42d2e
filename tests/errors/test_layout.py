# SPDX-License-Identifier: MIT
"""Blocks that are too large, variables that cost space, and alignment."""

import unittest

from harness import INIT, M0, M4, X64, LinkerTest


class Sizes(LinkerTest):
    SHRINK = ">>> hint: remove large tables and arrays, or allocate them at run time"

    def test_section(self):
        self.compile(X64, "a.c", INIT + "char v[0x50000000];")
        self.fails(
            "a.o",
            f"""
            mpylink: error: a.o:(.bss): the section has 1342177280 bytes, more than any module can have [module-too-large]
            {self.SHRINK}
            """,
        )

    def test_bss(self):
        source = """
            .globl mpy_init
            mpy_init: mov v@GOTPCREL(%rip), %rax
            ret
            .comm v, 0x10000001, 1
            """
        self.compile(X64, "a.s", source)
        self.fails(
            "a.o",
            f"""
            mpylink: error: the module's bss has 268435457 bytes, and a loader takes at most 268435456 [module-too-large]
            {self.SHRINK}
            """,
        )

    def test_zeros_near_the_code(self):
        source = """
            .globl mpy_init
            mpy_init: lea v(%rip), %rax
            ret
            .bss
            v: .space {:#x}
            """
        self.compile(X64, "a.s", source.format(0x10000000))
        self.fails(
            "a.o",
            f"""
            mpylink: error: the module's text has 268435464 bytes, and a loader takes at most 268435456 [module-too-large]
            {self.SHRINK}
            mpylink: warning: a.o:(.bss+0x0): a static variable puts 268435456 zero bytes into the file, because code reaches it directly [zeros-in-text]
            >>> hint: make it non-static, or allocate it at run time
            """,
        )
        self.compile(X64, "a.s", source.format(0x100000))
        self.warns(
            "a.o",
            """
            mpylink: warning: a.o:(.bss+0x0): a static variable puts 1048576 zero bytes into the file, because code reaches it directly [zeros-in-text]
            >>> hint: make it non-static, or allocate it at run time
            """,
        )

    def test_entry_too_far(self):
        for compiler in (M4, M0):
            source = """
                .syntax unified
                .thumb
                .space 0x1100000
                .globl mpy_init
                .thumb_func
                mpy_init: bx lr
                """
            self.compile(compiler, "a.s", source)
            self.fails(
                "a.o",
                """
                mpylink: error: the entry function is 17825792 bytes into the text, out of reach of a jump from its start [text-too-large]
                >>> hint: compile with -ffunction-sections, so that it can be placed first
                """,
            )

    def test_budget(self):
        source = """
            .globl mpy_init
            .type mpy_init, %function
            mpy_init: mov v@GOTPCREL(%rip), %rax
            ret
            .size mpy_init, . - mpy_init
            .comm v, 100, 4
            .section .rodata.s, "a"
            .globl s
            .type s, %object
            s: .space 10
            .size s, 10
            .section .text.f, "ax"
            f: lea s(%rip), %rax
            """
        self.compile(X64, "a.s", source)
        self.links("a.o -max-text 16 -max-ram 4500")
        self.fails(
            "a.o -max-text 15 -max-ram 0x10 -no-gc-sections",
            """
            mpylink: error: the module's text has 40 bytes, 25 more than -max-text 15 allows [over-budget]
            >>> largest: 10 bytes: s, in a.o
            >>> largest: 8 bytes: mpy_init, in a.o
            >>> largest: 8 bytes: <GOT>
            >>> largest: 7 bytes: a.o:(.text.f)
            >>> hint: -report shows all sizes, -why-live SYMBOL what needs a symbol
            mpylink: error: the module takes 4320 bytes of RAM (heap 224, executable memory 4096), 4304 more than -max-ram 16 allows [over-budget]
            >>> largest: 100 bytes: v, in common symbols
            >>> largest: 10 bytes: s, in a.o
            >>> largest: 8 bytes: mpy_init, in a.o
            >>> largest: 8 bytes: <GOT>
            >>> largest: 7 bytes: a.o:(.text.f)
            >>> hint: -report shows all sizes, -why-live SYMBOL what needs a symbol
            """,
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
