// SPDX-License-Identifier: MIT
// The serial line, the end of the program and the report of a crash, by calls of QEMU's that reach
// the host.
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "py/mpprint.h"
#include "uart.h"

enum { HOST_EXIT = 1, HOST_READ = 3, HOST_WRITE = 4 };

int host_call(int number, ...);

void exit(int status) {
  for (;;) {
    host_call(HOST_EXIT, status);
  }
}

int uart_rx_chr(void) {
  char c;
  if (host_call(HOST_READ, 0, &c, 1) != 1) {
    exit(0); // nobody is there any more
  }
  return (uint8_t)c;
}

void uart_tx_strn(const char *text, size_t size) { host_call(HOST_WRITE, 1, text, size); }

// The vectors come here, with a fresh stack.
void exception_caught(uint32_t cause, uint32_t pc, uint32_t address, uint32_t a0) {
  mp_printf(&mp_plat_print, "Xtensa exception caught:\ncause %u, pc %08x, address %08x, a0 %08x\n",
            (unsigned)cause, (unsigned)pc, (unsigned)address, (unsigned)a0);
  exit(1);
}
