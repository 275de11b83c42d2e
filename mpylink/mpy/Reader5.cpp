// SPDX-License-Identifier: MIT
// Raw codes of version 5. Qstrs stand where they are used, also inside of bytecode, so bytecode is
// read instruction by instruction.
#include "abi/Abi.h"
#include "mpy/Bytecode.h"
#include "mpy/Fields.h"
#include "mpy/Prelude.h"
#include "mpy/QstrWindow.h"
#include "mpy/ReadParts.h"

#include <array>

namespace mpylink::mpy {

namespace {

class BodyReader {
public:
  explicit BodyReader(Reading &reading)
      : reading(reading), in(reading.in), module(reading.module),
        form(BytecodeForm::of(reading.module)) {}

  RawCode readRawCode(unsigned depth);

private:
  uint32_t readQstr(std::string_view what);
  Object readObject();
  void copyNumber(Bytes &out);
  void readBytecode(RawCode &raw, size_t size, Prelude &prelude);
  void readInstructions(RawCode &raw, size_t size);
  void readLinks(RawCode &raw);
  void readNativePrelude(RawCode &raw, Prelude &prelude);
  void readConstants(RawCode &raw, uint32_t arguments, unsigned depth);

  Reading &reading;
  Cursor &in;
  Module &module;
  BytecodeForm form;
  QstrWindow window;
  std::array<std::optional<uint32_t>, 256> statics; ///< Where they are in Module::qstrs.
};

void appendIndex(Bytes &out, uint32_t qstr) {
  out.push_back(static_cast<uint8_t>(qstr));
  out.push_back(static_cast<uint8_t>(qstr >> 8));
}

uint32_t BodyReader::readQstr(std::string_view what) {
  const size_t start = in.offset();
  const uint32_t head = in.varUint(what);
  if (!in.ok())
    return 0;
  if (head & 1) {
    const std::optional<uint32_t> found = window.use(head >> 1);
    if (!found)
      in.fail(start, "qstr " + std::to_string(head >> 1) + " of the window, which has fewer");
    return found.value_or(0);
  }
  std::string text;
  const uint8_t id = head == 0 ? in.byte("number of a static qstr") : 0;
  if (head != 0) {
    if (head >> 1 > maxQstr)
      in.fail(start, "a qstr of " + std::to_string(head >> 1) + " bytes, the limit is " +
                         std::to_string(maxQstr));
    text = readText(in, head >> 1, what);
  } else if (const std::string_view known = abi::staticQstr(id); known.data()) {
    text = known;
    if (statics[id])
      return *statics[id];
  } else {
    in.fail(start, "unknown static qstr " + std::to_string(id));
  }
  if (module.qstrs.size() > UINT16_MAX)
    in.fail(start, "more qstrs than a firmware can number");
  if (!in.ok())
    return 0;
  const auto index = static_cast<uint32_t>(module.qstrs.size());
  module.qstrs.push_back(std::move(text));
  if (head == 0)
    statics[id] = index;
  else
    window.push(index);
  return index;
}

Object BodyReader::readObject() {
  const size_t start = in.offset();
  const uint8_t kind = in.byte("object");
  Object object;
  switch (kind) {
  case 'e':
    object.kind = ObjectKind::Ellipsis;
    return object;
  case 's':
    object.kind = ObjectKind::Str;
    break;
  case 'b':
    object.kind = ObjectKind::Bytes;
    break;
  case 'i':
    object.kind = ObjectKind::Int;
    break;
  case 'f':
    object.kind = ObjectKind::Float;
    break;
  case 'c':
    object.kind = ObjectKind::Complex;
    break;
  default:
    in.fail(start, "unknown object kind " + std::to_string(kind));
  }
  object.text = readText(in, in.varUint("length of an object"), "object");
  return object;
}

/// The number of an instruction, which may be a negative one of 64 bits.
void BodyReader::copyNumber(Bytes &out) {
  constexpr size_t maxGroups = 10;
  const size_t start = in.offset();
  uint8_t group = 0x80;
  for (size_t count = 0; in.ok() && (group & 0x80); ++count) {
    if (count == maxGroups)
      in.fail(start, "the operand of an instruction is too long");
    out.push_back(group = in.byte("operand"));
  }
}

void BodyReader::readInstructions(RawCode &raw, size_t size) {
  while (in.ok() && raw.code.size() < size) {
    const size_t start = in.offset();
    const uint8_t byte = in.byte("opcode");
    const abi::Opcode &opcode = abi::opcode(byte);
    if (opcode.name.empty())
      in.fail(start, "there is no instruction " + std::to_string(byte));
    raw.code.push_back(byte);
    switch (form.operandOf(opcode)) {
    case abi::Operand::None:
      break;
    case abi::Operand::Qstr:
      appendIndex(raw.code, readQstr("operand"));
      break;
    case abi::Operand::Jump:
    case abi::Operand::Forward:
      for (const uint8_t part : in.bytes(2, "operand"))
        raw.code.push_back(part);
      break;
    default:
      copyNumber(raw.code);
    }
    for (unsigned left = form.trailingBytes(opcode); left != 0 && in.ok(); --left)
      raw.code.push_back(in.byte("operand"));
    if (raw.code.size() > size)
      in.fail(start, "the last instruction goes " + std::to_string(raw.code.size() - size) +
                         " bytes past the end of the code");
  }
}

void BodyReader::readBytecode(RawCode &raw, size_t size, Prelude &prelude) {
  const size_t start = in.offset();
  {
    Cursor::Group group(in, "prelude");
    for (std::string_view what : {"signature of the prelude", "sizes of the prelude"}) {
      uint8_t part = 0x80;
      while (in.ok() && (part & 0x80))
        raw.code.push_back(part = in.byte(what));
    }
    if (!in.ok())
      return;
    const Result<Prelude> sizes = readPreludeSizes(raw.code, 0);
    if (!sizes)
      return in.fail(start + sizes.failure().offset, sizes.failure().text);
    prelude = *sizes;
    if (prelude.infoSize < 4)
      return in.fail(start, "the prelude has no room for its names");
    if (prelude.codeStart > size)
      return in.fail(start, "the prelude goes past the end of the code");
    appendIndex(raw.code, readQstr("name"));
    appendIndex(raw.code, readQstr("source file"));
    for (const uint8_t part : in.bytes(prelude.infoSize - 4, "line numbers"))
      raw.code.push_back(part);
    for (const uint8_t part : in.bytes(prelude.cells, "cells"))
      raw.code.push_back(part);
  }
  Cursor::Group group(in, "instructions");
  readInstructions(raw, size);
}

void BodyReader::readLinks(RawCode &raw) {
  const uint32_t count = in.count("number of qstr links");
  for (uint32_t i = 0; i < count && in.ok(); ++i) {
    Cursor::Group group(in, "qstr link", i);
    const size_t start = in.offset();
    QstrLink link;
    const uint32_t place = in.varUint("place of a qstr link");
    link.offset = place >> 2;
    link.kind = static_cast<QstrLink::Kind>(place & 3);
    const size_t size = link.kind == QstrLink::Kind::Number   ? 2
                        : link.kind == QstrLink::Kind::Object ? reading.wordSize
                                                              : 4;
    if (link.offset > raw.code.size() || raw.code.size() - link.offset < size)
      in.fail(start, "a qstr link is outside the code");
    else if (link.kind == QstrLink::Kind::Object && link.offset % size != 0)
      in.fail(start, "a qstr link of a whole word is not aligned");
    link.qstr = readQstr("qstr");
    raw.qstrLinks.push_back(link);
  }
}

void BodyReader::readNativePrelude(RawCode &raw, Prelude &prelude) {
  const size_t start = in.offset();
  raw.preludeOffset = in.varUint("prelude offset");
  if (raw.preludeOffset >= raw.code.size())
    return in.fail(start, "the prelude is outside the code");
  const Result<Prelude> whole = readPrelude(raw.code, raw.preludeOffset, module.version);
  if (!whole)
    return in.fail(start, whole.failure().text);
  prelude = *whole;
  raw.simpleName = readQstr("name");
  raw.sourceFile = readQstr("source file");
}

void BodyReader::readConstants(RawCode &raw, uint32_t arguments, unsigned depth) {
  const uint32_t objects = in.count("number of objects");
  const uint32_t children = in.count("number of children");
  for (uint32_t i = 0; i < arguments && in.ok(); ++i)
    raw.argNames.push_back(readQstr("name of an argument"));
  const Fields fields = fieldsOf(raw.kind, raw.scopeFlags);
  if (fields.rodata)
    raw.rodata = readBytes(in, in.varUint("size of rodata"), "rodata");
  if (fields.bss)
    raw.bssSize = in.varUint("size of bss");
  for (uint32_t i = 0; i < objects && in.ok(); ++i) {
    Cursor::Group group(in, "object", i);
    raw.objects.push_back(readObject());
  }
  for (uint32_t i = 0; i < children && in.ok(); ++i) {
    Cursor::Group group(in, "raw code", i);
    raw.children.push_back(readRawCode(depth + 1));
  }
}

RawCode BodyReader::readRawCode(unsigned depth) {
  const size_t start = in.offset();
  RawCode raw;
  Prelude prelude;
  const uint32_t head = in.varUint("raw code");
  raw.kind = static_cast<CodeKind>((head & 3) + static_cast<unsigned>(CodeKind::Bytecode));
  const size_t size = head >> 2;
  if (size == 0)
    in.fail(start, "a raw code without code");
  if (depth == maxDepth)
    in.fail(start, "raw codes nested too deeply");
  if (!in.ok())
    return raw;
  if (raw.kind == CodeKind::Bytecode) {
    readBytecode(raw, size, prelude);
  } else {
    raw.code = readBytes(in, size, "code");
    if (raw.kind != CodeKind::NativeAsm)
      readLinks(raw);
    if (raw.kind == CodeKind::NativePy && in.ok())
      readNativePrelude(raw, prelude);
    readScope(in, raw);
  }
  if (in.ok() && raw.kind != CodeKind::NativeAsm)
    readConstants(raw, prelude.arguments(), depth);
  readRelocsOf(reading, raw);
  return raw;
}

} // namespace

void readBody5(Reading &reading) {
  Cursor::Group group(reading.in, "raw code");
  RawCode raw = BodyReader(reading).readRawCode(0);
  reading.module.code = std::move(raw);
}

} // namespace mpylink::mpy
