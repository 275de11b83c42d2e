// SPDX-License-Identifier: MIT
// Whole .mpy files as bytes, for the tests of the format. Each loads in real firmwares of its
// version, except `riscvFlags`, `tables` and `cached5`, which only put rare fields together.
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

/// Version 5, x64: the like of native(). GOT at 0x30, and a qstr link at 0x58.
inline mpylink::Bytes native5() {
  return hex("4d050a1f20826aeb06660f1f44000053488d1d20000000488b4b10ff0148"
             "8b5308488b320fb77b28488b03ff5068488b43205bc30f1f000000000000"
             "000000000000000000000000000000000000000000000000000000000000"
             "000000000000000182600c616e7377657270000008550000000000000004"
             "0d0c04080f14ff");
}

/// Version 5: the like of bytecode(), with or without cache bytes.
inline mpylink::Bytes bytecode5(bool cached) {
  mpylink::Bytes file = hex("4d05021f208108200c00070e64656d6f2e70792f00230023012302230323"
                            "042a0516024b822a01533305160266516305016916313138303539313632"
                            "3037313734313133303334323473146120737472696e6720776974682073"
                            "7061636573620200ff6603312e356548a2090f010540450000b0200301c3"
                            "b363000102610262026b2c090c026709600025006300000005");
  file[2] = cached ? 3 : 2;
  return file;
}

/// Version 5, Armv7-M: the like of mixed().
inline mpylink::Bytes mixed5() {
  return hex("4d05161f2068000e00070c6e61742e7079656500320016026e3201160276"
             "3202160273516300038161feb586b0c668b768009040f232000190042003"
             "9000a8d7f8b440a047089c079d2a4621461b20bb6c984700f000b806b0fe"
             "bd1a085501540100320507000002610262823afeb5c6683768084611461e"
             "46002940f004800222904200f0078040f20402c0f20402d7f8b030984730"
             "680521fb689847044670680221fb689847054620464019007802213b6998"
             "4700f000b8febd000000001bf2b54018f2bd000202");
}

/// Version 5 with cache bytes: print(x.y), and x.y = 1, then a jump back to the start.
inline mpylink::Bytes cached5() {
  return hex("4d05 031f20 8108 00 0a 0007 06612e70 00"
             "12 027000 12 027800 13 027900 3401 59 82 12 0300 18 0300 42 e57f 00 00");
}

/// All of the above: what damage is done to.
inline std::vector<mpylink::Bytes> all() {
  return {native(),  bytecode(),       mixed(),  riscvFlags(), tables(),
          native5(), bytecode5(false), mixed5(), cached5()};
}

} // namespace samples
