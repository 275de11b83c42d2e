// SPDX-License-Identifier: MIT
// Small objects built in memory, and a link of them that runs pass by pass, so that each test looks
// at the result of one pass.
#pragma once

#include "arch/Families.h"
#include "link/Emit.h"
#include "link/Passes.h"

#include "llvm/BinaryFormat/ELF.h"

#include <catch2/catch.hpp>

#include <deque>

namespace linktest {

using namespace mpylink;
using namespace mpylink::link;
using namespace llvm::ELF;
using Kind = Target::Kind;
using mpy::Segment;

/// What an ELF symbol has besides its name and place.
struct Traits {
  uint8_t binding = STB_GLOBAL;
  uint8_t type = STT_NOTYPE;
  uint64_t size = 0;
  uint8_t visibility = STV_DEFAULT;
};
constexpr Traits local{STB_LOCAL}, weak{STB_WEAK};

constexpr uint64_t codeFlags = SHF_ALLOC | SHF_EXECINSTR;
constexpr uint64_t dataFlags = SHF_ALLOC | SHF_WRITE;
constexpr uint64_t stringFlags = SHF_ALLOC | SHF_MERGE | SHF_STRINGS;

class ObjectBuilder {
public:
  ObjectBuilder(const arch::Arch &arch, std::string name) {
    object.name = std::move(name);
    object.arch = &arch;
    object.machine = &arch == &arch::x64()      ? EM_X86_64
                     : &arch == &arch::x86()    ? EM_386
                     : &arch == &arch::thumb()  ? EM_ARM
                     : &arch == &arch::xtensa() ? EM_XTENSA
                                                : EM_RISCV;
    object.sections.emplace_back();
    object.symbols.emplace_back();
    object.keepAlive = pool;
  }

  uint32_t section(const std::string &name, uint64_t flags, Bytes data, uint64_t align = 1,
                   uint64_t entrySize = 0, uint32_t type = SHT_PROGBITS) {
    elf::Section section;
    section.name = keep(name);
    section.type = type;
    section.flags = flags;
    section.align = align;
    section.entrySize = entrySize;
    section.size = data.size();
    section.data = pool->blocks.emplace_back(std::move(data));
    object.sections.push_back(section);
    return static_cast<uint32_t>(object.sections.size() - 1);
  }
  uint32_t code(const std::string &name, Bytes data, uint64_t align = 1) {
    return section(name, codeFlags, std::move(data), align);
  }
  uint32_t rodata(const std::string &name, Bytes data, uint64_t align = 1) {
    return section(name, SHF_ALLOC, std::move(data), align);
  }
  uint32_t data(const std::string &name, Bytes data, uint64_t align = 1) {
    return section(name, dataFlags, std::move(data), align);
  }
  uint32_t bss(const std::string &name, uint64_t size, uint64_t align = 1) {
    const uint32_t index = section(name, dataFlags, {}, align, 0, SHT_NOBITS);
    object.sections[index].size = size;
    return index;
  }
  uint32_t strings(std::string_view text, uint64_t entrySize = 1, uint64_t align = 1,
                   const std::string &name = ".rodata.str") {
    return section(name, stringFlags, {text.begin(), text.end()}, align, entrySize);
  }
  /// 16 bytes of code that the module starts with.
  uint32_t entry(Bytes code = Bytes(16, 0x90), uint64_t align = 1) {
    const uint32_t index = this->code(".text.mpy_init", std::move(code), align);
    define("mpy_init", index);
    return index;
  }

  uint32_t define(const std::string &name, uint32_t section, uint64_t value = 0,
                  Traits traits = {}) {
    return add(name, elf::Place::Section, section, value, traits);
  }
  uint32_t undefined(const std::string &name, Traits traits = {}) {
    return add(name, elf::Place::Undefined, 0, 0, traits);
  }
  uint32_t absolute(const std::string &name, uint64_t value, Traits traits = {}) {
    return add(name, elf::Place::Absolute, 0, value, traits);
  }
  uint32_t common(const std::string &name, uint64_t size, uint64_t align) {
    return add(name, elf::Place::Common, 0, align, {STB_GLOBAL, STT_OBJECT, size});
  }
  uint32_t sectionSymbol(uint32_t section) {
    return add(std::string(object.sections[section].name), elf::Place::Section, section, 0,
               {STB_LOCAL, STT_SECTION});
  }

  void reloc(uint32_t section, uint64_t offset, uint32_t type, uint32_t symbol,
             int64_t addend = 0) {
    const ByteView data = object.sections[section].data;
    const ByteView at = data.subspan(std::min<size_t>(offset, data.size()));
    object.sections[section].relocs.push_back(
        {offset, object.arch->rowAt(type, at), type, symbol, addend});
  }
  void replace(uint32_t section, Bytes data) {
    object.sections[section].data = pool->blocks.emplace_back(std::move(data));
  }
  void group(const std::string &signature, std::vector<uint32_t> members, bool comdat = true) {
    object.groups.push_back({keep(signature), comdat, std::move(members)});
  }

