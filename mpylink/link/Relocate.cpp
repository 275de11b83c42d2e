// SPDX-License-Identifier: MIT
// Layout -> bytes. Each field gets its value by the architecture's formula; each word whose value
// depends on where the module is loaded gets its addend, and an entry in the list of relocations.
#include "link/Passes.h"

#include "llvm/BinaryFormat/ELF.h"

#include <algorithm>

namespace mpylink::link {

namespace {

using arch::Need;
using Kind = Target::Kind;
using mpy::Dest;
using mpy::Segment;

/// An object may hold any addend.
int64_t sum(int64_t a, int64_t b) {
  return static_cast<int64_t>(static_cast<uint64_t>(a) + static_cast<uint64_t>(b));
}
int64_t negative(int64_t a) { return static_cast<int64_t>(-static_cast<uint64_t>(a)); }

class Relocator {
public:
  Relocator(const Layout &layout, Diag &diag)
      : layout(layout), plan(layout.plan), program(plan.program), inputs(program.inputs()),
        arch(*inputs.arch), word(arch.wordSize()), stub(arch.stub(*inputs.target)), diag(diag) {
    image.text.resize(layout.textSize);
    image.rodata.resize(layout.rodataSize);
    image.bssSize = static_cast<uint32_t>(layout.bssSize);
  }

  Image run() {
    std::ranges::copy(layout.start, image.text.begin());
    for (uint32_t i = 0; i < program.chunks.size(); ++i)
      copyChunk(i);
    for (uint32_t i = 0; i < program.chunks.size(); ++i)
      for (const Ref &ref : program.chunks[i].refs)
        apply(i, ref);
    writeStubs();
    writeDetours();
    for (size_t i = 0; i < layout.slots.size(); ++i)
      putWord(Segment::Text, layout.got + i * word, layout.slots[i], 0);
    checkWords();
    return std::move(image);
  }

private:
  Bytes &bytesOf(Segment segment) { return segment == Segment::Text ? image.text : image.rodata; }

  void copyChunk(uint32_t index) {
    const Chunk &chunk = program.chunks[index];
    if (!chunk.data.empty())
      std::ranges::copy(chunk.data, bytesOf(plan.segment[index]).begin() +
                                        static_cast<std::ptrdiff_t>(layout.address[index]));
  }

  /// The link-time part of a target's address: the offset in its block.
  uint64_t addressOf(const Target &target) const {
    switch (target.kind) {
    case Kind::Inside:
      return layout.address[target.index] + target.value;
    case Kind::Constant:
      return target.value;
    case Kind::Got:
      return layout.got;
    default:
      return 0;
    }
  }

  void putWord(Segment segment, uint64_t offset, const Target &target, int64_t addend) {
    const ByteSpan at = ByteSpan(bytesOf(segment)).subspan(offset, word);
    writeUint(at, addressOf(target) + static_cast<uint64_t>(addend));
    mpy::Reloc reloc{segment, static_cast<uint32_t>(offset / word), Dest::Text, 0};
    switch (target.kind) {
    case Kind::Null:
    case Kind::Constant:
    case Kind::Bound:
    case Kind::Thread:
    case Kind::Undefined:
    case Kind::Refused:
      return;
    case Kind::Got:
      break;
    case Kind::Inside: {
      constexpr Dest dests[] = {Dest::Text, Dest::Rodata, Dest::Bss};
      reloc.dest = dests[static_cast<size_t>(plan.segment[target.index])];
      break;
    }
    case Kind::Table: {
      constexpr Dest dests[] = {Dest::FunTable, Dest::QstrTable, Dest::ObjTable};
      reloc.dest = dests[target.index];
      break;
    }
    case Kind::Entry:
      reloc.dest = Dest::FunEntry;
      reloc.entry = static_cast<uint8_t>(target.index);
      break;
    }
    image.relocs.push_back(reloc);
  }

  void writeStubs() {
    for (size_t i = 0; i < layout.stubs.size(); ++i) {
      std::ranges::copy(stub.code,
                        image.text.begin() + static_cast<std::ptrdiff_t>(layout.stubAddress[i]));
      Target target = layout.stubs[i];
      if (target.kind == Kind::Constant)
        target.value = arch.codePointer(target.value);
      putWord(Segment::Text, layout.stubAddress[i] + stub.word, target, 0);
    }
  }

  uint64_t stubOf(const Target &target) const {
    const auto found = std::ranges::lower_bound(layout.stubs, target);
    return layout.stubAddress[static_cast<size_t>(found - layout.stubs.begin())] + stub.entry;
  }

