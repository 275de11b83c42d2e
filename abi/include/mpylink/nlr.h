// SPDX-License-Identifier: MIT
// Catching exceptions ("non-local return"):
//
//   nlr_buf_t nlr;
//   if (nlr_push(&nlr) == 0) {
//     result = mp_call_function_n_kw(fun, 1, 0, &arg); // may raise
//     nlr_pop();
//   } else {
//     exception = MP_OBJ_FROM_PTR(nlr.ret_val);        // already popped
//   }
//
// - nlr_push returns a second time, with 1, when something raises before nlr_pop. So every way out
//   of the first branch must pass nlr_pop: no return, goto, break or C++ exception may skip it.
// - As with setjmp, a local variable that is changed in the first branch and read in the second
//   must be volatile. The compiler is told that nlr_push returns twice; variables that are not
//   changed need nothing.
// - C++: an exception that passes a function skips the destructors of its local objects.
// - nlr_raise(exception) raises it again;
//   mp_binary_op(MP_BINARY_OP_EXCEPTION_MATCH, exception, MP_OBJ_FROM_PTR(&mp_type_ValueError)) is
//   mp_const_true when it is a ValueError.
//
// nlr_push must run in the frame of its caller, so it cannot be an inline function that calls the
// table. It is a symbol the linker knows: a jump to the table entry, which leaves stack and
// registers alone. The entry is the firmware's own assembly routine, the same that code made by
// MicroPython's native emitter calls.
//
// Firmwares for Xtensa with register windows have no such routine: there the entry only makes the
// buffer the innermost one, and the caller fills it with the C library's setjmp, which has an entry
// as well. Here the symbol is mpy_setjmp, so that no other firmware is asked for it.
#ifndef MPYLINK_NLR_H
#define MPYLINK_NLR_H

#include "mpylink/runtime.h"

#ifdef __XTENSA_WINDOWED_ABI__

MPY_BEGIN_C
unsigned int mpy_setjmp(void **regs) __attribute__((returns_twice));
MPY_END_C

MPY_INLINE void **mpy_nlr_begin(nlr_buf_t *buf) {
  mp_fun_table.nlr_push(buf);
  return buf->regs;
}
#define nlr_push(buf) mpy_setjmp(mpy_nlr_begin(buf))

#else

MPY_BEGIN_C
unsigned int nlr_push(nlr_buf_t *buf) __attribute__((returns_twice));
MPY_END_C

#if defined(__ARM_FP) && !defined(__SOFTFP__)
// An Arm firmware restores only s16-s21 of the float registers a function has to preserve. Naming
// the others here makes the function with the nlr_push save them for its callers.
MPY_INLINE void mpy_nlr_keep_registers(void) {
  __asm__ volatile("" ::: "s22", "s23", "s24", "s25", "s26", "s27", "s28", "s29", "s30", "s31");
}
#define nlr_push(buf) (mpy_nlr_keep_registers(), nlr_push(buf))
#endif

#endif

#endif
