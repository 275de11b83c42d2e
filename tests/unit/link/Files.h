// SPDX-License-Identifier: MIT
// Objects of Build.h as bytes of ELF files and archives, and a folder to put them into, for what
// reads files.
#pragma once

#include "Build.h"

#include <filesystem>
#include <fstream>

namespace linktest {

/// The types of one ELF class.
struct Elf64 {
  using Header = Elf64_Ehdr;
  using Section = Elf64_Shdr;
  using Symbol = Elf64_Sym;
};
struct Elf32 {
  using Header = Elf32_Ehdr;
  using Section = Elf32_Shdr;
  using Symbol = Elf32_Sym;
};

/// Sections keep their numbers; the tables come behind them. x64 has explicit addends, the others
/// keep them in place.
template <class Types> class ElfWriter {
public:
  explicit ElfWriter(const elf::Object &object) : object(object) {}

  std::string write() {
    out.resize(sizeof(typename Types::Header));
    headers.resize(object.sections.size());
    for (size_t i = 1; i < object.sections.size(); ++i)
      writeSection(i);
    const auto symtab = static_cast<uint32_t>(headers.size() + relocatedSections());
    for (uint32_t i = 1; i < object.sections.size(); ++i)
      if (!object.sections[i].relocs.empty())
        writeRelocs(i, symtab);
    writeSymbols();
    for (const elf::Group &group : object.groups)
      writeGroup(group, symtab);
    return finish();
  }

private:
  using SectionHeader = typename Types::Section;
  static constexpr bool is64 = std::is_same_v<Types, Elf64>;

  size_t relocatedSections() const {
    return static_cast<size_t>(std::ranges::count_if(
        object.sections, [](const elf::Section &section) { return !section.relocs.empty(); }));
  }
  template <class T> static void append(std::string &to, const T &value) {
    to.append(reinterpret_cast<const char *>(&value), sizeof value);
  }
  static uint32_t name(std::string &table, std::string_view text) {
    const size_t at = table.size();
    table.append(text).push_back('\0');
    return static_cast<uint32_t>(at);
  }
  SectionHeader &add(std::string_view title, uint32_t type, std::string_view contents) {
    out.resize(alignTo(out.size(), 8));
    SectionHeader header{};
    header.sh_name = name(titles, title);
    header.sh_type = type;
    header.sh_offset = static_cast<decltype(header.sh_offset)>(out.size());
    header.sh_size = static_cast<decltype(header.sh_size)>(contents.size());
    header.sh_addralign = 1;
    out += contents;
    return headers.emplace_back(header);
  }

  void writeSection(size_t index) {
    const elf::Section &section = object.sections[index];
    Bytes data(section.data.begin(), section.data.end());
    for (const elf::Reloc &reloc : section.relocs)
      if (reloc.desc && (!isRela || object.arch->addsToPlace(*reloc.desc)))
        object.arch->encode({*reloc.desc, 0, 0, 0, 0, 0, 0, data, reloc.offset},
                            isRela ? 0 : reloc.addend);
    SectionHeader header =
        add(section.name, section.type, {reinterpret_cast<const char *>(data.data()), data.size()});
    headers.pop_back();
    header.sh_flags = static_cast<decltype(header.sh_flags)>(section.flags);
    header.sh_size = static_cast<decltype(header.sh_size)>(section.size);
    header.sh_addralign = static_cast<decltype(header.sh_addralign)>(section.align);
    header.sh_entsize = static_cast<decltype(header.sh_entsize)>(section.entrySize);
    headers[index] = header;
  }

  void writeRelocs(uint32_t index, uint32_t symtab) {
    std::string contents;
    for (const elf::Reloc &reloc : object.sections[index].relocs)
      if constexpr (is64)
        append(contents,
               Elf64_Rela{reloc.offset, uint64_t(reloc.symbol) << 32 | reloc.type, reloc.addend});
      else if (isRela)
        append(contents, Elf32_Rela{static_cast<uint32_t>(reloc.offset),
                                    reloc.symbol << 8 | (reloc.type & 0xff),
                                    static_cast<int32_t>(reloc.addend)});
      else
        append(contents, Elf32_Rel{static_cast<uint32_t>(reloc.offset),
                                   reloc.symbol << 8 | (reloc.type & 0xff)});
    SectionHeader &header = add(".rel", isRela ? uint32_t(SHT_RELA) : uint32_t(SHT_REL), contents);
    header.sh_link = symtab;
    header.sh_info = index;
    header.sh_entsize = is64 ? sizeof(Elf64_Rela) : isRela ? sizeof(Elf32_Rela) : sizeof(Elf32_Rel);
  }

  void writeSymbols() {
    std::string names(1, '\0'), contents;
    for (const elf::Symbol &symbol : object.symbols) {
      typename Types::Symbol raw{};
      raw.st_name = symbol.type == STT_SECTION ? 0 : name(names, symbol.name);
      raw.setBindingAndType(symbol.binding, symbol.type);
      raw.st_other = symbol.visibility;
      raw.st_value = static_cast<decltype(raw.st_value)>(symbol.value);
      raw.st_size = static_cast<decltype(raw.st_size)>(symbol.size);
      raw.st_shndx = symbol.place == elf::Place::Absolute ? uint16_t(SHN_ABS)
                     : symbol.place == elf::Place::Common ? uint16_t(SHN_COMMON)
                                                          : static_cast<uint16_t>(symbol.section);
      append(contents, raw);
    }
    SectionHeader &header = add(".symtab", SHT_SYMTAB, contents);
    header.sh_link = static_cast<uint32_t>(headers.size());
    header.sh_info = 1;
    header.sh_entsize = sizeof(typename Types::Symbol);
    add(".strtab", SHT_STRTAB, names);
  }

  void writeGroup(const elf::Group &group, uint32_t symtab) {
    std::string contents;
    append(contents, group.comdat ? uint32_t(GRP_COMDAT) : 0);
    for (uint32_t member : group.members)
      append(contents, member);
    uint32_t signature = 0;
    while (object.symbols[signature].name != group.signature)
      ++signature;
    SectionHeader &header = add(".group", SHT_GROUP, contents);
    header.sh_link = symtab;
    header.sh_info = signature;
    header.sh_entsize = 4;
  }

  std::string finish() {
    std::string table = titles; // add() takes the same place for the name.
    name(table, ".shstrtab");
    add(".shstrtab", SHT_STRTAB, table);
    out.resize(alignTo(out.size(), 8));
    typename Types::Header header{};
    std::copy_n(ElfMagic, 4, header.e_ident);
    header.e_ident[EI_CLASS] = is64 ? ELFCLASS64 : ELFCLASS32;
    header.e_ident[EI_DATA] = ELFDATA2LSB;
    header.e_ident[EI_VERSION] = EV_CURRENT;
    header.e_type = ET_REL;
    header.e_machine = object.machine;
    header.e_version = EV_CURRENT;
    header.e_shoff = static_cast<decltype(header.e_shoff)>(out.size());
    header.e_ehsize = sizeof header;
    header.e_shentsize = sizeof(SectionHeader);
    header.e_shnum = static_cast<uint16_t>(headers.size());
    header.e_shstrndx = static_cast<uint16_t>(headers.size() - 1);
    std::memcpy(out.data(), &header, sizeof header);
    for (const SectionHeader &section : headers)
      append(out, section);
    return std::move(out);
  }

  const elf::Object &object;
  const bool isRela = is64 || object.machine == EM_RISCV || object.machine == EM_XTENSA;
  std::string out, titles = std::string(1, '\0');
  std::vector<SectionHeader> headers;
};

inline std::string elfBytes(const elf::Object &object) {
  return object.arch->wordSize() == 8 ? ElfWriter<Elf64>(object).write()
                                      : ElfWriter<Elf32>(object).write();
}

/// An archive without an index. Names have at most 15 characters.
inline std::string archiveBytes(const std::vector<const elf::Object *> &members) {
  std::string out = "!<arch>\n";
  const auto field = [&](const std::string &text, size_t width) {
    out += text + std::string(width - text.size(), ' ');
  };
  for (const elf::Object *member : members) {
    const std::string file = elfBytes(*member);
    field(member->name + "/", 16);
    field("0", 12);
    field("0", 6);
    field("0", 6);
    field("644", 8);
    field(std::to_string(file.size()), 10);
    out += "`\n" + file;
    if (out.size() % 2 != 0)
      out += '\n';
  }
  return out;
}

/// A folder that goes away with the test.
class TemporaryFolder {
public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "mpylink-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()));
    root = name;
  }
  ~TemporaryFolder() { std::filesystem::remove_all(root); }
  TemporaryFolder(const TemporaryFolder &) = delete;

  /// Returns the file's path.
  std::string write(const std::string &name, std::string_view contents) const {
    const std::filesystem::path path = root / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << contents;
    return path.string();
  }
  std::string path(const std::string &name = "") const { return (root / name).string(); }

private:
  std::filesystem::path root;
};

} // namespace linktest
