// SPDX-License-Identifier: MIT
// What the firmware lends: types, constants, functions and strings, in code and in tables,
// neighbours that are equal among them.
//# RUN: [m.type_of(i) for i in range(4)] => [<class 'str'>, <class 'str'>, <class 'list'>, <class 'str'>]
//# RUN: m.constants(0) => (None, True, False)
//# RUN: m.names(0) => ['alpha', 'beta', 'gamma', '__init__', 'alpha']
//# RUN: m.function(3) => [3]
//# OUT: printed 42 and text
//# RUN: m.print(42) => 7
#include "case.h"

// The header reads these from the firmware's table; the linker knows them by name as well.
#undef mp_type_str
#undef mp_type_list
extern const mp_obj_type_t mp_type_str, mp_type_list;
static const mp_obj_type_t *const types[] = {&mp_type_str, &mp_type_str, &mp_type_list,
                                             &mp_type_str};
OBJ_FUN(type_of, index) { return MP_OBJ_FROM_PTR(OPAQUE(&types[0])[mp_obj_get_int(index)]); }

OBJ_FUN(constants, unused) {
  (void)unused;
  mp_obj_t items[] = {mp_const_none, mp_const_true, mp_const_false};
  return mp_obj_new_tuple(3, items);
}

OBJ_FUN(names, unused) {
  (void)unused;
  mp_obj_t items[] = {MP_OBJ_NEW_QSTR(MP_QSTR_alpha), MP_OBJ_NEW_QSTR(MP_QSTR_beta),
                      MP_OBJ_NEW_QSTR(MP_QSTR_gamma), MP_OBJ_NEW_QSTR(MP_QSTR___init__),
                      MP_OBJ_NEW_QSTR(MP_QSTR_alpha)};
  return mp_obj_new_list(5, items);
}

OBJ_FUN(function, x) { return mp_obj_new_list(1, &x); }

OBJ_FUN(print, x) {
  mp_printf(&mp_plat_print, "printed %d and %s\n", (int)mp_obj_get_int(x), "text");
  return mp_obj_new_int(7);
}

MODULE(EXPORT(MP_QSTR_type_of, type_of) EXPORT(MP_QSTR_constants, constants)
           EXPORT(MP_QSTR_names, names) EXPORT(MP_QSTR_function, function)
               EXPORT(MP_QSTR_print, print))
