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

} // namespace mpylink::loader
