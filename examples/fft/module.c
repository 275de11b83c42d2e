// SPDX-License-Identifier: MIT
// The Python side of fft.c: works in place on an array('f') of real and imaginary parts in turn.
#include "py/dynruntime.h"

#include "fft.h"

// The values of an array; raises ValueError when there are not 2^n of them.
static complex_t *values(mp_obj_t array, size_t *count) {
  mp_buffer_info_t buffer;
  mp_get_buffer_raise(array, &buffer, MP_BUFFER_RW);
  *count = buffer.len / sizeof(complex_t);
  if (buffer.typecode != 'f') {
    mp_raise_TypeError("an array('f') is needed");
  }
  if (*count == 0 || (*count & (*count - 1)) != 0 || buffer.len % sizeof(complex_t) != 0) {
    mp_raise_ValueError("the number of complex values must be a power of two");
  }
  return buffer.buf;
}

static mp_obj_t transform(mp_obj_t array) {
  size_t count;
  complex_t *data = values(array, &count);
  fft_transform(data, count, false);
  return array;
}
static MP_DEFINE_CONST_FUN_OBJ_1(transform_obj, transform);

static mp_obj_t inverse(mp_obj_t array) {
  size_t count;
  complex_t *data = values(array, &count);
  fft_transform(data, count, true);
  return array;
}
static MP_DEFINE_CONST_FUN_OBJ_1(inverse_obj, inverse);

static mp_obj_t window(mp_obj_t array) {
  size_t count;
  complex_t *data = values(array, &count);
  fft_window(data, count);
  return array;
}
static MP_DEFINE_CONST_FUN_OBJ_1(window_obj, window);

// Puts the magnitudes into the real parts and zeros into the others.
static mp_obj_t magnitudes(mp_obj_t array) {
  size_t count;
  complex_t *data = values(array, &count);
  for (size_t i = 0; i < count; ++i) {
    data[i] = (complex_t){fft_magnitude(data[i]), 0};
  }
  return array;
}
static MP_DEFINE_CONST_FUN_OBJ_1(magnitudes_obj, magnitudes);

mp_obj_t mpy_init(mp_obj_fun_bc_t *self, size_t n_args, size_t n_kw, mp_obj_t *args) {
  MP_DYNRUNTIME_INIT_ENTRY
  mp_store_global(MP_QSTR_transform, MP_OBJ_FROM_PTR(&transform_obj));
  mp_store_global(MP_QSTR_inverse, MP_OBJ_FROM_PTR(&inverse_obj));
  mp_store_global(MP_QSTR_window, MP_OBJ_FROM_PTR(&window_obj));
  mp_store_global(MP_QSTR_magnitudes, MP_OBJ_FROM_PTR(&magnitudes_obj));
  MP_DYNRUNTIME_INIT_EXIT
}
