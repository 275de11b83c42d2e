// SPDX-License-Identifier: MIT
// A position in a .mpy file being read. The first problem sticks and moves the position to the end
// of the file, so a caller may read several fields and ask once; loops must ask in every turn.
#pragma once

#include "support/Bytes.h"
#include "support/Result.h"

#include <optional>
#include <string>
#include <string_view>

namespace mpylink::mpy {

class Cursor {
public:
  explicit Cursor(ByteView file) : file(file) {}

  bool ok() const { return !problem; }
  const Failure &failure() const { return *problem; }
  size_t offset() const { return position; }
  size_t remaining() const { return file.size() - position; }

  /// After a problem these return 0 or an empty view. `what` names the field in messages.
  uint8_t byte(std::string_view what);
  /// Accepts leading zero groups, as firmwares do, but no value above 32 bits.
  uint32_t varUint(std::string_view what);
  /// A number of items that take a byte each at least: more than there are bytes left is refused
  /// before anything is allocated for them.
  uint32_t count(std::string_view what);
  ByteView bytes(size_t size, std::string_view what);

  void fail(size_t offset, std::string text);

private:
  ByteView file;
  size_t position = 0;
  std::optional<Failure> problem;
};

} // namespace mpylink::mpy
