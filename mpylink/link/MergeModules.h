// SPDX-License-Identifier: MIT
// .mpy files among the inputs: with what was linked, or alone, they become one module.
#pragma once

#include "link/Link.h"
#include "link/Stages.h"

namespace mpylink::link {

/// The .mpy files alone. Without a value, `diag` has errors.
std::optional<Linked> mergeAlone(const Inputs &inputs, const Options &options, Diag &diag);

/// Puts `linked` among the .mpy files, in the order of the command line.
void mergeLinked(Linked &linked, const Inputs &inputs, const Options &options, Diag &diag);

} // namespace mpylink::link
