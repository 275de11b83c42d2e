// SPDX-License-Identifier: MIT
// Plan -> addresses. Text: [entry jump] entry function, code (with literals in front of it),
// constants, data that code reaches directly, stubs, GOT. Then the rodata and the bss block. The
// loader puts bss and rodata into one block, bss first, so the bss is padded to keep rodata's
// alignment.
#include "link/Passes.h"

#include <algorithm>
#include <array>
#include <map>
#include <ranges>

namespace mpylink::link {

namespace {

using Kind = Target::Kind;
using mpy::Segment;

/// Lengths and word indices of the file format are at most 2^28 for a 32-bit loader.
constexpr uint64_t maxSegment = uint64_t(1) << 28;

class LayoutBuilder {
public:
  LayoutBuilder(const Plan &plan, Diag &diag)
      : layout{plan, {}, {}, {}, {}, 0, 0, {}, {}, 0, 0, 0}, plan(plan),
        chunks(plan.program.chunks), inputs(plan.program.inputs()), word(inputs.arch->wordSize()),
        diag(diag) {
    layout.address.resize(chunks.size());
    for (const std::vector<uint32_t> &run : plan.program.runs)
      for (const uint32_t i : run)
        runOf[i] = &run;
    // A word in a variable holds nothing any more once the program has changed it.
    for (uint32_t i = 0; i < chunks.size(); ++i)
      if (plan.segment[i] == Segment::Text && chunks[i].content != Content::Data)
        for (const Ref &ref : chunks[i].refs)
          if (ref.reloc->desc->need == arch::Need::Absolute && ref.addend == 0 &&
              ref.target.kind == Kind::Inside && ref.target.value == 0 &&
              plan.segment[ref.target.index] != Segment::Text)
            held.insert(ref.target.index);
  }

  Layout run() {
    sortChunks();
    layout.rodataSize = packBlock(rodata);
    layout.bssSize = packBlock(bss);
    if (layout.rodataSize != 0 && layout.bssSize != 0)
      layout.bssSize = alignTo(layout.bssSize, std::max<uint64_t>(maxAlign(rodata), word));
    placeText();
    checkSize("text", layout.textSize);
    checkSize("rodata", layout.rodataSize);
    checkSize("bss", layout.bssSize);
    warnZeros();
    warnAlignment();
    return std::move(layout);
  }

private:
  void sortChunks() {
    for (uint32_t i = 0; i < chunks.size(); ++i) {
      if (follows(i))
        continue;
      if (plan.segment[i] == Segment::Rodata)
        rodata.push_back(i);
      else if (plan.segment[i] == Segment::Bss)
        bss.push_back(i);
      else if (chunks[i].content != Content::Code && chunks[i].content != Content::Literal)
        data.push_back(i);
    }
  }

  /// Whether the chunk's place is behind another one.
  bool follows(uint32_t chunk) const {
    const auto run = runOf.find(chunk);
    return run != runOf.end() && run->second->front() != chunk;
  }

  /// Places a chunk, and those that follow it.
  uint64_t place(uint32_t chunk, uint64_t at) {
    const auto run = runOf.find(chunk);
    const std::span<const uint32_t> together =
        run == runOf.end() ? std::span<const uint32_t>(&chunk, 1) : *run->second;
    for (const uint32_t i : together) {
      layout.address[i] = alignTo(at, plan.align[i]);
      at = layout.address[i] + chunks[i].size;
    }
    return at;
  }

  /// Places `list` from `at` on with little padding: always the chunk next that fits best, of those
  /// the one with the largest alignment, of those the first in the order of the inputs. Chunks of
  /// small alignment thereby fill the gaps in front of others. Returns the end.
  uint64_t pack(const std::vector<uint32_t> &list, uint64_t at) {
    std::map<uint64_t, std::vector<uint32_t>, std::greater<>> byAlign;
    for (uint32_t i : std::views::reverse(list))
      if (!follows(i))
        byAlign[plan.align[i]].push_back(i);
    while (!byAlign.empty()) {
      auto best = byAlign.begin();
      for (auto it = best; it != byAlign.end(); ++it)
        if (alignTo(at, it->first) < alignTo(at, best->first))
          best = it;
      at = place(best->second.back(), at);
      best->second.pop_back();
      if (best->second.empty())
        byAlign.erase(best);
    }
    return at;
  }

