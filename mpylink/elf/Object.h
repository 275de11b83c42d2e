// SPDX-License-Identifier: MIT
// One relocatable ELF object as plain structs. Everything a header field can lie about is checked
// while reading, so later passes index without looking. Numbers (types, flags) are those of
// llvm/BinaryFormat/ELF.h.
#pragma once

#include "arch/Arch.h"
#include "support/Diag.h"

#include <memory>

namespace mpylink::elf {

struct Reloc {
  uint64_t offset;             ///< In its section; the row's bytes lie inside.
  const arch::RelocDesc *desc; ///< Null for a type the architecture has no row for.
  uint32_t type;               ///< R_*, for messages.
  uint32_t symbol;             ///< Index into Object::symbols.
  int64_t addend;              ///< Explicit, or read from the place.
};

struct Section {
  std::string_view name;
  uint32_t type = 0;  ///< SHT_*
  uint64_t flags = 0; ///< SHF_*
  uint64_t size = 0;
  uint64_t align = 1; ///< A power of two.
  uint64_t entrySize = 0;
  ByteView data;             ///< `size` bytes, or empty for SHT_NOBITS.
  std::vector<Reloc> relocs; ///< By offset. Read for SHF_ALLOC sections only.

  bool has(uint64_t flag) const { return (flags & flag) != 0; }
};

enum class Place : uint8_t { Undefined, Section, Absolute, Common };

struct Symbol {
  std::string_view name;
  Place place = Place::Undefined;
  uint8_t binding = 0;    ///< STB_*
  uint8_t type = 0;       ///< STT_*
  uint8_t visibility = 0; ///< STV_*
  uint32_t section = 0;   ///< Place::Section only.
  uint64_t value = 0;     ///< Offset in the section; alignment of a common symbol.
  uint64_t size = 0;

  bool isLocal() const;
  bool isWeak() const;
};

struct Group {
  std::string_view signature;
  bool comdat = false;
  std::vector<uint32_t> members; ///< Section indices.
};

struct Object {
  std::string name; ///< For messages: the path as given, "lib.a(member.o)" for members.
  const arch::Arch *arch = nullptr;
  arch::ObjectAbi abi;
  uint16_t machine = 0; ///< EM_*
  std::vector<Section> sections;
  std::vector<Symbol> symbols;
  std::vector<Group> groups;
  ByteView file;            ///< The whole file, for debug information.
  std::vector<Bytes> owned; ///< Contents that are no longer those of the file.
  std::shared_ptr<const void> keepAlive;
};

/// Where a symbol is in its section, without the bits of its value that are not part of an address.
uint64_t offsetOf(const Object &object, const Symbol &symbol);

/// Reads `file`. Problems go to `diag`; the result is empty when there was one.
std::optional<Object> readObject(std::string name, ByteView file,
                                 std::shared_ptr<const void> keepAlive, Diag &diag);

/// The line tables of `object` and the strings they need, as sections with relocations beside empty
/// ones of the same numbers. Empty when they are damaged, which is no problem of the link.
std::optional<Object> readLineTables(const Object &object);

} // namespace mpylink::elf
