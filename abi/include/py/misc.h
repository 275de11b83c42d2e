// SPDX-License-Identifier: MIT
// For sources that name this header of MicroPython.
#include "py/dynruntime.h"
