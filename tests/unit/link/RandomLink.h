// SPDX-License-Identifier: MIT
// Random objects, and a model of them: what is where in which section, and what every field must
// reach. The model is written down while the objects are built and knows nothing of the linker. The
// same seed gives the same objects on every machine.
#pragma once

#include "Build.h"

#include <random>
#include <set>

namespace linktest {

/// How a relocation type reaches its symbol.
enum class Way { Word, Difference, Branch, GotDifference, GotBase, Slot, SlotPc, SlotWord };

struct RandomType {
  uint32_t type;
  Way way;
  unsigned bytes;
};

inline const std::vector<RandomType> &randomTypes(uint16_t machine) {
  static const std::vector<RandomType> x64 = {
      {R_X86_64_64, Way::Word, 8},         {R_X86_64_64, Way::Word, 8},
      {R_X86_64_PC32, Way::Difference, 4}, {R_X86_64_PC64, Way::Difference, 8},
      {R_X86_64_PLT32, Way::Branch, 4},    {R_X86_64_GOTOFF64, Way::GotDifference, 8},
      {R_X86_64_GOT32, Way::Slot, 4},      {R_X86_64_GOT64, Way::Slot, 8},
      {R_X86_64_GOTPCREL, Way::SlotPc, 4}, {R_X86_64_REX_GOTPCRELX, Way::SlotPc, 4},
      {R_X86_64_GOTPC32, Way::GotBase, 4}};
  static const std::vector<RandomType> x86 = {
      {R_386_32, Way::Word, 4},      {R_386_32, Way::Word, 4},
      {R_386_32, Way::Word, 4},      {R_386_PC32, Way::Difference, 4},
      {R_386_PLT32, Way::Branch, 4}, {R_386_GOTOFF, Way::GotDifference, 4},
      {R_386_GOT32, Way::Slot, 4},   {R_386_GOT32X, Way::Slot, 4},
      {R_386_GOTPC, Way::GotBase, 4}};
  static const std::vector<RandomType> thumb = {
      {R_ARM_ABS32, Way::Word, 4},        {R_ARM_ABS32, Way::Word, 4},
      {R_ARM_REL32, Way::Difference, 4},  {R_ARM_THM_CALL, Way::Branch, 4},
      {R_ARM_THM_JUMP24, Way::Branch, 4}, {R_ARM_GOTOFF32, Way::GotDifference, 4},
      {R_ARM_GOT_BREL, Way::Slot, 4},     {R_ARM_GOT_PREL, Way::SlotPc, 4},
      {R_ARM_GOT_ABS, Way::SlotWord, 4},  {R_ARM_BASE_PREL, Way::GotBase, 4}};
  return machine == EM_X86_64 ? x64 : machine == EM_386 ? x86 : thumb;
}

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
};

struct ModelSection {
  enum Kind { Code, ReadOnly, Data, Zero } kind;
  uint64_t size, align;
  Bytes content; ///< Starts with 16 bytes that are nowhere else; empty for Zero.
  std::vector<ModelRef> refs = {};
  bool isLive = false;
  bool isNear = false; ///< Some live field needs a distance that is known at link time.
};

class RandomLink {
public:
  /// `prefix` starts the name of every symbol that is not the ABI's.
  RandomLink(uint32_t seed, std::string_view arch, std::string prefix = "s")
      : link(arch), engine(seed), prefix(std::move(prefix)) {
    link.options.gcSections = below(2) != 0;
    const uint32_t objects = 1 + below(3);
    for (uint32_t i = 0; i < objects; ++i)
      builders.push_back(&link.object("o" + std::to_string(i) + ".o"));
    machine = builders[0]->object.machine;
    isThumb = machine == EM_ARM;
    for (uint32_t object = 0; object < objects; ++object)
      for (uint32_t count = 2 + below(6); count != 0; --count)
        addSection(object, static_cast<ModelSection::Kind>(below(4)));
    addEntry(below(objects));
    for (uint32_t object = 0; object < objects; ++object)
      addOthers(object);
    for (size_t i = 0; i < sections.size(); ++i)
      addRefs(i);
    markLive();
  }

  Case link;
  uint16_t machine;
  bool isThumb;
  std::vector<ModelSection> sections;
  size_t entrySection = 0;
  uint64_t entryValue = 0;

private:
  /// A symbol that relocations of some objects may name.
  struct Name {
    ModelTarget target;
    std::string name; ///< Empty: of one object only.
    uint32_t object = 0, symbol = 0;
    std::optional<int64_t> addend = {}; ///< Says which string, for the symbol of their section.
  };

  uint32_t below(uint32_t limit) { return static_cast<uint32_t>(engine() % limit); }
  template <class T> const T &any(const std::vector<T> &list) {
    return list[below(static_cast<uint32_t>(list.size()))];
  }
  std::string newName() { return prefix + std::to_string(names.size()); }

