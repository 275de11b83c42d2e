// SPDX-License-Identifier: MIT
// Bounds-checked reading of the format's primitives.
#include "mpy/Cursor.h"

namespace mpylink::mpy {

void Cursor::fail(size_t offset, std::string text) {
  if (!problem)
    problem = Failure{offset, std::move(text)};
  position = file.size();
}

ByteView Cursor::bytes(size_t size, std::string_view what) {
  if (size > remaining()) {
    fail(position, "the file ends inside the " + std::string(what));
    return {};
  }
  ByteView view = file.subspan(position, size);
  position += size;
  return view;
}

uint8_t Cursor::byte(std::string_view what) {
  ByteView view = bytes(1, what);
  return view.empty() ? 0 : view[0];
}

uint32_t Cursor::varUint(std::string_view what) {
  size_t start = position;
  uint64_t value = 0;
  uint8_t group;
  do {
    group = byte(what);
    value = value << 7 | (group & 0x7f);
    if (value > UINT32_MAX) {
      fail(start, "the " + std::string(what) + " is larger than 32 bits");
      return 0;
    }
  } while (group & 0x80);
  return ok() ? static_cast<uint32_t>(value) : 0;
}

uint32_t Cursor::count(std::string_view what) {
  size_t start = position;
  uint32_t value = varUint(what);
  if (value > remaining()) {
    fail(start, "the " + std::string(what) + " is " + std::to_string(value) + ", but only " +
                    std::to_string(remaining()) + " bytes follow");
    return 0;
  }
  return value;
}

} // namespace mpylink::mpy
