// SPDX-License-Identifier: MIT
// The architectures there are; one function per file of this folder.
#pragma once

#include "arch/Arch.h"

namespace mpylink::arch {

const Arch &x86();
const Arch &x64();
const Arch &thumb();

} // namespace mpylink::arch
