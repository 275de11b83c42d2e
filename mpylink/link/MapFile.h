// SPDX-License-Identifier: MIT
#pragma once

#include "link/Stages.h"

namespace mpylink::link {

/// The map file: sections by segment, symbols, GOT slots, stubs, relocated words, and what was left
/// out.
std::string writeMap(const Layout &layout, const Image &image);

} // namespace mpylink::link
