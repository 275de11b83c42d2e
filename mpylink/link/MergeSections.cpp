// SPDX-License-Identifier: MIT
// Live sections -> chunks. SHF_MERGE sections are cut into strings or constants, literal pools into
// words; only pieces that a live reference names become chunks, and equal pieces become one. Two
// literals are equal when they hold the same number, or the address of the same place.
#include "link/Constructors.h"
#include "link/LiteralPools.h"
#include "link/Passes.h"

#include "llvm/BinaryFormat/ELF.h"

#include <algorithm>
#include <map>
#include <ranges>
#include <tuple>

namespace mpylink::link {

namespace {

using namespace llvm::ELF;

/// The pieces of one mergeable section, by offset; empty for other sections.
struct Pieces {
  std::vector<uint64_t> starts; ///< Ascending, the first is 0.
  std::vector<uint32_t> chunks; ///< Parallel; none when no reference named the piece yet.
};
constexpr uint32_t none = ~0u;

class Merger {
public:
  Merger(const Live &live, Diag &diag)
      : program{live, {}, {}, {}, {}, {}}, resolved(live.resolved), diag(diag),
        chunkOf(resolved.sectionCount(), none), pieces(resolved.sectionCount()) {
    for (const std::vector<uint32_t> &run : resolved.runs)
      inRun.insert(run.begin(), run.end());
  }

  Program run() {
    for (uint32_t i = 0; i < resolved.sectionCount(); ++i)
      if (program.live.sections[i])
        addSection(i);
    joinRuns();
    // Pieces come with their references looked up, so only whole sections need that.
    const size_t sections = program.chunks.size();
    for (size_t i = 0; i < sections; ++i)
      program.chunks[i].refs = refsOf(program.chunks[i]);
    addConstructors();
    program.entry = resolved.entry;
    if (program.entry.kind == Target::Kind::Inside)
      program.entry.index = chunkOf[program.entry.index];
    placePools(program);
    return std::move(program);
  }

private:
  void addSection(uint32_t number) {
    const elf::Section &section = resolved.section(number);
    const Content content = contentOf(section, *resolved.inputs.arch);
    if (content == Content::Constructors) {
      constructorLists.push_back(number); // They become calls, not data of the module.
      return;
    }
    const bool isCut = content == Content::Literal ? cutLiterals(number, pieces[number])
                                                   : cut(section, pieces[number]);
    if (isCut && !inRun.contains(number)) {
      pieces[number].chunks.assign(pieces[number].starts.size(), none);
      return;
    }
    pieces[number] = {};
    chunkOf[number] = static_cast<uint32_t>(program.chunks.size());
    const uint64_t align = std::max(section.align, inRun.contains(number) ? 1 : bulkAlign(section));
    program.chunks.push_back({number, 0, content, section.data, section.size, align, {}});
  }

  /// Programs cast byte arrays (models, buffers) to structures. That is wrong unless the array asks
  /// for alignment, but where sections keep their order it goes well, and a word costs nothing as
  /// small constants fill the gaps.
  uint64_t bulkAlign(const elf::Section &section) const {
    constexpr uint64_t wordsOfBulk = 8;
    const uint64_t word = resolved.inputs.arch->wordSize();
    const bool isBulk = !section.has(SHF_EXECINSTR) && section.size >= wordsOfBulk * word;
    return isBulk ? word : 1;
  }

  /// The chunks of sections of one name.
  void joinRuns() {
    for (const std::vector<uint32_t> &sections : resolved.runs) {
      std::vector<uint32_t> &run = program.runs.emplace_back();
      for (const uint32_t section : sections)
        if (chunkOf[section] != none)
          run.push_back(chunkOf[section]);
      const auto isCode = [&](uint32_t chunk) {
        return program.chunks[chunk].content == Content::Code;
      };
      const auto code = std::ranges::find_if(run, isCode);
      const auto data = std::ranges::find_if_not(run, isCode);
      if (code == run.end() || data == run.end())
        continue;
      const Location other = locate(program, program.chunks[*data], 0);
      diag.error("unsupported-section", locate(program, program.chunks[*code], 0),
                 "the section is code here and data in " + other.file +
                     ", and the module asks for the start or end of both together",
                 "give code and data sections of different names");
    }
  }