  /// Whether a word of the text has the start of a chunk of another block for good.
  bool isHeld(uint32_t chunk) const {
    return held.contains(chunk) || plan.slots.contains({Kind::Inside, chunk, 0});
  }

  /// A chunk whose start some word of the text holds goes first: it then keeps the block alive.
  uint64_t packBlock(std::vector<uint32_t> list) {
    const auto first = std::ranges::find_if(list, [&](uint32_t i) { return isHeld(i); });
    uint64_t at = 0;
    if (first != list.end()) {
      at = place(*first, at);
      list.erase(first);
    }
    return pack(list, at);
  }

  /// The entry function is the first of the code. Returns the end.
  uint64_t placeCode(uint64_t at) {
    bool isFirst = true;
    for (const Pool &pool : plan.program.pools) {
      at = pack(pool.literals, at);
      if (isFirst && !pool.code.empty() && !follows(pool.code.front())) {
        at = place(pool.code.front(), at);
        at = pack({pool.code.begin() + 1, pool.code.end()}, at);
      } else {
        at = pack(pool.code, at);
      }
      isFirst = false;
    }
    return at;
  }

  /// The entry jump's length depends on the distance, and the distance on the length.
  void placeText() {
    uint64_t jumpSize = 0;
    for (;;) {
      const uint64_t at = pack(data, placeCode(jumpSize));
      const uint64_t entry = inputs.arch->codeAddress(plan.program.entry.value) +
                             layout.address[plan.program.entry.index];
      const std::vector<uint64_t> constructors = constructorAddresses();
      if (entry == 0 && jumpSize == 0 && constructors.empty()) {
        finishText(at);
        return;
      }
      layout.start = constructors.empty()
                         ? inputs.arch->entryJump(static_cast<int64_t>(entry), *inputs.target)
                         : inputs.arch->startCode(constructors, entry, *inputs.target);
      if (layout.start.empty()) {
        diag.error("text-too-large", {},
                   "the entry function is " + std::to_string(entry) +
                       " bytes into the text, out of reach of a jump from its start",
                   "compile with -ffunction-sections, so that it can be placed first");
        return;
      }
      if (layout.start.size() <= jumpSize) {
        finishText(at);
        return;
      }
      jumpSize = layout.start.size();
    }
  }

  std::vector<uint64_t> constructorAddresses() const {
    std::vector<uint64_t> addresses;
    for (const Target &target : plan.program.constructors)
      addresses.push_back(layout.address[target.index] + inputs.arch->codeAddress(target.value));
    return addresses;
  }

  void finishText(uint64_t at) {
    layout.stubs.assign(plan.stubs.begin(), plan.stubs.end());
    std::ranges::sort(layout.stubs);
    const arch::Stub stub = inputs.arch->stub(*inputs.target);
    for (size_t i = 0; i < layout.stubs.size(); ++i) {
      layout.stubAddress.push_back(alignTo(at, stub.align));
      at = layout.stubAddress.back() + stub.code.size();
    }
    constexpr uint64_t instruction = 4;
    layout.detours = alignTo(at, plan.detours.empty() ? 1 : instruction);
    at = layout.detours + plan.detours.size() * inputs.arch->detourSize();
    layout.slots.assign(plan.slots.begin(), plan.slots.end());
    // The garbage collector keeps a block only for a word that holds its exact start, and scans
    // text words on most ports: so there must be one.
    if (const std::optional<uint32_t> head = blockHead(); head && !isHeld(*head))
      layout.slots.push_back({Kind::Inside, *head, 0});
    // Slots of one kind side by side, in the order of what they point at: the loader's list of
    // words to relocate then has the longest runs.
    std::ranges::sort(layout.slots, {}, [&](const Target &target) { return slotOrder(target); });
    for (uint32_t i = 0; i < layout.slots.size(); ++i)
      layout.slotIndex.try_emplace(layout.slots[i], i);
    layout.got = alignTo(at, word);
    layout.textSize =
        layout.slots.empty() && !gotIsUsed() ? at : layout.got + layout.slots.size() * word;
  }

