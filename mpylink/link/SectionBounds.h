// SPDX-License-Identifier: MIT
// __start_NAME and __stop_NAME, which linkers define for sections whose name is a C identifier: the
// way to build a table out of pieces from many sources.
#pragma once

#include "link/Stages.h"

#include <map>

namespace mpylink::link {

class SectionBounds {
public:
  /// Adds an object's sections, of which `first` is the number of the first one.
  void add(const elf::Object &object, uint32_t first, const std::vector<bool> &dropped);
  /// What such a symbol stands for, if there is a section for it. Its run is in `runs` then.
  std::optional<Target> find(std::string_view symbol, std::vector<std::vector<uint32_t>> &runs);

private:
  struct Named {
    std::vector<uint32_t> sections;
    std::optional<uint32_t> run;
  };
  std::map<std::string_view, Named> names;
};

} // namespace mpylink::link
