// SPDX-License-Identifier: MIT
// Version 6 .mpy files from the model. The layout is told in docs/format.md.
#include "mpy/Writer.h"

#include "abi/Abi.h"
#include "mpy/Fields.h"
#include "mpy/Relocs.h"
#include "mpy/VarUint.h"

#include <cassert>

namespace mpylink::mpy {

namespace {

void append(Bytes &out, const auto &bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }

void appendQstr(Bytes &out, const std::string &text) {
  assert(text.size() <= maxQstr);
  if (uint8_t id = abi::staticQstrId(text)) {
    appendVarUint(out, uint32_t{id} << 1 | 1);
    return;
  }
  appendVarUint(out, text.size() << 1);
  append(out, text);
  out.push_back(0);
}

void appendObject(Bytes &out, const Object &object) {
  out.push_back(static_cast<uint8_t>(object.kind));
  switch (object.kind) {
  case ObjectKind::FunTable:
  case ObjectKind::None:
  case ObjectKind::False:
  case ObjectKind::True:
  case ObjectKind::Ellipsis:
    return;
  case ObjectKind::Str:
  case ObjectKind::Bytes:
    appendVarUint(out, object.text.size());
    append(out, object.text);
    out.push_back(0);
    return;
  case ObjectKind::Int:
  case ObjectKind::Float:
  case ObjectKind::Complex:
    appendVarUint(out, object.text.size());
    append(out, object.text);
    return;
  case ObjectKind::Tuple:
    appendVarUint(out, object.items.size());
    for (const Object &item : object.items)
      appendObject(out, item);
    return;
  }
}

void appendRawCode(Bytes &out, const RawCode &raw) {
  Fields fields = fieldsOf(raw.kind, raw.scopeFlags);
  uint64_t kind = static_cast<uint64_t>(raw.kind) - static_cast<uint64_t>(CodeKind::Bytecode);
  uint64_t hasChildren = raw.children.empty() ? 0 : 1;
  appendVarUint(out, uint64_t{raw.code.size()} << 3 | hasChildren << 2 | kind);
  append(out, raw.code);
  if (fields.preludeOffset)
    appendVarUint(out, raw.preludeOffset);
  if (fields.scopeFlags)
    appendVarUint(out, raw.scopeFlags);
  if (fields.signature) {
    appendVarUint(out, raw.positionalArgs);
    appendVarUint(out, raw.typeSignature);
  }
  // A loader allocates bss and rodata together, so both sizes come before the contents.
  if (fields.rodata)
    appendVarUint(out, raw.rodata.size());
  if (fields.bss)
    appendVarUint(out, raw.bssSize);
  if (fields.rodata)
    append(out, raw.rodata);
  if (!raw.children.empty()) {
    appendVarUint(out, raw.children.size());
    for (const RawCode &child : raw.children)
      appendRawCode(out, child);
  }
  if (fields.relocs)
    appendRelocs(out, raw.relocs);
}

} // namespace

Bytes write(const Module &module) {
  assert(module.version == 6 && module.subVersion <= 3 && module.arch <= 15);
  Bytes out = {'M', module.version};
  out.push_back(static_cast<uint8_t>((module.hasArchFlags ? 0x40 : 0) | module.arch << 2 |
                                     module.subVersion));
  out.push_back(module.smallIntBits);
  if (module.hasArchFlags)
    appendVarUint(out, module.archFlags);
  appendVarUint(out, module.qstrs.size());
  appendVarUint(out, module.objects.size());
  for (const std::string &qstr : module.qstrs)
    appendQstr(out, qstr);
  for (const Object &object : module.objects)
    appendObject(out, object);
  appendRawCode(out, module.code);
  return out;
}

} // namespace mpylink::mpy
