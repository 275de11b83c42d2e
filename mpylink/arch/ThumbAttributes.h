// SPDX-License-Identifier: MIT
// Which Cortex-M runs an object's code, and how that code passes floats and stores enumerations,
// read from the object's build attributes. See Arch for what the functions do.
#pragma once

#include "arch/Families.h"

namespace mpylink::arch::thumb_attributes {

Result<ObjectAbi> objectAbi(ByteView attributes);
std::string mismatch(const ObjectAbi &object, const abi::ArchInfo &target);
std::string conflict(const ObjectAbi &a, const ObjectAbi &b);

} // namespace mpylink::arch::thumb_attributes
