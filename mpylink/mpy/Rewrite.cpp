// SPDX-License-Identifier: MIT
#include "mpy/Rewrite.h"

#include "mpy/Bytecode.h"
#include "mpy/Prelude.h"
#include "mpy/VarUint.h"

#include <algorithm>

namespace mpylink::mpy {

namespace {

/// A place where the line number grows; `offset` counts from the first instruction.
struct LineChange {
  size_t offset;
  uint32_t lines;
};

/// Steps without lines are only there because one step is limited.
std::vector<LineChange> changesOf(const std::vector<LineStep> &steps) {
  std::vector<LineChange> changes;
  size_t offset = 0;
  for (const LineStep &step : steps) {
    offset += step.bytes;
    if (step.lines != 0)
      changes.push_back({offset, step.lines});
  }
  return changes;
}

/// A byte 0LLBBBBB, or two bytes 1LLLBBBB LLLLLLLL: B bytes of instructions belong to the line,
/// then L lines are added.
void appendLines(Bytes &out, const std::vector<LineChange> &changes) {
  constexpr size_t maxBytes = 31, maxBytesLong = 15;
  constexpr uint32_t maxLines = 3, maxLinesLong = 2047;
  size_t at = 0;
  for (const LineChange &change : changes) {
    size_t bytes = change.offset - at;
    uint32_t lines = change.lines;
    at = change.offset;
    for (; bytes > maxBytes; bytes -= maxBytes)
      out.push_back(maxBytes);
    if (lines > maxLines && bytes > maxBytesLong) {
      out.push_back(static_cast<uint8_t>(bytes));
      bytes = 0;
    }
    for (; lines > maxLines; bytes = 0) {
      const uint32_t step = std::min(lines, maxLinesLong);
      out.push_back(static_cast<uint8_t>(0x80 | bytes | (step >> 4 & 0x70)));
      out.push_back(static_cast<uint8_t>(step));
      lines -= step;
    }
    if (lines != 0)
      out.push_back(static_cast<uint8_t>(lines << 5 | bytes));
  }
}

/// The two sizes of a prelude, bit by bit in one number.
void appendSizes(Bytes &out, uint32_t infoSize, uint32_t cells) {
  for (;;) {
    const auto group = static_cast<uint8_t>((infoSize & 63) << 1 | (cells & 1));
    infoSize >>= 6;
    cells >>= 1;
    if (infoSize == 0 && cells == 0) {
      out.push_back(group);
      return;
    }
    out.push_back(group | 0x80);
  }
}

bool isJump(abi::Operand operand) {
  return operand == abi::Operand::Jump || operand == abi::Operand::Forward;
}

/// Bytecode of version 6.
class Rewriter {
public:
  Rewriter(ByteView code, const Numbering &numbering) : code(code), numbering(numbering) {}

  Result<Bytes> run() {
    const Result<Prelude> read = readPrelude(code, 0, form.version);
    if (!read)
      return read.failure();
    prelude = &*read;
    for (uint32_t i = 0; i <= prelude->argNames.size(); ++i)
      if ((i == 0 ? prelude->simpleName : prelude->argNames[i - 1]) >= numbering.qstrs.size())
        return Failure{prelude->infoStart, "a name of a function is not in the table"};
    const Result<std::vector<LineStep>> steps = readLines(code, *prelude, form.version);
    if (!steps)
      return steps.failure();
    if (std::optional<Failure> failure = readInstructions())
      return *failure;
    if (std::optional<Failure> failure = place())
      return *failure;

    Bytes info;
    appendVarUint(info, numbering.qstrs[prelude->simpleName]);
    for (const uint32_t name : prelude->argNames)
      appendVarUint(info, numbering.qstrs[name]);
    std::vector<LineChange> changes = changesOf(*steps);
    for (LineChange &change : changes)
      change.offset = moved(prelude->codeStart + change.offset);
    appendLines(info, changes);

    const ByteView signature = code.first(prelude->sizesStart);
    Bytes out(signature.begin(), signature.end());
    appendSizes(out, static_cast<uint32_t>(info.size()), prelude->cells);
    out.insert(out.end(), info.begin(), info.end());
    const ByteView cells = code.subspan(prelude->cellsStart, prelude->cells);
    out.insert(out.end(), cells.begin(), cells.end());
    for (const Item &item : items)
      append(out, item);
    return out;
  }

private:
  struct Item {
    Instruction old;
    Bytes operand;       ///< Of what is no jump.
    size_t offset = 0;   ///< From the first instruction.
    bool isLong = false; ///< A jump of two bytes.
    bool jumps = false;
    size_t size() const { return 1 + (jumps ? (isLong ? 2 : 1) : operand.size()) + trailing; }
    size_t trailing = 0; ///< Bytes behind the operand.
  };

  std::optional<Failure> readInstructions() {
    for (size_t at = prelude->codeStart; at < code.size();) {
      const Result<Instruction> read = readInstruction(code, at, form);
      if (!read)
        return read.failure();
      Item item;
      item.old = *read;
      item.trailing = form.trailingBytes(*read->opcode);
      const abi::Operand operand = form.operandOf(*read->opcode);
      item.jumps = isJump(operand);
      const auto number = static_cast<uint64_t>(read->operand);
      if (operand == abi::Operand::Qstr || operand == abi::Operand::Object) {
        const auto &numbers = operand == abi::Operand::Qstr ? numbering.qstrs : numbering.objects;
        if (number >= numbers.size())
          return Failure{at, "an instruction names an entry of a table that has fewer"};
        appendVarUint(item.operand, numbers[number]);
      } else if (!item.jumps) {
        const ByteView same = code.subspan(at + 1, read->size - 1 - item.trailing);
        item.operand.assign(same.begin(), same.end());
      }
      items.push_back(std::move(item));
      at += read->size;
    }
    return std::nullopt;
  }

