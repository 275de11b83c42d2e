// SPDX-License-Identifier: MIT
// The smallest useful native module: one C function that Python can call.

#include "py/dynruntime.h"

// 12! is the largest factorial that fits the 32-bit integers of a microcontroller.
#define LARGEST 12

static mp_obj_t factorial(mp_obj_t n_in) {
  mp_int_t n = mp_obj_get_int(n_in);
  if (n < 0 || n > LARGEST) {
    mp_raise_ValueError(MP_ERROR_TEXT("n must be from 0 to 12"));
  }
  mp_int_t product = 1;
  for (; n > 1; n--) {
    product *= n;
  }
  return mp_obj_new_int(product);
}
static MP_DEFINE_CONST_FUN_OBJ_1(factorial_obj, factorial);

// Runs when the module is imported: fills the module's globals.
mp_obj_t mpy_init(mp_obj_fun_bc_t *self, size_t n_args, size_t n_kw, mp_obj_t *args) {
  MP_DYNRUNTIME_INIT_ENTRY

  mp_store_global(MP_QSTR_factorial, MP_OBJ_FROM_PTR(&factorial_obj));

  MP_DYNRUNTIME_INIT_EXIT
}
