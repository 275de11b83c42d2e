// SPDX-License-Identifier: MIT
// Bounds-checked reading of the format's primitives.
#include "mpy/Cursor.h"

namespace mpylink::mpy {

void Cursor::fail(size_t offset, std::string text) {
  if (!problem)
    problem = Failure{offset, std::move(text)};
  position = file.size();
}

ByteView Cursor::take(size_t size, std::string_view what) {
  if (size > remaining()) {
    fail(position, "the file ends inside the " + std::string(what));
    return {};
  }
  ByteView view = file.subspan(position, size);
  position += size;
  return view;
}

ByteView Cursor::bytes(size_t size, std::string_view what) {
  size_t start = position;
  ByteView view = take(size, what);
  if (size != 0)
    record(start, FieldKind::Bytes, 0, what);
  return view;
}

uint8_t Cursor::byte(std::string_view what) {
  size_t start = position;
  ByteView view = take(1, what);
  uint8_t value = view.empty() ? 0 : view[0];
  record(start, FieldKind::Number, value, what);
  return value;
}

uint32_t Cursor::varUint(std::string_view what) {
  size_t start = position;
  uint64_t value = 0;
  uint8_t group;
  do {
    ByteView next = take(1, what);
    group = next.empty() ? 0 : next[0];
    value = value << 7 | (group & 0x7f);
    if (value > UINT32_MAX) {
      fail(start, "the " + std::string(what) + " is larger than 32 bits");
      return 0;
    }
  } while (group & 0x80);
  if (!ok())
    return 0;
  record(start, FieldKind::Number, value, what);
  return static_cast<uint32_t>(value);
}

void Cursor::enter(std::string_view name, std::optional<size_t> index) {
  if (trace && ok()) {
    std::string text(name);
    if (index)
      text += " " + std::to_string(*index);
    trace->push_back({position, 0, depth, FieldKind::Group, 0, std::move(text)});
  }
  ++depth;
}

void Cursor::record(size_t start, FieldKind kind, uint64_t value, std::string_view name) const {
  if (trace && ok())
    trace->push_back({start, position - start, depth, kind, value, std::string(name)});
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