  std::vector<Item>::const_iterator find(size_t oldOffset) const {
    return std::ranges::lower_bound(items, oldOffset, {},
                                    [](const Item &item) { return item.old.offset; });
  }

  /// The new place of an offset of the code. What is inside an instruction moves behind it, as
  /// nothing asks for the line of less than an instruction.
  size_t moved(size_t oldOffset) const {
    const auto item = find(oldOffset);
    return item == items.end() ? end : item->offset;
  }

  /// How far a jump goes from behind its operand.
  int64_t distance(const Item &item) const {
    return static_cast<int64_t>(moved(static_cast<size_t>(item.old.operand))) -
           static_cast<int64_t>(item.offset + item.size() - item.trailing);
  }

  static bool fits(int64_t distance, abi::Operand operand, unsigned bits) {
    return operand == abi::Operand::Jump ? fitsSigned(distance, bits)
                                         : fitsUnsigned(distance, bits);
  }

  /// Jumps are short until they do not reach; each one that becomes long may make others long.
  std::optional<Failure> place() {
    for (const Item &item : items)
      if (item.jumps) {
        const auto target = static_cast<size_t>(item.old.operand);
        const auto found = find(target);
        if (target != (found == items.end() ? code.size() : found->old.offset))
          return Failure{item.old.offset, "a jump goes to a place between instructions"};
      }
    for (bool changed = true; changed;) {
      changed = false;
      end = 0;
      for (Item &item : items) {
        item.offset = end;
        end += item.size();
      }
      for (Item &item : items)
        if (item.jumps && !item.isLong) {
          item.isLong = !fits(distance(item), form.operandOf(*item.old.opcode), 7);
          changed |= item.isLong;
        }
    }
    for (const Item &item : items)
      if (item.jumps && !fits(distance(item), form.operandOf(*item.old.opcode), 15))
        return Failure{item.old.offset, "a jump no longer reaches its target: the function is too "
                                        "long with larger numbers of names"};
    return std::nullopt;
  }

  void append(Bytes &out, const Item &item) const {
    out.push_back(code[item.old.offset]);
    if (item.jumps) {
      const bool isSigned = form.operandOf(*item.old.opcode) == abi::Operand::Jump;
      const int64_t value = distance(item) + (isSigned ? (item.isLong ? 0x4000 : 0x40) : 0);
      if (item.isLong) {
        out.push_back(static_cast<uint8_t>(0x80 | (value & 0x7f)));
        out.push_back(static_cast<uint8_t>(value >> 7));
      } else {
        out.push_back(static_cast<uint8_t>(value));
      }
    }
    out.insert(out.end(), item.operand.begin(), item.operand.end());
    const ByteView rest =
        code.subspan(item.old.offset + item.old.size - item.trailing, item.trailing);
    out.insert(out.end(), rest.begin(), rest.end());
  }

  static constexpr BytecodeForm form{6, false};
  ByteView code;
  const Numbering &numbering;
  const Prelude *prelude = nullptr;
  std::vector<Item> items; ///< By offset.
  size_t end = 0;          ///< Of the instructions.
};

/// In version 5 each number has two bytes, so nothing moves.
std::optional<Failure> renumberBytecode5(Bytes &code, BytecodeForm form,
                                         const Numbering &numbering) {
  const Result<Prelude> prelude = readPrelude(code, 0, form.version);
  if (!prelude)
    return prelude.failure();
  const auto put = [&](size_t at) {
    const ByteSpan place = ByteSpan(code).subspan(at, 2);
    writeLe<uint16_t>(place, static_cast<uint16_t>(numbering.qstrs[readLe<uint16_t>(place)]));
  };
  put(prelude->infoStart);
  put(prelude->infoStart + 2);
  for (size_t at = prelude->codeStart; at < code.size();) {
    const Result<Instruction> instruction = readInstruction(code, at, form);
    if (!instruction)
      return instruction.failure();
    if (form.operandOf(*instruction->opcode) == abi::Operand::Qstr)
      put(at + 1);
    at += instruction->size;
  }
  return std::nullopt;
}

} // namespace

std::optional<Failure> renumber(RawCode &code, const Module &module, const Numbering &numbering) {
  const BytecodeForm form = BytecodeForm::of(module);
  if (code.kind == CodeKind::Bytecode && form.version == 5) {
    if (std::optional<Failure> failure = renumberBytecode5(code.code, form, numbering))
      return failure;
  } else if (code.kind == CodeKind::Bytecode) {
    Result<Bytes> bytes = Rewriter(code.code, numbering).run();
    if (!bytes)
      return bytes.failure();
    code.code = std::move(*bytes);
  }
  if (code.kind == CodeKind::NativePy) {
    code.simpleName = numbering.qstrs[code.simpleName];
    code.sourceFile = numbering.qstrs[code.sourceFile];
  }
  for (QstrLink &link : code.qstrLinks)
    link.qstr = numbering.qstrs[link.qstr];
  for (uint32_t &name : code.argNames)
    name = numbering.qstrs[name];
  for (RawCode &child : code.children)
    if (std::optional<Failure> failure = renumber(child, module, numbering))
      return failure;
  return std::nullopt;
}

} // namespace mpylink::mpy
