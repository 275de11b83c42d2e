// SPDX-License-Identifier: MIT
// The Python side of calc.rs: Python objects are C's, everything else is Rust's.
#include "py/dynruntime.h"

// As in calc.rs.
typedef struct {
  int32_t value;
  size_t position;
  const char *problem;
  size_t problem_length;
  uint32_t evaluated;
} answer_t;
answer_t calc_evaluate(const char *text, size_t length);
uint8_t calc_digit(size_t index);
MP_NORETURN void calc_panic(uint32_t line);

// evaluate(text) -> number. Raises ValueError(text, position).
static mp_obj_t evaluate(mp_obj_t text) {
  size_t length;
  const char *bytes = mp_obj_str_get_data(text, &length);
  const answer_t answer = calc_evaluate(bytes, length);
  if (answer.problem != NULL) {
    mp_obj_t args[] = {mp_obj_new_str(answer.problem, answer.problem_length),
                       mp_obj_new_int_from_uint(answer.position)};
    nlr_raise(mp_call_function_n_kw(MP_OBJ_FROM_PTR(&mp_type_ValueError), 2, 0, args));
  }
  return mp_obj_new_int(answer.value);
}
static MP_DEFINE_CONST_FUN_OBJ_1(evaluate_obj, evaluate);

// How many texts evaluate() has seen with this one.
static mp_obj_t count(mp_obj_t text) {
  size_t length;
  const char *bytes = mp_obj_str_get_data(text, &length);
  return mp_obj_new_int_from_uint(calc_evaluate(bytes, length).evaluated);
}
static MP_DEFINE_CONST_FUN_OBJ_1(count_obj, count);

static mp_obj_t digit(mp_obj_t index) {
  return mp_obj_new_int(calc_digit((size_t)mp_obj_get_int(index)));
}
static MP_DEFINE_CONST_FUN_OBJ_1(digit_obj, digit);

// Called by Rust's panic handler. The exception leaves through Rust's functions without running destructors.
MP_NORETURN void calc_panic(uint32_t line) {
  mp_obj_t args[] = {mp_obj_new_str("panic in calc.rs", 16), mp_obj_new_int_from_uint(line)};
  nlr_raise(mp_call_function_n_kw(MP_OBJ_FROM_PTR(&mp_type_RuntimeError), 2, 0, args));
}

mp_obj_t mpy_init(mp_obj_fun_bc_t *self, size_t n_args, size_t n_kw, mp_obj_t *args) {
  MP_DYNRUNTIME_INIT_ENTRY
  mp_store_global(MP_QSTR_evaluate, MP_OBJ_FROM_PTR(&evaluate_obj));
  mp_store_global(MP_QSTR_count, MP_OBJ_FROM_PTR(&count_obj));
  mp_store_global(MP_QSTR_digit, MP_OBJ_FROM_PTR(&digit_obj));
  MP_DYNRUNTIME_INIT_EXIT
}
