// SPDX-License-Identifier: MIT
// Which symbol is where, for what tells about a link: maps, reports, chains of references. Made on
// demand; no pass needs it.
#pragma once

#include "link/Stages.h"

namespace mpylink::link {

/// A symbol that an author knows: no section, file, or label of the compiler's own.
struct Named {
  uint64_t offset; ///< In its section.
  const elf::Symbol *symbol;
  uint64_t reach; ///< The furthest end of this one and all in front of it.

  std::string name() const; ///< Demangled.
};

class SymbolIndex {
public:
  explicit SymbolIndex(const Resolved &resolved);

  /// By offset.
  std::span<const Named> of(uint32_t section) const { return sections[section]; }
  /// What covers an offset of a section; null when no symbol does.
  const Named *at(uint32_t section, uint64_t offset) const;
  /// "name", "name+0x8", or "file:(section+0x8)" where no symbol is.
  std::string describe(uint32_t section, uint64_t offset) const;
  /// "name" of what covers the place, or "file:(section+0x8)".
  std::string ownerOf(uint32_t section, uint64_t offset) const;
  /// "file:(section+0x8)", without an offset "file:(section)".
  std::string place(uint32_t section, std::optional<uint64_t> offset = {}) const;

private:
  const Resolved &resolved;
  std::vector<std::vector<Named>> sections; ///< By section number.
};

} // namespace mpylink::link
