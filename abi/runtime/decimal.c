// SPDX-License-Identifier: MIT
// Exact decimal numbers, large enough for every double: what printf rounds its digits from, and
// what strtod makes its bits of. Only shifts and divisions of 32 bits; no floating point.
#include "runtime.h"

enum {
  MOST = sizeof(((mpy_decimal_t *)0)->digits),
  SHIFT = 28 // the largest for which 10 << SHIFT fits in 32 bits
};

static void trim(mpy_decimal_t *number) {
  while (number->count > 0 && number->digits[number->count - 1] == 0) {
    --number->count;
  }
  if (number->count == 0) {
    number->point = 0;
  }
}

void mpy_decimal_append(mpy_decimal_t *number, unsigned digit) {
  if (number->count < MOST) {
    number->digits[number->count++] = (unsigned char)digit;
  } else {
    number->more = number->more || digit != 0;
  }
}

// *number * 2^bits + carry; the carry is added at the last digit.
static void shift_left(mpy_decimal_t *number, int bits, uint32_t carry) {
  for (int i = number->count - 1; i >= 0; --i) {
    carry += (uint32_t)number->digits[i] << bits;
    number->digits[i] = (unsigned char)(carry % 10);
    carry /= 10;
  }
  for (; carry != 0; carry /= 10) {
    if (number->count == MOST) {
      --number->count;
      number->more = number->more || number->digits[MOST - 1] != 0;
    }
    mp_fun_table.memmove_(number->digits + 1, number->digits, (size_t)number->count);
    number->digits[0] = (unsigned char)(carry % 10);
    ++number->count;
    ++number->point;
  }
}

static void shift_right(mpy_decimal_t *number, int bits) {
  const uint32_t mask = ((uint32_t)1 << bits) - 1;
  const int count = number->count;
  uint32_t rest = 0;
  number->count = 0;
  for (int read = 0; read < count || rest != 0; ++read) {
    rest = rest * 10 + (read < count ? number->digits[read] : 0);
    if (number->count == 0 && rest >> bits == 0) {
      --number->point;
    } else {
      mpy_decimal_append(number, rest >> bits);
    }
    rest &= mask;
  }
}

void mpy_decimal_scale(mpy_decimal_t *number, int power) {
  for (; power > SHIFT; power -= SHIFT) {
    shift_left(number, SHIFT, 0);
  }
  for (; power < -SHIFT; power += SHIFT) {
    shift_right(number, SHIFT);
  }
  if (power > 0) {
    shift_left(number, power, 0);
  } else {
    shift_right(number, -power);
  }
  trim(number);
}

void mpy_decimal_set(mpy_decimal_t *number, uint64_t value) {
  number->count = number->point = 0;
  number->more = false;
  for (int bits = 64 - 16; bits >= 0; bits -= 16) {
    shift_left(number, 16, (uint32_t)(value >> bits) & 0xffff);
  }
  trim(number);
}

void mpy_decimal_round(mpy_decimal_t *number, int places) {
  if (places >= number->count) {
    return;
  }
  const bool is_exact = places == number->count - 1 && !number->more;
  const unsigned rest = places < 0 ? 0 : number->digits[places];
  const bool is_odd = places > 0 && number->digits[places - 1] % 2 != 0;
  number->count = places < 0 ? 0 : places;
  number->more = false;
  if (rest > 5 || (rest == 5 && (!is_exact || is_odd))) {
    shift_left(number, 0, 1);
  }
  trim(number);
}
