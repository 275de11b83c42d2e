// SPDX-License-Identifier: MIT
#include "dump/SymbolMap.h"

#include "dump/Names.h"

#include <charconv>
#include <optional>

namespace mpylink::dump {

namespace {

/// A line of a map is "address size", in columns of eight, then the alignment of a section, which a
/// symbol leaves blank, then the name.
constexpr size_t column = 8;
constexpr size_t nameStart = 2 * (column + 1) + 10;

std::optional<uint64_t> hexIn(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (error != std::errc() || end != text.data() + text.size())
    return std::nullopt;
  return value;
}

void addSymbol(std::map<mpy::Segment, Symbols> &symbols, mpy::Segment segment,
               std::string_view line) {
  if (line.size() <= nameStart)
    return;
  const std::string_view between = line.substr(2 * column + 1, nameStart - 2 * column - 1);
  const std::optional<uint64_t> address = hexIn(line.substr(0, column));
  const std::optional<uint64_t> size = hexIn(line.substr(column + 1, column));
  if (!address || !size || between.find_first_not_of(' ') != std::string_view::npos)
    return;
  symbols[segment].emplace(*address, Symbol{std::string(line.substr(nameStart)), *size});
}

} // namespace

std::map<mpy::Segment, Symbols> readMap(std::string_view text) {
  std::map<mpy::Segment, Symbols> symbols;
  bool inSegment = false;
  mpy::Segment segment = mpy::Segment::Text;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty())
      inSegment = false;
    else if (inSegment)
      addSymbol(symbols, segment, line);
    else
      for (const mpy::Segment each : {mpy::Segment::Text, mpy::Segment::Rodata, mpy::Segment::Bss})
        if (line.starts_with(std::string(segmentName(each)) + ": ")) {
          segment = each;
          inSegment = true;
        }
  }
  return symbols;
}

} // namespace mpylink::dump
