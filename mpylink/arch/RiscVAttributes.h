// SPDX-License-Identifier: MIT
// Which instruction set extensions an object's code uses, read from its ELF header and build
// attributes. See Arch for what the functions do.
#pragma once

#include "arch/Families.h"

namespace mpylink::arch::riscv_attributes {

Result<ObjectAbi> objectAbi(unsigned wordSize, uint32_t elfFlags, ByteView attributes);
std::string mismatch(const ObjectAbi &object, const abi::ArchInfo &target);
uint32_t archFlags(const ObjectAbi &object, const abi::ArchInfo &target);
std::string caution(const ObjectAbi &object, const abi::ArchInfo &target);

} // namespace mpylink::arch::riscv_attributes
