// SPDX-License-Identifier: MIT
// DWARF's line tables (https://dwarfstd.org, version 2 to 5, section 6.2): address -> source line.
// They are read for messages only, so what is damaged is left out without a word. llvm's reader is
// not used because damaged tables crash it.
#pragma once

#include "support/Bytes.h"

#include <string>
#include <string_view>

namespace mpylink::elf {

class LineTables {
public:
  /// The contents of the sections .debug_line, .debug_line_str and .debug_str, relocated.
  struct Sections {
    Bytes lines, lineStrings, strings;
  };
  LineTables(Sections sections, unsigned addressSize);
  LineTables(const LineTables &) = delete;
  LineTables &operator=(const LineTables &) = delete;

  /// "source.c:41", or empty.
  std::string at(uint64_t address) const;

private:
  friend class LineProgram;
  struct Row {
    uint64_t address;
    uint32_t file; ///< Index into `files`.
    uint32_t line;
  };
  /// Rows with ascending addresses; the last one is behind the end.
  struct Sequence {
    uint64_t low, high;
    size_t firstRow, endRow;
  };
  /// Names are looked up when a line is asked for.
  struct Name {
    const Bytes *section = nullptr;
    uint64_t offset = 0;
  };
  struct File {
    Name folder, name;
  };
  static std::string_view text(const Name &name);

  Sections sections;
  std::vector<Row> rows;
  std::vector<Sequence> sequences; ///< Sorted by `low`.
  std::vector<File> files;
};

} // namespace mpylink::elf
