// SPDX-License-Identifier: MIT
// The map's last table: where each global symbol is defined, and which objects refer to it.
#pragma once

#include "link/Contents.h"

namespace mpylink::link {

/// A line "symbol  definition" for each, and one for each other object that refers to it.
std::string crossReference(const Live &live, const Contents &contents);

} // namespace mpylink::link
