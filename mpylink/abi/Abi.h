// SPDX-License-Identifier: MIT
// C++ view of the data in /abi: architectures, static qstrs, and for each ABI version the fun table
// and the symbols a module may name. The tables are generated from the JSON files at build time.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace mpylink::abi {

/// Where a firmware keeps the code of modules.
enum class TextMemory : uint8_t {
  Heap,
  Pages,  ///< Whole pages of the operating system.
  Copied, ///< Whole words of memory for code; it is read into the heap first.
};

/// A row of abi/archs.json.
struct ArchInfo {
  uint8_t id; ///< Architecture number in the .mpy header.
  std::string_view name;
  uint16_t elfMachine; ///< EM_*, 0 for "none".
  uint8_t wordSize;    ///< Bytes; 0 for "none".
  TextMemory textMemory;
  std::span<const std::string_view> flags; ///< Names of the arch flags of the header; [0] is bit 0.
  std::string_view firstRelease;           ///< The first release whose firmware knows the number.
  std::string_view firmware;               ///< What has such processors, in words.
  std::string_view llvmTriple;
  std::string_view llvmFeatures;
  std::string_view preservedRegisters; ///< What a called function leaves as it was, with blanks.
  uint8_t narrowBit; ///< Of an instruction's first byte: set when it has 2 bytes, else 3. Or 0.

  /// Empty means all architectures, a name that one, "!" and a name all others.
  bool isOneOf(std::string_view archs) const {
    return archs.empty() || (archs.starts_with('!') ? archs.substr(1) != name : archs == name);
  }
};

std::span<const ArchInfo> archs();
const ArchInfo *findArch(std::string_view name);
const ArchInfo *findArch(uint8_t id);

/// The number of a qstr every firmware knows (1..165), or 0.
uint8_t staticQstrId(std::string_view text);
/// The text of a static qstr; an empty view with null data for an unknown number.
std::string_view staticQstr(uint8_t id);
/// What follows MP_QSTR_ in the C name of each static qstr, in the order of their numbers; [0] has
/// number 1.
std::span<const std::string_view> staticQstrNames();

/// What follows the first byte of a bytecode instruction. Numbers are var-uints; Int is signed.
/// Jump is a signed distance, Forward one that cannot be negative.
enum class Operand : uint8_t { None, Qstr, Uint, Int, Object, Local, Child, Jump, Forward };

/// A value of the first byte of a bytecode instruction, from abi/opcodes.json. The numbers are the
/// same in .mpy versions 5 and 6.
struct Opcode {
  std::string_view name; ///< Empty when no release has such an instruction.
  Operand operand;
  Operand operandV5;
  bool hasExtraByte; ///< Behind the operand.
  bool isCached;     ///< Version 5 with cache bytes: one behind the operand.
  bool hasValue;     ///< The byte itself contains `value`.
  int8_t value;
  std::string_view oper; ///< The Python operator it stands for, or empty.
};

const Opcode &opcode(uint8_t byte);

/// An entry of mp_fun_table.
struct FunEntry {
  std::string_view name; ///< Member of mp_fun_table_t.
  bool isFunction;       ///< Its value is the address of a function.
};

/// A symbol whose value is the value of a fun table entry.
struct EntrySymbol {
  std::string_view name;
  uint8_t index;
  std::string_view arch; ///< See ArchInfo::isOneOf().

  bool isFor(const ArchInfo &target) const { return target.isOneOf(arch); }
};

enum class Table : uint8_t { Fun, Qstr, Obj };

/// A symbol that stands for a whole table.
struct TableSymbol {
  std::string_view name;
  Table table;
};

struct Abi {
  uint8_t version;
  uint8_t subVersion;
  std::span<const FunEntry> funTable;
  std::span<const EntrySymbol> entrySymbols; ///< Sorted by name.
  std::span<const TableSymbol> tableSymbols;
  std::span<const std::string_view> headerNames; ///< Macros and functions of the C headers.

  const EntrySymbol *findEntry(std::string_view symbol, const ArchInfo &target) const;
  std::optional<Table> findTable(std::string_view symbol) const;
};

/// A release of MicroPython and the .mpy version it loads.
struct Release {
  std::string_view name;
  uint8_t version;
  uint8_t subVersion;
};

/// All releases that load version 5 or 6, oldest first.
std::span<const Release> releases();

/// The names of the fun table's entries in a version; empty for an unknown version.
std::span<const std::string_view> funNames(uint8_t version, uint8_t subVersion);

/// The ABI with that .mpy version and sub-version, or null.
const Abi *findAbi(uint8_t version, uint8_t subVersion);

/// Which library usually defines a symbol that nothing defines, and what to do about it.
struct LibraryHint {
  std::string_view library; ///< Empty when another library is no help.
  std::string_view hint;
};
std::optional<LibraryHint> libraryOf(std::string_view symbol, const ArchInfo &target);

} // namespace mpylink::abi
