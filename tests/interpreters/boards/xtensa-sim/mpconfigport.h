// SPDX-License-Identifier: MIT
// What differs from MicroPython's qemu port; where chips differ from each other, as its ports for
// them have it.
#include_next <mpconfigport.h>

#include <stddef.h>

#ifdef __XTENSA_WINDOWED_ABI__
#define MICROPY_EMIT_XTENSAWIN (1)
#define MICROPY_NLR_SETJMP (1)
#else
#define MICROPY_EMIT_XTENSA (1)
#define MICROPY_OBJ_REPR (MICROPY_OBJ_REPR_C)
#endif

// What gc_helper_get_regs_and_sp fills: a12 to a15, where the ABI has a function's caller expect
// them unchanged.
typedef uintptr_t gc_helper_regs_t[4];

// Machine code does not lie in the garbage collector's heap.
void *machine_code_commit(void *code, size_t size, void *relocation);
void machine_code_forget(void);
#define MP_PLAT_COMMIT_EXEC(code, size, relocation) machine_code_commit(code, size, relocation)
#define MICROPY_PORT_INIT_FUNC machine_code_forget()
