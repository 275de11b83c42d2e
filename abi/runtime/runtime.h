// SPDX-License-Identifier: MIT
// What the run-time sources share. They are compiled with the module and linked as an archive: what
// nothing uses is left out, and a definition in the module's own objects or libraries wins. The C
// library's headers are not included where their macros would stand in the way of definitions.
#ifndef MPYLINK_RUNTIME_SOURCES_H
#define MPYLINK_RUNTIME_SOURCES_H

#include "py/dynruntime.h"

#define RUNTIME __attribute__((weak))

#ifdef __cplusplus
extern "C" {
#endif
void *malloc(size_t size);
void *calloc(size_t count, size_t size);
void *realloc(void *memory, size_t size);
void free(void *memory);
#ifdef __cplusplus
}
#endif

#ifndef __cplusplus
int bcmp(const void *a, const void *b, size_t n);
int memcmp(const void *a, const void *b, size_t n);
void *memchr(const void *memory, int c, size_t n);
size_t strnlen(const char *s, size_t n);
size_t strlen(const char *s);
int strncmp(const char *a, const char *b, size_t n);
int strcmp(const char *a, const char *b);
int strcoll(const char *a, const char *b);
char *strncpy(char *dest, const char *src, size_t n);
char *strcpy(char *dest, const char *src);
char *strcat(char *dest, const char *src);
char *strncat(char *dest, const char *src, size_t n);
char *strchr(const char *s, int c);
char *strrchr(const char *s, int c);
size_t strspn(const char *s, const char *accept);
size_t strcspn(const char *s, const char *reject);
char *strpbrk(const char *s, const char *accept);
char *strstr(const char *s, const char *part);
char *strtok_r(char *s, const char *separators, char **rest);
char *strtok(char *s, const char *separators);
char *strdup(const char *s);
char *strndup(const char *s, size_t n);
int strcasecmp(const char *a, const char *b);
int strncasecmp(const char *a, const char *b, size_t n);
char *strerror(int number);

int isalnum(int c);
int isalpha(int c);
int isblank(int c);
int iscntrl(int c);
int isdigit(int c);
int isgraph(int c);
int islower(int c);
int isprint(int c);
int ispunct(int c);
int isspace(int c);
int isupper(int c);
int isxdigit(int c);
int tolower(int c);
int toupper(int c);

// Error numbers that all C libraries agree on.
enum { NUMBER_ENOMEM = 12, NUMBER_EDOM = 33, NUMBER_ERANGE = 34 };
// Sets errno, where there is one.
void mpy_set_errno(int number);

/*------------------------------------------------------------------------------------------------*/
// Numbers as text. A small processor has no instruction for 64-bit products and quotients; these
// functions work in halves of a word, so that they do not call libgcc.

// Divides, and returns the remainder.
unsigned mpy_divide(uint64_t *value, unsigned divisor);
// *value * factor + term; false when it does not fit, and then all bits are set.
bool mpy_multiply_add(uint64_t *value, unsigned factor, unsigned term);
// What c is worth as a digit of any base up to 36, or 36.
unsigned mpy_digit(char c);

// Text to read a number from: up to `limit`, or up to where the number ends.
typedef struct {
  const char *at, *limit;
} mpy_text_t;
#define MPY_NO_LIMIT ((const char *)UINTPTR_MAX)
#define MPY_PEEK(text) ((text)->at == (text)->limit ? '\0' : *(text)->at)

// Skips spaces and a sign; true for minus.
bool mpy_read_sign(mpy_text_t *text);
// Digits of a base (0: by prefix), after the sign. Returns false when there are none.
bool mpy_read_integer(mpy_text_t *text, unsigned base, uint64_t *value, bool *overflow);
// A float of mantissa and exponent of this many bits (as in IEEE 754), as the bits of its format.
// Returns false when there is none.
bool mpy_read_float(mpy_text_t *text, unsigned mantissa_bits, unsigned exponent_bits,
                    uint64_t *bits);

// A decimal number: 0.DDDD... * 10^point, a digit a byte. As long as a double can need.
typedef struct {
  int count, point;
  bool more; // nonzero digits that have found no room
  unsigned char digits[770];
} mpy_decimal_t;

void mpy_decimal_set(mpy_decimal_t *number, uint64_t value);
// Adds a digit at the end.
void mpy_decimal_append(mpy_decimal_t *number, unsigned digit);
// Times 2 to this power.
void mpy_decimal_scale(mpy_decimal_t *number, int power);
// Keeps this many digits; halves go to even.
void mpy_decimal_round(mpy_decimal_t *number, int places);

// The size of an integer by the letters of a format (hh, h, l, ll, j, z, t), which are skipped;
// MPY_LONG_DOUBLE for L.
unsigned mpy_read_size(const char **format);
enum { MPY_LONG_DOUBLE = 100 };

// Where a formatted text goes.
typedef struct mpy_output {
  void (*write)(struct mpy_output *output, const char *text, size_t length);
} mpy_output_t;

// printf to any output; returns the number of bytes.
int mpy_format(mpy_output_t *output, const char *format, va_list arguments);

int vsnprintf(char *text, size_t size, const char *format, va_list arguments);
int snprintf(char *text, size_t size, const char *format, ...);
#endif

#endif
