// SPDX-License-Identifier: MIT
#include "link/Contents.h"

#include <algorithm>

namespace mpylink::link {

using mpy::Segment;

std::string_view nameOf(Segment segment) {
  constexpr std::string_view names[] = {"text", "rodata", "bss"};
  return names[static_cast<size_t>(segment)];
}

Contents::Contents(const Layout &layout)
    : layout(layout), program(layout.plan.program), symbols(program.live.resolved) {
  addChunks();
  addSynthetic();
  for (std::vector<Piece> &pieces : segments)
    std::ranges::stable_sort(pieces, {}, &Piece::address);
}

void Contents::addChunks() {
  for (uint32_t i = 0; i < program.chunks.size(); ++i) {
    const Chunk &chunk = program.chunks[i];
    Location where = locate(program, chunk, 0);
    if (chunk.sectionOffset == 0)
      where.offset.reset();
    const Segment segment = layout.plan.segment[i];
    const bool isVariable = chunk.content == Content::Data || chunk.content == Content::Zero;
    add(segment, {layout.address[i], chunk.size, layout.plan.align[i],
                  toString(where) +
                      (isVariable && segment == Segment::Text ? " (variable beside the code)" : ""),
                  i});
  }
}

void Contents::addSynthetic() {
  const Inputs &inputs = program.inputs();
  if (!layout.start.empty())
    add(Segment::Text,
        {0,
         layout.start.size(),
         1,
         program.constructors.empty() ? "<entry jump>" : "<calls of constructors and the entry>",
         {}});
  const arch::Stub stub = inputs.arch->stub(*inputs.target);
  for (size_t i = 0; i < layout.stubs.size(); ++i)
    add(Segment::Text, {layout.stubAddress[i],
                        stub.code.size(),
                        stub.align,
                        "<stub of " + describe(layout.stubs[i]) + ">",
                        {}});
  const unsigned detourSize = inputs.arch->detourSize();
  for (size_t i = 0; i < layout.plan.detours.size(); ++i)
    add(Segment::Text, {layout.detours + i * detourSize,
                        detourSize,
                        1,
                        "<load of " + describe(layout.plan.detours[i].slot) + ">",
                        {}});
  const unsigned word = inputs.arch->wordSize();
  if (!layout.slots.empty())
    add(Segment::Text, {layout.got, layout.slots.size() * word, word, "<GOT>", {}});
}

std::vector<PlacedSymbol> Contents::symbolsOf(uint32_t index) const {
  const Chunk &chunk = program.chunks[index];
  const std::span<const Named> list = symbols.of(chunk.section);
  std::vector<PlacedSymbol> result;
  for (auto it = std::ranges::lower_bound(list, chunk.sectionOffset, {}, &Named::offset);
       it != list.end() && it->offset - chunk.sectionOffset < std::max<uint64_t>(chunk.size, 1);
       ++it)
    result.push_back({layout.address[index] + it->offset - chunk.sectionOffset, &*it});
  return result;
}

std::string Contents::at(Segment segment, uint64_t address) const {
  const std::span<const Piece> list = pieces(segment);
  for (auto it = std::ranges::upper_bound(list, address, {}, &Piece::address);
       it != list.begin();) {
    --it;
    if (it->size == 0)
      continue;
    const uint64_t inside = address - it->address;
    if (inside >= it->size)
      return {};
    if (!it->chunk)
      return it->name + (inside == 0 ? "" : "+" + hex(inside));
    const Chunk &chunk = program.chunks[*it->chunk];
    return symbols.describe(chunk.section, chunk.sectionOffset + inside);
  }
  return {};
}

std::string Contents::describe(const Target &target) const {
  constexpr const char *tableNames[] = {"mp_fun_table", "qstr table", "object table"};
  switch (target.kind) {
  case Target::Kind::Inside: {
    const Chunk &chunk = program.chunks[target.index];
    return std::string(nameOf(layout.plan.segment[target.index])) + "+" +
           hex(layout.address[target.index] + target.value) + " (" +
           symbols.describe(chunk.section, chunk.sectionOffset + target.value) + ")";
  }
  case Target::Kind::Table:
    return tableNames[target.index];
  case Target::Kind::Entry:
    return "mp_fun_table." + std::string(program.inputs().abi->funTable[target.index].name);
  case Target::Kind::Got:
    return "GOT";
  default:
    return hex(target.value);
  }
}

} // namespace mpylink::link
