// SPDX-License-Identifier: MIT
// What all functions of the printf family share: every conversion of C99 but those of wide
// characters. Numbers are exact, however many digits are asked for. A long double is printed as a
// double.
#include "runtime.h"

enum { LEFT = 1, PLUS = 2, SPACE = 4, ALTERNATE = 8, ZERO = 16 };

typedef struct {
  mpy_output_t *output;
  int total;
  unsigned used; // of buffer
  char buffer[32];
  // The conversion at hand. No precision is -1.
  unsigned flags;
  int width, precision;
  char kind;
  // What stands before its digits, and spaces or zeros to fill the width.
  char prefix[3];
  int prefix_length;
} state_t;

static void flush(state_t *state) {
  state->output->write(state->output, state->buffer, state->used);
  state->used = 0;
}

static void put(state_t *state, char c) {
  if (state->used == sizeof(state->buffer)) {
    flush(state);
  }
  state->buffer[state->used++] = c;
  ++state->total;
}

static void put_text(state_t *state, const char *text, size_t length) {
  for (; length != 0; --length) {
    put(state, *text++);
  }
}

static void fill(state_t *state, char c, int count) {
  for (; count > 0; --count) {
    put(state, c);
  }
}

static void add_prefix(state_t *state, char c) { state->prefix[state->prefix_length++] = c; }

static void add_sign(state_t *state, bool is_negative) {
  if (is_negative) {
    add_prefix(state, '-');
  } else if ((state->flags & (PLUS | SPACE)) != 0) {
    add_prefix(state, (state->flags & PLUS) != 0 ? '+' : ' ');
  }
}

// What stands in front of a text of this length. After the text belongs end_field().
static void begin_field(state_t *state, int length) {
  state->width -= length + state->prefix_length;
  if ((state->flags & (LEFT | ZERO)) == 0) {
    fill(state, ' ', state->width);
  }
  put_text(state, state->prefix, (size_t)state->prefix_length);
  if ((state->flags & (LEFT | ZERO)) == ZERO) {
    fill(state, '0', state->width);
  }
}

static void end_field(state_t *state) {
  if ((state->flags & LEFT) != 0) {
    fill(state, ' ', state->width);
  }
}

static void put_field(state_t *state, const char *text, size_t length) {
  begin_field(state, (int)length);
  put_text(state, text, length);
  end_field(state);
}

static bool is_upper(const state_t *state) { return state->kind >= 'A' && state->kind <= 'Z'; }

// Puts the digits of a number in front of `end` and returns where they start; nothing for 0.
static char *make_digits(char *end, uint64_t value, unsigned base, char first_letter) {
  while (value != 0) {
    const unsigned digit = mpy_divide(&value, base);
    *--end = (char)(digit < 10 ? '0' + digit : digit - 10 + (unsigned char)first_letter);
  }
  return end;
}

static void format_integer(state_t *state, uint64_t value, unsigned base) {
  char digits[22]; // of 64 bits by threes
  char *const end = digits + sizeof(digits), first_letter = is_upper(state) ? 'A' : 'a';
  char *start = make_digits(end, value, base, first_letter);
  if ((state->flags & ALTERNATE) != 0 && base == 16 && value != 0) {
    add_prefix(state, '0');
    add_prefix(state, is_upper(state) ? 'X' : 'x');
  }
  int zeros = (state->precision < 0 ? 1 : state->precision) - (int)(end - start);
  if ((state->flags & ALTERNATE) != 0 && base == 8 && zeros <= 0) {
    zeros = 1;
  }
  zeros = zeros < 0 ? 0 : zeros;
  if (state->precision >= 0) {
    state->flags &= ~(unsigned)ZERO;
  }
  begin_field(state, zeros + (int)(end - start));
  fill(state, '0', zeros);
  put_text(state, start, (size_t)(end - start));
  end_field(state);
}

// The exponent of a float: a letter, a sign and two digits or more.
static int make_exponent(char *end, int exponent, char letter, int digits) {
  char *start = make_digits(end, (uint64_t)(exponent < 0 ? -exponent : exponent), 10, 0);
  while (end - start < digits) {
    *--start = '0';
  }
  *--start = exponent < 0 ? '-' : '+';
  *--start = letter;
  return (int)(end - start);
}

// `digits` digits from the place on, with a point after so many.
static void put_digits(state_t *state, const mpy_decimal_t *number, int place, int digits,
                       int point) {
  for (int i = 0; i < digits; ++i, ++place) {
    if (i == point) {
      put(state, '.');
    }
    put(state, place < 0 || place >= number->count ? '0' : (char)('0' + number->digits[place]));
  }
  if (digits == point && (state->flags & ALTERNATE) != 0) {
    put(state, '.');
  }
}

