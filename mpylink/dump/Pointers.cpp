// SPDX-License-Identifier: MIT
#include "dump/Pointers.h"

#include "dump/Names.h"
#include "support/Diag.h"

#include <algorithm>
#include <charconv>

namespace mpylink::dump {

using mpy::Dest;
using mpy::Segment;

namespace {

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' '))
    text.remove_prefix(1);
  while (text.ends_with(' '))
    text.remove_suffix(1);
  return text;
}

/// "#0x68", "-12", "0x10".
std::optional<int64_t> numberIn(std::string_view text) {
  text = trimmed(text);
  if (text.starts_with('#'))
    text.remove_prefix(1);
  const bool isNegative = text.starts_with('-');
  if (isNegative)
    text.remove_prefix(1);
  text = trimmed(text);
  const int base = text.starts_with("0x") ? 16 : 10;
  if (base == 16)
    text.remove_prefix(2);
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size() || text.empty())
    return std::nullopt;
  return isNegative ? -static_cast<int64_t>(value) : static_cast<int64_t>(value);
}

/// The parts of a sum: "rbx + 8", "r7, #8", "rax - 8".
std::vector<std::string> addends(std::string_view text) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == ',' || c == '+' ||
        (c == '-' && !trimmed(parts.back()).empty() && trimmed(parts.back()) != "#"))
      parts.emplace_back();
    if (c != ',' && c != '+')
      parts.back() += c;
  }
  return parts;
}

} // namespace

std::vector<std::string> splitOperands(std::string_view operands) {
  std::vector<std::string> parts;
  std::string part;
  int depth = 0;
  for (const char c : operands) {
    depth += (c == '[' || c == '(' || c == '{') - (c == ']' || c == ')' || c == '}');
    if (c == ',' && depth == 0) {
      parts.emplace_back(trimmed(part));
      part.clear();
    } else {
      part += c;
    }
  }
  if (!trimmed(part).empty())
    parts.emplace_back(trimmed(part));
  return parts;
}

Pointers::Pointers(const File &file, const mpy::RawCode &raw, const RelocatedWords &words,
                   bool isOutermost)
    : file(file), raw(raw), words(words), isOutermost(isOutermost), word(wordSize(file.module)),
      preserved(" " + std::string(abi::findArch(file.module.arch)->preservedRegisters) + " ") {}

std::optional<Pointers::Value> Pointers::valueOf(std::string_view text) const {
  text = trimmed(text);
  if (const auto number = numberIn(text))
    return Value{true, Dest::Text, 0, static_cast<uint64_t>(*number)};
  const auto found = registers.find(text);
  if (found == registers.end())
    return std::nullopt;
  return found->second;
}

std::optional<Pointers::Value> Pointers::sum(const std::optional<Value> &a,
                                             const std::optional<Value> &b) const {
  if (!a || !b || (!a->isNumber && !b->isNumber))
    return std::nullopt;
  Value result = a->isNumber ? *b : *a;
  result.offset = a->offset + b->offset;
  if (word == 4)
    result.offset = static_cast<uint32_t>(result.offset);
  return result;
}

/// The address of the memory operand, where it is known.
std::optional<Pointers::Value> Pointers::addressOf(const MachineInstruction &instruction) const {
  if (instruction.memory)
    return Value{false, Dest::Text, 0, *instruction.memory};
  const std::string_view text = instruction.operands;
  std::vector<std::string> parts;
  if (const size_t open = text.find('['); open != std::string_view::npos) {
    const size_t close = text.find(']', open);
    // Something behind the bracket changes the register as well.
    if (close == std::string_view::npos || close + 1 != text.size())
      if (text.find_first_not_of(" ", close + 1) != text.find(',', close + 1))
        return std::nullopt;
    parts = addends(text.substr(open + 1, close - open - 1));
  } else if (const size_t round = text.find('('); round != std::string_view::npos) {
    const size_t close = text.find(')', round);
    const size_t comma = text.rfind(',', round);
    const std::string_view before =
        text.substr(comma == std::string_view::npos ? 0 : comma + 1,
                    round - (comma == std::string_view::npos ? 0 : comma + 1));
    parts = {std::string(text.substr(round + 1, close - round - 1)), std::string(before)};
    if (trimmed(before).empty())
      parts.pop_back();
  } else {
    const std::vector<std::string> operands = splitOperands(text);
    // Loads and stores without brackets: the address is a register and a number.
    if (operands.size() != 3 ||
        !(instruction.name.starts_with("l") || instruction.name.starts_with("s")) ||
        instruction.name.find('i') == std::string::npos || instruction.name.starts_with("sl") ||
        instruction.name.starts_with("sr"))
      return std::nullopt;
    parts = {operands[1], operands[2]};
  }
  std::optional<Value> value = valueOf(parts[0]);
  for (size_t i = 1; i < parts.size(); ++i)
    value = sum(value, valueOf(parts[i]));
  return value && !value->isNumber ? value : std::nullopt;
}

