// SPDX-License-Identifier: MIT
// Switches that become jump tables, with different spans of targets. On the smallest Arm they are
// calls of libgcc's helpers.
//# MATRIX: full
//# LIBRARIES
//# RUN: [m.near(i) for i in range(-1, 12)] => [99, 5, 12, 40, 7, 8, 93, 36, 14, 26, 95, 2, 3]
//# RUN: [m.far(i) for i in range(9)] => [10, 21, 32, 43, 54, 65, 76, 87, 0]
#include "case.h"

static volatile int sink;
#define STORE(x) (sink = (x))

FUN(near, x) {
  switch (x) {
  case 0: STORE(1); return 5;
  case 1: STORE(2); return sink + 10;
  case 2: STORE(20); return sink * 2;
  case 3:
    STORE(3);
    STORE(7);
    return sink;
  case 4: return STORE(8);
  case 5: STORE(9); return sink * 10 + 3;
  case 6: STORE(6); return sink * sink;
  case 7: STORE(7); return sink + sink;
  case 8: STORE(13); return sink << 1;
  case 9: STORE(5); return sink + 90;
  case 10: STORE(5); return sink / 2;
  case 11: STORE(4); return sink - 1;
  default: STORE(-1); return sink + 100;
  }
}

// Targets too far apart for tables of bytes.
#define FAR4(x)                                                                                    \
  STORE(x);                                                                                        \
  STORE(x);                                                                                        \
  STORE(x);                                                                                        \
  STORE(x);
#define FAR16(x) FAR4(x) FAR4(x) FAR4(x) FAR4(x)
#define FAR(x) FAR16(x) FAR16(x)

FUN(far, x) {
  switch (x) {
  case 0: FAR(10) break;
  case 1: FAR(20) sink += 1; break;
  case 2: FAR(30) sink += 2; break;
  case 3: FAR(40) sink += 3; break;
  case 4: FAR(50) sink += 4; break;
  case 5: FAR(60) sink += 5; break;
  case 6: FAR(70) sink += 6; break;
  case 7: FAR(80) sink += 7; break;
  default: return 0;
  }
  return sink;
}

MODULE(EXPORT(MP_QSTR_near, near) EXPORT(MP_QSTR_far, far))
