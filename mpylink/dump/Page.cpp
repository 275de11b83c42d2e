// SPDX-License-Identifier: MIT
#include "dump/Page.h"

#include "support/Diag.h"

namespace mpylink::dump {

std::string padded(std::string_view text, size_t width) {
  std::string result(text);
  if (result.size() < width)
    result.resize(width, ' ');
  return result;
}

std::string rightAligned(std::string_view text, size_t width) {
  return (text.size() < width ? std::string(width - text.size(), ' ') : "") + std::string(text);
}

std::string hexDigits(uint64_t value, size_t digits) {
  const std::string text = hex(value).substr(2);
  return (text.size() < digits ? std::string(digits - text.size(), '0') : "") + text;
}

std::string counted(uint64_t count, std::string_view noun) {
  return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

} // namespace mpylink::dump
