// SPDX-License-Identifier: MIT
// What newlib's own functions call below C's names: with these, those of them that need no
// operating system link, such as strftime.
#include "runtime.h"

void *_malloc_r(void *reent, size_t size);
void *_calloc_r(void *reent, size_t count, size_t size);
void *_realloc_r(void *reent, void *memory, size_t size);
void _free_r(void *reent, void *memory);
int vsscanf(const char *s, const char *format, va_list arguments);
int siprintf(char *text, const char *format, ...);
int sniprintf(char *text, size_t size, const char *format, ...);
int siscanf(const char *s, const char *format, ...);

RUNTIME void *_malloc_r(void *reent, size_t size) {
  (void)reent;
  return malloc(size);
}
RUNTIME void *_calloc_r(void *reent, size_t count, size_t size) {
  (void)reent;
  return calloc(count, size);
}
RUNTIME void *_realloc_r(void *reent, void *memory, size_t size) {
  (void)reent;
  return realloc(memory, size);
}
RUNTIME void _free_r(void *reent, void *memory) {
  (void)reent;
  free(memory);
}

// printf and scanf without floats.
RUNTIME int siprintf(char *text, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const int length = vsnprintf(text, SIZE_MAX, format, arguments);
  va_end(arguments);
  return length;
}
RUNTIME int sniprintf(char *text, size_t size, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const int length = vsnprintf(text, size, format, arguments);
  va_end(arguments);
  return length;
}
RUNTIME int siscanf(const char *s, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const int stored = vsscanf(s, format, arguments);
  va_end(arguments);
  return stored;
}