  bool gotIsUsed() const {
    for (const Chunk &chunk : chunks)
      for (const Ref &ref : chunk.refs)
        if (ref.target.kind == Kind::Got)
          return true;
    return false;
  }

  std::array<uint64_t, 4> slotOrder(const Target &target) const {
    switch (target.kind) {
    case Kind::Table:
      return {0, 0, target.index, 0};
    case Kind::Entry:
      return {0, 1, target.index, 0};
    case Kind::Inside:
      return {1, static_cast<uint64_t>(plan.segment[target.index]), layout.address[target.index],
              target.value};
    case Kind::Got:
      return {1, 0, ~uint64_t(0), 0};
    case Kind::Null:
    case Kind::Constant:
    case Kind::Bound:
    case Kind::Thread:
    case Kind::Undefined:
    case Kind::Refused:
      break;
    }
    return {2, 0, 0, target.value};
  }

  /// What starts the block of bss and rodata: its first chunk.
  std::optional<uint32_t> blockHead() const {
    const Segment segment = layout.bssSize != 0 ? Segment::Bss : Segment::Rodata;
    for (uint32_t i = 0; i < chunks.size(); ++i)
      if (plan.segment[i] == segment && layout.address[i] == 0 && chunks[i].size != 0)
        return i;
    return std::nullopt;
  }

  uint64_t maxAlign(const std::vector<uint32_t> &list) const {
    uint64_t align = 1;
    for (uint32_t i : list)
      align = std::max(align, plan.align[i]);
    return align;
  }

  void checkSize(const std::string &name, uint64_t size) {
    if (size > maxSegment)
      diag.error("module-too-large", {},
                 "the module's " + name + " has " + std::to_string(size) +
                     " bytes, and a loader takes at most " + std::to_string(maxSegment),
                 "remove large tables and arrays, or allocate them at run time");
  }

  /// Zero bytes take space in the file when code reaches them at a fixed distance.
  void warnZeros() {
    constexpr uint64_t noticeable = 65536;
    for (uint32_t i : data)
      if (chunks[i].content == Content::Zero && chunks[i].size >= noticeable)
        diag.warning("zeros-in-text", locate(plan.program, chunks[i], 0),
                     "a static variable puts " + std::to_string(chunks[i].size) +
                         " zero bytes into the file, because code reaches it directly",
                     "make it non-static, or allocate it at run time");
  }

  void warnAlignment() {
    for (uint32_t i = 0; i < chunks.size(); ++i) {
      const unsigned block =
          plan.segment[i] == Segment::Text ? inputs.arch->textAlign() : inputs.arch->heapAlign();
      const uint64_t guaranteed = std::max(block, inputs.arch->unaskedAlign());
      if (chunks[i].align > guaranteed)
        diag.warning("alignment", locate(plan.program, chunks[i], 0),
                     "alignment " + std::to_string(chunks[i].align) +
                         " is kept inside the module, but firmware loads modules at multiples of " +
                         std::to_string(guaranteed) + " bytes only",
                     "align the address at run time where it matters");
    }
  }

  Layout layout;
  const Plan &plan;
  const std::vector<Chunk> &chunks;
  const Inputs &inputs;
  const unsigned word;
  Diag &diag;
  std::unordered_map<uint32_t, const std::vector<uint32_t> *> runOf; ///< By chunk.
  std::vector<uint32_t> data, rodata, bss; ///< Text without code, and the blocks.
  std::unordered_set<uint32_t> held; ///< Chunks of the blocks whose start a word, but no slot, has.
};

} // namespace

Layout layOut(const Plan &plan, Diag &diag) { return LayoutBuilder(plan, diag).run(); }

} // namespace mpylink::link
