// SPDX-License-Identifier: MIT
#include "abi/Abi.h"

#include <algorithm>

namespace mpylink::abi {

namespace {
/// Names and prefixes of the symbols a library defines. The lists end with an empty string, so that
/// a library without one of them still has an array.
struct Library {
  LibraryHint hint;
  std::span<const std::string_view> prefixes;
  std::span<const std::string_view> names;
  std::span<const std::string_view> suffixes; ///< May follow any of `names`.
  std::string_view arch;                      ///< See ArchInfo::isOneOf().
};

struct FunNames {
  uint8_t version;
  uint8_t subVersion;
  std::span<const std::string_view> names;
};

#include "abi/Tables.inc"
} // namespace

std::span<const ArchInfo> archs() { return archTable; }

const ArchInfo *findArch(std::string_view name) {
  const auto *found = std::ranges::find(archTable, name, &ArchInfo::name);
  return found == std::end(archTable) ? nullptr : found;
}

const ArchInfo *findArch(uint8_t id) {
  const auto *found = std::ranges::find(archTable, id, &ArchInfo::id);
  return found == std::end(archTable) ? nullptr : found;
}

std::span<const std::string_view> staticQstrNames() { return staticQstrNameTable; }

std::string_view staticQstr(uint8_t id) {
  if (id == 0 || id > std::size(staticQstrTable))
    return {};
  return staticQstrTable[id - 1];
}

uint8_t staticQstrId(std::string_view text) {
  const auto *found = std::ranges::lower_bound(staticQstrsByText, text, {}, staticQstr);
  return found != std::end(staticQstrsByText) && staticQstr(*found) == text ? *found : 0;
}

const Opcode &opcode(uint8_t byte) { return opcodeTable[byte]; }

const EntrySymbol *Abi::findEntry(std::string_view symbol, const ArchInfo &target) const {
  const auto found = std::ranges::lower_bound(entrySymbols, symbol, {}, &EntrySymbol::name);
  const bool isFound = found != entrySymbols.end() && found->name == symbol && found->isFor(target);
  return isFound ? &*found : nullptr;
}

std::optional<Table> Abi::findTable(std::string_view symbol) const {
  const auto found = std::ranges::find(tableSymbols, symbol, &TableSymbol::name);
  if (found == tableSymbols.end())
    return std::nullopt;
  return found->table;
}

std::span<const Release> releases() { return releaseTable; }

std::span<const std::string_view> funNames(uint8_t version, uint8_t subVersion) {
  for (const FunNames &table : funNamesTable)
    if (table.version == version && table.subVersion == subVersion)
      return table.names;
  return {};
}

const Abi *findAbi(uint8_t version, uint8_t subVersion) {
  const auto *found = std::ranges::find_if(abiTable, [&](const Abi &abi) {
    return abi.version == version && abi.subVersion == subVersion;
  });
  return found == std::end(abiTable) ? nullptr : found;
}

std::optional<LibraryHint> libraryOf(std::string_view symbol, const ArchInfo &target) {
  for (const Library &library : libraryTable)
    for (std::string_view name : library.names) {
      if (name.empty() || !target.isOneOf(library.arch) || !symbol.starts_with(name))
        continue;
      const std::string_view rest = symbol.substr(name.size());
      if (std::ranges::find(library.suffixes, rest) != library.suffixes.end())
        return library.hint;
    }
  // A prefix is a weaker clue than a name, so every library's names come first.
  for (const Library &library : libraryTable)
    for (std::string_view prefix : library.prefixes)
      if (!prefix.empty() && target.isOneOf(library.arch) && symbol.starts_with(prefix))
        return library.hint;
  return std::nullopt;
}

} // namespace mpylink::abi
