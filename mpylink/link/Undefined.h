// SPDX-License-Identifier: MIT
// Undefined symbols: one message a symbol, with some of its references and what to do.
#pragma once

#include "link/Stages.h"

#include <map>

namespace mpylink::link {

/// ">>> referenced by source.c:41 (function)", when that can be told.
std::vector<Note> referencedBy(const Program &program, const Chunk &chunk, uint64_t offset);

class UndefinedSymbols {
public:
  explicit UndefinedSymbols(const Program &program) : program(program) {}
  void add(const Chunk &chunk, const Ref &ref);
  void report(Diag &diag) const;

private:
  struct Place {
    const Chunk *chunk;
    uint64_t offset;
  };
  struct Symbol {
    std::string_view name;
    std::vector<Place> places;
  };
  std::string hintFor(std::string_view name) const;

  const Program &program;
  std::vector<Symbol> symbols; ///< In order of the first reference.
  std::map<std::string_view, size_t> index;
};

} // namespace mpylink::link
