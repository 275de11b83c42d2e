// SPDX-License-Identifier: MIT
// What is not part of the module, and why.
#pragma once

#include "link/SymbolIndex.h"

namespace mpylink::link {

struct Discarded {
  uint32_t section; ///< Its number.
  bool unused;      ///< Nothing needs it; else its kind is the reason.
  std::string why;
};

/// The sections that objects want in memory and the module has not, without empty ones.
std::vector<Discarded> discarded(const Live &live, const SymbolIndex &symbols);

/// -print-gc-sections: a line for each section that nothing needs.
std::string gcListing(const Live &live);

} // namespace mpylink::link
