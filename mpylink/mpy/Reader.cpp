// SPDX-License-Identifier: MIT
// .mpy files into the model. Stricter than a firmware in what a firmware would follow blindly:
// strings must end in NUL, code must not be empty, relocations must stay in their block, the
// relocation stream must have its end mark, and nothing may follow the raw code.
#include "mpy/Reader.h"

#include "abi/Abi.h"
#include "mpy/ReadParts.h"

namespace mpylink::mpy {

namespace {

constexpr uint8_t archFlagsFollow = 0x40;
constexpr uint8_t unusedFeature = 0x80;
/// What firmwares of version 5 reserve.
constexpr uint32_t maxWindow = 32;

void readFeatures6(Cursor &in, Module &module, uint8_t feature) {
  module.subVersion = feature & 3;
  module.arch = feature >> 2 & 15;
  module.hasArchFlags = (feature & archFlagsFollow) != 0;
  if (!abi::findArch(module.arch) || (feature & unusedFeature))
    in.fail(2, "unknown architecture " + std::to_string(feature >> 2));
  else if (module.hasArchFlags && module.subVersion < 3)
    in.fail(2, "architecture flags in version 6." + std::to_string(module.subVersion));
}

void readFeatures5(Cursor &in, Module &module, uint8_t feature) {
  module.subVersion = 0;
  module.features = feature & 3;
  const unsigned arch = feature >> 2;
  const abi::ArchInfo *info = arch <= 15 ? abi::findArch(static_cast<uint8_t>(arch)) : nullptr;
  if (!info)
    in.fail(2, "unknown architecture " + std::to_string(arch));
  else
    module.arch = info->id;
}

void readHeader(Reading &reading) {
  Cursor &in = reading.in;
  Module &module = reading.module;
  Cursor::Group group(in, "header");
  if (in.byte("magic") != 'M')
    in.fail(0, "not a .mpy file");
  module.version = in.byte("version");
  if (in.ok() && module.version != 5 && module.version != 6)
    in.fail(1, "version " + std::to_string(module.version) + " is not read");
  const uint8_t feature = in.byte("features");
  if (in.ok())
    (module.version == 5 ? readFeatures5 : readFeatures6)(in, module, feature);
  // A file without an architecture has no word size; the smallest gives the widest limits.
  if (const abi::ArchInfo *arch = abi::findArch(module.arch); arch && arch->wordSize != 0)
    reading.wordSize = arch->wordSize;
  module.smallIntBits = in.byte("small-int bits");
  if (module.hasArchFlags)
    module.archFlags = in.varUint("architecture flags");
  if (!in.ok() || module.version != 5)
    return;
  const size_t start = in.offset();
  module.qstrWindow = in.varUint("size of the qstr window");
  if (module.qstrWindow > maxWindow)
    in.fail(start, "a qstr window of " + std::to_string(module.qstrWindow) + ", the limit is " +
                       std::to_string(maxWindow));
}

} // namespace

Result<Module> read(ByteView file, Trace *trace) {
  Reading reading(file, trace);
  Cursor &in = reading.in;
  readHeader(reading);
  (reading.module.version == 5 ? readBody5 : readBody6)(reading);
  if (in.remaining() != 0)
    in.fail(in.offset(), std::to_string(in.remaining()) + " bytes after the end");
  if (!in.ok())
    return in.failure();
  return std::move(reading.module);
}

} // namespace mpylink::mpy
