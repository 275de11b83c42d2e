// SPDX-License-Identifier: MIT
// Thread-local variables of all kinds: with contents and without, static and shared between objects,
// aligned, in arrays, with addresses in them, in functions.
#include "case.h"

#ifdef OTHER

extern __thread int shared;
__thread int other_zero;
static __thread int mine = 7;
int other(int add) {
  mine += add;
  other_zero += 2 * add;
  shared += add;
  return mine;
}
int *other_address(void) { return &mine; }

// What gcc calls where a processor has no thread-local storage: for one thread.
typedef struct {
  size_t size, align;
  char *place;
  const char *start;
} emulated_t;
extern void *__emutls_get_address(emulated_t *variable) __attribute__((weak));
void *__emutls_get_address(emulated_t *variable) {
  static char room[512] __attribute__((aligned(16)));
  static size_t used;
  if (!variable->place) {
    used = (used + variable->align - 1) & ~(variable->align - 1);
    variable->place = room + used;
    used += variable->size;
    for (size_t i = 0; variable->start && i < variable->size; ++i)
      variable->place[i] = variable->start[i];
  }
  return variable->place;
}

#else

__thread int shared = 5;
extern __thread int other_zero;
static __thread int zero, one = 1;
static __thread short table[20] = {10, 11, 12, 13};
static __thread char zeros[50];
static int ordinary = 33;
static __thread int *pointer = &ordinary;
static __thread long long wide __attribute__((aligned(8))) = 0x100000002;
struct pair {
  int first, second;
};
static __thread struct pair pair = {3, 4};
int other(int add), *other_address(void);

static int counter(int add) {
  static __thread int count = 100;
  return count += add;
}

FUN(bump, by) {
  zero += by, one += by, table[by] += by, zeros[by] += 1, pair.second += by, wide += by;
  *pointer += by;
  return other(by) + counter(by);
}
FUN(get, which) {
  switch (which) {
  case 0:
    return shared;
  case 1:
    return other_zero;
  case 2:
    return zero;
  case 3:
    return one;
  case 4:
    return *pointer;
  case 5:
    return wide == 0x100000002 ? 1 : (int)wide;
  case 6:
    return pair.first * 100 + pair.second;
  case 7:
    return *other_address();
  case 8:
    return (size_t)OPAQUE(&wide) % 8;
  default:
    return table[which - 9] + zeros[which - 9];
  }
}
static int sum(const short *numbers, int count) {
  return count == 0 ? 0 : OPAQUE(numbers)[0] + sum(numbers + 1, count - 1);
}
FUN(total, count) { return sum(table, (int)count); }
MODULE(EXPORT(MP_QSTR_bump, bump) EXPORT(MP_QSTR_get, get) EXPORT(MP_QSTR_total, total))

#endif
