// SPDX-License-Identifier: MIT
// Every relocation is understood or refused here, from three facts: what it needs (the row of the
// architecture's table), where it is, and what its target is. The result says which GOT slots and
// stubs must exist and in which block each chunk lives:
//
//   need \ target   chunk              table, entry        fixed number   undefined weak
//   Absolute        load-time word     load-time word      number         0
//   Constant        refused            refused             number         0
//   Difference      both ends in text  stub of a function  refused        refused
//   Branch          both ends in text  stub of a function  stub           does nothing
//   Direct          both ends in text  refused             refused        refused
//   PcHigh          both ends in text  stub, else detour   number         0
//   High, Low       both ends in text  detour              number         0
//                   or detour
//   GotSlot*        slot               slot                slot           slot
//   Add, Set with   both in one block  refused             numbers        0
//     Subtract
//
// A detour needs a slot.
//
// Writable chunks that no Difference reaches live in the rodata and bss blocks, which the garbage
// collector scans; the others must keep a fixed distance from the code and live in the text block.
// Constants live beside the code unless code cannot read bytes there, or they need more alignment
// than that block has.
#include "link/AddressPairs.h"
#include "link/Passes.h"
#include "link/Undefined.h"

#include "llvm/BinaryFormat/ELF.h"

#include <algorithm>
#include <set>

namespace mpylink::link {

namespace {

using arch::Need;
using Kind = Target::Kind;

class Scanner {
public:
  Scanner(const Program &program, Diag &diag)
      : plan{program, {}, {}, {}, {}, {}, {}}, inputs(program.inputs()), diag(diag),
        undefined(program), pairs(program), near(program.chunks.size()),
        constantsInBlock(inputs.constantsInBlock ||
                         !inputs.arch->readsBytesOfText(*inputs.target)) {
    for (const Chunk &chunk : program.chunks)
      plan.align.push_back(chunk.align);
  }

  Plan run() {
    const Program &program = plan.program;
    for (uint32_t i = 0; i < plan.program.chunks.size(); ++i)
      for (const Ref &ref : plan.program.chunks[i].refs)
        scan(i, ref);
    undefined.report(diag);
    pairs.settle(plan, near, [&](uint32_t index, const Ref &ref, const std::string &what) {
      refuse("unsupported-relocation", index, ref, what, ref.reloc->desc->advice);
    });
    for (const Chunk &chunk : program.chunks)
      content.push_back(chunk.content);
    for (const std::vector<uint32_t> &run : program.runs)
      join(run);
    for (uint32_t i = 0; i < program.chunks.size(); ++i)
      plan.segment.push_back(segmentOf(i));
    // An empty chunk of a run is where the others are.
    for (const std::vector<uint32_t> &run : program.runs) {
      const auto full = std::ranges::find_if(
          run, [&](uint32_t chunk) { return program.chunks[chunk].size != 0; });
      if (full != run.end())
        for (const uint32_t i : run)
          plan.segment[i] = plan.segment[*full];
    }
    return std::move(plan);
  }

private:
  mpy::Segment segmentOf(uint32_t chunk) const {
    // An empty variable takes no room, and where nothing else is there would be no block.
    if (plan.program.chunks[chunk].size == 0)
      return mpy::Segment::Text;
    switch (content[chunk]) {
    case Content::Data:
      return near[chunk] ? mpy::Segment::Text : mpy::Segment::Rodata;
    case Content::Zero:
      return near[chunk] ? mpy::Segment::Text : mpy::Segment::Bss;
    case Content::ReadOnly:
      return !near[chunk] && (constantsInBlock || isBetterAlignedInBlock(chunk))
                 ? mpy::Segment::Rodata
                 : mpy::Segment::Text;
    case Content::Code:
    case Content::Literal:
    case Content::Constructors:
    case Content::LeftOut:
      break;
    }
    return mpy::Segment::Text;
  }

