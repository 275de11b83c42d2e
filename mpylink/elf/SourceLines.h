// SPDX-License-Identifier: MIT
// Places in sections -> places in sources, for messages.
#pragma once

#include "elf/Object.h"

#include <memory>
#include <string>
#include <unordered_map>

namespace mpylink::elf {

/// Reads the debug information of an object at the first question about it, never on the way to a
/// good link. The objects must outlive it.
class SourceLines {
public:
  SourceLines();
  ~SourceLines();

  /// "source.c:41 (function)" for an offset of a section when the object has debug information,
  /// else "function" or "variable" when a symbol covers the offset, else empty.
  std::string at(const Object &object, uint32_t section, uint64_t offset);

private:
  struct DebugInfo;
  std::unordered_map<const Object *, std::unique_ptr<DebugInfo>> opened;
};

} // namespace mpylink::elf
