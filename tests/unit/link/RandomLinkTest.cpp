// SPDX-License-Identifier: MIT
// Random objects are linked and loaded at two bases; every byte and every field must be what the
// model of RandomLink.h says.
#include "RandomLink.h"
#include "Reach.h"

#include <algorithm>
#include <map>

namespace linktest {

namespace {

class Checker {
public:
  Checker(const RandomLink &model, const mpy::Module &module)
      : model(model), low(module, lowBases), high(module, highBases), module(module) {}

  void run() {
    for (size_t i = 0; i < model.sections.size(); ++i)
      findContent(i);
    const ModelSection &entry = model.sections[model.entrySection];
    for (const Memory *memory : {&low, &high}) {
      got[memory] = follow(*memory, model.entrySection, entry.refs[0]);
      CHECK(memory->inText(got[memory]));
    }
    findZeros();
    for (size_t i = 0; i < model.sections.size(); ++i)
      if (model.sections[i].isLive)
        checkSection(i);
    checkGaps();
    checkEntry();
    checkRelocations();
  }

private:
  uint64_t address(const Memory &memory, size_t section) const {
    return memory.bases.*(isInText.at(section) ? &loader::Bases::text : &loader::Bases::data) +
           offsets.at(section);
  }
  /// What `ref` in that section reaches.
  uint64_t follow(const Memory &memory, size_t section, const ModelRef &ref) const {
    const auto found = got.find(&memory);
    return reached(memory, model.machine, ref.type.type, address(memory, section) + ref.offset,
                   ref.addend, found == got.end() ? 0 : found->second,
                   isPair(ref.type.way) ? address(memory, ref.highSection) + ref.high : 0);
  }
  void found(size_t section, uint64_t lowAddress) {
    isInText[section] = low.inText(lowAddress);
    offsets[section] = lowAddress - (isInText[section] ? low.bases.text : low.bases.data);
  }

  /// Every live section is there once, every dead one nowhere.
  void findContent(size_t number) {
    const ModelSection &section = model.sections[number];
    if (section.kind == ModelSection::Zero)
      return;
    const ByteView mark = ByteView(section.content).first(16);
    size_t count = 0;
    for (uint64_t base : {low.bases.text, low.bases.data}) {
      const ByteView block = low.from(base);
      for (auto at = block.begin();;) {
        at = std::search(at, block.end(), mark.begin(), mark.end());
        if (at == block.end())
          break;
        found(number, base + static_cast<uint64_t>(at - block.begin()));
        ++count;
        ++at;
      }
    }
    CAPTURE(number);
    REQUIRE(count == (section.isLive ? 1 : 0));
  }

  /// Zeros have no contents to find them by: the first field that reaches them tells.
  void findZeros() {
    for (size_t i = 0; i < model.sections.size(); ++i)
      for (const ModelRef &ref : model.sections[i].refs)
        if (const size_t target = ref.target.section; model.sections[i].isLive &&
                                                      ref.target.kind == ModelTarget::Place &&
                                                      !isInText.contains(target))
          found(target, follow(low, i, ref) - ref.target.value);
  }

  void checkSection(size_t number) {
    const ModelSection &section = model.sections[number];
    CAPTURE(number, int(section.kind), section.isNear);
    if (!isInText.contains(number))
      return; // Zeros that nothing reaches.
    const bool isWritable =
        section.kind == ModelSection::Data || section.kind == ModelSection::Zero;
    const bool isAway =
        isWritable || (section.kind == ModelSection::ReadOnly && model.isInBlock(section.align));
    CHECK(isInText[number] == (!isAway || section.isNear));
    for (const Memory *memory : {&low, &high}) {
      const uint64_t place = address(*memory, number);
      CHECK(place % section.align == 0);
      Bytes expected = section.content;
      expected.resize(section.size);
      ByteView actual = memory->from(place);
      REQUIRE(actual.size() >= section.size);
      if (!isInText[number])
        CHECK((place < memory->image.rodata) == (section.kind == ModelSection::Zero));
      Bytes bytes(actual.begin(), actual.begin() + static_cast<long>(section.size));
      for (const ModelRef &ref : section.refs) {
        CAPTURE(ref.offset, ref.type.type, int(ref.target.kind));
        checkRef(*memory, number, ref);
        if (model.machine != EM_RISCV && model.machine != EM_XTENSA) {
          const arch::Arch &arch = *model.link.inputs.arch;
          CHECK(arch.misfit(*arch::findReloc(arch, ref.type.type), bytes, ref.offset) == "");
        }
        for (Bytes *side : {&bytes, &expected}) {
          const ByteSpan field = ByteSpan(*side).subspan(ref.offset, ref.type.bytes);
          writeUint(field, readUint(field) & ~ref.field.mask);
        }
      }
      // Relative or a jump: followed already.
      for (const ModelHigh &high : section.highs)
        for (Bytes *side : {&bytes, &expected})
          writeLe<uint32_t>(ByteSpan(*side).subspan(high.offset), 0);
      CHECK(bytes == expected);
    }
    ranges.push_back({address(low, number), section.size});
  }

