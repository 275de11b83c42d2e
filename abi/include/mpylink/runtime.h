// SPDX-License-Identifier: MIT
// The runtime API that is not simply an entry of mp_fun_table (those are in abi_*.h): built-in
// types, making and reading objects, calls, exceptions, and the frame of mpy_init.
#ifndef MPYLINK_RUNTIME_H
#define MPYLINK_RUNTIME_H

#include "mpylink/memory.h"

/*------------------------------------------------------------------------------------------------*/
// Built-in types that have no table entry. Each use asks the firmware anew: where that costs too
// much, keep the address. They are no constants; a static initialiser can name only mp_type_dict
// and mp_type_fun_builtin_*, which the linker knows. Modules repeat some of these definitions for
// the sake of older releases, and a macro may be repeated only to the letter: do not respell them.

#define mp_type_NoneType (*mp_obj_get_type(mp_const_none))
#define mp_type_bool (*mp_obj_get_type(mp_const_false))
#define mp_type_tuple (*((mp_obj_base_t *)mp_const_empty_tuple)->type)
#define mp_type_int (*(mp_obj_type_t *)(mp_load_global(MP_QSTR_int)))
#define mp_type_bytes (*(mp_obj_type_t *)(mp_load_global(MP_QSTR_bytes)))
#define mp_type_bytearray (*(mp_obj_type_t *)(mp_load_global(MP_QSTR_bytearray)))
#define mp_type_EOFError (*(mp_obj_type_t *)(mp_load_global(MP_QSTR_EOFError)))
#define mp_type_IndexError (*(mp_obj_type_t *)(mp_load_global(MP_QSTR_IndexError)))
#define mp_type_KeyError (*(mp_obj_type_t *)(mp_load_global(MP_QSTR_KeyError)))
#define mp_type_NotImplementedError                                                                \
  (*(mp_obj_type_t *)(mp_load_global(MP_QSTR_NotImplementedError)))
#define mp_type_RuntimeError (*(mp_obj_type_t *)(mp_load_global(MP_QSTR_RuntimeError)))
#define mp_type_TypeError (*(mp_obj_type_t *)(mp_load_global(MP_QSTR_TypeError)))
#define mp_type_ValueError (*(mp_obj_type_t *)(mp_load_global(MP_QSTR_ValueError)))

#define mp_const_empty_tuple (mp_obj_new_tuple(0, NULL))
#define mp_const_empty_bytes (MP_OBJ_TYPE_GET_SLOT(&mp_type_bytes, make_new)(NULL, 0, 0, NULL))

/*------------------------------------------------------------------------------------------------*/
// Printing, with the firmware's formats: %q is a qstr, %f and %g (a double) work where the firmware
// has floats.

#define mp_printf(print, ...) (mp_fun_table.printf_((print), __VA_ARGS__))
#define MP_PYTHON_PRINTER (&mp_plat_print)

/*------------------------------------------------------------------------------------------------*/
// Making objects

MPY_INLINE mp_obj_t mp_obj_new_bool(bool value) { return value ? mp_const_true : mp_const_false; }
MPY_INLINE mp_obj_t mp_obj_new_int(mp_int_t value) {
  return mp_fun_table.native_to_obj((mp_uint_t)value, MP_NATIVE_TYPE_INT);
}
MPY_INLINE mp_obj_t mp_obj_new_int_from_uint(mp_uint_t value) {
  return mp_fun_table.native_to_obj(value, MP_NATIVE_TYPE_UINT);
}
// A string object of a qstr.
MPY_INLINE mp_obj_t mpy_obj_new_qstr(qstr q) {
  return mp_fun_table.native_to_obj(q, MP_NATIVE_TYPE_QSTR);
}
#define MP_OBJ_NEW_QSTR(q) (mpy_obj_new_qstr(q))

// str when `type` is str, else bytes.
static inline mp_obj_t mp_obj_new_str_of_type(const mp_obj_type_t *type, const byte *data,
                                              size_t len) {
  if (type == &mp_type_str) {
    return mp_obj_new_str((const char *)data, len);
  }
  return mp_obj_new_bytes(data, len);
}

#if MICROPY_FLOAT_IMPL == MICROPY_FLOAT_IMPL_FLOAT
MPY_INLINE mp_obj_t mp_obj_new_float(mp_float_t value) { return mp_obj_new_float_from_f(value); }
MPY_INLINE mp_float_t mp_obj_get_float(mp_obj_t o) { return mp_obj_get_float_to_f(o); }
#elif MICROPY_FLOAT_IMPL == MICROPY_FLOAT_IMPL_DOUBLE
MPY_INLINE mp_obj_t mp_obj_new_float(mp_float_t value) { return mp_obj_new_float_from_d(value); }
MPY_INLINE mp_float_t mp_obj_get_float(mp_obj_t o) { return mp_obj_get_float_to_d(o); }
#endif

/*------------------------------------------------------------------------------------------------*/
// Asking objects

