// SPDX-License-Identifier: MIT
#pragma once

#include "mpy/Module.h"
#include "mpy/Trace.h"
#include "support/Result.h"

namespace mpylink::mpy {

/// Reads a whole .mpy file, version 5 or 6.0 to 6.3, native or bytecode. Every length and index is
/// checked against the file; a Failure names the offset of the offending byte. Memory use is
/// bounded by a small multiple of the file's size, whatever the file claims (bss is only counted).
/// `trace` gets every field, up to the first problem.
Result<Module> read(ByteView file, Trace *trace = nullptr);

} // namespace mpylink::mpy
