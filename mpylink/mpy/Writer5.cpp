// SPDX-License-Identifier: MIT
// Raw codes of version 5. Where the same string is used again soon, the window shortens it.
#include "abi/Abi.h"
#include "mpy/Bytecode.h"
#include "mpy/Fields.h"
#include "mpy/Prelude.h"
#include "mpy/QstrWindow.h"
#include "mpy/VarUint.h"
#include "mpy/WriteParts.h"

#include <cassert>

namespace mpylink::mpy {

namespace {

class BodyWriter {
public:
  BodyWriter(Bytes &out, const Module &module)
      : out(out), module(module), form(BytecodeForm::of(module)) {}

  void appendRawCode(const RawCode &raw);

private:
  void appendQstr(uint32_t index);
  void appendObject(const Object &object);
  void appendBytecode(ByteView code);

  Bytes &out;
  const Module &module;
  BytecodeForm form;
  QstrWindow window;
};

void BodyWriter::appendQstr(uint32_t index) {
  const std::string &text = module.qstrs[index];
  assert(text.size() <= maxQstr);
  if (const uint8_t id = abi::staticQstrId(text)) {
    append(out, Bytes{0, id});
  } else if (const std::optional<size_t> place = window.find(index)) {
    appendVarUint(out, *place << 1 | 1);
    window.use(*place);
  } else {
    appendVarUint(out, text.size() << 1);
    append(out, text);
    window.push(index);
  }
}

void BodyWriter::appendObject(const Object &object) {
  switch (object.kind) {
  case ObjectKind::Ellipsis:
    out.push_back('e');
    return;
  case ObjectKind::Str:
    out.push_back('s');
    break;
  case ObjectKind::Bytes:
    out.push_back('b');
    break;
  case ObjectKind::Int:
    out.push_back('i');
    break;
  case ObjectKind::Float:
    out.push_back('f');
    break;
  default:
    assert(object.kind == ObjectKind::Complex);
    out.push_back('c');
  }
  appendVarUint(out, object.text.size());
  append(out, object.text);
}

/// In memory a qstr is an index of two bytes; the rest is the same in the file.
void BodyWriter::appendBytecode(ByteView code) {
  const Result<Prelude> prelude = readPrelude(code, 0, 5);
  assert(prelude);
  append(out, code.first(prelude->infoStart));
  appendQstr(prelude->simpleName);
  appendQstr(prelude->sourceFile);
  append(out, code.first(prelude->codeStart).subspan(prelude->linesStart));
  for (size_t at = prelude->codeStart; at < code.size();) {
    const Result<Instruction> instruction = readInstruction(code, at, form);
    assert(instruction);
    const ByteView bytes = code.subspan(at, instruction->size);
    at += instruction->size;
    if (form.operandOf(*instruction->opcode) != abi::Operand::Qstr) {
      append(out, bytes);
      continue;
    }
    out.push_back(bytes[0]);
    appendQstr(static_cast<uint32_t>(instruction->operand));
    append(out, bytes.subspan(3));
  }
}

void BodyWriter::appendRawCode(const RawCode &raw) {
  const uint64_t kind = static_cast<uint64_t>(raw.kind) - static_cast<uint64_t>(CodeKind::Bytecode);
  appendVarUint(out, uint64_t{raw.code.size()} << 2 | kind);
  if (raw.kind == CodeKind::Bytecode)
    appendBytecode(raw.code);
  else
    append(out, raw.code);
  if (raw.kind == CodeKind::NativePy || raw.kind == CodeKind::NativeViper) {
    appendVarUint(out, raw.qstrLinks.size());
    for (const QstrLink &link : raw.qstrLinks) {
      appendVarUint(out, uint64_t{link.offset} << 2 | static_cast<uint64_t>(link.kind));
      appendQstr(link.qstr);
    }
  }
  if (raw.kind == CodeKind::NativePy) {
    appendVarUint(out, raw.preludeOffset);
    appendQstr(raw.simpleName);
    appendQstr(raw.sourceFile);
  }
  appendScope(out, raw);
  if (raw.kind != CodeKind::NativeAsm) {
    const Fields fields = fieldsOf(raw.kind, raw.scopeFlags);
    appendVarUint(out, raw.objects.size());
    appendVarUint(out, raw.children.size());
    for (const uint32_t name : raw.argNames)
      appendQstr(name);
    if (fields.rodata) {
      appendVarUint(out, raw.rodata.size());
      append(out, raw.rodata);
    }
    if (fields.bss)
      appendVarUint(out, raw.bssSize);
    for (const Object &object : raw.objects)
      appendObject(object);
    for (const RawCode &child : raw.children)
      appendRawCode(child);
  }
  appendRelocsOf(out, 5, raw);
}

} // namespace

void appendBody5(Bytes &out, const Module &module) {
  BodyWriter(out, module).appendRawCode(module.code);
}

} // namespace mpylink::mpy
