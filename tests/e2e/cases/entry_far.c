// SPDX-License-Identifier: MIT
// More between the entry function and the start than some branch reaches: 128 KiB, a mebibyte, and
// the 4 MiB of Thumb branches before Cortex-M. (No microcontroller of the tests has the memory. Xtensa's
// only jump reaches 128 KiB.)
//# ARCH: x64 x86 arm riscv
//# INTERPRETERS: unix-*
//# CC: gcc
//# MATRIX: one
//# CFLAGS: -fno-function-sections -fno-toplevel-reorder -DGAP=140000
//# CFLAGS: -fno-function-sections -fno-toplevel-reorder -DGAP=1100000
//# CFLAGS: -fno-function-sections -fno-toplevel-reorder -DGAP=5000000
//# RUN: m.add(41) => 42
//# RUN: m.last(41) => 40
#include "gap.h"
