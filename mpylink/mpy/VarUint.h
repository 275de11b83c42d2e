// SPDX-License-Identifier: MIT
// The number encoding of .mpy files: groups of 7 bits, the most significant first, bit 7 set in
// every byte but the last. Cursor reads it.
#pragma once

#include "support/Bytes.h"

namespace mpylink::mpy {

/// Appends the shortest encoding of `value`.
inline void appendVarUint(Bytes &out, uint64_t value) {
  unsigned shift = 0;
  while (shift + 7 < 64 && value >> (shift + 7) != 0)
    shift += 7;
  for (; shift != 0; shift -= 7)
    out.push_back(static_cast<uint8_t>(0x80 | (value >> shift & 0x7f)));
  out.push_back(static_cast<uint8_t>(value & 0x7f));
}

} // namespace mpylink::mpy