// A finite number, mantissa * 2^power, by %e, %f or %g.
static void format_decimal(state_t *state, uint64_t mantissa, int power) {
  mpy_decimal_t number;
  mpy_decimal_set(&number, mantissa);
  mpy_decimal_scale(&number, power);

  const char style = state->kind | 0x20;
  int precision = state->precision < 0 ? 6 : state->precision;
  if (style == 'g' && precision == 0) {
    precision = 1;
  }
  mpy_decimal_round(&number, style == 'f'   ? number.point + precision
                             : style == 'e' ? precision + 1
                                            : precision);
  const int exponent = number.count == 0 ? 0 : number.point - 1; // that %e shows
  bool with_exponent = style == 'e';
  if (style == 'g') {
    with_exponent = exponent < -4 || exponent >= precision;
    const int most = (state->flags & ALTERNATE) != 0 ? precision : number.count;
    // From significant digits to those behind the point.
    precision = (most == 0 ? 1 : most) - 1 - (with_exponent ? 0 : exponent);
    precision = precision < 0 ? 0 : precision;
  }

  char tail[8];
  int tail_length = 0, place = 0, whole = 1;
  if (with_exponent) {
    tail_length = make_exponent(tail + sizeof(tail), exponent, is_upper(state) ? 'E' : 'e', 2);
  } else {
    whole = exponent < 0 ? 1 : exponent + 1;
    place = number.point - whole;
  }
  const bool has_point = precision != 0 || (state->flags & ALTERNATE) != 0;
  begin_field(state, whole + has_point + precision + tail_length);
  put_digits(state, &number, place, whole + precision, whole);
  put_text(state, tail + sizeof(tail) - tail_length, (size_t)tail_length);
  end_field(state);
}

// A finite number, mantissa / 2^52 * 2^power, by %a.
static void format_binary(state_t *state, uint64_t mantissa, int power) {
  int precision = state->precision;
  if (precision < 0) {
    for (precision = 13; precision > 0 && (mantissa >> (52 - 4 * precision) & 15) == 0;) {
      --precision;
    }
  }
  unsigned last = 0;
  bool more = false;
  for (int digits = 13; digits > precision; --digits) {
    more = more || last != 0;
    last = (unsigned)mantissa & 15;
    mantissa >>= 4;
  }
  mantissa += last > 8 || (last == 8 && (more || (mantissa & 1) != 0));

  char tail[8], digits[16];
  char *const end = digits + sizeof(digits);
  const char *start = make_digits(end, mantissa, 16, is_upper(state) ? 'A' : 'a');
  const int exponent_length =
      make_exponent(tail + sizeof(tail), power, is_upper(state) ? 'P' : 'p', 1);
  const int shown = precision < 13 ? precision : 13;
  add_prefix(state, '0');
  add_prefix(state, is_upper(state) ? 'X' : 'x');
  const bool has_point = precision != 0 || (state->flags & ALTERNATE) != 0;
  begin_field(state, 1 + has_point + precision + exponent_length);
  put(state, end - start > shown ? *start++ : '0');
  if (has_point) {
    put(state, '.');
  }
  fill(state, '0', shown - (int)(end - start));
  put_text(state, start, (size_t)(end - start));
  fill(state, '0', precision - shown);
  put_text(state, tail + sizeof(tail) - exponent_length, (size_t)exponent_length);
  end_field(state);
}

static void format_float(state_t *state, double value) {
  const union {
    double value;
    uint64_t bits;
  } number = {value};
  uint64_t mantissa = number.bits & (((uint64_t)1 << 52) - 1);
  int exponent = (int)(number.bits >> 52) & 0x7ff;
  add_sign(state, number.bits >> 63 != 0);
  if (exponent == 0x7ff) {
    state->flags &= ~(unsigned)ZERO;
    put_field(state,
              mantissa != 0     ? (is_upper(state) ? "NAN" : "nan")
              : is_upper(state) ? "INF"
                                : "inf",
              3);
    return;
  }
  if (exponent != 0) {
    mantissa |= (uint64_t)1 << 52;
  } else if (mantissa != 0) {
    exponent = 1;
  } else {
    exponent = 1023;
  }
  exponent -= 1023;
  if ((state->kind | 0x20) == 'a') {
    format_binary(state, mantissa, exponent);
  } else {
    format_decimal(state, mantissa, exponent - 52);
  }
}

