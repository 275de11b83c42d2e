// SPDX-License-Identifier: MIT
// Several modules -> one, whose import runs all of them in their order in one module's globals. The
// merged file is a module of bytecode with each input as a function that it calls.
#pragma once

#include "mpy/Module.h"
#include "support/Diag.h"

#include <optional>
#include <span>

namespace mpylink::mpy {

struct MergeInput {
  std::string name; ///< For messages.
  Module module;
};

/// Merges at least two inputs. Equal qstrs and objects are shared. Bytecode of version 6 gets other
/// numbers of qstrs and objects; machine code has them inside, so the table starts with its own,
/// and two inputs with machine code must agree on them. `sourceName`, if not empty, is the name
/// of all source files in version 6, which has only one. Problems go to `diag`.
std::optional<Module> merge(std::span<const MergeInput> inputs, const std::string &sourceName,
                            Diag &diag);

} // namespace mpylink::mpy
