// SPDX-License-Identifier: MIT
#include "mpy/ReadParts.h"

#include "mpy/Fields.h"
#include "mpy/Relocs.h"

#include <algorithm>

namespace mpylink::mpy {

std::string readText(Cursor &in, size_t size, std::string_view what) {
  ByteView bytes = in.bytes(size, what);
  return {bytes.begin(), bytes.end()};
}

Bytes readBytes(Cursor &in, size_t size, std::string_view what) {
  ByteView bytes = in.bytes(size, what);
  return {bytes.begin(), bytes.end()};
}

void readScope(Cursor &in, RawCode &raw) {
  if (fieldsOf(raw.kind, 0).scopeFlags)
    raw.scopeFlags = in.varUint("scope flags");
  if (fieldsOf(raw.kind, 0).signature) {
    raw.positionalArgs = in.varUint("number of arguments");
    raw.typeSignature = in.varUint("type signature");
  }
}

void readRelocsOf(Reading &reading, RawCode &raw) {
  if (!fieldsOf(raw.kind, raw.scopeFlags).relocs)
    return;
  Cursor &in = reading.in;
  Cursor::Group group(in, "relocations");
  RelocLimits limits;
  limits.textWords = static_cast<uint32_t>(raw.code.size() / reading.wordSize);
  limits.rodataWords = static_cast<uint32_t>(raw.rodata.size() / reading.wordSize);
  limits.total = reading.relocsLeft;
  const size_t start = in.offset();
  const RelocForm form = relocForm(reading.module.version, raw);
  raw.relocs = readRelocs(in, form, limits);
  reading.relocsLeft -= raw.relocs.size();
  if (!in.ok())
    return;
  const ByteView stream = in.since(start);
  if (!std::ranges::equal(stream, encodeRelocs(form, raw.relocs)))
    raw.relocStream.assign(stream.begin(), stream.end());
}

} // namespace mpylink::mpy
