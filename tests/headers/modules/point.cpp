// SPDX-License-Identifier: MIT
// A class in C++: templates, lambdas, constants of every kind of function, no casts but those from
// void pointers.
#include "py/dynruntime.h"

namespace {

struct Point {
  mp_obj_base_t base;
  mp_float_t x, y;
};

mp_obj_full_type_t pointType;

template <typename T> T *as(mp_obj_t o) { return static_cast<T *>(MP_OBJ_TO_PTR(o)); }

mp_obj_t makeNew(const mp_obj_type_t *type, size_t nArgs, size_t nKw, const mp_obj_t *args) {
  mp_arg_check_num(nArgs, nKw, 2, 2, false);
  Point *point = mp_obj_malloc(Point, type);
  point->x = mp_obj_get_float(args[0]);
  point->y = mp_obj_get_float(args[1]);
  return MP_OBJ_FROM_PTR(point);
}

void attr(mp_obj_t self, qstr name, mp_obj_t *dest) {
  const bool isX = name == MP_QSTR_x;
  if (!isX && name != MP_QSTR_y) {
    dest[1] = MP_OBJ_SENTINEL;
    return;
  }
  mp_float_t &value = isX ? as<Point>(self)->x : as<Point>(self)->y;
  if (dest[0] == MP_OBJ_NULL) {
    dest[0] = mp_obj_new_float(value);
  } else if (dest[1] != MP_OBJ_NULL) {
    value = mp_obj_get_float(dest[1]);
    dest[0] = MP_OBJ_NULL;
  }
}

template <typename T> mp_obj_t swapped(mp_obj_t self) {
  T *copy = m_new(T, 1);
  *copy = *as<T>(self);
  copy->x = as<T>(self)->y;
  copy->y = as<T>(self)->x;
  return MP_OBJ_FROM_PTR(copy);
}
MP_DEFINE_CONST_FUN_OBJ_1(swappedObj, swapped<Point>);

mp_obj_t nothing() { return mp_const_none; }
mp_obj_t second(mp_obj_t, mp_obj_t b) { return b; }
mp_obj_t call(mp_obj_t f, mp_obj_t a, mp_obj_t b) {
  const mp_obj_t args[] = {a, b};
  nlr_buf_t nlr;
  if (nlr_push(&nlr) == 0) {
    mp_obj_t result = mp_call_function_n_kw(f, 2, 0, args);
    nlr_pop();
    return result;
  }
  return MP_OBJ_FROM_PTR(nlr.ret_val);
}
mp_obj_t first(size_t nArgs, const mp_obj_t *args) { return nArgs ? args[0] : mp_const_none; }
mp_obj_t countKeywords(size_t, const mp_obj_t *, mp_map_t *kws) {
  mp_int_t n = 0;
  for (size_t i = 0; i < kws->alloc; ++i)
    n += mp_map_slot_is_filled(kws, i);
  return mp_obj_new_int(n);
}
MP_DEFINE_CONST_FUN_OBJ_0(nothingObj, nothing);
MP_DEFINE_CONST_FUN_OBJ_2(secondObj, second);
MP_DEFINE_CONST_FUN_OBJ_3(callObj, call);
MP_DEFINE_CONST_FUN_OBJ_VAR(firstObj, 0, first);
MP_DEFINE_CONST_FUN_OBJ_KW(countObj, 0, countKeywords);

mp_obj_t general(mp_obj_fun_bc_t *, size_t nArgs, size_t, mp_obj_t *args) {
  if (nArgs == 0)
    mp_raise_ValueError(MP_ERROR_TEXT("one argument at least"));
  mp_buffer_info_t info;
  mp_get_buffer_raise(args[0], &info, MP_BUFFER_READ);
  const char *text = mp_obj_str_get_str(args[0]);
  return mp_obj_new_str(text, info.len);
}

mp_map_elem_t pointLocalsTable[1];
MP_DEFINE_CONST_DICT(pointLocals, pointLocalsTable);

} // namespace

mp_obj_t mpy_init(mp_obj_fun_bc_t *self, size_t, size_t, mp_obj_t *) {
  MP_DYNRUNTIME_INIT_ENTRY
  pointType.base.type = &mp_type_type;
  pointType.name = MP_QSTR_Point;
  MP_OBJ_TYPE_SET_SLOT(&pointType, make_new, makeNew, 0);
  MP_OBJ_TYPE_SET_SLOT(&pointType, attr, attr, 1);
  MP_OBJ_TYPE_SET_SLOT(&pointType, locals_dict, &pointLocals, 2);
  pointLocalsTable[0] = {MP_OBJ_NEW_QSTR(MP_QSTR_call), MP_OBJ_FROM_PTR(&swappedObj)};
  mp_store_global(MP_QSTR_Point, MP_OBJ_FROM_PTR(&pointType));
  mp_store_global(MP_QSTR_first, MP_OBJ_FROM_PTR(&firstObj));
  mp_store_global(MP_QSTR_second, MP_OBJ_FROM_PTR(&secondObj));
  mp_store_global(MP_QSTR_call, MP_OBJ_FROM_PTR(&callObj));
  mp_store_global(MP_QSTR_fill, MP_OBJ_FROM_PTR(&countObj));
  mp_store_global(MP_QSTR_put, MP_OBJ_FROM_PTR(&nothingObj));
  mp_store_global(MP_QSTR_mean, MP_DYNRUNTIME_MAKE_FUNCTION(general));
  MP_DYNRUNTIME_INIT_EXIT
}
