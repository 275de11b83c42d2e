// SPDX-License-Identifier: MIT
#include "link/Emit.h"

#include "loader/Loader.h"
#include "mpy/Reader.h"
#include "mpy/Writer.h"

#include <algorithm>
#include <set>

namespace mpylink::link {

std::optional<Linked> emit(const Image &image, const Resolved &resolved, const Options &options,
                           Diag &diag) {
  const Inputs &inputs = resolved.inputs;
  Linked linked;
  mpy::Module &module = linked.module;
  module.version = inputs.abi->version;
  module.subVersion = inputs.abi->subVersion;
  module.arch = inputs.target->id;
  module.archFlags = inputs.archFlags.value_or(resolved.archFlags);
  module.hasArchFlags = module.archFlags != 0;
  module.qstrs.push_back(options.sourceName);
  module.qstrs.insert(module.qstrs.end(), inputs.qstrs.begin(), inputs.qstrs.end());
  mpy::RawCode &code = module.code;
  code.kind = mpy::CodeKind::NativeViper;
  code.code = image.text;
  code.rodata = image.rodata;
  code.bssSize = image.bssSize;
  // Always with relocations: only then the loader keeps the code itself alive.
  code.scopeFlags = mpy::scopeViperReloc | (image.rodata.empty() ? 0 : mpy::scopeViperRodata) |
                    (image.bssSize == 0 ? 0 : mpy::scopeViperBss);
  code.relocs = image.relocs;
  linked.file = mpy::write(module);

  return readsBack(module, linked.file, diag) ? std::optional(std::move(linked)) : std::nullopt;
}

bool readsBack(const mpy::Module &module, ByteView file, Diag &diag) {
  const Result<mpy::Module> again = mpy::read(file);
  // Version 5 has no table of names: those that are spelt again are different ones when read.
  if (again && (module.version == 5 ? mpy::write(*again) == Bytes(file.begin(), file.end())
                                    : *again == module))
    return true;
  diag.error("internal", {},
             "the module does not read back as it was written" +
                 (again ? std::string() : ": " + again.failure().text),
             "this is a bug of mpylink: report it with the input files");
  return false;
}

void verify(const mpy::Module &module, const std::string &name, Diag &diag) {
  const abi::Abi *abi = abi::findAbi(module.version, module.subVersion);
  const abi::ArchInfo *target = abi::findArch(module.arch);
  const auto fail = [&](const std::string &what) {
    diag.error("verify", {name, {}, {}}, what,
               "this is a bug of mpylink: report it with the input files");
  };
  if (!abi || !target || target->wordSize == 0)
    return fail("the module's version or architecture is unknown");
  const unsigned word = target->wordSize;
  const auto funTableSize = static_cast<unsigned>(abi->funTable.size());
  const loader::Bases low{0x10000000, 0x20000000, 0x30000000, 0x31000000, 0x40000000, 0x50000000};
  const loader::Bases high{0x10100040, 0x20200040, 0x30010000, 0x31010000, 0x40010000, 0x50010000};
  const Result<loader::Image> first = loader::load(module, word, funTableSize, low);
  const Result<loader::Image> second = loader::load(module, word, funTableSize, high);
  for (const Result<loader::Image> *image : {&first, &second})
    if (!*image)
      return fail("a loader would refuse the module: " + image->failure().text);
  // Exactly the listed words depend on the addresses, and every address in them is inside a block.
  std::set<uint64_t> listed[2];
  for (const mpy::Reloc &reloc : module.code.relocs)
    listed[reloc.place == mpy::Segment::Rodata].insert(reloc.word);
  const auto compare = [&](ByteView a, ByteView b, size_t start, const std::set<uint64_t> &words,
                           const std::string &block) {
    for (size_t at = start; at + word <= a.size(); at += word)
      if ((readUint(a.subspan(at, word)) != readUint(b.subspan(at, word))) !=
          words.contains((at - start) / word))
        fail("word " + std::to_string((at - start) / word) + " of the " + block +
             " is not relocated as listed");
  };
  compare(first->text, second->text, 0, listed[0], "text");
  compare(first->data, second->data, first->rodata - first->bss, listed[1], "rodata");
}

} // namespace mpylink::link
