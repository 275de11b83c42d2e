// SPDX-License-Identifier: MIT
// Machine code line by line. Relocated words are data; everything else is taken for instructions,
// as nothing in a module tells constants from code.
#include "dump/Code.h"

#include "dump/Machine.h"
#include "dump/Names.h"
#include "dump/Pointers.h"
#include "support/Diag.h"

#include <algorithm>
#include <set>

namespace mpylink::dump {

using mpy::RawCode;
using mpy::Segment;

namespace {

/// Of a constant that the compiler puts beside the code.
constexpr size_t literalSize = 4;

bool isLiteralLoad(const MachineInstruction &instruction) {
  return instruction.name == "l32r" || (instruction.name.starts_with("ldr") &&
                                        instruction.operands.find("[pc") != std::string::npos);
}

class Listing {
public:
  Listing(const File &file, const RawCode &raw, bool isOutermost);
  std::vector<CodeLine> run();

private:
  void addData(size_t end, std::string_view name, const std::string &comment);
  void addWord(const mpy::Reloc &reloc);
  void addInstruction(size_t limit);
  void addLiteral();
  bool isUnnamed() const;
  size_t nextLabel(size_t end) const;
  size_t nextLiteral(size_t end) const;
  std::string branchTarget(uint64_t target) const;

  const File &file;
  const RawCode &raw;
  ByteView code;
  unsigned word;
  const Machine *machine;
  RelocatedWords words;
  Pointers pointers;
  const Symbols *labels = nullptr;
  std::set<uint64_t> targets;  ///< Of branches.
  std::set<uint64_t> literals; ///< Words that instructions load by their distance.
  size_t offset = 0;
  std::vector<CodeLine> lines;
};

Listing::Listing(const File &file, const RawCode &raw, bool isOutermost)
    : file(file), raw(raw), code(raw.code), word(wordSize(file.module)),
      machine(file.machine.get()), pointers(file, raw, words, isOutermost) {
  for (const mpy::Reloc &reloc : raw.relocs)
    if (reloc.place == Segment::Text)
      words[uint64_t{reloc.word} * word] = &reloc;
  const auto found = file.symbols.find(Segment::Text);
  if (isOutermost && found != file.symbols.end())
    labels = &found->second;
}

void Listing::addData(size_t end, std::string_view name, const std::string &comment) {
  lines.push_back({offset, end - offset, {}, {}, std::string(name), {}, comment});
  offset = end;
}

void Listing::addWord(const mpy::Reloc &reloc) {
  const uint64_t content = readUint(code.subspan(offset, word));
  CodeLine line{offset, word, {}, {}, ".word", hex(content), {}};
  line.comment = relocatedText(file.module, reloc, content);
  if (reloc.dest == mpy::Dest::Text || reloc.dest == mpy::Dest::Rodata ||
      reloc.dest == mpy::Dest::Bss) {
    const Segment segment = static_cast<Segment>(reloc.dest);
    const std::string symbol = pointers.symbolAt(segment, content);
    line.comment += symbol.empty() ? "" : " (" + symbol + ")";
  }
  lines.push_back(std::move(line));
  offset += word;
}

void Listing::addLiteral() {
  lines.push_back(
      {offset, literalSize, {}, {}, ".word", hex(readUint(code.subspan(offset, literalSize))), {}});
  offset += literalSize;
}

/// With a map: behind the functions, where only constants without a name lie.
bool Listing::isUnnamed() const {
  return labels && !labels->empty() && offset > labels->begin()->first &&
         pointers.symbolAt(Segment::Text, offset).empty();
}

size_t Listing::nextLabel(size_t end) const {
  const auto next = labels->upper_bound(offset);
  return next == labels->end() ? end : std::min<size_t>(end, next->first);
}

size_t Listing::nextLiteral(size_t end) const {
  const auto next = literals.upper_bound(offset);
  return next == literals.end() ? end : std::min<size_t>(end, *next);
}

std::string Listing::branchTarget(uint64_t target) const {
  const std::string symbol = pointers.symbolAt(Segment::Text, target);
  return symbol.empty() || target >= code.size() ? std::string() : symbol;
}

void Listing::addInstruction(size_t limit) {
  if (!machine)
    return addData(std::min(limit, offset + word), unknownName, {});
  if (targets.contains(offset))
    pointers.forget();
  MachineInstruction instruction = machine->decode(code.subspan(offset, limit - offset), offset);
  if (instruction.name.empty()) {
    pointers.forget();
    return addData(offset + std::max<size_t>(1, instruction.size), unknownName, {});
  }
  CodeLine line{offset, instruction.size, {}, {}, instruction.name, instruction.operands, {}};
  if (instruction.branch)
    line.comment = branchTarget(*instruction.branch);
  const std::string known = pointers.follow(instruction, offset);
  if (line.comment.empty())
    line.comment = known;
  lines.push_back(std::move(line));
  offset += instruction.size;
}

std::vector<CodeLine> Listing::run() {
  // Where branches go is needed before the first line is made.
  for (size_t at = 0; machine && at < code.size();) {
    const MachineInstruction instruction = machine->decode(code.subspan(at), at);
    if (instruction.branch && !instruction.isCall)
      targets.insert(*instruction.branch);
    if (instruction.memory && isLiteralLoad(instruction) && *instruction.memory % literalSize == 0)
      literals.insert(*instruction.memory);
    at += std::max<size_t>(1, instruction.size);
  }
  const bool hasPrelude = raw.kind == mpy::CodeKind::NativePy;
  const size_t end = hasPrelude ? raw.preludeOffset : code.size();
  if (hasPrelude && file.module.version == 6 && file.module.subVersion == 3 && word <= end)
    addData(word, ".word", "place of the prelude among the children");
  while (offset < end) {
    const size_t first = lines.size();
    const auto next = words.lower_bound(offset);
    if (next != words.end() && next->first == offset)
      addWord(*next->second);
    else if (literals.contains(offset) && offset + literalSize <= end)
      addLiteral();
    else if (isUnnamed())
      addData(std::min(nextLabel(end), next == words.end() ? end : next->first), ".data", {});
    else
      addInstruction(std::min(next == words.end() ? end : std::min<size_t>(end, next->first),
                              nextLiteral(end)));
    if (labels)
      if (const auto label = labels->find(lines[first].offset); label != labels->end())
        lines[first].label = label->second.name;
  }
  if (hasPrelude && offset < code.size())
    addData(code.size(), "prelude", {});
  return std::move(lines);
}

} // namespace

std::vector<CodeLine> nativeLines(const File &file, const RawCode &raw, bool isOutermost) {
  return Listing(file, raw, isOutermost).run();
}

} // namespace mpylink::dump
