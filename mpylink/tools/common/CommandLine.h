// SPDX-License-Identifier: MIT
// Parsing a command line by a table of options, with the checks that all our tools make.
#pragma once

#include "llvm/Option/ArgList.h"
#include "llvm/Option/OptTable.h"
#include "llvm/Support/Allocator.h"
#include "llvm/Support/StringSaver.h"

#include <optional>
#include <string>

namespace mpylink::tools {

class CommandLine {
public:
  /// `tool` begins every message. The ids are those of OptParser.td: inputs and unknown words.
  CommandLine(const llvm::opt::OptTable &table, llvm::StringRef tool, unsigned inputId,
              unsigned unknownId)
      : table(table), tool(tool), inputId(inputId), unknownId(unknownId) {}

  void error(const llvm::Twine &text) const;
  /// Reads response files and splits the words; false when a response file is bad.
  bool parse(int argc, char **argv);
  const llvm::opt::InputArgList &args() const { return *parsed; }
  /// Whether every word was understood and every value is there; problems are told.
  bool check() const;

private:
  bool checkSpelling() const;
  bool checkValues() const;
  bool checkResponseFiles() const;

  const llvm::opt::OptTable &table;
  std::string tool;
  unsigned inputId;
  unsigned unknownId;
  llvm::BumpPtrAllocator allocator;
  llvm::StringSaver saver{allocator};
  llvm::SmallVector<const char *, 64> words;
  unsigned missingIndex = 0;
  unsigned missingCount = 0;
  std::optional<llvm::opt::InputArgList> parsed;
};

} // namespace mpylink::tools
