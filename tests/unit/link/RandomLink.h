// SPDX-License-Identifier: MIT
// Random objects, and a model of them: what is where in which section, and what every field must
// reach. The model is written down while the objects are built and knows nothing of the linker. The
// same seed gives the same objects on every machine.
#pragma once

#include "RandomModel.h"

#include <random>

namespace linktest {

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
    link.inputs.constantsInBlock = below(4) == 0;
    for (uint32_t object = 0; object < objects; ++object)
      for (uint32_t count = 2 + below(6); count != 0; --count)
        addSection(object, static_cast<ModelSection::Kind>(below(4)));
    addEntry(below(objects));
    for (uint32_t object = 0; object < objects; ++object)
      addOthers(object);
    for (size_t i = 0; i < sections.size(); ++i)
      addRefs(i);
    markLive();
    std::vector<std::pair<bool, size_t>> codes;
    for (size_t i = 0; i < sections.size(); ++i) {
      const uint32_t object = places[i].first;
      const bool isSplit = splitObjects.contains(object);
      codes.emplace_back(isSplit, isSplit ? object : i);
    }
    detourSlots = settlePairs(sections, codes);
  }

  /// Whether constants of that alignment are kept with the variables.
  bool isInBlock(uint64_t align) const {
    const abi::ArchInfo &target = *link.inputs.target;
    return link.inputs.constantsInBlock || target.name == "xtensawin" ||
           (target.name == "xtensa" && align > 4);
  }

  Case link;
  uint16_t machine;
  bool isThumb;
  std::set<ModelTarget> detourSlots; ///< Of addresses in two instructions.
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
                         uint64_t(1) << (isThumb || machine == EM_XTENSA ? 2 + below(4)
                                         : machine == EM_RISCV           ? 1 + below(5)
                                                                         : below(6)),
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
    if (below(4) == 0) {
      builder.absolute("f.cold", 0, local);
      splitObjects.insert(object);
    }
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
  bool fits(Way way, const Name &name, size_t from) const {
    const ModelTarget &target = name.target;
    const bool isWhole =
        way == Way::Word || way == Way::Literal || way == Way::PcPair || way == Way::Pair;
    // Its addend means a piece, which a distance's does not.
    if (name.addend && !isWhole)
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
    case Way::NearBranch:
      return target.kind == ModelTarget::Place && target.section == from;
    case Way::Sum:
      return target.kind == ModelTarget::Place &&
             sections[target.section].kind != ModelSection::Zero;
    case Way::GotBase:
      return target.kind == ModelTarget::Got;
    default:
      return true;
    }
  }

  /// A symbol that a relocation of that kind in section `from` can have.
  const Name &anyName(Way way, size_t from) {
    const Name *name;
    do
      name = &any(names);
    while (!fits(way, *name, from) || (name->name.empty() && name->object != places[from].first));
    return *name;
  }
  uint32_t symbolIn(uint32_t object, const Name &name) {
    return name.object == object ? name.symbol : builders[object]->undefined(name.name);
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
    const uint32_t object = places[number].first;
    // The first field tells where the GOT is.
    const bool isFirst = number == entrySection && slot == 16;
    const std::vector<RandomType> &types = randomTypes(*link.inputs.arch);
    RandomType type = isFirst ? types.back() : any(types);
    while (needsCode(machine, type.way) && section.kind != ModelSection::Code)
      type = any(types);
    if (isPair(type.way) && !isFirst && below(3) == 0 && addLow(number, slot + 4 * below(2)))
      return;
    const Name name = anyName(isFirst ? Way::GotBase : type.way, number);
    const auto gap = 8 - type.bytes;
    uint64_t offset = slot;
    if (gap != 0 && (type.way == Way::Word || type.way == Way::SlotWord))
      offset += 4 * below(2);
    else if (gap != 0 && !isPair(type.way))
      offset += (type.way == Way::Branch || type.way == Way::NearBranch) && machine != EM_XTENSA
                    ? 2 * below(gap / 2 + 1)
                    : below(gap + 1);
    const bool isRela = machine == EM_RISCV || machine == EM_XTENSA;
    int64_t addend =
        type.way == Way::Branch ? (isRela ? 0 : -4) : 4 * static_cast<int64_t>(below(4)) - 8;
    if (below(3) != 0 && (type.way == Way::Word || isPair(type.way) || type.way == Way::Literal))
      addend = 0;
    if (isFirst || type.way == Way::NearBranch || type.way == Way::Slot ||
        type.way == Way::SlotWord || type.way == Way::GotBase || type.way == Way::SlotPair ||
        type.type == R_RISCV_GOT32_PCREL)
      addend = 0;
    if (name.target.isFunction && type.way != Way::Branch && type.way != Way::Word)
      addend = 0; // A stub leads to the function's start only.
    if (name.addend)
      addend = *name.addend;
    ModelRef ref{offset, type, name.target, name.addend ? 0 : addend};
    if (type.way == Way::Literal)
      return addLoad(number, ref, name);
    const uint32_t symbol = symbolIn(object, name);
    if (isPair(type.way))
      return addPair(number, ref, symbol, addend);
    setBytes(number, ref);
    builders[object]->reloc(places[number].second, offset, type.type, symbol, addend);
    if (type.way == Way::Sum) {
      const Name minus = anyName(Way::Sum, number);
      ref.minus = minus.target;
      builders[object]->reloc(places[number].second, offset, R_RISCV_SUB32,
                              symbolIn(object, minus));
    }
    section.refs.push_back(ref);
  }

  /// An upper part, and a lower part in front of it or behind it.
  void addPair(size_t number, const ModelRef &ref, uint32_t symbol, int64_t addend) {
    const auto [object, index] = places[number];
    const bool isLowFirst = below(4) == 0;
    const uint64_t offset = ref.offset + (isLowFirst ? 4 : 0);
    const uint32_t reg = 5 + below(27), auipc = 0x17, lui = 0x37;
    const uint32_t upper = static_cast<uint32_t>(engine()) & 0xfffff000;
    put(number, offset, (ref.type.way == Way::Pair ? lui : auipc) | reg << 7 | upper, 4);
    builders[object]->reloc(index, offset, ref.type.type, symbol, addend);
    const uint32_t label =
        builders[object]->define(".L" + std::to_string(offset), index, offset, local);
    sections[number].highs.push_back({offset, ref.type, ref.target, ref.addend, reg,
                                      ref.type.way == Way::Pair ? symbol : label,
                                      ref.type.way == Way::Pair ? addend : 0});
    addLow(number, offset ^ 4, number, sections[number].highs.size() - 1);
  }

  /// One more lower part for some upper part; false if there is none.
  bool addLow(size_t number, uint64_t offset) {
    // A label may be in another function.
    const size_t from = below(3) == 0 ? below(static_cast<uint32_t>(sections.size())) : number;
    const std::vector<ModelHigh> &highs = sections[from].highs;
    if (highs.empty() || places[from].first != places[number].first)
      return false;
    const uint32_t which = below(static_cast<uint32_t>(highs.size()));
    if (from != number && highs[which].type.way == Way::Pair)
      return false;
    addLow(number, offset, from, which);
    return true;
  }

  void addLow(size_t number, uint64_t offset, size_t from, size_t which) {
    const ModelHigh &high = sections[from].highs[which];
    const bool isSlot = high.type.way == Way::SlotPair, isAbsolute = high.type.way == Way::Pair;
    const LowPart low = lowPart(isSlot ? 1 : below(3), high.reg, 5 + below(27));
    const uint32_t junk = static_cast<uint32_t>(engine()) & low.mask;
    put(number, offset, low.code | junk, 4);
    int64_t more = 0;
    // Pieces of strings are told by the addend.
    if (isAbsolute && below(4) == 0 && high.target.kind != ModelTarget::String)
      more = 4 * below(3);
    const uint32_t type = isAbsolute ? (low.isStore ? R_RISCV_LO12_S : R_RISCV_LO12_I)
                                     : (low.isStore ? R_RISCV_PCREL_LO12_S : R_RISCV_PCREL_LO12_I);
    const auto [object, index] = places[number];
    builders[object]->reloc(index, offset, type, high.symbol, high.symbolAddend + more);
    sections[number].refs.push_back({offset,
                                     high.type,
                                     high.target,
                                     high.addend + more,
                                     {low.code, low.mask},
                                     high.offset,
                                     from});
  }

  /// An instruction that loads a word which another one may load as well.
  void addLoad(size_t number, ModelRef ref, const Name &name) {
    ModelSection &section = sections[number];
    const auto [object, index] = places[number];
    if (section.literals.empty() || below(3) != 0)
      addLiteral(number, ref, name);
    const ModelLiteral &literal =
        section.literals[below(static_cast<uint32_t>(section.literals.size()))];
    ref.target = literal.target;
    ref.addend = literal.addend;
    setBytes(number, ref);
    builders[object]->reloc(index, ref.offset, ref.type.type, literal.symbol, literal.symbolAddend);
    section.refs.push_back(ref);
  }

  void addLiteral(size_t number, const ModelRef &ref, const Name &name) {
    ModelSection &section = sections[number];
    const uint32_t object = places[number].first;
    ObjectBuilder &builder = *builders[object];
    const auto [pool, isNew] = literalPools.try_emplace(number, 0);
    if (isNew)
      pool->second = builder.section(".literal." + std::to_string(number), codeFlags, {}, 4);
    const uint32_t index = pool->second;
    const ByteView before = builder.object.sections[index].data;
    const uint64_t at = before.size();
    Bytes bytes(before.begin(), before.end());
    bytes.resize(at + 4);
    ModelTarget target = ref.target;
    int64_t addend = ref.addend;
    const bool isPlain = below(4) == 0;
    if (isPlain) {
      target = {ModelTarget::Number, 0, 0x12345600 + below(3), {}, false};
      addend = 0;
      writeLe(ByteSpan(bytes).last(4), static_cast<uint32_t>(target.value));
    }
    builder.replace(index, std::move(bytes));
    builder.object.sections[index].size = at + 4;
    if (!isPlain)
      builder.reloc(index, at, R_XTENSA_32, symbolIn(object, name),
                    name.addend ? *name.addend : addend);
    if (below(2))
      section.literals.push_back(
          {builder.sectionSymbol(index), static_cast<int64_t>(at), target, addend});
    else
      section.literals.push_back(
          {builder.define(".LC" + std::to_string(at), index, at, local), 0, target, addend});
  }

  void put(size_t number, uint64_t offset, uint64_t value, size_t bytes) {
    ModelSection &section = sections[number];
    writeUint(ByteSpan(section.content).subspan(offset, bytes), value);
    builders[places[number].first]->replace(places[number].second, section.content);
  }

  /// Instructions that the field fits, and a ModRM byte in front of the field that GOT32X fits.
  void setBytes(size_t number, ModelRef &ref) {
    const ModelSection &section = sections[number];
    const auto random = static_cast<uint32_t>(engine());
    const uint64_t before = readUint(ByteView(section.content).subspan(ref.offset, ref.type.bytes));
    ref.field = fieldCode(ref.type, *link.inputs.target, random);
    ref.field.code |= ref.field.code == 0 ? before : before & ref.field.mask;
    put(number, ref.offset, ref.field.code, ref.type.bytes);
    if (machine == EM_386)
      put(number, ref.offset - 1, 0x83, 1);
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
      // All of them, though one may have no user.
      for (const ModelLiteral &literal : section.literals)
        if (literal.target.kind == ModelTarget::Place)
          pending.push_back(literal.target.section);
      for (const ModelRef &ref : section.refs) {
        const bool isPlace = ref.target.kind == ModelTarget::Place;
        if (isPlace)
          pending.push_back(ref.target.section);
        const Way way = ref.type.way;
        if (way == Way::PcPair || way == Way::SlotPair)
          pending.push_back(ref.highSection);
        if (way == Way::Sum) {
          pending.push_back(ref.minus.section);
          if (ref.minus.section != ref.target.section)
            sections[ref.minus.section].isNear = sections[ref.target.section].isNear = true;
        }
        const bool isDistance = way == Way::Difference || way == Way::Branch ||
                                way == Way::GotDifference || way == Way::PcPair;
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
  std::map<size_t, uint32_t> literalPools; ///< Section of the model -> of its object.
  std::set<uint32_t> splitObjects;
};

} // namespace linktest
