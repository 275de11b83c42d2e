// SPDX-License-Identifier: MIT
// The entry function is not the first of its section: an entry jump of the shortest form.
//# CC: gcc
//# MATRIX: one
//# CFLAGS: -fno-function-sections -fno-toplevel-reorder -DGAP=2
//# CFLAGS: -fno-function-sections -fno-toplevel-reorder -DGAP=60
//# CFLAGS: -fno-function-sections -fno-toplevel-reorder -DGAP=300
//# CFLAGS: -fno-function-sections -fno-toplevel-reorder -DGAP=2030
//# CFLAGS: -fno-function-sections -fno-toplevel-reorder -DGAP=2100
//# CFLAGS: -fno-function-sections -fno-toplevel-reorder -DGAP=5000
//# RUN: m.add(41) => 42
//# RUN: m.last(41) => 40
#include "gap.h"
