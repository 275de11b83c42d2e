// SPDX-License-Identifier: MIT
// The data between the passes of Link.cpp, in the order of the passes. Every stage holds a const
// view of the one before it, so a pass can read what is settled and change nothing of it.
#pragma once

#include "abi/Abi.h"
#include "elf/Archive.h"
#include "elf/Externs.h"
#include "elf/Object.h"
#include "link/Options.h"
#include "mpy/Merge.h"

#include <memory>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace mpylink::link {

/// Everything read from files. Archive members are read by resolve(), on demand.
struct Inputs {
  std::vector<std::unique_ptr<elf::Object>> objects;
  std::vector<std::unique_ptr<elf::Archive>> archives;
  std::vector<mpy::MergeInput> modules; ///< To be merged with what is linked.
  size_t modulesBefore = 0;             ///< How many of them are in front of the first object.
  elf::Externs externs;
  std::vector<std::string> qstrs; ///< [i] is entry i + 1 of the module's qstr table.
  const abi::Abi *abi = nullptr;
  const abi::ArchInfo *target = nullptr;
  std::optional<uint32_t> archFlags; ///< Given, instead of those the objects ask for.
  bool constantsInBlock = false;     ///< Keep constants away from the code where it allows that.
  const arch::Arch *arch = nullptr;
};

/// Why a reference to a symbol cannot be linked.
enum class Refusal : uint8_t {
  Ifunc,    ///< A function that a dynamic linker would choose.
  LeftOut,  ///< In a section that is not part of a module, by its kind.
  Replaced, ///< In a copy of a COMDAT group, and another object's copy was taken.
  Told,     ///< In a section that a message refuses already.
};

/// What a symbol stands for.
struct Target {
  enum class Kind : uint8_t {
    Null,      ///< Undefined weak: address 0.
    Constant,  ///< A fixed address or number.
    Inside,    ///< `value` bytes into section or chunk `index`.
    Table,     ///< The address of a table of the firmware; `index` is an abi::Table.
    Entry,     ///< The value of fun table entry `index`.
    Got,       ///< The start of the GOT.
    Thread,    ///< A function that finds thread-local variables; `index` is an arch::ThreadCall.
    Bound,     ///< The start (value 0) or end (1) of run `index`; Inside from chunks on.
    Undefined, ///< Nothing defines it.
    Refused,   ///< Defined, but not usable in a module: `index` is a Refusal.
  };
  Kind kind = Kind::Null;
  uint32_t index = 0;
  uint64_t value = 0;

  /// Whether its value is known at link time, wherever the module is loaded.
  bool isNumber() const { return kind == Kind::Constant || kind == Kind::Null; }

  auto operator<=>(const Target &) const = default;
};

constexpr Target refused(Refusal why) {
  return {Target::Kind::Refused, static_cast<uint32_t>(why), 0};
}

struct TargetHash {
  size_t operator()(const Target &target) const {
    return std::hash<uint64_t>()(target.value * 31 + target.index * 8 + uint64_t(target.kind));
  }
};

/// All objects that take part, each symbol with its meaning. Sections of all objects share one
/// numbering: section s of object o has the number firstSection[o] + s.
struct Resolved {
  const Inputs &inputs;
  std::vector<const elf::Object *> objects;
  std::vector<std::unique_ptr<elf::Object>> extracted; ///< Archive members and common symbols.
  std::vector<std::string_view> extractedFor; ///< By object; the symbol that wanted a member.
  std::vector<uint32_t> firstSection;         ///< One more than objects.
  std::vector<bool> dropped;                  ///< By section number: copies of COMDAT groups.
  std::vector<std::vector<Target>> targets;   ///< By object and symbol.
  Target entry;
  std::vector<Target> roots; ///< What to keep besides.
  /// Section numbers of equal names, whose bounds some symbol stands for.
  std::vector<std::vector<uint32_t>> runs;
  uint32_t archFlags = 0; ///< That the objects ask for.

  uint32_t sectionCount() const { return firstSection.back(); }
  uint32_t objectOf(uint32_t section) const;
  const elf::Section &section(uint32_t number) const;
};

/// Why a section is part of the module.
struct Cause {
  enum class Kind : uint8_t {
    Entry,       ///< It has the entry function.
    Wanted,      ///< The command line asks for it.
    Constructor, ///< It lists constructors.
    Retained,    ///< It is marked to be kept whether used or not.
    Kept,        ///< Nothing is left out.
    Group,       ///< Section `from`, of the same group, is needed.
    Reference,   ///< Section `from` has the relocation `reloc` against it.
  };
  Kind kind = Kind::Kept;
  uint32_t from = 0;
  const elf::Reloc *reloc = nullptr;
};