  void checkRef(const Memory &memory, size_t section, const ModelRef &ref) {
    const ModelTarget &target = ref.target;
    const Way way = ref.type.way;
    if (way == Way::Sum) {
      const uint64_t sum = memory.read(address(memory, section) + ref.offset, 4);
      CHECK(static_cast<uint32_t>(sum - ref.field.code) ==
            static_cast<uint32_t>(address(memory, target.section) + target.value +
                                  static_cast<uint64_t>(ref.addend) -
                                  address(memory, ref.minus.section) - ref.minus.value));
      return;
    }
    uint64_t value = follow(memory, section, ref);
    const bool isStub = mayBeStub(way, target);
    switch (target.kind) {
    case ModelTarget::Place: {
      const bool dropsBit = model.isThumb && way == Way::Branch;
      CHECK(value == address(memory, target.section) +
                         (dropsBit ? target.value & ~uint64_t(1) : target.value));
      break;
    }
    case ModelTarget::String: {
      const ByteView text = memory.from(value);
      const std::string expected = target.text.substr(target.value);
      CHECK((memory.inText(value) || model.isInBlock(8)));
      if (&memory == &low)
        strings[target] = value - target.value;
      REQUIRE(text.size() >= expected.size());
      CHECK(std::string(text.begin(), text.begin() + static_cast<long>(expected.size())) ==
            expected);
      break;
    }
    case ModelTarget::Table:
      CHECK(value == (target.value == 0   ? memory.bases.funTable
                      : target.value == 1 ? memory.bases.qstrTable
                                          : memory.bases.objTable));
      break;
    case ModelTarget::Entry:
      if (isStub)
        value = stubTarget(memory, model.machine, model.isThumb ? value & ~uint64_t(1) : value);
      CHECK(value == memory.entry(static_cast<unsigned>(target.value)));
      break;
    case ModelTarget::Number:
      if (isStub)
        value = stubTarget(memory, model.machine, value) & ~uint64_t(model.isThumb);
      CHECK(value == (isStub && model.isThumb ? target.value & ~uint64_t(1) : target.value));
      break;
    case ModelTarget::Null:
      CHECK(value == 0);
      break;
    case ModelTarget::Got:
      CHECK(value == got[&memory]);
      break;
    }
  }

  static bool mayBeStub(Way way, const ModelTarget &target) {
    return way == Way::Branch || way == Way::Difference || way == Way::GotDifference ||
           (way == Way::PcPair && target.isFunction);
  }

  void checkGaps() {
    std::ranges::sort(ranges);
    for (size_t i = 1; i < ranges.size(); ++i)
      CHECK(ranges[i - 1].first + ranges[i - 1].second <= ranges[i].first);
  }

  void checkEntry() {
    const uint64_t entry = address(low, model.entrySection) + model.entryValue;
    // Literals are in front of the code.
    if (entry == low.bases.text || (model.entryValue == 0 && model.machine != EM_XTENSA))
      CHECK(entry == low.bases.text);
    else if (model.machine == EM_RISCV)
      CHECK(riscVJump(low, low.bases.text, 1) == entry);
    else
      CHECK(low.bases.text + static_cast<uint64_t>(jumpTarget(low.image.text, model.machine)) ==
            entry);
  }

