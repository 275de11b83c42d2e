// SPDX-License-Identifier: MIT
// What ends a program ends the call into the module here, with a RuntimeError: abort, exit, and
// assert as each C library's header writes it.
#include "runtime.h"

MP_NORETURN void abort(void);
MP_NORETURN void _Exit(int status);
MP_NORETURN void _exit(int status);
MP_NORETURN void exit(int status);
MP_NORETURN void __assert_func(const char *file, int line, const char *function, const char *text);
MP_NORETURN void __assert_fail(const char *text, const char *file, unsigned line,
                               const char *function);
MP_NORETURN void __assert_no_args(void);
MP_NORETURN void __stack_chk_fail(void);
MP_NORETURN void __stack_chk_fail_local(void);

typedef struct {
  size_t length;
  char text[120];
} message_t;

static void add(void *to, const char *text, size_t length) {
  message_t *message = (message_t *)to;
  const size_t room = sizeof(message->text) - message->length;
  length = length < room ? length : room;
  mp_fun_table.memmove_(message->text + message->length, text, length);
  message->length += length;
}

// In MicroPython's own formats.
#define FAIL(...)                                                                                  \
  message_t message = {0, {0}};                                                                    \
  const mp_print_t print = {&message, add};                                                        \
  mp_printf(&print, __VA_ARGS__);                                                                  \
  raise(&message)

MP_NORETURN static void raise(const message_t *message) {
  mp_raise_type_arg(&mp_type_RuntimeError, mp_obj_new_str(message->text, message->length));
}

RUNTIME void abort(void) { mp_raise_msg(&mp_type_RuntimeError, "abort()"); }
RUNTIME void exit(int status) { FAIL("exit(%d)", status); }
RUNTIME void _Exit(int status) { exit(status); }
RUNTIME void _exit(int status) { exit(status); }

// newlib and picolibc; glibc and musl.
RUNTIME void __assert_func(const char *file, int line, const char *function, const char *text) {
  (void)function;
  FAIL("%s:%d: %s", file, line, text);
}
RUNTIME void __assert_fail(const char *text, const char *file, unsigned line,
                           const char *function) {
  __assert_func(file, (int)line, function, text);
}
RUNTIME void __assert_no_args(void) { mp_raise_msg(&mp_type_RuntimeError, "assert()"); }

// For libraries that were compiled with a stack protector.
RUNTIME void __stack_chk_fail(void) { mp_raise_msg(&mp_type_RuntimeError, "stack overwritten"); }
RUNTIME void __stack_chk_fail_local(void) { __stack_chk_fail(); }