#define mp_obj_is_bool(o) ((o) == mp_const_false || (o) == mp_const_true)
#define mp_obj_is_int(o) (mp_obj_is_small_int(o) || mp_obj_is_exact_type((o), &mp_type_int))
#if MICROPY_PY_BUILTINS_FLOAT
#define mp_obj_is_float(o) (mp_obj_get_type(o) == &mp_type_float)
#else
#define mp_obj_is_float(o) (false)
#endif
#define mp_obj_is_integer(o) (mp_obj_is_int(o) || mp_obj_is_bool(o))
#define mp_obj_is_str(o) (mp_obj_get_type(o) == &mp_type_str)
#define mp_obj_is_str_or_bytes(o) (mp_obj_is_str(o) || mp_obj_is_exact_type((o), &mp_type_bytes))
#define mp_obj_is_fun(o)                                                                           \
  (mp_obj_is_obj(o) && ((const mp_obj_base_t *)(o))->type->name == MP_QSTR_function)

// True for a string that is a qstr inside the object word.
MPY_INLINE bool mp_obj_is_qstr(mp_const_obj_t o) {
  return !mp_obj_is_small_int(o) && !mp_obj_is_obj(o) && mp_obj_is_str(o);
}

// Raises TypeError when `o` has no integer value, OverflowError when it does not fit.
MPY_INLINE mp_int_t mp_obj_get_int(mp_const_obj_t o) {
  return (mp_int_t)mp_fun_table.native_from_obj((mp_obj_t)o, MP_NATIVE_TYPE_INT);
}
// The low bits of a big integer.
MPY_INLINE mp_int_t mp_obj_get_int_truncated(mp_const_obj_t o) {
  return (mp_int_t)mp_fun_table.native_from_obj((mp_obj_t)o, MP_NATIVE_TYPE_UINT);
}

// len(o), as an object.
static inline mp_obj_t mp_obj_len(mp_obj_t o) {
  return mp_fun_table.call_function_n_kw(mp_load_name(MP_QSTR_len), 1, &o);
}

// As mp_get_buffer (flags: MP_BUFFER_*), but an object without a buffer raises TypeError.
MPY_INLINE bool mp_get_buffer_raise(mp_obj_t o, mp_buffer_info_t *bufinfo, mp_uint_t flags) {
  return mp_get_buffer(o, bufinfo, flags | MP_BUFFER_RAISE_IF_UNSUPPORTED);
}

// The bytes of a str or of anything else with a buffer; `len`, in bytes, may be NULL. A str's bytes
// end in a zero byte. In C the result fits char and byte pointers alike.
#ifdef __cplusplus
typedef const char *mpy_str_data_t;
#else
typedef void *mpy_str_data_t;
#endif
static inline mpy_str_data_t mp_obj_str_get_data(mp_obj_t o, size_t *len) {
  mp_buffer_info_t bufinfo;
  mp_get_buffer_raise(o, &bufinfo, MP_BUFFER_READ);
  if (len != NULL) {
    *len = bufinfo.len;
  }
  return (mpy_str_data_t)bufinfo.buf;
}
#define mp_obj_str_get_str(o) (mp_obj_str_get_data((o), NULL))

// `self` as the native type it is or directly inherits from; MP_OBJ_NULL when it is neither.
static inline mp_obj_t mp_obj_cast_to_native_base(mp_obj_t self, mp_const_obj_t native_type) {
  const mp_obj_type_t *type = mp_obj_get_type(self);
  if ((mp_const_obj_t)type == native_type) {
    return self;
  }
  if (MP_OBJ_TYPE_GET_SLOT_OR_NULL(type, parent) != native_type) {
    return MP_OBJ_NULL;
  }
  return ((mp_obj_instance_t *)self)->subobj[0];
}

/*------------------------------------------------------------------------------------------------*/
// Calls

// Calls `fun` with `n_args` objects and then `n_kw` pairs of name and value, at most 255 of each.
MPY_INLINE mp_obj_t mp_call_function_n_kw(mp_obj_t fun, size_t n_args, size_t n_kw,
                                          const mp_obj_t *args) {
  return mp_fun_table.call_function_n_kw(fun, n_args | (n_kw << 8), args);
}

// Raises TypeError unless the number of arguments is allowed.
MPY_INLINE void mp_arg_check_num(size_t n_args, size_t n_kw, size_t n_args_min, size_t n_args_max,
                                 bool takes_kw) {
  mp_arg_check_num_sig(n_args, n_kw, MP_OBJ_FUN_MAKE_SIG(n_args_min, n_args_max, takes_kw));
}

/*------------------------------------------------------------------------------------------------*/
// Raising. Nothing here returns. `type` is an exception class.

MP_NORETURN static inline void mp_raise_dyn(mp_obj_t o) {
  mp_fun_table.raise(o);
  // The entry returns only for None and MP_OBJ_NULL, which are no exceptions.
  for (;;) {
  }
}

// Raises an instance or a class.
#define nlr_raise(o) (mp_raise_dyn(o))

// The class itself: whoever raises it makes the instance.
#define mp_obj_new_exception(type) ((mp_obj_t)(type))

