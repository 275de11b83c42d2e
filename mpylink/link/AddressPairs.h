// SPDX-License-Identifier: MIT
// Absolute addresses whose halves are in two instructions, which no loader can relocate. An upper
// half becomes relative to its place, or is replaced by a detour over code that loads a word which
// the loader relocates. The lower halves follow, whatever way leads from the one to the other.
#pragma once

#include "link/Stages.h"

#include <functional>
#include <map>

namespace mpylink::link {

class AddressPairs {
public:
  using Refuse = std::function<void(uint32_t chunk, const Ref &, const std::string &what)>;

  explicit AddressPairs(const Program &program) : program(program) {}

  /// Adds one half of the address of something that is no number.
  void add(uint32_t chunk, const Ref &half);
  /// Decides about all of them. `near` are the chunks at a fixed distance from the code.
  void settle(Plan &plan, std::vector<bool> &near, const Refuse &refuse) const;

private:
  struct Place {
    uint32_t chunk;
    const Ref *ref;
  };
  struct Halves {
    std::vector<Place> high, low;
  };
  static std::optional<uint64_t> baseOf(const Target &target, const Halves &halves);
  std::vector<Halves> split(const Target &target, const Halves &halves) const;
  static void detour(Plan &plan, const Target &target, const Halves &halves, uint64_t base);
  /// Whether an object's functions are in parts, of which one may go on with a register of the
  /// other.
  bool isSplit(uint32_t object);

  const Program &program;
  std::unordered_map<uint32_t, bool> splitObjects; ///< What isSplit() found.
  /// By code and target. Registers with an upper half do not outlive the function, so the code is a
  /// chunk, or all code of an object with split functions.
  std::map<std::pair<uint32_t, Target>, Halves> pairs;
};

} // namespace mpylink::link
