// SPDX-License-Identifier: MIT
// Every kind of static storage C has, in one native module. README.md says where each kind ends up.

#include "py/dynruntime.h"

#include "shared.h"

// Plain variables: global and file scope, with and without a value.
int32_t global_init = 42;
int32_t global_zero;
static int32_t static_init = -7;
static int32_t static_zero;
static int32_t namesake = 111; // other.c has one as well

// Small types, so that what follows them needs padding.
static uint8_t byte_init = 200;
uint8_t byte_zero;
static int64_t wide_init = 0x123456789LL;

// Alignment above that of a word, in each kind of memory.
#define ALIGNED __attribute__((aligned(16)))
static ALIGNED uint8_t aligned_static_zero[5];
static ALIGNED uint8_t aligned_static_init[5] = {1, 2, 3, 4, 5};
static const ALIGNED uint8_t aligned_static_const[5] = {6, 7, 8, 9, 10};
ALIGNED uint8_t aligned_global_zero[5];
ALIGNED uint8_t aligned_global_init[5] = {11, 12, 13, 14, 15};

// Weak definitions: other.c replaces the first two, nothing replaces the third.
__attribute__((weak)) int32_t weak_level = 1;
__attribute__((weak)) int32_t weak_function(void) { return 1; }
__attribute__((weak)) int32_t weak_alone(void) { return 10; }
// Nobody defines this one, so its address is null.
__attribute__((weak)) extern int32_t weak_missing(void);

// Constant tables: numbers, strings, functions, and the addresses of variables.
static const uint16_t primes[] = {2, 3, 5, 7, 11, 13};
static const char *const words[] = {"zero", "four", "five", "nine"};
#define WORD_LENGTH 4

static int32_t twice(int32_t x) { return 2 * x; }
static int32_t negate(int32_t x) { return -x; }
static int32_t step(void) { return 1; } // other.c has one as well
typedef int32_t (*function_t)(int32_t);
static const function_t functions[] = {twice, negate};

#define ENTRY(variable) {#variable, sizeof(#variable) - 1, &variable}
static const struct {
  const char *name;
  size_t length;
  const int32_t *where;
} variables[] = {
    ENTRY(global_init), ENTRY(global_zero),   ENTRY(static_init),      ENTRY(static_zero),
    ENTRY(other_init),  ENTRY(other_zero[2]), ENTRY(other_squares[3]), ENTRY(tentative),
    ENTRY(weak_level),  ENTRY(namesake),
};

// The same that can be changed: pointers with initial values.
static const char *names[] = {"first", "third"};
const char *global_names[] = {"sixth", "ninth"};
#define NAME_LENGTH 5
static function_t current = twice;
static int32_t *cursor = &other_zero[1];

// Structures that point at each other, and into the middle of something.
struct node {
  int32_t value;
  struct node *next;
  const uint16_t *middle;
};
static struct node node_b;
static struct node node_a = {1, &node_b, &primes[2]};
static struct node node_b = {2, &node_a, &primes[4]};

// Python objects. The garbage collector looks for objects in memory that global variables live in,
// on every port; where a static one lives, it may not. README.md has the whole story.
mp_obj_t kept;
struct {
  int32_t tag;
  mp_obj_t object;
} holder = {7, MP_OBJ_NULL};

// Function scope: variables that only their function can name.
static int32_t calls(void) {
  static int32_t counter_zero;
  static int32_t counter_init = 100;
  counter_zero += 1;
  counter_init += 10;
  return counter_init + counter_zero;
}

// Reads an address in a way that the compiler cannot decide beforehand.
static bool is_aligned(const void *address) {
  const void *volatile opaque = address;
  return (uintptr_t)opaque % 16 == 0;
}

static mp_obj_t small(mp_int_t value) { return MP_OBJ_NEW_SMALL_INT(value); }

static void put(mp_obj_t dict, const char *name, size_t length, mp_obj_t value) {
  mp_obj_dict_store(dict, mp_obj_new_str(name, length), value);
}
#define PUT(dict, name, value) put(dict, name, sizeof(name) - 1, value)

// bump(): changes every variable and returns how often it was called, in its own way.
static mp_obj_t bump(void) {
  global_init += 1;
  global_zero += 2;
  static_init -= 1;
  static_zero += 3;
  namesake += step();
  byte_init += 1;
  byte_zero += 1;
  wide_init += 0x100;
  tentative += 7;
  weak_level += 1;
  aligned_static_zero[4] += 1;
  aligned_static_init[4] += 1;
  aligned_global_zero[4] += 1;
  aligned_global_init[4] += 1;

  const char *name = names[0];
  names[0] = names[1];
  names[1] = name;
  name = global_names[0];
  global_names[0] = global_names[1];
  global_names[1] = name;

  current = current == functions[0] ? functions[1] : functions[0];
  *cursor += 5;
  node_a.value += node_a.next->value;
  other_bump();
  return small(calls());
}
static MP_DEFINE_CONST_FUN_OBJ_0(bump_obj, bump);

