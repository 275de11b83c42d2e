// SPDX-License-Identifier: MIT
// Bytecode with other numbers of qstrs and objects. The numbers have as many bytes as they need, so
// in version 6 instructions move, and jumps and line numbers follow.
#pragma once

#include "mpy/Module.h"
#include "support/Result.h"

#include <optional>

namespace mpylink::mpy {

/// The new number of each qstr, and in version 6 of each object.
struct Numbering {
  std::vector<uint32_t> qstrs, objects;
};

/// Changes all numbers in `code`, of a module with the version and features of `module`, and in its
/// children. Native code of version 6 cannot be changed: there must be none.
std::optional<Failure> renumber(RawCode &code, const Module &module, const Numbering &numbering);

} // namespace mpylink::mpy
