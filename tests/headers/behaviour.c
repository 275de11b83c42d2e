// SPDX-License-Identifier: MIT
// What the inline functions do with mp_fun_table: a table of mocks stands in for the firmware, and
// setjmp for nlr_push (the same promise: it returns again, with 1). Runs on the host or in qemu.
#include <setjmp.h>
#include <stdio.h>

struct _nlr_buf_t;
#ifdef __arm__
unsigned int nlr_push(struct _nlr_buf_t *) __asm__("setjmp");
#else
unsigned int nlr_push(struct _nlr_buf_t *) __asm__("_setjmp");
#endif
#include "py/dynruntime.h"

static int failures;
#define CHECK(condition)                                                                           \
  ((condition) ? (void)0 : (void)(++failures, printf("line %d: %s\n", __LINE__, #condition)))

/*------------------------------------------------------------------------------------------------*/
// The firmware

static struct {
  mp_uint_t value, kind;
  qstr name;
  mp_obj_t fun, args[2];
  size_t n, size;
  uint32_t sig;
  const void *type, *block;
  const char *text;
  mp_raw_code_truncated_t code;
} seen;

// setjmp keeps registers where nlr_push has `ret_val`, so the exception goes elsewhere.
static union {
  nlr_buf_t buf;
  jmp_buf room;
} frame;
static mp_obj_t raised;
static bool no_memory;
static size_t arena[64];
static mp_obj_base_t type_object;
static mp_obj_full_type_t type_tuple, type_other, type_derived;
static mp_obj_dict_t module_globals, caller_globals, *globals = &caller_globals;
static mp_obj_base_t empty_tuple = {(const mp_obj_type_t *)(void *)&type_tuple};

MP_NORETURN static void jump(void *value) {
  raised = value;
  longjmp(frame.room, 1);
}
static mp_uint_t from_obj(mp_obj_t o, mp_uint_t type) {
  seen.kind = type;
  return (mp_uint_t)MP_OBJ_SMALL_INT_VALUE(o);
}
static mp_obj_t to_obj(mp_uint_t value, mp_uint_t type) {
  seen.value = value;
  seen.kind = type;
  return MP_OBJ_NEW_SMALL_INT(value);
}
static mp_obj_dict_t *swap(mp_obj_dict_t *dict) {
  mp_obj_dict_t *old = globals;
  globals = dict;
  return old;
}
static mp_obj_t load(qstr name) {
  seen.name = name;
  return &type_other;
}
static mp_obj_t call(mp_obj_t fun, size_t n_args_kw, const mp_obj_t *args) {
  seen.fun = fun;
  seen.n = n_args_kw;
  seen.args[0] = args[0];
  return &type_object;
}
static void check_num(size_t n_args, size_t n_kw, uint32_t sig) {
  seen.n = n_args * 10 + n_kw;
  seen.sig = sig;
}
static mp_obj_t make_function(mp_proto_fun_t code, const mp_module_context_t *context,
                              const mp_obj_t *defaults) {
  memcpy(&seen.code, code, sizeof(seen.code));
  CHECK(context != NULL && defaults == NULL && globals == &module_globals);
  return &type_object;
}
static void *reallocate(void *block, size_t size, bool may_move) {
  seen.block = block;
  seen.size = size;
  seen.kind = may_move;
  return no_memory || size == 0 ? NULL : arena;
}
static void raise_object(mp_obj_t o) { jump(o); }
MP_NORETURN static void raise_text(const mp_obj_type_t *type, mp_rom_error_text_t text) {
  seen.type = type;
  seen.text = text;
  jump(NULL);
}
static const mp_obj_type_t *type_of(mp_const_obj_t o) { return ((const mp_obj_base_t *)o)->type; }
static bool buffer_of(mp_obj_t o, mp_buffer_info_t *info, mp_uint_t flags) {
  seen.kind = flags;
  info->buf = o;
  info->len = 5;
  return true;
}
static mp_obj_t tuple(size_t n, const mp_obj_t *items) {
  CHECK(n == 0 && items == NULL);
  return &empty_tuple;
}
static void store(qstr name, mp_obj_t value) {
  seen.name = name;
  seen.args[1] = value;
}
static void pop(void) { ++seen.n; }

const mp_fun_table_t mp_fun_table = {
    .native_from_obj = from_obj,
    .native_to_obj = to_obj,
    .swap_globals = swap,
    .load_name = load,
    .load_global = load,
    .store_global = store,
    .new_tuple = tuple,
    .make_function_from_proto_fun = make_function,
    .call_function_n_kw = call,
    .nlr_pop = pop,
    .raise = raise_object,
    .arg_check_num_sig = check_num,
    .memset_ = memset,
    .realloc_ = reallocate,
    .raise_msg = raise_text,
    .obj_get_type = type_of,
    .get_buffer = buffer_of,
    .type_type = (const mp_obj_type_t *)(void *)&type_object,
    .type_list = (const mp_obj_type_t *)(void *)&type_other,
};

/*------------------------------------------------------------------------------------------------*/

#define CATCH(statement)                                                                           \
  do {                                                                                             \
    if (nlr_push(&frame.buf) == 0) {                                                               \
      statement;                                                                                   \
      CHECK(!"nothing was raised");                                                                \
    }                                                                                              \
  } while (0)

static void test_numbers(void) {
  CHECK(mp_obj_get_int(MP_OBJ_NEW_SMALL_INT(-3)) == -3 && seen.kind == MP_NATIVE_TYPE_INT);
  CHECK(mp_obj_get_int(MP_OBJ_NEW_SMALL_INT(-3)) < 0);
  CHECK(mp_obj_get_int_truncated(MP_OBJ_NEW_SMALL_INT(-3)) < 0);
  CHECK(seen.kind == MP_NATIVE_TYPE_UINT);
  mp_obj_new_int(-2);
  CHECK(seen.value == (mp_uint_t)-2 && seen.kind == MP_NATIVE_TYPE_INT);
  mp_obj_new_int_from_uint(MP_UINT_MAX);
  CHECK(seen.value == MP_UINT_MAX && seen.kind == MP_NATIVE_TYPE_UINT);
  MP_OBJ_NEW_QSTR(MP_QSTR_len);
  CHECK(seen.value == MP_QSTR_len && seen.kind == MP_NATIVE_TYPE_QSTR);
  CHECK(mp_obj_is_small_int(MP_OBJ_NEW_SMALL_INT(0)) && !mp_obj_is_obj(MP_OBJ_NEW_SMALL_INT(7)));
  CHECK(MP_SMALL_INT_FITS(MP_SMALL_INT_MIN) && !MP_SMALL_INT_FITS(MP_SMALL_INT_MIN - 1));
  CHECK(MP_SMALL_INT_FITS(MP_SMALL_INT_MAX) && !MP_SMALL_INT_FITS(MP_SMALL_INT_MAX + 1));
  CHECK(MP_OBJ_SMALL_INT_VALUE(MP_OBJ_NEW_SMALL_INT(MP_SMALL_INT_MIN)) == MP_SMALL_INT_MIN);
}

static void test_memory(void) {
  arena[0] = 1;
  size_t *zeros = m_new0(size_t, 2);
  CHECK(zeros == arena && arena[0] == 0 && seen.block == NULL && seen.size == 2 * sizeof(size_t));
  CHECK(m_renew(size_t, zeros, 2, 4) == arena && seen.block == arena && seen.kind);
  CHECK(seen.size == 4 * sizeof(size_t));
  m_del(size_t, zeros, 4);
  CHECK(seen.block == arena && seen.size == 0);
  mp_obj_tuple_t *t =
      mp_obj_malloc_var(mp_obj_tuple_t, items, mp_obj_t, 3, (mp_obj_type_t *)(void *)&type_tuple);
  CHECK(seen.size == sizeof(mp_obj_tuple_t) + 3 * sizeof(mp_obj_t));
  CHECK(t->base.type == (mp_obj_type_t *)(void *)&type_tuple);
  no_memory = true;
  CHECK(m_new_maybe(char, 10) == NULL);
  CATCH(m_malloc(10));
  CHECK(seen.name == MP_QSTR_MemoryError && strstr(seen.text, "memory") != NULL);
  CHECK(m_malloc(0) == NULL);
  no_memory = false;
}

static void test_objects(void) {
  struct {
    mp_obj_base_t base;
    size_t len;
    mp_obj_t items[2];
  } t = {empty_tuple, 2, {&t, NULL}};
  mp_obj_t items[1];
  mp_obj_list_t list = {{mp_fun_table.type_list}, 1, 1, items};
  size_t len;
  mp_obj_t *found;
  mp_obj_get_array(&t, &len, &found);
  CHECK(len == 2 && found == t.items);
  mp_obj_get_array(&list, &len, &found);
  CHECK(len == 1 && found == items);
  CATCH(mp_obj_get_array(&type_derived, &len, &found));
  CHECK(seen.name == MP_QSTR_TypeError && seen.type == &type_other);

  char text[] = "text";
  CHECK(mp_obj_str_get_data(text, &len) == text && len == 5);
  CHECK(seen.kind == (MP_BUFFER_READ | MP_BUFFER_RAISE_IF_UNSUPPORTED));
  CHECK(mp_obj_len(text) == &type_object && seen.name == MP_QSTR_len);
  CHECK(seen.n == 1 && seen.args[0] == text);

  // An instance of a class that derives from type_other, and one that does not.
  mp_obj_t part = &list;
  struct {
    mp_obj_base_t base;
    mp_map_t members;
    mp_obj_t subobj[1];
  } instance = {{(const mp_obj_type_t *)(void *)&type_derived}, {0, 0, 0, 0, 0, NULL}, {part}};
  MP_OBJ_TYPE_SET_SLOT(&type_derived, parent, &type_other, 0);
  CHECK(mp_obj_cast_to_native_base(&instance, &type_other) == part);
  CHECK(mp_obj_cast_to_native_base(&instance, &type_tuple) == MP_OBJ_NULL);
  CHECK(mp_obj_cast_to_native_base(&list, &type_other) == &list);
  CHECK(mp_obj_is_type(&list, &type_other) && !mp_obj_is_type(&t, &type_other));
  CHECK(MP_OBJ_TYPE_GET_SLOT_OR_NULL(&type_other, attr) == NULL);
}

static void test_calls(void) {
  mp_obj_t args[] = {&seen};
  mp_call_function_n_kw(&type_tuple, 3, 2, args);
  CHECK(seen.fun == &type_tuple && seen.n == (3 | 2 << 8) && seen.args[0] == &seen);
  mp_arg_check_num(2, 1, 1, MP_OBJ_FUN_ARGS_MAX, true);
  CHECK(seen.n == 21 && seen.sig == (1u << 17 | 0xffffu << 1 | 1));
  CATCH(mp_raise_OSError(MP_EIO));
  CHECK(seen.name == MP_QSTR_OSError && seen.args[0] == MP_OBJ_NEW_SMALL_INT(5));
  CHECK(raised == &type_object);
  CATCH(mp_raise_type_arg(&mp_type_KeyError, args[0]));
  CHECK(seen.fun == &type_other && seen.name == MP_QSTR_KeyError && seen.n == 1);
  CATCH(mp_raise_ValueError(MP_ERROR_TEXT("why")));
  CHECK(seen.name == MP_QSTR_ValueError && strcmp(seen.text, "why") == 0);
  CATCH(nlr_raise(mp_obj_new_exception(&type_tuple)));
  CHECK(raised == &type_tuple);
}

static volatile int one = 1;
static MP_NOINLINE int opaque(int x) { return x * one; }

// Many values that live across nlr_push, and a branch that needs all registers and spills.
static MP_NOINLINE int caught_sum(int a, int b, int c, int d, int e, int f) {
  const int g = opaque(a + 1), h = opaque(b + 2), i = opaque(c + 3), j = opaque(d + 4);
  const double x = opaque(5), y = opaque(6);
  if (nlr_push(&frame.buf) == 0) {
    const int p = opaque(11), q = opaque(12), r = opaque(13), s = opaque(14), t = opaque(15);
    const int u = opaque(16), v = opaque(17), w = opaque(18);
    const double m = opaque(19), n = opaque(20);
    if (p + q + r + s + t + u + v + w == 116 && m + n == 39) {
      mp_raise_dyn(&type_tuple);
    }
    return -(p * q * r * s + t * u * v * w + opaque(p + w));
  }
  return a + b + c + d + e + f + g + h + i + j + (int)(x + y);
}

static void test_catching(void) {
  CHECK(caught_sum(1, 2, 3, 4, 5, 6) == 21 + 20 + 11);
  seen.n = 0;
  nlr_pop();
  CHECK(seen.n == 1);
}

static mp_obj_t general(mp_obj_fun_bc_t *self, size_t n_args, size_t n_kw, mp_obj_t *args) {
  (void)self, (void)n_args, (void)n_kw;
  return args;
}

mp_obj_t mpy_init(mp_obj_fun_bc_t *self, size_t n_args, size_t n_kw, mp_obj_t *args) {
  (void)n_args, (void)n_kw, (void)args;
  MP_DYNRUNTIME_INIT_ENTRY
  mp_store_global(MP_QSTR_abs, MP_DYNRUNTIME_MAKE_FUNCTION(general));
  MP_DYNRUNTIME_INIT_EXIT
}

static void test_init(void) {
  const mp_module_context_t context = {{{NULL}, &module_globals}, {0, NULL}};
  mp_obj_fun_bc_t self = {.context = &context};
  CHECK(mpy_init(&self, 0, 0, NULL) == mp_const_none && globals == &caller_globals);
  CHECK(seen.code.kind == MP_CODE_NATIVE_VIPER && !seen.code.is_generator);
  CHECK(seen.code.fun_data == (const void *)general);
  CHECK(seen.name == MP_QSTR_abs && seen.args[1] == &type_object);
}

int main(void) {
  test_numbers();
  test_memory();
  test_objects();
  test_calls();
  test_catching();
  test_init();
  printf("%d failed\n", failures);
  return failures != 0;
}
