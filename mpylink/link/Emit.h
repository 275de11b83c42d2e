// SPDX-License-Identifier: MIT
#pragma once

#include "link/Link.h"
#include "link/Stages.h"

namespace mpylink::link {

/// Image -> .mpy module and file bytes. The bytes are read back and must give the same module.
std::optional<Linked> emit(const Image &image, const Resolved &resolved, const Options &options,
                           Diag &diag);

/// Whether the bytes of a module give that module again; else `diag` has the error.
bool readsBack(const mpy::Module &module, ByteView file, Diag &diag);

} // namespace mpylink::link
