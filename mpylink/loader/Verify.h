// SPDX-License-Identifier: MIT
// Is a module sound? What the Reader cannot see in single fields: that they fit together.
#pragma once

#include "mpy/Module.h"

#include <string>
#include <vector>

namespace mpylink::loader {

struct Problem {
  std::string place; ///< "raw code 0.2", or empty for the module as a whole.
  std::string text;
};

/// Checks every index, name, flag and instruction of a module that was read or linked, and loads
/// its native code at two places to see that exactly the listed words depend on the addresses.
std::vector<Problem> verify(const mpy::Module &module);

/// "raw code", "raw code 0", "raw code 0.2": children are counted from 0.
std::string placeName(const std::vector<size_t> &path);

} // namespace mpylink::loader
