// SPDX-License-Identifier: MIT
#include "link/CrossReference.h"

#include "llvm/Demangle/Demangle.h"
#include "llvm/Support/FormatVariadic.h"

#include <algorithm>
#include <map>

namespace mpylink::link {

namespace {

struct Entry {
  std::string definition;
  std::vector<uint32_t> users; ///< Objects, ascending.
};

class Collector {
public:
  Collector(const Live &live, const Contents &contents)
      : live(live), resolved(live.resolved), contents(contents) {}

  std::map<std::string_view, Entry> run() {
    for (uint32_t i = 0; i < resolved.sectionCount(); ++i)
      if (live.sections[i])
        addReferences(i);
    for (uint32_t i = 0; i < resolved.objects.size(); ++i)
      addDefinitions(i);
    return std::move(entries);
  }

private:
  void addReferences(uint32_t section) {
    const uint32_t index = resolved.objectOf(section);
    const elf::Object &object = *resolved.objects[index];
    for (const elf::Reloc &reloc : resolved.section(section).relocs) {
      if (reloc.symbol >= object.symbols.size())
        continue;
      const elf::Symbol &symbol = object.symbols[reloc.symbol];
      const Target &target = resolved.targets[index][reloc.symbol];
      if (symbol.isLocal() || symbol.name.empty())
        continue;
      Entry &entry = entries[symbol.name];
      const bool isInside = target.kind == Target::Kind::Inside;
      if (!isInside)
        entry.definition = target.kind == Target::Kind::Null    ? "nothing (weak)"
                           : target.kind == Target::Kind::Bound ? "the linker"
                                                                : contents.describe(target);
      const bool isOwn = isInside && resolved.objectOf(target.index) == index;
      if (!isOwn && (entry.users.empty() || entry.users.back() != index))
        entry.users.push_back(index);
    }
  }

  void addDefinitions(uint32_t index) {
    const elf::Object &object = *resolved.objects[index];
    for (size_t i = 0; i < object.symbols.size(); ++i) {
      const elf::Symbol &symbol = object.symbols[i];
      const Target &target = resolved.targets[index][i];
      if (!symbol.isLocal() && !symbol.name.empty() && symbol.place == elf::Place::Section &&
          target.kind == Target::Kind::Inside && live.sections[target.index] &&
          resolved.objectOf(target.index) == index)
        entries[symbol.name].definition = object.name;
    }
  }

  const Live &live;
  const Resolved &resolved;
  const Contents &contents;
  std::map<std::string_view, Entry> entries;
};

} // namespace

std::string crossReference(const Live &live, const Contents &contents) {
  std::string text;
  const auto row = [&](const std::string &left, const std::string &right) {
    text += llvm::formatv("{0,-40} {1}\n", left, right).str();
  };
  for (const auto &[name, entry] : Collector(live, contents).run()) {
    row(llvm::demangle(name), entry.definition);
    for (uint32_t user : entry.users)
      row("", live.resolved.objects[user]->name);
  }
  return text;
}

} // namespace mpylink::link
