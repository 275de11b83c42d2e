// SPDX-License-Identifier: MIT
#include "dump/Overview.h"

#include "abi/Abi.h"
#include "dump/Names.h"
#include "loader/Compatibility.h"
#include "mpy/Fields.h"
#include "mpy/LoadCost.h"
#include "support/Diag.h"

namespace mpylink::dump {

using mpy::CodeKind;
using mpy::RawCode;

namespace {

void row(Page &page, std::string_view name, const std::string &value) {
  page.line("  " + padded(name, 14) + value);
}

void showHeader(const File &file, Page &page) {
  const mpy::Module &module = file.module;
  const abi::ArchInfo *arch = abi::findArch(module.arch);
  page.heading(file.name + ": " + counted(file.bytes.size(), "byte"));
  row(page, "version",
      std::to_string(module.version) +
          (module.version == 6 ? "." + std::to_string(module.subVersion) : ""));
  row(page, "loads on", "MicroPython " + loader::releasesThatLoad(module));
  row(page, "architecture",
      std::string(arch->name) +
          (arch->firmware.empty() ? "" : " (" + std::string(arch->firmware) + ")"));
  if (module.hasArchFlags) {
    std::string names;
    for (size_t bit = 0; bit < arch->flags.size(); ++bit)
      if (module.archFlags >> bit & 1)
        names += " " + std::string(arch->flags[bit]);
    row(page, "arch flags", hex(module.archFlags) + names);
  }
  if (module.version == 5) {
    row(page, "flags",
        std::string(module.features & mpy::featureUnicode ? "unicode" : "no unicode") +
            (module.features & mpy::featureMapCache ? ", cache bytes" : ""));
    row(page, "qstr window", std::to_string(module.qstrWindow));
  }
  row(page, "small ints", std::to_string(module.smallIntBits) + " bits");
}

void showObjects(const std::vector<mpy::Object> &objects, const std::string &indent, Page &page) {
  for (size_t i = 0; i < objects.size(); ++i)
    page.line(indent + rightAligned(std::to_string(i), 4) + "  " +
              padded(objectKindName(objects[i].kind), 10) + page.comment(objectText(objects[i])));
}

void showTables(const mpy::Module &module, Page &page) {
  page.heading("Qstrs: " + std::to_string(module.qstrs.size()));
  for (size_t i = 0; i < module.qstrs.size(); ++i)
    page.line("  " + rightAligned(std::to_string(i), 4) + "  " +
              page.comment(quoted(module.qstrs[i])));
  if (module.version == 5)
    return;
  page.heading("Objects: " + std::to_string(module.objects.size()));
  showObjects(module.objects, "  ", page);
}

std::string functionText(const FunctionFacts &facts) {
  std::string text = "(";
  for (size_t i = 0; i < facts.arguments.size(); ++i) {
    if (i == facts.positional)
      text += i ? ", *, " : "*, ";
    else if (i)
      text += ", ";
    text += facts.arguments[i];
    // The last positional arguments are those with a default.
    if (i < facts.positional && i + facts.defaults >= facts.positional)
      text += "=...";
  }
  return text + ")";
}

/// "3 to text, 2 to mp_fun_table".
std::string relocSummary(const mpy::Module &module, const RawCode &raw) {
  std::map<mpy::Dest, size_t> counts;
  for (const mpy::Reloc &reloc : raw.relocs)
    ++counts[reloc.dest];
  std::string text;
  for (const auto &[dest, count] : counts) {
    const std::string name = dest == mpy::Dest::FunEntry
                                 ? "entries of mp_fun_table"
                                 : destName(module, {mpy::Segment::Text, 0, dest, 0});
    text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + name;
  }
  return text;
}

void showRawCode(const mpy::Module &module, const RawCode &raw, const std::string &place,
                 size_t depth, Page &page) {
  const std::string indent(2 + 2 * depth, ' ');
  const std::optional<FunctionFacts> facts = functionFacts(module, raw);
  page.line(indent + place + ": " + std::string(kindName(raw.kind)) +
            (facts ? " " + page.name(facts->name) + functionText(*facts) : "") + ", " +
            counted(raw.code.size(), "byte"));
  const auto detail = [&](const std::string &text) { page.line(indent + "    " + text); };
  if (facts) {
    std::string text = counted(facts->states, "state word") + ", " +
                       counted(facts->exceptions, "exception level") + ", " +
                       counted(facts->cells, "cell");
    for (const std::string &flag : facts->flags)
      text += ", " + flag;
    detail(text + (facts->sourceFile.empty() ? "" : ", from " + facts->sourceFile));
  } else if (raw.kind == CodeKind::NativeAsm) {
    detail(counted(raw.positionalArgs, "argument") + ", type signature " + hex(raw.typeSignature));
  }
  const mpy::Fields fields = mpy::fieldsOf(raw.kind, raw.scopeFlags);
  if (fields.rodata || fields.bss)
    detail("rodata " + std::to_string(raw.rodata.size()) + ", bss " + std::to_string(raw.bssSize));
  if (!raw.relocs.empty())
    detail(counted(raw.relocs.size(), "relocated word") + ": " + relocSummary(module, raw));
  for (const mpy::QstrLink &link : raw.qstrLinks)
    detail("qstr link at " + hex(link.offset) + ": " + qstrText(module, link.qstr));
  showObjects(raw.objects, indent + "  ", page);
}

void showMemory(const mpy::Module &module, Page &page) {
  const std::vector<const abi::ArchInfo *> archs = costArchs(module);
  for (const abi::ArchInfo *arch : archs) {
    const mpy::LoadCost cost = mpy::loadCost(module, *arch);
    page.heading(
        "Memory once loaded" +
        (archs.size() > 1 ? ", words of " + std::to_string(arch->wordSize) + " bytes" : "") + ": " +
        counted(cost.total(), "byte") + ", and names and objects");
    row(page, "code",
        std::to_string(cost.code) + " on the heap, " + std::to_string(cost.executable) +
            " elsewhere");
    row(page, "data", std::to_string(cost.data));
    row(page, "tables", std::to_string(cost.tables));
    row(page, "records", std::to_string(cost.records));
    if (cost.passing != 0)
      row(page, "while loading", std::to_string(cost.passing));
  }
}

} // namespace

void showOverview(const File &file, Page &page) {
  showHeader(file, page);
  showTables(file.module, page);
  page.heading("Raw code");
  forEachRawCode(file.module, [&](const RawCode &raw, const std::string &place, size_t depth) {
    showRawCode(file.module, raw, place, depth, page);
  });
  showMemory(file.module, page);
}

void showRelocs(const File &file, Page &page) {
  const mpy::Module &module = file.module;
  const unsigned word = wordSize(module);
  forEachRawCode(module, [&](const RawCode &raw, const std::string &place, size_t) {
    if (raw.relocs.empty() && raw.qstrLinks.empty())
      return;
    page.heading("Relocations of " + place);
    for (const mpy::QstrLink &link : raw.qstrLinks)
      page.line("  " + padded("text", 8) + hexDigits(link.offset, 6) + "  " +
                page.comment("number of qstr " + qstrText(module, link.qstr)));
    for (const mpy::Reloc &reloc : raw.relocs) {
      const ByteView block = reloc.place == mpy::Segment::Rodata ? raw.rodata : raw.code;
      const size_t offset = size_t{reloc.word} * word;
      const uint64_t addend = readUint(block.subspan(offset, word));
      page.line("  " + padded(segmentName(reloc.place), 8) + hexDigits(offset, 6) + "  " +
                hexDigits(addend, 2 * word) + "  " +
                page.comment(relocatedText(module, reloc, addend)));
    }
  });
}

} // namespace mpylink::dump
