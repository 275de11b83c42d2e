// SPDX-License-Identifier: MIT
// The command line of mpydump, parsed.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace mpylink::tools {

struct DumpArguments {
  std::vector<std::string> files; ///< "-" is standard input.
  std::string mapFile;
  bool disassemble = false;
  bool relocs = false;
  bool hex = false;
  bool json = false;
  bool verify = false;
  bool diff = false;
  std::string colour = "auto"; ///< Or always, never.
};

/// Parses the command line. Without a value the program ends with `exitCode`: 0 after -help and
/// -version, 2 for a wrong command line.
std::optional<DumpArguments> parseDumpArguments(int argc, char **argv, int &exitCode);

} // namespace mpylink::tools
