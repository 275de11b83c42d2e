// SPDX-License-Identifier: MIT
// Uses every name of dynruntime_names (abi/6.3.json) the way a module would, in C and in C++.
// `checkgen names` makes sure that none is left out.
#include "py/dynruntime.h"

typedef struct {
  mp_obj_base_t base;
  size_t len;
  int items[1];
} thing_t;

mp_obj_full_type_t thing_type;
mp_obj_full_type_t thing_error;

void use_memory(void) {
  void *block = m_malloc(16);
  block = m_realloc(block, 32);
  block = m_realloc_maybe(block, 48, false);
  m_free(block);
  block = m_malloc_dyn(16);
  block = m_realloc_dyn(block, 32);
  block = m_realloc_maybe_dyn(block, 48, true);
  block = m_realloc_checked_dyn(block, 64, true);
  m_free_dyn(block);
  int *ints = m_new(int, 4);
  ints = m_renew(int, ints, 4, 8);
  m_del(int, ints, 8);
  char *zeros = m_new0(char, 4);
  thing_t *thing = m_new_obj_var(thing_t, items, int, 3);
  m_del_var(thing_t, items, int, 3, thing);
  thing_t *other = m_new_obj(thing_t);
  m_del_obj(thing_t, other);
  if (zeros == NULL) {
    m_malloc_fail(1);
  }
  m_malloc_fail_dyn(4);
}

void use_printing(va_list args) {
  const mp_print_t *print = &mp_plat_print;
  mp_printf(print, "%d %s\n", 1, "text");
  mp_printf(&mp_plat_print, "no arguments\n");
  mp_vprintf(print, "%d\n", args);
}

mp_obj_t use_types(void) {
  const mp_obj_t types[] = {
      MP_OBJ_FROM_PTR(&mp_type_type),         MP_OBJ_FROM_PTR(&mp_type_NoneType),
      MP_OBJ_FROM_PTR(&mp_type_bool),         MP_OBJ_FROM_PTR(&mp_type_int),
      MP_OBJ_FROM_PTR(&mp_type_str),          MP_OBJ_FROM_PTR(&mp_type_bytes),
      MP_OBJ_FROM_PTR(&mp_type_bytearray),    MP_OBJ_FROM_PTR(&mp_type_tuple),
      MP_OBJ_FROM_PTR(&mp_type_list),         MP_OBJ_FROM_PTR(&mp_type_dict),
      MP_OBJ_FROM_PTR(&mp_type_Exception),    MP_OBJ_FROM_PTR(&mp_type_EOFError),
      MP_OBJ_FROM_PTR(&mp_type_IndexError),   MP_OBJ_FROM_PTR(&mp_type_KeyError),
      MP_OBJ_FROM_PTR(&mp_type_RuntimeError), MP_OBJ_FROM_PTR(&mp_type_NotImplementedError),
      MP_OBJ_FROM_PTR(&mp_type_TypeError),    MP_OBJ_FROM_PTR(&mp_type_ValueError),
  };
  const mp_obj_fun_builtin_var_t *streams[] = {
      &mp_stream_read_obj,
      &mp_stream_readinto_obj,
      &mp_stream_unbuffered_readline_obj,
      &mp_stream_write_obj,
  };
  return mp_obj_new_tuple(MP_ARRAY_SIZE(types), streams[0] ? types : NULL);
}

mp_obj_t use_constructors(mp_obj_t number) {
  mp_obj_t items[] = {
      mp_const_none,
      mp_const_true,
      mp_const_false,
      mp_const_empty_tuple,
      mp_const_empty_bytes,
      MP_OBJ_NEW_QSTR(MP_QSTR_len),
      mp_obj_new_bool(number != MP_OBJ_NULL),
      mp_obj_new_int(-1),
      mp_obj_new_int_from_uint(1),
      mp_obj_new_str("abc", 3),
      mp_obj_new_str_of_type(&mp_type_str, (const byte *)"abc", 3),
      mp_obj_new_str_of_type_dyn(&mp_type_bytes, (const byte *)"abc", 3),
      mp_obj_new_bytes((const byte *)"abc", 3),
      mp_obj_new_bytearray_by_ref(4, m_malloc(4)),
      mp_obj_new_float(1.5f),
      mp_obj_new_float_from_f(mp_obj_get_float_to_f(number)),
      mp_obj_new_float_from_d(mp_obj_get_float_to_d(number)),
  };
  mp_obj_t list = mp_obj_new_list(MP_ARRAY_SIZE(items), items);
  mp_obj_list_append(list, mp_obj_new_dict(0));
  mp_obj_dict_store(mp_obj_new_dict(1), list, number);
  return mp_obj_new_tuple(2, items);
}

mp_int_t use_queries(mp_obj_t o) {
  mp_buffer_info_t buffer;
  size_t len;
  mp_obj_t *items;
  mp_obj_get_array(o, &len, &items);
  mp_obj_get_array_dyn(o, &len, &items);
  mp_get_buffer_raise(o, &buffer, MP_BUFFER_RW);
  mp_int_t sum = mp_get_buffer(o, &buffer, MP_BUFFER_READ) ? (mp_int_t)buffer.len : 0;
  const char *text = (const char *)mp_obj_str_get_str(o);
  const char *data = (const char *)mp_obj_str_get_data(o, &len);
  data += *text + *(const char *)mp_obj_str_get_data_dyn(o, NULL);
  sum += mp_obj_get_int(o) + mp_obj_get_int_truncated(o) + mp_obj_is_true(o) + *data;
  sum += (mp_int_t)mp_obj_get_float(o);
  sum += MP_OBJ_SMALL_INT_VALUE(mp_obj_len(o)) + MP_OBJ_SMALL_INT_VALUE(mp_obj_len_dyn(o));
  sum += mp_obj_get_type(o) == &mp_type_str;
  sum += mp_obj_cast_to_native_base(o, MP_OBJ_FROM_PTR(&thing_type)) == MP_OBJ_NULL;
  sum += mp_obj_cast_to_native_base_dyn(o, MP_OBJ_FROM_PTR(&thing_type)) == o;
  return sum + (mp_get_stream_raise(o, MP_STREAM_OP_READ)->read != NULL);
}

