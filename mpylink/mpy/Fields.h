// SPDX-License-Identifier: MIT
// Which optional fields a raw code has in a version 6 file. The answer depends on its kind and its
// scope flags only; Reader, Writer and Loader must agree on it.
#pragma once

#include "mpy/Module.h"

namespace mpylink::mpy {

struct Fields {
  bool preludeOffset;
  bool scopeFlags;
  bool signature; ///< Number of positional arguments and type signature.
  bool rodata;
  bool bss;
  bool relocs;
};

constexpr Fields fieldsOf(CodeKind kind, uint32_t scopeFlags) {
  bool viper = kind == CodeKind::NativeViper;
  bool scoped = viper || kind == CodeKind::NativeAsm;
  return {.preludeOffset = kind == CodeKind::NativePy,
          .scopeFlags = scoped,
          .signature = kind == CodeKind::NativeAsm,
          .rodata = viper && (scopeFlags & scopeViperRodata) != 0,
          .bss = viper && (scopeFlags & scopeViperBss) != 0,
          .relocs = scoped && (scopeFlags & scopeViperReloc) != 0};
}

} // namespace mpylink::mpy
