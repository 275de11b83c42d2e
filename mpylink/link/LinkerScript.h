// SPDX-License-Identifier: MIT
// A library that is a linker script: a text that names the files to link instead, like glibc's
// libm.a.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mpylink::link {

/// What GROUP and INPUT list, in the order of the text.
struct ScriptInput {
  std::string name;
  bool isLibrary; ///< Written -lNAME; `name` is what follows.

  bool operator==(const ScriptInput &) const = default;
};

/// The inputs that `text` lists; empty when it is no linker script, or one that lists none.
std::vector<ScriptInput> readLinkerScript(std::string_view text);

} // namespace mpylink::link
