// SPDX-License-Identifier: MIT
#include "link/MapFile.h"

#include "link/CrossReference.h"
#include "link/Discarded.h"

#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Demangle/Demangle.h"
#include "llvm/Support/FormatVariadic.h"

#include <algorithm>
#include <map>

namespace mpylink::link {

namespace {

using mpy::Segment;

class MapWriter {
public:
  MapWriter(const Contents &contents, const Layout &layout, const Image &image)
      : contents(contents), layout(layout), image(image), program(layout.plan.program),
        resolved(program.live.resolved), word(program.inputs().arch->wordSize()) {}

  std::string run() {
    line("addresses and sizes in tables are hexadecimal\n");
    writeInputs();
    writeSegment(Segment::Text, layout.textSize);
    writeSegment(Segment::Rodata, layout.rodataSize);
    writeSegment(Segment::Bss, layout.bssSize);
    collectUsers();
    writeSlots();
    writeStubs();
    writeRelocations();
    writeDiscarded();
    line("cross reference: what defines a global symbol, and the other objects that refer to it");
    out += crossReference(program.live, contents);
    return std::move(out);
  }

private:
  template <typename... Args> void line(const char *format, Args &&...args) {
    out += llvm::formatv(format, std::forward<Args>(args)...).str() + "\n";
  }

  /// What each file brings, the sources it was made of, and why a member was taken.
  void writeInputs() {
    std::vector<std::array<uint64_t, 3>> sizes(resolved.objects.size());
    for (uint32_t i = 0; i < program.chunks.size(); ++i)
      sizes[resolved.objectOf(program.chunks[i].section)]
           [static_cast<size_t>(layout.plan.segment[i])] += program.chunks[i].size;
    line("inputs");
    line("    text   rodata      bss file");
    for (uint32_t i = 0; i < resolved.objects.size(); ++i)
      line("{0,8:x-} {1,8:x-} {2,8:x-} {3}", sizes[i][0], sizes[i][1], sizes[i][2],
           resolved.objects[i]->name + sourcesOf(i) + whyExtracted(i));
    out += "\n";
  }

  std::string sourcesOf(uint32_t object) const {
    std::string text;
    for (const elf::Symbol &symbol : resolved.objects[object]->symbols)
      if (symbol.type == llvm::ELF::STT_FILE && !symbol.name.empty())
        text += (text.empty() ? ", from " : " and ") + std::string(symbol.name);
    return text;
  }

  std::string whyExtracted(uint32_t object) const {
    const std::string_view name = resolved.extractedFor[object];
    if (name.empty())
      return {};
    const auto refersTo = [&](const elf::Object *other) {
      return std::ranges::any_of(other->symbols, [&](const elf::Symbol &symbol) {
        return symbol.name == name &&
               (symbol.place == elf::Place::Undefined || symbol.place == elf::Place::Common);
      });
    };
    const auto user = std::ranges::find_if(resolved.objects, refersTo);
    return ", for " + llvm::demangle(name) +
           (user == resolved.objects.end() ? "" : ", which " + (*user)->name + " refers to");
  }

  void writeSegment(Segment segment, uint64_t size) {
    line("{0}: {1} bytes", nameOf(segment), size);
    if (size == 0) {
      out += "\n";
      return;
    }
    line(" address     size align section");
    for (const Piece &piece : contents.pieces(segment)) {
      line("{0,8:x-} {1,8:x-} {2,5} {3}", piece.address, piece.size, piece.align, piece.name);
      if (piece.chunk)
        for (const PlacedSymbol &symbol : contents.symbolsOf(*piece.chunk))
          line("{0,8:x-} {1,8:x-}           {2}", symbol.address, symbol.named->symbol->size,
               symbol.named->name());
    }
    out += "\n";
  }

  /// By target, the functions and variables that need its slot or stub, and how often.
  struct Users {
    std::vector<std::pair<std::string, unsigned>> list;

    void add(std::string name) {
      if (list.empty() || list.back().first != name)
        list.emplace_back(std::move(name), 0);
      ++list.back().second;
    }
    std::string text() const {
      std::string result;
      for (const auto &[name, count] : list)
        result += (result.empty() ? "" : ", ") + name +
                  (count == 1 ? "" : " (" + std::to_string(count) + " times)");
      return result;
    }
  };

