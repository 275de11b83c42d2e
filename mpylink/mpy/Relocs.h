// SPDX-License-Identifier: MIT
// The relocation byte stream of a raw code, ended by ff. An entry names what is added; the place
// it is added to moves on by a word and is given only when it jumps.
#pragma once

#include "mpy/Cursor.h"
#include "mpy/Module.h"

namespace mpylink::mpy {

/// Operation 127 with a location would read as the end of the stream, so it is not used at all.
constexpr uint8_t maxFunEntry = 117;

/// Appends the shortest stream for `relocs`, in sorted order, and its end mark. Several relocations
/// of one word are kept; each adds.
void appendRelocs(Bytes &out, std::vector<Reloc> relocs);

/// What a stream may touch. A run of 2^32 words takes seven bytes, hence `total`.
struct RelocLimits {
  uint32_t textWords = 0;
  uint32_t rodataWords = 0;
  size_t total = 0; ///< The number of relocations.
};

/// Reads a stream and its end mark, in the order of the stream.
std::vector<Reloc> readRelocs(Cursor &in, const RelocLimits &limits);

} // namespace mpylink::mpy
