// SPDX-License-Identifier: MIT
// In which order global constructors run, by the rules of GNU ld.
#pragma once

#include "link/Stages.h"

namespace mpylink::link {

/// A live section with addresses of constructors.
struct ConstructorList {
  uint32_t section;
  uint64_t size;
  bool isReversed; ///< The last one runs first.
};

/// All of them, in the order in which they run.
std::vector<ConstructorList> constructorLists(const Live &live);

} // namespace mpylink::link
