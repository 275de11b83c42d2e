// SPDX-License-Identifier: MIT
// Literals -> pools. An instruction loads a literal at a limited distance in front of it, so long
// code has several pools, and a literal that is used in the reach of several has a copy in each.
#pragma once

#include "link/Stages.h"

namespace mpylink::link {

/// Fills `program.pools` with all code and literals.
void placePools(Program &program);

} // namespace mpylink::link
