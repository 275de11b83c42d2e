// SPDX-License-Identifier: MIT
// Every kind of static storage, in two objects with the same local names, by every code model,
// optimisation and section layout. bump() changes all of it, sum() sees all of it.
//# MATRIX: full
//# LIBRARIES
//# OBJECT: -DOTHER
//# RUN: [m.sum(i) for i in range(24)] => [1, 0, -2, 0, 300, 0, 5, 0, 7, 8, 2, 4, 104, 98, 3, 99, 1, 1, 1, 40, 0, 111, 222, 16]
//# RUN: m.bump(10) => 102
//# RUN: [m.sum(i) for i in range(24)] => [11, 10, 8, 10, 310, 10, 15, 10, 7, 8, 4, 2, 101, 98, 13, 100, 1, 1, 1, 50, 20, 121, 242, 16]
//# DO: gc.collect()
//# DO: pressure()
//# DO: gc.collect()
//# RUN: [m.sum(i) for i in range(24)] => [11, 10, 8, 10, 310, 10, 15, 10, 7, 8, 4, 2, 101, 98, 13, 100, 1, 1, 1, 50, 20, 121, 242, 16]
//# RUN: m.bump(-10) => 104
//# RUN: [m.sum(i) for i in range(12)] => [1, 0, -2, 0, 300, 0, 5, 0, 7, 8, 2, 4]
#include "case.h"

#ifndef OTHER

int global_init = 1, global_zero;
static int static_init = -2, static_zero;
short short_init = 300, short_zero;
signed char byte_init = 5, byte_zero;
const int constants[] = {7, 8, 9};
static const int *const into_constants[] = {&constants[0], &constants[1], &constants[3] - 1};
static int one = 2, two = 4;
static int *swapped[] = {&one, &two};
static const char *text = "hello" + 0;
const char *const texts[] = {"abc", "def" + 1};
struct ring {
  int value;
  struct ring *next;
};
static struct ring ring_b;
static struct ring ring_a = {3, &ring_b};
static struct ring ring_b = {99, &ring_a};
static int namesake = 111;
extern int other_init, other_zero, *other_pointer;
int other_namesake(int add);
int (*pointer_to_function)(int) = other_namesake;
static int (*const constant_pointer)(int) = other_namesake;
int aligned_zero __attribute__((aligned(16)));
static int aligned_init __attribute__((aligned(16))) = 16;

static int counter(int add) {
  static int zero, init = 100;
  zero += add != 0;
  init += 1;
  return zero + init;
}

FUN(bump, by) {
  global_init += by, global_zero += by, static_init += by, static_zero += by;
  short_init += by, short_zero += by, byte_init += by, byte_zero += by;
  int *swap = swapped[0];
  swapped[0] = swapped[1], swapped[1] = swap;
  text = text[0] == 'h' ? text + 1 : text - 1;
  ring_a.value += by, ring_a.next->value += by > 0 ? 1 : -1;
  *other_pointer += by, other_zero += 2 * by;
  namesake += by, pointer_to_function(2 * by);
  return counter(by);
}

FUN(sum, which) {
  switch (which) {
  case 0: return global_init;
  case 1: return global_zero;
  case 2: return static_init;
  case 3: return static_zero;
  case 4: return short_init;
  case 5: return short_zero;
  case 6: return byte_init;
  case 7: return byte_zero;
  case 8: return *into_constants[0];
  case 9: return into_constants[2][-1];
  case 10: return *swapped[0];
  case 11: return *swapped[1];
  case 12: return text[0];
  case 13: return texts[0][1];
  case 14: return ring_a.value;
  case 15: return ring_b.next->next->value;
  case 16: return ring_a.next->next == &ring_a && ring_b.next->next == &ring_b;
  case 17: return texts[1][0] == 'e' && texts[1][2] == 0;
  case 18: return constant_pointer == OPAQUE(pointer_to_function);
  case 19: return other_init;
  case 20: return other_zero;
  case 21: return namesake;
  case 22: return constant_pointer(0);
  default:
    return (uintptr_t)OPAQUE(&aligned_zero) % 16 + (uintptr_t)OPAQUE(&aligned_init) % 16 +
           aligned_init + aligned_zero;
  }
}

MODULE(EXPORT(MP_QSTR_bump, bump) EXPORT(MP_QSTR_sum, sum))

#else

int other_init = 40, other_zero;
int *other_pointer = &other_init;
static int namesake = 222;
int other_namesake(int add);
int other_namesake(int add) { return namesake += add; }

#endif
