// SPDX-License-Identifier: MIT
// Tables and raw codes of version 6.
#include "abi/Abi.h"
#include "mpy/Fields.h"
#include "mpy/ReadParts.h"

namespace mpylink::mpy {

namespace {

std::string readTerminated(Cursor &in, size_t size, std::string_view what) {
  std::string text = readText(in, size, what);
  size_t end = in.offset();
  if (in.byte("NUL") != 0)
    in.fail(end, "the " + std::string(what) + " is not followed by NUL");
  return text;
}

std::string readQstr(Cursor &in) {
  size_t start = in.offset();
  uint32_t head = in.varUint("qstr");
  uint32_t value = head >> 1;
  if (head & 1) {
    std::string_view text =
        value <= 255 ? abi::staticQstr(static_cast<uint8_t>(value)) : std::string_view();
    if (!text.data())
      in.fail(start, "unknown static qstr " + std::to_string(value));
    return std::string(text);
  }
  if (value > maxQstr)
    in.fail(start, "a qstr of " + std::to_string(value) + " bytes, the limit is " +
                       std::to_string(maxQstr));
  return readTerminated(in, value, "qstr");
}

Object readObject(Cursor &in, unsigned depth) {
  size_t start = in.offset();
  uint8_t kind = in.byte("object");
  if (kind > static_cast<uint8_t>(ObjectKind::Tuple))
    in.fail(start, "unknown object kind " + std::to_string(kind));
  if (depth == maxDepth)
    in.fail(start, "tuples nested too deeply");
  if (!in.ok())
    return {};
  Object object;
  object.kind = static_cast<ObjectKind>(kind);
  switch (object.kind) {
  case ObjectKind::FunTable:
  case ObjectKind::None:
  case ObjectKind::False:
  case ObjectKind::True:
  case ObjectKind::Ellipsis:
    break;
  case ObjectKind::Str:
  case ObjectKind::Bytes:
    object.text = readTerminated(in, in.varUint("length of an object"), "object");
    break;
  case ObjectKind::Int:
  case ObjectKind::Float:
  case ObjectKind::Complex:
    object.text = readText(in, in.varUint("length of an object"), "object");
    break;
  case ObjectKind::Tuple: {
    uint32_t count = in.count("length of a tuple");
    for (uint32_t i = 0; i < count && in.ok(); ++i) {
      Cursor::Group group(in, "item", i);
      object.items.push_back(readObject(in, depth + 1));
    }
    break;
  }
  }
  return object;
}

RawCode readRawCode(Reading &reading, unsigned depth) {
  Cursor &in = reading.in;
  size_t start = in.offset();
  RawCode raw;
  uint32_t head = in.varUint("raw code");
  raw.kind = static_cast<CodeKind>((head & 3) + static_cast<unsigned>(CodeKind::Bytecode));
  bool hasChildren = (head & 4) != 0;
  raw.code = readBytes(in, head >> 3, "code");
  if (raw.code.empty())
    in.fail(start, "a raw code without code");
  if (depth == maxDepth)
    in.fail(start, "raw codes nested too deeply");

  size_t fieldsStart = in.offset();
  if (fieldsOf(raw.kind, 0).preludeOffset)
    raw.preludeOffset = in.varUint("prelude offset");
  if (raw.preludeOffset >= raw.code.size())
    in.fail(fieldsStart, "the prelude is outside the code");
  readScope(in, raw);
  Fields fields = fieldsOf(raw.kind, raw.scopeFlags);
  uint32_t rodataSize = fields.rodata ? in.varUint("size of rodata") : 0;
  raw.bssSize = fields.bss ? in.varUint("size of bss") : 0;
  raw.rodata = readBytes(in, rodataSize, "rodata");

  uint32_t children = hasChildren ? in.count("number of children") : 0;
  for (uint32_t i = 0; i < children && in.ok(); ++i) {
    Cursor::Group group(in, "raw code", i);
    raw.children.push_back(readRawCode(reading, depth + 1));
  }
  readRelocsOf(reading, raw);
  return raw;
}

} // namespace

void readBody6(Reading &reading) {
  Cursor &in = reading.in;
  Module &module = reading.module;
  uint32_t qstrs = in.count("number of qstrs");
  uint32_t objects = in.count("number of objects");
  for (uint32_t i = 0; i < qstrs && in.ok(); ++i) {
    Cursor::Group group(in, "qstr", i);
    module.qstrs.push_back(readQstr(in));
  }
  for (uint32_t i = 0; i < objects && in.ok(); ++i) {
    Cursor::Group group(in, "object", i);
    module.objects.push_back(readObject(in, 0));
  }
  Cursor::Group group(in, "raw code");
  module.code = readRawCode(reading, 0);
}

} // namespace mpylink::mpy
