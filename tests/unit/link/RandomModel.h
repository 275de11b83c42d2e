// SPDX-License-Identifier: MIT
// What random objects are: sections and what their fields mean. It knows nothing of the linker.
#pragma once

#include "RandomTypes.h"

#include <map>
#include <set>

namespace linktest {

/// What a symbol is.
struct ModelTarget {
  enum Kind { Place, String, Table, Entry, Number, Null, Got } kind = Null;
  size_t section = 0;      ///< Place: number in the model.
  uint64_t value = 0;      ///< Place, String: offset, with the Thumb bit; else index or number.
  std::string text;        ///< String: its contents with the end.
  bool isFunction = false; ///< Entry: something to call.

  auto operator<=>(const ModelTarget &) const = default;
};

struct ModelRef {
  uint64_t offset;
  RandomType type;
  ModelTarget target;
  int64_t addend; ///< That the field has besides the target.
  /// What the linker finds there, and which bits of it are the field.
  FieldCode field = {};
  uint64_t high = 0;      ///< Of two instructions: where the one for the upper part is, ...
  size_t highSection = 0; ///< ... and in which section.
  ModelTarget minus = {}; ///< Of a sum: what is subtracted.
};

/// The upper part of an address in two instructions, for which lower parts may be anywhere.
struct ModelHigh {
  uint64_t offset;
  RandomType type;
  ModelTarget target;
  int64_t addend;
  uint32_t reg;
  uint32_t symbol;      ///< That lower parts name.
  int64_t symbolAddend; ///< With which they do.
};

/// A word that code loads.
struct ModelLiteral {
  uint32_t symbol;
  int64_t symbolAddend;
  ModelTarget target;
  int64_t addend;
};

struct ModelSection {
  enum Kind { Code, ReadOnly, Data, Zero } kind;
  uint64_t size, align;
  Bytes content; ///< Starts with 16 bytes that are nowhere else; empty for Zero.
  std::vector<ModelRef> refs = {};
  std::vector<ModelHigh> highs = {};
  std::vector<ModelLiteral> literals = {};
  bool isLive = false;
  bool isNear = false; ///< Some live field needs a distance that is known at link time.
};

/// Addresses in two instructions are relative where one pair is alone in its code: a section, or an
/// object where functions are in parts. Else they come from words, which are returned.
inline std::set<ModelTarget> settlePairs(std::vector<ModelSection> &sections,
                                         const std::vector<std::pair<bool, size_t>> &codes) {
  struct Group {
    std::set<std::pair<size_t, uint64_t>> highs;
    std::set<int64_t> addends; ///< Of the first upper part, and of the lower parts.
  };
  std::map<std::pair<std::pair<bool, size_t>, ModelTarget>, Group> groups;
  for (size_t i = 0; i < sections.size(); ++i)
    for (const ModelHigh &high : sections[i].highs)
      if (sections[i].isLive && high.type.way == Way::Pair) {
        Group &group = groups[{codes[i], high.target}];
        if (group.highs.empty() || *group.highs.begin() > std::pair(i, high.offset))
          group.addends = {high.addend};
        group.highs.emplace(i, high.offset);
      }
  for (size_t i = 0; i < sections.size(); ++i)
    for (const ModelRef &ref : sections[i].refs)
      if (sections[i].isLive && ref.type.way == Way::Pair)
        groups[{codes[i], ref.target}].addends.insert(ref.addend);
  std::set<ModelTarget> words;
  for (const auto &[key, group] : groups) {
    ModelTarget target = key.second;
    const bool isInside = target.kind == ModelTarget::Place || target.kind == ModelTarget::String;
    if (target.kind == ModelTarget::Number || target.kind == ModelTarget::Null)
      continue;
    if (isInside && group.highs.size() == 1 && group.addends.size() == 1) {
      if (target.kind == ModelTarget::Place)
        sections[target.section].isNear = true;
      continue;
    }
    // The lower parts add at most 2047.
    if (isInside && *group.addends.begin() < 0)
      target.value += static_cast<uint64_t>(*group.addends.rbegin() - 2047);
    words.insert(target);
  }
  return words;
}

} // namespace linktest
