// SPDX-License-Identifier: MIT
// A .mpy file as plain structs. The byte layout belongs to Reader and Writer; what a field means is
// told in docs/format.md. Sizes are bytes unless a name says words.
#pragma once

#include "support/Bytes.h"

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

namespace mpylink::mpy {

/// The memory blocks a native module has once loaded. Text is one block; bss and rodata share one
/// zeroed block in version 6 (bss first).
enum class Segment : uint8_t { Text, Rodata, Bss };

/// What the loader adds to a word.
enum class Dest : uint8_t { Text, Rodata, Bss, QstrTable, ObjTable, FunTable, FunEntry };

/// `word[place][index] += address of dest`. A word is the target's pointer.
struct Reloc {
  Segment place = Segment::Text; ///< Text or Rodata; the format cannot relocate bss.
  uint32_t word = 0;             ///< Index in machine words from the start of the place.
  Dest dest = Dest::Text;
  uint8_t entry = 0; ///< FunEntry only: index into mp_fun_table.

  auto operator<=>(const Reloc &) const = default;
};

/// A firmware stores the length of a qstr in one byte.
constexpr size_t maxQstr = 255;

enum class CodeKind : uint8_t { Bytecode = 2, NativePy = 3, NativeViper = 4, NativeAsm = 5 };

/// Bits of RawCode::scopeFlags that matter for the layout of the file.
constexpr uint32_t scopeViperReloc = 0x10;
constexpr uint32_t scopeViperRodata = 0x20;
constexpr uint32_t scopeViperBss = 0x40;

struct RawCode {
  CodeKind kind = CodeKind::NativeViper;
  Bytes code;                  ///< Machine code or bytecode with its prelude ("fun data").
  uint32_t preludeOffset = 0;  ///< NativePy only.
  uint32_t scopeFlags = 0;     ///< Viper and Asm only.
  uint32_t positionalArgs = 0; ///< Asm only.
  uint32_t typeSignature = 0;  ///< Asm only.
  Bytes rodata;                ///< Viper with scopeViperRodata.
  uint32_t bssSize = 0;        ///< Viper with scopeViperBss.
  std::vector<Reloc> relocs;   ///< With scopeViperReloc.
  std::vector<RawCode> children;

  bool operator==(const RawCode &) const = default;
};

enum class ObjectKind : uint8_t {
  FunTable,
  None,
  False,
  True,
  Ellipsis,
  Str,
  Bytes,
  Int,
  Float,
  Complex,
  Tuple
};

/// An entry of the object table.
struct Object {
  ObjectKind kind = ObjectKind::None;
  std::string text;          ///< Str, Bytes: contents. Int, Float, Complex: decimal text.
  std::vector<Object> items; ///< Tuple only.

  bool operator==(const Object &) const = default;
};

struct Module {
  uint8_t version = 6;
  uint8_t subVersion = 3;
  uint8_t arch = 0; ///< Number from abi/archs.json; 0 for pure bytecode.
  bool hasArchFlags = false;
  uint32_t archFlags = 0;
  uint8_t smallIntBits = 31;
  std::vector<std::string> qstrs; ///< [0] is the source file name.
  std::vector<Object> objects;
  RawCode code;

  bool operator==(const Module &) const = default;
};

} // namespace mpylink::mpy