  void addConstructors() {
    std::ranges::stable_sort(constructorLists, {}, [&](uint32_t number) {
      return constructorPriority(resolved.section(number));
    });
    for (const uint32_t number : constructorLists) {
      const elf::Section &list = resolved.section(number);
      const Chunk words{number, 0, Content::Constructors, {}, list.size, 1, {}};
      std::vector<Ref> refs = refsOf(words);
      if (runsBackwards(list))
        std::ranges::reverse(refs);
      for (const Ref &ref : refs) {
        if (ref.target.kind == Target::Kind::Null)
          continue; // An undefined weak function.
        Target target = ref.target;
        target.value += static_cast<uint64_t>(ref.addend);
        const bool isFunction = ref.reloc->desc && ref.reloc->desc->need == arch::Need::Absolute &&
                                target.kind == Target::Kind::Inside &&
                                program.chunks[target.index].content == Content::Code;
        if (isFunction)
          program.constructors.push_back(target);
        else
          diag.error("unsupported-section", locate(program, words, ref.offset),
                     "the list of constructors holds " + symbolName(program, words, ref) +
                         ", which is no function of the module",
                     "let the compiler make the list: __attribute__((constructor))");
      }
    }
  }

  /// False for sections that are placed whole.
  static bool cut(const elf::Section &section, Pieces &out) {
    const uint64_t entry = section.entrySize;
    if (!section.has(SHF_MERGE) || section.has(SHF_WRITE | SHF_EXECINSTR) || entry == 0 ||
        section.size == 0 || section.size % entry != 0 || !section.relocs.empty() ||
        section.data.empty())
      return false;
    if (!section.has(SHF_STRINGS)) {
      for (uint64_t at = 0; at < section.size; at += entry)
        out.starts.push_back(at);
      return true;
    }
    const auto isNul = [&](uint64_t at) {
      return std::ranges::all_of(section.data.subspan(at, entry),
                                 [](uint8_t byte) { return byte == 0; });
    };
    if (!isNul(section.size - entry))
      return false; // The last string has no end.
    bool atStart = true;
    for (uint64_t at = 0; at < section.size; at += entry) {
      if (atStart)
        out.starts.push_back(at);
      atStart = isNul(at);
    }
    return true;
  }

  /// Literals are words, each of them plain or an address outside all literals.
  bool cutLiterals(uint32_t number, Pieces &out) const {
    const elf::Section &section = resolved.section(number);
    const std::vector<Target> &targets = resolved.targets[resolved.objectOf(number)];
    const uint64_t word = resolved.inputs.arch->wordSize();
    if (section.size % word != 0)
      return false;
    for (const elf::Reloc &reloc : section.relocs) {
      if (!reloc.desc || reloc.desc->need != arch::Need::Absolute || reloc.offset % word != 0)
        return false;
      if (reloc.symbol < targets.size() && targets[reloc.symbol].kind == Target::Kind::Inside &&
          contentOf(resolved.section(targets[reloc.symbol].index), *resolved.inputs.arch) ==
              Content::Literal)
        return false;
    }
    for (uint64_t at = 0; at < section.size; at += word)
      out.starts.push_back(at);
    return section.size != 0;
  }

  /// The chunk of the literal at `start`.
  uint32_t literal(uint32_t number, uint64_t start) {
    const elf::Section &section = resolved.section(number);
    const uint64_t word = resolved.inputs.arch->wordSize();
    Chunk chunk{number, start, Content::Literal, section.data.subspan(start, word), word, word, {}};
    chunk.refs = refsOf(chunk);
    std::vector<std::pair<Target, int64_t>> addresses;
    for (const Ref &ref : chunk.refs)
      addresses.emplace_back(ref.target, ref.addend);
    const uint64_t value = chunk.refs.empty() ? readUint(chunk.data) : 0;
    const auto [found, isNew] = literals.try_emplace({value, std::move(addresses)},
                                                     static_cast<uint32_t>(program.chunks.size()));
    // Each symbol that a module cannot have is told by its name.
    const bool isWrong = std::ranges::any_of(chunk.refs, [](const Ref &ref) {
      return ref.target.kind == Target::Kind::Undefined || ref.target.kind == Target::Kind::Refused;
    });
    if (!isNew && !isWrong)
      return found->second;
    program.chunks.push_back(std::move(chunk));
    return static_cast<uint32_t>(program.chunks.size() - 1);
  }

  /// The chunk of the string or constant from `start` to `end`.
  uint32_t constant(uint32_t number, uint64_t start, uint64_t end) {
    const elf::Section &section = resolved.section(number);
    const ByteView data = section.data.subspan(start, end - start);
    // The compiler aligned what needs it to the section's alignment; a piece at an odd offset
    // cannot depend on more than that offset has.
    const uint64_t align = start == 0 ? section.align : std::min(section.align, start & -start);
    const auto [found, isNew] =
        equal.try_emplace({reinterpret_cast<const char *>(data.data()), data.size()},
                          static_cast<uint32_t>(program.chunks.size()));
    if (isNew)
      program.chunks.push_back({number, start, Content::ReadOnly, data, data.size(), align, {}});
    else
      program.chunks[found->second].align = std::max(program.chunks[found->second].align, align);
    return found->second;
  }

