// SPDX-License-Identifier: MIT
// The generated declarations of the ABI that MPY_ABI names.
#ifndef MPYLINK_ABI_H
#define MPYLINK_ABI_H

#include "mpylink/mpy_config.h"

#if MPY_ABI == 0x0603
#include "mpylink/abi_6_3.h"
#define MPY_HAS_ABI 1
#else
#error "MPY_ABI names an ABI these headers do not have; they have 0x0603"
#define MPY_HAS_ABI 0
#endif

#endif
