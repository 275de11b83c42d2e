// SPDX-License-Identifier: MIT
#include "link/Report.h"

#include "mpy/Relocs.h"

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

#include <algorithm>
#include <ranges>

namespace mpylink::link {

namespace {

using mpy::Segment;

constexpr Segment segments[] = {Segment::Text, Segment::Rodata, Segment::Bss};
constexpr const char *kindNames[] = {"code", "constants", "variables", "zero variables",
                                     "GOT",  "stubs",     "padding"};
constexpr size_t shown = 10;

Report::Kind kindOf(Content content) {
  switch (content) {
  case Content::Code:
  case Content::Literal:
    return Report::Code;
  case Content::Data:
    return Report::Variables;
  case Content::Zero:
    return Report::Zeros;
  default:
    return Report::Constants;
  }
}

class Builder {
public:
  Builder(const Contents &contents, const Layout &layout)
      : contents(contents), program(layout.plan.program), layout(layout) {}

  Report run(const Linked &linked) {
    const mpy::Module &module = linked.module;
    const Inputs &inputs = program.inputs();
    report.name = module.qstrs.front();
    report.arch = inputs.target->name;
    report.fileSize = linked.file.size();
    report.gotSlots = layout.slots.size();
    report.relocatedWords = module.code.relocs.size();
    report.relocationBytes =
        mpy::encodeRelocs(mpy::relocForm(module.version, module.code), module.code.relocs).size();
    report.qstrs = linked.whole().qstrs.size();
    report.memory = mpy::loadCost(linked.whole(), *inputs.target);
    for (const Segment segment : segments)
      addSegment(segment);
    std::ranges::stable_sort(report.contributions, std::ranges::greater(), &Contribution::size);
    return std::move(report);
  }

private:
  void addSegment(Segment segment) {
    const auto column = static_cast<size_t>(segment);
    const uint64_t sizes[] = {layout.textSize, layout.rodataSize, layout.bssSize};
    uint64_t used = 0;
    for (const Piece &piece : contents.pieces(segment)) {
      used += piece.size;
      report.rows[kindOf(piece)][column] += piece.size;
      if (piece.size == 0 || (piece.chunk && addSymbols(*piece.chunk, segment)))
        continue;
      report.contributions.push_back({piece.name, objectOf(piece), segment, piece.size});
    }
    report.rows[Report::Padding][column] = sizes[column] - used;
  }

  Report::Kind kindOf(const Piece &piece) const {
    if (piece.chunk)
      return link::kindOf(program.chunks[*piece.chunk].content);
    return piece.address == layout.got && !layout.slots.empty() ? Report::Got : Report::Stubs;
  }

  std::string_view objectOf(const Piece &piece) const {
    return piece.chunk ? std::string_view(objectOf(program.chunks[*piece.chunk])) : "";
  }
  const std::string &objectOf(const Chunk &chunk) const {
    const Resolved &resolved = program.live.resolved;
    return resolved.objects[resolved.objectOf(chunk.section)]->name;
  }

  /// False when no symbol of the chunk has a size. Of several names for one place one counts, the
  /// outermost or the last, which is a global one if there is any.
  bool addSymbols(uint32_t index, Segment segment) {
    const std::string &object = objectOf(program.chunks[index]);
    const size_t before = report.contributions.size();
    uint64_t start = 0, end = 0;
    for (const PlacedSymbol &symbol : contents.symbolsOf(index)) {
      const uint64_t size = symbol.named->symbol->size;
      const bool isInside = report.contributions.size() != before && symbol.address < end;
      if (size == 0 || (isInside && (symbol.address != start || size < end - start)))
        continue;
      if (isInside)
        report.contributions.pop_back();
      start = symbol.address;
      end = start + size;
      report.contributions.push_back({symbol.named->name(), object, segment, size});
    }
    return report.contributions.size() != before;
  }

