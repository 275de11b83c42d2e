// SPDX-License-Identifier: MIT
// Tables out of pieces from several objects and from assembler code, between __start_ and __stop_;
// a section that only -u keeps; sections with unusual names and flags.
//# OBJECT: -DOTHER
//# LINK: -u kept
//# RUN: m.command(0) => 4
//# RUN: [m.command(i) for i in range(1, 5)] => [101, 102, 201, 202]
//# RUN: m.total(1) => 10
//# RUN: m.total(1) => 20
//# RUN: m.odd(2) => 77
//# RUN: m.none(0) => 1
#include "case.h"

typedef int (*command_t)(void);
#define COMMAND(number)                                                                            \
  static int run_##number(void) { return number; }                                                 \
  __attribute__((section("commands"), used)) static const command_t command_##number = run_##number;

#ifdef OTHER
COMMAND(202)
COMMAND(201)
__attribute__((section("counts"), used)) static int some_counts[] = {3, 4};
// Allocated, and nothing else: the assembler's own section. Its name is no identifier.
__asm__(".section \"odd name\", \"a\", %progbits\n.globl odd_byte\nodd_byte: .byte 77\n.previous");
static int made;
int kept(void) { return ++made; }
#else
COMMAND(102)
COMMAND(101)
__attribute__((section("counts"), used)) static int some_counts[] = {1, 2};
extern const command_t __start_commands[], __stop_commands[];
extern int __start_counts[], __stop_counts[];
extern const char __start_nothing[] __attribute__((weak));
extern const unsigned char odd_byte;

// A compiler may put the variables of one file in either order.
FUN(command, index) {
  const int count = __stop_commands - __start_commands;
  if (index == 0)
    return count;
  int values[4], at;
  for (int i = 0; i < count; ++i) {
    const int value = __start_commands[i]();
    for (at = i; at % 2 && values[at - 1] > value; --at)
      values[at] = values[at - 1];
    values[at] = value;
  }
  return values[index - 1];
}
FUN(total, factor) {
  int sum = 0;
  for (int *count = __start_counts; count < __stop_counts; ++count) {
    sum += *count;
    *count += *count * (int)factor;
  }
  return sum;
}
FUN(odd, x) { return x ? odd_byte : 0; }
FUN(none, x) { return OPAQUE(&__start_nothing[0]) == (const char *)(size_t)x; }
MODULE(EXPORT(MP_QSTR_command, command) EXPORT(MP_QSTR_total, total) EXPORT(MP_QSTR_odd, odd)
           EXPORT(MP_QSTR_none, none))
#endif
