// SPDX-License-Identifier: MIT
// What the run-time sources share. They are compiled with the module and linked as an archive: what
// nothing uses is left out, and a definition in the module's own objects or libraries wins.
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
#endif

#endif
