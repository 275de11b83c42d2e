// SPDX-License-Identifier: MIT
// <ctype.h> for ASCII: the functions, and the tables that the macros of glibc and newlib read.
#include "runtime.h"

RUNTIME int isdigit(int c) { return (unsigned)c - '0' < 10; }
RUNTIME int islower(int c) { return (unsigned)c - 'a' < 26; }
RUNTIME int isupper(int c) { return (unsigned)c - 'A' < 26; }
RUNTIME int isalpha(int c) { return ((unsigned)c | 0x20) - 'a' < 26; }
RUNTIME int isalnum(int c) { return isalpha(c) || isdigit(c); }
RUNTIME int isxdigit(int c) { return isdigit(c) || ((unsigned)c | 0x20) - 'a' < 6; }
RUNTIME int isblank(int c) { return c == ' ' || c == '\t'; }
RUNTIME int isspace(int c) { return c == ' ' || (unsigned)c - '\t' < 5; }
RUNTIME int iscntrl(int c) { return (unsigned)c < 0x20 || c == 0x7f; }
RUNTIME int isprint(int c) { return (unsigned)c - 0x20 < 0x5f; }
RUNTIME int isgraph(int c) { return (unsigned)c - 0x21 < 0x5e; }
RUNTIME int ispunct(int c) { return isgraph(c) && !isalnum(c); }
RUNTIME int tolower(int c) { return isupper(c) ? c + ('a' - 'A') : c; }
RUNTIME int toupper(int c) { return islower(c) ? c - ('a' - 'A') : c; }

#if defined(__GLIBC__)
// Indices from -128 to 255. The tables are filled when they are first asked for.
enum { FIRST = -128, COUNT = 384 };

const unsigned short **__ctype_b_loc(void);
const int32_t **__ctype_tolower_loc(void);
const int32_t **__ctype_toupper_loc(void);

RUNTIME const unsigned short **__ctype_b_loc(void) {
  // In the order of their bits: glibc numbers them from the left of a byte, in memory.
  static int (*const kinds[])(int) = {isupper, islower, isalpha, isdigit, isxdigit, isspace,
                                      isprint, isgraph, isblank, iscntrl, ispunct,  isalnum};
  static unsigned short table[COUNT];
  static const unsigned short *start;
  if (start == NULL) {
    for (int c = 0; c < 128; ++c) {
      for (unsigned kind = 0; kind < MP_ARRAY_SIZE(kinds); ++kind) {
        table[c - FIRST] |= (unsigned short)((kinds[kind](c) != 0) << (kind ^ 8));
      }
    }
    start = table - FIRST;
  }
  return &start;
}

static void fill(int32_t *table, int (*convert)(int)) {
  for (int c = FIRST; c < FIRST + COUNT; ++c) {
    table[c - FIRST] = convert(c < -1 ? c + 256 : c); // a negative char stands for itself
  }
}

RUNTIME const int32_t **__ctype_tolower_loc(void) {
  static int32_t table[COUNT];
  static const int32_t *start;
  if (start == NULL) {
    fill(table, tolower);
    start = table - FIRST;
  }
  return &start;
}

RUNTIME const int32_t **__ctype_toupper_loc(void) {
  static int32_t table[COUNT];
  static const int32_t *start;
  if (start == NULL) {
    fill(table, toupper);
    start = table - FIRST;
  }
  return &start;
}
#elif defined(_NEWLIB_VERSION)
// One more than the character is its index, so that EOF has one.
enum {
  UPPER = 1,
  LOWER = 2,
  DIGIT = 4,
  SPACE = 8,
  PUNCT = 16,
  CONTROL = 32,
  HEX = 64,
  BLANK = 128
};
#define RANGE(first, last) [1 + (first)... 1 + (last)]

extern const char _ctype_[];
const char *__locale_ctype_ptr(void);

RUNTIME const char _ctype_[1 + 256] = {
    RANGE(0, 8) = CONTROL,         RANGE('\t', '\r') = CONTROL | SPACE,
    RANGE(14, 31) = CONTROL,       RANGE(' ', ' ') = (char)(SPACE | BLANK),
    RANGE('!', '/') = PUNCT,       RANGE('0', '9') = DIGIT,
    RANGE(':', '@') = PUNCT,       RANGE('A', 'F') = UPPER | HEX,
    RANGE('G', 'Z') = UPPER,       RANGE('[', '`') = PUNCT,
    RANGE('a', 'f') = LOWER | HEX, RANGE('g', 'z') = LOWER,
    RANGE('{', '~') = PUNCT,       RANGE(127, 127) = CONTROL,
};
RUNTIME const char *__locale_ctype_ptr(void) { return _ctype_; }
#endif
