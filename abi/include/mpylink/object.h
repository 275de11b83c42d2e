// SPDX-License-Identifier: MIT
// Objects without the firmware's help: how an object word is read, type slots, and the constants a
// module may define (functions, maps, dicts).
//
// Firmwares encode strings, None, False, True and floats in different ways, and a module runs on
// all of them. So only what is equal everywhere is done inline (small ints, real objects); the rest
// asks the firmware, and there is no MP_ROM_QSTR, MP_OBJ_QSTR_VALUE or MP_OBJ_NEW_IMMEDIATE_OBJ.
#ifndef MPYLINK_OBJECT_H
#define MPYLINK_OBJECT_H

#include "mpylink/util.h"

#define MICROPY_OBJ_REPR_A 0
#define MICROPY_OBJ_REPR_B 1
#define MICROPY_OBJ_REPR_C 2
#define MICROPY_OBJ_REPR_D 3
#ifndef MICROPY_OBJ_REPR
#define MICROPY_OBJ_REPR MICROPY_OBJ_REPR_A
#endif

/*------------------------------------------------------------------------------------------------*/
// Object words

#define MP_OBJ_FROM_PTR(p) ((mp_obj_t)(p))
#define MP_OBJ_TO_PTR(o) ((void *)(o))

// No object at all; also "not supported" and "end of iteration".
#define MP_OBJ_NULL MP_OBJ_FROM_PTR((void *)0)
#define MP_OBJ_STOP_ITERATION MP_OBJ_FROM_PTR((void *)0)
// Neither an object nor MP_OBJ_NULL; its meaning depends on the slot (attr, subscr).
#define MP_OBJ_SENTINEL MP_OBJ_FROM_PTR((void *)4)

#define MP_OBJ_NEW_SMALL_INT(value) ((mp_obj_t)(((mp_uint_t)(value) << 1) | 1))
#define MP_OBJ_SMALL_INT_VALUE(o) ((mp_int_t)(o) >> 1)

#define MP_ROM_INT(value) MP_OBJ_NEW_SMALL_INT(value)
#define MP_ROM_PTR(p) (p)
#define MP_ROM_NONE mp_const_none
#define MP_ROM_FALSE mp_const_false
#define MP_ROM_TRUE mp_const_true

MPY_INLINE bool mp_obj_is_small_int(mp_const_obj_t o) { return ((mp_int_t)o & 1) != 0; }

// True for a pointer to an object that starts with mp_obj_base_t.
MPY_INLINE bool mp_obj_is_obj(mp_const_obj_t o) { return ((mp_int_t)o & 3) == 0; }

// True when `o` is a real object of exactly that type, not of a subclass. Ints and strings are not
// always real objects: use mp_obj_is_int and mp_obj_is_str.
MPY_INLINE bool mp_obj_is_exact_type(mp_const_obj_t o, const void *type) {
  return mp_obj_is_obj(o) && ((const mp_obj_base_t *)o)->type == type;
}
#define mp_obj_is_type(o, t) (mp_obj_is_exact_type((o), (t)))

/*------------------------------------------------------------------------------------------------*/
// Type slots. A type lists only the slots it has; slot_index_* is 1 + the position in slots[].

#define MPY_SLOT_TYPE_make_new mp_make_new_fun_t
#define MPY_SLOT_TYPE_print mp_print_fun_t
#define MPY_SLOT_TYPE_call mp_call_fun_t
#define MPY_SLOT_TYPE_unary_op mp_unary_op_fun_t
#define MPY_SLOT_TYPE_binary_op mp_binary_op_fun_t
#define MPY_SLOT_TYPE_attr mp_attr_fun_t
#define MPY_SLOT_TYPE_subscr mp_subscr_fun_t
#define MPY_SLOT_TYPE_iter const void *
#define MPY_SLOT_TYPE_buffer mp_buffer_fun_t
#define MPY_SLOT_TYPE_protocol const void *
#define MPY_SLOT_TYPE_parent const void *
#define MPY_SLOT_TYPE_locals_dict mp_obj_dict_t *

