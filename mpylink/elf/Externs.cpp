// SPDX-License-Identifier: MIT
#include "elf/Externs.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <optional>

namespace mpylink::elf {

namespace {

constexpr std::string_view blanks = " \t\r\n\f\v";

std::string_view trim(std::string_view text) {
  const size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

bool isName(std::string_view text) {
  if (text.empty() || (text[0] >= '0' && text[0] <= '9'))
    return false;
  for (char c : text)
    if (!(std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.' || c == '$'))
      return false;
  return true;
}

std::optional<uint64_t> number(std::string_view text) {
  int base = 10;
  if (text.starts_with("0x") || text.starts_with("0X")) {
    text.remove_prefix(2);
    base = 16;
  }
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (text.empty() || error != std::errc() || end != text.data() + text.size())
    return std::nullopt;
  return value;
}

/// Replaces comments by blanks, so that offsets and line numbers stay.
std::string withoutComments(std::string_view text) {
  std::string result(text);
  for (size_t at = 0; at + 1 < result.size(); ++at) {
    if (result[at] != '/' || (result[at + 1] != '*' && result[at + 1] != '/'))
      continue;
    const bool block = result[at + 1] == '*';
    size_t end = block ? result.find("*/", at + 2) : result.find('\n', at);
    end = end == std::string::npos ? result.size() : end + (block ? 2 : 0);
    for (; at < end; ++at)
      if (result[at] != '\n')
        result[at] = ' ';
    --at;
  }
  return result;
}

} // namespace

void readExterns(const std::string &path, std::string_view text, Externs &externs, Diag &diag) {
  const std::string source = withoutComments(text);
  size_t start = 0, line = 1, lineKnownAt = 0;
  const auto here = [&] {
    const size_t first = std::min(source.find_first_not_of(blanks, start), source.size());
    for (; lineKnownAt < first; ++lineKnownAt)
      line += source[lineKnownAt] == '\n';
    return Location{path + ":" + std::to_string(line), {}, {}};
  };
  for (; start < source.size();) {
    const size_t end = std::min(source.find(';', start), source.size());
    std::string_view statement = trim(std::string_view(source).substr(start, end - start));
    std::string_view body = statement;
    if (body.starts_with("PROVIDE") && body.ends_with(")")) {
      const size_t open = body.find('(');
      body = trim(body.substr(open + 1, body.size() - open - 2));
    }
    const size_t equals = body.find('=');
    const std::string_view name = trim(body.substr(0, equals));
    const std::string_view expression =
        equals == std::string_view::npos ? "" : trim(body.substr(equals + 1));
    std::optional<uint64_t> value = number(expression);
    if (const auto alias = externs.find(expression); !value && alias != externs.end())
      value = alias->second;
    if (!isName(name) || !value) {
      if (!statement.empty())
        diag.warning("externs-syntax", here(),
                     "statement not understood and skipped: " +
                         std::string(statement.substr(0, statement.find('\n'))),
                     "write NAME = 0xADDRESS;");
    } else if (const auto [old, isNew] = externs.try_emplace(std::string(name), *value);
               !isNew && old->second != *value) {
      diag.error("duplicate-symbol", here(),
                 "symbol " + std::string(name) + " has two addresses, " + hex(old->second) +
                     " and " + hex(*value),
                 "remove one");
    }
    start = end + 1;
  }
}

} // namespace mpylink::elf
