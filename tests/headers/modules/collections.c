// SPDX-License-Identifier: MIT
// Dicts, tuples, lists and strings; exceptions caught and raised again.
#include "py/obj.h"
#include "py/runtime.h"

// histogram(str): how often each byte occurs, as a dict.
static mp_obj_t histogram(mp_obj_t text_in) {
  size_t counts[256] = {0};
  size_t len;
  const char *text = (const char *)mp_obj_str_get_data(text_in, &len);
  for (size_t i = 0; i < len; ++i) {
    ++counts[(uint8_t)text[i]];
  }
  mp_obj_t dict = mp_obj_new_dict(0);
  for (size_t i = 0; i < MP_ARRAY_SIZE(counts); ++i) {
    if (counts[i] != 0) {
      const char key = (char)i;
      mp_obj_dict_store(dict, mp_obj_new_str(&key, 1), mp_obj_new_int_from_uint(counts[i]));
    }
  }
  return dict;
}
static MP_DEFINE_CONST_FUN_OBJ_1(histogram_obj, histogram);

// MicroPython declares this one, but no firmware exports it.
mp_obj_t mp_call_function_0(mp_obj_t fun) { return mp_call_function_n_kw(fun, 0, 0, NULL); }

// try_call(functions, default): the results of calling each; the default where a call raises
// ValueError.
static mp_obj_t try_call(mp_obj_t functions_in, mp_obj_t fallback) {
  size_t n;
  mp_obj_t *functions;
  mp_obj_get_array(functions_in, &n, &functions);
  mp_obj_t results = mp_obj_new_list(0, NULL);
  for (size_t i = 0; i < n; ++i) {
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
      mp_obj_list_append(results, mp_call_function_0(functions[i]));
      nlr_pop();
    } else {
      mp_obj_t exception = MP_OBJ_FROM_PTR(nlr.ret_val);
      if (mp_binary_op(MP_BINARY_OP_EXCEPTION_MATCH, exception,
                       MP_OBJ_FROM_PTR(&mp_type_ValueError)) != mp_const_true) {
        nlr_raise(exception);
      }
      mp_obj_list_append(results, fallback);
    }
  }
  return results;
}
static MP_DEFINE_CONST_FUN_OBJ_2(try_call_obj, try_call);

mp_obj_t mpy_init(mp_obj_fun_bc_t *self, size_t n_args, size_t n_kw, mp_obj_t *args) {
  (void)n_args, (void)n_kw, (void)args;
  MP_DYNRUNTIME_INIT_ENTRY
  mp_store_global(MP_QSTR_histogram, MP_OBJ_FROM_PTR(&histogram_obj));
  mp_store_global(MP_QSTR_try_call, MP_OBJ_FROM_PTR(&try_call_obj));
  MP_DYNRUNTIME_INIT_EXIT
}
