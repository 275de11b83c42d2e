// SPDX-License-Identifier: MIT
// What stands in front of the instructions of a Python function, in bytecode and in native code of
// MicroPython's own compiler: its signature, names, line numbers and closed-over variables.
#pragma once

#include "support/Bytes.h"
#include "support/Result.h"

#include <cstdint>
#include <vector>

namespace mpylink::mpy {

/// Bits of Prelude::flags.
constexpr uint32_t scopeGenerator = 1;
constexpr uint32_t scopeVarKeywords = 2;
constexpr uint32_t scopeVarArgs = 4;
constexpr uint32_t scopeDefKwArgs = 8;

struct Prelude {
  uint32_t states = 0;     ///< Words of the value stack and of local variables.
  uint32_t exceptions = 0; ///< Depth of the exception stack.
  uint32_t flags = 0;
  uint32_t positional = 0;  ///< Arguments.
  uint32_t keywordOnly = 0; ///< Arguments.
  uint32_t defaults = 0;    ///< Positional arguments with a default.
  uint32_t infoSize = 0;    ///< Bytes of names and line numbers.
  uint32_t cells = 0;       ///< Local variables that inner functions use.

  // Names are indices: of Module::qstrs in bytecode of a model, of the table of the file in version
  // 6. Version 5 has the names of arguments elsewhere.
  uint32_t simpleName = 0;
  uint32_t sourceFile = 0; ///< Version 5.
  std::vector<uint32_t> argNames;

  // Offsets in the code.
  size_t sizesStart = 0; ///< Of the second number.
  size_t infoStart = 0;
  size_t linesStart = 0;
  size_t cellsStart = 0; ///< Where the line numbers end.
  size_t codeStart = 0;  ///< Of the first instruction.

  uint32_t arguments() const { return positional + keywordOnly; }
};

/// Reads the two numbers a prelude begins with, and what follows from them; offsets in a Failure
/// count from the start of `code`. The parts may lie behind the end of `code`.
Result<Prelude> readPreludeSizes(ByteView code, size_t start);

/// Reads a whole prelude at `start`, all of whose parts must lie in `code`.
Result<Prelude> readPrelude(ByteView code, size_t start, uint8_t version);

/// A number of instructions' bytes that belong to a line, and how far the next line is.
struct LineStep {
  uint32_t bytes;
  uint32_t lines;
};

/// The line numbers of a prelude. The first line is 1, and `bytes` count from codeStart.
Result<std::vector<LineStep>> readLines(ByteView code, const Prelude &prelude, uint8_t version);

} // namespace mpylink::mpy
