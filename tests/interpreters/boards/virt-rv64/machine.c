// SPDX-License-Identifier: MIT
// The end of the program and the report of a crash.
#include <stdint.h>
#include <stdlib.h>

#include "py/mpprint.h"

// QEMU's virt machine ends when this is written to.
#define FINISHER (*(volatile uint32_t *)0x100000)
enum { FINISHED = 0x5555, FAILED = 0x3333 };

void exit(int status) {
  for (;;) {
    FINISHER = status ? FAILED | (uint32_t)status << 16 : FINISHED;
  }
}

// The trap vector comes here, with a fresh stack.
void exception_caught(unsigned long cause, unsigned long pc, unsigned long address,
                      unsigned long ra) {
  mp_printf(&mp_plat_print, "Machine exception caught:\ncause %lu, pc %lx, address %lx, ra %lx\n",
            cause, pc, address, ra);
  exit(1);
}
