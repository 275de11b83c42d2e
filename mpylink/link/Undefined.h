// SPDX-License-Identifier: MIT
// Undefined symbols: one message a symbol, with some of its references and what to do.
#pragma once

#include "elf/SourceLines.h"
#include "link/Stages.h"

#include <map>

namespace mpylink::link {

class UndefinedSymbols {
public:
  explicit UndefinedSymbols(const Program &program) : program(program) {}
  void add(const Chunk &chunk, const Ref &ref);
  void report(Diag &diag);

  /// ">>> referenced by source.c:41 (function)", when that can be told.
  std::vector<Note> referencedBy(const Chunk &chunk, uint64_t offset);

private:
  struct Symbol {
    std::string_view name;
    std::vector<Place> places;
  };
  /// A definition that a programmer may have meant.
  struct Near {
    const elf::Object *object;
    std::string name; ///< Demangled.
  };
  void indexDefinitions();
  std::string hintFor(std::string_view name) const;

  const Program &program;
  elf::SourceLines lines;
  std::vector<Symbol> symbols; ///< In order of the first reference.
  std::map<std::string_view, size_t> index;
  std::map<std::string, Near, std::less<>> statics;      ///< Local definitions by name.
  std::map<std::string, Near, std::less<>> cFunctions;   ///< Global ones that are not mangled.
  std::map<std::string, Near, std::less<>> cppFunctions; ///< Mangled ones, by the name before "(".
};

} // namespace mpylink::link
