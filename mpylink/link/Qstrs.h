// SPDX-License-Identifier: MIT
// The interned strings (qstrs) of a module: found in the sources before they are compiled, and
// numbered by a header that the sources include and the linker reads back.
#pragma once

#include "support/Diag.h"

#include <string>
#include <string_view>
#include <vector>

namespace mpylink::link {

struct Preprocessed {
  std::string header;             ///< Text of the header.
  std::vector<std::string> files; ///< Every file that was read, for dependency rules.
};

/// Collects the MP_QSTR_ names of `sources` and of what they include: "..." beside the including
/// file or in `folders`, <...> in `folders`. Includes that are not found there are not an error.
Preprocessed preprocess(const std::vector<std::string> &sources,
                        const std::vector<std::string> &folders, Diag &diag);

/// The qstrs that the header numbers, in order; number 1 first.
std::vector<std::string> readQstrHeader(const std::string &path, std::string_view text, Diag &diag);

} // namespace mpylink::link
