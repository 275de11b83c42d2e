// SPDX-License-Identifier: MIT
// Integers: 64-bit arithmetic in steps of 16 bits, which every processor has instructions for, and
// integers in text.
#include "runtime.h"

unsigned mpy_divide(uint64_t *value, unsigned divisor) {
  uint64_t quotient = 0;
  uint32_t rest = 0;
  for (int bits = 48; bits >= 0; bits -= 16) {
    rest = rest << 16 | ((uint32_t)(*value >> bits) & 0xffff);
    quotient = quotient << 16 | rest / divisor;
    rest %= divisor;
  }
  *value = quotient;
  return rest;
}

bool mpy_multiply_add(uint64_t *value, unsigned factor, unsigned term) {
  uint64_t product = 0;
  uint32_t carry = term;
  for (int bits = 0; bits < 64; bits += 16) {
    carry += ((uint32_t)(*value >> bits) & 0xffff) * factor;
    product |= (uint64_t)(carry & 0xffff) << bits;
    carry >>= 16;
  }
  *value = carry == 0 ? product : UINT64_MAX;
  return carry == 0;
}

unsigned mpy_digit(char c) {
  const unsigned letter = ((unsigned char)c | 0x20) - (unsigned)'a';
  const unsigned digit = (unsigned char)c - (unsigned)'0';
  return digit < 10 ? digit : letter < 26 ? letter + 10 : 36;
}

bool mpy_read_sign(mpy_text_t *text) {
  while (isspace((unsigned char)MPY_PEEK(text))) {
    ++text->at;
  }
  const char sign = MPY_PEEK(text);
  text->at += sign == '-' || sign == '+';
  return sign == '-';
}

bool mpy_read_integer(mpy_text_t *text, unsigned base, uint64_t *value, bool *overflow) {
  mpy_text_t prefix = *text;
  bool found = false;
  if ((base == 0 || base == 16) && MPY_PEEK(&prefix) == '0') {
    ++prefix.at;
    if ((MPY_PEEK(&prefix) | 0x20) == 'x') {
      ++prefix.at;
      if (mpy_digit(MPY_PEEK(&prefix)) < 16) {
        *text = prefix;
        base = 16;
      }
    }
    base = base == 0 ? 8 : base;
  }
  base = base == 0 ? 10 : base;
  *value = 0;
  *overflow = false;
  for (unsigned digit; (digit = mpy_digit(MPY_PEEK(text))) < base; ++text->at) {
    found = true;
    *overflow = *overflow || !mpy_multiply_add(value, base, digit);
  }
  return found;
}
