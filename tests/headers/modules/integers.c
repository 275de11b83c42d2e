// SPDX-License-Identifier: MIT
// Functions on integers, a constant, static variables, a variable number of arguments.
#include "py/dynruntime.h"

static mp_int_t last_result;
static const uint8_t small_primes[] = {2, 3, 5, 7, 11, 13};

static mp_int_t gcd_of(mp_int_t a, mp_int_t b) {
  while (b != 0) {
    const mp_int_t rest = a % b;
    a = b;
    b = rest;
  }
  return a < 0 ? -a : a;
}

static mp_obj_t gcd(size_t n_args, const mp_obj_t *args) {
  mp_int_t result = mp_obj_get_int(args[0]);
  for (size_t i = 1; i < n_args; ++i) {
    if (!mp_obj_is_int(args[i])) {
      mp_raise_TypeError(MP_ERROR_TEXT("integers only"));
    }
    result = gcd_of(result, mp_obj_get_int(args[i]));
  }
  last_result = result;
  return mp_obj_new_int(result);
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(gcd_obj, 1, 4, gcd);

static mp_obj_t prime(mp_obj_t index_in) {
  const mp_int_t index = mp_obj_get_int(index_in);
  if (index < 0 || (size_t)index >= MP_ARRAY_SIZE(small_primes)) {
    mp_raise_msg(&mp_type_IndexError, MP_ERROR_TEXT("no such prime"));
  }
  return MP_OBJ_NEW_SMALL_INT(small_primes[index]);
}
static MP_DEFINE_CONST_FUN_OBJ_1(prime_obj, prime);

static mp_obj_t last(void) { return mp_obj_new_int(last_result); }
static MP_DEFINE_CONST_FUN_OBJ_0(last_obj, last);

mp_obj_t mpy_init(mp_obj_fun_bc_t *self, size_t n_args, size_t n_kw, mp_obj_t *args) {
  MP_DYNRUNTIME_INIT_ENTRY
  mp_arg_check_num(n_args, n_kw, 0, 0, args != NULL);
  mp_store_global(MP_QSTR_gcd, MP_OBJ_FROM_PTR(&gcd_obj));
  mp_store_global(MP_QSTR_first, MP_OBJ_FROM_PTR(&prime_obj));
  mp_store_global(MP_QSTR_second, MP_OBJ_FROM_PTR(&last_obj));
  mp_store_global(MP_QSTR_limit, MP_OBJ_NEW_SMALL_INT(MP_ARRAY_SIZE(small_primes)));
  MP_DYNRUNTIME_INIT_EXIT
}
