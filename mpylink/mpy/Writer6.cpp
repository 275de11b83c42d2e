// SPDX-License-Identifier: MIT
// Tables and raw codes of version 6.
#include "abi/Abi.h"
#include "mpy/Fields.h"
#include "mpy/VarUint.h"
#include "mpy/WriteParts.h"

#include <cassert>

namespace mpylink::mpy {

namespace {

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
  appendScope(out, raw);
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
  appendRelocsOf(out, 6, raw);
}

} // namespace

void appendBody6(Bytes &out, const Module &module) {
  appendVarUint(out, module.qstrs.size());
  appendVarUint(out, module.objects.size());
  for (const std::string &qstr : module.qstrs)
    appendQstr(out, qstr);
  for (const Object &object : module.objects)
    appendObject(out, object);
  appendRawCode(out, module.code);
}

} // namespace mpylink::mpy
