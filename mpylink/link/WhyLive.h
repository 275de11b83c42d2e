// SPDX-License-Identifier: MIT
// -why-live: the chain of references from the module's entry to a symbol.
#pragma once

#include "link/Stages.h"

namespace mpylink::link {

/// For each of `names`, which may be mangled or not, the shortest such chain.
std::string whyLive(const Live &live, const std::vector<std::string> &names);

} // namespace mpylink::link
