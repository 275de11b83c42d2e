// SPDX-License-Identifier: MIT
#include "MakeRule.h"

#include <string_view>

namespace mpylink::tools {

namespace {

/// As compilers do for -MF: a backslash before a blank or "#", with those in front of it doubled,
/// and "$" twice. make has no spelling for a newline.
std::string quoted(std::string_view name) {
  std::string result;
  for (size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    if (c == ' ' || c == '\t' || c == '#') {
      for (size_t before = i; before > 0 && name[before - 1] == '\\'; --before)
        result += '\\';
      result += '\\';
    } else if (c == '$') {
      result += '$';
    }
    result += c;
  }
  return result;
}

} // namespace

std::string makeRule(const std::string &target, const std::vector<std::string> &files) {
  std::string rule = quoted(target) + ":";
  for (const std::string &file : files)
    rule += " \\\n " + quoted(file);
  rule += "\n";
  // A deleted header must not stop make.
  for (const std::string &file : files)
    rule += "\n" + quoted(file) + ":\n";
  return rule;
}

} // namespace mpylink::tools