  const Contents &contents;
  const Program &program;
  const Layout &layout;
  Report report;
};

std::string number(uint64_t value) { return value == 0 ? "" : std::to_string(value); }

std::string describe(const Contribution &entry) {
  return entry.name + (entry.object.empty() || entry.name.starts_with(entry.object)
                           ? ""
                           : ", in " + std::string(entry.object));
}

} // namespace

uint64_t Report::total(Segment segment) const {
  uint64_t sum = 0;
  for (const Row &row : rows)
    sum += row[static_cast<size_t>(segment)];
  return sum;
}

Report makeReport(const Contents &contents, const Layout &layout, const Linked &linked) {
  return Builder(contents, layout).run(linked);
}

std::string toText(const Report &report) {
  std::string text = report.name + ": " + std::string(report.arch) + ", " +
                     std::to_string(report.fileSize) + " bytes\n\n";
  const auto row = [&](const char *name, const std::string &a, const std::string &b,
                       const std::string &c) {
    const std::string line = llvm::formatv("{0,-16} {1,8} {2,8} {3,8}", name, a, b, c).str();
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  };
  row("bytes", "text", "rodata", "bss");
  for (size_t kind = 0; kind < Report::KindCount; ++kind)
    if (report.rows[kind] != Report::Row{})
      row(kindNames[kind], number(report.rows[kind][0]), number(report.rows[kind][1]),
          number(report.rows[kind][2]));
  row("all", std::to_string(report.total(Segment::Text)),
      std::to_string(report.total(Segment::Rodata)), std::to_string(report.total(Segment::Bss)));
  const mpy::LoadCost &memory = report.memory;
  text +=
      llvm::formatv("\nGOT slots {0}, qstrs {1}, words relocated at load time {2} ({3} bytes "
                    "in the file)\n",
                    report.gotSlots, report.qstrs, report.relocatedWords, report.relocationBytes);
  text += llvm::formatv("RAM {0}: heap {1} (code {2}, variables {3}, tables {4}, records {5}), "
                        "executable memory {6}\n",
                        memory.total(), memory.heap(), memory.code, memory.data, memory.tables,
                        memory.records, memory.executable);
  if (memory.passing != 0)
    text += llvm::formatv("heap for the time of the import only: {0}\n", memory.passing);
  text += "\nlargest symbols\n";
  for (const Contribution &entry : report.contributions | std::views::take(shown))
    text += llvm::formatv("{0,8} {1,-6} {2}\n", entry.size, nameOf(entry.segment), describe(entry));
  return text;
}

std::string toJson(const Report &report) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  llvm::json::OStream json(stream, /*IndentSize=*/2);
  constexpr const char *keys[] = {"code", "constants", "variables", "zero_variables",
                                  "got",  "stubs",     "padding"};
  const auto put = [&](llvm::StringRef key, uint64_t value) { json.attribute(key, value); };
  const auto utf8 = [](std::string_view name) { return llvm::json::fixUTF8(name); };
  json.object([&] {
    json.attribute("module", utf8(report.name));
    json.attribute("arch", utf8(report.arch));
    put("file", report.fileSize);
    for (const Segment segment : segments)
      json.attributeObject(llvm::StringRef(nameOf(segment)), [&] {
        put("all", report.total(segment));
        for (size_t kind = 0; kind < Report::KindCount; ++kind)
          put(keys[kind], report.rows[kind][static_cast<size_t>(segment)]);
      });
    put("got_slots", report.gotSlots);
    put("qstrs", report.qstrs);
    put("relocated_words", report.relocatedWords);
    put("relocation_bytes", report.relocationBytes);
    json.attributeObject("ram", [&] {
      put("all", report.memory.total());
      put("heap", report.memory.heap());
      put("heap_code", report.memory.code);
      put("heap_variables", report.memory.data);
      put("heap_tables", report.memory.tables);
      put("heap_records", report.memory.records);
      put("executable", report.memory.executable);
      put("heap_during_import", report.memory.passing);
    });
    json.attributeArray("largest", [&] {
      for (const Contribution &entry : report.contributions | std::views::take(shown))
        json.object([&] {
          json.attribute("name", utf8(entry.name));
          json.attribute("object", utf8(entry.object));
          json.attribute("segment", utf8(nameOf(entry.segment)));
          put("size", entry.size);
        });
    });
  });
  stream << "\n";
  return text;
}

void checkBudgets(const Report &report, const Options &options, Diag &diag) {
  const auto check = [&](uint64_t size, std::optional<uint64_t> limit, const std::string &what,
                         const char *option, bool textOnly) {
    if (!limit || size <= *limit)
      return;
    constexpr size_t named = 5;
    std::vector<Note> notes;
    for (const Contribution &entry : report.contributions)
      if (notes.size() < named && (!textOnly || entry.segment == Segment::Text))
        notes.push_back({"largest", std::to_string(entry.size) + " bytes: " + describe(entry)});
    notes.push_back({"hint", "-report shows all sizes, -why-live SYMBOL what needs a symbol"});
    diag.add({Severity::Error,
              "over-budget",
              {},
              what + ", " + std::to_string(size - *limit) + " more than " + option + " " +
                  std::to_string(*limit) + " allows",
              std::move(notes)});
  };
  const uint64_t text = report.total(Segment::Text);
  check(text, options.maxText, "the module's text has " + std::to_string(text) + " bytes",
        "-max-text", true);
  check(report.memory.total(), options.maxRam,
        "the module takes " + std::to_string(report.memory.total()) + " bytes of RAM (heap " +
            std::to_string(report.memory.heap()) + ", executable memory " +
            std::to_string(report.memory.executable) + ")",
        "-max-ram", false);
}

} // namespace mpylink::link
