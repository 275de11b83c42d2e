// SPDX-License-Identifier: MIT
#include "tools/common/CommandLine.h"

#include "llvm/Support/CommandLine.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"

namespace mpylink::tools {

using namespace llvm::opt;

void CommandLine::error(const llvm::Twine &text) const {
  llvm::errs() << tool << ": error: " << text << "\n";
}

bool CommandLine::parse(int argc, char **argv) {
  words.assign(argv, argv + argc);
  llvm::cl::ExpansionContext expansion(allocator, llvm::cl::TokenizeGNUCommandLine);
  if (llvm::Error problem = expansion.expandResponseFiles(words)) {
    error(llvm::toString(std::move(problem)));
    return false;
  }
  parsed.emplace(table.ParseArgs(llvm::ArrayRef(words).slice(1), missingIndex, missingCount));
  return true;
}

bool CommandLine::check() const {
  const bool spelling = checkSpelling();
  const bool values = checkValues();
  const bool files = checkResponseFiles();
  return spelling && values && files;
}

/// False when an argument is not understood; every such argument is told.
bool CommandLine::checkSpelling() const {
  bool good = missingCount == 0;
  if (!good)
    error(llvm::Twine(parsed->getArgString(missingIndex)) + " needs a value");
  for (const Arg *arg : parsed->filtered(unknownId)) {
    const std::string spelling = arg->getAsString(*parsed);
    std::string near;
    if (table.findNearest(spelling, near) > 2)
      error("unknown option " + spelling + "; " + tool + " -help lists all");
    else
      error("unknown option " + spelling + ", did you mean " + near + "?");
    good = false;
  }
  return good;
}

/// An empty value is a make variable that nobody set.
bool CommandLine::checkValues() const {
  bool good = true;
  for (const Arg *arg : *parsed) {
    if (arg->getOption().getID() == inputId || arg->getNumValues() != 1 || *arg->getValue() != '\0')
      continue;
    error(llvm::StringRef(parsed->getArgString(arg->getIndex())).split('=').first +
          " needs a value");
    good = false;
  }
  return good;
}

/// What still starts with @ names a response file that does not exist, or an input of that name.
bool CommandLine::checkResponseFiles() const {
  bool good = true;
  for (llvm::StringRef file : parsed->getAllArgValues(inputId))
    if (file.consume_front("@") && !llvm::sys::fs::exists("@" + file)) {
      error("there is no response file " + file);
      good = false;
    }
  return good;
}

} // namespace mpylink::tools
