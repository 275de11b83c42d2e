// SPDX-License-Identifier: MIT
// In which order global constructors run, by the rules of GNU ld.
#pragma once

#include "elf/Object.h"

namespace mpylink::link {

/// The place of a list of constructors among all: lower runs earlier, of equal ones the one of the
/// earlier object.
uint32_t constructorPriority(const elf::Section &list);

/// Whether the last constructor of a list runs first.
bool runsBackwards(const elf::Section &list);

} // namespace mpylink::link
