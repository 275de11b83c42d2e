// SPDX-License-Identifier: MIT
// The strings that a version 5 file can refer to without spelling them again: the 32 used last, the
// latest first. Reader and Writer must move them alike. Entries are indices of Module::qstrs.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

namespace mpylink::mpy {

class QstrWindow {
public:
  static constexpr size_t size = 32;

  /// A string that was spelt.
  void push(uint32_t qstr) {
    std::shift_right(entries.begin(), entries.end(), 1);
    entries[0] = qstr;
    used = std::min(used + 1, size);
  }

  /// The string at `index`, which becomes the latest.
  std::optional<uint32_t> use(size_t index) {
    if (index >= used)
      return std::nullopt;
    std::rotate(entries.begin(), entries.begin() + index, entries.begin() + index + 1);
    return entries[0];
  }

  std::optional<size_t> find(uint32_t qstr) const {
    const auto end = entries.begin() + used;
    const auto found = std::find(entries.begin(), end, qstr);
    if (found == end)
      return std::nullopt;
    return static_cast<size_t>(found - entries.begin());
  }

private:
  std::array<uint32_t, size> entries{};
  size_t used = 0;
};

} // namespace mpylink::mpy
