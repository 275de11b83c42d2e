// SPDX-License-Identifier: MIT
// Compares the run-time's functions, whose names begin with rt_ here, with those of the host's C
// library, for many random arguments. The argument is the seed.
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "py/dynruntime.h"

int rt_snprintf(char *, size_t, const char *, ...);
int rt_sscanf(const char *, const char *, ...);
double rt_strtod(const char *, char **);
float rt_strtof(const char *, char **);
long rt_strtol(const char *, char **, int);
unsigned long rt_strtoul(const char *, char **, int);
int *rt___errno_location(void);
void rt_qsort(void *, size_t, size_t, int (*)(const void *, const void *));
void *rt_bsearch(const void *, const void *, size_t, size_t, int (*)(const void *, const void *));

// What the run-time takes from the firmware.
mp_fun_table_t rt_mp_fun_table;

static int failures;
#define CHECK(condition, ...)                                                                      \
  if (!(condition) && ++failures <= 20) {                                                          \
    printf("line %d: ", __LINE__);                                                                 \
    printf(__VA_ARGS__);                                                                           \
    printf("\n");                                                                                  \
  }

static uint64_t random_bits(void) {
  static uint64_t state = 1;
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state;
}
static unsigned below(unsigned n) { return (unsigned)(random_bits() >> 20) % n; }
// Of few bits as often as of many.
static uint64_t random_integer(void) { return random_bits() >> below(64); }

static double of_bits(uint64_t bits) {
  double value;
  memcpy(&value, &bits, sizeof(value));
  return value;
}

static double random_double(void) {
  static const double special[] = {0.0,
                                   -0.0,
                                   1.0,
                                   0.5,
                                   1.5,
                                   2.5,
                                   0.125,
                                   9.5,
                                   99.95,
                                   999999.5,
                                   1e22,
                                   1e23,
                                   123456,
                                   1e-5,
                                   1e-4,
                                   5e-324,
                                   0.1,
                                   2.2250738585072014e-308,
                                   1e300,
                                   __builtin_inf(),
                                   -__builtin_inf()};
  switch (below(5)) {
  case 0:
    return special[below(sizeof(special) / sizeof(special[0]))];
  case 1:
    return (double)(int64_t)random_integer() / (double)(1 << below(20));
  case 2:
    return (double)below(100000) / 1000;
  case 3:
    return of_bits((random_bits() & ~(UINT64_C(0x7ff) << 52)) | (uint64_t)(1023 - 40 + below(80))
                                                                    << 52);
  default:
    return of_bits(random_bits());
  }
}

static void compare_format(void) {
  static char ours[2000], theirs[2000];
  static const char *const sizes[] = {"hh", "h", "", "l", "ll", "j", "z", "t"};
  char format[40];
  int length = 0, n = 0, m = 0;
  format[length++] = '<';
  format[length++] = '%';
  for (unsigned flags = below(4); flags != 0; --flags) {
    format[length++] = "-+ #0"[below(5)];
  }
  if (below(2)) {
    length += sprintf(format + length, "%u", 1 + below(30));
  }
  const char kind = "diouxXcsaAeEfFgGfge"[below(19)];
  if (below(2)) {
    length += sprintf(format + length, below(8) ? ".%u" : ".",
                      below(kind == 's' ? 8
                            : below(4)  ? 20
                                        : 400));
  }
  const unsigned size = below(8);
  const size_t room = below(4) ? sizeof(ours) : below(30);
  memset(ours, 'x', sizeof(ours));
  memset(theirs, 'x', sizeof(theirs));
#define BOTH(...)                                                                                  \
  n = rt_snprintf(ours, room, format, __VA_ARGS__), m = snprintf(theirs, room, format, __VA_ARGS__)
  if (strchr("diouxX", kind)) {
    sprintf(format + length, "%s%c>", sizes[size], kind);
    const uint64_t value = random_integer();
    if (size < 3) {
      BOTH((int)value);
    } else {
      BOTH(value);
    }
  } else if (kind == 'c') {
    sprintf(format + length, "c>");
    const int c = 'A' + (int)below(26);
    BOTH(c);
  } else if (kind == 's') {
    sprintf(format + length, "s>");
    const char *text = "some text" + below(10);
    BOTH(text);
  } else {
    sprintf(format + length, "%s%c>", below(4) ? "" : "L", kind);
    const double value = random_double();
    if (strchr(format, 'L') == NULL) {
      BOTH(value);
    } else if ((kind | 0x20) != 'a') { // A long double has other digits there.
      BOTH((long double)value);
    }
    // Older versions of glibc drop the zeros of a %#g that rounds up to a power of ten.
    const bool is_their_fault = strchr(format, '#') != NULL && (kind | 0x20) == 'g' &&
                                (strstr(theirs, ".e") || strstr(theirs, ".E"));
    CHECK(is_their_fault || (n == m && memcmp(ours, theirs, sizeof(ours)) == 0),
          "%s of %.17g: \"%.80s\", not \"%.80s\"", format, value, ours, theirs);
    return;
  }
  CHECK(n == m && memcmp(ours, theirs, sizeof(ours)) == 0, "%s: \"%.80s\", not \"%.80s\"", format,
        ours, theirs);
}