  /// What the architecture's formula of `ref` takes.
  arch::Fixup fixupOf(uint32_t index, const Ref &ref) {
    const uint64_t place = layout.address[index] + ref.offset;
    const Target &target = ref.target;
    arch::Fixup fixup{*ref.reloc->desc,
                      static_cast<int64_t>(addressOf(target)),
                      addendOf(index, ref),
                      static_cast<int64_t>(place),
                      0,
                      static_cast<int64_t>(layout.got),
                      0,
                      ByteSpan(bytesOf(plan.segment[index])),
                      place};
    switch (ref.reloc->desc->need) {
    case Need::High:
    case Need::Low:
      fixup.absolute = target.isNumber();
      break;
    case Need::PcHigh:
      fixup.absolute = target.isNumber();
      if (target.kind == Kind::Entry && !plan.halves.contains(&ref)) // Else there is a detour.
        fixup.S = static_cast<int64_t>(arch.codePointer(stubOf(target)));
      break;
    case Need::Branch:
    case Need::Difference:
    case Need::GotDifference:
      if (target.kind == Kind::Entry || target.kind == Kind::Constant)
        fixup.S = static_cast<int64_t>(arch.codePointer(stubOf(target)));
      break;
    case Need::GotSlot:
    case Need::GotSlotPc:
      fixup.G = slotOffset(target);
      break;
    case Need::Size:
      fixup.Z = sizeOf(index, ref);
      break;
    default:
      break;
    }
    return fixup;
  }

  void apply(uint32_t index, const Ref &ref) {
    const arch::RelocDesc &desc = *ref.reloc->desc;
    const Segment segment = plan.segment[index];
    const uint64_t place = layout.address[index] + ref.offset;
    if (ref.target.kind == Kind::Thread && desc.need != Need::Nothing)
      return dropThreadCall(segment, place, ref);
    switch (desc.need) {
    case Need::Nothing:
    case Need::Padding:
      return;
    case Need::Absolute:
      return putWord(segment, place, ref.target, addendOf(index, ref));
    case Need::GotSlotWord:
      return putWord(segment, place, {Kind::Got, 0, 0}, slotOffset(ref.target) + ref.addend);
    case Need::PairedLow:
      return applyLow(index, ref);
    case Need::High:
    case Need::Low:
    case Need::PcHigh:
      if (const auto half = plan.halves.find(&ref); half != plan.halves.end())
        return applyHalf(index, ref, half->second);
      break;
    default:
      break;
    }
    const arch::Fixup fixup = fixupOf(index, ref);
    if (desc.need == Need::Branch && ref.target.kind == Kind::Null)
      return arch.neutralise(fixup);
    const int64_t value = arch.value(fixup);
    if (const std::string problem = arch::outOfRange(desc, value); !problem.empty())
      return reportRange(index, ref, problem);
    arch.encode(fixup, value);
  }

  void dropThreadCall(Segment segment, uint64_t place, const Ref &ref) {
    const ByteSpan bytes(bytesOf(segment));
    const std::optional<arch::Patch> patch = arch.withoutThreadCall(
        static_cast<arch::ThreadCall>(ref.target.index), *ref.reloc->desc, bytes, place);
    std::ranges::copy(patch->code, bytes.subspan(patch->offset).begin());
  }

  void applyHalf(uint32_t index, const Ref &ref, const Half &half) {
    const bool isLow = ref.reloc->desc->need == Need::Low;
    if (!half.high) {
      if (isLow) // The instruction of the upper half becomes a jump later.
        applyDetouredLow(index, ref, half.base);
      return;
    }
    const int64_t value = arch.value(fixupOf(half.highChunk, *half.high));
    if (!isLow)
      if (const std::string problem = arch::outOfRange(*ref.reloc->desc, value); !problem.empty())
        return reportRange(index, ref, problem);
    arch.encode(fixupOf(index, ref), value);
  }

  /// The register has the whole address plus `base`, to which the lower half adds less than a
  /// carry.
  void applyDetouredLow(uint32_t index, const Ref &ref, int64_t base) {
    const int64_t value = sum(ref.addend, negative(base));
    if (!arch.sameHighPart(0, value))
      return reportRange(index, ref, "the addend " + std::to_string(value) + " is too large");
    arch.encode(fixupOf(index, ref), value);
  }

  void writeDetours() {
    for (size_t i = 0; i < plan.detours.size(); ++i) {
      const Detour &detour = plan.detours[i];
      const arch::Fixup fixup = fixupOf(detour.chunk, *detour.high);
      const auto start = static_cast<int64_t>(layout.detours + i * arch.detourSize());
      const int64_t slot = static_cast<int64_t>(layout.got) + slotOffset(detour.slot);
      const Bytes code = arch.detour(fixup, start - fixup.P, slot - start);
      if (code.empty()) {
        reportRange(detour.chunk, *detour.high,
                    "the code is " + std::to_string(start - fixup.P) +
                        " bytes away from the load of the address");
        continue;
      }
      std::ranges::copy(code, image.text.begin() + start);
    }
  }

