// SPDX-License-Identifier: MIT
// The header of every native module: the API of MicroPython's py/dynruntime.h, and what that header
// brings from py/obj.h, py/runtime.h and the like, without a MicroPython source tree. The other
// headers in py/ lead here.
//
// -DMPY_ABI=0x0603 chooses the ABI (the default); -DMP_CONFIGFILE='<file>' names the config header
// made by `mpylink -preprocess`; -DMICROPY_FLOAT_IMPL=MICROPY_FLOAT_IMPL_{NONE,FLOAT,DOUBLE}
// chooses mp_float_t.
#ifndef MPYLINK_PY_DYNRUNTIME_H
#define MPYLINK_PY_DYNRUNTIME_H

#include "mpylink/abi.h"

#if MPY_HAS_ABI
#include "mpylink/compat.h"
#include "mpylink/memory.h"
#include "mpylink/nlr.h"
#include "mpylink/object.h"
#include "mpylink/runtime.h"
#include "mpylink/util.h"
#endif

#endif