#define MP_OBJ_TYPE_HAS_SLOT(t, slot) ((t)->slot_index_##slot)
// The slot's content, typed; the slot must be there.
#define MP_OBJ_TYPE_GET_SLOT(t, slot)                                                              \
  (__extension__(MPY_SLOT_TYPE_##slot)(t)->slots[(t)->slot_index_##slot - 1])
#define MP_OBJ_TYPE_GET_SLOT_OR_NULL(t, slot)                                                      \
  (MP_OBJ_TYPE_HAS_SLOT(t, slot) ? MP_OBJ_TYPE_GET_SLOT(t, slot) : (MPY_SLOT_TYPE_##slot)0)
// Puts `value`, a function or a pointer, into a slot; `n` counts the slots of the type from 0.
#define MP_OBJ_TYPE_SET_SLOT(t, slot, value, n)                                                    \
  ((t)->slot_index_##slot = (n) + 1, (t)->slots[(n)] = (__extension__(const void *)(value)))
#define MP_OBJ_TYPE_OFFSETOF_SLOT(slot) (offsetof(mp_obj_type_t, slot_index_##slot))
#define MP_OBJ_TYPE_HAS_SLOT_BY_OFFSET(t, offset) (*((const uint8_t *)(t) + (offset)) != 0)

#define mp_obj_is_instance_type(type) ((type)->flags & MP_TYPE_FLAG_INSTANCE_TYPE)
#define mp_obj_is_native_type(type) (!((type)->flags & MP_TYPE_FLAG_INSTANCE_TYPE))

/*------------------------------------------------------------------------------------------------*/
// Function objects: MP_DEFINE_CONST_FUN_OBJ_1(f_obj, f); put `static` in front to keep it local.

#define MP_DECLARE_CONST_FUN_OBJ_0(obj) extern const mp_obj_fun_builtin_fixed_t obj
#define MP_DECLARE_CONST_FUN_OBJ_1(obj) extern const mp_obj_fun_builtin_fixed_t obj
#define MP_DECLARE_CONST_FUN_OBJ_2(obj) extern const mp_obj_fun_builtin_fixed_t obj
#define MP_DECLARE_CONST_FUN_OBJ_3(obj) extern const mp_obj_fun_builtin_fixed_t obj
#define MP_DECLARE_CONST_FUN_OBJ_VAR(obj) extern const mp_obj_fun_builtin_var_t obj
#define MP_DECLARE_CONST_FUN_OBJ_VAR_BETWEEN(obj) extern const mp_obj_fun_builtin_var_t obj
#define MP_DECLARE_CONST_FUN_OBJ_KW(obj) extern const mp_obj_fun_builtin_var_t obj

#ifdef __cplusplus
// The union has a constructor for each of its types (abi_*.h).
#define MPY_UNION_OF(member, value) {value}
#else
#define MPY_UNION_OF(member, value) {.member = (value)}
#endif

#define MP_DEFINE_CONST_FUN_OBJ_0(obj, function)                                                   \
  const mp_obj_fun_builtin_fixed_t obj = {{&mp_type_fun_builtin_0}, MPY_UNION_OF(_0, function)}
#define MP_DEFINE_CONST_FUN_OBJ_1(obj, function)                                                   \
  const mp_obj_fun_builtin_fixed_t obj = {{&mp_type_fun_builtin_1}, MPY_UNION_OF(_1, function)}
#define MP_DEFINE_CONST_FUN_OBJ_2(obj, function)                                                   \
  const mp_obj_fun_builtin_fixed_t obj = {{&mp_type_fun_builtin_2}, MPY_UNION_OF(_2, function)}
#define MP_DEFINE_CONST_FUN_OBJ_3(obj, function)                                                   \
  const mp_obj_fun_builtin_fixed_t obj = {{&mp_type_fun_builtin_3}, MPY_UNION_OF(_3, function)}

// How many positional arguments a function takes and whether it takes keywords, in one word.
#define MP_OBJ_FUN_MAKE_SIG(n_min, n_max, takes_kw)                                                \
  ((uint32_t)((uint32_t)(n_min) << 17 | (uint32_t)(n_max) << 1 | ((takes_kw) ? 1u : 0u)))

#define MPY_DEFINE_FUN_VAR(obj, n_min, n_max, takes_kw, fun)                                       \
  const mp_obj_fun_builtin_var_t obj = {                                                           \
      {&mp_type_fun_builtin_var}, MP_OBJ_FUN_MAKE_SIG(n_min, n_max, takes_kw), fun}
#define MP_DEFINE_CONST_FUN_OBJ_VAR(obj, n_min, function)                                          \
  MPY_DEFINE_FUN_VAR(obj, n_min, MP_OBJ_FUN_ARGS_MAX, false, MPY_UNION_OF(var, function))
#define MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(obj, n_min, n_max, function)                           \
  MPY_DEFINE_FUN_VAR(obj, n_min, n_max, false, MPY_UNION_OF(var, function))
#define MP_DEFINE_CONST_FUN_OBJ_KW(obj, n_min, function)                                           \
  MPY_DEFINE_FUN_VAR(obj, n_min, MP_OBJ_FUN_ARGS_MAX, true, MPY_UNION_OF(kw, function))

/*------------------------------------------------------------------------------------------------*/
// Maps and dicts over a table of the module, which is filled in mpy_init (a qstr's number is known
// only when the module is loaded).

#define MPY_FIXED_MAP(table, n) {1, 1, 1, (n), (n), (mp_map_elem_t *)(mp_rom_map_elem_t *)(table)}
#define MP_DEFINE_CONST_MAP(map, table)                                                            \
  const mp_map_t map = MPY_FIXED_MAP(table, MP_ARRAY_SIZE(table))
#define MP_DEFINE_CONST_DICT_WITH_SIZE(dict, table, n)                                             \
  const mp_obj_dict_t dict = {{&mp_type_dict}, MPY_FIXED_MAP(table, n)}
#define MP_DEFINE_CONST_DICT(dict, table)                                                          \
  MP_DEFINE_CONST_DICT_WITH_SIZE(dict, table, MP_ARRAY_SIZE(table))

MPY_INLINE bool mp_map_slot_is_filled(const mp_map_t *map, size_t i) {
  return map->table[i].key != MP_OBJ_NULL && map->table[i].key != MP_OBJ_SENTINEL;
}
MPY_INLINE bool mp_set_slot_is_filled(const mp_set_t *set, size_t i) {
  return set->table[i] != MP_OBJ_NULL && set->table[i] != MP_OBJ_SENTINEL;
}

/*------------------------------------------------------------------------------------------------*/
// Views of built-in objects; the caller has checked the type.

MPY_INLINE void mp_obj_tuple_get(mp_obj_t o, size_t *len, mp_obj_t **items) {
  mp_obj_tuple_t *tuple = (mp_obj_tuple_t *)o;
  *len = tuple->len;
  *items = tuple->items;
}
MPY_INLINE void mp_obj_list_get(mp_obj_t o, size_t *len, mp_obj_t **items) {
  mp_obj_list_t *list = (mp_obj_list_t *)o;
  *len = list->len;
  *items = list->items;
}
MPY_INLINE void mp_obj_list_set_len(mp_obj_t o, size_t len) { ((mp_obj_list_t *)o)->len = len; }
MPY_INLINE mp_map_t *mp_obj_dict_get_map(mp_obj_t o) { return &((mp_obj_dict_t *)o)->map; }
MPY_INLINE mp_obj_t mp_obj_cell_get(mp_obj_t o) { return ((mp_obj_cell_t *)o)->obj; }
MPY_INLINE void mp_obj_cell_set(mp_obj_t o, mp_obj_t value) { ((mp_obj_cell_t *)o)->obj = value; }
MPY_INLINE const mp_stream_p_t *mp_get_stream(mp_const_obj_t o) {
  return (const mp_stream_p_t *)MP_OBJ_TYPE_GET_SLOT(((const mp_obj_base_t *)o)->type, protocol);
}

// Words of a value stack that an mp_obj_iter_buf_t takes.
#define MP_OBJ_ITER_BUF_NSLOTS (sizeof(mp_obj_iter_buf_t) / sizeof(mp_obj_t))
#define MP_OBJ_ARRAY_FREE_SIZE_BITS (8 * sizeof(size_t) - 8)

// String objects as local variables of a function.
#define MP_DEFINE_STR_OBJ(obj, str)                                                                \
  mp_obj_str_t obj = {{&mp_type_str}, 0, sizeof(str) - 1, (const byte *)(str)}
#define MP_DEFINE_BYTES_OBJ(obj, target, n)                                                        \
  mp_obj_str_t obj = {{&mp_type_bytes}, 0, (n), (const byte *)(target)}

#endif
