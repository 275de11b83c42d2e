// SPDX-License-Identifier: MIT
// Prints what functions of a C library give for many arguments: compiled as a program of the host,
// and with MODULE as a module, which has to print the same.
#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The compiler must not compute the calls itself.
#define HIDE(x)                                                                                    \
  __extension__({                                                                                  \
    __typeof__((x) + 0) hidden_ = (x);                                                             \
    __asm__ volatile("" : "+r"(hidden_));                                                          \
    hidden_;                                                                                       \
  })

static void formats(void) {
  static const char *const of_double[] = {
      "%f",    "%e",   "%g",     "%.0f", "%.17g", "%+12.3e", "%-12.1f|", "%012.2f",
      "%#.0e", "%.3G", "% .15g", "%a",   "%.2A",  "%25.20f", "%.30e",    "%G"};
  static const double doubles[] = {
      0.0, -0.0, 1.0, 0.1, -2.5, 9.995, 99999.95, 1e100, 5e-324, 1.7976931348623157e308, 1.0 / 3};
  static const char *const of_int[] = {"%d", "%5i|", "%-5d|", "%05d", "%+d",  "% d", "%.3d",
                                       "%x", "%#X",  "%#o",   "%u",   "%hhd", "%hu", "%c"};
  static const int ints[] = {0, 1, -1, 42, -77, 65, 2147483647, -2147483647 - 1};
  static const char *const of_long[] = {"%lld", "%llu", "%llx", "%#llo", "%+30.20lld", "%jd"};
  static const long long longs[] = {0, -1, 1234567890123456789, -9223372036854775807 - 1};
  for (unsigned i = 0; i < sizeof(of_double) / sizeof(of_double[0]); ++i) {
    for (unsigned j = 0; j < sizeof(doubles) / sizeof(doubles[0]); ++j) {
      char text[400];
      const int length = snprintf(text, sizeof(text), of_double[i], doubles[j]);
      printf("%s = %s (%d)\n", of_double[i] + 1, text, length);
    }
  }
  for (unsigned i = 0; i < sizeof(of_int) / sizeof(of_int[0]); ++i) {
    for (unsigned j = 0; j < sizeof(ints) / sizeof(ints[0]); ++j) {
      char text[40];
      sprintf(text, of_int[i], ints[j] & (of_int[i][1] == 'c' ? 127 | 64 : -1));
      printf("%s = %s\n", of_int[i] + 1, text);
    }
  }
  for (unsigned i = 0; i < sizeof(of_long) / sizeof(of_long[0]); ++i) {
    for (unsigned j = 0; j < sizeof(longs) / sizeof(longs[0]); ++j) {
      printf(of_long[i], longs[j]);
      putchar('\n');
    }
  }
  int written = -1;
  printf("%zu %td %ld %hhu %s %.2s %5s| %-5s| %*d %.*f %%%n\n", sizeof(char), (ptrdiff_t)-3, -5L,
         300, HIDE("text"), HIDE("text"), "ab", "cd", 6, 7, 2, 3.14159, &written);
  printf("%d %Lg\n", written, 2.5L);
  char small[4];
  printf("%d", snprintf(small, sizeof(small), "%s", HIDE("cut off")));
  printf(" %s\n", small);
  fprintf(stdout, "%s", HIDE("to stdout\n"));
  fputs(HIDE("as it is: %d\n"), stdout);
  puts(HIDE("a line"));
  printf(HIDE("%s"), "");
}

static void numbers(void) {
  static const char *const texts[] = {"0",
                                      "-12",
                                      " +077 ",
                                      "0x1fG",
                                      "99999999999999999999",
                                      "-99999999999999999999",
                                      "z",
                                      "1e5",
                                      "-.5",
                                      "1.e-3x",
                                      "0x1.8p3",
                                      "inf",
                                      "-NaN",
                                      "1e400",
                                      "1e-400",
                                      "2.2250738585072011e-308",
                                      "0.1000000000000000055511151231257827021181583404541015625",
                                      "9007199254740993",
                                      "1e23",
                                      "4.35",
                                      "",
                                      "-"};
  for (unsigned i = 0; i < sizeof(texts) / sizeof(texts[0]); ++i) {
    const char *text = texts[i];
    char *ends[6];
    errno = 0;
    const long long a = strtoll(text, &ends[0], 0);
    const bool range = errno == ERANGE;
    const unsigned long long b = strtoull(text, &ends[1], 16);
    const double d = strtod(text, &ends[2]);
    const float f = strtof(text, &ends[3]);
    printf("%s: %lld %d %llu %.17g %.9g", text, a, range, b, d, (double)f);
    for (int j = 0; j < 4; ++j) {
      printf(" %d", (int)(ends[j] - text));
    }
    printf(" %g\n", atof(text));
  }
}

