// SPDX-License-Identifier: MIT
#include "support/Diag.h"

#include <algorithm>
#include <charconv>

namespace mpylink {

void Diag::add(Diagnostic diagnostic) {
  if (fatalWarnings)
    diagnostic.severity = Severity::Error;
  errors += diagnostic.severity == Severity::Error;
  list.push_back(std::move(diagnostic));
}

static Diagnostic make(Severity severity, std::string_view id, Location where, std::string text,
                       std::string hint) {
  Diagnostic diagnostic{severity, id, std::move(where), std::move(text), {}};
  if (!hint.empty())
    diagnostic.notes.push_back({"hint", std::move(hint)});
  return diagnostic;
}

void Diag::error(std::string_view id, Location where, std::string text, std::string hint) {
  add(make(Severity::Error, id, std::move(where), std::move(text), std::move(hint)));
}

void Diag::warning(std::string_view id, Location where, std::string text, std::string hint) {
  add(make(Severity::Warning, id, std::move(where), std::move(text), std::move(hint)));
}

void Diag::makeWarningsFatal() {
  fatalWarnings = true;
  for (Diagnostic &diagnostic : list)
    diagnostic.severity = Severity::Error;
  errors = list.size();
}

std::string hex(uint64_t value) {
  char buffer[16];
  const auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, value, 16);
  return "0x" + std::string(buffer, end);
}

std::string toString(const Location &location) {
  std::string text = location.file;
  const std::string offset = location.offset ? "+" + hex(*location.offset) : "";
  if (!location.section.empty())
    text += ":(" + location.section + offset + ")";
  else
    text += offset;
  return text;
}

std::string render(std::string_view tool, const Diagnostic &diagnostic) {
  std::string text(tool);
  text += diagnostic.severity == Severity::Error ? ": error: " : ": warning: ";
  if (const std::string where = toString(diagnostic.where); !where.empty())
    text += where + ": ";
  text += diagnostic.text;
  text += " [";
  text += diagnostic.id;
  text += "]\n";
  for (const Note &note : diagnostic.notes)
    text += ">>> " + note.label + ": " + note.text + "\n";
  return text;
}

static size_t editDistance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j)
    row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t change = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = row[j];
      row[j] = std::min({change, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

std::string_view nearest(std::string_view word, const std::vector<std::string_view> &candidates) {
  std::string_view best;
  size_t bestDistance = word.size() / 5 + 1;
  for (std::string_view candidate : candidates) {
    // Words whose lengths differ by more are at least that far apart.
    if (std::max(word.size(), candidate.size()) - std::min(word.size(), candidate.size()) >
        bestDistance)
      continue;
    const size_t distance = editDistance(word, candidate);
    if (distance <= bestDistance && (best.empty() || distance < bestDistance)) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

} // namespace mpylink
