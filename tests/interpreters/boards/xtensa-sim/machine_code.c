// SPDX-License-Identifier: MIT
// Memory for the machine code of modules. As on the chips it is apart from the heap: a module is
// relocated for the place it will have and copied there, and only a soft reset frees it.
#include <string.h>

#include "py/persistentcode.h"
#include "py/runtime.h"

#define CAPACITY (1024 * 1024)

static uint8_t memory[CAPACITY] __attribute__((aligned(4)));
static size_t used;

void *machine_code_commit(void *code, size_t size, void *relocation) {
  if (size > CAPACITY - used) {
    m_malloc_fail(size);
  }
  uint8_t *place = memory + used;
  used += (size + 3) & ~(size_t)3;
  if (relocation) {
    mp_native_relocate(relocation, code, (uintptr_t)place);
  }
  memcpy(place, code, size);
  return place;
}

void machine_code_forget(void) { used = 0; }