/// Which sections the module needs.
struct Live {
  const Resolved &resolved;
  std::vector<bool> sections; ///< By section number.
  std::vector<Cause> causes;  ///< By section number; of live ones, at the fewest steps from a root.
};

/// What a section holds, from its flags and type. Literals are words in front of the code that
/// loads them. Constructors are addresses of functions to be called before the entry function.
enum class Content : uint8_t {
  Code,
  Literal,
  ReadOnly,
  Data,
  Zero,
  Constructors,
  LeftOut,
};

/// A relocation with its target looked up.
struct Ref {
  uint64_t offset; ///< In the chunk.
  const elf::Reloc *reloc;
  Target target; ///< Kind::Inside counts chunks.
  int64_t addend;
};

/// The unit of layout: a section, or one string or constant of a mergeable section.
struct Chunk {
  uint32_t section;       ///< Where it comes from, for messages and the map.
  uint64_t sectionOffset; ///< Of its first byte in that section.
  Content content;
  ByteView data; ///< Empty for Content::Zero.
  uint64_t size;
  uint64_t align;
  std::vector<Ref> refs; ///< By offset.
};

/// Code and the literals in front of it, by their chunks.
struct Pool {
  std::vector<uint32_t> literals, code;
};

/// The module's contents after merging.
struct Program {
  const Live &live;
  std::vector<Chunk> chunks;
  std::vector<Pool> pools; ///< All code in its order; one pool without literals if none are used.
  Target entry;            ///< Kind::Inside
  std::vector<Target> constructors;        ///< Kind::Inside, in the order of their calls.
  std::vector<std::vector<uint32_t>> runs; ///< Chunks that follow each other.

  const Inputs &inputs() const { return live.resolved.inputs; }
};

/// One half of an address in two instructions.
struct Half {
  const Ref *high;    ///< The upper half, which is relative to its place; null with detours.
  uint32_t highChunk; ///< Where that is.
  int64_t base;       ///< With detours: what is added to the target's address in the register.
};

/// An instruction for an upper half that is replaced by a load of the address from a GOT slot.
struct Detour {
  uint32_t chunk;
  const Ref *high;
  Target slot;
};

/// What must exist besides the chunks, and where each chunk must live.
struct Plan {
  const Program &program;
  std::vector<mpy::Segment> segment;            ///< By chunk.
  std::vector<uint64_t> align;                  ///< By chunk; at least the chunk's own.
  std::unordered_set<Target, TargetHash> slots; ///< Targets that need a GOT slot.
  std::unordered_set<Target, TargetHash> stubs; ///< Targets that need a stub.
  std::unordered_map<const Ref *, Half> halves; ///< Of addresses that are no numbers.
  std::vector<Detour> detours;                  ///< In the order of their addresses.
};

/// Offsets of everything in its segment.
struct Layout {
  const Plan &plan;
  Bytes start;                   ///< Code at text 0; empty when the entry itself is there.
  std::vector<uint64_t> address; ///< By chunk.
  std::vector<Target> stubs;     ///< In the order of their addresses.
  std::vector<uint64_t> stubAddress;
  uint64_t detours = 0; ///< Where the first one is; the others follow.
  uint64_t got = 0;
  std::vector<Target> slots; ///< In the order of their addresses.
  std::unordered_map<Target, uint32_t, TargetHash> slotIndex;
  uint64_t textSize = 0, rodataSize = 0, bssSize = 0;
};

/// The finished bytes.
struct Image {
  Bytes text, rodata;
  uint32_t bssSize = 0;
  std::vector<mpy::Reloc> relocs; ///< Sorted.
};

/// The relocation that a Need::PairedLow refers to; null when there is none at its label.
const Ref *highPart(const Program &program, const Ref &low);
/// All references at the place of `ref`, in the order of the object.
std::span<const Ref> refsAt(const Chunk &chunk, uint64_t offset);

/// A place in a chunk.
struct Place {
  const Chunk *chunk;
  uint64_t offset;
};
/// The code that loads a literal, in a pool or beside the code, which is what an author knows; any
/// other place is its own.
Place userOf(const Program &program, Place place);

/// "file:(section+offset)" of a place in a chunk.
Location locate(const Program &program, const Chunk &chunk, uint64_t offset);
/// The symbol a reference names, demangled when that helps; "a section" for unnamed ones.
std::string symbolName(const Program &program, const Chunk &chunk, const Ref &ref);

} // namespace mpylink::link
