// SPDX-License-Identifier: MIT
// Describes a windowed Xtensa core to Debian's compiler and binutils, which are built for a core
// without register windows. They load it from $XTENSA_GNU_CONFIG: binutils since 2.40, gcc
// since 13. The core is one that QEMU runs; all facts about it come from QEMU's own files. The
// three tables have the order of binutils' xtensa-dynconfig.h.
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define ATTRIBUTE_UNUSED __attribute__((unused))
#include "core-isa.h"
#include "xtensa-modules.c.inc"

// An ESP32 has no double precision instructions.
#undef XCHAL_HAVE_DFP
#undef XCHAL_HAVE_DFP_DIV
#undef XCHAL_HAVE_DFP_RECIP
#undef XCHAL_HAVE_DFP_SQRT
#undef XCHAL_HAVE_DFP_RSQRT
#define XCHAL_HAVE_DFP 0
#define XCHAL_HAVE_DFP_DIV 0
#define XCHAL_HAVE_DFP_RECIP 0
#define XCHAL_HAVE_DFP_SQRT 0
#define XCHAL_HAVE_DFP_RSQRT 0

// What the tools ask beyond the core's own file.
#define XCHAL_HAVE_FP_POSTINC 0
#define XSHAL_USE_ABSOLUTE_LITERALS 0
#define XSHAL_HAVE_TEXT_SECTION_LITERALS 1
#define XCHAL_HAVE_MMU 0
#define XCHAL_MMU_MIN_PTE_PAGE_SIZE 1
#define XTHAL_ABI_WINDOWED 0
#define XTHAL_ABI_CALL0 1
#define XSHAL_ABI XTHAL_ABI_WINDOWED
#define XCHAL_M_STAGE 3
#define XTENSA_MARCH_LATEST XCHAL_HW_VERSION
#define XTENSA_MARCH_EARLIEST XCHAL_HW_VERSION

#define VERSION_1(F)                                                                               \
  F(XCHAL_HAVE_BE)                                                                                 \
  F(XCHAL_HAVE_DENSITY)                                                                            \
  F(XCHAL_HAVE_CONST16)                                                                            \
  F(XCHAL_HAVE_ABS)                                                                                \
  F(XCHAL_HAVE_ADDX)                                                                               \
  F(XCHAL_HAVE_L32R)                                                                               \
  F(XSHAL_USE_ABSOLUTE_LITERALS)                                                                   \
  F(XSHAL_HAVE_TEXT_SECTION_LITERALS)                                                              \
  F(XCHAL_HAVE_MAC16)                                                                              \
  F(XCHAL_HAVE_MUL16)                                                                              \
  F(XCHAL_HAVE_MUL32)                                                                              \
  F(XCHAL_HAVE_MUL32_HIGH)                                                                         \
  F(XCHAL_HAVE_DIV32)                                                                              \
  F(XCHAL_HAVE_NSA)                                                                                \
  F(XCHAL_HAVE_MINMAX)                                                                             \
  F(XCHAL_HAVE_SEXT)                                                                               \
  F(XCHAL_HAVE_LOOPS)                                                                              \
  F(XCHAL_HAVE_THREADPTR)                                                                          \
  F(XCHAL_HAVE_RELEASE_SYNC)                                                                       \
  F(XCHAL_HAVE_S32C1I)                                                                             \
  F(XCHAL_HAVE_BOOLEANS)                                                                           \
  F(XCHAL_HAVE_FP)                                                                                 \
  F(XCHAL_HAVE_FP_DIV)                                                                             \
  F(XCHAL_HAVE_FP_RECIP)                                                                           \
  F(XCHAL_HAVE_FP_SQRT)                                                                            \
  F(XCHAL_HAVE_FP_RSQRT)                                                                           \
  F(XCHAL_HAVE_FP_POSTINC)                                                                         \
  F(XCHAL_HAVE_DFP)                                                                                \
  F(XCHAL_HAVE_DFP_DIV)                                                                            \
  F(XCHAL_HAVE_DFP_RECIP)                                                                          \
  F(XCHAL_HAVE_DFP_SQRT)                                                                           \
  F(XCHAL_HAVE_DFP_RSQRT)                                                                          \
  F(XCHAL_HAVE_WINDOWED)                                                                           \
  F(XCHAL_NUM_AREGS)                                                                               \
  F(XCHAL_HAVE_WIDE_BRANCHES)                                                                      \
  F(XCHAL_HAVE_PREDICTED_BRANCHES)                                                                 \
  F(XCHAL_ICACHE_SIZE)                                                                             \
  F(XCHAL_DCACHE_SIZE)                                                                             \
  F(XCHAL_ICACHE_LINESIZE)                                                                         \
  F(XCHAL_DCACHE_LINESIZE)                                                                         \
  F(XCHAL_ICACHE_LINEWIDTH)                                                                        \
  F(XCHAL_DCACHE_LINEWIDTH)                                                                        \
  F(XCHAL_DCACHE_IS_WRITEBACK)                                                                     \
  F(XCHAL_HAVE_MMU)                                                                                \
  F(XCHAL_MMU_MIN_PTE_PAGE_SIZE)                                                                   \
  F(XCHAL_HAVE_DEBUG)                                                                              \
  F(XCHAL_NUM_IBREAK)                                                                              \
  F(XCHAL_NUM_DBREAK)                                                                              \
  F(XCHAL_DEBUGLEVEL)                                                                              \
  F(XCHAL_MAX_INSTRUCTION_SIZE)                                                                    \
  F(XCHAL_INST_FETCH_WIDTH)                                                                        \
  F(XSHAL_ABI)                                                                                     \
  F(XTHAL_ABI_WINDOWED)                                                                            \
  F(XTHAL_ABI_CALL0)
#define VERSION_2(F) F(XCHAL_M_STAGE) F(XTENSA_MARCH_LATEST) F(XTENSA_MARCH_EARLIEST)
#define VERSION_3(F)                                                                               \
  F(XCHAL_HAVE_CLAMPS) F(XCHAL_HAVE_DEPBITS) F(XCHAL_HAVE_EXCLUSIVE) F(XCHAL_HAVE_XEA3)

#define VALUE(name) name,
const int xtensa_config_v1[] = {VERSION_1(VALUE)};
const int xtensa_config_v2[] = {VERSION_2(VALUE)};
const int xtensa_config_v3[] = {VERSION_3(VALUE)};

// The same as predefined macros of the compiler.
#define TEXT_OF(value) #value
#define TEXT(value) TEXT_OF(value)
#define ASSIGNMENT(name) "__" #name "=" TEXT(name),
const char *const xtensa_config_strings[] = {VERSION_1(ASSIGNMENT) VERSION_2(ASSIGNMENT)
                                                 VERSION_3(ASSIGNMENT) NULL};

int plugin_is_GPL_compatible; // gcc asks; only our tests load this
