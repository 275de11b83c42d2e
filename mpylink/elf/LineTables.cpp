// SPDX-License-Identifier: MIT
#include "elf/LineTables.h"

#include "llvm/BinaryFormat/Dwarf.h"

#include <algorithm>
#include <optional>

namespace mpylink::elf {

using namespace llvm::dwarf;

namespace {

/// Reads numbers; all are 0 from the first one that is not inside.
class Reader {
public:
  explicit Reader(ByteView bytes, size_t at = 0) : bytes(bytes), at(at) {}

  bool good() const { return !failed; }
  bool atEnd() const { return failed || at == bytes.size(); }
  size_t offset() const { return at; }
  bool has(uint64_t size) const { return !failed && size <= bytes.size() - at; }
  void fail() { failed = true; }

  void skip(uint64_t size) {
    if (has(size))
      at += size;
    else
      fail();
  }
  uint64_t number(unsigned size) {
    const size_t start = at;
    skip(size);
    return failed ? 0 : readUint(bytes.subspan(start, size));
  }
  uint8_t byte() { return static_cast<uint8_t>(number(1)); }
  uint64_t uleb() {
    unsigned bits = 0;
    return leb(bits);
  }
  int64_t sleb() {
    unsigned bits = 0;
    const uint64_t value = leb(bits);
    return signExtend(value, std::clamp(bits, 1u, 64u));
  }
  /// Skips a text and its NUL.
  void skipText() {
    while (byte() != 0)
      ;
  }
  /// The next `size` bytes; reading goes on behind them.
  Reader part(uint64_t size) {
    Reader result(bytes, at);
    skip(size);
    result.failed = failed;
    if (good())
      result.bytes = bytes.first(at);
    return result;
  }

private:
  uint64_t leb(unsigned &bits) {
    uint64_t value = 0;
    for (;;) {
      const uint8_t next = byte();
      if (bits < 64)
        value |= uint64_t(next & 0x7f) << bits;
      bits += 7;
      if (failed || (next & 0x80) == 0)
        return value;
    }
  }

  ByteView bytes;
  size_t at;
  bool failed = false;
};

} // namespace

/// Runs one table: a header with the names of folders and files, and a program for a machine whose
/// registers are a row.
class LineProgram {
public:
  LineProgram(LineTables &tables, Reader unit, unsigned offsetSize, unsigned addressSize)
      : tables(tables), unit(unit), offsetSize(offsetSize), addressSize(addressSize) {}

  void run() {
    if (!readHeader())
      return;
    row = start();
    while (!unit.atEnd())
      step();
  }

private:
  using Name = LineTables::Name;

  bool readHeader() {
    version = static_cast<unsigned>(unit.number(2));
    if (version < 2 || version > 5)
      return false;
    if (version == 5)
      unit.skip(2); // Sizes of addresses and segment selectors.
    Reader header = unit.part(unit.number(offsetSize));
    minimumLength = header.byte();
    if (version >= 4 && header.byte() != 1) // Operations of an instruction: more on VLIW machines.
      return false;
    header.skip(1); // default_is_stmt
    lineBase = static_cast<int8_t>(header.byte());
    lineRange = header.byte();
    opcodeBase = header.byte();
    if (lineRange == 0 || opcodeBase == 0)
      return false;
    for (unsigned opcode = 1; opcode < opcodeBase; ++opcode)
      argumentCount[opcode] = header.byte();
    firstFile = tables.files.size();
    if (version == 5)
      readNames(header);
    else
      readOldNames(header);
    return header.good() && unit.good();
  }

  Name textHere(Reader &header) const {
    const Name name{&tables.sections.lines, header.offset()};
    header.skipText();
    return name;
  }

  /// Up to version 4: texts, ended by an empty one. Folder 0 is where the compiler ran; there is no
  /// file 0.
  void readOldNames(Reader &header) {
    folders.emplace_back();
    while (const std::optional<Name> name = nextName(header))
      folders.push_back(*name);
    tables.files.emplace_back();
    while (const std::optional<Name> name = nextName(header))
      readOldFile(header, *name);
  }

  std::optional<Name> nextName(Reader &header) const {
    const Name name = textHere(header);
    if (!header.good() || LineTables::text(name).empty())
      return std::nullopt;
    return name;
  }

  void readOldFile(Reader &reader, Name name) {
    const uint64_t folder = reader.uleb();
    reader.uleb(); // Time.
    reader.uleb(); // Size.
    addFile(folder, name);
  }

  /// Version 5: both lists tell their own format.
  void readNames(Reader &header) {
    for (const bool isFile : {false, true}) {
      std::vector<std::pair<uint64_t, uint64_t>> format;
      for (unsigned count = header.byte(); count > 0 && header.good(); --count) {
        const uint64_t content = header.uleb();
        format.emplace_back(content, header.uleb());
      }
      const uint64_t count = header.uleb();
      if (format.empty() && count != 0)
        return header.fail();
      for (uint64_t i = 0; i < count && header.good(); ++i) {
        Name name;
        uint64_t folder = 0;
        for (const auto &[content, form] : format)
          readValue(header, form, content == DW_LNCT_path ? &name : nullptr,
                    content == DW_LNCT_directory_index ? &folder : nullptr);
        if (!header.good())
          return;
        if (isFile)
          addFile(folder, name);
        else
          folders.push_back(folders.empty() ? Name{} : name); // The first: where the compiler ran.
      }
    }
  }

