// SPDX-License-Identifier: MIT
#include "link/Constructors.h"

#include "link/Passes.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/BinaryFormat/ELF.h"

#include <algorithm>

namespace mpylink::link {

/// The lists of old compilers, which are read backwards.
static bool isOld(const elf::Section &section) { return section.name.starts_with(".ctors"); }

/// Lower runs earlier: .preinit_array, then .init_array.N and .ctors.(65535 - N) by N, then those
/// without a number.
static uint32_t priority(const elf::Section &section) {
  constexpr uint32_t noNumber = 65536;
  if (section.type == llvm::ELF::SHT_PREINIT_ARRAY || section.name.starts_with(".preinit_array"))
    return 0;
  const llvm::StringRef name(section.name.data(), section.name.size());
  uint32_t number = 0;
  if (name.rsplit('.').second.getAsInteger(10, number) || number >= noNumber)
    return noNumber + 1;
  return 1 + (isOld(section) ? noNumber - 1 - number : number);
}

std::vector<ConstructorList> constructorLists(const Live &live) {
  const Resolved &resolved = live.resolved;
  std::vector<ConstructorList> lists;
  for (uint32_t i = 0; i < resolved.sectionCount(); ++i)
    if (live.sections[i] &&
        contentOf(resolved.section(i), *resolved.inputs.arch) == Content::Constructors)
      lists.push_back({i, resolved.section(i).size, isOld(resolved.section(i))});
  std::ranges::stable_sort(lists, {}, [&](const ConstructorList &list) {
    return priority(resolved.section(list.section));
  });
  return lists;
}

} // namespace mpylink::link