  /// Chunks of one run go where all of them can: what is written cannot be among constants, and
  /// what has contents cannot be among zeros.
  void join(const std::vector<uint32_t> &run) {
    uint64_t align = 1;
    bool isNear = false;
    std::set<Content> contents;
    for (const uint32_t i : run) {
      align = std::max(align, plan.align[i]);
      isNear = isNear || near[i];
      contents.insert(content[i]);
    }
    for (const uint32_t i : run) {
      near[i] = isNear;
      if (contents.size() > 1)
        content[i] = Content::Data;
      if (i == run.front())
        plan.align[i] = align;
    }
  }

  bool isBetterAlignedInBlock(uint32_t chunk) const {
    return plan.align[chunk] > inputs.arch->textAlign() &&
           inputs.arch->heapAlign() > inputs.arch->textAlign();
  }

  void refuse(std::string_view id, uint32_t index, const Ref &ref, const std::string &what,
              std::string_view advice) {
    const Chunk &chunk = plan.program.chunks[index];
    const Place user = userOf(plan.program, {&chunk, ref.offset});
    const std::string name = ref.reloc->desc ? std::string(ref.reloc->desc->name)
                                             : "relocation type " + std::to_string(ref.reloc->type);
    std::vector<Note> notes = undefined.referencedBy(*user.chunk, user.offset);
    if (!advice.empty())
      notes.push_back({"hint", std::string(advice)});
    diag.add({Severity::Error, id, locate(plan.program, *user.chunk, user.offset),
              name + " against " + symbolName(plan.program, chunk, ref) + ": " + what,
              std::move(notes)});
  }

  void scan(uint32_t index, const Ref &ref) {
    const arch::RelocDesc *desc = ref.reloc->desc;
    const Chunk &chunk = plan.program.chunks[index];
    if (!desc)
      return refuse("unsupported-relocation", index, ref, "this relocation type is not known",
                    "report it with the object file and the compiler's command line");
    if (desc->need == Need::Nothing)
      return;
    if (desc->need == Need::Refused && !isNews(index, ref))
      return;
    if (desc->need == Need::Refused)
      return refuse("unsupported-relocation", index, ref, "no module can have this relocation",
                    desc->advice);
    if (ref.target.kind == Kind::Undefined)
      return undefined.add(chunk, ref);
    if (ref.target.kind == Kind::Refused)
      return refuseSymbol(index, ref);
    if (const std::string_view misfit = inputs.arch->misfit(*desc, chunk.data, ref.offset);
        !misfit.empty())
      return refuse("unsupported-relocation", index, ref, std::string(misfit),
                    inputs.arch->misfitAdvice(*desc));
    if (ref.target.kind == Kind::Thread)
      return checkThreadCall(index, ref);
    checkQstrs(index, ref);
    switch (desc->need) {
    case Need::Absolute:
      if (!ref.target.isNumber())
        needWord(index, ref);
      break;
    case Need::Constant:
      if (!ref.target.isNumber())
        refuse("unsupported-relocation", index, ref,
               "the address is known at load time only, and a loader relocates whole words only",
               desc->advice);
      break;
    case Need::High:
    case Need::Low:
      if (!ref.target.isNumber())
        pairs.add(index, ref);
      break;
    case Need::Difference:
    case Need::Branch:
    case Need::Direct:
    case Need::GotDifference:
    case Need::PcHigh:
      needDistance(index, ref);
      break;
    case Need::PairedLow:
      if (!highPart(plan.program, ref) && !isTold(ref))
        refuse("unsupported-relocation", index, ref,
               "there is no upper part of an address at the label",
               "%pcrel_lo() takes the label of the instruction that has %pcrel_hi()");
      break;
    case Need::Add:
    case Need::Subtract:
    case Need::Set:
      needSum(index, ref);
      break;
    case Need::GotSlotWord:
      needWord(index, ref);
      [[fallthrough]];
    case Need::GotSlot:
    case Need::GotSlotPc:
      plan.slots.insert(ref.target);
      if (desc->need == Need::GotSlotPc)
        near[index] = true;
      break;
    case Need::GotBase:
      near[index] = true;
      break;
    case Need::Size:
    case Need::Nothing:
    case Need::ThreadPointer:
    case Need::Padding: // Taken out when the object was read.
    case Need::Refused:
      break;
    }
  }