  /// Every form has at least a byte, so damaged counts end with the bytes.
  void readValue(Reader &header, uint64_t form, Name *name, uint64_t *number) const {
    Name text;
    uint64_t value = 0;
    switch (form) {
    case DW_FORM_string:
      text = textHere(header);
      break;
    case DW_FORM_line_strp:
      text = {&tables.sections.lineStrings, header.number(offsetSize)};
      break;
    case DW_FORM_strp:
      text = {&tables.sections.strings, header.number(offsetSize)};
      break;
    case DW_FORM_udata:
      value = header.uleb();
      break;
    case DW_FORM_data1:
      value = header.number(1);
      break;
    case DW_FORM_data2:
      value = header.number(2);
      break;
    case DW_FORM_data4:
      value = header.number(4);
      break;
    case DW_FORM_data8:
      value = header.number(8);
      break;
    case DW_FORM_data16:
      header.skip(16);
      break;
    case DW_FORM_block:
      header.skip(header.uleb());
      break;
    default:
      return header.fail();
    }
    if (name)
      *name = text;
    if (number)
      *number = value;
  }

  void addFile(uint64_t folder, Name name) {
    tables.files.push_back({folder < folders.size() ? folders[folder] : Name{}, name});
  }

  LineTables::Row start() const { return {0, 1, 1}; }

  void advance(uint64_t operations) { row.address += operations * minimumLength; }

  void addRow() {
    if (tables.rows.size() > firstRow && row.address < tables.rows.back().address)
      isSorted = false;
    // The file of the row is a number of this table.
    const uint64_t file = firstFile + row.file;
    tables.rows.push_back({row.address,
                           static_cast<uint32_t>(std::min<uint64_t>(file, tables.files.size())),
                           row.line});
  }

  void endSequence() {
    addRow();
    const uint64_t low = tables.rows[firstRow].address, high = row.address;
    if (isSorted && low < high)
      tables.sequences.push_back({low, high, firstRow, tables.rows.size()});
    firstRow = tables.rows.size();
    isSorted = true;
    row = start();
  }

  void step() {
    const uint8_t opcode = unit.byte();
    if (opcode >= opcodeBase) {
      const unsigned adjusted = opcode - opcodeBase;
      advance(adjusted / lineRange);
      row.line += static_cast<uint32_t>(lineBase + static_cast<int>(adjusted % lineRange));
      return addRow();
    }
    switch (opcode) {
    case 0:
      return extended();
    case DW_LNS_copy:
      return addRow();
    case DW_LNS_advance_pc:
      return advance(unit.uleb());
    case DW_LNS_advance_line:
      row.line += static_cast<uint32_t>(unit.sleb());
      return;
    case DW_LNS_set_file:
      row.file = static_cast<uint32_t>(unit.uleb());
      return;
    case DW_LNS_const_add_pc:
      return advance((255u - opcodeBase) / lineRange);
    case DW_LNS_fixed_advance_pc:
      row.address += unit.number(2);
      return;
    default: // The others, known or not, set what is of no interest here.
      for (unsigned i = argumentCount[opcode]; i > 0; --i)
        unit.uleb();
    }
  }

  void extended() {
    Reader operation = unit.part(unit.uleb());
    switch (operation.byte()) {
    case DW_LNE_end_sequence:
      if (operation.good())
        endSequence();
      break;
    case DW_LNE_set_address:
      row.address = operation.number(addressSize);
      break;
    case DW_LNE_define_file:
      readOldFile(operation, textHere(operation));
      break;
    default:
      break;
    }
  }

  LineTables &tables;
  Reader unit;
  const unsigned offsetSize, addressSize;
  unsigned version = 0, minimumLength = 1, lineRange = 1, opcodeBase = 1;
  int lineBase = 0;
  uint8_t argumentCount[256] = {};
  std::vector<Name> folders;
  size_t firstFile = 0, firstRow = tables.rows.size();
  LineTables::Row row{};
  bool isSorted = true;
};

LineTables::LineTables(Sections taken, unsigned addressSize) : sections(std::move(taken)) {
  Reader reader(sections.lines);
  while (!reader.atEnd()) {
    constexpr uint64_t is64Bit = 0xffffffff;
    uint64_t size = reader.number(4);
    const unsigned offsetSize = size == is64Bit ? 8 : 4;
    if (offsetSize == 8)
      size = reader.number(8);
    Reader unit = reader.part(size);
    if (unit.good())
      LineProgram(*this, unit, offsetSize, addressSize).run();
  }
  std::ranges::sort(sequences, {}, &Sequence::low);
}

std::string_view LineTables::text(const Name &name) {
  if (!name.section || name.offset >= name.section->size())
    return {};
  const auto begin = name.section->begin() + static_cast<std::ptrdiff_t>(name.offset);
  const auto end = std::find(begin, name.section->end(), 0);
  if (end == name.section->end())
    return {};
  return {reinterpret_cast<const char *>(&*begin), static_cast<size_t>(end - begin)};
}

std::string LineTables::at(uint64_t address) const {
  const auto nextSequence = std::ranges::upper_bound(sequences, address, {}, &Sequence::low);
  if (nextSequence == sequences.begin())
    return {};
  const Sequence &sequence = *std::prev(nextSequence);
  if (address >= sequence.high)
    return {};
  const auto begin = rows.begin() + static_cast<std::ptrdiff_t>(sequence.firstRow);
  const auto end = rows.begin() + static_cast<std::ptrdiff_t>(sequence.endRow);
  const Row &row = *std::prev(std::ranges::upper_bound(begin, end, address, {}, &Row::address));
  if (row.line == 0 || row.file >= files.size())
    return {};
  const std::string_view name = text(files[row.file].name);
  if (name.empty())
    return {};
  std::string place(text(files[row.file].folder));
  if (!place.empty() && !name.starts_with("/"))
    place += "/";
  else
    place.clear();
  return place + std::string(name) + ":" + std::to_string(row.line);
}

} // namespace mpylink::elf
