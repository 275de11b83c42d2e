// SPDX-License-Identifier: MIT
#include "link/Undefined.h"

#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Demangle/Demangle.h"

#include <algorithm>
#include <set>

namespace mpylink::link {

constexpr size_t shownPlaces = 3;

std::vector<Note> UndefinedSymbols::referencedBy(const Chunk &chunk, uint64_t offset) {
  const Resolved &resolved = program.live.resolved;
  const uint32_t object = resolved.objectOf(chunk.section);
  const std::string line =
      lines.at(*resolved.objects[object], chunk.section - resolved.firstSection[object],
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

/// "f" for "f(int)".
static std::string_view beforeArguments(std::string_view demangled) {
  return demangled.substr(0, demangled.find('('));
}

void UndefinedSymbols::indexDefinitions() {
  for (const elf::Object *object : program.live.resolved.objects)
    for (const elf::Symbol &symbol : object->symbols) {
      if (symbol.place == elf::Place::Undefined || symbol.name.empty() ||
          symbol.type == llvm::ELF::STT_SECTION || symbol.type == llvm::ELF::STT_FILE)
        continue;
      const std::string name = llvm::demangle(symbol.name);
      if (symbol.isLocal())
        statics.try_emplace(std::string(symbol.name), Near{object, name});
      else if (name == symbol.name)
        cFunctions.try_emplace(name, Near{object, name});
      else
        cppFunctions.try_emplace(std::string(beforeArguments(name)), Near{object, name});
    }
}

std::string UndefinedSymbols::hintFor(std::string_view name) const {
  const Inputs &inputs = program.inputs();
  if (const auto found = statics.find(name); found != statics.end())
    return "it is defined in " + found->second.object->name + ", but static there";
  // One side is C++, the other is C: `f(int)` and `f`.
  const std::string demangled = llvm::demangle(name);
  const auto &others = demangled == name ? cppFunctions : cFunctions;
  if (const auto found = others.find(beforeArguments(demangled)); found != others.end())
    return "did you mean to declare it extern \"C\"? " + found->second.object->name + " defines " +
           found->second.name;
  if (name.starts_with("MP_QSTR_"))
    return "the qstr is not in the header made by mpylink -preprocess: list the source file there";
  if (const auto library = abi::libraryOf(name, *inputs.target))
    return library->library.empty() ? std::string(library->hint)
                                    : "it is usually in " + std::string(library->library) + "; " +
                                          std::string(library->hint);
  std::vector<std::string_view> names;
  for (const abi::EntrySymbol &symbol : inputs.abi->entrySymbols)
    if (symbol.isFor(*inputs.target))
      names.push_back(symbol.name);
  for (const abi::TableSymbol &symbol : inputs.abi->tableSymbols)
    names.push_back(symbol.name);
  for (std::string_view macro : inputs.abi->headerNames)
    names.push_back(macro);
  if (const std::string_view near = nearest(name, names); !near.empty())
    return "did you mean " + std::string(near) + "?";
  if (name.starts_with("mp_") || name.starts_with("m_"))
    return "the firmware does not offer this function to modules: docs/abi.md lists what it does";
  return "link the object or archive that defines it";
}

void UndefinedSymbols::report(Diag &diag) {
  if (!symbols.empty())
    indexDefinitions();
  for (Symbol &symbol : symbols) {
    for (Place &place : symbol.places)
      place = userOf(program, place);
    const std::string demangled = llvm::demangle(symbol.name);
    Diagnostic diagnostic{
        Severity::Error,
        "undefined-symbol",
        locate(program, *symbol.places.front().chunk, symbol.places.front().offset),
        "undefined symbol: " + demangled,
        {}};
    // Several references of one line, or of one function without lines, are one place.
    std::set<std::string> seen;
    size_t more = 0;
    for (const Place &place : symbol.places) {
      std::vector<Note> notes = referencedBy(*place.chunk, place.offset);
      // The message starts with the first place.
      if (notes.empty() && &place != &symbol.places.front())
        notes.push_back({"referenced by", toString(locate(program, *place.chunk, place.offset))});
      for (Note &note : notes) {
        if (!seen.insert(note.text).second)
          continue;
        if (seen.size() <= shownPlaces)
          diagnostic.notes.push_back(std::move(note));
        else
          ++more;
      }
    }
    if (more != 0)
      diagnostic.notes.push_back(
          {"referenced by", std::to_string(more) + (more == 1 ? " more place" : " more places")});
    diagnostic.notes.push_back({"hint", hintFor(symbol.name)});
    diag.add(std::move(diagnostic));
  }
}

} // namespace mpylink::link
