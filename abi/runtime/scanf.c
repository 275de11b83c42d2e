// SPDX-License-Identifier: MIT
// sscanf: every conversion of C99 but those of wide characters.
#include "runtime.h"

int vsscanf(const char *s, const char *format, va_list arguments);
int sscanf(const char *s, const char *format, ...);
int __isoc99_vsscanf(const char *s, const char *format, va_list arguments);
int __isoc99_sscanf(const char *s, const char *format, ...);
int __isoc23_vsscanf(const char *s, const char *format, va_list arguments);
int __isoc23_sscanf(const char *s, const char *format, ...);

// A conversion's result: NULL when it is not wanted (%*d).
static void store_integer(void *to, unsigned size, uint64_t value) {
  if (to == NULL) {
    return;
  }
  switch (size) {
  case sizeof(uint8_t):
    *(uint8_t *)to = (uint8_t)value;
    break;
  case sizeof(uint16_t):
    *(uint16_t *)to = (uint16_t)value;
    break;
  case sizeof(uint32_t):
    *(uint32_t *)to = (uint32_t)value;
    break;
  default:
    *(uint64_t *)to = value;
    break;
  }
}

static bool read_integer(mpy_text_t *text, unsigned base, unsigned size, void *to) {
  uint64_t value;
  bool overflow;
  const bool minus = mpy_read_sign(text);
  if (!mpy_read_integer(text, base, &value, &overflow)) {
    return false;
  }
  store_integer(to, size, minus ? 0 - value : value);
  return true;
}

static bool read_float(mpy_text_t *text, bool is_float, unsigned size, void *to) {
  union {
    uint64_t bits;
    double number;
  } value;
  if (!mpy_read_float(text, is_float ? 24 : 53, is_float ? 8 : 11, &value.bits)) {
    return false;
  }
  if (to != NULL && is_float) {
    *(uint32_t *)to = (uint32_t)value.bits;
  } else if (to != NULL && size == MPY_LONG_DOUBLE) {
    *(long double *)to = value.number;
  } else if (to != NULL) {
    *(double *)to = value.number;
  }
  return true;
}

// What %c, %s and %[ take: characters of a set that is written between `set` and `set_end`.
typedef struct {
  const char *set, *set_end;
  bool except;
} class_t;

static bool is_in(const class_t *class, char c) {
  for (const char *p = class->set; p != class->set_end; ++p) {
    const bool is_range = class->set_end - p > 2 && p[1] == '-';
    const unsigned char first = (unsigned char)*p, last = (unsigned char)(is_range ? p[2] : *p);
    if ((unsigned char)c >= first && (unsigned char)c <= last) {
      return !class->except;
    }
    p += is_range ? 2 : 0;
  }
  return class->except;
}

// Returns the set's end in the format.
static const char *read_class(const char *format, class_t *class) {
  class->except = *format == '^';
  format += class->except;
  class->set = format;
  format += *format == ']'; // which is no end there
  while (*format != '\0' && *format != ']') {
    ++format;
  }
  class->set_end = format;
  return format;
}

static bool read_text(mpy_text_t *text, const class_t *class, bool terminate, char *to) {
  const char *const start = text->at;
  for (char c; (c = MPY_PEEK(text)) != '\0' && is_in(class, c); ++text->at) {
    if (to != NULL) {
      *to++ = c;
    }
  }
  if (to != NULL && terminate) {
    *to = '\0';
  }
  return text->at != start;
}

static void skip_spaces(const char **text) {
  while (isspace((unsigned char)**text)) {
    ++*text;
  }
}

typedef struct {
  const char *start, *at;
  int stored;
} state_t;

// Reads what the conversion behind a % asks for. Returns where the format goes on, or NULL when the
// text is different.
static const char *convert(state_t *state, const char *format, void *to, size_t width) {
  static const char spaces[] = " \t\n\v\f\r";
  class_t class = {spaces, spaces + sizeof(spaces) - 1, true}; // of %s
  const char *const letters = format;
  const unsigned size = mpy_read_size(&format);
  const bool is_float = format == letters; // %f, where long may be as large as int
  const char kind = *format;
  if (kind == 'n') {
    store_integer(to, size, (uint64_t)(state->at - state->start));
    return format + 1;
  }
  if (kind != 'c' && kind != '[') {
    skip_spaces(&state->at);
  }
  mpy_text_t text = {state->at, width == 0 ? MPY_NO_LIMIT : state->at + width};
  bool found = false;
  switch (kind) {
  case 'd':
  case 'u':
    found = read_integer(&text, 10, size, to);
    break;
  case 'i':
    found = read_integer(&text, 0, size, to);
    break;
  case 'o':
    found = read_integer(&text, 8, size, to);
    break;
  case 'x':
  case 'X':
    found = read_integer(&text, 16, size, to);
    break;
  case 'p':
    found = read_integer(&text, 16, sizeof(void *), to);
    break;
  case 'a':
  case 'A':
  case 'e':
  case 'E':
  case 'f':
  case 'F':
  case 'g':
  case 'G':
    found = read_float(&text, is_float, size, to);
    break;
  case 'c':
    class.set_end = class.set;
    text.limit = state->at + (width == 0 ? 1 : width);
    found = read_text(&text, &class, false, (char *)to);
    break;
  case '[':
    format = read_class(format + 1, &class);
    found = read_text(&text, &class, true, (char *)to);
    break;
  case 's':
    found = read_text(&text, &class, true, (char *)to);
    break;
  default:
    break;
  }
  if (!found || *format == '\0') {
    return NULL;
  }
  state->at = text.at;
  state->stored += to != NULL;
  return format + 1;
}

RUNTIME int vsscanf(const char *s, const char *format, va_list arguments) {
  state_t state = {s, s, 0};
  while (*format != '\0') {
    if (isspace((unsigned char)*format)) {
      skip_spaces(&state.at);
      ++format;
    } else if (*format == '%' && format[1] != '%') {
      ++format;
      const bool is_wanted = *format != '*';
      format += !is_wanted;
      size_t width = 0;
      for (; *format >= '0' && *format <= '9'; ++format) {
        width = 10 * width + (size_t)(*format - '0');
      }
      format = convert(&state, format, is_wanted ? va_arg(arguments, void *) : NULL, width);
    } else {
      if (*format == '%') {
        skip_spaces(&state.at);
        ++format;
      }
      format = *state.at == *format ? format + 1 : NULL;
      state.at += format != NULL;
    }
    if (format == NULL) {
      return state.stored != 0 || *state.at != '\0' ? state.stored : -1; // EOF
    }
  }
  return state.stored;
}

RUNTIME int sscanf(const char *s, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const int stored = vsscanf(s, format, arguments);
  va_end(arguments);
  return stored;
}

// What glibc's headers call instead.
RUNTIME int __isoc99_vsscanf(const char *s, const char *format, va_list arguments) {
  return vsscanf(s, format, arguments);
}
RUNTIME int __isoc23_vsscanf(const char *s, const char *format, va_list arguments) {
  return vsscanf(s, format, arguments);
}
RUNTIME int __isoc99_sscanf(const char *s, const char *format, ...)
    __attribute__((alias("sscanf")));
RUNTIME int __isoc23_sscanf(const char *s, const char *format, ...)
    __attribute__((alias("sscanf")));
