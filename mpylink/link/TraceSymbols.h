// SPDX-License-Identifier: MIT
// -trace-symbol: who defines a symbol, and who refers to it.
#pragma once

#include "link/Stages.h"

namespace mpylink::link {

/// Lines as ld writes them: "a.o: definition of f", "b.o: reference to f". `names` may be mangled
/// or not.
std::string traceSymbols(const Resolved &resolved, const std::vector<std::string> &names);

} // namespace mpylink::link
