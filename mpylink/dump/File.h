// SPDX-License-Identifier: MIT
// A .mpy file to show.
#pragma once

#include "mpy/Module.h"
#include "mpy/Trace.h"
#include "support/Result.h"

#include <map>
#include <memory>
#include <string>

namespace mpylink::dump {

struct Symbol {
  std::string name;
  uint64_t size = 0; ///< 0 when it is not known.
};

/// Functions and variables in a block of the outermost native code, by offset.
using Symbols = std::map<uint64_t, Symbol>;

class Machine;

struct File {
  std::string name;
  Bytes bytes;
  mpy::Module module;
  mpy::Trace trace;
  std::map<mpy::Segment, Symbols> symbols; ///< From a map; may be empty.
  /// Takes native code apart; null for bytecode, and when LLVM cannot.
  std::shared_ptr<const Machine> machine;
};

Result<File> openFile(std::string name, Bytes bytes);

} // namespace mpylink::dump
