// SPDX-License-Identifier: MIT
// What things in a module are called.
#pragma once

#include "abi/Abi.h"
#include "mpy/Module.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace mpylink::dump {

/// In double quotes, on one line, and pure ASCII: other bytes become \xNN.
std::string quoted(std::string_view text);
/// A qstr as text, or "qstr 7" when there is no such qstr.
std::string qstrText(const mpy::Module &module, uint64_t index);
/// As Python writes it, or nearly so.
std::string objectText(const mpy::Object &object);
std::string_view kindName(mpy::CodeKind kind);
std::string_view objectKindName(mpy::ObjectKind kind);
std::string_view segmentName(mpy::Segment segment);
/// "rodata", "qstr table", "mp_fun_table.store_global".
std::string destName(const mpy::Module &module, const mpy::Reloc &reloc);
/// What a relocated word holds: destName() and the word's own content, as "rodata+0x10" or, for the
/// tables, "qstr \"answer\"" and "mp_fun_table.store_global".
std::string relocatedText(const mpy::Module &module, const mpy::Reloc &reloc, uint64_t addend);

/// 4 for bytecode without an architecture, which most boards have.
unsigned wordSize(const mpy::Module &module);

/// The processors for which the cost of loading is told: the module's, or for bytecode one with
/// words of 4 and one of 8 bytes.
std::vector<const abi::ArchInfo *> costArchs(const mpy::Module &module);

/// What the prelude of a Python function says; empty for others and for a damaged prelude.
struct FunctionFacts {
  std::string name;
  std::string sourceFile; ///< Version 5.
  std::vector<std::string> arguments;
  uint32_t positional = 0;
  uint32_t keywordOnly = 0;
  uint32_t defaults = 0;
  uint32_t states = 0;
  uint32_t exceptions = 0;
  uint32_t cells = 0;
  std::vector<std::string> flags; ///< "generator", "*args", "**kwargs", "keyword defaults".
};
std::optional<FunctionFacts> functionFacts(const mpy::Module &module, const mpy::RawCode &raw);

/// Calls `visit` for each raw code, parents first, with "raw code 0.2" for the second child of the
/// first. The depth is 0 for the outermost.
using Visit = std::function<void(const mpy::RawCode &raw, const std::string &place, size_t depth)>;
void forEachRawCode(const mpy::Module &module, const Visit &visit);

} // namespace mpylink::dump
