// SPDX-License-Identifier: MIT
// Addresses with offsets: into the middle, one behind the end, in front of the start, far away; in
// words and in code.
//# OBJECT: -DOTHER
//# LIBRARIES
//# RUN: [m.word(i) for i in range(6)] => [0, 0, 0, 0, 0, 0]
//# RUN: [m.code(i) for i in range(4)] => [0, 0, 0, 0]
//# RUN: m.function_offset(0) => 0
#include "case.h"

struct item {
  char name[12];
  int values[50];
};
extern struct item items[10];
extern const int constants[100];
extern int zeros[200];
int function(int x);
int *get(int which);

#ifdef OTHER
struct item items[10] = {{"first", {1, 2}}};
const int constants[100] = {5, 6, 7};
int zeros[200];
int function(int x) { return x + 1; }
static int local[30] = {3};
static int *const local_pointers[] = {local + 30, &local[-10], local + 7};
int *get(int which) { return which ? local_pointers[which] : local; }
#else
static int *const pointers[] = {&items[9].values[49], &items[0].values[-3], &zeros[200],
                                &zeros[-1000]};
static const int *const constant_pointers[] = {&constants[100], &constants[-7]};
static char *const function_plus = (char *)function + 4;

static mp_int_t differs(const void *actual, const void *base, mp_int_t distance) {
  return (mp_int_t)((uintptr_t)actual - (uintptr_t)OPAQUE(base)) - distance;
}

FUN(word, which) {
  switch (which) {
  case 0: return differs(pointers[0], items, sizeof(items) - sizeof(int));
  case 1: return differs(pointers[1], items, 0);
  case 2: return differs(pointers[2], zeros, sizeof(zeros));
  case 3: return differs(pointers[3], zeros, -1000 * (mp_int_t)sizeof(int));
  case 4: return differs(constant_pointers[0], constants, sizeof(constants));
  default: return differs(constant_pointers[1], constants, -7 * (mp_int_t)sizeof(int));
  }
}

FUN(code, which) {
  switch (which) {
  case 0:
    return differs(&items[3].values[4], items,
                   3 * (mp_int_t)sizeof(struct item) + 12 + 4 * sizeof(int));
  case 1: return differs(&zeros[150], zeros, 150 * sizeof(int));
  case 2:
    return differs(get(1), get(0), -10 * (mp_int_t)sizeof(int)) +
           differs(get(2), get(0), 7 * sizeof(int));
  default: return differs(&constants[77], constants, 77 * sizeof(int)) + constants[2] - 7;
  }
}

FUN(function_offset, x) {
  return differs(function_plus, (char *)function, 4) + function((int)x) - 1;
}

MODULE(EXPORT(MP_QSTR_word, word) EXPORT(MP_QSTR_code, code)
           EXPORT(MP_QSTR_function_offset, function_offset))
#endif
