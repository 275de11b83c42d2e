// SPDX-License-Identifier: MIT
#include "link/AddressPairs.h"

#include <algorithm>

namespace mpylink::link {

/// The compilers' name for the rarely used part of a function.
static bool isPartOfFunction(const elf::Symbol &symbol) {
  return symbol.name.find(".cold") != std::string_view::npos;
}

bool AddressPairs::isSplit(uint32_t object) {
  const auto [found, isNew] = splitObjects.try_emplace(object);
  if (isNew)
    found->second =
        std::ranges::any_of(program.live.resolved.objects[object]->symbols, isPartOfFunction);
  return found->second;
}

void AddressPairs::add(uint32_t chunk, const Ref &half) {
  const uint32_t object = program.live.resolved.objectOf(program.chunks[chunk].section);
  const auto code = isSplit(object) ? static_cast<uint32_t>(program.chunks.size()) + object : chunk;
  Halves &halves = pairs[{code, half.target}];
  (half.reloc->desc->need == arch::Need::High ? halves.high : halves.low).push_back({chunk, &half});
}

void AddressPairs::settle(Plan &plan, std::vector<bool> &near, const Refuse &refuse) const {
  // What the signed lower half can add to a register that has the whole address.
  constexpr int64_t minLow = -2048, maxLow = 2047;
  for (const auto &[code, halves] : pairs) {
    const Target &target = code.second;
    const auto &[high, low] = halves;
    if (high.empty()) {
      refuse(low.front().chunk, *low.front().ref,
             "no instruction of the function has the upper part of this address");
      continue;
    }
    int64_t first = high.front().ref->addend, last = first;
    for (const Place &place : low) {
      first = std::min(first, place.ref->addend);
      last = std::max(last, place.ref->addend);
    }
    // An upper half relative to its place goes with lower halves of the same address only, as
    // another addend could carry into it. And it must be the only one, because a lower half does
    // not say from which upper half it goes on.
    const bool isInside = target.kind == Target::Kind::Inside;
    // In a block that moves by itself, code is at no fixed distance from anything.
    for (const Place &place : high)
      near[place.chunk] = true;
    if (isInside && high.size() == 1 && first == last) {
      near[target.index] = true;
      plan.halves[high.front().ref] = {high.front().ref, high.front().chunk, 0};
      for (const Place &place : low)
        plan.halves[place.ref] = {high.front().ref, high.front().chunk, 0};
      continue;
    }
    // Unsigned, because an object may hold any addend.
    const uint64_t base = isInside && (first < 0 || last > maxLow) ? uint64_t(last) - maxLow : 0;
    const auto fits = [&](int64_t addend) {
      const auto rest = static_cast<int64_t>(uint64_t(addend) - base);
      return rest >= minLow && rest <= maxLow;
    };
    if (!fits(first) || !fits(last)) {
      refuse(low.front().chunk, *low.front().ref,
             "the lower parts of this address are too far from each other");
      continue;
    }
    Target slot = target;
    slot.value += base;
    plan.slots.insert(slot);
    for (const Place &place : high) {
      plan.halves[place.ref] = {nullptr, 0, static_cast<int64_t>(base)};
      plan.detours.push_back({place.chunk, place.ref, slot});
    }
    for (const Place &place : low)
      plan.halves[place.ref] = {nullptr, 0, static_cast<int64_t>(base)};
  }
}

} // namespace mpylink::link