  void collectUsers() {
    for (const Chunk &chunk : program.chunks)
      for (const Ref &ref : chunk.refs) {
        if (!ref.reloc->desc)
          continue;
        switch (ref.reloc->desc->need) {
        case arch::Need::GotSlot:
        case arch::Need::GotSlotPc:
        case arch::Need::GotSlotWord:
          slotUsers[ref.target].add(contents.owner(chunk, ref.offset));
          break;
        case arch::Need::Branch:
        case arch::Need::Difference:
        case arch::Need::GotDifference:
        case arch::Need::PcHigh:
          if (layout.plan.stubs.contains(ref.target) && !layout.plan.halves.contains(&ref))
            stubUsers[ref.target].add(contents.owner(chunk, ref.offset));
          break;
        default:
          break;
        }
      }
    for (const Detour &detour : layout.plan.detours)
      slotUsers[detour.slot].add(contents.owner(program.chunks[detour.chunk], detour.high->offset));
  }

  void writeSlots() {
    if (layout.slots.empty())
      return;
    line("GOT slots: {0}", layout.slots.size());
    for (size_t i = 0; i < layout.slots.size(); ++i) {
      const auto users = slotUsers.find(layout.slots[i]);
      line("{0,8:x-} {1}: {2}", layout.got + i * word, contents.describe(layout.slots[i]),
           users == slotUsers.end()
               ? "keeps the block alive, as the garbage collector looks for its address"
               : "used by " + users->second.text());
    }
    out += "\n";
  }

  void writeStubs() {
    if (layout.stubs.empty())
      return;
    line("stubs: {0}", layout.stubs.size());
    for (size_t i = 0; i < layout.stubs.size(); ++i)
      line("{0,8:x-} {1}: used by {2}", layout.stubAddress[i], contents.describe(layout.stubs[i]),
           stubUsers[layout.stubs[i]].text());
    out += "\n";
  }

  /// What the loader adds to a word that already has an offset.
  std::string describe(const mpy::Reloc &reloc, uint64_t offset) const {
    constexpr const char *tables[] = {"qstr table", "object table", "mp_fun_table"};
    if (reloc.dest == mpy::Dest::FunEntry)
      return contents.describe({Target::Kind::Entry, reloc.entry, 0});
    const Bytes &bytes = reloc.place == Segment::Text ? image.text : image.rodata;
    const uint64_t addend = readUint(ByteView(bytes).subspan(offset, word));
    if (reloc.dest > mpy::Dest::Bss)
      return tables[static_cast<size_t>(reloc.dest) - static_cast<size_t>(mpy::Dest::QstrTable)] +
             (addend == 0 ? "" : "+" + hex(addend));
    const auto segment = static_cast<Segment>(reloc.dest);
    const uint64_t address =
        segment == Segment::Text ? program.inputs().arch->codeAddress(addend) : addend;
    const std::string name = contents.at(segment, address);
    return std::string(nameOf(segment)) + "+" + hex(addend) +
           (name.empty() ? "" : " (" + name + ")");
  }

  void writeRelocations() {
    line("words relocated at load time: {0}", image.relocs.size());
    if (!image.relocs.empty())
      line(" address segment what is there, and the address it gets");
    for (const mpy::Reloc &reloc : image.relocs) {
      const uint64_t offset = uint64_t(reloc.word) * word;
      line("{0,8:x-} {1,-7} {2}: {3}", offset, nameOf(reloc.place),
           contents.at(reloc.place, offset), describe(reloc, offset));
    }
    out += "\n";
  }

  void writeDiscarded() {
    const size_t before = out.size();
    for (const Discarded &entry : discarded(program.live, contents.index()))
      line("{0,8:x-} {1}: {2}", resolved.section(entry.section).size,
           contents.index().place(entry.section), entry.why);
    std::map<uint32_t, uint64_t> used;
    for (uint32_t i = 0; i < resolved.sectionCount(); ++i)
      if (program.live.sections[i] && resolved.section(i).has(llvm::ELF::SHF_MERGE))
        used[i] = 0;
    for (const Chunk &chunk : program.chunks)
      if (const auto found = used.find(chunk.section); found != used.end())
        found->second += chunk.size;
    for (const auto &[section, size] : used)
      if (const uint64_t all = resolved.section(section).size; size < all)
        line("{0,8:x-} {1}: equal to constants of the module, or nothing refers to it", all - size,
             contents.index().place(section));
    if (out.size() != before)
      out.insert(before, "left out\n    size section\n").push_back('\n');
  }

  const Contents &contents;
  const Layout &layout;
  const Image &image;
  const Program &program;
  const Resolved &resolved;
  const unsigned word;
  std::unordered_map<Target, Users, TargetHash> slotUsers, stubUsers;
  std::string out;
};

} // namespace

std::string writeMap(const Contents &contents, const Layout &layout, const Image &image) {
  return MapWriter(contents, layout, image).run();
}

} // namespace mpylink::link
