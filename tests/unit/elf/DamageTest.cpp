// SPDX-License-Identifier: MIT
// Objects whose fields lie: readObject() must refuse them, or make an Object that later passes can
// index without looking. Each one is then linked as a whole.
#include "Guarded.h"
#include "Yaml.h"

#include "link/Link.h"

#include "llvm/BinaryFormat/ELF.h"

#include <algorithm>
#include <random>
#include <sys/mman.h>
#include <unistd.h>

using namespace mpylink;
using namespace llvm::ELF;

namespace {

/// What the passes rely on.
bool isSound(const elf::Object &object) {
  const auto inFile = [&](const auto &range) {
    const auto *start = reinterpret_cast<const uint8_t *>(range.data());
    return range.empty() || (start >= object.file.data() &&
                             start + range.size() <= object.file.data() + object.file.size());
  };
  for (const elf::Section &section : object.sections) {
    if (!inFile(section.name) || !inFile(section.data))
      return false;
    if (!section.has(SHF_ALLOC))
      continue;
    if ((section.align & (section.align - 1)) != 0 || section.align == 0 || section.size >> 31 != 0)
      return false;
    if (section.data.size() != (section.type == SHT_NOBITS ? 0 : section.size))
      return false;
    for (const elf::Reloc &reloc : section.relocs) {
      const uint64_t bytes = reloc.desc ? reloc.desc->bytes : 0;
      if (reloc.offset > section.data.size() || section.data.size() - reloc.offset < bytes)
        return false;
      if (reloc.symbol != 0 && reloc.symbol >= object.symbols.size())
        return false;
    }
  }
  for (const elf::Symbol &symbol : object.symbols)
    if (symbol.place == elf::Place::Section &&
        (symbol.section == 0 || symbol.section >= object.sections.size() || symbol.value >> 31))
      return false;
  for (const elf::Group &group : object.groups)
    for (uint32_t member : group.members)
      if (member == 0 || member >= object.sections.size())
        return false;
  return true;
}

/// Reads and links damaged files, and counts what came of it.
class Victim {
public:
  Victim() { REQUIRE(file >= 0); }
  ~Victim() { close(file); }
  Victim(const Victim &) = delete;
  Victim &operator=(const Victim &) = delete;

  void take(ByteView bytes) {
    {
      const elftest::Guarded guarded(bytes);
      Diag diag;
      const auto object = elf::readObject("a.o", guarded.bytes(), nullptr, diag);
      REQUIRE(object.has_value() == !diag.hasErrors());
      if (object)
        REQUIRE(isSound(*object));
      ++(object ? read : refused);
    }
    REQUIRE(ftruncate(file, 0) == 0);
    REQUIRE(pwrite(file, bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()));
    link::Options options;
    options.files = {"/proc/self/fd/" + std::to_string(file)};
    options.sourceName = "a.c";
    Diag diag;
    options.map = options.printGcSections = true;
    options.report = link::ReportForm::Json;
    options.traceSymbols = options.whyLive = {"mpy_init", "table"};
    std::string listing;
    const auto linked = link::link(options, listing, diag);
    REQUIRE(linked.has_value() == !diag.hasErrors());
    if (linked) {
      link::verify(linked->module, "a.mpy", diag);
      ++good;
    }
  }

