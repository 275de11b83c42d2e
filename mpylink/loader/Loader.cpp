// SPDX-License-Identifier: MIT
// What a firmware's loader does to native code. A file's flags decide what is loaded: a part that
// the Writer would leave out is left out here too.
#include "loader/Loader.h"

#include "mpy/Fields.h"

#include <algorithm>

namespace mpylink::loader {

using mpy::Dest;
using mpy::Reloc;
using mpy::Segment;

namespace {

/// More than any firmware's heap, so that an absurd bss size costs no memory here either.
constexpr uint64_t maxBlock = uint64_t{1} << 28;

/// `image` is laid out, so its addresses are known.
uint64_t addressOf(const Reloc &reloc, const Image &image, unsigned wordSize, const Bases &bases) {
  switch (reloc.dest) {
  case Dest::Text:
    return bases.text;
  case Dest::Rodata:
    return image.rodata;
  case Dest::Bss:
    return image.bss;
  case Dest::QstrTable:
    return bases.qstrTable;
  case Dest::ObjTable:
    return bases.objTable;
  case Dest::FunTable:
    return bases.funTable;
  case Dest::FunEntry:
    break;
  }
  return bases.funEntries + uint64_t{reloc.entry} * wordSize;
}

} // namespace

Result<Image> load(const mpy::Module &module, unsigned wordSize, unsigned funTableSize,
                   const Bases &bases) {
  return load(module, module.code, wordSize, funTableSize, bases);
}

Result<Image> load(const mpy::Module &module, const mpy::RawCode &raw, unsigned wordSize,
                   unsigned funTableSize, const Bases &bases) {
  if (module.version != 5 && module.version != 6)
    return Failure{0, "version " + std::to_string(module.version) + " is not loaded"};
  if (wordSize != 4 && wordSize != 8)
    return Failure{0, "no target has words of " + std::to_string(wordSize) + " bytes"};
  if (raw.kind == mpy::CodeKind::Bytecode)
    return Failure{0, "not native code"};

  mpy::Fields fields = mpy::fieldsOf(raw.kind, raw.scopeFlags);
  uint64_t bssSize = fields.bss ? alignTo(raw.bssSize, wordSize) : 0;
  uint64_t rodataSize = fields.rodata ? raw.rodata.size() : 0;
  if (bssSize + rodataSize > maxBlock)
    return Failure{0, "bss and rodata take " + std::to_string(bssSize + rodataSize) + " bytes"};

  Image image;
  image.text = raw.code;
  image.data.resize(bssSize + rodataSize);
  // Without a block its addresses are null, not the base.
  if (!image.data.empty()) {
    image.bss = bases.data;
    image.rodata = bases.data + bssSize;
  }
  ByteSpan text(image.text);
  ByteSpan rodata = ByteSpan(image.data).subspan(bssSize);
  if (fields.rodata)
    std::copy(raw.rodata.begin(), raw.rodata.end(), rodata.begin());
  if (!fields.relocs)
    return image;

  for (const Reloc &reloc : raw.relocs) {
    size_t offset = size_t{reloc.word} * wordSize;
    if (reloc.place == Segment::Bss)
      return Failure{offset, "bss words cannot be relocated"};
    bool inText = reloc.place == Segment::Text;
    ByteSpan block = inText ? text : rodata;
    if (reloc.word >= block.size() / wordSize)
      return Failure{offset, std::string("a relocated word is outside the ") +
                                 (inText ? "text" : "rodata")};
    if (reloc.dest == Dest::FunEntry && reloc.entry >= funTableSize)
      return Failure{offset, "fun table entry " + std::to_string(reloc.entry) +
                                 " is used, the table has " + std::to_string(funTableSize)};
    ByteSpan word = block.subspan(offset, wordSize);
    writeUint(word, readUint(word) + addressOf(reloc, image, wordSize, bases));
  }
  return image;
}

} // namespace mpylink::loader
