// SPDX-License-Identifier: MIT
// A class with attributes, operators and methods, functions with keyword arguments, and buffers.

#include "py/dynruntime.h"

#define DIMENSIONS 3

typedef struct {
  mp_obj_base_t base;
  mp_float_t at[DIMENSIONS];
} vector_t;

// Filled by mpy_init: the numbers of names are known only when the module is loaded.
static mp_obj_full_type_t vector_type;
static mp_map_elem_t vector_methods[3];
static MP_DEFINE_CONST_DICT(vector_dict, vector_methods);

static vector_t *new_vector(void) {
  return mp_obj_malloc(vector_t, (const mp_obj_type_t *)&vector_type);
}

static bool is_vector(mp_obj_t object) {
  return mp_obj_get_type(object) == (const mp_obj_type_t *)&vector_type;
}

static vector_t *to_vector(mp_obj_t object) {
  if (!is_vector(object)) {
    mp_raise_TypeError(MP_ERROR_TEXT("a Vector is needed"));
  }
  return MP_OBJ_TO_PTR(object);
}

// The argument if there is one, else the default.
static mp_float_t float_or(mp_arg_val_t argument, mp_float_t otherwise) {
  return argument.u_obj == MP_OBJ_NULL ? otherwise : mp_obj_get_float(argument.u_obj);
}

// Vector(x=0, y=0, z=0)
static mp_obj_t vector_make_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw,
                                const mp_obj_t *args) {
  const mp_arg_t allowed[DIMENSIONS] = {
      {MP_QSTR_x, MP_ARG_OBJ, {.u_obj = MP_OBJ_NULL}},
      {MP_QSTR_y, MP_ARG_OBJ, {.u_obj = MP_OBJ_NULL}},
      {MP_QSTR_z, MP_ARG_OBJ, {.u_obj = MP_OBJ_NULL}},
  };
  mp_arg_val_t values[DIMENSIONS];
  mp_arg_parse_all_kw_array(n_args, n_kw, args, DIMENSIONS, allowed, values);

  vector_t *self = mp_obj_malloc(vector_t, type);
  for (size_t i = 0; i < DIMENSIONS; i++) {
    self->at[i] = float_or(values[i], 0);
  }
  return MP_OBJ_FROM_PTR(self);
}

static void vector_print(const mp_print_t *print, mp_obj_t self_in, mp_print_kind_t kind) {
  const vector_t *self = MP_OBJ_TO_PTR(self_in);
  mp_printf(print, "Vector(%.3f, %.3f, %.3f)", (double)self->at[0], (double)self->at[1],
            (double)self->at[2]);
}

// The component that a name stands for, or null.
static mp_float_t *component(vector_t *self, qstr name) {
  const qstr names[DIMENSIONS] = {MP_QSTR_x, MP_QSTR_y, MP_QSTR_z};
  for (size_t i = 0; i < DIMENSIONS; i++) {
    if (name == names[i]) {
      return &self->at[i];
    }
  }
  return NULL;
}

// v.x and v.x = 1. On entry dest[0] is null for a load; dest[1] is the value of a store.
static void vector_attr(mp_obj_t self_in, qstr name, mp_obj_t *dest) {
  mp_float_t *place = component(MP_OBJ_TO_PTR(self_in), name);
  if (dest[0] == MP_OBJ_NULL) {
    if (place != NULL) {
      dest[0] = mp_obj_new_float(*place);
    } else {
      dest[1] = MP_OBJ_SENTINEL; // look among the methods
    }
  } else if (place != NULL && dest[1] != MP_OBJ_NULL) {
    *place = mp_obj_get_float(dest[1]);
    dest[0] = MP_OBJ_NULL; // stored
  }
}

// v[i] and v[i] = 1
static mp_obj_t vector_subscr(mp_obj_t self_in, mp_obj_t index_in, mp_obj_t value) {
  vector_t *self = MP_OBJ_TO_PTR(self_in);
  mp_int_t index = mp_obj_get_int(index_in);
  if (index < 0) {
    index += DIMENSIONS;
  }
  if (index < 0 || index >= DIMENSIONS) {
    mp_raise_msg(&mp_type_IndexError, MP_ERROR_TEXT("a Vector has 3 components"));
  }
  if (value == MP_OBJ_NULL) {
    return MP_OBJ_NULL; // deleting one is not supported
  }
  if (value == MP_OBJ_SENTINEL) {
    return mp_obj_new_float(self->at[index]);
  }
  self->at[index] = mp_obj_get_float(value);
  return mp_const_none;
}

