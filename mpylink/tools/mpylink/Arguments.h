// SPDX-License-Identifier: MIT
// The command line of mpylink, parsed.
#pragma once

#include "link/Options.h"

#include <optional>
#include <string>
#include <vector>

namespace mpylink::tools {

struct Arguments {
  link::Options link;
  bool preprocess = false;
  std::vector<std::string> includeFolders;
  std::string dependencyFile;
  std::string output;
  std::string mapFile;
  bool verify = false;
  unsigned verbosity = 0;
  bool fatalWarnings = false;
  unsigned errorLimit = 20;
};

/// Parses the command line. Without a value the program ends with `exitCode`: 0 after -help and
/// -version, 2 for a wrong command line.
std::optional<Arguments> parseArguments(int argc, char **argv, int &exitCode);

} // namespace mpylink::tools
