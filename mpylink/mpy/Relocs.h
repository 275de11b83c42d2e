// SPDX-License-Identifier: MIT
// The relocation byte stream of a raw code, ended by ff. An entry names what is added; the place
// it is added to moves on by a word and is given only when it jumps.
#pragma once

#include "mpy/Cursor.h"
#include "mpy/Module.h"

#include <array>
#include <optional>
#include <span>

namespace mpylink::mpy {

/// What the operations of a stream mean. Operations 0, 2 and 4 add the address of a block, and the
/// odd ones after them do so for a number of words; then come tables and entries of the fun table.
struct RelocForm {
  std::array<std::optional<Dest>, 3> blocks;
  std::span<const Dest> tables;

  static constexpr unsigned firstTable = 6;
  unsigned firstEntry() const { return firstTable + static_cast<unsigned>(tables.size()); }
  /// Operation 127 with a location would read as the end of the stream, so it is not used at all.
  uint8_t maxEntry() const { return static_cast<uint8_t>(126 - firstEntry()); }
};

/// Version 5 numbers the blocks that exist, version 6 all.
RelocForm relocForm(uint8_t version, const RawCode &raw);

/// The highest entry of the fun table that version 6 reaches.
constexpr uint8_t maxFunEntry = 117;

/// The shortest stream for `relocs`, in sorted order, and its end mark. Several relocations of one
/// word are kept; each adds.
Bytes encodeRelocs(const RelocForm &form, std::vector<Reloc> relocs);

/// What a stream may touch. A run of 2^32 words takes seven bytes, hence `total`.
struct RelocLimits {
  uint32_t textWords = 0;
  uint32_t rodataWords = 0;
  size_t total = 0; ///< The number of relocations.
};

/// Reads a stream and its end mark, in the order of the stream.
std::vector<Reloc> readRelocs(Cursor &in, const RelocForm &form, const RelocLimits &limits);

} // namespace mpylink::mpy
