// SPDX-License-Identifier: MIT
// Symbols at fixed addresses of a chip's ROM, from the linker-script fragments vendors publish.
#pragma once

#include "support/Diag.h"

#include <map>
#include <string>
#include <string_view>

namespace mpylink::elf {

using Externs = std::map<std::string, uint64_t, std::less<>>;

/// Adds the symbols of `text` (`name = 0x4000;`, `PROVIDE(name = other);`, comments) to `externs`.
/// A name given twice with different addresses is an error; other statements are skipped with a
/// warning.
void readExterns(const std::string &path, std::string_view text, Externs &externs, Diag &diag);

} // namespace mpylink::elf
