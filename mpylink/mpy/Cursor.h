// SPDX-License-Identifier: MIT
// A position in a .mpy file being read. The first problem sticks and moves the position to the end
// of the file, so a caller may read several fields and ask once; loops must ask in every turn.
#pragma once

#include "mpy/Trace.h"
#include "support/Bytes.h"
#include "support/Result.h"

#include <optional>
#include <string>
#include <string_view>

namespace mpylink::mpy {

class Cursor {
public:
  /// `trace`, if any, gets every field that is read.
  explicit Cursor(ByteView file, Trace *trace = nullptr) : file(file), trace(trace) {}

  bool ok() const { return !problem; }
  const Failure &failure() const { return *problem; }
  size_t offset() const { return position; }
  size_t remaining() const { return file.size() - position; }
  /// What has been read since `start`.
  ByteView since(size_t start) const { return file.subspan(start, position - start); }

  /// After a problem these return 0 or an empty view. `what` names the field in messages.
  uint8_t byte(std::string_view what);
  /// Accepts leading zero groups, as firmwares do, but no value above 32 bits.
  uint32_t varUint(std::string_view what);
  /// A number of items that take a byte each at least: more than there are bytes left is refused
  /// before anything is allocated for them.
  uint32_t count(std::string_view what);
  ByteView bytes(size_t size, std::string_view what);

  void fail(size_t offset, std::string text);

  /// Fields read while it lives belong together: "qstr 3".
  class Group {
  public:
    Group(Cursor &in, std::string_view name) : in(in) { in.enter(name, {}); }
    Group(Cursor &in, std::string_view name, size_t index) : in(in) { in.enter(name, index); }
    Group(const Group &) = delete;
    Group &operator=(const Group &) = delete;
    ~Group() { in.leave(); }

  private:
    Cursor &in;
  };

private:
  ByteView take(size_t size, std::string_view what);
  void enter(std::string_view name, std::optional<size_t> index);
  void leave() { --depth; }
  void record(size_t start, FieldKind kind, uint64_t value, std::string_view name) const;

  ByteView file;
  Trace *trace;
  size_t position = 0;
  unsigned depth = 0;
  std::optional<Failure> problem;
};

} // namespace mpylink::mpy
