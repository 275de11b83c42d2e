// SPDX-License-Identifier: MIT
// Our programs as their man pages and shells see them, from the tables they parse their command
// lines with.
#pragma once

#include <string>
#include <vector>

namespace mpylink::tools {

struct OptionDoc {
  std::string name;    ///< With one dash.
  std::string value;   ///< What follows it: FILE, FOLDER, a word for anything else; or empty.
  bool joined = false; ///< The value is in the same word: -report=FORM.
  std::string help;
  std::vector<std::string> choices; ///< All values, where they are few.
};

struct ToolDoc {
  std::string name, overview, usage, description, exitStatus;
  std::vector<std::string> inputs; ///< Extensions of files it reads.
  std::vector<OptionDoc> options;  ///< In the order of -help.
};

/// An empty name when there is no such tool.
ToolDoc toolDoc(const std::string &name);

std::string manPage(const ToolDoc &tool, const std::string &version, const std::string &seeAlso);
std::string bashCompletion(const ToolDoc &tool);

} // namespace mpylink::tools
