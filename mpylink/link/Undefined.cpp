// SPDX-License-Identifier: MIT
#include "link/Undefined.h"

#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Demangle/Demangle.h"

#include <algorithm>

namespace mpylink::link {

constexpr size_t shownPlaces = 3;

std::vector<Note> referencedBy(const Program &program, const Chunk &chunk, uint64_t offset) {
  const Resolved &resolved = program.live.resolved;
  const uint32_t object = resolved.objectOf(chunk.section);
  const std::string line =
      elf::sourceLine(*resolved.objects[object], chunk.section - resolved.firstSection[object],
                      chunk.sectionOffset + offset);
  if (line.empty())
    return {};
  return {{"referenced by", line}};
}

void UndefinedSymbols::add(const Chunk &chunk, const Ref &ref) {
  const Resolved &resolved = program.live.resolved;
  const elf::Object &object = *resolved.objects[resolved.objectOf(chunk.section)];
  const std::string_view name = object.symbols[ref.reloc->symbol].name;
  const auto [found, isNew] = index.try_emplace(name, symbols.size());
  if (isNew)
    symbols.push_back({name, {}});
  symbols[found->second].places.push_back({&chunk, ref.offset});
}

std::string UndefinedSymbols::hintFor(std::string_view name) const {
  const Inputs &inputs = program.inputs();
  const Resolved &resolved = program.live.resolved;
  for (const elf::Object *object : resolved.objects)
    for (const elf::Symbol &symbol : object->symbols)
      if (symbol.place == elf::Place::Section && symbol.isLocal() && symbol.name == name &&
          symbol.type != llvm::ELF::STT_SECTION)
        return "it is defined in " + object->name + ", but static there";
  const std::string demangled = llvm::demangle(name);
  for (const elf::Object *object : resolved.objects)
    for (const elf::Symbol &symbol : object->symbols) {
      if (symbol.place == elf::Place::Undefined || symbol.isLocal() || symbol.name == name)
        continue;
      const std::string other = llvm::demangle(symbol.name);
      // One side is C++, the other is C: `f(int)` and `f`.
      if ((other != symbol.name && other.starts_with(std::string(name) + "(")) ||
          (demangled != name && demangled.starts_with(std::string(symbol.name) + "(")))
        return "did you mean to declare it extern \"C\"? " + object->name + " defines " + other;
    }
  if (name.starts_with("MP_QSTR_"))
    return "the qstr is not in the header made by mpylink -preprocess: list the source file there";
  if (const auto library = abi::libraryOf(name))
    return "it is usually in " + std::string(library->library) + "; " + std::string(library->hint);
  std::vector<std::string_view> names;
  for (const abi::EntrySymbol &symbol : inputs.abi->entrySymbols)
    names.push_back(symbol.name);
  for (const abi::TableSymbol &symbol : inputs.abi->tableSymbols)
    names.push_back(symbol.name);
  if (const std::string_view near = nearest(name, names); !near.empty())
    return "did you mean " + std::string(near) + "?";
  if (name.starts_with("mp_") || name.starts_with("m_"))
    return "the firmware does not offer this function to modules: docs/abi.md lists what it does";
  return "link the object or archive that defines it";
}

void UndefinedSymbols::report(Diag &diag) const {
  for (const Symbol &symbol : symbols) {
    const std::string demangled = llvm::demangle(symbol.name);
    Diagnostic diagnostic{
        Severity::Error,
        "undefined-symbol",
        locate(program, *symbol.places.front().chunk, symbol.places.front().offset),
        "undefined symbol: " + demangled,
        {}};
    for (size_t i = 0; i < std::min(symbol.places.size(), shownPlaces); ++i) {
      const Place &place = symbol.places[i];
      std::vector<Note> notes = referencedBy(program, *place.chunk, place.offset);
      if (notes.empty() && i > 0)
        notes.push_back({"referenced by", toString(locate(program, *place.chunk, place.offset))});
      for (Note &note : notes)
        diagnostic.notes.push_back(std::move(note));
    }
    if (symbol.places.size() > shownPlaces)
      diagnostic.notes.push_back(
          {"referenced by", std::to_string(symbol.places.size() - shownPlaces) + " more places"});
    diagnostic.notes.push_back({"hint", hintFor(symbol.name)});
    diag.add(std::move(diagnostic));
  }
}

} // namespace mpylink::link
