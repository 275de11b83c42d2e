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

/// Bits of Module::features: attribute look-ups have a cache byte; strings are UTF-8.
constexpr uint8_t featureMapCache = 1;
constexpr uint8_t featureUnicode = 2;

/// A firmware stores the length of a qstr in one byte.
constexpr size_t maxQstr = 255;

enum class CodeKind : uint8_t { Bytecode = 2, NativePy = 3, NativeViper = 4, NativeAsm = 5 };

/// Bits of RawCode::scopeFlags that matter for the layout of the file.
constexpr uint32_t scopeViperReloc = 0x10;
constexpr uint32_t scopeViperRodata = 0x20;
constexpr uint32_t scopeViperBss = 0x40;

/// Version 5: a loader writes the number of a qstr, or the object of one, into the code.
struct QstrLink {
  enum class Kind : uint8_t { Number, ArchNumber, ArchObject, Object };
  uint32_t offset = 0; ///< In the code.
  Kind kind = Kind::Number;
  uint32_t qstr = 0;

  bool operator==(const QstrLink &) const = default;
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

/// Qstrs are indices into Module::qstrs.
struct RawCode {
  CodeKind kind = CodeKind::NativeViper;
  /// Machine code or bytecode with its prelude ("fun data"). In bytecode of version 5, a qstr is a
  /// 16-bit index here, as it is a 16-bit number in a firmware's memory.
  Bytes code;
  uint32_t preludeOffset = 0;  ///< NativePy only.
  uint32_t scopeFlags = 0;     ///< Viper and Asm only.
  uint32_t positionalArgs = 0; ///< Asm only.
  uint32_t typeSignature = 0;  ///< Asm only.
  Bytes rodata;                ///< Viper with scopeViperRodata.
  uint32_t bssSize = 0;        ///< Viper with scopeViperBss.
  std::vector<Reloc> relocs;   ///< With scopeViperReloc.
  /// The relocations as a file has them, where Writer would encode them otherwise; else empty.
  Bytes relocStream;
  std::vector<RawCode> children;

  // Version 5 only, where a raw code has objects of its own.
  std::vector<QstrLink> qstrLinks; ///< NativePy and Viper.
  uint32_t simpleName = 0;         ///< NativePy; bytecode has them in its code.
  uint32_t sourceFile = 0;
  std::vector<uint32_t> argNames; ///< Bytecode and NativePy.
  std::vector<Object> objects;

  bool operator==(const RawCode &) const = default;
};

struct Module {
  uint8_t version = 6;    ///< 5 or 6.
  uint8_t subVersion = 3; ///< Version 6.
  uint8_t features = 0;   ///< Version 5: featureMapCache and featureUnicode.
  uint8_t arch = 0;       ///< Number from abi/archs.json; 0 for pure bytecode.
  bool hasArchFlags = false;
  uint32_t archFlags = 0;
  uint8_t smallIntBits = 31;
  uint32_t qstrWindow = 32; ///< Version 5: as the header says; everything uses 32.
  /// Version 6: the table of the file; [0] is the source file name. Version 5 has no table: the
  /// strings in the order in which the file spells them, so one that it spells twice is here twice.
  std::vector<std::string> qstrs;
  std::vector<Object> objects; ///< Version 6.
  RawCode code;

  bool operator==(const Module &) const = default;
};

} // namespace mpylink::mpy
