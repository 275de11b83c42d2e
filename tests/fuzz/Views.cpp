// SPDX-License-Identifier: MIT
// libFuzzer: any bytes as a .mpy file, shown in every view of mpydump and compared with a part of
// itself.
#include "dump/Code.h"
#include "dump/Diff.h"
#include "dump/Hex.h"
#include "dump/Json.h"
#include "dump/Overview.h"

using namespace mpylink;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const Result<dump::File> file = dump::openFile("fuzz", Bytes(data, data + size));
  if (!file)
    return 0;
  dump::Page page(false);
  dump::showOverview(*file, page);
  dump::showRelocs(*file, page);
  dump::showCode(*file, page);
  dump::showHex(*file, page);
  dump::toJson({*file});
  dump::File other = *file;
  if (!other.module.code.children.empty())
    other.module.code.children.pop_back();
  other.module.code.code.pop_back();
  other.module.code.relocs.clear();
  dump::showDiff(*file, other, page);
  return 0;
}
