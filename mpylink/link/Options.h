// SPDX-License-Identifier: MIT
// What a link is asked to do. Filled by a tool; no pass sees a command line.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

namespace mpylink::link {

/// NAME = OTHER + ADDEND, or NAME = ADDEND.
struct Defsym {
  std::string name, other;
  int64_t addend = 0;
};

enum class ReportForm : uint8_t { None, Text, Json };

struct Options {
  std::vector<std::string> files;        ///< Objects and archives, in the order given.
  std::vector<std::string> libraries;    ///< -l: a path, NAME for libNAME.a, or :FILE.
  std::vector<std::string> libraryPaths; ///< -L
  std::vector<std::string> externs;      ///< Files of symbols at fixed addresses.
  /// Of the files and libraries above: archives of which every member is an input.
  std::unordered_set<std::string> wholeArchives;
  std::vector<std::string> undefined; ///< Symbols to keep, if anything defines them.
  std::vector<std::string> required;  ///< Symbols to keep that something must define.
  std::vector<std::string> wraps;     ///< Symbols whose users are to use __wrap_NAME instead.
  std::vector<Defsym> defsyms;        ///< Win over what objects define.
  std::string qstrs;                  ///< Header that numbers the qstrs; may be empty.
  std::string arch;                   ///< Name, or empty: derived from the objects.
  std::string archFlags;              ///< A number or names with commas; empty: none.
  std::string entry = "mpy_init";
  std::string sourceName;        ///< First qstr of the file.
  std::string mergedName;        ///< For tracebacks of merged modules; empty: that of an input.
  bool merge = false;            ///< There need be no objects.
  bool gcSections = true;        ///< Leave out sections that nothing needs.
  bool constantsInBlock = false; ///< Keep constants with the variables where the code allows it.
  std::optional<uint64_t> maxText, maxRam; ///< Bytes that the module may have and take.
  bool map = false;                        ///< Fill Linked::map.
  // What to tell besides, see link().
  ReportForm report = ReportForm::None;
  bool printGcSections = false;
  std::vector<std::string> traceSymbols, whyLive;
};

} // namespace mpylink::link
