// SPDX-License-Identifier: MIT
// Text with headings and columns, in colour or not.
#pragma once

#include <string>
#include <string_view>

namespace mpylink::dump {

class Page {
public:
  explicit Page(bool colour) : colour(colour) {}

  /// A line in bold, after an empty line unless it is the first.
  void heading(std::string_view text) {
    if (!out.empty())
      out += '\n';
    line(paint("1", text));
  }
  void line(std::string_view text) {
    out += text;
    out += '\n';
  }
  /// What explains the rest of its line.
  std::string comment(std::string_view text) const { return paint("32", text); }
  std::string name(std::string_view text) const { return paint("36", text); }

  const std::string &text() const { return out; }

private:
  std::string paint(std::string_view code, std::string_view text) const {
    if (!colour || text.empty())
      return std::string(text);
    return "\x1b[" + std::string(code) + "m" + std::string(text) + "\x1b[0m";
  }

  bool colour;
  std::string out;
};

/// `text` with blanks up to `width`.
std::string padded(std::string_view text, size_t width);
std::string rightAligned(std::string_view text, size_t width);
/// Lower-case digits without "0x", at least `digits` of them.
std::string hexDigits(uint64_t value, size_t digits);
/// "1 byte", "2 bytes".
std::string counted(uint64_t count, std::string_view noun);

} // namespace mpylink::dump
