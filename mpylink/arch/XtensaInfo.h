// SPDX-License-Identifier: MIT
// Which of the two calling conventions an object has, read from the note that the assembler makes.
// See Arch for what the functions do.
#pragma once

#include "arch/Families.h"

namespace mpylink::arch::xtensa_info {

Result<ObjectAbi> objectAbi(ByteView notes);
std::string mismatch(const ObjectAbi &object, const abi::ArchInfo &target);
std::string conflict(const ObjectAbi &a, const ObjectAbi &b);

} // namespace mpylink::arch::xtensa_info
