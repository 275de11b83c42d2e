// SPDX-License-Identifier: MIT
#include "link/WhyLive.h"

#include "elf/SourceLines.h"
#include "link/Discarded.h"

#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Demangle/Demangle.h"

#include <algorithm>
#include <ranges>
#include <set>

namespace mpylink::link {

namespace {

class Chains {
public:
  explicit Chains(const Live &live) : live(live), resolved(live.resolved), symbols(live.resolved) {}

  std::string of(const std::string &name) {
    // A symbol may be local to several objects, and the copies of a COMDAT group define one.
    std::set<std::pair<uint32_t, uint64_t>> places, left;
    std::vector<std::string_view> others;
    bool isOutside = false;
    for (uint32_t i = 0; i < resolved.objects.size(); ++i)
      for (const elf::Symbol &symbol : resolved.objects[i]->symbols) {
        if (symbol.name != name && llvm::demangle(symbol.name) != name) {
          others.push_back(symbol.name);
          continue;
        }
        isOutside |= symbol.place != elf::Place::Section;
        if (symbol.place != elf::Place::Section)
          continue;
        const uint32_t section = resolved.firstSection[i] + symbol.section;
        (live.sections[section] ? places : left)
            .emplace(section, elf::offsetOf(*resolved.objects[i], symbol));
      }
    std::string text;
    for (const auto &[section, offset] : places)
      text +=
          name + " (" + symbols.place(section, offset) + ") is in the module:\n" + chain(section);
    if (!text.empty())
      return text;
    for (const auto &[section, offset] : left)
      text += name + " (" + symbols.place(section, offset) +
              ") is not in the module: " + reason(section) + "\n";
    if (!text.empty())
      return text;
    if (isOutside)
      return name + " is not in the module: no object defines it in a section\n";
    const std::string_view near = nearest(name, others);
    return "no input has " + name +
           (near.empty() ? "" : ", did you mean " + std::string(near) + "?") + "\n";
  }

private:
  std::string reason(uint32_t section) const {
    const std::vector<Discarded> all = discarded(live, symbols);
    const auto entry = std::ranges::find(all, section, &Discarded::section);
    return entry == all.end() ? "its section is empty" : entry->why;
  }

  /// From the root on, a line for each step.
  std::string chain(uint32_t section) {
    std::vector<std::string> steps;
    for (;;) {
      const Cause &cause = live.causes[section];
      steps.push_back(">>> " + step(section, cause) + "\n");
      if (cause.kind != Cause::Kind::Group && cause.kind != Cause::Kind::Reference)
        break;
      section = cause.from;
    }
    std::string text;
    for (const std::string &line : steps | std::views::reverse)
      text += line;
    return text;
  }

  std::string step(uint32_t section, const Cause &cause) {
    switch (cause.kind) {
    case Cause::Kind::Entry:
      return symbols.describe(section, resolved.inputs.arch->codeAddress(resolved.entry.value)) +
             " is the entry function";
    case Cause::Kind::Wanted:
      return symbols.place(section) + " is kept by -u or -require-defined";
    case Cause::Kind::Constructor:
      return symbols.place(section) + " lists constructors, which run at the import";
    case Cause::Kind::Retained:
      return symbols.place(section) + " is marked to be kept (SHF_GNU_RETAIN)";
    case Cause::Kind::Kept:
      return symbols.place(section) + " is kept by -no-gc-sections";
    case Cause::Kind::Group:
      return symbols.place(cause.from) + " is in one group with " + symbols.place(section);
    case Cause::Kind::Reference:
      break;
    }
    const uint32_t object = resolved.objectOf(cause.from);
    const uint32_t inObject = cause.from - resolved.firstSection[object];
    const std::string line = lines.at(*resolved.objects[object], inObject, cause.reloc->offset);
    return symbols.place(cause.from, cause.reloc->offset) + (line.empty() ? "" : ", " + line) +
           ": refers to " + nameOf(object, *cause.reloc);
  }

  std::string nameOf(uint32_t object, const elf::Reloc &reloc) const {
    const elf::Symbol &symbol = resolved.objects[object]->symbols[reloc.symbol];
    const Target &target = resolved.targets[object][reloc.symbol];
    if (symbol.type != llvm::ELF::STT_SECTION && !symbol.name.empty() &&
        !symbol.name.starts_with(".L"))
      return llvm::demangle(symbol.name);
    const uint64_t size = resolved.section(target.index).size;
    const uint64_t offset = target.value + static_cast<uint64_t>(reloc.addend);
    if (offset < size)
      return symbols.ownerOf(target.index, offset);
    // The addend of a distance counts from behind the field, so that the sum may be in front.
    const std::span<const Named> all = symbols.of(target.index);
    return all.size() == 1 ? all.front().name() : symbols.place(target.index);
  }

  const Live &live;
  const Resolved &resolved;
  SymbolIndex symbols;
  elf::SourceLines lines;
};

} // namespace

std::string whyLive(const Live &live, const std::vector<std::string> &names) {
  if (names.empty())
    return {};
  Chains chains(live);
  std::string text;
  for (const std::string &name : names)
    text += chains.of(name);
  return text;
}

} // namespace mpylink::link
