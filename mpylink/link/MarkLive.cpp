// SPDX-License-Identifier: MIT
// Section garbage collection: what the entry function does not reach is not needed. Sections left
// out by kind (debug, notes, unwind tables) are never live and keep nothing alive.
#include "link/Passes.h"

#include "llvm/BinaryFormat/ELF.h"

#include <unordered_set>

namespace mpylink::link {

namespace {

using namespace llvm::ELF;

/// "name" or "name.anything".
bool isNamed(const elf::Section &section, std::string_view name) {
  return section.name.starts_with(name) &&
         (section.name.size() == name.size() || section.name[name.size()] == '.');
}

class Marker {
public:
  explicit Marker(const Resolved &resolved)
      : live{resolved, std::vector<bool>(resolved.sectionCount()),
             std::vector<Cause>(resolved.sectionCount())} {
    groupOf.resize(resolved.sectionCount());
    for (uint32_t i = 0; i < resolved.objects.size(); ++i)
      for (const elf::Group &group : resolved.objects[i]->groups)
        for (uint32_t member : group.members)
          groupOf[resolved.firstSection[i] + member] = &group;
  }

  void mark(uint32_t section, const Cause &cause) {
    if (live.sections[section] || live.resolved.dropped[section] || !canBeLive(section))
      return;
    live.sections[section] = true;
    live.causes[section] = cause;
    pending.push_back(section);
  }

  void mark(const Target &target, const Cause &cause) {
    if (target.kind == Target::Kind::Inside)
      mark(target.index, cause);
    else if (target.kind == Target::Kind::Bound)
      for (const uint32_t section : live.resolved.runs[target.index])
        mark(section, cause);
  }

  Live run() {
    const Resolved &resolved = live.resolved;
    for (size_t next = 0; next < pending.size(); ++next) {
      const uint32_t number = pending[next];
      const uint32_t object = resolved.objectOf(number);
      const std::vector<Target> &targets = resolved.targets[object];
      for (const elf::Reloc &reloc : resolved.section(number).relocs)
        if (reloc.symbol < targets.size())
          mark(targets[reloc.symbol], {Cause::Kind::Reference, number, &reloc});
      // The members of a group stand or fall together.
      if (const elf::Group *group = groupOf[number]; group && marked.insert(group).second)
        for (uint32_t member : group->members)
          mark(resolved.firstSection[object] + member, {Cause::Kind::Group, number});
    }
    return std::move(live);
  }

  bool canBeLive(uint32_t section) const {
    const elf::Object &object = *live.resolved.objects[live.resolved.objectOf(section)];
    return contentOf(live.resolved.section(section), *object.arch) != Content::LeftOut;
  }

private:
  Live live;
  std::vector<const elf::Group *> groupOf; ///< By section number.
  std::unordered_set<const elf::Group *> marked;
  std::vector<uint32_t> pending; ///< All that are live, those to be looked at last.
};

} // namespace

Content contentOf(const elf::Section &section, const arch::Arch &arch) {
  // A module is never unloaded, so nothing runs at its end.
  if (!section.has(SHF_ALLOC) || section.type == SHT_NOTE || arch.isUnwindTable(section.name) ||
      section.type == SHT_FINI_ARRAY || isNamed(section, ".fini_array") ||
      isNamed(section, ".dtors"))
    return Content::LeftOut;
  if (section.type == SHT_INIT_ARRAY || section.type == SHT_PREINIT_ARRAY ||
      isNamed(section, ".init_array") || isNamed(section, ".preinit_array") ||
      isNamed(section, ".ctors"))
    return Content::Constructors;
  if (section.has(SHF_EXECINSTR))
    return arch.isLiteralPool(section.name) ? Content::Literal : Content::Code;
  if (section.type == SHT_NOBITS)
    return Content::Zero;
  // Constants with addresses in them: writable for a dynamic linker only, and a loader relocates
  // words of the text as well.
  if (!section.has(SHF_WRITE) || isNamed(section, ".data.rel.ro"))
    return Content::ReadOnly;
  return Content::Data;
}

Live markLive(const Resolved &resolved, const Options &options) {
  Marker marker(resolved);
  marker.mark(resolved.entry, {Cause::Kind::Entry});
  for (const Target &root : resolved.roots)
    marker.mark(root, {Cause::Kind::Wanted});
  for (uint32_t i = 0; i < resolved.sectionCount(); ++i) {
    const elf::Section &section = resolved.section(i);
    if (contentOf(section, *resolved.inputs.arch) == Content::Constructors)
      marker.mark(i, {Cause::Kind::Constructor});
    else if (section.has(SHF_GNU_RETAIN))
      marker.mark(i, {Cause::Kind::Retained});
    else if (!options.gcSections)
      marker.mark(i, {Cause::Kind::Kept});
  }
  return marker.run();
}

} // namespace mpylink::link