unsigned mpy_read_size(const char **format) {
  const char letter = **format;
  const bool is_double = (*format)[0] == (*format)[1];
  if (letter == '\0' || strchr("hljztL", letter) == NULL) {
    return sizeof(int);
  }
  ++*format;
  switch (letter) {
  case 'h':
    *format += is_double;
    return is_double ? sizeof(char) : sizeof(short);
  case 'l':
    *format += is_double;
    return is_double ? sizeof(long long) : sizeof(long);
  case 'j':
    return sizeof(intmax_t);
  case 'L':
    return MPY_LONG_DOUBLE;
  default:
    return sizeof(size_t);
  }
}

// The list is in a struct because it may be an array, which functions take as a pointer.
typedef struct {
  va_list list;
} arguments_t;

static uint64_t take_integer(arguments_t *arguments, unsigned size, bool is_signed) {
  if (size == sizeof(uint64_t)) {
    return va_arg(arguments->list, uint64_t);
  }
  const int value = va_arg(arguments->list, int);
  if (size == sizeof(char)) {
    return is_signed ? (uint64_t)(signed char)value : (unsigned char)value;
  }
  if (size == sizeof(short)) {
    return is_signed ? (uint64_t)(short)value : (unsigned short)value;
  }
  return is_signed ? (uint64_t)value : (unsigned)value;
}

static void store_total(void *where, unsigned size, int total) {
  switch (size) {
  case sizeof(char):
    *(signed char *)where = (signed char)total;
    break;
  case sizeof(short):
    *(short *)where = (short)total;
    break;
  case sizeof(int):
    *(int *)where = total;
    break;
  default:
    *(int64_t *)where = total;
    break;
  }
}

static int read_number(const char **format, arguments_t *arguments) {
  if (**format == '*') {
    ++*format;
    return va_arg(arguments->list, int);
  }
  int number = 0;
  for (; **format >= '0' && **format <= '9'; ++*format) {
    number = 10 * number + (**format - '0');
  }
  return number;
}

static void read_flags(state_t *state, const char **format) {
  static const char flags[] = "-+ #0";
  state->flags = 0;
  for (const char *found; **format != '\0' && (found = strchr(flags, **format)) != NULL;
       ++*format) {
    state->flags |= 1u << (found - flags);
  }
}

// One conversion; returns where its text ends.
static const char *convert(state_t *state, const char *format, arguments_t *arguments) {
  const char *const start = format;
  state->prefix_length = 0;
  read_flags(state, &format);
  state->width = read_number(&format, arguments);
  if (state->width < 0) {
    state->width = -state->width;
    state->flags |= LEFT;
  }
  state->precision = -1;
  if (*format == '.') {
    ++format;
    state->precision = read_number(&format, arguments);
  }
  const unsigned size = mpy_read_size(&format);
  state->kind = *format;
  switch (state->kind) {
  case 'd':
  case 'i': {
    const uint64_t value = take_integer(arguments, size, true);
    add_sign(state, (int64_t)value < 0);
    format_integer(state, (int64_t)value < 0 ? 0 - value : value, 10);
    break;
  }
  case 'u':
    format_integer(state, take_integer(arguments, size, false), 10);
    break;
  case 'o':
    format_integer(state, take_integer(arguments, size, false), 8);
    break;
  case 'x':
  case 'X':
    format_integer(state, take_integer(arguments, size, false), 16);
    break;
  case 'p':
    state->flags |= ALTERNATE;
    format_integer(state, (uintptr_t)va_arg(arguments->list, void *), 16);
    break;
  case 'a':
  case 'A':
  case 'e':
  case 'E':
  case 'f':
  case 'F':
  case 'g':
  case 'G':
    format_float(state, size == MPY_LONG_DOUBLE ? (double)va_arg(arguments->list, long double)
                                                : va_arg(arguments->list, double));
    break;
  case 'c': {
    const char c = (char)va_arg(arguments->list, int);
    state->flags &= ~(unsigned)ZERO;
    put_field(state, &c, 1);
    break;
  }
  case 's': {
    const char *text = va_arg(arguments->list, const char *);
    text = text == NULL ? "(null)" : text;
    state->flags &= ~(unsigned)ZERO;
    put_field(state, text,
              strnlen(text, state->precision < 0 ? INT_MAX : (size_t)state->precision));
    break;
  }
  case 'n':
    store_total(va_arg(arguments->list, void *), size, state->total);
    break;
  case '%':
    put(state, '%');
    break;
  default: // Not a conversion: shown as it is.
    put(state, '%');
    return start;
  }
  return format + 1;
}

int mpy_format(mpy_output_t *output, const char *format, va_list arguments) {
  state_t state;
  arguments_t list;
  state.output = output;
  state.total = 0;
  state.used = 0;
  va_copy(list.list, arguments);
  while (*format != '\0') {
    if (*format != '%') {
      put(&state, *format++);
    } else {
      format = convert(&state, format + 1, &list);
    }
  }
  va_end(list.list);
  flush(&state);
  return state.total;
}
