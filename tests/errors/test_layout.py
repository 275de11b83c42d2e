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