static mp_obj_t vector_unary_op(mp_unary_op_t op, mp_obj_t self_in) {
  const vector_t *self = MP_OBJ_TO_PTR(self_in);
  if (op == MP_UNARY_OP_LEN) {
    return MP_OBJ_NEW_SMALL_INT(DIMENSIONS);
  }
  if (op == MP_UNARY_OP_NEGATIVE) {
    vector_t *result = new_vector();
    for (size_t i = 0; i < DIMENSIONS; i++) {
      result->at[i] = -self->at[i];
    }
    return MP_OBJ_FROM_PTR(result);
  }
  return MP_OBJ_NULL; // not supported
}

static mp_float_t dot(const vector_t *a, const vector_t *b) {
  mp_float_t sum = 0;
  for (size_t i = 0; i < DIMENSIONS; i++) {
    sum += a->at[i] * b->at[i];
  }
  return sum;
}

// Vector + Vector, Vector - Vector, Vector == Vector, Vector * number
static mp_obj_t vector_binary_op(mp_binary_op_t op, mp_obj_t left_in, mp_obj_t right_in) {
  const vector_t *left = MP_OBJ_TO_PTR(left_in);
  if (op == MP_BINARY_OP_MULTIPLY) {
    mp_float_t factor = mp_obj_get_float(right_in);
    vector_t *result = new_vector();
    for (size_t i = 0; i < DIMENSIONS; i++) {
      result->at[i] = left->at[i] * factor;
    }
    return MP_OBJ_FROM_PTR(result);
  }
  if (!is_vector(right_in)) {
    return MP_OBJ_NULL; // not supported
  }
  const vector_t *right = MP_OBJ_TO_PTR(right_in);
  if (op == MP_BINARY_OP_EQUAL) {
    bool equal = true;
    for (size_t i = 0; i < DIMENSIONS; i++) {
      equal = equal && left->at[i] == right->at[i];
    }
    return mp_obj_new_bool(equal);
  }
  if (op != MP_BINARY_OP_ADD && op != MP_BINARY_OP_SUBTRACT) {
    return MP_OBJ_NULL;
  }
  vector_t *result = new_vector();
  for (size_t i = 0; i < DIMENSIONS; i++) {
    mp_float_t right_value = op == MP_BINARY_OP_ADD ? right->at[i] : -right->at[i];
    result->at[i] = left->at[i] + right_value;
  }
  return MP_OBJ_FROM_PTR(result);
}

// v.dot(w)
static mp_obj_t vector_dot(mp_obj_t self_in, mp_obj_t other_in) {
  return mp_obj_new_float(dot(MP_OBJ_TO_PTR(self_in), to_vector(other_in)));
}
static MP_DEFINE_CONST_FUN_OBJ_2(vector_dot_obj, vector_dot);

// v.length(): the interpreter knows how to take a root, so the module needs no libm.
static mp_obj_t vector_length(mp_obj_t self_in) {
  const vector_t *self = MP_OBJ_TO_PTR(self_in);
  return mp_binary_op(MP_BINARY_OP_POWER, mp_obj_new_float(dot(self, self)),
                      mp_obj_new_float((mp_float_t)0.5));
}
static MP_DEFINE_CONST_FUN_OBJ_1(vector_length_obj, vector_length);

// v.clamp(*, low=0, high=1) changes v.
static mp_obj_t vector_clamp(size_t n_args, const mp_obj_t *args, mp_map_t *kw_args) {
  enum { LOW, HIGH, COUNT };
  const mp_arg_t allowed[COUNT] = {
      {MP_QSTR_low, MP_ARG_KW_ONLY | MP_ARG_OBJ, {.u_obj = MP_OBJ_NULL}},
      {MP_QSTR_high, MP_ARG_KW_ONLY | MP_ARG_OBJ, {.u_obj = MP_OBJ_NULL}},
  };
  mp_arg_val_t values[COUNT];
  mp_arg_parse_all(n_args - 1, args + 1, kw_args, COUNT, allowed, values);
  mp_float_t low = float_or(values[LOW], 0);
  mp_float_t high = float_or(values[HIGH], 1);
  if (low > high) {
    mp_raise_ValueError(MP_ERROR_TEXT("low is above high"));
  }

  vector_t *self = MP_OBJ_TO_PTR(args[0]);
  for (size_t i = 0; i < DIMENSIONS; i++) {
    if (self->at[i] < low) {
      self->at[i] = low;
    } else if (self->at[i] > high) {
      self->at[i] = high;
    }
  }
  return args[0];
}
static MP_DEFINE_CONST_FUN_OBJ_KW(vector_clamp_obj, 1, vector_clamp);