// A text that is a number, or nearly.
static void random_number(char *text, const char *alphabet) {
  const double value = random_double();
  switch (below(7)) {
  case 0:
    sprintf(text, "%.17g", value);
    break;
  case 1:
    sprintf(text, "%.*e", (int)below(800), value);
    break;
  case 2:
    sprintf(text, "%a", value);
    break;
  case 3: // Halfway between two numbers.
    sprintf(text, "%.1100Lf",
            ((long double)value + (long double)of_bits((uint64_t)(random_bits() >> 1))) / 2);
    text[1000] = '\0';
    break;
  case 4:
    sprintf(text, " %s%" PRIu64 "%s", below(2) ? "-" : "+", random_integer(),
            below(2) ? "e-3" : ".5");
    break;
  case 5:
    sprintf(text, "%.*g", (int)below(30), value);
    break;
  default: {
    unsigned length = below(12);
    for (text[length] = '\0'; length != 0;
         text[--length] = alphabet[below((unsigned)strlen(alphabet))]) {
    }
  }
  }
}

static void compare_numbers(void) {
  static char text[6000];
  char *ours, *theirs;
  random_number(text, below(2) ? "0123456789.eE+-x" : "0x1p-+ infINFatyn.5_");
  const double d = rt_strtod(text, &ours), e = strtod(text, &theirs);
  CHECK(ours == theirs && (memcmp(&d, &e, sizeof(d)) == 0 || (d != d && e != e)),
        "strtod(\"%.60s\"): %.17g and %d characters, not %.17g and %d", text, d, (int)(ours - text),
        e, (int)(theirs - text));
  const float f = rt_strtof(text, &ours), g = strtof(text, &theirs);
  CHECK(ours == theirs && (memcmp(&f, &g, sizeof(f)) == 0 || (f != f && g != g)),
        "strtof(\"%.60s\"): %.9g, not %.9g", text, (double)f, (double)g);

  random_number(text, "0123xXaAzZ-+ 789");
  const int base = below(4) ? (int)below(3) * 8 : 2 + (int)below(35);
  *rt___errno_location() = errno = 0;
  const long l = rt_strtol(text, &ours, base), m = strtol(text, &theirs, base);
  CHECK(l == m && ours == theirs, "strtol(\"%.60s\", %d): %ld, not %ld", text, base, l, m);
  CHECK((*rt___errno_location() == ERANGE) == (errno == ERANGE), "strtol(\"%.60s\", %d): errno",
        text, base);
  const unsigned long u = rt_strtoul(text, &ours, base), v = strtoul(text, &theirs, base);
  CHECK(u == v && ours == theirs, "strtoul(\"%.60s\", %d): %lu, not %lu", text, base, u, v);
}

static void compare_scans(void) {
  static const char *const texts[] = {
      "12 -34 0x1f", "  7,8;9", "abc def", "[x=3.25e1] rest",        "0755 z",           "",  "  ",
      "99%",         "1.5e+3x", "-0x10",   "key: value with spaces", "2024-05-06T07:08", "a", "-",
      "007"};
  static const char *const formats[] = {"%d%d%i",
                                        "%d,%d;%d",
                                        "%s %s",
                                        "[%c=%lf] %s",
                                        "%o %c",
                                        "%3d%2d%d",
                                        "%*d %d %n",
                                        "%d%%",
                                        "%lf%c",
                                        "%i",
                                        "%[^:]: %[a-z ]",
                                        "%4d-%2d-%2dT%2d:%2d",
                                        "%[]a-c]%n",
                                        "%hhd %hd %ld",
                                        "%5s%n",
                                        "%2c%n",
                                        "%f",
                                        "%x"};
  const char *text = texts[below(sizeof(texts) / sizeof(texts[0]))];
  const char *format = formats[below(sizeof(formats) / sizeof(formats[0]))];
  static uint64_t ours[5][8], theirs[5][8];
  memset(ours, 0, sizeof(ours));
  memset(theirs, 0, sizeof(theirs));
  const int n = rt_sscanf(text, format, ours[0], ours[1], ours[2], ours[3], ours[4]);
  const int m = sscanf(text, format, theirs[0], theirs[1], theirs[2], theirs[3], theirs[4]);
  CHECK(n == m && memcmp(ours, theirs, sizeof(ours)) == 0, "sscanf(\"%s\", \"%s\"): %d, not %d",
        text, format, n, m);
}

