// SPDX-License-Identifier: MIT
#include "link/MapFile.h"

#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Demangle/Demangle.h"
#include "llvm/Support/FormatVariadic.h"

#include <algorithm>

namespace mpylink::link {

namespace {

using mpy::Segment;

constexpr const char *segmentNames[] = {"text", "rodata", "bss"};
constexpr const char *tableNames[] = {"mp_fun_table", "qstr table", "object table"};

class MapWriter {
public:
  explicit MapWriter(const Layout &layout, const Image &image)
      : layout(layout), image(image), program(layout.plan.program), resolved(program.live.resolved),
        word(program.inputs().arch->wordSize()) {
    for (uint32_t i = 0; i < resolved.objects.size(); ++i)
      for (const elf::Symbol &symbol : resolved.objects[i]->symbols)
        // "$t" and the like mark kinds of code, ".L" compiler-made places.
        if (symbol.place == elf::Place::Section && symbol.type != llvm::ELF::STT_SECTION &&
            symbol.type != llvm::ELF::STT_FILE && !symbol.name.empty() &&
            !symbol.name.starts_with("$") && !symbol.name.starts_with(".L"))
          symbols[resolved.firstSection[i] + symbol.section].push_back(&symbol);
    for (auto &[section, list] : symbols)
      std::ranges::stable_sort(list, {}, &elf::Symbol::value);
  }

  std::string run() {
    line("addresses and sizes in tables are hexadecimal\n");
    writeSegment(Segment::Text, layout.textSize);
    writeSegment(Segment::Rodata, layout.rodataSize);
    writeSegment(Segment::Bss, layout.bssSize);
    writeRelocations();
    writeDiscarded();
    return std::move(out);
  }

private:
  template <typename... Args> void line(const char *format, Args &&...args) {
    out += llvm::formatv(format, std::forward<Args>(args)...).str() + "\n";
  }

  void row(uint64_t address, uint64_t size, uint64_t align, const std::string &what) {
    line("{0,8:x-} {1,8:x-} {2,5} {3}", address, size, align, what);
  }

  void writeSegment(Segment segment, uint64_t size) {
    line("{0}: {1} bytes", segmentNames[static_cast<size_t>(segment)], size);
    if (size == 0) {
      out += "\n";
      return;
    }
    line(" address     size align section");
    if (segment == Segment::Text && !layout.start.empty())
      row(0, layout.start.size(), 1,
          program.constructors.empty() ? "<entry jump>" : "<calls of constructors and the entry>");
    std::vector<uint32_t> order;
    for (uint32_t i = 0; i < program.chunks.size(); ++i)
      if (layout.plan.segment[i] == segment)
        order.push_back(i);
    std::ranges::stable_sort(order, {}, [&](uint32_t i) { return layout.address[i]; });
    for (uint32_t i : order)
      writeChunk(i);
    if (segment == Segment::Text)
      writeSynthetic();
    out += "\n";
  }

  void writeChunk(uint32_t index) {
    const Chunk &chunk = program.chunks[index];
    const uint64_t address = layout.address[index];
    Location where = locate(program, chunk, 0);
    if (chunk.sectionOffset == 0)
      where.offset.reset();
    const bool isVariable = chunk.content == Content::Data || chunk.content == Content::Zero;
    const bool inText = layout.plan.segment[index] == Segment::Text;
    row(address, chunk.size, layout.plan.align[index],
        toString(where) + (isVariable && inText ? " (variable beside the code)" : ""));
    for (const elf::Symbol *symbol : symbols[chunk.section]) {
      const uint64_t value = program.inputs().arch->codeAddress(symbol->value);
      if (value >= chunk.sectionOffset &&
          value - chunk.sectionOffset < std::max<uint64_t>(chunk.size, 1))
        line("{0,8:x-} {1,8:x-}           {2}", address + value - chunk.sectionOffset, symbol->size,
             llvm::demangle(symbol->name));
    }
  }

  std::string describe(const Target &target) {
    switch (target.kind) {
    case Target::Kind::Inside: {
      const Segment segment = layout.plan.segment[target.index];
      return std::string(segmentNames[static_cast<size_t>(segment)]) + "+" +
             hex(layout.address[target.index] + target.value);
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

  void writeSynthetic() {
    const arch::Stub stub = program.inputs().arch->stub(*program.inputs().target);
    for (size_t i = 0; i < layout.stubs.size(); ++i)
      row(layout.stubAddress[i], stub.code.size(), stub.align,
          "<stub of " + describe(layout.stubs[i]) + ">");
    const unsigned detourSize = program.inputs().arch->detourSize();
    for (size_t i = 0; i < layout.plan.detours.size(); ++i)
      row(layout.detours + i * detourSize, detourSize, 1,
          "<load of " + describe(layout.plan.detours[i].slot) + ">");
    if (layout.slots.empty())
      return;
    row(layout.got, layout.slots.size() * word, word, "<GOT>");
    for (size_t i = 0; i < layout.slots.size(); ++i)
      line("{0,8:x-} {1,8:x-}           {2}", layout.got + i * word, word,
           describe(layout.slots[i]));
  }

  void writeRelocations() {
    line("words relocated at load time: {0}", image.relocs.size());
    constexpr const char *destNames[] = {"text",       "rodata",       "bss",
                                         "qstr table", "object table", "mp_fun_table"};
    for (const mpy::Reloc &reloc : image.relocs)
      line("{0,8:x-} {1} {2}", uint64_t(reloc.word) * word,
           segmentNames[static_cast<size_t>(reloc.place)],
           reloc.dest == mpy::Dest::FunEntry
               ? "mp_fun_table." + std::string(program.inputs().abi->funTable[reloc.entry].name)
               : destNames[static_cast<size_t>(reloc.dest)]);
    out += "\n";
  }

  void writeDiscarded() {
    line("discarded sections, which nothing needs:");
    for (uint32_t i = 0; i < resolved.sectionCount(); ++i) {
      const elf::Section &section = resolved.section(i);
      if (section.has(llvm::ELF::SHF_ALLOC) && section.size != 0 && !program.live.sections[i])
        line("{0,8:x-} {1}", section.size,
             toString(
                 {resolved.objects[resolved.objectOf(i)]->name, std::string(section.name), {}}));
    }
  }

  const Layout &layout;
  const Image &image;
  const Program &program;
  const Resolved &resolved;
  const unsigned word;
  std::unordered_map<uint32_t, std::vector<const elf::Symbol *>> symbols; ///< By section number.
  std::string out;
};

} // namespace

std::string writeMap(const Layout &layout, const Image &image) {
  return MapWriter(layout, image).run();
}

} // namespace mpylink::link