// scale(array, factor) changes an array of floats in place, through its buffer.
static mp_obj_t scale(mp_obj_t array_in, mp_obj_t factor_in) {
  mp_buffer_info_t buffer;
  mp_get_buffer_raise(array_in, &buffer, MP_BUFFER_RW);
  if (buffer.typecode != 'f') {
    mp_raise_TypeError(MP_ERROR_TEXT("an array of 'f' is needed"));
  }
  float *items = buffer.buf;
  mp_float_t factor = mp_obj_get_float(factor_in);
  for (size_t i = 0; i < buffer.len / sizeof(*items); i++) {
    items[i] = (float)(items[i] * factor);
  }
  return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_2(scale_obj, scale);

// attempt(function, v): a Vector of function(component), and a list of the exceptions that were
// raised meanwhile. Where the function raises one, or returns no number, the component stays as it
// is.
static mp_obj_t attempt(mp_obj_t function, mp_obj_t vector_in) {
  const vector_t *vector = to_vector(vector_in);
  vector_t *result = new_vector();
  mp_obj_t raised = mp_obj_new_list(0, NULL);
  for (size_t i = 0; i < DIMENSIONS; i++) {
    result->at[i] = vector->at[i];
    mp_obj_t argument = mp_obj_new_float(vector->at[i]);
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
      result->at[i] = mp_obj_get_float(mp_call_function_n_kw(function, 1, 0, &argument));
      nlr_pop();
    } else {
      mp_obj_list_append(raised, MP_OBJ_FROM_PTR(nlr.ret_val));
    }
  }
  mp_obj_t items[] = {MP_OBJ_FROM_PTR(result), raised};
  return mp_obj_new_tuple(MP_ARRAY_SIZE(items), items);
}
static MP_DEFINE_CONST_FUN_OBJ_2(attempt_obj, attempt);

static mp_map_elem_t method(qstr name, const void *function) {
  return (mp_map_elem_t){MP_OBJ_NEW_QSTR(name), MP_OBJ_FROM_PTR(function)};
}

mp_obj_t mpy_init(mp_obj_fun_bc_t *self, size_t n_args, size_t n_kw, mp_obj_t *args) {
  MP_DYNRUNTIME_INIT_ENTRY

  vector_methods[0] = method(MP_QSTR_dot, &vector_dot_obj);
  vector_methods[1] = method(MP_QSTR_length, &vector_length_obj);
  vector_methods[2] = method(MP_QSTR_clamp, &vector_clamp_obj);

  vector_type.base.type = &mp_type_type;
  vector_type.flags = MP_TYPE_FLAG_NONE;
  vector_type.name = MP_QSTR_Vector;
  MP_OBJ_TYPE_SET_SLOT(&vector_type, make_new, vector_make_new, 0);
  MP_OBJ_TYPE_SET_SLOT(&vector_type, print, vector_print, 1);
  MP_OBJ_TYPE_SET_SLOT(&vector_type, unary_op, vector_unary_op, 2);
  MP_OBJ_TYPE_SET_SLOT(&vector_type, binary_op, vector_binary_op, 3);
  MP_OBJ_TYPE_SET_SLOT(&vector_type, attr, vector_attr, 4);
  MP_OBJ_TYPE_SET_SLOT(&vector_type, subscr, vector_subscr, 5);
  MP_OBJ_TYPE_SET_SLOT(&vector_type, locals_dict, &vector_dict, 6);

  mp_store_global(MP_QSTR_Vector, MP_OBJ_FROM_PTR(&vector_type));
  mp_store_global(MP_QSTR_scale, MP_OBJ_FROM_PTR(&scale_obj));
  mp_store_global(MP_QSTR_attempt, MP_OBJ_FROM_PTR(&attempt_obj));

  MP_DYNRUNTIME_INIT_EXIT
}
