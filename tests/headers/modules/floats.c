// SPDX-License-Identifier: MIT
// Floats and buffers of floats; a function with the general signature; memory.
#include "py/dynruntime.h"

static mp_obj_t mean(mp_obj_t values_in) {
  mp_buffer_info_t values;
  mp_get_buffer_raise(values_in, &values, MP_BUFFER_READ);
  const size_t n = values.len / sizeof(float);
  if (values.typecode != 'f' || n == 0) {
    mp_raise_ValueError(MP_ERROR_TEXT("an array of floats, please"));
  }
  const float *items = (const float *)values.buf;
  mp_float_t sum = 0;
  for (size_t i = 0; i < n; ++i) {
    sum += items[i];
  }
  return mp_obj_new_float(sum / (mp_float_t)n);
}
static MP_DEFINE_CONST_FUN_OBJ_1(mean_obj, mean);

// scale(array, factor): a bytearray with the products.
static mp_obj_t scale(mp_obj_fun_bc_t *self, size_t n_args, size_t n_kw, mp_obj_t *args) {
  (void)self;
  mp_arg_check_num(n_args, n_kw, 2, 2, false);
  mp_buffer_info_t in;
  mp_get_buffer_raise(args[0], &in, MP_BUFFER_READ);
  const float factor = mp_obj_get_float_to_f(args[1]);
  const size_t n = in.len / sizeof(float);
  float *out = m_new(float, n);
  for (size_t i = 0; i < n; ++i) {
    out[i] = ((const float *)in.buf)[i] * factor;
  }
  return mp_obj_new_bytearray_by_ref(n * sizeof(float), out);
}

mp_obj_t mpy_init(mp_obj_fun_bc_t *self, size_t n_args, size_t n_kw, mp_obj_t *args) {
  (void)n_args, (void)n_kw, (void)args;
  MP_DYNRUNTIME_INIT_ENTRY
  mp_store_global(MP_QSTR_mean, MP_OBJ_FROM_PTR(&mean_obj));
  mp_store_global(MP_QSTR_scale, MP_DYNRUNTIME_MAKE_FUNCTION(scale));
  MP_DYNRUNTIME_INIT_EXIT
}
