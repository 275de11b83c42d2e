// SPDX-License-Identifier: MIT
// Whole .mpy files as bytes, for the tests of the format. Each loads in real firmwares of its
// version, except `riscvFlags` and `tables`, which only put rare fields together.
#pragma once

#include "support/Bytes.h"

#include <cctype>
#include <string>
#include <string_view>
#include <vector>

namespace samples {

/// Bytes from pairs of hex digits; white space separates at will.
inline mpylink::Bytes hex(std::string_view text) {
  mpylink::Bytes bytes;
  std::string pair;
  for (char c : text) {
    if (std::isspace(static_cast<unsigned char>(c)))
      continue;
    pair += c;
    if (pair.size() == 2) {
      bytes.push_back(static_cast<uint8_t>(std::stoul(pair, nullptr, 16)));
      pair.clear();
    }
  }
  return bytes;
}

constexpr size_t nativeCodeOffset = 0x18;
constexpr size_t nativeCodeSize = 96;

/// x64, with rodata, bss and five relocations: text words 7 to 11 are a GOT.
inline mpylink::Bytes native() {
  return hex("4d06 0b1f 02 00"
             "0c 65782e6d7079 00  0c 616e73776572 00"
             "8602"
             "eb06660f1f44000053488d1d28000000 488b4b10ff01488b5308488b32488b43"
             "180fb77802488b03ff5068488b43205b c30f1f80000000000000000000000000"
             "00000000000000000000000000000000 00000000000000000000000000000000"
             "70 08 04 5500000000000000"
             "110e 04 08 0c 12 ff");
}

/// Bytecode: three nested functions, and a tuple of constants.
inline mpylink::Bytes bytecode() {
  return hex("4d06001f09010e64656d6f2e7079000f 026600026700024b0002610002620002"
             "6b000b0a050716313138303539313632 30373137343131333033343234051461"
             "20737472696e67207769746820737061 63657300060200ff000803312e350481"
             "140804012423001604822a0153330016 02516301810ca2090d02050607404500"
             "b0200001c3b363014009060308602500 63");
}

/// Armv7-M: bytecode that holds a native, a viper and an assembler function.
inline mpylink::Bytes mixed() {
  return hex("4d06171f07010c6e61742e7079000f02 6e000276000273000261000262000081"
             "1c000601646432001602320116033202 1604516303834900000000feb586b047"
             "68be68ff683f6800900420039000a8d7 f8b440a047089c079d2a4621461b20bb"
             "6c984700f000b806b0febd1a06020506 348502feb54768be68ff683f68084611"
             "461d46002940f004800222904200f007 8040f20402c0f20402d7f8b030984728"
             "680521fb689847044668680221fb6898 4705462046405d02213b69984700f000"
             "b8febd0033f2b54018f2bd000202");
}

/// RV32, with the architecture flag Zba.
inline mpylink::Bytes riscvFlags() {
  return hex("4d06 6f1f 01 01 00 08 6d2e7079 00"
             "42 0000000000000000 10  01 00 10 ff");
}

/// Every kind of object, an empty qstr, and an assembler function with relocations.
inline mpylink::Bytes tables() {
  return hex("4d06 171f 03 0b  06 612e62 00  03  0f"
             "00 01 02 03 04  05 0161 00  06 00 00  07 022d31  08 03316535  09 02316a"
             "0a 03 01 0a 00 0a 01 04"
             "63 000000000000000000000000  10 02 05  01 00 10 ff");
}

/// All of the above: what damage is done to.
inline std::vector<mpylink::Bytes> all() {
  return {native(), bytecode(), mixed(), riscvFlags(), tables()};
}

} // namespace samples
