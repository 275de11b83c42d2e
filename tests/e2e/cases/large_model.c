// SPDX-License-Identifier: MIT
// x64's medium and large models put larger arrays into sections of their own (.ldata, .lbss,
// .lrodata).
//# ARCH: x64
//# MODEL: medium large
//# OBJECT: -DOTHER
//# CFLAGS: -mlarge-data-threshold=100
//# RUN: [m.get(i) for i in range(4)] => [7, 8, 0, 9]
//# RUN: m.put(5) => 25
#include "case.h"

extern int large_init[100], large_zero[100];
extern const int large_constant[100];
int *large_static(void);
int far_function(int x);

#ifdef OTHER
int large_init[100] = {7}, large_zero[100];
const int large_constant[100] = {8};
static int large_local[100] = {9};
int *large_static(void) { return large_local; }
int far_function(int x) { return x + large_local[0]; }
#else
static int own_zero[100];
FUN(get, which) {
  const int *const all[] = {large_init, large_constant, large_zero, large_static()};
  return OPAQUE(&all[0])[which][0];
}
FUN(put, x) {
  large_zero[99] = own_zero[99] = (int)x;
  large_init[99] = large_zero[99];
  return large_init[99] + own_zero[99] + OPAQUE(&large_zero[0])[99] + far_function(1);
}
MODULE(EXPORT(MP_QSTR_get, get) EXPORT(MP_QSTR_put, put))
#endif
