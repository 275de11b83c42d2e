// SPDX-License-Identifier: MIT
// Version 6 .mpy files into the model. Stricter than a firmware in what a firmware would follow
// blindly: strings must end in NUL, code must not be empty, relocations must stay in their block,
// the relocation stream must have its end mark, and nothing may follow the raw code.
#include "mpy/Reader.h"

#include "abi/Abi.h"
#include "mpy/Cursor.h"
#include "mpy/Fields.h"
#include "mpy/Relocs.h"

namespace mpylink::mpy {

namespace {

/// Nesting of raw codes and of tuples: far above what a compiler produces, far below what would
/// exhaust the stack.
constexpr unsigned maxDepth = 200;

constexpr uint8_t archFlagsFollow = 0x40;
constexpr uint8_t unusedFeature = 0x80;

std::string toString(ByteView bytes) { return {bytes.begin(), bytes.end()}; }

class FileReader {
public:
  explicit FileReader(ByteView file) : in(file), relocsLeft(file.size()) {}

  Result<Module> readModule();

private:
  void readHeader(Module &module);
  std::string readTerminated(size_t size, std::string_view what);
  std::string readQstr();
  Object readObject(unsigned depth);
  RawCode readRawCode(unsigned depth);
  void readRelocsOf(RawCode &raw);

  Cursor in;
  unsigned wordSize = 4;
  size_t relocsLeft;
};

void FileReader::readHeader(Module &module) {
  if (in.byte("header") != 'M')
    in.fail(0, "not a .mpy file");
  module.version = in.byte("header");
  if (module.version != 6)
    in.fail(1, "version " + std::to_string(module.version) + " is not read");
  uint8_t feature = in.byte("header");
  module.subVersion = feature & 3;
  module.arch = feature >> 2 & 15;
  module.hasArchFlags = (feature & archFlagsFollow) != 0;
  const abi::ArchInfo *arch = abi::findArch(module.arch);
  if (!arch || (feature & unusedFeature))
    in.fail(2, "unknown architecture " + std::to_string(feature >> 2));
  else if (module.hasArchFlags && module.subVersion < 3)
    in.fail(2, "architecture flags in version 6." + std::to_string(module.subVersion));
  // A file without an architecture has no word size; the smallest gives the widest limits.
  if (arch && arch->wordSize != 0)
    wordSize = arch->wordSize;
  module.smallIntBits = in.byte("header");
  if (module.hasArchFlags)
    module.archFlags = in.varUint("architecture flags");
}

std::string FileReader::readTerminated(size_t size, std::string_view what) {
  std::string text = toString(in.bytes(size, what));
  size_t end = in.offset();
  if (in.byte(what) != 0)
    in.fail(end, "the " + std::string(what) + " is not followed by NUL");
  return text;
}

std::string FileReader::readQstr() {
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
  return readTerminated(value, "qstr");
}

Object FileReader::readObject(unsigned depth) {
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
    object.text = readTerminated(in.varUint("length of an object"), "object");
    break;
  case ObjectKind::Int:
  case ObjectKind::Float:
  case ObjectKind::Complex:
    object.text = toString(in.bytes(in.varUint("length of an object"), "object"));
    break;
  case ObjectKind::Tuple:
    for (uint32_t left = in.count("length of a tuple"); left != 0 && in.ok(); --left)
      object.items.push_back(readObject(depth + 1));
    break;
  }
  return object;
}

void FileReader::readRelocsOf(RawCode &raw) {
  RelocLimits limits;
  limits.textWords = static_cast<uint32_t>(raw.code.size() / wordSize);
  limits.rodataWords = static_cast<uint32_t>(raw.rodata.size() / wordSize);
  limits.total = relocsLeft;
  raw.relocs = readRelocs(in, limits);
  relocsLeft -= raw.relocs.size();
}

RawCode FileReader::readRawCode(unsigned depth) {
  size_t start = in.offset();
  RawCode raw;
  uint32_t head = in.varUint("raw code");
  raw.kind = static_cast<CodeKind>((head & 3) + static_cast<unsigned>(CodeKind::Bytecode));
  bool hasChildren = (head & 4) != 0;
  ByteView code = in.bytes(head >> 3, "code");
  if (code.empty())
    in.fail(start, "a raw code without code");
  if (depth == maxDepth)
    in.fail(start, "raw codes nested too deeply");
  raw.code.assign(code.begin(), code.end());

  size_t fieldsStart = in.offset();
  if (fieldsOf(raw.kind, 0).preludeOffset)
    raw.preludeOffset = in.varUint("prelude offset");
  if (raw.preludeOffset >= raw.code.size())
    in.fail(fieldsStart, "the prelude is outside the code");
  if (fieldsOf(raw.kind, 0).scopeFlags)
    raw.scopeFlags = in.varUint("scope flags");
  Fields fields = fieldsOf(raw.kind, raw.scopeFlags);
  if (fields.signature) {
    raw.positionalArgs = in.varUint("number of arguments");
    raw.typeSignature = in.varUint("type signature");
  }
  uint32_t rodataSize = fields.rodata ? in.varUint("size of rodata") : 0;
  raw.bssSize = fields.bss ? in.varUint("size of bss") : 0;
  ByteView rodata = in.bytes(rodataSize, "rodata");
  raw.rodata.assign(rodata.begin(), rodata.end());

  uint32_t children = hasChildren ? in.count("number of children") : 0;
  for (; children != 0 && in.ok(); --children)
    raw.children.push_back(readRawCode(depth + 1));
  if (fields.relocs)
    readRelocsOf(raw);
  return raw;
}

Result<Module> FileReader::readModule() {
  Module module;
  readHeader(module);
  uint32_t qstrs = in.count("number of qstrs");
  uint32_t objects = in.count("number of objects");
  for (; qstrs != 0 && in.ok(); --qstrs)
    module.qstrs.push_back(readQstr());
  for (; objects != 0 && in.ok(); --objects)
    module.objects.push_back(readObject(0));
  module.code = readRawCode(0);
  if (in.remaining() != 0)
    in.fail(in.offset(), std::to_string(in.remaining()) + " bytes after the end");
  if (!in.ok())
    return in.failure();
  return module;
}

} // namespace

Result<Module> read(ByteView file) { return FileReader(file).readModule(); }

} // namespace mpylink::mpy
