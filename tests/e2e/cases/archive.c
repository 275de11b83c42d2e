// SPDX-License-Identifier: MIT
// Members are fetched on demand, from archives that need each other, until nothing is missing; what
// nobody needs stays out, although it would not link. Names of members are longer than fit in the
// header.
//# ARCHIVE: -DFIRST | -DBROKEN | -DTHIRD
//# ARCHIVE: -DSECOND | -DFOURTH
//# RUN: m.chain(1) => 1111
//# RUN: m.data(0) => 7
#include "archive.h"
