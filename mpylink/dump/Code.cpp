// SPDX-License-Identifier: MIT
#include "dump/Code.h"

#include "abi/Abi.h"
#include "dump/Names.h"
#include "mpy/Bytecode.h"
#include "mpy/Prelude.h"
#include "support/Diag.h"

#include "llvm/Config/llvm-config.h"

namespace mpylink::dump {

using mpy::RawCode;

namespace {

/// Follows the line numbers of a prelude along with the instructions.
class SourceLines {
public:
  explicit SourceLines(std::vector<mpy::LineStep> steps) : steps(std::move(steps)) {}

  /// The line of the instruction at `offset` if it differs from that of the one before.
  std::optional<uint32_t> at(size_t offset) {
    for (; next < steps.size() && offset >= covered + steps[next].bytes; ++next) {
      covered += steps[next].bytes;
      line += steps[next].lines;
    }
    if (line == told)
      return std::nullopt;
    told = line;
    return line;
  }

private:
  std::vector<mpy::LineStep> steps;
  size_t next = 0;
  size_t covered = 0;
  uint32_t line = 1;
  uint32_t told = 0;
};

void setOperand(const mpy::Module &module, const RawCode &raw, const std::string &place,
                const mpy::Instruction &instruction, CodeLine &line) {
  const abi::Opcode &opcode = *instruction.opcode;
  const auto value = static_cast<uint64_t>(instruction.operand);
  const std::string number = std::to_string(instruction.operand);
  // Version 5 numbers the names of arguments, the objects and the children in one row.
  const bool old = module.version == 5;
  const std::vector<mpy::Object> &objects = old ? raw.objects : module.objects;
  const uint64_t firstObject = old ? raw.argNames.size() : 0;
  const uint64_t firstChild = old ? firstObject + objects.size() : 0;
  line.operand = number;
  switch (mpy::BytecodeForm::of(module).operandOf(opcode)) {
  case abi::Operand::None:
    if (!opcode.hasValue)
      line.operand.clear();
    else if (!opcode.oper.empty())
      line.operand = opcode.oper;
    break;
  case abi::Operand::Qstr:
    line.operand = qstrText(module, value);
    break;
  case abi::Operand::Object:
    if (value >= firstObject && value - firstObject < objects.size())
      line.comment = objectText(objects[value - firstObject]);
    break;
  case abi::Operand::Child: {
    const uint64_t child = value - firstChild;
    if (value < firstChild || child >= raw.children.size())
      break;
    const auto facts = functionFacts(module, raw.children[child]);
    line.comment = place + (place.find(' ') == place.rfind(' ') ? " " : ".") +
                   std::to_string(child) + (facts ? ", " + facts->name : "");
    break;
  }
  case abi::Operand::Jump:
  case abi::Operand::Forward:
    line.operand = instruction.operand < 0 ? "before the code" : hexDigits(value, 6);
    break;
  case abi::Operand::Uint:
  case abi::Operand::Int:
  case abi::Operand::Local:
    break;
  }
  if (opcode.hasExtraByte)
    line.operand += ", " + std::to_string(instruction.extra);
}

std::string hexBytes(ByteView bytes) {
  std::string text;
  for (const uint8_t byte : bytes)
    text += (text.empty() ? "" : " ") + hexDigits(byte, 2);
  return text;
}

} // namespace

std::vector<CodeLine> bytecodeLines(const mpy::Module &module, const RawCode &raw,
                                    const std::string &place) {
  std::vector<CodeLine> lines;
  const Result<mpy::Prelude> prelude = mpy::readPrelude(raw.code, 0, module.version);
  if (!prelude) {
    lines.push_back({0, raw.code.size(), {}, {}, "bad prelude", {}, prelude.failure().text});
    return lines;
  }
  lines.push_back({0, prelude->codeStart, {}, {}, "prelude", {}, {}});
  Result<std::vector<mpy::LineStep>> steps = mpy::readLines(raw.code, *prelude, module.version);
  SourceLines source(steps ? std::move(*steps) : std::vector<mpy::LineStep>());
  const mpy::BytecodeForm form = mpy::BytecodeForm::of(module);
  for (size_t offset = prelude->codeStart; offset < raw.code.size();) {
    const Result<mpy::Instruction> instruction = mpy::readInstruction(raw.code, offset, form);
    if (!instruction) {
      lines.push_back(
          {offset, raw.code.size() - offset, {}, {}, "bad", {}, instruction.failure().text});
      break;
    }
    CodeLine line;
    line.offset = offset;
    line.size = instruction->size;
    line.sourceLine = source.at(offset - prelude->codeStart);
    line.name = instruction->opcode->name;
    setOperand(module, raw, place, *instruction, line);
    lines.push_back(std::move(line));
    offset += instruction->size;
  }
  return lines;
}

std::vector<CodeLine> codeLines(const File &file, const RawCode &raw, const std::string &place) {
  return raw.kind == mpy::CodeKind::Bytecode ? bytecodeLines(file.module, raw, place)
                                             : nativeLines(file, raw, &raw == &file.module.code);
}

void showCode(const File &file, Page &page) {
  forEachRawCode(file.module, [&](const RawCode &raw, const std::string &place, size_t) {
    const bool isBytecode = raw.kind == mpy::CodeKind::Bytecode;
    const auto facts = functionFacts(file.module, raw);
    page.heading((isBytecode ? "Bytecode of " : "Machine code of ") + place +
                 (facts ? ", " + facts->name : ""));
    if (!isBytecode && !file.machine)
      page.line("  mpydump was built with an LLVM that has no disassembler for " +
                std::string(abi::findArch(file.module.arch)->name) + ": these are bytes.");
    size_t unknown = 0;
    for (const CodeLine &line : codeLines(file, raw, place)) {
      unknown += line.name == unknownName;
      if (!line.label.empty())
        page.line(page.name(line.label) + ":");
      const ByteView bytes = ByteView(raw.code).subspan(line.offset, line.size);
      constexpr size_t inLine = 8;
      const std::string source =
          line.sourceLine ? "line " + std::to_string(*line.sourceLine) : std::string();
      std::string text = "  " + hexDigits(line.offset, 6) + "  " +
                         padded(hexBytes(bytes.first(std::min(inLine, bytes.size()))), 25) +
                         (isBytecode ? padded(source, 10) : "") + line.name;
      if (!line.operand.empty())
        text = padded(text, isBytecode ? 0 : 43) + " " + line.operand;
      if (!line.comment.empty())
        text = padded(text, 70) + "  " + page.comment("; " + line.comment);
      page.line(text);
      for (size_t at = inLine; at < bytes.size(); at += inLine)
        page.line("  " + hexDigits(line.offset + at, 6) + "  " +
                  hexBytes(bytes.subspan(at, std::min(inLine, bytes.size() - at))));
    }
    if (unknown != 0 && file.machine)
      page.line("  " + counted(unknown, "place") +
                " hold constants, or instructions that the disassembler of LLVM " +
                std::to_string(LLVM_VERSION_MAJOR) + " does not know.");
  });
}

} // namespace mpylink::dump