static void scans(void) {
  int a = 0, b = 0, c = 0, n = 0;
  unsigned char h = 0;
  long long l = 0;
  float f = 0;
  double d = 0;
  char word[20] = "", set[20] = "", two[3] = "";
  printf("%d\n", sscanf(HIDE("12,-0x1f 077 rest"), "%d,%i %i %s%n", &a, &b, &c, word, &n));
  printf("%d %d %d %s %d\n", a, b, c, word, n);
  printf("%d\n", sscanf(HIDE("300 -5000000000 1.5e2;2.25 abcXYZ"), "%hhu %lld %f;%lf %[a-c]%2c", &h,
                        &l, &f, &d, set, two));
  printf("%u %lld %g %g %s %s\n", h, l, (double)f, d, set, two);
  printf("%d %d\n", sscanf(HIDE(""), "%d", &a), sscanf(HIDE("x"), "%d", &a));
}

static int compare(const void *a, const void *b) {
  const int x = *(const int *)a, y = *(const int *)b;
  return (x > y) - (x < y);
}

static void sorting(void) {
  int values[100], key = 1;
  for (int i = 0; i < 100; ++i) {
    values[i] = i * 7919 % 103;
  }
  qsort(values, 100, sizeof(int), compare);
  for (int i = 0; i < 100; ++i) {
    printf("%d,", values[i]);
  }
  for (; key < 104; key += 17) {
    printf(" %d", bsearch(&key, values, 100, sizeof(int), compare) != NULL);
  }
  const div_t parts = div(HIDE(-17), HIDE(5));
  printf(" %d %d %d %ld\n", parts.quot, parts.rem, abs(HIDE(-3)), labs(HIDE(-4L)));
  srand(5);
  printf("%d %ld %lld\n", atoi(HIDE(" -12x")), atol(HIDE("77")), atoll(HIDE("-5000000000")));
  const int first = rand();
  srand(5);
  printf("%d %d\n", first == rand(), first >= 0 && first <= RAND_MAX);
}

static void characters(void) {
  for (volatile int c = 0; c < 128; ++c) {
    printf("%d%d%d%d%d%d%d%d%d%d%d%d %d %d\n", !!isalnum(c), !!isalpha(c), !!isblank(c),
           !!iscntrl(c), !!isdigit(c), !!isgraph(c), !!islower(c), !!isprint(c), !!ispunct(c),
           !!isspace(c), !!isupper(c), !!isxdigit(c), tolower(c), toupper(c));
  }
  char line[] = " one, two,,three ";
  for (char *token = strtok(line, " ,"); token != NULL; token = strtok(NULL, " ,")) {
    printf("[%s]", token);
  }
  printf("%d %d\n", strcoll(HIDE("a"), HIDE("b")) < 0, strerror(ENOMEM) != NULL);
}

static void run(void) {
  formats();
  numbers();
  scans();
  sorting();
  characters();
}

#ifndef MODULE
int main(void) { run(); }
#else
#include "py/dynruntime.h"

static mp_obj_t run_all(void) {
  run();
  return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_0(run_obj, run_all);

// gcc for the ESP8266 leaves such variables to a function of the run-time.
static __thread int counter = 40;
static __thread int zero;
static mp_obj_t stop(mp_obj_t how) {
  switch (mp_obj_get_int(how)) {
  case 0:
    abort();
  case 1:
    exit(3);
  case 2:
    assert(HIDE(1) + 1 == 3);
    break;
  case 3:
    return mp_obj_new_int(++counter + zero++);
  }
  return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(stop_obj, stop);

mp_obj_t mpy_init(mp_obj_fun_bc_t *self, size_t n_args, size_t n_kw, mp_obj_t *args) {
  MP_DYNRUNTIME_INIT_ENTRY
  mp_store_global(MP_QSTR_run, MP_OBJ_FROM_PTR(&run_obj));
  mp_store_global(MP_QSTR_stop, MP_OBJ_FROM_PTR(&stop_obj));
  MP_DYNRUNTIME_INIT_EXIT
}
#endif
