// SPDX-License-Identifier: MIT
#include "link/Emit.h"

#include "loader/Compatibility.h"
#include "loader/Verify.h"
#include "mpy/Reader.h"
#include "mpy/Writer.h"

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
  const auto fail = [&](const std::string &what) {
    // What calls several modules has parts that others have made.
    diag.error("verify", {name, {}, {}}, what,
               module.code.kind == mpy::CodeKind::Bytecode
                   ? "check the .mpy files among the inputs with mpydump -verify"
                   : "this is a bug of mpylink: report it with the input files");
  };
  for (const loader::Problem &problem : loader::verify(module))
    fail(problem.text);
  if (!diag.hasErrors() && !loader::keepsData(module, module.code))
    fail("no word of the text keeps the variables alive");
}

} // namespace mpylink::link