  void addSection(uint32_t object, ModelSection::Kind kind) {
    ModelSection section{kind,
                         24 + 8 * uint64_t(below(20)) + below(8),
                         uint64_t(1) << (isThumb ? 2 + below(4) : below(6)),
                         {}};
    ObjectBuilder &builder = *builders[object];
    uint32_t index = 0;
    const std::string suffix = "." + std::to_string(sections.size());
    if (kind == ModelSection::Zero) {
      index = builder.bss(".bss" + suffix, section.size, section.align);
    } else {
      section.content.resize(section.size);
      for (uint8_t &byte : section.content)
        byte = static_cast<uint8_t>(engine());
      index = builder.section(kind == ModelSection::Code       ? ".text" + suffix
                              : kind == ModelSection::ReadOnly ? ".rodata" + suffix
                                                               : ".data" + suffix,
                              kind == ModelSection::Code       ? codeFlags
                              : kind == ModelSection::ReadOnly ? uint64_t(SHF_ALLOC)
                                                               : dataFlags,
                              section.content, section.align);
    }
    places.push_back({object, index});
    sections.push_back(std::move(section));
    const size_t number = sections.size() - 1;
    names.push_back({place(number, 0), "", object, builder.sectionSymbol(index)});
    for (uint32_t count = below(3); count != 0; --count)
      addSymbol(number, 4 * below(static_cast<uint32_t>(sections[number].size / 4 + 1)));
  }

  ModelTarget place(size_t section, uint64_t value) {
    return {ModelTarget::Place, section, value, {}, false};
  }

  void addSymbol(size_t section, uint64_t value) {
    const auto [object, index] = places[section];
    const bool isFunction = sections[section].kind == ModelSection::Code && below(2);
    value |= isThumb && isFunction;
    const std::string name = newName();
    const bool isLocal = below(3) == 0;
    Traits traits{isLocal ? uint8_t(STB_LOCAL) : uint8_t(STB_GLOBAL),
                  isFunction ? uint8_t(STT_FUNC) : uint8_t(STT_OBJECT)};
    if (!isLocal && below(4) == 0)
      traits.visibility = STV_HIDDEN;
    const uint32_t symbol = builders[object]->define(name, index, value, traits);
    names.push_back({place(section, value), isLocal ? "" : name, object, symbol});
    // A weak definition elsewhere changes nothing.
    const auto other = below(static_cast<uint32_t>(builders.size()));
    if (!isLocal && other != object && below(3) == 0)
      builders[other]->absolute(name, 99, weak);
  }

  void addEntry(uint32_t object) {
    addSection(object, ModelSection::Code);
    entrySection = sections.size() - 1;
    entryValue = below(2) ? 0 : 4 * uint64_t(below(6));
    builders[object]->define("mpy_init", places[entrySection].second, entryValue | isThumb,
                             {STB_GLOBAL, STT_FUNC});
  }

  void addOthers(uint32_t object) {
    ObjectBuilder &builder = *builders[object];
    const auto undefined = [&](const std::string &name, ModelTarget target, Traits traits = {}) {
      names.push_back({std::move(target), "", object, builder.undefined(name, traits)});
    };
    undefined("mp_fun_table", {ModelTarget::Table, 0, 0, {}, false});
    undefined("mp_native_qstr_table", {ModelTarget::Table, 0, 1, {}, false});
    undefined("mp_native_obj_table", {ModelTarget::Table, 0, 2, {}, false});
    undefined("memset", {ModelTarget::Entry, 0, 50, {}, true});
    undefined("memcpy", {ModelTarget::Entry, 0, 51, {}, true});
    undefined("memmove", {ModelTarget::Entry, 0, 51, {}, true}, weak);
    undefined("mp_type_str", {ModelTarget::Entry, 0, 74, {}, false});
    undefined(prefix + "nothing", {}, weak);
    undefined("_GLOBAL_OFFSET_TABLE_", {ModelTarget::Got, 0, 0, {}, false});
    const uint64_t number = 0x1000 + 4 * below(8);
    const std::string name = newName();
    const uint32_t symbol = builder.absolute(name, number);
    names.push_back({{ModelTarget::Number, 0, number, {}, false}, name, object, symbol});
    addStrings(object);
    if (below(2))
      addCommon(object);
  }

  void addStrings(uint32_t object) {
    ObjectBuilder &builder = *builders[object];
    std::string all;
    std::vector<std::pair<uint64_t, std::string>> cuts;
    for (uint32_t count = 1 + below(4); count != 0; --count) {
      std::string text(below(4), static_cast<char>('a' + below(3)));
      text.push_back('\0');
      cuts.emplace_back(all.size(), text);
      all += text;
    }
    const uint32_t index = builder.strings(all, 1, uint64_t(1) << below(4));
    const uint32_t sectionSymbol = builder.sectionSymbol(index);
    for (const auto &[at, text] : cuts) {
      const uint64_t inside = below(static_cast<uint32_t>(text.size()));
      const ModelTarget target{ModelTarget::String, 0, inside, text, false};
      const std::string name = newName();
      names.push_back({target, name, object, builder.define(name, index, at + inside)});
      names.push_back({target, "", object, sectionSymbol, static_cast<int64_t>(at + inside)});
    }
  }

