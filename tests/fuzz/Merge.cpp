// SPDX-License-Identifier: MIT
// libFuzzer: any bytes as a .mpy file, merged with itself and with a module of bytecode. What comes
// out must read as it was written.
#include "mpy/Merge.h"
#include "mpy/Reader.h"
#include "mpy/Writer.h"

#include <cstdlib>

using namespace mpylink;

namespace {

/// With a name and a constant of its own.
mpy::Module other(uint8_t version, uint8_t features) {
  mpy::Module module;
  module.version = version;
  module.features = features;
  module.subVersion = 0;
  module.qstrs = {"other.py", "other"};
  module.code.kind = mpy::CodeKind::Bytecode;
  // LOAD_CONST_STRING and the end; in version 5 names have two bytes.
  module.code.code = version == 5 ? Bytes{0, 10, 0, 0, 0, 0, 0, 0x10, 1, 0, 0x63}
                                  : Bytes{0, 2, 0, 0x10, 1, 0x23, 0, 0x63};
  if (version == 6)
    module.objects.push_back({mpy::ObjectKind::Str, "text", {}});
  return module;
}

void check(const std::vector<mpy::MergeInput> &inputs, const std::string &sourceName) {
  Diag diag;
  const std::optional<mpy::Module> merged = mpy::merge(inputs, sourceName, diag);
  if (merged.has_value() == diag.hasErrors())
    std::abort();
  if (!merged)
    return;
  const Bytes written = mpy::write(*merged);
  const Result<mpy::Module> again = mpy::read(written);
  // Merging nests the code by one more level than the input.
  if (!again && again.failure().text != "raw codes nested too deeply")
    std::abort();
  if (again && mpy::write(*again) != written)
    std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const Result<mpy::Module> module = mpy::read(ByteView(data, size));
  if (!module)
    return 0;
  check({{"a", *module}, {"b", *module}}, "");
  check({{"a", other(module->version, module->features)}, {"b", *module}}, "given.py");
  return 0;
}
