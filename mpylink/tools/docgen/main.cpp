// SPDX-License-Identifier: MIT
// docgen man|bash TOOL FILE: writes the man page or the shell completion of one of our programs.
// Runs while the project is built.
#include "Tools.h"

#include "llvm/Support/raw_ostream.h"

using namespace mpylink::tools;

int main(int argc, char **argv) {
  const ToolDoc tool = argc == 4 ? toolDoc(argv[2]) : ToolDoc();
  const std::string form = argc == 4 ? argv[1] : "";
  if (tool.name.empty() || (form != "man" && form != "bash")) {
    llvm::errs() << "usage: docgen man|bash mpylink|mpydump FILE\n";
    return 2;
  }
  std::error_code error;
  llvm::raw_fd_ostream out(argv[3], error);
  if (error) {
    llvm::errs() << "docgen: " << argv[3] << ": " << error.message() << "\n";
    return 1;
  }
  out << (form == "man"
              ? manPage(tool, MPYLINK_VERSION, tool.name == "mpylink" ? "mpydump" : "mpylink")
              : bashCompletion(tool));
  return 0;
}
