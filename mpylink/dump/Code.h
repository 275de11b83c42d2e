// SPDX-License-Identifier: MIT
// Code as lines of text: bytecode and machine code look alike from here on.
#pragma once

#include "dump/File.h"
#include "dump/Page.h"

#include <optional>

namespace mpylink::dump {

struct CodeLine {
  size_t offset = 0; ///< In the code.
  size_t size = 0;
  std::optional<uint32_t> sourceLine; ///< Where a line of the source begins.
  std::string label;                  ///< The name of this place, if it has one.
  std::string name; ///< Mnemonic; "prelude" or ".word" for what is no instruction.
  std::string operand;
  std::string comment; ///< What the operand means.
};

/// The name of a line with bytes that are no instruction.
constexpr std::string_view unknownName = ".bytes";

/// The instructions of bytecode, behind a line for the prelude.
std::vector<CodeLine> bytecodeLines(const mpy::Module &module, const mpy::RawCode &raw,
                                    const std::string &place);

/// The instructions of native code. `isOutermost`: the names of a map are about it.
std::vector<CodeLine> nativeLines(const File &file, const mpy::RawCode &raw, bool isOutermost);

std::vector<CodeLine> codeLines(const File &file, const mpy::RawCode &raw,
                                const std::string &place);

void showCode(const File &file, Page &page);

} // namespace mpylink::dump
