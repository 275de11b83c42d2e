// SPDX-License-Identifier: MIT
#include "link/LiteralPools.h"

#include <algorithm>
#include <unordered_set>

namespace mpylink::link {

namespace {

class PoolPlacer {
public:
  explicit PoolPlacer(Program &program)
      : program(program), isPlaced(program.chunks.size()),
        reach(program.inputs().arch->poolReach()) {}

  void run() {
    const auto count = static_cast<uint32_t>(program.chunks.size());
    program.pools.emplace_back();
    const uint32_t entry = program.entry.index;
    if (entry < count && program.chunks[entry].content == Content::Code)
      add(entry);
    for (uint32_t i = 0; i < count; ++i)
      if (i != entry && program.chunks[i].content == Content::Code)
        add(i);
    // Literals that data refers to, or nothing at all when everything is kept: behind all code,
    // where they push no other one out of reach.
    Pool rest;
    for (uint32_t i = 0; i < count; ++i)
      if (program.chunks[i].content == Content::Literal && !isPlaced[i])
        rest.literals.push_back(i);
    if (!rest.literals.empty())
      program.pools.push_back(std::move(rest));
  }

private:
  bool isLiteral(const Ref &ref) const {
    return ref.target.kind == Target::Kind::Inside &&
           program.chunks[ref.target.index].content == Content::Literal;
  }

  /// Room for a chunk wherever the one before it ends. One that holds words is aligned to them
  /// later.
  uint64_t room(const Chunk &chunk) const {
    return chunk.size + std::max<uint64_t>(chunk.align, program.inputs().arch->wordSize()) - 1;
  }

  uint64_t missingRoom(const Chunk &code) const {
    uint64_t bytes = 0;
    std::unordered_set<uint32_t> counted;
    for (const Ref &ref : code.refs)
      if (isLiteral(ref) && !inPool.contains(ref.target.index) &&
          counted.insert(ref.target.index).second)
        bytes += room(program.chunks[ref.target.index]);
    return bytes;
  }

  void add(uint32_t code) {
    const uint64_t size = room(program.chunks[code]);
    if (reach != 0 && !program.pools.back().code.empty() &&
        used + size + missingRoom(program.chunks[code]) >= reach) {
      program.pools.emplace_back();
      inPool.clear();
      used = 0;
    }
    for (size_t i = 0; i < program.chunks[code].refs.size(); ++i)
      if (isLiteral(program.chunks[code].refs[i])) {
        const uint32_t literal = inThisPool(program.chunks[code].refs[i].target.index);
        program.chunks[code].refs[i].target.index = literal;
      }
    used += size;
    program.pools.back().code.push_back(code);
  }

  /// The literal, or its copy in the current pool.
  uint32_t inThisPool(uint32_t literal) {
    const auto [found, isNew] = inPool.try_emplace(literal, literal);
    if (!isNew)
      return found->second;
    used += room(program.chunks[literal]);
    if (isPlaced[literal]) {
      found->second = static_cast<uint32_t>(program.chunks.size());
      program.chunks.push_back(Chunk(program.chunks[literal]));
    }
    isPlaced[literal] = true;
    program.pools.back().literals.push_back(found->second);
    return found->second;
  }

  Program &program;
  std::vector<bool> isPlaced;                    ///< By chunk; of the original ones.
  std::unordered_map<uint32_t, uint32_t> inPool; ///< Literal -> itself or its copy.
  uint64_t used = 0;                             ///< Bytes of the current pool.
  const uint64_t reach;
};

} // namespace

void placePools(Program &program) { PoolPlacer(program).run(); }

} // namespace mpylink::link
