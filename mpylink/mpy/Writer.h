// SPDX-License-Identifier: MIT
#pragma once

#include "mpy/Module.h"

namespace mpylink::mpy {

/// The bytes of `module`, version 5 or 6.0 to 6.3. Relocations without a stream of their own are
/// sorted by place and encoded in the shortest form, so the result depends on the module's content
/// only, not on the order given. A module that was read gives the bytes it was read from, if those
/// have no number with leading zero groups and spell no string that has a known number.
/// The module must be well formed: qstrs of at most maxQstr bytes, no relocation of bss, and in
/// version 5 bytecode that can be walked, and no objects which that version lacks.
Bytes write(const Module &module);

} // namespace mpylink::mpy
