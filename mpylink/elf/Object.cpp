// SPDX-License-Identifier: MIT
// ELF file -> Object. llvm::object checks the tables' own bounds; what refers from one table into
// another (section, symbol and relocation indices and offsets) is checked here.
#include "elf/Object.h"

#include "elf/Padding.h"

#include "llvm/BinaryFormat/Magic.h"
#include "llvm/Object/ELF.h"

#include <algorithm>
#include <limits>

namespace mpylink::elf {

using namespace llvm::ELF;
using llvm::object::ELFFile;

uint64_t offsetOf(const Object &object, const Symbol &symbol) {
  return symbol.type == STT_FUNC ? object.arch->codeAddress(symbol.value) : symbol.value;
}

bool Symbol::isLocal() const { return binding == STB_LOCAL; }
bool Symbol::isWeak() const { return binding == STB_WEAK; }

namespace {

/// More cannot be loaded by any firmware, and less keeps sums of sizes far from overflowing.
constexpr uint64_t maxSectionSize = uint64_t(1) << 30;

std::string_view view(llvm::StringRef text) { return {text.data(), text.size()}; }

/// Once for all objects: who compiles one like that compiles all of them so.
void reportLto(const std::string &name, const std::string &joining, Diag &diag) {
  const auto isTold = [](const Diagnostic &told) { return told.id == "lto-object"; };
  if (std::ranges::none_of(diag.all(), isTold))
    diag.error("lto-object", {name, {}, {}},
               "the object holds no machine code, only what the compiler needs for link-time "
               "optimisation",
               "let the compiler join the objects first (LTO = 1 for templates/mpylink.mk, or " +
                   joining + "), or compile with -ffat-lto-objects or without -flto");
}

enum class Purpose { Link, LineTables };

template <class ELFT> class ObjectReader {
public:
  ObjectReader(Object &object, Purpose purpose, Diag &diag)
      : object(object), purpose(purpose), diag(diag) {}

  bool read() {
    auto created = ELFFile<ELFT>::create(
        llvm::StringRef(reinterpret_cast<const char *>(object.file.data()), object.file.size()));
    if (!created)
      return fail(created.takeError());
    file.emplace(std::move(*created));
    const auto &header = file->getHeader();
    if (header.e_type != ET_REL) {
      diag.error("not-relocatable", {object.name, {}, {}},
                 "this ELF file is not a relocatable object", "give mpylink the output of cc -c");
      return false;
    }
    object.machine = header.e_machine;
    object.arch = arch::find(header.e_machine, ELFT::Is64Bits ? 8 : 4);
    if (!object.arch) {
      const llvm::StringRef machine = convertEMachineToArchName(header.e_machine);
      diag.error(
          "wrong-machine", {object.name, {}, {}},
          "objects for " +
              (machine == "None" ? "machine " + std::to_string(header.e_machine) : machine.str()) +
              (ELFT::Is64Bits ? " (64 bits)" : " (32 bits)") + " cannot be linked",
          "README.md lists the architectures that can");
      return false;
    }
    auto table = file->sections();
    if (!table)
      return fail(table.takeError());
    headers = *table;
    // Each step needs the tables of the ones before it.
    if (purpose == Purpose::LineTables)
      return readSections() && readSymbols() && readRelocs();
    return readSections() && readSymbols() && readRelocs() && readGroups() &&
           readAbi(header.e_flags);
  }

private:
  using Header = typename ELFT::Shdr;

  bool fail(llvm::Error error) { return corrupt({}, llvm::toString(std::move(error))); }
  bool corrupt(std::string_view section, const std::string &what) {
    diag.error("corrupt-object", {object.name, std::string(section), {}},
               "the object file is damaged: " + what, "compile it again");
    return false;
  }

  /// Sections whose contents and relocations matter.
  bool isWanted(const Section &section) const {
    if (purpose == Purpose::Link)
      return section.has(SHF_ALLOC);
    return section.type == SHT_PROGBITS && !section.has(SHF_COMPRESSED | SHF_GROUP) &&
           (section.name == ".debug_line" || section.name == ".debug_line_str" ||
            section.name == ".debug_str");
  }

  bool readSections() {
    auto names = file->getSectionStringTable(headers);
    if (!names)
      return fail(names.takeError());
    object.sections.resize(headers.size());
    for (size_t i = 1; i < headers.size(); ++i) {
      const Header &header = headers[i];
      Section &section = object.sections[i];
      auto name = file->getSectionName(header, *names);
      if (!name)
        return fail(name.takeError());
      section.name = view(*name);
      section.type = header.sh_type;
      section.flags = header.sh_flags;
      section.size = header.sh_size;
      section.align = std::max<uint64_t>(header.sh_addralign, 1);
      section.entrySize = header.sh_entsize;
      if (!isWanted(section) &&
          (purpose != Purpose::Link ||
           (!object.arch->isAttributes(section.type, section.name) && section.type != SHT_GROUP)))
        continue;
      if (!llvm::isPowerOf2_64(section.align) || section.align > maxSectionSize)
        return corrupt(section.name, "alignment " + hex(section.align) + " is not a power of two");
      ByteView data;
      if (section.type != SHT_NOBITS) {
        auto contents = file->getSectionContents(header);
        if (!contents)
          return fail(contents.takeError());
        data = {contents->data(), contents->size()};
      }
      if (section.size > maxSectionSize) {
        diag.error("module-too-large", {object.name, std::string(section.name), {}},
                   "the section has " + std::to_string(section.size) +
                       " bytes, more than any module can have",
                   "remove large tables and arrays, or allocate them at run time");
        return false;
      }
      section.data = data;
      if (!claim(section.name, data.size()))
        return false;
    }
    return true;
  }

  /// Tables of a file do not overlap. Without this check a small file with many headers of the same
  /// large table would ask for any amount of memory.
  bool claim(std::string_view section, uint64_t size) {
    claimed += size;
    return claimed <= object.file.size() ||
           corrupt(section, "its sections have more bytes than the file");
  }

  bool readSymbols() {
    for (size_t i = 1; i < headers.size(); ++i)
      if (headers[i].sh_type == SHT_SYMTAB) {
        if (symtab != 0)
          return corrupt(object.sections[i].name, "there are two symbol tables");
        symtab = i;
      }
    if (symtab == 0)
      return true;
    auto symbols = file->symbols(&headers[symtab]);
    if (!symbols)
      return fail(symbols.takeError());
    auto names = file->getStringTableForSymtab(headers[symtab], headers);
    if (!names)
      return fail(names.takeError());
    llvm::ArrayRef<typename ELFT::Word> extended;
    for (const Header &header : headers)
      if (header.sh_type == SHT_SYMTAB_SHNDX && header.sh_link == symtab) {
        auto table = file->template getSectionContentsAsArray<typename ELFT::Word>(header);
        if (!table)
          return fail(table.takeError());
        extended = *table;
      }
    object.symbols.reserve(symbols->size());
    for (size_t i = 0; i < symbols->size(); ++i) {
      const auto &raw = (*symbols)[i];
      auto name = raw.getName(*names);
      if (!name)
        return fail(name.takeError());
      Symbol symbol;
      symbol.name = view(*name);
      symbol.binding = raw.getBinding();
      symbol.type = raw.getType();
      symbol.visibility = raw.getVisibility();
      symbol.value = raw.st_value;
      symbol.size = raw.st_size;
      uint32_t section = raw.st_shndx;
      if (section == SHN_XINDEX) {
        if (i >= extended.size())
          return corrupt({}, "symbol " + std::to_string(i) + " has no extended section index");
        section = extended[i];
      } else if (section == SHN_ABS) {
        symbol.place = Place::Absolute;
      } else if (section == SHN_COMMON) {
        symbol.place = Place::Common;
        if (!llvm::isPowerOf2_64(std::max<uint64_t>(symbol.value, 1)) ||
            symbol.value > maxSectionSize || symbol.size > maxSectionSize)
          return corrupt({},
                         "common symbol " + name->str() + " has an impossible size or alignment");
      } else if (section >= SHN_LORESERVE) {
        return corrupt({}, "symbol " + name->str() + " is in reserved section " + hex(section));
      }
      if (symbol.place == Place::Undefined && section != SHN_UNDEF) {
        if (section >= headers.size())
          return corrupt({}, "symbol " + std::to_string(i) + " is in section " +
                                 std::to_string(section) + ", and there are " +
                                 std::to_string(headers.size()));
        symbol.place = Place::Section;
        symbol.section = section;
        if (symbol.type == STT_SECTION && symbol.name.empty())
          symbol.name = object.sections[section].name;
        if (symbol.value > maxSectionSize)
          return corrupt(object.sections[section].name, "symbol " + name->str() +
                                                            " has the impossible value " +
                                                            hex(symbol.value));
      }
      if (symbol.name == "__gnu_lto_slim")
        isLto = true;
      object.symbols.push_back(symbol);
    }
    return true;
  }

  bool readRelocs() {
    for (size_t i = 1; i < headers.size(); ++i) {
      const Header &header = headers[i];
      const bool isRela = header.sh_type == SHT_RELA;
      if (!isRela && header.sh_type != SHT_REL && header.sh_type != SHT_CREL)
        continue;
      const std::string_view name = object.sections[i].name;
      if (header.sh_info == 0 || header.sh_info >= headers.size())
        return corrupt(name, "it relocates section " + std::to_string(header.sh_info) +
                                 ", and there are " + std::to_string(headers.size()));
      Section &target = object.sections[header.sh_info];
      if (!isWanted(target))
        continue;
      if (header.sh_type == SHT_CREL)
        return corrupt(name, "compact relocations are not understood");
      if (header.sh_link != symtab || symtab == 0)
        return corrupt(name, "it does not refer to the symbol table");
      if (target.type == SHT_NOBITS && header.sh_size != 0)
        return corrupt(name, "it relocates a section without contents");
      if (!claim(name, header.sh_size))
        return false;
      if (isRela) {
        auto relocs = file->relas(header);
        if (!relocs)
          return fail(relocs.takeError());
        for (const auto &reloc : *relocs)
          if (!addReloc(target, reloc, reloc.r_addend))
            return false;
      } else {
        auto relocs = file->rels(header);
        if (!relocs)
          return fail(relocs.takeError());
        for (const auto &reloc : *relocs)
          if (!addReloc(target, reloc, std::nullopt))
            return false;
      }
    }
    addThreadPointerUses();
    for (Section &section : object.sections)
      if (!std::ranges::is_sorted(section.relocs, {}, &Reloc::offset))
        std::ranges::stable_sort(section.relocs, {}, &Reloc::offset);
    return true;
  }

  /// What a relocation could tell gets one.
  void addThreadPointerUses() {
    const auto hides = [&](const Reloc &reloc) {
      return object.arch->hidesThreadPointer(reloc.type);
    };
    const auto hidden = [&](const Section &section) {
      return std::ranges::any_of(section.relocs, hides);
    };
    if (std::ranges::none_of(object.sections, hidden))
      return;
    const uint32_t type = object.arch->threadPointerType();
    for (Section &section : object.sections) {
      if (!isWanted(section) || !section.has(SHF_EXECINSTR))
        continue;
      // Of a variable that the messages can name.
      const auto access = std::ranges::find_if(section.relocs, hides);
      const uint32_t symbol = access == section.relocs.end() ? 0 : access->symbol;
      for (const uint64_t offset : object.arch->threadPointerUses(section.data))
        if (std::ranges::none_of(section.relocs, [&](const Reloc &reloc) {
              return reloc.offset == offset && reloc.type == type;
            }))
          section.relocs.push_back(
              {offset, object.arch->rowAt(type, section.data.subspan(offset)), type, symbol, 0});
    }
  }

  template <class Raw>
  bool addReloc(Section &target, const Raw &raw, std::optional<int64_t> addend) {
    Reloc reloc{raw.r_offset, nullptr, raw.getType(false), raw.getSymbol(false), 0};
    if (reloc.offset <= target.data.size())
      reloc.desc = object.arch->rowAt(reloc.type, target.data.subspan(reloc.offset));
    const uint64_t bytes = reloc.desc ? reloc.desc->bytes : 0;
    if (reloc.offset > target.data.size() || target.data.size() - reloc.offset < bytes)
      return corrupt(target.name, "a relocation at " + hex(reloc.offset) +
                                      " is outside the section's " + hex(target.size) + " bytes");
    if (reloc.symbol >= std::max<size_t>(object.symbols.size(), 1))
      return corrupt(target.name, "the relocation at " + hex(reloc.offset) + " names symbol " +
                                      std::to_string(reloc.symbol) + ", and there are " +
                                      std::to_string(object.symbols.size()));
    reloc.addend = addend.value_or(0);
    if (reloc.desc && (!addend || object.arch->addsToPlace(*reloc.desc)))
      reloc.addend += object.arch->addendAt(*reloc.desc, target.data.subspan(reloc.offset, bytes));
    target.relocs.push_back(reloc);
    return true;
  }

  bool readGroups() {
    for (size_t i = 1; i < headers.size(); ++i) {
      if (headers[i].sh_type != SHT_GROUP)
        continue;
      const Section &section = object.sections[i];
      if (section.size < 4 || section.size % 4 != 0)
        return corrupt(section.name, "a group of " + hex(section.size) + " bytes");
      if (headers[i].sh_info >= object.symbols.size())
        return corrupt(section.name, "the group's symbol does not exist");
      Group group;
      group.signature = object.symbols[headers[i].sh_info].name;
      group.comdat = readLe<uint32_t>(section.data) & GRP_COMDAT;
      for (size_t at = 4; at < section.size; at += 4) {
        const uint32_t member = readLe<uint32_t>(section.data.subspan(at));
        if (member == 0 || member >= headers.size())
          return corrupt(section.name, "the group has a member " + std::to_string(member) +
                                           ", and there are " + std::to_string(headers.size()) +
                                           " sections");
        group.members.push_back(member);
      }
      object.groups.push_back(std::move(group));
    }
    return true;
  }

  bool readAbi(uint32_t elfFlags) {
    if (isLto) {
      reportLto(object.name, "cc -flto -r -flinker-output=nolto-rel", diag);
      return false;
    }
    ByteView attributes;
    for (const Section &section : object.sections)
      if (object.arch->isAttributes(section.type, section.name))
        attributes = section.data;
    Result<arch::ObjectAbi> abi = object.arch->objectAbi(elfFlags, attributes);
    if (!abi) {
      const std::string &hint = abi.failure().hint;
      diag.error("wrong-machine", {object.name, {}, {}}, abi.failure().text,
                 hint.empty() ? "compile with the " + std::string(object.arch->abiOptions()) +
                                    " of the module's architecture"
                              : hint);
      return false;
    }
    object.abi = std::move(*abi);
    return true;
  }

  Object &object;
  const Purpose purpose;
  Diag &diag;
  std::optional<ELFFile<ELFT>> file;
  typename ELFT::ShdrRange headers;
  size_t symtab = 0;
  uint64_t claimed = 0; ///< Bytes of the file that some section holds.
  bool isLto = false;
};

bool readAs(Object &object, Purpose purpose, Diag &diag) {
  return object.file[EI_CLASS] == ELFCLASS32
             ? ObjectReader<llvm::object::ELF32LE>(object, purpose, diag).read()
             : ObjectReader<llvm::object::ELF64LE>(object, purpose, diag).read();
}

/// What a file that is no ELF object seems to be.
std::string describeFormat(ByteView file) {
  if (file.empty())
    return "the file is empty";
  if (file.size() >= 2 && file[0] == 'M' && (file[1] == 5 || file[1] == 6))
    return "this is a .mpy file, not an ELF object";
  const llvm::file_magic magic =
      llvm::identify_magic({reinterpret_cast<const char *>(file.data()), file.size()});
  switch (magic) {
  case llvm::file_magic::macho_object:
    return "this is a Mach-O object, not ELF (use a cross compiler for the target)";
  case llvm::file_magic::coff_object:
    return "this is a COFF object, not ELF (use a cross compiler for the target)";
  case llvm::file_magic::wasm_object:
    return "this is a WebAssembly object, not ELF";
  default:
    return "this is not an ELF object";
  }
}

} // namespace

std::optional<Object> readObject(std::string name, ByteView bytes,
                                 std::shared_ptr<const void> keepAlive, Diag &diag) {
  Object object;
  object.name = std::move(name);
  object.file = bytes;
  object.keepAlive = std::move(keepAlive);
  const Location here{object.name, {}, {}};
  if (bytes.size() < EI_NIDENT ||
      std::string_view(reinterpret_cast<const char *>(bytes.data()), 4) != ElfMagic) {
    if (llvm::identify_magic({reinterpret_cast<const char *>(bytes.data()), bytes.size()}) ==
        llvm::file_magic::bitcode)
      reportLto(object.name, "clang -flto -fuse-ld=lld -r", diag);
    else
      diag.error("not-an-object", here, describeFormat(bytes),
                 "mpylink links relocatable ELF objects and archives of them");
    return std::nullopt;
  }
  if (bytes[EI_DATA] != ELFDATA2LSB) {
    diag.error("wrong-machine", here, "the object is big endian",
               "MicroPython's native targets are little endian");
    return std::nullopt;
  }
  if (bytes[EI_CLASS] != ELFCLASS32 && bytes[EI_CLASS] != ELFCLASS64) {
    diag.error("corrupt-object", here,
               "the object file is damaged: its ELF class is neither 32 nor 64 bits",
               "compile it again");
    return std::nullopt;
  }
  if (!readAs(object, Purpose::Link, diag) || !trimPadding(object, diag))
    return std::nullopt;
  return object;
}

std::optional<Object> readLineTables(const Object &object) {
  Object lines;
  lines.file = object.file;
  Diag ignored;
  if (lines.file.empty() || !readAs(lines, Purpose::LineTables, ignored))
    return std::nullopt;
  // Where their code is now, without the padding that was taken out.
  lines.symbols = object.symbols;
  return lines;
}

} // namespace mpylink::elf
