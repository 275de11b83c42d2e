// SPDX-License-Identifier: MIT
// The architectures there are, one function per file of this folder, and what their tables share.
#pragma once

#include "arch/Arch.h"

namespace mpylink::arch {

const Arch &x86();
const Arch &x64();
const Arch &thumb();
const Arch &xtensa();
const Arch &riscv32();
const Arch &riscv64();

constexpr std::string_view adviceTls =
    "make the variable an ordinary one: modules have one thread, and this way to reach a "
    "thread-local variable cannot be rewritten";
constexpr std::string_view adviceTlsModel =
    "compile with -fpic, and without -ftls-model, -fpie and -mtls-dialect: this way to reach a "
    "thread-local variable cannot be rewritten";
constexpr std::string_view adviceDynamic =
    "this relocation belongs into linked files: give mpylink the object as the compiler made it";

/// The row of a relocation that no module can have.
constexpr RelocDesc refused(uint32_t type, std::string_view name, std::string_view advice) {
  return {type, name, Need::Refused, 0, 0, Range::Signed, 1, advice};
}

} // namespace mpylink::arch
