// SPDX-License-Identifier: MIT
#include "dump/Hex.h"

#include "abi/Abi.h"
#include "dump/Code.h"
#include "dump/Names.h"

#include <algorithm>

namespace mpylink::dump {

using mpy::Field;
using mpy::FieldKind;
using mpy::RawCode;

namespace {

constexpr size_t bytesInLine = 8;

class HexView {
public:
  HexView(const File &file, Page &page) : file(file), page(page) {
    forEachRawCode(file.module, [&](const RawCode &raw, const std::string &place, size_t) {
      // Bytecode of version 5 is no field of its own: the trace has its instructions.
      if (file.module.version != 5 || raw.kind != mpy::CodeKind::Bytecode)
        codes.emplace_back(&raw, place);
    });
  }

  void show() {
    page.heading(file.name);
    for (const Field &field : file.trace)
      if (field.kind == FieldKind::Group)
        page.line(padded("", 34 + 2 * field.depth) + page.name(field.name));
      else if (field.name == "code" && nextCode < codes.size())
        showCodeField(field);
      else
        showBytes(field.offset, field.size, field.depth, text(field));
  }

private:
  void showBytes(size_t offset, size_t size, unsigned depth, const std::string &text) {
    for (size_t at = 0; at < size; at += bytesInLine) {
      std::string line = "  " + hexDigits(offset + at, 6) + " ";
      for (size_t i = at; i < std::min(size, at + bytesInLine); ++i)
        line += " " + hexDigits(file.bytes[offset + i], 2);
      if (at == 0)
        line = padded(line, 34 + 2 * depth) + text;
      page.line(line);
    }
  }

  std::string text(const Field &field) const {
    if (field.name == "opcode")
      return std::string(abi::opcode(static_cast<uint8_t>(field.value)).name);
    if (field.kind == FieldKind::Number)
      return field.name + ": " + page.comment(std::to_string(field.value));
    const bool isText = field.name == "qstr" || field.name == "object" || field.name == "name" ||
                        field.name == "source file" || field.name == "name of an argument" ||
                        field.name == "operand";
    if (!isText)
      return field.name;
    const auto *start = reinterpret_cast<const char *>(file.bytes.data() + field.offset);
    return field.name + ": " + page.comment(quoted({start, field.size}));
  }

  void showCodeField(const Field &field) {
    const auto &[raw, place] = codes[nextCode++];
    for (const CodeLine &line : codeLines(file, *raw, place)) {
      std::string text = line.name;
      if (!line.operand.empty())
        text += " " + line.operand;
      if (!line.comment.empty())
        text = padded(text, 30) + " " + page.comment("; " + line.comment);
      showBytes(field.offset + line.offset, line.size, field.depth, text);
    }
  }

  const File &file;
  Page &page;
  std::vector<std::pair<const RawCode *, std::string>> codes;
  size_t nextCode = 0;
};

} // namespace

void showHex(const File &file, Page &page) { HexView(file, page).show(); }

} // namespace mpylink::dump
