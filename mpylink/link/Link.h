// SPDX-License-Identifier: MIT
// The linker as a library: options in, module out.
#pragma once

#include "link/Options.h"
#include "mpy/Module.h"
#include "support/Diag.h"

namespace mpylink::link {

struct Linked {
  mpy::Module module;                ///< What was linked.
  std::optional<mpy::Module> merged; ///< All of the file, when there are .mpy files in it.
  Bytes file;                        ///< The bytes of the .mpy file.
  std::string map;                   ///< Where everything went, as text.
  size_t gotSlots = 0;
  const mpy::Module &whole() const { return merged ? *merged : module; }
  uint64_t variablesInText = 0; ///< Bytes of writable data at a fixed distance from the code.
};

/// Runs the whole link. Without a value, `diag` has errors. The result depends on the contents of
/// the files and the options only. What the options ask to be told is appended to
/// `listing`, as far as the link comes.
std::optional<Linked> link(const Options &options, std::string &listing, Diag &diag);

/// Loads the module in the reference loader at two places and compares; problems go to `diag`.
void verify(const mpy::Module &module, const std::string &name, Diag &diag);

} // namespace mpylink::link
