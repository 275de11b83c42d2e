// SPDX-License-Identifier: MIT
// Thread-local variables of compilers that leave them to a function. There is one thread.
#include "runtime.h"

typedef struct {
  size_t size, align;
  void *variable; // NULL until it is first used
  const void *initial;
} emutls_t;

void *__emutls_get_address(emutls_t *control);

RUNTIME void *__emutls_get_address(emutls_t *control) {
  if (control->variable == NULL) {
    char *memory = (char *)malloc(control->size + control->align);
    if (memory == NULL) {
      m_malloc_fail(control->size);
    }
    memory += control->align - 1 - ((uintptr_t)memory - 1) % control->align;
    if (control->initial != NULL) {
      mp_fun_table.memmove_(memory, control->initial, control->size);
    } else {
      mp_fun_table.memset_(memory, 0, control->size);
    }
    control->variable = memory;
  }
  return control->variable;
}
