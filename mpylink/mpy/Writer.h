// SPDX-License-Identifier: MIT
#pragma once

#include "mpy/Module.h"

namespace mpylink::mpy {

/// The bytes of `module`, versions 6.0 to 6.3. Relocations are sorted by place and encoded in the
/// shortest form, so the result depends on the module's content only, not on the order given.
/// The module must be well formed: qstrs of at most maxQstr bytes, no relocation of bss.
Bytes write(const Module &module);

} // namespace mpylink::mpy
