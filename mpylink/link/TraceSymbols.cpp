// SPDX-License-Identifier: MIT
#include "link/TraceSymbols.h"

#include "llvm/Demangle/Demangle.h"

#include <algorithm>

namespace mpylink::link {

namespace {

std::string_view roleOf(const elf::Symbol &symbol) {
  switch (symbol.place) {
  case elf::Place::Undefined:
    return symbol.isWeak() ? "weak reference to " : "reference to ";
  case elf::Place::Common:
    return "common definition of ";
  case elf::Place::Section:
  case elf::Place::Absolute:
    break;
  }
  return symbol.isLocal()  ? "local definition of "
         : symbol.isWeak() ? "weak definition of "
                           : "definition of ";
}

/// What stands for a symbol that no object defines; empty when one does.
std::string outside(const Resolved &resolved, const Target &target) {
  switch (target.kind) {
  case Target::Kind::Entry:
    return "the firmware, mp_fun_table." +
           std::string(resolved.inputs.abi->funTable[target.index].name);
  case Target::Kind::Table:
    return "the firmware";
  case Target::Kind::Got:
  case Target::Kind::Bound:
    return "the linker";
  case Target::Kind::Constant:
    return "an option or a symbol file, " + hex(target.value);
  default:
    return {};
  }
}

std::string trace(const Resolved &resolved, const std::string &name) {
  std::string text, definedBy;
  bool isDefined = false, isKnown = false;
  for (size_t i = 0; i < resolved.objects.size(); ++i) {
    const elf::Object &object = *resolved.objects[i];
    for (size_t j = 0; j < object.symbols.size(); ++j) {
      const elf::Symbol &symbol = object.symbols[j];
      if (symbol.name != name && llvm::demangle(symbol.name) != name)
        continue;
      isKnown = true;
      text += object.name + ": " + std::string(roleOf(symbol)) + name + "\n";
      isDefined |= symbol.place != elf::Place::Undefined;
      if (!symbol.isLocal() && definedBy.empty())
        definedBy = outside(resolved, resolved.targets[i][j]);
    }
  }
  if (!isKnown)
    return "no input has " + name + "\n";
  if (!isDefined)
    text += definedBy.empty() ? "nothing defines " + name + "\n"
                              : definedBy + ": definition of " + name + "\n";
  return text;
}

} // namespace

std::string traceSymbols(const Resolved &resolved, const std::vector<std::string> &names) {
  std::string text;
  for (const std::string &name : names)
    text += trace(resolved, name);
  return text;
}

} // namespace mpylink::link
