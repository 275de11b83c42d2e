// SPDX-License-Identifier: MIT
#include "dump/Names.h"

#include "dump/Page.h"
#include "loader/Verify.h"
#include "mpy/Prelude.h"
#include "support/Diag.h"

#include <algorithm>

namespace mpylink::dump {

using mpy::CodeKind;
using mpy::Dest;
using mpy::ObjectKind;
using mpy::RawCode;
using mpy::Segment;

std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    const auto byte = static_cast<uint8_t>(c);
    if (c == '"' || c == '\\')
      result += '\\';
    if (c == '\n')
      result += "\\n";
    else if (byte < 0x20 || byte > 0x7e)
      result += "\\x" + hexDigits(byte, 2);
    else
      result += c;
  }
  return result + "\"";
}

std::string qstrText(const mpy::Module &module, uint64_t index) {
  return index < module.qstrs.size() ? quoted(module.qstrs[index])
                                     : "qstr " + std::to_string(index);
}

std::string objectText(const mpy::Object &object) {
  switch (object.kind) {
  case ObjectKind::FunTable:
    return "mp_fun_table";
  case ObjectKind::None:
    return "None";
  case ObjectKind::False:
    return "False";
  case ObjectKind::True:
    return "True";
  case ObjectKind::Ellipsis:
    return "Ellipsis";
  case ObjectKind::Str:
    return quoted(object.text);
  case ObjectKind::Bytes:
    return "b" + quoted(object.text);
  case ObjectKind::Int:
  case ObjectKind::Float:
  case ObjectKind::Complex: {
    const std::string text = quoted(object.text);
    return text.substr(1, text.size() - 2);
  }
  case ObjectKind::Tuple:
    break;
  }
  std::string result = "(";
  for (const mpy::Object &item : object.items)
    result += (result.size() > 1 ? ", " : "") + objectText(item);
  return result + (object.items.size() == 1 ? ",)" : ")");
}

std::string_view kindName(CodeKind kind) {
  switch (kind) {
  case CodeKind::Bytecode:
    return "bytecode";
  case CodeKind::NativePy:
    return "native";
  case CodeKind::NativeViper:
    return "viper";
  case CodeKind::NativeAsm:
    break;
  }
  return "assembler";
}

std::string_view objectKindName(ObjectKind kind) {
  constexpr std::string_view names[] = {"fun table", "None", "bool",  "bool",    "ellipsis", "str",
                                        "bytes",     "int",  "float", "complex", "tuple"};
  return names[static_cast<size_t>(kind)];
}

std::string_view segmentName(Segment segment) {
  constexpr std::string_view names[] = {"text", "rodata", "bss"};
  return names[static_cast<size_t>(segment)];
}

std::string destName(const mpy::Module &module, const mpy::Reloc &reloc) {
  switch (reloc.dest) {
  case Dest::Text:
    return "text";
  case Dest::Rodata:
    return "rodata";
  case Dest::Bss:
    return "bss";
  case Dest::QstrTable:
    return "qstr table";
  case Dest::ObjTable:
    return "object table";
  case Dest::FunTable:
    return "mp_fun_table";
  case Dest::FunEntry:
    break;
  }
  const auto names = abi::funNames(module.version, module.subVersion);
  return "mp_fun_table." + (reloc.entry < names.size() ? std::string(names[reloc.entry])
                                                       : std::to_string(reloc.entry));
}

std::string relocatedText(const mpy::Module &module, const mpy::Reloc &reloc, uint64_t addend) {
  const unsigned word = wordSize(module);
  if (addend != 0 && reloc.dest == Dest::QstrTable && addend % 2 == 0 &&
      addend / 2 < module.qstrs.size())
    return "qstr " + quoted(module.qstrs[addend / 2]);
  if (addend != 0 && reloc.dest == Dest::ObjTable && addend % word == 0 &&
      addend / word < module.objects.size())
    return "object " + objectText(module.objects[addend / word]);
  if (addend != 0 && reloc.dest == Dest::FunTable && addend % word == 0 && addend / word < 127)
    return destName(module,
                    {reloc.place, reloc.word, Dest::FunEntry, static_cast<uint8_t>(addend / word)});
  const int64_t distance = signExtend(addend, word * 8);
  if (distance == 0)
    return destName(module, reloc);
  return destName(module, reloc) + (distance < 0 ? "-" : "+") +
         hex(distance < 0 ? -static_cast<uint64_t>(distance) : static_cast<uint64_t>(distance));
}

unsigned wordSize(const mpy::Module &module) {
  const abi::ArchInfo *arch = abi::findArch(module.arch);
  return arch && arch->wordSize ? arch->wordSize : 4;
}

std::vector<const abi::ArchInfo *> costArchs(const mpy::Module &module) {
  const abi::ArchInfo *own = abi::findArch(module.arch);
  if (own->wordSize != 0)
    return {own};
  std::vector<const abi::ArchInfo *> archs;
  for (const uint8_t word : {4, 8})
    archs.push_back(&*std::ranges::find(abi::archs(), word, &abi::ArchInfo::wordSize));
  return archs;
}

std::optional<FunctionFacts> functionFacts(const mpy::Module &module, const RawCode &raw) {
  if (raw.kind != CodeKind::Bytecode && raw.kind != CodeKind::NativePy)
    return std::nullopt;
  const Result<mpy::Prelude> prelude =
      mpy::readPrelude(raw.code, raw.preludeOffset, module.version);
  if (!prelude)
    return std::nullopt;
  FunctionFacts facts;
  const bool isNative = raw.kind == CodeKind::NativePy;
  const bool old = module.version == 5;
  const auto nameOf = [&](uint64_t index) {
    return index < module.qstrs.size() ? module.qstrs[index] : qstrText(module, index);
  };
  facts.name = nameOf(old && isNative ? raw.simpleName : prelude->simpleName);
  if (old)
    facts.sourceFile = nameOf(isNative ? raw.sourceFile : prelude->sourceFile);
  for (const uint32_t name : old ? raw.argNames : prelude->argNames)
    facts.arguments.push_back(nameOf(name));
  facts.positional = prelude->positional;
  facts.keywordOnly = prelude->keywordOnly;
  facts.defaults = prelude->defaults;
  facts.states = prelude->states;
  facts.exceptions = prelude->exceptions;
  facts.cells = prelude->cells;
  if (prelude->flags & mpy::scopeGenerator)
    facts.flags.push_back("generator");
  if (prelude->flags & mpy::scopeVarArgs)
    facts.flags.push_back("*args");
  if (prelude->flags & mpy::scopeVarKeywords)
    facts.flags.push_back("**kwargs");
  if (prelude->flags & mpy::scopeDefKwArgs)
    facts.flags.push_back("keyword defaults");
  return facts;
}

static void visitAll(const RawCode &raw, std::vector<size_t> &path, const Visit &visit) {
  visit(raw, loader::placeName(path), path.size());
  for (size_t i = 0; i < raw.children.size(); ++i) {
    path.push_back(i);
    visitAll(raw.children[i], path, visit);
    path.pop_back();
  }
}

void forEachRawCode(const mpy::Module &module, const Visit &visit) {
  std::vector<size_t> path;
  visitAll(module.code, path, visit);
}

} // namespace mpylink::dump
