// SPDX-License-Identifier: MIT
// What everything else in these headers stands on: the ABI version, compiler attributes, the
// module's config header (MP_CONFIGFILE) and the float type.
#ifndef MPYLINK_MPY_CONFIG_H
#define MPYLINK_MPY_CONFIG_H

#include "mpylink/libc.h"

// The ABI the module is compiled for: 0xVVSS, version and sub-version of the .mpy file.
#ifndef MPY_ABI
#define MPY_ABI 0x0603
#endif

// Sources that can be built into a firmware as well ask for this to know what they are built for.
#ifndef MICROPY_ENABLE_DYNRUNTIME
#define MICROPY_ENABLE_DYNRUNTIME 1
#endif

/*------------------------------------------------------------------------------------------------*/
// Compiler

#ifndef MP_NORETURN
#define MP_NORETURN __attribute__((noreturn))
#endif
#ifndef NORETURN
#define NORETURN MP_NORETURN
#endif
#ifndef MP_WEAK
#define MP_WEAK __attribute__((weak))
#endif
#ifndef MP_NOINLINE
#define MP_NOINLINE __attribute__((noinline))
#endif
#ifndef MP_ALWAYSINLINE
#define MP_ALWAYSINLINE __attribute__((always_inline))
#endif
#ifndef MP_LIKELY
#define MP_LIKELY(x) __builtin_expect((x), 1)
#endif
#ifndef MP_UNLIKELY
#define MP_UNLIKELY(x) __builtin_expect((x), 0)
#endif
// These two end in a semicolon of their own.
#ifndef MP_UNREACHABLE
#define MP_UNREACHABLE __builtin_unreachable();
#endif
#ifndef MP_FALLTHROUGH
#define MP_FALLTHROUGH __attribute__((fallthrough));
#endif

// A function that costs no more than the expression it stands for, also with -Os and -O0.
#define MPY_INLINE static inline MP_ALWAYSINLINE

#ifdef __cplusplus
#define MPY_BEGIN_C extern "C" {
#define MPY_END_C }
#define MP_STATIC_ASSERT(cond) static_assert((cond), #cond)
#else
#define MPY_BEGIN_C
#define MPY_END_C
#define MP_STATIC_ASSERT(cond) __extension__ _Static_assert((cond), #cond)
#endif

#define MP_ENDIANNESS_LITTLE (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)
#define MP_ENDIANNESS_BIG (!MP_ENDIANNESS_LITTLE)

/*------------------------------------------------------------------------------------------------*/
// The module's config header: MP_QSTR_* and the tables behind them, written by
// `mpylink -preprocess`. Such headers also declare types that these headers have; a typedef must
// not be repeated in C99, so theirs get other names.
#ifdef MP_CONFIGFILE
#define mp_int_t mpy_config_int_t
#define mp_uint_t mpy_config_uint_t
#define mp_off_t mpy_config_off_t
#include MP_CONFIGFILE
#undef mp_int_t
#undef mp_uint_t
#undef mp_off_t
#endif

/*------------------------------------------------------------------------------------------------*/
// Floats: MICROPY_FLOAT_IMPL says what mp_float_t is inside the module. It need not be what the
// firmware uses, the fun table has conversions for both. The default is what the hardware
// does well: double with a double-precision FPU, else single.
#define MICROPY_FLOAT_IMPL_NONE 0
#define MICROPY_FLOAT_IMPL_FLOAT 1
#define MICROPY_FLOAT_IMPL_DOUBLE 2

#ifndef MICROPY_FLOAT_IMPL
#if defined(__x86_64__) || defined(__i386__) || (defined(__ARM_FP) && (__ARM_FP & 8))
#define MICROPY_FLOAT_IMPL MICROPY_FLOAT_IMPL_DOUBLE
#else
#define MICROPY_FLOAT_IMPL MICROPY_FLOAT_IMPL_FLOAT
#endif
#endif

#if MICROPY_FLOAT_IMPL == MICROPY_FLOAT_IMPL_FLOAT
typedef float mp_float_t;
typedef uint32_t mp_float_uint_t;
#define MICROPY_PY_BUILTINS_FLOAT 1
#define MICROPY_FLOAT_CONST(x) x##F
#define MICROPY_FLOAT_C_FUN(fun) fun##f
#define MP_FLOAT_EXP_BITS 8
#define MP_FLOAT_FRAC_BITS 23
#elif MICROPY_FLOAT_IMPL == MICROPY_FLOAT_IMPL_DOUBLE
typedef double mp_float_t;
typedef uint64_t mp_float_uint_t;
#define MICROPY_PY_BUILTINS_FLOAT 1
#define MICROPY_FLOAT_CONST(x) x
#define MICROPY_FLOAT_C_FUN(fun) fun
#define MP_FLOAT_EXP_BITS 11
#define MP_FLOAT_FRAC_BITS 52
#else
#define MICROPY_PY_BUILTINS_FLOAT 0
#endif

#if MICROPY_PY_BUILTINS_FLOAT
#define MP_FLOAT_EXP_BIAS ((1 << (MP_FLOAT_EXP_BITS - 1)) - 1)
#define MP_FLOAT_EXP_OFFSET MP_FLOAT_EXP_BIAS

// A float and its bits: whole (i) or as fraction, exponent and sign (p).
typedef union _mp_float_union_t {
  mp_float_t f;
  struct {
    __extension__ mp_float_uint_t frc : MP_FLOAT_FRAC_BITS;
    __extension__ mp_float_uint_t exp : MP_FLOAT_EXP_BITS;
    __extension__ mp_float_uint_t sgn : 1;
  } p;
  mp_float_uint_t i;
} mp_float_union_t;
#endif

#endif
