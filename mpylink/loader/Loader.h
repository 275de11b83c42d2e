// SPDX-License-Identifier: MIT
// A reference loader: does to a native module what a firmware's loader does, at base addresses of
// the caller's choice. Loading twice at different bases shows which words are relocated.
#pragma once

#include "mpy/Module.h"
#include "support/Result.h"

namespace mpylink::loader {

/// Where a firmware would have put things.
struct Bases {
  uint64_t text = 0;
  uint64_t data = 0; ///< The block for bss and rodata; version 5 has two, which are adjacent here.
  uint64_t qstrTable = 0;
  uint64_t objTable = 0;
  uint64_t funTable = 0;
  uint64_t funEntries = 0; ///< Entry n of the fun table has the value funEntries + n * wordSize.
};

struct Image {
  Bytes text;
  Bytes data; ///< bss, zeroed, then rodata.
  uint64_t bss = 0;
  uint64_t rodata = 0; ///< Addresses of the two parts.
};

/// Loads a native raw code of `module`. Fails where a firmware would refuse the file or write
/// outside a block: not native code, a relocated word outside its block, `funTableSize` exceeded.
Result<Image> load(const mpy::Module &module, const mpy::RawCode &raw, unsigned wordSize,
                   unsigned funTableSize, const Bases &bases);

/// Loads the outermost raw code.
Result<Image> load(const mpy::Module &module, unsigned wordSize, unsigned funTableSize,
                   const Bases &bases);

} // namespace mpylink::loader
