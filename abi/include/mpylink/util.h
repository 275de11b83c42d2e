// SPDX-License-Identifier: MIT
// Small macros of MicroPython's py/misc.h and py/smallint.h: arrays, alignment, bits, integer
// limits and printf formats. Nothing here touches the firmware.
#ifndef MPYLINK_UTIL_H
#define MPYLINK_UTIL_H

#include "mpylink/abi.h"

#ifndef MIN
#define MIN(x, y) ((x) < (y) ? (x) : (y))
#endif
#ifndef MAX
#define MAX(x, y) ((x) > (y) ? (x) : (y))
#endif

#define MP_STRINGIFY_HELPER(x) #x
#define MP_STRINGIFY(x) MP_STRINGIFY_HELPER(x)

#define MP_ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
// Rounds a pointer up to a multiple of a power of two.
#define MP_ALIGN(ptr, alignment)                                                                   \
  ((void *)(((uintptr_t)(ptr) + ((alignment) - 1)) & ~(uintptr_t)((alignment) - 1)))
#define MP_CEIL_DIVIDE(a, b) (((a) + (b) - 1) / (b))
#define MP_ROUND_DIVIDE(a, b) (((a) + (b) / 2) / (b))

#define UTF8_IS_NONASCII(ch) ((ch) & 0x80)
#define UTF8_IS_CONT(ch) (((ch) & 0xC0) == 0x80)

/*------------------------------------------------------------------------------------------------*/
// Integers. mp_int_t is as wide as a pointer; a small int has one bit less.

#define MP_INT_MAX INTPTR_MAX
#define MP_INT_MIN INTPTR_MIN
#define MP_UINT_MAX UINTPTR_MAX
#define MP_SSIZE_MAX INTPTR_MAX

#define MP_BITS_PER_BYTE 8
#define MP_BYTES_PER_OBJ_WORD (sizeof(mp_uint_t))
#define MP_OBJ_WORD_MSBIT_HIGH ((mp_uint_t)1 << (MP_BYTES_PER_OBJ_WORD * MP_BITS_PER_BYTE - 1))

#define MP_SMALL_INT_MIN ((mp_int_t)((mp_int_t)MP_OBJ_WORD_MSBIT_HIGH >> 1))
#define MP_SMALL_INT_MAX ((mp_int_t)(~MP_SMALL_INT_MIN))
#define MP_SMALL_INT_FITS(n) ((((n) ^ ((mp_uint_t)(n) << 1)) & MP_OBJ_WORD_MSBIT_HIGH) == 0)
#define MP_SMALL_INT_POSITIVE_MASK ((mp_uint_t)MP_SMALL_INT_MAX)
#define MP_SMALL_INT_BITS (MP_BYTES_PER_OBJ_WORD * MP_BITS_PER_BYTE - 1)

// Formats of mp_int_t and mp_uint_t for mp_printf.
#if MP_INT_MAX == INT_MAX
#define INT_FMT "%d"
#define UINT_FMT "%u"
#define HEX_FMT "%x"
#else
#define INT_FMT "%ld"
#define UINT_FMT "%lu"
#define HEX_FMT "%lx"
#endif

#define mp_clz(x) __builtin_clz(x)
#define mp_clzl(x) __builtin_clzl(x)
#define mp_clzll(x) __builtin_clzll(x)
#define mp_ctz(x) __builtin_ctz(x)
#define mp_popcount(x) __builtin_popcount(x)

#define MP_BSWAP16(x) __builtin_bswap16(x)
#define MP_BSWAP32(x) __builtin_bswap32(x)
#define MP_BSWAP64(x) __builtin_bswap64(x)
#if MP_ENDIANNESS_LITTLE
#define MP_HTOBE16(x) MP_BSWAP16(x)
#define MP_HTOBE32(x) MP_BSWAP32(x)
#else
#define MP_HTOBE16(x) (x)
#define MP_HTOBE32(x) (x)
#endif
#define MP_BE16TOH(x) MP_HTOBE16(x)
#define MP_BE32TOH(x) MP_HTOBE32(x)

#endif
