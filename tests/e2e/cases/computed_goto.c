// SPDX-License-Identifier: MIT
// Addresses of labels: words that point into the middle of a function, and differences of such.
//# MATRIX: full
//# LIBRARIES
//# RUN: m.words(1234) => 4321
//# RUN: m.differences(1234) => 4321
#include "case.h"

// Writes the digits of x backwards, as the interpreter of a byte code would.
FUN(words, x) {
  static const unsigned char program[] = {0, 1, 0, 1, 0, 1, 0, 2};
  static const void *const targets[] = {&&take, &&shift, &&stop};
  const unsigned char *at = program;
  mp_int_t result = 0;
  goto *targets[*at++];
take:
  result += x % 10u;
  x = (mp_int_t)((unsigned)x / 10u);
  goto *targets[*at++];
shift:
  result *= 10;
  goto *targets[*at++];
stop:
  return result;
}

FUN(differences, x) {
  static const unsigned char program[] = {0, 1, 0, 1, 0, 1, 0, 2};
  static const int targets[] = {&&take - &&take, &&shift - &&take, &&stop - &&take};
  const unsigned char *at = program;
  mp_int_t result = 0;
  goto *(&&take + targets[*at++]);
take:
  result += x % 10u;
  x = (mp_int_t)((unsigned)x / 10u);
  goto *(&&take + targets[*at++]);
shift:
  result *= 10;
  goto *(&&take + targets[*at++]);
stop:
  return result;
}

MODULE(EXPORT(MP_QSTR_words, words) EXPORT(MP_QSTR_differences, differences))
