// SPDX-License-Identifier: MIT
// This release's loader has no number for rv64imc. Later ones have, and load it as they load code
// for x64.
#include_next "py/persistentcode.h"

#undef MPY_FEATURE_ARCH
#define MPY_FEATURE_ARCH (12)
