// SPDX-License-Identifier: MIT
// A .mpy file to show.
#pragma once

#include "mpy/Module.h"
#include "mpy/Trace.h"

#include <map>
#include <string>

namespace mpylink::dump {

/// Names of places in the three blocks of the outermost native code, by offset.
using Symbols = std::map<uint64_t, std::string>;

struct File {
  std::string name;
  Bytes bytes;
  mpy::Module module;
  mpy::Trace trace;
  std::map<mpy::Segment, Symbols> symbols; ///< From a map; may be empty.
};

} // namespace mpylink::dump