// report(): a dict of everything there is.
static mp_obj_t report(void) {
  mp_obj_t dict = mp_obj_new_dict(0);
  for (size_t i = 0; i < MP_ARRAY_SIZE(variables); i++) {
    put(dict, variables[i].name, variables[i].length, small(*variables[i].where));
  }
  PUT(dict, "other namesake", small(*other_namesake()));
  PUT(dict, "same tentative", mp_obj_new_bool(other_view_of_tentative() == &tentative));
  PUT(dict, "bytes", small(byte_init * 1000 + byte_zero));
  PUT(dict, "wide", small((mp_int_t)(wide_init >> 8)));
  PUT(dict, "cursor", small(*cursor));
  PUT(dict, "current", small(current(21)));
  PUT(dict, "weak_function", small(weak_function()));
  PUT(dict, "weak_alone", small(weak_alone()));
  PUT(dict, "weak_missing", small(weak_missing ? weak_missing() : -1));
  PUT(dict, "aligned",
      small(aligned_static_zero[4] + aligned_static_init[4] + aligned_static_const[4] +
            aligned_global_zero[4] + aligned_global_init[4]));
  PUT(dict, "nodes", small(node_a.value * 100 + *node_a.middle * 10 + *node_a.next->middle));
  PUT(dict, "ring", mp_obj_new_bool(node_a.next->next == &node_a));
  PUT(dict, "names[0]", mp_obj_new_str(names[0], NAME_LENGTH));
  PUT(dict, "global_names[1]", mp_obj_new_str(global_names[1], NAME_LENGTH));
  return dict;
}
static MP_DEFINE_CONST_FUN_OBJ_0(report_obj, report);

// misaligned(): how many of the aligned variables are not.
static mp_obj_t misaligned(void) {
  return small(!is_aligned(aligned_static_zero) + !is_aligned(aligned_static_init) +
               !is_aligned(aligned_static_const) + !is_aligned(aligned_global_zero) +
               !is_aligned(aligned_global_init));
}
static MP_DEFINE_CONST_FUN_OBJ_0(misaligned_obj, misaligned);

// word(i), prime(i), apply(i, x): the constant tables.
static mp_obj_t word(mp_obj_t index) {
  return mp_obj_new_str(words[mp_obj_get_int(index)], WORD_LENGTH);
}
static MP_DEFINE_CONST_FUN_OBJ_1(word_obj, word);

static mp_obj_t prime(mp_obj_t index) { return small(primes[mp_obj_get_int(index)]); }
static MP_DEFINE_CONST_FUN_OBJ_1(prime_obj, prime);

static mp_obj_t apply(mp_obj_t index, mp_obj_t x) {
  return small(functions[mp_obj_get_int(index)](mp_obj_get_int(x)));
}
static MP_DEFINE_CONST_FUN_OBJ_2(apply_obj, apply);

// keep(a, b) stores two objects in global variables only, kept() gives them back.
static mp_obj_t keep(mp_obj_t a, mp_obj_t b) {
  kept = a;
  holder.object = b;
  holder.tag += 1;
  return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_2(keep_obj, keep);

static mp_obj_t get_kept(void) {
  mp_obj_t items[] = {kept, holder.object, small(holder.tag)};
  return mp_obj_new_tuple(MP_ARRAY_SIZE(items), items);
}
static MP_DEFINE_CONST_FUN_OBJ_0(get_kept_obj, get_kept);

mp_obj_t mpy_init(mp_obj_fun_bc_t *self, size_t n_args, size_t n_kw, mp_obj_t *args) {
  MP_DYNRUNTIME_INIT_ENTRY

  mp_store_global(MP_QSTR_bump, MP_OBJ_FROM_PTR(&bump_obj));
  mp_store_global(MP_QSTR_report, MP_OBJ_FROM_PTR(&report_obj));
  mp_store_global(MP_QSTR_misaligned, MP_OBJ_FROM_PTR(&misaligned_obj));
  mp_store_global(MP_QSTR_word, MP_OBJ_FROM_PTR(&word_obj));
  mp_store_global(MP_QSTR_prime, MP_OBJ_FROM_PTR(&prime_obj));
  mp_store_global(MP_QSTR_apply, MP_OBJ_FROM_PTR(&apply_obj));
  mp_store_global(MP_QSTR_keep, MP_OBJ_FROM_PTR(&keep_obj));
  mp_store_global(MP_QSTR_kept, MP_OBJ_FROM_PTR(&get_kept_obj));

  MP_DYNRUNTIME_INIT_EXIT
}
