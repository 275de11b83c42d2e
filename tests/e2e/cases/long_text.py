#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Xtensa code that is longer than l32r reaches back, so that its literals must be in several places, most of them
twice; and one section that is nearly as long. Each function has a literal of its own, some of the others', the
address of a variable and that of another function."""

FUNCTIONS = 28
GAP = 11000
SECTION = 261000  # l32r reaches 256 KiB

print(
    f"""//# ARCH: any-xtensa
//# OBJECT: -DPARTS
//# MODEL: longcalls
//# MATRIX: one
//# CFLAGS: -O2
//# CFLAGS: -O1 -mauto-litpools
//# CFLAGS: -O1 -DONE_SECTION -fno-function-sections -fno-toplevel-reorder
//# RUN: [m.call(i) - 306419896 for i in range(COUNT)] == [4661 * i + (i + 1) % COUNT for i in range(COUNT)] => True
//# RUN: m.total(0) == sum(range(COUNT)) => True
//# RUN: m.size(0) > 250000 => True
#include "case.h"
#ifdef ONE_SECTION
#define COUNT 3
#define GAP {SECTION // 3}
#else
#define COUNT {FUNCTIONS}
#define GAP {GAP}
#endif
""".replace("range(COUNT)", "range(m.count(0))").replace("% COUNT", "% m.count(0)")
    + """
#define TEXT_OF(x) #x
#define TEXT(x) TEXT_OF(x)
#define FAR __attribute__((noinline, noclone))
extern int total;
extern mp_int_t (*const parts[])(void);
#ifdef PARTS
int total;
#define EACH(i) \\
  static FAR int next##i(void) { return OPAQUE((i + 1) % COUNT); } \\
  static FAR mp_int_t part##i(void) { \\
    int (*function)(void) = next##i; \\
    total += i; \\
    /* A jump over more than it would take to get behind the reach of all. */ \\
    __asm__ volatile("j.l 1f, a9\\n.space " TEXT(GAP) "\\n.align 4\\n1:" ::: "a9"); \\
    return OPAQUE(1000000 + 4660 * i) + OPAQUE(0x12345678) + OPAQUE(function)() + OPAQUE(i); \\
  }
"""
)
print("\n".join(f"#if {i} < COUNT\nEACH({i})\n#endif" for i in range(FUNCTIONS)))
print("mp_int_t (*const parts[])(void) = {")
print("\n".join(f"#if {i} < COUNT\npart{i},\n#endif" for i in range(FUNCTIONS)) + "\n};")
print(
    """#else
FUN(count, x) { return x + COUNT; }
FUN(call, i) { return parts[i](); }
FUN(total_of, x) { return total + x; }
FUN(size, x) { return x + COUNT * GAP; }
MODULE(EXPORT(MP_QSTR_count, count) EXPORT(MP_QSTR_call, call) EXPORT(MP_QSTR_total, total_of)
           EXPORT(MP_QSTR_size, size))
#endif"""
)
