// SPDX-License-Identifier: MIT
// Which firmwares load a module.
#pragma once

#include "mpy/Module.h"

#include <string>
#include <vector>

namespace mpylink::loader {

/// "1.23 and later", "1.12 to 1.18": the releases whose firmware loads the version, sub-version,
/// architecture and flags of the header; "none" if there is no such release.
std::string releasesThatLoad(const mpy::Module &module);

/// Who refuses the module or cannot run it rightly, and why; a sentence each.
std::vector<std::string> refusals(const mpy::Module &module);

/// Whether a native raw code has a relocated text word with the start of each of its blocks.
/// Without one, the garbage collector of some firmwares frees the variables.
bool keepsData(const mpy::Module &module, const mpy::RawCode &raw);

/// Bytes that a firmware asks its allocators for.
struct LoadedSize {
  uint64_t text = 0;     ///< Machine code.
  uint64_t bytecode = 0; ///< With the preludes.
  uint64_t rodata = 0;
  uint64_t bss = 0;
  uint64_t tables = 0;   ///< Qstr and object tables; version 5: the constants of each raw code.
  uint64_t rawCodes = 0; ///< What describes raw codes, and their lists of children.

  uint64_t total() const { return text + bytecode + rodata + bss + tables + rawCodes; }
};
LoadedSize loadedSize(const mpy::Module &module, unsigned wordSize);

} // namespace mpylink::loader