  size_t refused = 0, read = 0, good = 0;

private:
  const int file = memfd_create("damaged.o", 0);
};

struct Field {
  size_t offset, size;
};

/// The place of every field of every table, from the types of llvm/BinaryFormat/ELF.h.
template <class Header, class SectionHeader, class Symbol, class Rel, class Rela>
std::vector<Field> fieldsOf(ByteView file) {
  std::vector<Field> fields;
  const auto add = [&](size_t at, std::initializer_list<size_t> sizes) {
    for (const size_t size : sizes) {
      fields.push_back({at, size});
      at += size;
    }
  };
  constexpr size_t word = sizeof(Header{}.e_entry);
  for (size_t i = 0; i < EI_NIDENT; ++i)
    add(i, {1});
  add(EI_NIDENT, {2, 2, 4, word, word, word, 4, 2, 2, 2, 2, 2, 2});
  Header header;
  std::memcpy(&header, file.data(), sizeof header);
  for (size_t i = 0; i < header.e_shnum; ++i) {
    const size_t at = header.e_shoff + i * sizeof(SectionHeader);
    SectionHeader section;
    std::memcpy(&section, file.data() + at, sizeof section);
    add(at, {4, 4, word, word, word, word, 4, 4, word, word});
    for (size_t entry = section.sh_offset; entry < section.sh_offset + section.sh_size;)
      switch (section.sh_type) {
      case SHT_SYMTAB:
        if (word == 8)
          add(entry, {4, 1, 1, 2, 8, 8});
        else
          add(entry, {4, 4, 4, 1, 1, 2});
        entry += sizeof(Symbol);
        break;
      case SHT_RELA:
        add(entry, {word, word, word});
        entry += sizeof(Rela);
        break;
      case SHT_REL:
        add(entry, {word, word});
        entry += sizeof(Rel);
        break;
      case SHT_GROUP:
        add(entry, {4});
        entry += 4;
        break;
      default:
        entry = section.sh_offset + section.sh_size;
        break;
      }
  }
  return fields;
}

std::vector<Field> fields64(ByteView file) {
  return fieldsOf<Elf64_Ehdr, Elf64_Shdr, Elf64_Sym, Elf64_Rel, Elf64_Rela>(file);
}
std::vector<Field> fields32(ByteView file) {
  return fieldsOf<Elf32_Ehdr, Elf32_Shdr, Elf32_Sym, Elf32_Rel, Elf32_Rela>(file);
}

void setEveryField(const Bytes &original, const std::vector<Field> &fields, Victim &victim) {
  const uint64_t size = original.size();
  for (const Field &field : fields) {
    const uint64_t old = readUint(ByteView(original).subspan(field.offset, field.size));
    for (const uint64_t value : {uint64_t(0),
                                 uint64_t(1),
                                 uint64_t(2),
                                 uint64_t(3),
                                 uint64_t(8),
                                 uint64_t(0xff),
                                 uint64_t(0xff00),
                                 uint64_t(0xfff1),
                                 uint64_t(0xfff2),
                                 uint64_t(0xffff),
                                 uint64_t(0x7fffffff),
                                 uint64_t(0x80000000),
                                 uint64_t(0xffffffff),
                                 uint64_t(0x7fffffffffffffff),
                                 ~uint64_t(0),
                                 ~uint64_t(0) - 7,
                                 size - 1,
                                 size,
                                 size + 1,
                                 old - 1,
                                 old + 1,
                                 old ^ 4,
                                 old * 2}) {
      Bytes damaged = original;
      writeUint(ByteSpan(damaged).subspan(field.offset, field.size), value);
      INFO("field at " << field.offset << ", value " << value);
      victim.take(damaged);
    }
  }
}

} // namespace

TEST_CASE("every field of an object may lie", "[elf]") {
  const bool isX64 = GENERATE(true, false);
  const Bytes original = isX64 ? elftest::x64Object() : elftest::thumbObject();
  Victim victim;
  victim.take(original);
  REQUIRE(victim.good == 1);
  setEveryField(original, isX64 ? fields64(original) : fields32(original), victim);
  // Many lies are found; the others, like another size of a symbol, do no harm.
  CHECK(victim.refused > 1000);
  CHECK(victim.good > 1000);
}

TEST_CASE("an object may end anywhere", "[elf]") {
  const Bytes original = GENERATE(elftest::x64Object(), elftest::thumbObject());
  Victim victim;
  for (size_t size = 0; size < original.size(); ++size)
    victim.take(ByteView(original).first(size));
  // The section headers are at the end.
  CHECK(victim.read == 0);
}

TEST_CASE("any bytes of an object may be wrong", "[elf]") {
  const Bytes original = GENERATE(elftest::x64Object(), elftest::thumbObject());
  std::mt19937 random(1);
  Victim victim;
  for (int round = 0; round < 5000; ++round) {
    Bytes damaged = original;
    for (unsigned change = random() % 4 + 1; change > 0; --change)
      damaged[random() % damaged.size()] ^= static_cast<uint8_t>(1u << random() % 8);
    victim.take(damaged);
  }
  CHECK(victim.refused > 500);
  CHECK(victim.good > 500);
}