static int compare_items(const void *a, const void *b) {
  return strcmp((const char *)a, (const char *)b);
}

static void compare_sorting(void) {
  static char ours[200 * 9], theirs[200 * 9];
  const size_t size = 2 + below(8), count = below(200);
  memset(ours, 0, sizeof(ours));
  for (size_t i = 0; i < count; ++i) {
    for (size_t j = 0; j + 1 < size; ++j) {
      ours[i * size + j] = (char)('a' + below(5));
    }
  }
  memcpy(theirs, ours, sizeof(ours));
  rt_qsort(ours, count, size, compare_items);
  qsort(theirs, count, size, compare_items);
  CHECK(memcmp(ours, theirs, sizeof(ours)) == 0, "qsort of %zu items of %zu bytes", count, size);
  const char key[9] = {(char)('a' + below(6)), (char)(size > 2 ? 'a' + below(6) : 0)};
  const char *found = rt_bsearch(key, ours, count, size, compare_items);
  const bool exists = bsearch(key, theirs, count, size, compare_items) != NULL;
  CHECK((found != NULL) == exists && (found == NULL || strcmp(found, key) == 0), "bsearch of %s",
        key);
}

static void compare_characters(void) {
#define KIND(name)                                                                                 \
  int rt_##name(int);                                                                              \
  int name(int);                                                                                   \
  for (int c = -1; c < 256; ++c) {                                                                 \
    CHECK(!rt_##name(c) == !(name)(c), #name "(%d)", c);                                           \
  }
#define CONVERSION(name)                                                                           \
  int rt_##name(int);                                                                              \
  int name(int);                                                                                   \
  for (int c = -1; c < 256; ++c) {                                                                 \
    CHECK(rt_##name(c) == (name)(c), #name "(%d)", c);                                             \
  }
  KIND(isalnum)
  KIND(isalpha) KIND(isblank) KIND(iscntrl) KIND(isdigit) KIND(isgraph) KIND(islower) KIND(isprint)
      KIND(ispunct) KIND(isspace) KIND(isupper) KIND(isxdigit) CONVERSION(tolower)
          CONVERSION(toupper) const unsigned short **
          rt___ctype_b_loc(void),
      **__ctype_b_loc(void);
  const int32_t **rt___ctype_tolower_loc(void), **__ctype_tolower_loc(void);
  const int32_t **rt___ctype_toupper_loc(void), **__ctype_toupper_loc(void);
  for (int c = 0; c < 256; ++c) {
    CHECK((*rt___ctype_b_loc())[c] == (*__ctype_b_loc())[c], "kinds of %d: %x, not %x", c,
          (*rt___ctype_b_loc())[c], (*__ctype_b_loc())[c]);
  }
  for (int c = -128; c < 256; ++c) {
    CHECK((*rt___ctype_tolower_loc())[c] == (*__ctype_tolower_loc())[c], "tolower table at %d", c);
    CHECK((*rt___ctype_toupper_loc())[c] == (*__ctype_toupper_loc())[c], "toupper table at %d", c);
  }
}

int main(int count, char **arguments) {
  rt_mp_fun_table.memmove_ = memmove;
  rt_mp_fun_table.memset_ = memset;
  for (int seed = count > 1 ? atoi(arguments[1]) : 0; seed > 0; --seed) {
    random_bits();
  }
  compare_characters();
  for (int i = 0; i < 20000; ++i) {
    compare_format();
    compare_numbers();
    compare_scans();
    if (i % 40 == 0) {
      compare_sorting();
    }
  }
  printf("%d failures\n", failures);
  return failures != 0;
}
