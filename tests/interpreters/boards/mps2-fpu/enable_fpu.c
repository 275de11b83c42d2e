// SPDX-License-Identifier: MIT
// Switches the Cortex-M FPU on before the first floating-point instruction runs.
#include <stdint.h>

#define CPACR (*(volatile uint32_t *)0xE000ED88)
#define FULL_ACCESS_CP10_CP11 (0xFu << 20)

void __real_mp_semihosting_init(void);
void __wrap_mp_semihosting_init(void);

void __wrap_mp_semihosting_init(void) {
  CPACR |= FULL_ACCESS_CP10_CP11;
  __asm volatile("dsb\n\tisb" ::: "memory");
  __real_mp_semihosting_init();
}
