// SPDX-License-Identifier: MIT
// <stdlib.h>: sorting and searching, random numbers, quotients.
#include "runtime.h"

typedef int (*compare_t)(const void *, const void *);
typedef struct {
  int quot, rem;
} div_result_t;
typedef struct {
  long quot, rem;
} ldiv_result_t;
typedef struct {
  long long quot, rem;
} lldiv_result_t;

void qsort(void *base, size_t count, size_t size, compare_t compare);
void *bsearch(const void *key, const void *base, size_t count, size_t size, compare_t compare);
int rand(void);
void srand(unsigned seed);
int rand_r(unsigned *state);
int abs(int x);
long labs(long x);
long long llabs(long long x);
div_result_t div(int x, int y);
ldiv_result_t ldiv(long x, long y);
lldiv_result_t lldiv(long long x, long long y);

static void swap(char *a, char *b, size_t size) {
  for (; size != 0; --size, ++a, ++b) {
    const char c = *a;
    *a = *b;
    *b = c;
  }
}

// Lets the item at `root` sink to its place in a heap, which has the greatest in front.
static void sink(char *base, size_t root, size_t count, size_t size, compare_t compare) {
  for (size_t child; (child = 2 * root + 1) < count; root = child) {
    if (child + 1 < count && compare(base + child * size, base + (child + 1) * size) < 0) {
      ++child;
    }
    if (compare(base + root * size, base + child * size) >= 0) {
      return;
    }
    swap(base + root * size, base + child * size, size);
  }
}

// By heap: small, without recursion or memory, and never slow.
RUNTIME void qsort(void *base, size_t count, size_t size, compare_t compare) {
  char *const items = (char *)base;
  for (size_t root = count / 2; root != 0; --root) {
    sink(items, root - 1, count, size, compare);
  }
  for (; count > 1; --count) {
    swap(items, items + (count - 1) * size, size);
    sink(items, 0, count - 1, size, compare);
  }
}

RUNTIME void *bsearch(const void *key, const void *base, size_t count, size_t size,
                      compare_t compare) {
  const char *items = (const char *)base;
  while (count != 0) {
    const char *middle = items + count / 2 * size;
    const int order = compare(key, middle);
    if (order == 0) {
      return (void *)(uintptr_t)middle;
    }
    if (order > 0) {
      items = middle + size;
      --count;
    }
    count /= 2;
  }
  return NULL;
}

// Marsaglia's xorshift, 31 bits of it: every C library's RAND_MAX for 32-bit processors.
RUNTIME int rand_r(unsigned *state) {
  uint32_t x = *state == 0 ? 1 : (uint32_t)*state;
  x ^= x << 13;
  x ^= x >> 17;
  x ^= x << 5;
  *state = x;
  return (int)(x >> 1);
}
static unsigned random_state = 1;
RUNTIME int rand(void) { return rand_r(&random_state); }
RUNTIME void srand(unsigned seed) { random_state = seed; }

RUNTIME int abs(int x) { return x < 0 ? -x : x; }
RUNTIME long labs(long x) { return x < 0 ? -x : x; }
RUNTIME long long llabs(long long x) { return x < 0 ? -x : x; }
RUNTIME div_result_t div(int x, int y) { return (div_result_t){x / y, x % y}; }
RUNTIME ldiv_result_t ldiv(long x, long y) { return (ldiv_result_t){x / y, x % y}; }
RUNTIME lldiv_result_t lldiv(long long x, long long y) { return (lldiv_result_t){x / y, x % y}; }
