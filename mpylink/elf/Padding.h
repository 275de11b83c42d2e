// SPDX-License-Identifier: MIT
// Assemblers that leave relaxation to the linker (RISC-V) do not know where code will lie: they
// insert the padding of the worst case and a relocation that asks the linker to take out the rest.
#pragma once

#include "elf/Object.h"

namespace mpylink::elf {

/// Takes out all padding that no alignment needs; symbols and relocations move along, and no
/// Need::Padding stays. False after a problem told to `diag`.
bool trimPadding(Object &object, Diag &diag);

} // namespace mpylink::elf
