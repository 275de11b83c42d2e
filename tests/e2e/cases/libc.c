// SPDX-License-Identifier: MIT
// A C library's functions, as Debian has them: found in its archive, with all that they need in
// turn.
//# ARCH: riscv xtensa
//# LIBRARIES
//# RUN: m.sort(0) => [1, 2, 3, 5, 8, 9]
//# RUN: [m.find(i) for i in (1, 4, 8)] => [0, -1, 4]
//# RUN: m.strings(0) => 15
//# RUN: m.divide(1000) => 1006
//# RUN: m.round(9) => 16
#include "case.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

static int compare(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }
static int numbers[] = {5, 3, 9, 1, 8, 2};

OBJ_FUN(sort, list) {
  qsort(numbers, 6, sizeof(int), compare);
  list = mp_obj_new_list(0, NULL);
  for (int i = 0; i < 6; i++)
    mp_obj_list_append(list, mp_obj_new_int(numbers[i]));
  return list;
}
FUN(find, x) {
  const int key = (int)x;
  const int *found = bsearch(&key, numbers, 6, sizeof(int), compare);
  return found ? found - numbers : -1;
}
FUN(strings, x) {
  char text[32];
  strcpy(text, OPAQUE("some "));
  strcat(text, OPAQUE("text"));
  return x + (strcmp(text, OPAQUE("some text")) == 0) + 2 * (strlen(text) == 9) +
         4 * (strchr(text, 't') == text + 5) + 8 * (strstr(text, OPAQUE("ext")) == text + 6);
}
FUN(divide, x) {
  const div_t parts = div(OPAQUE((int)x), 7);
  return parts.quot * 7 + parts.rem + abs(OPAQUE(-6));
}
FUN(rounded, x) { return (mp_int_t)roundf(OPAQUE((float)x) * 1.75f); }
MODULE(EXPORT(MP_QSTR_sort, sort) EXPORT(MP_QSTR_find, find) EXPORT(MP_QSTR_strings, strings)
           EXPORT(MP_QSTR_divide, divide) EXPORT(MP_QSTR_round, rounded))
