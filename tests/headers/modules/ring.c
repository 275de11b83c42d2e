// SPDX-License-Identifier: MIT
// A class with slots, methods, attributes, the buffer protocol and an exception of its own.
#include "py/dynruntime.h"

typedef struct {
  mp_obj_base_t base;
  size_t next;
  size_t capacity;
  byte data[];
} ring_t;

mp_obj_full_type_t ring_type;
mp_obj_full_type_t ring_error;

static mp_obj_t ring_make_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw,
                              const mp_obj_t *args) {
  enum { ARG_capacity, ARG_fill };
  mp_arg_t allowed[] = {
      {MP_QSTR_, MP_ARG_REQUIRED | MP_ARG_INT, {.u_int = 0}},
      {MP_QSTR_, MP_ARG_KW_ONLY | MP_ARG_INT, {.u_int = 0}},
  };
  allowed[ARG_capacity].qst = MP_QSTR_capacity;
  allowed[ARG_fill].qst = MP_QSTR_fill;
  mp_arg_val_t values[MP_ARRAY_SIZE(allowed)];
  mp_arg_parse_all_kw_array(n_args, n_kw, args, MP_ARRAY_SIZE(allowed), allowed, values);

  const mp_int_t capacity = values[ARG_capacity].u_int;
  if (capacity <= 0) {
    mp_raise_msg((const mp_obj_type_t *)&ring_error, MP_ERROR_TEXT("capacity"));
  }
  ring_t *self = mp_obj_malloc_var(ring_t, data, byte, (size_t)capacity, type);
  self->next = 0;
  self->capacity = (size_t)capacity;
  memset(self->data, (int)values[ARG_fill].u_int, self->capacity);
  return MP_OBJ_FROM_PTR(self);
}

static void ring_print(const mp_print_t *print, mp_obj_t self_in, mp_print_kind_t kind) {
  const ring_t *self = MP_OBJ_TO_PTR(self_in);
  (void)kind;
  mp_printf(print, "Ring(" UINT_FMT ")", (mp_uint_t)self->capacity);
}

static mp_obj_t ring_unary_op(mp_unary_op_t op, mp_obj_t self_in) {
  const ring_t *self = MP_OBJ_TO_PTR(self_in);
  return op == MP_UNARY_OP_LEN ? mp_obj_new_int_from_uint(self->capacity) : MP_OBJ_NULL;
}

static mp_obj_t ring_subscr(mp_obj_t self_in, mp_obj_t index, mp_obj_t value) {
  ring_t *self = MP_OBJ_TO_PTR(self_in);
  const size_t at = (size_t)mp_obj_get_int(index) % self->capacity;
  if (value == MP_OBJ_NULL) {
    return MP_OBJ_NULL; // deleting is not supported
  }
  if (value == MP_OBJ_SENTINEL) {
    return MP_OBJ_NEW_SMALL_INT(self->data[at]);
  }
  self->data[at] = (byte)mp_obj_get_int_truncated(value);
  return mp_const_none;
}

static void ring_attr(mp_obj_t self_in, qstr attr, mp_obj_t *dest) {
  ring_t *self = MP_OBJ_TO_PTR(self_in);
  if (dest[0] == MP_OBJ_NULL && attr == MP_QSTR_capacity) {
    dest[0] = mp_obj_new_int_from_uint(self->capacity);
  } else if (dest[0] == MP_OBJ_NULL) {
    dest[1] = MP_OBJ_SENTINEL; // look in locals_dict
  }
}

static mp_int_t ring_get_buffer(mp_obj_t self_in, mp_buffer_info_t *info, mp_uint_t flags) {
  ring_t *self = MP_OBJ_TO_PTR(self_in);
  (void)flags;
  info->buf = self->data;
  info->len = self->capacity;
  info->typecode = BYTEARRAY_TYPECODE;
  return 0;
}

static mp_obj_t ring_put(mp_obj_t self_in, mp_obj_t value) {
  ring_t *self = MP_OBJ_TO_PTR(self_in);
  self->data[self->next++ % self->capacity] = (byte)mp_obj_get_int(value);
  return self_in;
}
static MP_DEFINE_CONST_FUN_OBJ_2(ring_put_obj, ring_put);

mp_map_elem_t ring_locals_table[1];
static MP_DEFINE_CONST_DICT(ring_locals, ring_locals_table);

mp_obj_t mpy_init(mp_obj_fun_bc_t *self, size_t n_args, size_t n_kw, mp_obj_t *args) {
  (void)n_args, (void)n_kw, (void)args;
  MP_DYNRUNTIME_INIT_ENTRY
  ring_type.base.type = &mp_type_type;
  ring_type.flags = MP_TYPE_FLAG_NONE;
  ring_type.name = MP_QSTR_Ring;
  MP_OBJ_TYPE_SET_SLOT(&ring_type, make_new, ring_make_new, 0);
  MP_OBJ_TYPE_SET_SLOT(&ring_type, print, ring_print, 1);
  MP_OBJ_TYPE_SET_SLOT(&ring_type, unary_op, ring_unary_op, 2);
  MP_OBJ_TYPE_SET_SLOT(&ring_type, subscr, ring_subscr, 3);
  MP_OBJ_TYPE_SET_SLOT(&ring_type, attr, ring_attr, 4);
  MP_OBJ_TYPE_SET_SLOT(&ring_type, buffer, ring_get_buffer, 5);
  MP_OBJ_TYPE_SET_SLOT(&ring_type, locals_dict, &ring_locals, 6);
  ring_locals_table[0].key = MP_OBJ_NEW_QSTR(MP_QSTR_put);
  ring_locals_table[0].value = MP_OBJ_FROM_PTR(&ring_put_obj);
  mp_obj_exception_init(&ring_error, MP_QSTR_RingError, &mp_type_Exception);
  mp_store_global(MP_QSTR_Ring, MP_OBJ_FROM_PTR(&ring_type));
  mp_store_global(MP_QSTR_RingError, MP_OBJ_FROM_PTR(&ring_error));
  MP_DYNRUNTIME_INIT_EXIT
}
