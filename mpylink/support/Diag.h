// SPDX-License-Identifier: MIT
// Problems as data: passes add Diagnostics to a Diag sink and go on; only Diag.cpp knows how they
// look as text, and only the tools print them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mpylink {

enum class Severity : uint8_t { Warning, Error };

/// Where a problem is. Every part but `file` may be missing.
struct Location {
  std::string file;               ///< As given by the user; archive members as "lib.a(member.o)".
  std::string section;            ///< ELF section name.
  std::optional<uint64_t> offset; ///< In `section`, or in the file when there is no section.
};

/// A further line below a diagnostic: ">>> label: text".
struct Note {
  std::string label;
  std::string text;
};

struct Diagnostic {
  Severity severity = Severity::Error;
  std::string_view id; ///< Stable word, explained in docs/diagnostics.md.
  Location where;
  std::string text;
  std::vector<Note> notes;
};

/// Collects the problems of one run.
class Diag {
public:
  void add(Diagnostic diagnostic);
  /// Shorthands for diagnostics without notes.
  void error(std::string_view id, Location where, std::string text, std::string hint = {});
  void warning(std::string_view id, Location where, std::string text, std::string hint = {});

  bool hasErrors() const { return errors != 0; }
  size_t errorCount() const { return errors; }
  const std::vector<Diagnostic> &all() const { return list; }
  /// Makes every warning, already added or to come, an error.
  void makeWarningsFatal();

private:
  std::vector<Diagnostic> list;
  size_t errors = 0;
  bool fatalWarnings = false;
};

/// "file:(section+0x1c)", "file+0x1c" or "file".
std::string toString(const Location &location);

/// "tool: error: location: text [id]" and one ">>> " line a note, each ended by a newline.
std::string render(std::string_view tool, const Diagnostic &diagnostic);

/// Lower-case hexadecimal with "0x".
std::string hex(uint64_t value);

/// The candidate nearest to `word` by edit distance, or empty when none is near.
std::string_view nearest(std::string_view word, const std::vector<std::string_view> &candidates);

} // namespace mpylink
