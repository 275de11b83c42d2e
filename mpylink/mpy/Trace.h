// SPDX-License-Identifier: MIT
// What the Reader saw: every field with its place in the file. A hexadecimal view needs nothing
// else.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace mpylink::mpy {

enum class FieldKind : uint8_t {
  Group,  ///< Contains the fields that follow with a larger depth.
  Number, ///< A byte or a var-uint with `value`.
  Bytes,  ///< Text, code or data.
};

struct Field {
  size_t offset = 0;
  size_t size = 0;
  unsigned depth = 0;
  FieldKind kind = FieldKind::Group;
  uint64_t value = 0;
  std::string name;
};

/// Fields in the order of the file. The sizes of all but groups add up to the size of a good file.
using Trace = std::vector<Field>;

} // namespace mpylink::mpy
