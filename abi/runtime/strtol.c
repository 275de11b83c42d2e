// SPDX-License-Identifier: MIT
// strtol and its kin.
#include "runtime.h"

long strtol(const char *s, char **end, int base);
unsigned long strtoul(const char *s, char **end, int base);
long long strtoll(const char *s, char **end, int base);
unsigned long long strtoull(const char *s, char **end, int base);
intmax_t strtoimax(const char *s, char **end, int base);
uintmax_t strtoumax(const char *s, char **end, int base);
int atoi(const char *s);
long atol(const char *s);
long long atoll(const char *s);

// The value, negated after a minus; out of range, the nearest of least (when signed) and most.
static uint64_t convert(const char *s, char **end, int base, uint64_t most, bool is_signed) {
  mpy_text_t text = {s, MPY_NO_LIMIT};
  uint64_t value;
  bool overflow;
  const bool minus = mpy_read_sign(&text);
  if (!mpy_read_integer(&text, (unsigned)base, &value, &overflow)) {
    text.at = s;
  }
  if (end != NULL) {
    *end = (char *)(uintptr_t)text.at;
  }
  const uint64_t limit = is_signed && minus ? most + 1 : most;
  if (overflow || value > limit) {
    mpy_set_errno(NUMBER_ERANGE);
    return is_signed && minus ? 0 - limit : limit;
  }
  return minus ? 0 - value : value;
}

RUNTIME long strtol(const char *s, char **end, int base) {
  return (long)convert(s, end, base, LONG_MAX, true);
}
RUNTIME unsigned long strtoul(const char *s, char **end, int base) {
  return (unsigned long)convert(s, end, base, ULONG_MAX, false);
}
RUNTIME long long strtoll(const char *s, char **end, int base) {
  return (long long)convert(s, end, base, INT64_MAX, true);
}
RUNTIME unsigned long long strtoull(const char *s, char **end, int base) {
  return convert(s, end, base, UINT64_MAX, false);
}
RUNTIME intmax_t strtoimax(const char *s, char **end, int base) { return strtoll(s, end, base); }
RUNTIME uintmax_t strtoumax(const char *s, char **end, int base) { return strtoull(s, end, base); }
RUNTIME int atoi(const char *s) { return (int)strtol(s, NULL, 10); }
RUNTIME long atol(const char *s) { return strtol(s, NULL, 10); }
RUNTIME long long atoll(const char *s) { return strtoll(s, NULL, 10); }

// What glibc's headers from 2.38 on call instead, for they also know 0b1.
long __isoc23_strtol(const char *s, char **end, int base);
unsigned long __isoc23_strtoul(const char *s, char **end, int base);
long long __isoc23_strtoll(const char *s, char **end, int base);
unsigned long long __isoc23_strtoull(const char *s, char **end, int base);
RUNTIME long __isoc23_strtol(const char *s, char **end, int base) { return strtol(s, end, base); }
RUNTIME unsigned long __isoc23_strtoul(const char *s, char **end, int base) {
  return strtoul(s, end, base);
}
RUNTIME long long __isoc23_strtoll(const char *s, char **end, int base) {
  return strtoll(s, end, base);
}
RUNTIME unsigned long long __isoc23_strtoull(const char *s, char **end, int base) {
  return strtoull(s, end, base);
}
