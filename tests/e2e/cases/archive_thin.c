// SPDX-License-Identifier: MIT
// The same as archive.c with thin archives, which hold paths only.
//# THIN-ARCHIVE: -DFIRST | -DBROKEN | -DTHIRD
//# THIN-ARCHIVE: -DSECOND | -DFOURTH
//# RUN: m.chain(1) => 1111
//# RUN: m.data(0) => 7
#include "archive.h"
