// SPDX-License-Identifier: MIT
// What the cases share: functions of integers that Python can call, and a module of them.
#ifndef CASE_H
#define CASE_H

#include "py/dynruntime.h"

// FUN(name, x) { return x + 1; }
#define FUN(name, argument)                                                                        \
  static mp_int_t name(mp_int_t argument);                                                         \
  static mp_obj_t name##_call(mp_obj_t argument) {                                                 \
    return mp_obj_new_int(name(mp_obj_get_int(argument)));                                         \
  }                                                                                                \
  static MP_DEFINE_CONST_FUN_OBJ_1(name##_obj, name##_call);                                       \
  static mp_int_t name(mp_int_t argument)

// OBJ_FUN(name, x) { return x; }: the same of Python objects.
#define OBJ_FUN(name, argument)                                                                    \
  static mp_obj_t name(mp_obj_t argument);                                                         \
  static MP_DEFINE_CONST_FUN_OBJ_1(name##_obj, name);                                              \
  static mp_obj_t name(mp_obj_t argument)

#ifdef __cplusplus
#define C_FUNCTION extern "C"
#else
#define C_FUNCTION
#endif

// MODULE(EXPORT(MP_QSTR_name, name) EXPORT(...))
#define EXPORT(qstr, name) mp_store_global(qstr, MP_OBJ_FROM_PTR(&name##_obj));
#define MODULE_ENTRY(entry, exports)                                                               \
  C_FUNCTION mp_obj_t entry(mp_obj_fun_bc_t *self, size_t n_args, size_t n_kw, mp_obj_t *args) {   \
    MP_DYNRUNTIME_INIT_ENTRY                                                                       \
    exports MP_DYNRUNTIME_INIT_EXIT                                                                \
  }
#define MODULE(exports) MODULE_ENTRY(mpy_init, exports)

// Hides where a value comes from, so that the compiler cannot compute with it.
#define OPAQUE(value)                                                                              \
  ({                                                                                               \
    __typeof__((void)0, (value)) opaque_ = (value);                                                \
    __asm__ volatile("" : "+m"(opaque_));                                                          \
    opaque_;                                                                                       \
  })

// Not strlen, which no firmware offers: a compiler must not recognise the loop.
static inline size_t length_of(const char *text) {
  size_t length = 0;
  while (OPAQUE(text)[length])
    length++;
  return length;
}

#endif
