// SPDX-License-Identifier: MIT
#include "link/Discarded.h"

#include "link/Passes.h"

#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Demangle/Demangle.h"

#include <algorithm>
#include <unordered_map>

namespace mpylink::link {

namespace {

class Reasons {
public:
  Reasons(const Live &live, const SymbolIndex &symbols)
      : live(live), resolved(live.resolved), symbols(symbols) {
    for (uint32_t i = 0; i < resolved.sectionCount(); ++i)
      if (!live.sections[i] && !resolved.dropped[i] && isMemory(i))
        addReferences(i);
    for (const elf::Object *object : resolved.objects)
      for (const elf::Group &group : object->groups)
        if (group.comdat)
          groups.try_emplace(group.signature, object);
  }

  Discarded of(uint32_t number) const {
    if (resolved.dropped[number])
      return {number, false, whyDropped(number)};
    if (!isMemory(number))
      return {number, false, whyNoMemory(resolved.section(number))};
    const auto user = users.find(number);
    if (user == users.end())
      return {number, true, "nothing refers to it"};
    return {number, true,
            "only " + symbols.ownerOf(user->second.section, user->second.offset) +
                " refers to it, which is left out as well"};
  }

private:
  struct User {
    uint32_t section;
    uint64_t offset;
  };

  bool isMemory(uint32_t number) const {
    return contentOf(resolved.section(number), *resolved.inputs.arch) != Content::LeftOut;
  }

  void addReferences(uint32_t number) {
    const std::vector<Target> &targets = resolved.targets[resolved.objectOf(number)];
    for (const elf::Reloc &reloc : resolved.section(number).relocs) {
      if (reloc.symbol >= targets.size())
        continue;
      const Target &target = targets[reloc.symbol];
      if (target.kind == Target::Kind::Bound)
        for (const uint32_t section : resolved.runs[target.index])
          users.try_emplace(section, User{number, reloc.offset});
      else if (target.kind == Target::Kind::Inside && target.index != number)
        users.try_emplace(target.index, User{number, reloc.offset});
    }
  }

  std::string whyDropped(uint32_t number) const {
    const uint32_t index = resolved.objectOf(number);
    for (const elf::Group &group : resolved.objects[index]->groups)
      if (group.comdat && std::ranges::find(group.members, number - resolved.firstSection[index]) !=
                              group.members.end())
        return "the copy of " + llvm::demangle(group.signature) + " in " +
               groups.at(group.signature)->name + " is used";
    return {};
  }

  std::string whyNoMemory(const elf::Section &section) const {
    if (section.type == llvm::ELF::SHT_NOTE)
      return "a note, which nothing in a module reads";
    if (resolved.inputs.arch->isUnwindTable(section.name))
      return "an unwind table, which nothing in a module reads";
    return "destructors, and a module is never unloaded";
  }

  const Live &live;
  const Resolved &resolved;
  const SymbolIndex &symbols;
  std::unordered_map<uint32_t, User> users; ///< The first in a section that is left out.
  std::unordered_map<std::string_view, const elf::Object *> groups; ///< Whose copy is used.
};

} // namespace

std::vector<Discarded> discarded(const Live &live, const SymbolIndex &symbols) {
  const Resolved &resolved = live.resolved;
  const Reasons reasons(live, symbols);
  std::vector<Discarded> result;
  for (uint32_t i = 0; i < resolved.sectionCount(); ++i) {
    const elf::Section &section = resolved.section(i);
    if (section.has(llvm::ELF::SHF_ALLOC) && section.size != 0 && !live.sections[i])
      result.push_back(reasons.of(i));
  }
  return result;
}

std::string gcListing(const Live &live) {
  const SymbolIndex symbols(live.resolved);
  std::string text;
  for (const Discarded &entry : discarded(live, symbols))
    if (entry.unused)
      text += "removing unused section " + symbols.place(entry.section) + "\n";
  return text;
}

} // namespace mpylink::link