  bool isThreadLocal(const Chunk &chunk, const Ref &ref) const {
    const Resolved &resolved = plan.program.live.resolved;
    const auto &symbols = resolved.objects[resolved.objectOf(chunk.section)]->symbols;
    return ref.reloc->symbol < symbols.size() &&
           symbols[ref.reloc->symbol].type == llvm::ELF::STT_TLS;
  }

  /// Thread-local variables are told once: one use of them takes several relocations.
  bool isNews(uint32_t index, const Ref &ref) {
    const Chunk &chunk = plan.program.chunks[index];
    return isThreadLocal(chunk, ref)
               ? toldThreadLocal.insert(symbolName(plan.program, chunk, ref)).second
               : !isTold(ref);
  }

  void checkThreadCall(uint32_t index, const Ref &ref) {
    const Chunk &chunk = plan.program.chunks[index];
    if (!inputs.arch->withoutThreadCall(static_cast<arch::ThreadCall>(ref.target.index),
                                        *ref.reloc->desc, chunk.data, ref.offset))
      refuse("unsupported-relocation", index, ref,
             "the function finds thread-local variables, and only calls of it by name can be "
             "rewritten",
             "compile without -mlong-calls and -mcmodel=large, or do not use the function");
  }

  /// Whether the label that a lower part names has an upper part which is refused for its variable.
  bool isTold(const Ref &low) const {
    if (low.target.kind != Kind::Inside)
      return false;
    const Chunk &chunk = plan.program.chunks[low.target.index];
    return std::ranges::any_of(refsAt(chunk, low.target.value), [&](const Ref &ref) {
      return ref.reloc->desc && ref.reloc->desc->need == Need::Refused && isThreadLocal(chunk, ref);
    });
  }

  static bool isSummand(const Ref &ref) {
    const Need need = ref.reloc->desc->need;
    return need == Need::Add || need == Need::Subtract || need == Need::Set;
  }

  /// Of the addresses that are added and subtracted at one place, only their distances stay.
  void needSum(uint32_t index, const Ref &ref) {
    int sign = 0;
    const Ref *foreign = nullptr; // What is at no distance from the module.
    const Ref *first = nullptr;
    const auto parts = refsAt(plan.program.chunks[index], ref.offset);
    for (const Ref &part : parts) {
      if (!part.reloc->desc)
        continue;
      first = first || !isSummand(part) ? first : &part;
      if (part.target.isNumber())
        continue;
      if (part.target.kind != Kind::Inside)
        foreign = foreign ? foreign : &part;
      else if (part.reloc->desc->need == Need::Subtract)
        --sign;
      else
        ++sign;
    }
    if (foreign || sign != 0) {
      // Once for a place.
      if (&ref != (foreign && isSummand(*foreign) ? foreign : first))
        return;
      return refuse("unsupported-relocation", index, ref,
                    "the address is known at load time only, and only the distance of two "
                    "addresses can be stored here",
                    ref.reloc->desc->advice);
    }
    // In one chunk the distance is fixed anyhow; else both must be in one block.
    for (const Ref &part : parts)
      if (part.target.kind == Kind::Inside && ref.target.kind == Kind::Inside &&
          part.target.index != ref.target.index)
        near[part.target.index] = near[ref.target.index] = true;
  }

  void refuseSymbol(uint32_t index, const Ref &ref) {
    switch (static_cast<Refusal>(ref.target.index)) {
    case Refusal::Ifunc:
      return refuse("unsupported-symbol", index, ref,
                    "the function is chosen at run time (an ifunc), which needs a dynamic linker",
                    "define the function plainly, without the ifunc attribute, or link another "
                    "library: glibc's static libraries are not for bare metal");
    case Refusal::LeftOut:
      return refuse("unsupported-symbol", index, ref,
                    "its section is not part of a module, like debug information, notes and "
                    "unwind tables",
                    "remove the code that reads the section at run time");
    case Refusal::Replaced:
      return refuse("unsupported-symbol", index, ref,
                    "its section belongs to a COMDAT group of which another object's copy was "
                    "taken",
                    "compile all objects with the same compiler and options");
    case Refusal::Told:
      return;
    }
  }

