// SPDX-License-Identifier: MIT
// What lies where in a linked module, for the map and the report.
#pragma once

#include "link/SymbolIndex.h"

#include <array>

namespace mpylink::link {

/// The name of a block in maps, reports and messages.
std::string_view nameOf(mpy::Segment segment);

/// A chunk, or what the linker adds.
struct Piece {
  uint64_t address, size, align;
  std::string name; ///< "file:(section)", or "<...>" for what the linker adds.
  std::optional<uint32_t> chunk;
};

/// A symbol of a chunk.
struct PlacedSymbol {
  uint64_t address;
  const Named *named;
};

class Contents {
public:
  explicit Contents(const Layout &layout);

  /// By address.
  std::span<const Piece> pieces(mpy::Segment segment) const {
    return segments[static_cast<size_t>(segment)];
  }
  std::vector<PlacedSymbol> symbolsOf(uint32_t chunk) const;
  /// The symbol or piece at an address: "table+0x8"; empty where nothing is.
  std::string at(mpy::Segment segment, uint64_t address) const;
  /// "rodata+0x8 (table)", "mp_fun_table.memset_", "GOT", or a number.
  std::string describe(const Target &target) const;
  /// The symbol around a place of a chunk.
  std::string owner(const Chunk &chunk, uint64_t offset) const {
    return symbols.ownerOf(chunk.section, chunk.sectionOffset + offset);
  }
  const SymbolIndex &index() const { return symbols; }

private:
  void addChunks();
  void addSynthetic();
  void add(mpy::Segment segment, Piece piece) {
    segments[static_cast<size_t>(segment)].push_back(std::move(piece));
  }

  const Layout &layout;
  const Program &program;
  SymbolIndex symbols;
  std::array<std::vector<Piece>, 3> segments;
};

} // namespace mpylink::link
