// SPDX-License-Identifier: MIT
// A man page in the macros of man(7). Without a date, so that equal sources give equal pages.
#include "Tools.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringRef.h"

namespace mpylink::tools {

namespace {

/// Text as roff reads it: no line is a command, and a dash is a dash.
std::string plain(llvm::StringRef text) {
  std::string result;
  for (const char c : text)
    if (c == '\\')
      result += "\\e";
    else if (c == '-')
      result += "\\-";
    else
      result += c;
  if (text.starts_with(".") || text.starts_with("'"))
    result.insert(0, "\\&");
  return result;
}

std::string paragraphs(llvm::StringRef text) {
  std::string result;
  for (const llvm::StringRef paragraph : llvm::split(text, '\n'))
    result += (result.empty() ? "" : ".PP\n") + plain(paragraph) + "\n";
  return result;
}

/// "tool [options] file": the tool's name is bold.
std::string synopsis(const ToolDoc &tool) {
  std::string result;
  for (llvm::StringRef line : llvm::split(tool.usage, '\n')) {
    line = line.trim();
    line.consume_front(tool.name);
    result += (result.empty() ? "" : ".br\n") + std::string(".B ") + tool.name + "\n" +
              plain(line.trim()) + "\n";
  }
  return result;
}

std::string describe(const OptionDoc &option) {
  std::string result = ".TP\n\\fB" + plain(option.name) + "\\fR";
  if (!option.value.empty())
    result += (option.joined ? "=" : " ") + std::string("\\fI") + plain(option.value) + "\\fR";
  result += "\n" + plain(option.help) + ".\n";
  if (!option.choices.empty())
    result += "One of: " + plain(llvm::join(option.choices, ", ")) + ".\n";
  return result;
}

} // namespace

std::string manPage(const ToolDoc &tool, const std::string &version, const std::string &seeAlso) {
  std::string text = ".\\\" Made from the table of options of " + tool.name + ".\n";
  text += ".TH " + llvm::StringRef(tool.name).upper() + " 1 \"\" \"mpylink " + plain(version) +
          "\" \"MicroPython modules\"\n";
  text += ".SH NAME\n" + tool.name + " \\- " + plain(tool.overview) + "\n";
  text += ".SH SYNOPSIS\n" + synopsis(tool);
  text += ".SH DESCRIPTION\n" + paragraphs(tool.description);
  text += ".SH OPTIONS\n";
  for (const OptionDoc &option : tool.options)
    text += describe(option);
  text += ".SH EXIT STATUS\n" + paragraphs(tool.exitStatus);
  text += ".SH SEE ALSO\n.BR " + seeAlso + " (1)\n";
  return text;
}

} // namespace mpylink::tools
