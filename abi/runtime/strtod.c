// SPDX-License-Identifier: MIT
// strtod and its kin, rounded correctly: the text becomes an exact decimal number, which is scaled
// by powers of two until its integer part is the mantissa.
#include "runtime.h"

double strtod(const char *s, char **end);
float strtof(const char *s, char **end);
long double strtold(const char *s, char **end);
double atof(const char *s);

// Whether the text goes on with a word, in any case; it is skipped.
static bool read_word(mpy_text_t *text, const char *word) {
  mpy_text_t ahead = *text;
  for (; *word != '\0'; ++word, ++ahead.at) {
    if ((MPY_PEEK(&ahead) | 0x20) != *word) {
      return false;
    }
  }
  *text = ahead;
  return true;
}

// What follows the mark of an exponent, if a number does.
static int read_exponent(mpy_text_t *text, char mark) {
  mpy_text_t ahead = *text;
  if ((MPY_PEEK(&ahead) | 0x20) != mark) {
    return 0;
  }
  ++ahead.at;
  const char sign = MPY_PEEK(&ahead);
  ahead.at += sign == '-' || sign == '+';
  if (mpy_digit(MPY_PEEK(&ahead)) > 9) {
    return 0;
  }
  int exponent = 0;
  for (unsigned digit; (digit = mpy_digit(MPY_PEEK(&ahead))) < 10; ++ahead.at) {
    exponent = exponent < 100000 ? 10 * exponent + (int)digit : exponent;
  }
  *text = ahead;
  return sign == '-' ? -exponent : exponent;
}

// The digits of a number of either base, without zeros in front.
typedef struct {
  mpy_decimal_t decimal;
  uint64_t hexadecimal; // its last bit also stands for bits that found no room
  int point;            // in digits, behind the first of them
  int count;
} digits_t;

static void add_digit(digits_t *to, unsigned base, unsigned digit) {
  if (base == 10) {
    mpy_decimal_append(&to->decimal, digit);
  } else if (to->count < 15) {
    to->hexadecimal = to->hexadecimal << 4 | digit;
  } else {
    to->hexadecimal |= digit != 0;
    return;
  }
  ++to->count;
}

// False when there are none.
static bool read_digits(mpy_text_t *text, unsigned base, digits_t *to) {
  bool found = false, is_fraction = false, started = false;
  for (;; ++text->at) {
    const char c = MPY_PEEK(text);
    const unsigned digit = mpy_digit(c);
    if (c == '.' && !is_fraction) {
      is_fraction = true;
    } else if (digit < base) {
      found = true;
      started = started || digit != 0;
      to->point += started ? !is_fraction : -is_fraction;
      if (started) {
        add_digit(to, base, digit);
      }
    } else {
      return found;
    }
  }
}

// `number` as a float. Its bits but for the first are the fraction, below the exponent.
static uint64_t encode(mpy_decimal_t *number, unsigned mantissa_bits, unsigned exponent_bits) {
  const int most = (1 << exponent_bits) - 1, bias = most / 2;
  int exponent = bias - 1; // of the number as one that begins with its first bit: 0.1...
  // Beyond 400 it is out of a double's range as well, and there would be much to shift.
  if (number->count == 0 || number->point < -400) {
    return 0;
  }
  if (number->point > 400) {
    return (uint64_t)most << (mantissa_bits - 1);
  }
  // 10 is more than 2^3, so these steps never go too far.
  while (number->point > 0) {
    const int step = 3 * number->point;
    mpy_decimal_scale(number, -step);
    exponent += step;
  }
  while (number->point < 0 || number->digits[0] < 5) {
    const int step = number->point < 0 ? -3 * number->point : 1;
    mpy_decimal_scale(number, step);
    exponent -= step;
  }
  // A number too small for its first bit to be implied has fewer bits.
  const int lost = exponent < 1 ? 1 - exponent : 0;
  if (lost > (int)mantissa_bits) {
    return 0;
  }
  mpy_decimal_scale(number, (int)mantissa_bits - lost);
  mpy_decimal_round(number, number->point);
  uint64_t mantissa = 0;
  for (int i = 0; i < number->point; ++i) {
    mpy_multiply_add(&mantissa, 10, i < number->count ? number->digits[i] : 0);
  }
  // The sum: the first bit of the mantissa, and one more after rounding, count in the exponent.
  const uint64_t biased = exponent < 1 ? 0 : (uint64_t)exponent - 1;
  const uint64_t bits = (biased << (mantissa_bits - 1)) + mantissa;
  const uint64_t infinity = (uint64_t)most << (mantissa_bits - 1);
  return bits < infinity ? bits : infinity;
}

bool mpy_read_float(mpy_text_t *text, unsigned mantissa_bits, unsigned exponent_bits,
                    uint64_t *bits) {
  const uint64_t sign = mpy_read_sign(text) ? 1 : 0;
  const uint64_t infinity = (((uint64_t)1 << exponent_bits) - 1) << (mantissa_bits - 1);
  if (read_word(text, "inf")) {
    read_word(text, "inity");
    *bits = infinity;
  } else if (read_word(text, "nan")) {
    *bits = infinity | (uint64_t)1 << (mantissa_bits - 2);
  } else {
    digits_t digits;
    digits.decimal.count = digits.point = digits.count = 0;
    digits.decimal.more = false;
    digits.hexadecimal = 0;
    mpy_text_t ahead = *text;
    if (read_word(&ahead, "0x") && read_digits(&ahead, 16, &digits)) {
      *text = ahead;
      const int power = 4 * (digits.point - digits.count) + read_exponent(text, 'p');
      mpy_decimal_set(&digits.decimal, digits.hexadecimal);
      // As for decimal numbers: an exponent that no double has, whatever else there is.
      const int most = 4000;
      mpy_decimal_scale(&digits.decimal, power > most ? most : power < -most ? -most : power);
    } else {
      digits.point = digits.count = 0;
      if (!read_digits(text, 10, &digits)) {
        return false;
      }
      digits.decimal.point = digits.point + read_exponent(text, 'e');
    }
    const bool is_zero = digits.decimal.count == 0;
    *bits = encode(&digits.decimal, mantissa_bits, exponent_bits);
    if (*bits == infinity || (*bits == 0 && !is_zero)) {
      mpy_set_errno(NUMBER_ERANGE);
    }
  }
  *bits |= sign << (mantissa_bits + exponent_bits - 1);
  return true;
}

static uint64_t convert(const char *s, char **end, unsigned mantissa_bits, unsigned exponent_bits) {
  mpy_text_t text = {s, MPY_NO_LIMIT};
  uint64_t bits = 0;
  if (!mpy_read_float(&text, mantissa_bits, exponent_bits, &bits)) {
    text.at = s;
  }
  if (end != NULL) {
    *end = (char *)(uintptr_t)text.at;
  }
  return bits;
}

RUNTIME double strtod(const char *s, char **end) {
  const union {
    uint64_t bits;
    double value;
  } number = {convert(s, end, 53, 11)};
  return number.value;
}

RUNTIME float strtof(const char *s, char **end) {
  const union {
    uint32_t bits;
    float value;
  } number = {(uint32_t)convert(s, end, 24, 8)};
  return number.value;
}

RUNTIME long double strtold(const char *s, char **end) { return strtod(s, end); }
RUNTIME double atof(const char *s) { return strtod(s, NULL); }
