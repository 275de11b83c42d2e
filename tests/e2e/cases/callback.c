// SPDX-License-Identifier: MIT
// C calls Python and raises and catches exceptions, also across each other's frames.
//# DO: def fails(x): raise ValueError("no", x)
//# RUN: m.call(lambda x: x * 2) => [0, 2, 4]
//# RUN: m.call(fails) => raises ValueError('no', 0)
//# RUN: m.caught(fails) => [('no', 0), ('no', 1), ('no', 2)]
//# RUN: m.caught(lambda x: x + 1) => [1, 2, 3]
//# RUN: m.caught(lambda x: m.throw(x)) => [('too small',), ('too small',), 2]
//# RUN: m.throw(1) => raises ValueError('too small',)
//# RUN: m.caught(lambda x: m.caught(fails)[x]) => [('no', 0), ('no', 1), ('no', 2)]
//# DO: for i in range(50):
//# DO:     m.caught(fails)
//# DO: gc.collect()
//# RUN: m.caught(lambda x: [][x]) => [('list index out of range',), ('list index out of range',), ('list index out of range',)]
#include "case.h"

OBJ_FUN(call, function) {
  mp_obj_t results = mp_obj_new_list(0, NULL);
  for (int i = 0; i < 3; i++) {
    mp_obj_t argument = mp_obj_new_int(i);
    mp_obj_list_append(results, mp_call_function_n_kw(function, 1, 0, &argument));
  }
  return results;
}

OBJ_FUN(caught, function) {
  mp_obj_t results = mp_obj_new_list(0, NULL);
  for (int i = 0; i < 3; i++) {
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
      mp_obj_t argument = mp_obj_new_int(i);
      mp_obj_t result = mp_call_function_n_kw(function, 1, 0, &argument);
      nlr_pop();
      mp_obj_list_append(results, result);
    } else {
      mp_obj_t exception = MP_OBJ_FROM_PTR(nlr.ret_val);
      mp_obj_list_append(results, mp_load_attr(exception, MP_QSTR_args));
    }
  }
  return results;
}

OBJ_FUN(throw, x) {
  if (mp_obj_get_int(x) < 2)
    mp_raise_ValueError(MP_ERROR_TEXT("too small"));
  return x;
}

MODULE(EXPORT(MP_QSTR_call, call) EXPORT(MP_QSTR_caught, caught) EXPORT(MP_QSTR_throw, throw))