std::optional<Pointers::Value> Pointers::loadedFrom(const Value &address) const {
  if (address.dest != Dest::Text || address.offset % word != 0 ||
      address.offset + word > raw.code.size())
    return std::nullopt;
  const uint64_t content = readUint(ByteView(raw.code).subspan(address.offset, word));
  const auto found = words.find(address.offset);
  if (found == words.end())
    return word == 4 ? std::optional<Value>({true, Dest::Text, 0, content}) : std::nullopt;
  return Value{false, found->second->dest, found->second->entry, content};
}

/// The value of an instruction that calculates without memory.
std::optional<Pointers::Value> Pointers::computed(const MachineInstruction &instruction,
                                                  size_t offset) const {
  const std::vector<std::string> operands = splitOperands(instruction.operands);
  const std::string_view name = instruction.name;
  if (name == "auipc" && operands.size() == 2) {
    const std::optional<int64_t> upper = numberIn(operands[1]);
    if (!upper)
      return std::nullopt;
    const int64_t distance = signExtend(static_cast<uint64_t>(*upper) << 12, 32);
    return Value{false, Dest::Text, 0, offset + static_cast<uint64_t>(distance)};
  }
  // Reading the program counter gives the place two instructions of two bytes further on.
  if (name == "add" && operands.size() == 2 && operands[1] == "pc")
    return sum(valueOf(operands[0]), Value{false, Dest::Text, 0, offset + 4});
  if (operands.size() == 2 && (name == "mov" || name == "mv" || name == "movs"))
    return valueOf(operands[1]);
  if (operands.size() == 3 && (name.starts_with("add") || name == "addi"))
    return sum(valueOf(operands[1]), valueOf(operands[2]));
  if (operands.size() == 2 && name.starts_with("add"))
    return sum(valueOf(operands[0]), valueOf(operands[1]));
  return std::nullopt;
}

std::string Pointers::symbolAt(Segment segment, uint64_t offset) const {
  const auto block = file.symbols.find(segment);
  if (!isOutermost || block == file.symbols.end())
    return {};
  auto next = block->second.upper_bound(offset);
  if (next == block->second.begin())
    return {};
  --next;
  if (next->second.size != 0 && offset - next->first >= next->second.size)
    return {};
  return next->second.name + (next->first == offset ? "" : "+" + hex(offset - next->first));
}

/// An address; or, where memory is accessed, what a relocated word there holds.
std::string Pointers::describe(const Value &address, bool isAccess) const {
  if (address.dest == Dest::Text) {
    if (const auto found = words.find(address.offset); isAccess && found != words.end()) {
      const uint64_t content = readUint(ByteView(raw.code).subspan(address.offset, word));
      return relocatedText(file.module, *found->second, content);
    }
    if (address.offset >= raw.code.size())
      return {};
    const std::string symbol = symbolAt(Segment::Text, address.offset);
    return symbol.empty() ? "text+" + hex(address.offset) : symbol;
  }
  if (address.dest == Dest::Rodata || address.dest == Dest::Bss) {
    const std::string symbol =
        symbolAt(address.dest == Dest::Rodata ? Segment::Rodata : Segment::Bss, address.offset);
    if (!symbol.empty())
      return symbol;
  }
  mpy::Reloc reloc;
  reloc.dest = address.dest;
  reloc.entry = address.entry;
  if (address.offset == 0 && address.dest == Dest::QstrTable)
    return "qstr " + qstrText(file.module, 0);
  if (address.offset == 0 && address.dest == Dest::FunTable) {
    reloc.dest = Dest::FunEntry;
    return destName(file.module, reloc);
  }
  return relocatedText(file.module, reloc, address.offset);
}

std::string Pointers::follow(const MachineInstruction &instruction, size_t offset) {
  const std::vector<std::string> operands = splitOperands(instruction.operands);
  const std::optional<Value> address = addressOf(instruction);
  std::optional<Value> result;
  std::string comment;
  if (address) {
    const bool isAccess = instruction.name != "lea";
    comment = describe(*address, isAccess);
    result = instruction.mayLoad ? loadedFrom(*address) : std::nullopt;
    if (!isAccess)
      result = address;
  } else {
    result = computed(instruction, offset);
    // The upper half of an address is none yet.
    if (result && !result->isNumber && result->dest == Dest::Text && instruction.name != "auipc")
      comment = describe(*result, false);
  }
  for (const std::string &name : instruction.written)
    registers.erase(name);
  if (instruction.isCall)
    std::erase_if(registers, [&](const auto &held) {
      return preserved.find(" " + held.first + " ") == std::string::npos;
    });
  else if (result && !operands.empty() &&
           std::ranges::find(instruction.written, operands[0]) != instruction.written.end())
    registers[operands[0]] = *result;
  if (instruction.endsFlow)
    forget();
  return comment;
}

} // namespace mpylink::dump
