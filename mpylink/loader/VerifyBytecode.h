// SPDX-License-Identifier: MIT
// The checks of a Python function's prelude and instructions.
#pragma once

#include "mpy/Module.h"

#include <functional>
#include <string>

namespace mpylink::loader {

using Report = std::function<void(const std::string &)>;

/// Bytecode: the prelude, and every operand, jump and line number.
void verifyBytecode(const mpy::Module &module, const mpy::RawCode &raw, const Report &report);
/// Native code of MicroPython's own compiler: the prelude behind it.
void verifyNativePrelude(const mpy::Module &module, const mpy::RawCode &raw, const Report &report);

} // namespace mpylink::loader