  /// The words that differ between the two loads are the listed ones, and there are no more of them
  /// than the fields need.
  void checkRelocations() {
    const std::vector<mpy::Reloc> &relocs = module.code.relocs;
    CHECK(std::ranges::is_sorted(relocs));
    std::set<std::pair<bool, uint64_t>> listed, differing;
    for (const mpy::Reloc &reloc : relocs)
      listed.emplace(reloc.place == Segment::Text, reloc.word);
    CHECK(listed.size() == relocs.size());
    const auto compare = [&](bool inText, const Bytes &a, const Bytes &b, uint64_t start) {
      for (uint64_t at = start; at + low.word <= a.size(); at += low.word)
        if (!std::equal(a.begin() + static_cast<long>(at),
                        a.begin() + static_cast<long>(at + low.word),
                        b.begin() + static_cast<long>(at)))
          differing.emplace(inText, (at - start) / low.word);
    };
    compare(true, low.image.text, high.image.text, 0);
    compare(false, low.image.data, high.image.data, low.image.rodata - low.image.bss);
    CHECK(listed == differing);

    size_t words = 0;
    bool keepsAlive = low.image.data.empty(); // Then there is nothing to keep.
    std::set<ModelTarget> slots, stubs;
    std::set<std::pair<ModelTarget, int64_t>> literals;
    const auto keeps = [&](const ModelTarget &target) {
      if (target.value == 0 && target.kind == ModelTarget::Place)
        keepsAlive |= address(low, target.section) == low.bases.data;
      if (target.value == 0 && target.kind == ModelTarget::String && strings.contains(target))
        keepsAlive |= strings.at(target) == low.bases.data;
    };
    const auto isRelocated = [](const ModelTarget &target) {
      return target.kind != ModelTarget::Number && target.kind != ModelTarget::Null;
    };
    for (size_t i = 0; i < model.sections.size(); ++i)
      for (const ModelRef &ref : model.sections[i].refs) {
        if (!model.sections[i].isLive)
          continue;
        const Way way = ref.type.way;
        if (way == Way::Word && isRelocated(ref.target)) {
          ++words;
          // A word in a variable may change, and then keeps nothing.
          const ModelSection::Kind kind = model.sections[i].kind;
          if ((kind == ModelSection::Code || kind == ModelSection::ReadOnly) && ref.addend == 0 &&
              isInText[i])
            keeps(ref.target);
        }
        if (way == Way::Literal && isRelocated(ref.target)) {
          literals.emplace(ref.target, ref.addend);
          if (ref.addend == 0)
            keeps(ref.target);
        }
        words += way == Way::SlotWord;
        const bool isDetour = way == Way::PcPair &&
                              (ref.target.kind == ModelTarget::Table ||
                               (ref.target.kind == ModelTarget::Entry && !ref.target.isFunction));
        if ((way == Way::Slot || way == Way::SlotPc || way == Way::SlotWord ||
             way == Way::SlotPair || isDetour) &&
            isRelocated(ref.target)) {
          slots.insert(ref.target);
          keeps(ref.target);
        }
        if (mayBeStub(way, ref.target) && ref.target.kind == ModelTarget::Entry)
          stubs.insert(ref.target);
      }
    for (const ModelTarget &target : model.detourSlots) {
      slots.insert(target);
      keeps(target);
    }
    CHECK(relocs.size() ==
          words + literals.size() + slots.size() + stubs.size() + (keepsAlive ? 0 : 1));
    if (!low.image.data.empty()) {
      size_t keepers = 0;
      for (const mpy::Reloc &reloc : relocs)
        if (reloc.place == Segment::Text)
          keepers += low.read(low.bases.text + uint64_t(reloc.word) * low.word, low.word) ==
                     low.bases.data;
      CHECK(keepers > 0);
    }
  }

  const RandomLink &model;
  const Memory low, high;
  const mpy::Module &module;
  std::map<const Memory *, uint64_t> got;
  std::map<size_t, bool> isInText;         ///< By section of the model.
  std::map<ModelTarget, uint64_t> strings; ///< Where they are.
  std::map<size_t, uint64_t> offsets;      ///< In its block.
  std::vector<std::pair<uint64_t, uint64_t>> ranges;
};

} // namespace

TEST_CASE("random links are what their model says", "[link][random]") {
  const std::string arch =
      GENERATE("x64", "x86", "armv6m", "armv7m", "xtensa", "xtensawin", "rv32imc", "rv64imc");
  for (uint32_t seed = 0; seed < 250; ++seed) {
    CAPTURE(arch, seed);
    RandomLink random(seed, arch);
    Checker(random, random.link.linked().module).run();
  }
}

} // namespace linktest
