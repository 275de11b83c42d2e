// SPDX-License-Identifier: MIT
// A module in memory as the reference loader leaves it.
#pragma once

#include "Build.h"

#include "loader/Loader.h"

namespace linktest {

/// Two loads: no block moves by the same distance, and all stay aligned.
constexpr loader::Bases lowBases = {0x10000000, 0x20000000, 0x30000000,
                                    0x38000000, 0x40000000, 0x50000000};
constexpr loader::Bases highBases = {0x10100040, 0x20200080, 0x30300100,
                                     0x38400200, 0x40500400, 0x50600800};

class Memory {
public:
  Memory(const mpy::Module &module, const loader::Bases &bases)
      : word(abi::findArch(module.arch)->wordSize), bases(bases) {
    const auto *abi = abi::findAbi(module.version, module.subVersion);
    auto loaded = loader::load(module, word, static_cast<unsigned>(abi->funTable.size()), bases);
    REQUIRE(loaded);
    image = std::move(*loaded);
  }

  bool inText(uint64_t address) const {
    return address >= bases.text && address - bases.text <= image.text.size();
  }
  /// The bytes from `address` to the end of its block; empty outside of both blocks.
  ByteView from(uint64_t address) const {
    if (inText(address))
      return ByteView(image.text).subspan(address - bases.text);
    if (address >= bases.data && address - bases.data <= image.data.size())
      return ByteView(image.data).subspan(address - bases.data);
    return {};
  }
  uint64_t read(uint64_t address, unsigned bytes) const {
    const ByteView at = from(address);
    INFO("address " << hex(address));
    REQUIRE(at.size() >= bytes);
    return readUint(at.first(bytes));
  }
  int64_t readSigned(uint64_t address, unsigned bytes) const {
    return signExtend(read(address, bytes), bytes * 8);
  }
  /// An address as the processor computes it.
  uint64_t wrap(uint64_t address) const { return word == 4 ? uint32_t(address) : address; }
  uint64_t entry(unsigned index) const { return bases.funEntries + index * word; }

  unsigned word;
  loader::Bases bases;
  loader::Image image;
};

} // namespace linktest
