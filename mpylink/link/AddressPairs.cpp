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

/// What the signed lower half can add to a register that has the whole address.
constexpr int64_t minLow = -2048, maxLow = 2047;

/// What to add to the address in the register, so that all lower halves fit.
std::optional<uint64_t> AddressPairs::baseOf(const Target &target, const Halves &halves) {
  int64_t first = halves.high.front().ref->addend, last = first;
  for (const Place &place : halves.low) {
    first = std::min(first, place.ref->addend);
    last = std::max(last, place.ref->addend);
  }
  // Unsigned, because an object may hold any addend.
  const bool isInside = target.kind == Target::Kind::Inside;
  const uint64_t base = isInside && (first < 0 || last > maxLow) ? uint64_t(last) - maxLow : 0;
  for (const int64_t addend : {first, last})
    if (const auto rest = static_cast<int64_t>(uint64_t(addend) - base);
        rest < minLow || rest > maxLow)
      return std::nullopt;
  return base;
}

/// Groups of addends that are further from each other than any two halves of one address: without a
/// carry, those differ by less than the target's alignment.
std::vector<AddressPairs::Halves> AddressPairs::split(const Target &target,
                                                      const Halves &halves) const {
  const auto addendOf = [](const Place &place) { return place.ref->addend; };
  const uint64_t align =
      target.kind == Target::Kind::Inside ? program.chunks[target.index].align : 1;
  std::vector<int64_t> addends;
  for (const auto *places : {&halves.high, &halves.low})
    std::ranges::transform(*places, std::back_inserter(addends), addendOf);
  std::ranges::sort(addends);
  std::vector<int64_t> starts;
  for (size_t i = 0; i < addends.size(); ++i)
    if (i == 0 || uint64_t(addends[i]) - uint64_t(addends[i - 1]) >= align)
      starts.push_back(addends[i]);
  std::vector<Halves> groups(starts.size());
  const auto groupOf = [&](const Place &place) -> Halves & {
    return groups[std::ranges::upper_bound(starts, place.ref->addend) - starts.begin() - 1];
  };
  for (const Place &place : halves.high)
    groupOf(place).high.push_back(place);
  for (const Place &place : halves.low)
    groupOf(place).low.push_back(place);
  return groups;
}

void AddressPairs::detour(Plan &plan, const Target &target, const Halves &halves, uint64_t base) {
  Target slot = target;
  slot.value += base;
  plan.slots.insert(slot);
  for (const Place &place : halves.high)
    plan.detours.push_back({place.chunk, place.ref, slot});
  for (const auto *places : {&halves.high, &halves.low})
    for (const Place &place : *places)
      plan.halves[place.ref] = {nullptr, 0, static_cast<int64_t>(base)};
}

void AddressPairs::settle(Plan &plan, std::vector<bool> &near, const Refuse &refuse) const {
  for (const auto &[code, halves] : pairs) {
    const Target &target = code.second;
    const auto &[high, low] = halves;
    if (high.empty()) {
      refuse(low.front().chunk, *low.front().ref,
             "no instruction of the function has the upper part of this address");
      continue;
    }
    // In a block that moves by itself, code is at no fixed distance from anything.
    for (const Place &place : high)
      near[place.chunk] = true;
    // An upper half relative to its place goes with lower halves of the same address only, as
    // another addend could carry into it. And it must be the only one, because a lower half does
    // not say from which upper half it goes on.
    const Place &first = high.front();
    const auto isSame = [&](const Place &place) { return place.ref->addend == first.ref->addend; };
    if (target.kind == Target::Kind::Inside && high.size() == 1 &&
        std::ranges::all_of(low, isSame)) {
      near[target.index] = true;
      plan.halves[first.ref] = {first.ref, first.chunk, 0};
      for (const Place &place : low)
        plan.halves[place.ref] = {first.ref, first.chunk, 0};
      continue;
    }
    std::vector<Halves> groups = {halves};
    if (!baseOf(target, halves))
      groups = split(target, halves);
    const auto isReached = [&](const Halves &group) {
      return !group.high.empty() && baseOf(target, group);
    };
    if (std::ranges::all_of(groups, isReached)) {
      for (const Halves &group : groups)
        detour(plan, target, group, *baseOf(target, group));
      continue;
    }
    const Place &refused = low.empty() ? first : low.front();
    refuse(refused.chunk, *refused.ref,
           "the lower parts of this address are too far from each other");
  }
}

} // namespace mpylink::link
