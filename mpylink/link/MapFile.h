// SPDX-License-Identifier: MIT
#pragma once

#include "link/Contents.h"

namespace mpylink::link {

/// The map file: inputs, sections and symbols by segment, GOT slots and stubs with their users,
/// relocated words, what was left out and why, and the cross reference. docs/map.md shows one.
std::string writeMap(const Contents &contents, const Layout &layout, const Image &image);

} // namespace mpylink::link
