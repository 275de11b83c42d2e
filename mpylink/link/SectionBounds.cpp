// SPDX-License-Identifier: MIT
#include "link/SectionBounds.h"

#include "link/Passes.h"

#include <algorithm>

namespace mpylink::link {

static bool isIdentifier(std::string_view name) {
  const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
  return !name.empty() && !isDigit(name.front()) && std::ranges::all_of(name, [&](char c) {
    return isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  });
}

void SectionBounds::add(const elf::Object &object, uint32_t first,
                        const std::vector<bool> &dropped) {
  for (uint32_t i = 0; i < object.sections.size(); ++i) {
    const elf::Section &section = object.sections[i];
    if (!isIdentifier(section.name) || dropped[first + i])
      continue;
    const Content content = contentOf(section, *object.arch);
    if (content != Content::LeftOut && content != Content::Constructors)
      names[section.name].sections.push_back(first + i);
  }
}

std::optional<Target> SectionBounds::find(std::string_view symbol,
                                          std::vector<std::vector<uint32_t>> &runs) {
  constexpr std::string_view start = "__start_", stop = "__stop_";
  const bool isStop = symbol.starts_with(stop);
  if (!isStop && !symbol.starts_with(start))
    return std::nullopt;
  const auto found = names.find(symbol.substr(isStop ? stop.size() : start.size()));
  if (found == names.end())
    return std::nullopt;
  Named &named = found->second;
  if (!named.run) {
    named.run = static_cast<uint32_t>(runs.size());
    runs.push_back(named.sections);
  }
  return Target{Target::Kind::Bound, *named.run, isStop};
}

} // namespace mpylink::link
