// SPDX-License-Identifier: MIT
// libFuzzer: any bytes as a .mpy file. What is read must verify or be refused without a fault,
// load, and be written back so that it reads as the same module.
#include "loader/Compatibility.h"
#include "loader/Verify.h"
#include "mpy/Reader.h"
#include "mpy/Writer.h"

#include <cstdlib>

using namespace mpylink;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const ByteView file(data, size);
  mpy::Trace trace;
  const Result<mpy::Module> module = mpy::read(file, &trace);
  if (!module) {
    if (module.failure().offset > size || module.failure().text.empty())
      std::abort();
    return 0;
  }
  size_t traced = 0;
  for (const mpy::Field &field : trace)
    traced += field.kind == mpy::FieldKind::Group ? 0 : field.size;
  if (traced != size)
    std::abort();
  loader::verify(*module);
  loader::refusals(*module);
  const Bytes written = mpy::write(*module);
  const Result<mpy::Module> again = mpy::read(written);
  if (!again || mpy::write(*again) != written)
    std::abort();
  return 0;
}
