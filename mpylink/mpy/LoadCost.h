// SPDX-License-Identifier: MIT
// The memory that a firmware takes for a module's code and data when it loads it. Not in it: the
// module object, names that the firmware does not have yet, and objects, which depend on the
// firmware.
#pragma once

#include "abi/Abi.h"
#include "mpy/Module.h"

namespace mpylink::mpy {

/// Bytes. Each allocation of the heap is rounded up to the garbage collector's blocks of four
/// words.
struct LoadCost {
  uint64_t code = 0;       ///< Heap: text and bytecode.
  uint64_t data = 0;       ///< Heap: rodata and bss.
  uint64_t tables = 0;     ///< Heap: numbers of qstrs, and objects; version 5: constants.
  uint64_t records = 0;    ///< Heap: what the loader notes about each raw code.
  uint64_t executable = 0; ///< Outside the heap.
  uint64_t passing = 0;    ///< Heap, while the module is loaded only.

  uint64_t heap() const { return code + data + tables + records; }
  uint64_t total() const { return heap() + executable; }
};

/// `arch` is the firmware's, whose words count.
LoadCost loadCost(const Module &module, const abi::ArchInfo &arch);

} // namespace mpylink::mpy
