// SPDX-License-Identifier: MIT
// The C library headers that modules get with py/dynruntime.h. A compiler without a C library has
// <stdint.h> and the like, but no <string.h> and <assert.h>: those few are replaced here.
#ifndef MPYLINK_LIBC_H
#define MPYLINK_LIBC_H

#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__has_include) && !__has_include(<string.h>)
#ifdef __cplusplus
extern "C" {
#endif
void *memcpy(void *dest, const void *src, size_t n);
void *memmove(void *dest, const void *src, size_t n);
void *memset(void *dest, int c, size_t n);
int memcmp(const void *a, const void *b, size_t n);
size_t strlen(const char *s);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t n);
char *strchr(const char *s, int c);
#ifdef __cplusplus
}
#endif
#else
#include <string.h>
#endif

#if defined(__has_include) && !__has_include(<assert.h>)
#ifndef assert
#define assert(condition) ((void)sizeof(condition))
#endif
#else
#include <assert.h>
#endif

#endif