  elf::Object object;

private:
  struct Pool {
    std::deque<std::string> names;
    std::deque<Bytes> blocks;
  };
  std::string_view keep(const std::string &text) { return pool->names.emplace_back(text); }
  uint32_t add(const std::string &name, elf::Place place, uint32_t section, uint64_t value,
               Traits traits) {
    elf::Symbol symbol;
    symbol.name = keep(name);
    symbol.place = place;
    symbol.binding = traits.binding;
    symbol.type = traits.type;
    symbol.visibility = traits.visibility;
    symbol.section = section;
    symbol.value = value;
    symbol.size = traits.size;
    object.symbols.push_back(symbol);
    return static_cast<uint32_t>(object.symbols.size() - 1);
  }

  std::shared_ptr<Pool> pool = std::make_shared<Pool>();
};

inline std::vector<std::string> ids(const Diag &diag) {
  std::vector<std::string> result;
  for (const Diagnostic &diagnostic : diag.all())
    result.emplace_back(diagnostic.id);
  return result;
}

/// Every diagnostic as the user sees it.
inline std::string messages(const Diag &diag) {
  std::string text;
  for (const Diagnostic &diagnostic : diag.all())
    text += render("mpylink", diagnostic);
  return text;
}

/// One link. Asking for the result of a pass runs the passes before it.
class Case {
public:
  explicit Case(std::string_view target = "x64") {
    inputs.abi = abi::findAbi(6, 3);
    inputs.target = abi::findArch(target);
    REQUIRE(inputs.target);
    inputs.arch = arch::find(inputs.target->elfMachine, inputs.target->wordSize);
    inputs.qstrs = {"first", "second"};
    options.sourceName = "m.c";
  }

  ObjectBuilder &object(std::string name = "a.o") {
    return builders.emplace_back(*inputs.arch, std::move(name));
  }

  const Resolved &resolved() {
    if (!resolvedStage) {
      for (ObjectBuilder &builder : builders) {
        for (elf::Section &section : builder.object.sections)
          std::ranges::stable_sort(section.relocs, {}, &elf::Reloc::offset);
        inputs.objects.push_back(std::make_unique<elf::Object>(builder.object));
      }
      resolvedStage.emplace(resolve(inputs, options, diag));
    }
    return *resolvedStage;
  }
  const Live &live() {
    if (!liveStage)
      liveStage.emplace(markLive(resolved(), options));
    return *liveStage;
  }
  const Program &program() {
    if (!programStage)
      programStage.emplace(mergeSections(live(), diag));
    return *programStage;
  }
  const Plan &plan() {
    if (!planStage)
      planStage.emplace(scan(program(), diag));
    return *planStage;
  }
  const Layout &layout() {
    if (!layoutStage)
      layoutStage.emplace(layOut(plan(), diag));
    return *layoutStage;
  }
  const Image &image() {
    if (!imageStage)
      imageStage.emplace(relocate(layout(), diag));
    return *imageStage;
  }
  /// The whole link, which must succeed.
  const Linked &linked() {
    if (!linkedStage) {
      image();
      INFO(messages(diag));
      REQUIRE(!diag.hasErrors());
      linkedStage = emit(image(), resolved(), options, diag);
      REQUIRE(linkedStage);
      verify(linkedStage->module, "m.mpy", diag);
      INFO(messages(diag));
      REQUIRE(!diag.hasErrors());
    }
    return *linkedStage;
  }

  Target target(uint32_t object, uint32_t symbol) { return resolved().targets[object][symbol]; }
  uint32_t sectionNumber(uint32_t object, uint32_t section) {
    return resolved().firstSection[object] + section;
  }
  /// The chunk of a section that is placed whole.
  uint32_t chunk(uint32_t object, uint32_t section) {
    const std::vector<Chunk> &chunks = program().chunks;
    for (uint32_t i = 0; i < chunks.size(); ++i)
      if (chunks[i].section == sectionNumber(object, section))
        return i;
    FAIL("section " << section << " of object " << object << " has no chunk");
    return 0;
  }
  Segment segment(uint32_t object, uint32_t section) {
    return plan().segment[chunk(object, section)];
  }
  uint64_t address(uint32_t object, uint32_t section) {
    return layout().address[chunk(object, section)];
  }
  uint64_t textWord(uint64_t offset) {
    return readUint(ByteView(image().text).subspan(offset, inputs.arch->wordSize()));
  }

  Inputs inputs;
  Options options;
  Diag diag;

private:
  std::deque<ObjectBuilder> builders;
  std::optional<Resolved> resolvedStage;
  std::optional<Live> liveStage;
  std::optional<Program> programStage;
  std::optional<Plan> planStage;
  std::optional<Layout> layoutStage;
  std::optional<Image> imageStage;
  std::optional<Linked> linkedStage;
};

} // namespace linktest
