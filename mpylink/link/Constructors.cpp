// SPDX-License-Identifier: MIT
#include "link/Constructors.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/BinaryFormat/ELF.h"

namespace mpylink::link {

bool runsBackwards(const elf::Section &list) { return list.name.starts_with(".ctors"); }

uint32_t constructorPriority(const elf::Section &list) {
  // .preinit_array, then .init_array.N and .ctors.(65535 - N) by N, then those without a number.
  constexpr uint32_t noNumber = 65536;
  if (list.type == llvm::ELF::SHT_PREINIT_ARRAY || list.name.starts_with(".preinit_array"))
    return 0;
  const llvm::StringRef name(list.name.data(), list.name.size());
  uint32_t number = 0;
  if (name.rsplit('.').second.getAsInteger(10, number) || number >= noNumber)
    return noNumber + 1;
  return 1 + (runsBackwards(list) ? noNumber - 1 - number : number);
}

} // namespace mpylink::link
