// SPDX-License-Identifier: MIT
// Follows which registers hold addresses that a firmware has put into relocated words, as far as
// straight-line code shows it, so that "call [rax + 0x68]" can be told as
// mp_fun_table.store_global. It never guesses: what is not certain has no comment.
#pragma once

#include "dump/File.h"
#include "dump/Machine.h"

#include <map>
#include <string>

namespace mpylink::dump {

/// Relocated words by their offset in the text.
using RelocatedWords = std::map<uint64_t, const mpy::Reloc *>;

class Pointers {
public:
  Pointers(const File &file, const mpy::RawCode &raw, const RelocatedWords &words,
           bool isOutermost);

  /// What the memory or the value that the instruction at `offset` uses is called; and what its
  /// registers hold from now on.
  std::string follow(const MachineInstruction &instruction, size_t offset);
  /// At a place that is reached from somewhere else.
  void forget() { registers.clear(); }
  /// "name+0x4", or empty.
  std::string symbolAt(mpy::Segment segment, uint64_t offset) const;

private:
  /// An address in or behind what `dest` names, or a mere number.
  struct Value {
    bool isNumber = false;
    mpy::Dest dest = mpy::Dest::Text;
    uint8_t entry = 0;
    uint64_t offset = 0;
  };

  std::optional<Value> valueOf(std::string_view text) const;
  std::optional<Value> addressOf(const MachineInstruction &instruction) const;
  std::optional<Value> sum(const std::optional<Value> &a, const std::optional<Value> &b) const;
  std::optional<Value> loadedFrom(const Value &address) const;
  std::optional<Value> computed(const MachineInstruction &instruction, size_t offset) const;
  std::string describe(const Value &address, bool isAccess) const;

  const File &file;
  const mpy::RawCode &raw;
  const RelocatedWords &words;
  bool isOutermost;
  unsigned word;
  std::string preserved;
  std::map<std::string, Value, std::less<>> registers;
};

/// Operands at commas that are not inside brackets.
std::vector<std::string> splitOperands(std::string_view operands);

} // namespace mpylink::dump