  /// Without the header, or with that of other sources, names would be read beyond the table.
  void checkQstrs(uint32_t index, const Ref &ref) {
    if (ref.target != Target{Kind::Table, static_cast<uint32_t>(abi::Table::Qstr), 0})
      return;
    if (inputs.qstrs.empty() && !saidNoQstrs) {
      saidNoQstrs = true;
      refuse("no-qstrs", index, ref,
             "the code uses MP_QSTR_ names, but no -qstrs file numbers them",
             "give the header that mpylink -preprocess made and the sources include: -qstrs FILE");
    }
  }

  /// A word that the loader relocates.
  void needWord(uint32_t index, const Ref &ref) {
    const uint64_t word = inputs.arch->wordSize();
    if (ref.offset % word == 0) {
      plan.align[index] = std::max(plan.align[index], word);
      return;
    }
    refuse("misaligned-word", index, ref,
           "the address is not at a multiple of " + std::to_string(word) +
               " bytes, and a loader relocates aligned words only",
           plan.program.chunks[index].content == Content::Code
               ? ref.reloc->desc->advice
               : "do not pack structures that hold pointers");
  }

  /// Place and target must be at a distance that is known at link time.
  void needDistance(uint32_t index, const Ref &ref) {
    const bool isBranch = ref.reloc->desc->need == Need::Branch;
    const bool isDirect = ref.reloc->desc->need == Need::Direct;
    const bool takesNumber = ref.reloc->desc->need == Need::PcHigh;
    switch (ref.target.kind) {
    case Kind::Inside:
      near[ref.target.index] = true;
      near[index] = true;
      return;
    case Kind::Got:
      near[index] = true;
      return;
    case Kind::Entry:
      if (!inputs.abi->funTable[ref.target.index].isFunction || isDirect)
        break;
      return needStub(index, ref);
    case Kind::Null:
      if (isBranch || takesNumber)
        return;
      return refuse("unsupported-relocation", index, ref,
                    "the symbol is undefined and weak, so its address is 0, which is at no fixed "
                    "distance from the code",
                    isDirect ? ref.reloc->desc->advice
                             : "remove the visibility attribute, or compile with -fpic");
    case Kind::Constant:
      if (takesNumber)
        return;
      if (!isBranch)
        return refuse("unsupported-relocation", index, ref,
                      "the symbol has a fixed address, which is at no fixed distance from the code",
                      isDirect
                          ? ref.reloc->desc->advice
                          : "use the address through a pointer variable, or compile with -fpic");
      return needStub(index, ref);
    case Kind::Table:
    case Kind::Bound:
    case Kind::Thread:
    case Kind::Undefined:
    case Kind::Refused:
      break;
    }
    if (takesNumber)
      return needDetour(index, ref);
    refuse("unsupported-relocation", index, ref,
           "the symbol is in the firmware, at no fixed distance from the code",
           ref.reloc->desc->advice);
  }

  /// The address comes from a word, and the lower part only adds what it adds to the address.
  void needDetour(uint32_t index, const Ref &ref) {
    plan.slots.insert(ref.target);
    plan.detours.push_back({index, &ref, ref.target});
    plan.halves[&ref] = {nullptr, 0, 0};
    near[index] = true;
  }

  void needStub(uint32_t index, const Ref &ref) {
    if (ref.addend != 0 && ref.addend != inputs.arch->branchAddend(*ref.reloc->desc))
      return refuse("unsupported-relocation", index, ref,
                    "the place meant is inside a function at a fixed address or in the firmware, "
                    "and only its start can be reached",
                    "call the function itself");
    plan.stubs.insert(ref.target);
    near[index] = true;
  }

  Plan plan;
  const Inputs &inputs;
  Diag &diag;
  UndefinedSymbols undefined;
  AddressPairs pairs;
  bool saidNoQstrs = false;
  std::set<std::string> toldThreadLocal; ///< Names of variables.
  std::vector<bool> near;                ///< By chunk: at a fixed distance from the code.
  std::vector<Content> content;          ///< By chunk; one for all of a run.
  const bool constantsInBlock;
};

} // namespace

Plan scan(const Program &program, Diag &diag) { return Scanner(program, diag).run(); }

} // namespace mpylink::link
