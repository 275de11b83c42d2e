// SPDX-License-Identifier: MIT
#include "mpy/Prelude.h"

#include <optional>
#include <string>

namespace mpylink::mpy {

namespace {

/// More groups than 32-bit values need are a sign of damage, as are counts of millions.
constexpr unsigned maxGroups = 9;

/// Bytes of a number whose values are interleaved bit by bit: bit 7 says that another one follows.
class Groups {
public:
  Groups(ByteView code, size_t start, const char *what) : code(code), at(start), what(what) {}

  /// The next byte, or none after the last one or a problem.
  bool next(uint8_t &group) {
    if (done || problem)
      return false;
    if (at >= code.size())
      fail(std::string("the code ends inside the ") + what);
    else if (count == maxGroups)
      fail(std::string("the ") + what + " is too long");
    if (problem)
      return false;
    group = code[at++];
    done = (group & 0x80) == 0;
    ++count;
    return true;
  }

  size_t offset() const { return at; }
  const std::optional<Failure> &failure() const { return problem; }

private:
  void fail(std::string text) { problem = Failure{at, std::move(text)}; }

  ByteView code;
  size_t at;
  const char *what;
  unsigned count = 0;
  bool done = false;
  std::optional<Failure> problem;
};

} // namespace

Result<Prelude> readPreludeSizes(ByteView code, size_t start) {
  Prelude prelude;
  Groups signature(code, start, "signature of the prelude");
  uint8_t group = 0;
  if (signature.next(group)) {
    prelude.states = group >> 3 & 15;
    prelude.exceptions = group >> 2 & 1;
    prelude.positional = group & 3;
  }
  for (unsigned n = 0; signature.next(group); ++n) {
    prelude.flags |= (group >> 6 & 1u) << n;
    prelude.states |= (group >> 4 & 3u) << (4 + 2 * n);
    prelude.keywordOnly |= (group >> 3 & 1u) << n;
    prelude.positional |= (group >> 2 & 1u) << (2 + n);
    prelude.exceptions |= (group >> 1 & 1u) << (1 + n);
    prelude.defaults |= (group & 1u) << n;
  }
  if (signature.failure())
    return *signature.failure();
  ++prelude.states;

  prelude.sizesStart = signature.offset();
  Groups sizes(code, prelude.sizesStart, "sizes of the prelude");
  uint64_t infoSize = 0;
  for (unsigned n = 0; sizes.next(group); ++n) {
    infoSize |= (group >> 1 & 63ull) << (6 * n);
    prelude.cells |= (group & 1u) << n;
  }
  if (sizes.failure())
    return *sizes.failure();
  if (infoSize > UINT32_MAX)
    return Failure{prelude.sizesStart, "the prelude is larger than 32 bits can tell"};
  prelude.infoSize = static_cast<uint32_t>(infoSize);
  prelude.infoStart = sizes.offset();
  prelude.linesStart = prelude.infoStart;
  prelude.cellsStart = prelude.infoStart + prelude.infoSize;
  prelude.codeStart = prelude.cellsStart + prelude.cells;
  return prelude;
}

Result<Prelude> readPrelude(ByteView code, size_t start, uint8_t version) {
  Result<Prelude> sizes = readPreludeSizes(code, start);
  if (!sizes)
    return sizes;
  Prelude &prelude = *sizes;
  if (prelude.codeStart > code.size())
    return Failure{prelude.sizesStart, "the prelude goes past the end of the code"};
  const ByteView info = code.first(prelude.cellsStart);
  size_t at = prelude.infoStart;
  if (version == 5) {
    if (prelude.infoSize < 4)
      return Failure{prelude.sizesStart, "the prelude has no room for its names"};
    prelude.simpleName = readLe<uint16_t>(info.subspan(at));
    prelude.sourceFile = readLe<uint16_t>(info.subspan(at + 2));
    prelude.linesStart = at + 4;
    return sizes;
  }
  for (uint32_t name = 0; name <= prelude.arguments(); ++name) {
    uint64_t value = 0;
    uint8_t group = 0x80;
    const size_t nameStart = at;
    for (; group & 0x80; ++at) {
      if (at >= info.size())
        return Failure{nameStart, "the prelude ends inside a name"};
      group = info[at];
      value = value << 7 | (group & 0x7f);
      if (value > UINT32_MAX)
        return Failure{nameStart, "a name of the prelude is larger than 32 bits"};
    }
    if (name == 0)
      prelude.simpleName = static_cast<uint32_t>(value);
    else
      prelude.argNames.push_back(static_cast<uint32_t>(value));
  }
  prelude.linesStart = at;
  return sizes;
}

Result<std::vector<LineStep>> readLines(ByteView code, const Prelude &prelude, uint8_t version) {
  std::vector<LineStep> steps;
  for (size_t at = prelude.linesStart; at < prelude.cellsStart; ++at) {
    const uint8_t first = code[at];
    if (version == 5 && first == 0) {
      if (at + 1 != prelude.cellsStart)
        return Failure{at, "the line numbers end before the prelude does"};
      return steps;
    }
    if ((first & 0x80) == 0) {
      steps.push_back({first & 31u, first >> 5 & 3u});
      continue;
    }
    if (++at == prelude.cellsStart)
      return Failure{at - 1, "the prelude ends inside a line number"};
    steps.push_back({first & 15u, (first << 4 & 0x700u) | code[at]});
  }
  if (version == 5)
    return Failure{prelude.cellsStart, "the line numbers have no end mark"};
  return steps;
}

} // namespace mpylink::mpy
