// SPDX-License-Identifier: MIT
// .mpy files from the model. The layout is told in docs/format.md.
#include "mpy/Writer.h"

#include "mpy/Fields.h"
#include "mpy/Relocs.h"
#include "mpy/VarUint.h"
#include "mpy/WriteParts.h"

#include <cassert>

namespace mpylink::mpy {

void appendScope(Bytes &out, const RawCode &raw) {
  const Fields fields = fieldsOf(raw.kind, raw.scopeFlags);
  if (fields.scopeFlags)
    appendVarUint(out, raw.scopeFlags);
  if (fields.signature) {
    appendVarUint(out, raw.positionalArgs);
    appendVarUint(out, raw.typeSignature);
  }
}

void appendRelocsOf(Bytes &out, uint8_t version, const RawCode &raw) {
  if (!fieldsOf(raw.kind, raw.scopeFlags).relocs)
    return;
  append(out, raw.relocStream.empty() ? encodeRelocs(relocForm(version, raw), raw.relocs)
                                      : raw.relocStream);
}

Bytes write(const Module &module) {
  assert(module.arch <= 15);
  Bytes out = {'M', module.version};
  if (module.version == 5) {
    out.push_back(static_cast<uint8_t>(module.arch << 2 | module.features));
    out.push_back(module.smallIntBits);
    appendVarUint(out, module.qstrWindow);
    appendBody5(out, module);
    return out;
  }
  assert(module.version == 6 && module.subVersion <= 3);
  out.push_back(static_cast<uint8_t>((module.hasArchFlags ? 0x40 : 0) | module.arch << 2 |
                                     module.subVersion));
  out.push_back(module.smallIntBits);
  if (module.hasArchFlags)
    appendVarUint(out, module.archFlags);
  appendBody6(out, module);
  return out;
}

} // namespace mpylink::mpy
