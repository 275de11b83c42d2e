// SPDX-License-Identifier: MIT
// Well-formed modules from a random number generator, for round trips. The same seed gives the same
// modules on every machine, so the library's distributions are not used.
#pragma once

#include "mpy/Module.h"

#include <algorithm>
#include <random>

namespace samples {

class RandomModule {
public:
  explicit RandomModule(uint32_t seed) : engine(seed) {}

  mpylink::mpy::Module next() {
    mpylink::mpy::Module module;
    module.subVersion = static_cast<uint8_t>(below(4));
    module.arch = static_cast<uint8_t>(1 + below(12));
    module.hasArchFlags = module.subVersion == 3 && below(4) == 0;
    if (module.hasArchFlags)
      module.archFlags = static_cast<uint32_t>(engine());
    module.smallIntBits = below(2) ? 31 : 63;
    for (uint32_t count = 1 + below(6); count != 0; --count)
      module.qstrs.push_back(qstr());
    for (uint32_t count = below(4); count != 0; --count)
      module.objects.push_back(object(0));
    module.code = rawCode(0);
    return module;
  }

  uint32_t below(uint32_t limit) { return static_cast<uint32_t>(engine() % limit); }

  /// Sorted relocations of the two blocks; runs, gaps and doubles are all likely.
  std::vector<mpylink::mpy::Reloc> relocs(uint32_t textWords, uint32_t rodataWords) {
    using namespace mpylink::mpy;
    std::vector<Reloc> result;
    for (Segment place : {Segment::Text, Segment::Rodata}) {
      uint32_t words = place == Segment::Text ? textWords : rodataWords;
      uint32_t density = 1 + below(4);
      Dest dest = Dest::Text;
      for (uint32_t word = 0; word < words; ++word) {
        if (below(4) >= density)
          continue;
        if (below(5) == 0)
          dest = static_cast<Dest>(below(7));
        uint8_t entry = dest == Dest::FunEntry ? static_cast<uint8_t>(below(118)) : 0;
        result.push_back({place, word, dest, entry});
        if (below(20) == 0)
          result.push_back(result.back());
      }
    }
    std::sort(result.begin(), result.end());
    return result;
  }

private:
  mpylink::Bytes bytes(uint32_t size) {
    mpylink::Bytes result(size);
    for (uint8_t &byte : result)
      byte = static_cast<uint8_t>(engine());
    return result;
  }

  std::string text(uint32_t size) {
    mpylink::Bytes raw = bytes(size);
    return {raw.begin(), raw.end()};
  }

  std::string qstr() {
    switch (below(4)) {
    case 0:
      return "__init__"; // A static one.
    case 1:
      return text(200 + below(56));
    default:
      return text(below(12));
    }
  }

  mpylink::mpy::Object object(unsigned depth) {
    using mpylink::mpy::ObjectKind;
    mpylink::mpy::Object result;
    result.kind = static_cast<ObjectKind>(below(11));
    if (result.kind == ObjectKind::Tuple) {
      for (uint32_t count = depth == 3 ? 0 : below(4); count != 0; --count)
        result.items.push_back(object(depth + 1));
    } else if (result.kind >= ObjectKind::Str) {
      result.text = text(below(300));
    }
    return result;
  }

  mpylink::mpy::RawCode rawCode(unsigned depth) {
    using namespace mpylink::mpy;
    RawCode raw;
    raw.kind = static_cast<CodeKind>(2 + below(4));
    raw.code = bytes(1 + below(600));
    if (raw.kind == CodeKind::NativePy)
      raw.preludeOffset = below(static_cast<uint32_t>(raw.code.size()));
    bool viper = raw.kind == CodeKind::NativeViper;
    if (viper || raw.kind == CodeKind::NativeAsm)
      raw.scopeFlags = below(0x80);
    if (raw.kind == CodeKind::NativeAsm) {
      raw.positionalArgs = below(5);
      raw.typeSignature = below(1u << 20);
    }
    if (viper && raw.scopeFlags & scopeViperRodata)
      raw.rodata = bytes(below(200));
    if (viper && raw.scopeFlags & scopeViperBss)
      raw.bssSize = below(5000);
    for (uint32_t count = depth == 2 ? 0 : below(3); count != 0; --count)
      raw.children.push_back(rawCode(depth + 1));
    // Words of 8 bytes, so that the module is right for every architecture.
    if (raw.scopeFlags & scopeViperReloc)
      raw.relocs = relocs(static_cast<uint32_t>(raw.code.size() / 8),
                          static_cast<uint32_t>(raw.rodata.size() / 8));
    return raw;
  }

  std::mt19937 engine;
};

} // namespace samples
