// SPDX-License-Identifier: MIT
// What the writers of versions 5 and 6 have in common.
#pragma once

#include "mpy/Module.h"

namespace mpylink::mpy {

void append(Bytes &out, const auto &bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }

/// The scope flags and what comes with them, of viper and assembler code.
void appendScope(Bytes &out, const RawCode &raw);
void appendRelocsOf(Bytes &out, uint8_t version, const RawCode &raw);

/// The tables, if any, and the raw codes.
void appendBody5(Bytes &out, const Module &module);
void appendBody6(Bytes &out, const Module &module);

} // namespace mpylink::mpy