mp_obj_t use_runtime(mp_obj_t o, mp_map_t *kws) {
  static const mp_arg_t allowed[] = {
      {MP_QSTR_, MP_ARG_REQUIRED | MP_ARG_INT, {0}},
      {MP_QSTR_, MP_ARG_KW_ONLY | MP_ARG_OBJ, {0}},
  };
  mp_arg_val_t values[MP_ARRAY_SIZE(allowed)];
  mp_arg_check_num(1, 0, 1, 2, false);
  mp_arg_parse_all(1, &o, kws, MP_ARRAY_SIZE(allowed), allowed, values);
  mp_arg_parse_all_kw_array(1, 0, &o, MP_ARRAY_SIZE(allowed), allowed, values);

  mp_obj_t dest[3] = {mp_load_name(MP_QSTR_abs), mp_load_global(MP_QSTR_len), MP_OBJ_NULL};
  mp_store_name(MP_QSTR_key, dest[0]);
  mp_store_global(MP_QSTR_key, dest[1]);
  mp_store_attr(o, MP_QSTR_value, mp_load_attr(o, MP_QSTR_key));
  mp_load_method(o, MP_QSTR_append, dest);
  mp_load_method_maybe(o, MP_QSTR_append, dest);
  mp_load_super_method(MP_QSTR_append, dest);
  mp_obj_subscr(o, MP_OBJ_NEW_SMALL_INT(0), MP_OBJ_SENTINEL);
  mp_unary_op(MP_UNARY_OP_NEGATIVE, o);
  mp_binary_op(MP_BINARY_OP_ADD, o, values[0].u_obj);
  mp_call_function_n_kw(dest[0], 1, 0, &o);

  size_t align;
  size_t size = mp_binary_get_size('@', 'i', &align);
  mp_binary_set_val_array('i', &size, 0, mp_binary_get_val_array('i', &align, 0));

  mp_obj_t module = mp_import_name(MP_QSTR_builtins, mp_const_none, MP_OBJ_NEW_SMALL_INT(0));
  mp_import_all(module);
  return mp_import_from(module, MP_QSTR_len);
}

void use_exceptions(int which, mp_obj_t o) {
  const mp_make_new_fun_t make_new = mp_obj_exception_make_new;
  const mp_print_fun_t print = mp_obj_exception_print;
  const mp_attr_fun_t attr = mp_obj_exception_attr;
  switch (make_new && print && attr ? which : 0) {
  case 1:
    mp_raise_msg(&mp_type_TypeError, MP_ERROR_TEXT("text"));
  case 2:
    mp_raise_type_arg(&mp_type_KeyError, o);
  case 3:
    mp_raise_OSError(MP_EINVAL);
  case 4:
    mp_raise_OSError_dyn(MP_ETIMEDOUT);
  case 5:
    mp_raise_NotImplementedError(MP_ERROR_TEXT("text"));
  case 6:
    mp_raise_TypeError(MP_ERROR_TEXT("text"));
  case 7:
    mp_raise_ValueError(MP_ERROR_TEXT("text"));
  case 8:
    nlr_raise(mp_obj_new_exception(&mp_type_RuntimeError));
  case 9:
    nlr_raise(mp_obj_new_exception_arg1(&mp_type_IndexError, o));
  case 10:
    mp_raise_dyn(mp_obj_new_exception_arg1_dyn(&mp_type_EOFError, o));
  default:
    break;
  }
  mp_obj_exception_init(&thing_error, MP_QSTR_Exception, &mp_type_Exception);
}

mp_obj_t use_catching(mp_obj_t fun, mp_obj_t arg) {
  nlr_buf_t nlr;
  if (nlr_push(&nlr) == 0) {
    const mp_obj_t result = mp_call_function_n_kw(fun, 1, 0, &arg);
    nlr_pop();
    return result;
  }
  return MP_OBJ_FROM_PTR(nlr.ret_val);
}

mp_obj_t use_objects(void) {
  mp_obj_type_t *type = (mp_obj_type_t *)(void *)&thing_type;
  thing_t *a = mp_obj_malloc(thing_t, type);
  thing_t *b = mp_obj_malloc_var(thing_t, items, int, 2, type);
  void *c = mp_obj_malloc_helper(sizeof(thing_t), type);
  void *d = mp_obj_malloc_helper_dyn(sizeof(thing_t), type);
  a->len = c == d ? b->len : 0;
  return MP_OBJ_FROM_PTR(a);
}

static mp_obj_t general(mp_obj_fun_bc_t *self, size_t n_args, size_t n_kw, mp_obj_t *args) {
  (void)n_kw;
  return n_args ? args[0] : MP_OBJ_FROM_PTR(self->context->module.globals);
}

mp_obj_t mpy_init(mp_obj_fun_bc_t *self, size_t n_args, size_t n_kw, mp_obj_t *args) {
  (void)n_args, (void)n_kw, (void)args;
  MP_DYNRUNTIME_INIT_ENTRY
  mp_store_global(MP_QSTR_len, MP_DYNRUNTIME_MAKE_FUNCTION(general));
  mp_store_global(MP_QSTR_abs, mp_make_function_from_proto_fun(&rc, self->context, NULL));
  MP_DYNRUNTIME_INIT_EXIT
}