  void addCommon(uint32_t object) {
    ModelSection section{ModelSection::Zero, 4 + below(20), uint64_t(1) << below(5), {}};
    const std::string name = newName();
    const uint32_t symbol = builders[object]->common(name, section.size, section.align);
    names.push_back({place(sections.size(), 0), name, object, symbol});
    places.push_back({object, 0});
    sections.push_back(std::move(section));
  }

  /// Whether a relocation of this kind can have this target.
  bool fits(Way way, const Name &name) const {
    const ModelTarget &target = name.target;
    // Its addend means a piece, which a distance's does not.
    if (name.addend && way != Way::Word)
      return false;
    switch (way) {
    case Way::Difference:
    case Way::GotDifference:
      return target.kind == ModelTarget::Place || target.kind == ModelTarget::String ||
             target.kind == ModelTarget::Got || target.isFunction;
    case Way::Branch:
      return (target.kind == ModelTarget::Place &&
              sections[target.section].kind == ModelSection::Code) ||
             target.kind == ModelTarget::Number || target.isFunction;
    case Way::GotBase:
      return target.kind == ModelTarget::Got;
    default:
      return true;
    }
  }

  void addRefs(size_t number) {
    ModelSection &section = sections[number];
    if (section.kind == ModelSection::Zero)
      return;
    for (uint64_t slot = 16; slot + 8 <= section.size; slot += 8)
      if (below(2) || (number == entrySection && slot == 16))
        addRef(number, slot);
  }

  void addRef(size_t number, uint64_t slot) {
    ModelSection &section = sections[number];
    const auto [object, index] = places[number];
    ObjectBuilder &builder = *builders[object];
    // The first field tells where the GOT is.
    const bool isFirst = number == entrySection && slot == 16;
    RandomType type = isFirst ? randomTypes(machine).back() : any(randomTypes(machine));
    const Name *name;
    do
      name = &any(names);
    while (!fits(type.way, *name) || (name->name.empty() && name->object != object));
    const auto gap = 8 - type.bytes;
    uint64_t offset = slot;
    if (gap != 0 && (type.way == Way::Word || type.way == Way::SlotWord))
      offset += 4 * below(2);
    else if (gap != 0)
      offset += type.way == Way::Branch ? 2 * below(gap / 2 + 1) : below(gap + 1);
    int64_t addend = type.way == Way::Branch ? -4 : 4 * static_cast<int64_t>(below(4)) - 8;
    if (below(3) != 0 && type.way == Way::Word)
      addend = 0;
    if (type.way == Way::Slot || type.way == Way::SlotWord || type.way == Way::GotBase)
      addend = 0;
    if (name->target.isFunction && type.way != Way::Branch && type.way != Way::Word)
      addend = 0; // A stub leads to the function's start only.
    if (name->addend)
      addend = *name->addend;
    const uint32_t symbol = name->object == object ? name->symbol : builder.undefined(name->name);
    setBytes(number, offset, type);
    builder.reloc(index, offset, type.type, symbol, addend);
    section.refs.push_back({offset, type, name->target, name->addend ? 0 : addend});
  }

  /// Instructions that branches fit, and a ModRM byte in front of the field that GOT32X fits.
  void setBytes(size_t number, uint64_t offset, const RandomType &type) {
    ModelSection &section = sections[number];
    if (isThumb && type.way == Way::Branch) {
      const bool isCall = type.type == R_ARM_THM_CALL;
      const Bytes instruction = {0x00, 0xf0, 0x00, isCall ? uint8_t(0xd0) : uint8_t(0x90)};
      std::ranges::copy(instruction, section.content.begin() + static_cast<long>(offset));
    }
    if (machine == EM_386)
      section.content[offset - 1] = 0x83;
    const auto [object, index] = places[number];
    builders[object]->replace(index, section.content);
  }

  void markLive() {
    std::vector<size_t> pending = {entrySection};
    for (size_t i = 0; !link.options.gcSections && i < sections.size(); ++i)
      pending.push_back(i);
    while (!pending.empty()) {
      ModelSection &section = sections[pending.back()];
      pending.pop_back();
      if (section.isLive)
        continue;
      section.isLive = true;
      for (const ModelRef &ref : section.refs) {
        const bool isPlace = ref.target.kind == ModelTarget::Place;
        if (isPlace)
          pending.push_back(ref.target.section);
        const Way way = ref.type.way;
        const bool isDistance =
            way == Way::Difference || way == Way::Branch || way == Way::GotDifference;
        if (isDistance || way == Way::SlotPc || way == Way::GotBase)
          section.isNear = true;
        if (isDistance && isPlace)
          sections[ref.target.section].isNear = true;
      }
    }
  }

  std::mt19937 engine;
  std::string prefix;
  std::vector<ObjectBuilder *> builders;
  std::vector<std::pair<uint32_t, uint32_t>> places; ///< Object and index of each section.
  std::vector<Name> names;
};

} // namespace linktest
