// SPDX-License-Identifier: MIT
// -report: the sizes of a module, what it costs in memory, and what is largest in it. docs/map.md
// tells what the numbers mean.
#pragma once

#include "link/Contents.h"
#include "link/Link.h"
#include "mpy/LoadCost.h"

namespace mpylink::link {

/// A symbol, or a piece in which no symbol has a size.
struct Contribution {
  std::string name;
  std::string_view object; ///< The file; empty for what the linker adds.
  mpy::Segment segment;
  uint64_t size;
};

struct Report {
  enum Kind { Code, Constants, Variables, Zeros, Got, Stubs, Padding, KindCount };
  using Row = std::array<uint64_t, 3>; ///< Bytes by segment.

  std::string name; ///< Of the module.
  std::string_view arch;
  uint64_t fileSize = 0;
  std::array<Row, KindCount> rows{};
  uint64_t gotSlots = 0, relocatedWords = 0, relocationBytes = 0, qstrs = 0;
  mpy::LoadCost memory;
  std::vector<Contribution> contributions; ///< The largest first.

  uint64_t total(mpy::Segment segment) const;
};

Report makeReport(const Contents &contents, const Layout &layout, const Linked &linked);

std::string toText(const Report &report);
std::string toJson(const Report &report);

/// Errors for a module that is larger than `options` allow.
void checkBudgets(const Report &report, const Options &options, Diag &diag);

} // namespace mpylink::link
