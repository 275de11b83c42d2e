// SPDX-License-Identifier: MIT
// The printf family: to MicroPython's standard output, which stands for every stream, and to
// memory.
#include "runtime.h"

// A stream's type does not matter: there is only one.
int vprintf(const char *format, va_list arguments);
int printf(const char *format, ...);
int vfprintf(void *stream, const char *format, va_list arguments);
int fprintf(void *stream, const char *format, ...);
int vsprintf(char *text, const char *format, va_list arguments);
int sprintf(char *text, const char *format, ...);
int vasprintf(char **text, const char *format, va_list arguments);
int asprintf(char **text, const char *format, ...);
int puts(const char *text);
int putchar(int c);
int fputs(const char *text, void *stream);
int fputc(int c, void *stream);
int putc(int c, void *stream);
size_t fwrite(const void *data, size_t size, size_t count, void *stream);
int fflush(void *stream);

static void write_out(mpy_output_t *output, const char *text, size_t length) {
  (void)output;
  if (length != 0) {
    mp_plat_print.print_strn(mp_plat_print.data, text, length);
  }
}

typedef struct {
  mpy_output_t output;
  char *at;
  size_t room; // for characters before the zero byte
} memory_t;

static void write_memory(mpy_output_t *output, const char *text, size_t length) {
  memory_t *memory = (memory_t *)output;
  length = length < memory->room ? length : memory->room;
  mp_fun_table.memmove_(memory->at, text, length);
  memory->at += length;
  memory->room -= length;
}

#define FORWARD(call)                                                                              \
  va_list arguments;                                                                               \
  va_start(arguments, format);                                                                     \
  const int length = call;                                                                         \
  va_end(arguments);                                                                               \
  return length

RUNTIME int vprintf(const char *format, va_list arguments) {
  mpy_output_t output = {write_out};
  return mpy_format(&output, format, arguments);
}
RUNTIME int vfprintf(void *stream, const char *format, va_list arguments) {
  (void)stream;
  return vprintf(format, arguments);
}
RUNTIME int vsnprintf(char *text, size_t size, const char *format, va_list arguments) {
  memory_t memory = {{write_memory}, text, size == 0 ? 0 : size - 1};
  const int length = mpy_format(&memory.output, format, arguments);
  if (size != 0) {
    *memory.at = '\0';
  }
  return length;
}
RUNTIME int vsprintf(char *text, const char *format, va_list arguments) {
  return vsnprintf(text, SIZE_MAX, format, arguments);
}
RUNTIME int vasprintf(char **text, const char *format, va_list arguments) {
  va_list again;
  va_copy(again, arguments);
  const size_t size = (size_t)vsnprintf(NULL, 0, format, again) + 1;
  va_end(again);
  *text = (char *)malloc(size);
  return *text == NULL ? -1 : vsnprintf(*text, size, format, arguments);
}

RUNTIME int printf(const char *format, ...) { FORWARD(vprintf(format, arguments)); }
RUNTIME int fprintf(void *stream, const char *format, ...) {
  FORWARD(vfprintf(stream, format, arguments));
}
RUNTIME int snprintf(char *text, size_t size, const char *format, ...) {
  FORWARD(vsnprintf(text, size, format, arguments));
}
RUNTIME int sprintf(char *text, const char *format, ...) {
  FORWARD(vsprintf(text, format, arguments));
}
RUNTIME int asprintf(char **text, const char *format, ...) {
  FORWARD(vasprintf(text, format, arguments));
}

RUNTIME int fputs(const char *text, void *stream) {
  (void)stream;
  write_out(NULL, text, strlen(text));
  return 1;
}
RUNTIME int fputc(int c, void *stream) {
  const char byte = (char)c;
  (void)stream;
  write_out(NULL, &byte, 1);
  return (unsigned char)c;
}
RUNTIME int putc(int c, void *stream) { return fputc(c, stream); }
RUNTIME int putchar(int c) { return fputc(c, NULL); }
RUNTIME int puts(const char *text) {
  fputs(text, NULL);
  return putchar('\n');
}
RUNTIME size_t fwrite(const void *data, size_t size, size_t count, void *stream) {
  (void)stream;
  write_out(NULL, (const char *)data, size * count);
  return size == 0 ? 0 : count;
}
RUNTIME int fflush(void *stream) {
  (void)stream;
  return 0;
}

// The streams of glibc and picolibc (newlib's are in its own libc.a).
extern void *stdout, *stderr;
RUNTIME void *stdout = NULL, *stderr = NULL;