  /// The chunk and offset of a place in a section that is cut.
  std::pair<uint32_t, uint64_t> piece(uint32_t number, uint64_t offset) {
    const elf::Section &section = resolved.section(number);
    Pieces &cuts = pieces[number];
    const size_t index = std::ranges::upper_bound(cuts.starts, offset) - cuts.starts.begin() - 1;
    const uint64_t start = cuts.starts[index];
    const uint64_t end = index + 1 < cuts.starts.size() ? cuts.starts[index + 1] : section.size;
    uint32_t &chunk = cuts.chunks[index];
    if (chunk == none)
      chunk = contentOf(section, *resolved.inputs.arch) == Content::Literal
                  ? literal(number, start)
                  : constant(number, start, end);
    return {chunk, offset - start};
  }

  /// The relocations inside `chunk`, looked up. (By value, because that may add chunks.)
  std::vector<Ref> refsOf(Chunk chunk) {
    const uint32_t object = resolved.objectOf(chunk.section);
    const elf::Object &source = *resolved.objects[object];
    const elf::Section &section = resolved.section(chunk.section);
    auto first = section.relocs.begin(), last = section.relocs.end();
    if (chunk.size != section.size) {
      const auto offsetOf = &elf::Reloc::offset;
      first = std::ranges::lower_bound(section.relocs, chunk.sectionOffset, {}, offsetOf);
      last = std::ranges::lower_bound(first, last, chunk.sectionOffset + chunk.size, {}, offsetOf);
    }
    std::vector<Ref> refs;
    for (const elf::Reloc &reloc : std::ranges::subrange(first, last)) {
      Ref ref{reloc.offset - chunk.sectionOffset, &reloc, {}, reloc.addend};
      if (reloc.symbol < source.symbols.size())
        ref.target = resolved.targets[object][reloc.symbol];
      if (ref.target.kind == Target::Kind::Bound)
        ref.target = bound(ref.target);
      else if (ref.target.kind == Target::Kind::Inside)
        toChunk(chunk, ref, source.symbols[reloc.symbol]);
      refs.push_back(ref);
    }
    return refs;
  }

  Target bound(const Target &target) const {
    const std::vector<uint32_t> &run = program.runs[target.index];
    if (run.empty())
      return refused(Refusal::LeftOut);
    if (target.value == 0)
      return {Target::Kind::Inside, run.front(), 0};
    return {Target::Kind::Inside, run.back(), program.chunks[run.back()].size};
  }

  void toChunk(const Chunk &from, Ref &ref, const elf::Symbol &symbol) {
    const uint32_t number = ref.target.index;
    if (pieces[number].starts.empty()) {
      ref.target.index = chunkOf[number];
      if (ref.target.index == none)
        ref.target =
            refused(contentOf(resolved.section(number), *resolved.inputs.arch) == Content::LeftOut
                        ? Refusal::LeftOut
                        : Refusal::Told);
      return;
    }
    // With a section symbol the addend says which piece is meant; otherwise the symbol does.
    const elf::Section &section = resolved.section(number);
    const uint64_t size = section.size;
    uint64_t offset = ref.target.value;
    if (symbol.type == STT_SECTION) {
      offset += static_cast<uint64_t>(ref.addend);
      ref.addend = 0;
    }
    if (offset > size) {
      diag.error("corrupt-object", locate(program, from, ref.offset),
                 "the relocation refers to offset " + std::to_string(static_cast<int64_t>(offset)) +
                     " of section " + std::string(section.name) + ", which has " +
                     std::to_string(size) + " bytes that are merged with equal ones",
                 "refer to a symbol in the section instead of to the section");
      ref.target = refused(Refusal::Told);
      return;
    }
    std::tie(ref.target.index, ref.target.value) = piece(number, std::min(offset, size - 1));
    ref.target.value += offset - std::min(offset, size - 1); // One past the end stays that.
  }

  Program program;
  const Resolved &resolved;
  Diag &diag;
  std::vector<uint32_t> chunkOf;          ///< By section number.
  std::vector<Pieces> pieces;             ///< By section number.
  std::unordered_set<uint32_t> inRun;     ///< Section numbers.
  std::vector<uint32_t> constructorLists; ///< Section numbers.
  std::unordered_map<std::string_view, uint32_t> equal;
  std::map<std::pair<uint64_t, std::vector<std::pair<Target, int64_t>>>, uint32_t> literals;
};

} // namespace

Program mergeSections(const Live &live, Diag &diag) { return Merger(live, diag).run(); }

} // namespace mpylink::link