static inline mp_obj_t mp_obj_new_exception_arg1(const mp_obj_type_t *type, mp_obj_t arg) {
  return mp_call_function_n_kw(MP_OBJ_FROM_PTR(type), 1, 0, &arg);
}

MP_NORETURN MPY_INLINE void mp_raise_type_arg(const mp_obj_type_t *type, mp_obj_t arg) {
  mp_raise_dyn(mp_obj_new_exception_arg1(type, arg));
}
#define mp_raise_type(type) (mp_raise_msg((type), NULL))

MP_NORETURN static inline void mp_raise_OSError(int error_number) {
  mp_obj_t arg = MP_OBJ_NEW_SMALL_INT(error_number);
  mp_raise_dyn(mp_call_function_n_kw(mp_load_global(MP_QSTR_OSError), 1, 0, &arg));
}
MP_NORETURN MPY_INLINE void mp_raise_NotImplementedError(mp_rom_error_text_t msg) {
  mp_raise_msg(&mp_type_NotImplementedError, msg);
}
MP_NORETURN MPY_INLINE void mp_raise_TypeError(mp_rom_error_text_t msg) {
  mp_raise_msg(&mp_type_TypeError, msg);
}
MP_NORETURN MPY_INLINE void mp_raise_ValueError(mp_rom_error_text_t msg) {
  mp_raise_msg(&mp_type_ValueError, msg);
}

// Marks a message; firmwares may compress theirs, a module's stay as they are.
#define MP_COMPRESSED_ROM_TEXT(text) text
#define MP_ERROR_TEXT(text) ((mp_rom_error_text_t)(text))

#define mp_obj_exception_make_new (MP_OBJ_TYPE_GET_SLOT(&mp_type_Exception, make_new))
#define mp_obj_exception_print (MP_OBJ_TYPE_GET_SLOT(&mp_type_Exception, print))
#define mp_obj_exception_attr (MP_OBJ_TYPE_GET_SLOT(&mp_type_Exception, attr))

// Fills in an exception class of the module's own, derived from `base`.
static inline void mp_obj_exception_init(mp_obj_full_type_t *exc, qstr name,
                                         const mp_obj_type_t *base) {
  exc->base.type = &mp_type_type;
  exc->flags = MP_TYPE_FLAG_NONE;
  exc->name = (uint16_t)name;
  MP_OBJ_TYPE_SET_SLOT(exc, make_new, mp_obj_exception_make_new, 0);
  MP_OBJ_TYPE_SET_SLOT(exc, print, mp_obj_exception_print, 1);
  MP_OBJ_TYPE_SET_SLOT(exc, attr, mp_obj_exception_attr, 2);
  MP_OBJ_TYPE_SET_SLOT(exc, parent, base, 3);
}

// The items of a tuple or list; `*items` may point into the middle of a heap block. Anything else
// raises TypeError.
static inline void mp_obj_get_array(mp_obj_t o, size_t *len, mp_obj_t **items) {
  const mp_obj_type_t *type = mp_obj_get_type(o);
  if (type == &mp_type_tuple) {
    mp_obj_tuple_get(o, len, items);
  } else if (type == &mp_type_list) {
    mp_obj_list_get(o, len, items);
  } else {
    mp_raise_TypeError("expected tuple/list");
  }
}

/*------------------------------------------------------------------------------------------------*/
// The module's entry point, called once when it is imported:
//
//   mp_obj_t mpy_init(mp_obj_fun_bc_t *self, size_t n_args, size_t n_kw, mp_obj_t *args) {
//     MP_DYNRUNTIME_INIT_ENTRY   // the module's globals are the current ones from here on
//     mp_store_global(MP_QSTR_f, MP_OBJ_FROM_PTR(&f_obj));
//     MP_DYNRUNTIME_INIT_EXIT
//   }

MPY_BEGIN_C
mp_obj_t mpy_init(mp_obj_fun_bc_t *self, size_t n_args, size_t n_kw, mp_obj_t *args);
MPY_END_C

#define MP_DYNRUNTIME_INIT_ENTRY                                                                   \
  mp_obj_dict_t *old_globals = mp_fun_table.swap_globals(self->context->module.globals);           \
  mp_raw_code_truncated_t rc;                                                                      \
  rc.proto_fun_indicator[0] = MP_PROTO_FUN_INDICATOR_RAW_CODE_0;                                   \
  rc.proto_fun_indicator[1] = MP_PROTO_FUN_INDICATOR_RAW_CODE_1;                                   \
  rc.kind = MP_CODE_NATIVE_VIPER;                                                                  \
  rc.is_generator = 0;                                                                             \
  (void)rc;

#define MP_DYNRUNTIME_INIT_EXIT                                                                    \
  mp_fun_table.swap_globals(old_globals);                                                          \
  return mp_const_none;

// Between the two: a function object for a function with the signature of mpy_init, whose `self`
// leads to the module's globals.
#define MP_DYNRUNTIME_MAKE_FUNCTION(f)                                                             \
  (rc.fun_data = (__extension__(const void *)(f)),                                                 \
   mp_make_function_from_proto_fun(&rc, self->context, NULL))

#endif