  /// The lower part goes with the upper part at its label. With an addend of its own it must not
  /// carry into the upper part.
  void applyLow(uint32_t index, const Ref &ref) {
    const Ref &high = *highPart(program, ref);
    if (plan.halves.contains(&high))
      return applyDetouredLow(index, ref, negative(high.addend));
    const arch::Fixup highFixup = fixupOf(ref.target.index, high);
    const int64_t value = arch.value(highFixup), lowValue = sum(value, ref.addend);
    if (!arch.sameHighPart(value, lowValue))
      return reportRange(index, ref,
                         "the addend " + std::to_string(ref.addend) +
                             " needs another upper part than the label's instruction has");
    arch::Fixup fixup = fixupOf(index, ref);
    fixup.absolute = highFixup.absolute;
    arch.encode(fixup, lowValue);
  }

  /// Two relocations of one word: the loader would add both addresses.
  void checkWords() {
    std::ranges::sort(image.relocs);
    const auto sameWord = [](const mpy::Reloc &a, const mpy::Reloc &b) {
      return a.place == b.place && a.word == b.word;
    };
    for (auto at = image.relocs.begin();;) {
      at = std::adjacent_find(at, image.relocs.end(), sameWord);
      if (at == image.relocs.end())
        return;
      const uint64_t offset = uint64_t(at->word) * word;
      for (uint32_t i = 0; i < program.chunks.size(); ++i)
        if (plan.segment[i] == at->place && offset >= layout.address[i] &&
            offset - layout.address[i] < program.chunks[i].size)
          diag.error("overlapping-relocations",
                     locate(program, program.chunks[i], offset - layout.address[i]),
                     "two relocations of the same word", "compile the object again");
      ++at;
    }
  }

  int64_t slotOffset(const Target &target) const {
    return static_cast<int64_t>(layout.slotIndex.at(target)) * word;
  }

  /// The symbol that knows size and type; a reference in another object knows neither.
  const elf::Symbol *definitionOf(uint32_t index, const Ref &ref) const {
    const Resolved &resolved = program.live.resolved;
    const elf::Object &object = *resolved.objects[resolved.objectOf(program.chunks[index].section)];
    if (ref.reloc->symbol >= object.symbols.size())
      return nullptr;
    const elf::Symbol &symbol = object.symbols[ref.reloc->symbol];
    if (symbol.place == elf::Place::Undefined && ref.target.kind == Kind::Inside)
      for (const elf::Object *other : resolved.objects)
        for (const elf::Symbol &definition : other->symbols)
          if (definition.name == symbol.name && !definition.isLocal() &&
              definition.place == elf::Place::Section)
            return &definition;
    return &symbol;
  }

  int64_t sizeOf(uint32_t index, const Ref &ref) const {
    const elf::Symbol *definition = definitionOf(index, ref);
    return definition ? static_cast<int64_t>(definition->size) : 0;
  }

  /// A function's value may have a bit that is no part of its address, and a bit of the addend in
  /// its place stands for it: (S + A) | T in aaelf32.
  int64_t addendOf(uint32_t index, const Ref &ref) const {
    const uint64_t bit = arch.codePointer(0);
    if ((static_cast<uint64_t>(ref.addend) & bit) == 0 || (ref.target.value & bit) == 0 ||
        ref.target.kind != Kind::Inside)
      return ref.addend;
    const elf::Symbol *definition = definitionOf(index, ref);
    return definition && definition->type == llvm::ELF::STT_FUNC
               ? sum(ref.addend, -static_cast<int64_t>(bit))
               : ref.addend;
  }

  void reportRange(uint32_t index, const Ref &ref, const std::string &problem) {
    const Chunk &chunk = program.chunks[index];
    Diagnostic diagnostic{Severity::Error,
                          "out-of-range",
                          locate(program, chunk, ref.offset),
                          std::string(ref.reloc->desc->name) + " against " +
                              symbolName(program, chunk, ref) + ": " + problem,
                          {}};
    if (ref.target.kind == Kind::Inside)
      diagnostic.notes.push_back(
          {"target", toString(locate(program, program.chunks[ref.target.index], ref.target.value)) +
                         ", at text offset " + hex(addressOf(ref.target))});
    const arch::RelocDesc &desc = *ref.reloc->desc;
    std::string hint(desc.farAdvice);
    if (problem.ends_with(" is not a multiple of " + std::to_string(desc.align)))
      hint = "align the target: put .balign " + std::to_string(desc.align) + " in front of it";
    else if (hint.empty())
      hint = "make the module smaller, or call through a function pointer";
    diagnostic.notes.push_back({"hint", hint});
    diag.add(std::move(diagnostic));
  }

  const Layout &layout;
  const Plan &plan;
  const Program &program;
  const Inputs &inputs;
  const arch::Arch &arch;
  const unsigned word;
  const arch::Stub stub;
  Diag &diag;
  Image image;
};

} // namespace

Image relocate(const Layout &layout, Diag &diag) { return Relocator(layout, diag).run(); }

} // namespace mpylink::link
