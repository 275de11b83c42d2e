// SPDX-License-Identifier: MIT
// The one interface between the linker and a processor: numbers in, bytes out. An architecture
// describes each relocation once, in a row of its table; scanning, range checks, messages and tests
// all read that row. No ELF reading and no .mpy writing here.
#pragma once

#include "abi/Abi.h"
#include "support/Bytes.h"
#include "support/Result.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mpylink::arch {

/// What must exist before a relocation can be applied. The letters are those of the psABIs:
/// S symbol, A addend, P place, G offset of the GOT slot in the GOT, GOT its address, Z symbol
/// size.
enum class Need : uint8_t {
  Nothing,       ///< A marker.
  Absolute,      ///< S + A in a whole word, relocated at load time.
  Constant,      ///< S + A in less than a whole word: only for a target known at link time.
  Difference,    ///< S + A - P: both ends in one block.
  Branch,        ///< S + A - P of a call or jump, which may go through a stub.
  Direct,        ///< S + A - P of an instruction for which no stub can stand in.
  GotDifference, ///< S + A - GOT: the target lies in the block of the GOT.
  GotBase,       ///< GOT + A - P.
  GotSlot,       ///< G + A.
  GotSlotPc,     ///< GOT + G + A - P.
  GotSlotWord,   ///< GOT + G + A in a whole word, relocated at load time.
  Size,          ///< Z + A.
  PcHigh,        ///< Upper part of S + A - P. Against a number the instruction takes S + A instead.
  PairedLow,     ///< Lower part of the value of the PcHigh or GotSlotPc relocation at the place S.
  High,          ///< Upper part of S + A. Of an address in the module, see Arch::detour().
  Low,           ///< Lower part of S + A, in the function that has the upper one in a register.
  Add,           ///< Field + S + A. Only in sums of one block's addresses, where the block cancels.
  Subtract,      ///< Field - (S + A), likewise.
  Set,           ///< S + A, likewise.
  ThreadPointer, ///< 0 instead of the start of the thread's variables: encode() sees to it.
  Padding,       ///< A bytes of padding, from which the linker takes what an alignment needs.
  Refused,       ///< Understood, but no module can have it: `advice` tells what to do instead.
};

/// How a field of `bits` bits is read back, for the range check.
enum class Range : uint8_t {
  Signed,
  Unsigned,
  Either,
  Magnitude, ///< Unsigned, with a sign elsewhere in the instruction.
  Backward,  ///< Of a negative number, whose upper bits are all ones.
  Rounded,   ///< Signed, after adding half of 4096: the upper of two parts, the lower one signed.
};

/// One row of an architecture's relocation table.
struct RelocDesc {
  uint32_t type;         ///< R_*
  std::string_view name; ///< As the psABI spells it.
  Need need;
  uint8_t bytes; ///< Bytes touched at the place.
  uint8_t bits;  ///< Width of the value before any scaling; 0: not checked.
  Range range = Range::Signed;
  uint8_t align = 1;               ///< The value must be a multiple of this.
  std::string_view advice = {};    ///< Which compiler flag helps when it cannot be applied.
  std::string_view farAdvice = {}; ///< And when the target is too far away.
};

/// One application of a relocation.
struct Fixup {
  const RelocDesc &desc;
  int64_t S, A, P, G, GOT, Z;
  ByteSpan section;      ///< All bytes around the place.
  size_t offset;         ///< Of the place in `section`.
  bool absolute = false; ///< Halves of addresses: the target is a number.

  /// The `desc.bytes` bytes at the place.
  ByteSpan at() const { return section.subspan(offset, desc.bytes); }
};

/// Code that jumps to an address which is known at load time only.
struct Stub {
  Bytes code;
  uint8_t align;
  uint8_t word;      ///< Offset in `code` of the word that holds the address; word aligned.
  uint8_t entry = 0; ///< Offset in `code` of its first instruction.
};

/// What keeps the entry function's arguments, its return address and the stack's alignment while
/// constructors run.
struct Frame {
  Bytes save, restore;
};

/// Functions that compilers call to reach a thread-local variable. A module has one thread, whose
/// variables are ordinary ones, so such a call becomes a few instructions.
enum class ThreadCall : uint8_t {
  Variable, ///< It gets what the relocations of its argument say, and returns an address.
  Pointer,  ///< It returns the thread pointer, which counts as 0: offsets from it are addresses.
};

/// Bytes that take the place of others.
struct Patch {
  size_t offset; ///< In the section.
  Bytes code;
};

/// What an object's header and build attributes say of its processor and calling convention.
struct ObjectAbi {
  uint64_t key = 0;                         ///< The architecture's own encoding.
  std::string text;                         ///< For messages: "Cortex-M4 code, hard-float calls".
  std::vector<std::string> extensions = {}; ///< Of the instruction set, where objects name them.
};

class Arch {
public:
  virtual ~Arch() = default;

  /// Bytes of a pointer.
  virtual unsigned wordSize() const = 0;
  /// The alignment that compilers give large objects unasked, on which no code depends.
  virtual unsigned unaskedAlign() const { return 1; }
  virtual std::span<const RelocDesc> relocs() const = 0;
  /// The row for a relocation whose place is the start of `at`, or null for an unknown type. Where
  /// one type serves several instructions, it has a row for each.
  virtual const RelocDesc *rowAt(uint32_t type, ByteView at) const;
  /// Clears the bits of a function's symbol value that are not part of its address (Thumb).
  virtual uint64_t codeAddress(uint64_t value) const { return value; }
  /// The reverse: what a symbol of a function at `address` has as its value.
  virtual uint64_t codePointer(uint64_t address) const { return address; }

  /// The addend that REL objects keep at the place.
  virtual int64_t addendAt(const RelocDesc &desc, ByteView at) const;
  /// Whether RELA objects keep a part of the addend there as well.
  virtual bool addsToPlace(const RelocDesc &) const { return false; }
  /// The addend with which a branch of that row reaches its symbol's own address.
  virtual int64_t branchAddend(const RelocDesc &) const { return 0; }
  /// Why the instruction at `offset` does not fit the relocation; empty when it does.
  virtual std::string_view misfit(const RelocDesc &desc, ByteView section, size_t offset) const;
  /// What to do about a misfit.
  virtual std::string_view misfitAdvice(const RelocDesc &desc) const { return desc.advice; }
  /// The psABI's formula, modulo the size of an address.
  virtual int64_t value(const Fixup &fixup) const;
  /// Packs a checked value into the field; all other bits stay.
  virtual void encode(const Fixup &fixup, int64_t value) const;
  /// Whether two values differ in the lower part only, which Need::PairedLow holds.
  virtual bool sameHighPart(int64_t a, int64_t b) const { return a == b; }
  /// An instruction with Need::High sets a register. It can be made relative to its place when it
  /// is the only one for its target in a function. Else it becomes a jump over `distance` bytes to
  /// a detour: code that loads the word `slot` bytes from its own start into the same register, and
  /// jumps back. Empty when something is out of reach.
  virtual Bytes detour(const Fixup & /*high*/, int64_t /*distance*/, int64_t /*slot*/) const {
    return {};
  }
  virtual unsigned detourSize() const { return 0; }
  /// Whether a function is one of ThreadCall.
  virtual std::optional<ThreadCall> threadCall(std::string_view /*function*/) const {
    return std::nullopt;
  }
  /// What takes the place of a call of such a function; empty for other instructions.
  virtual std::optional<Patch> withoutThreadCall(ThreadCall, const RelocDesc &,
                                                 ByteView /*section*/, size_t /*offset*/) const {
    return std::nullopt;
  }
  /// Whether an object with a relocation of that type has instructions that use the thread pointer
  /// and no relocation to tell, which threadPointerUses() finds.
  virtual bool hidesThreadPointer(uint32_t /*type*/) const { return false; }
  /// Their offsets, for relocations of the type threadPointerType().
  virtual std::vector<uint64_t> threadPointerUses(ByteView /*code*/) const { return {}; }
  virtual uint32_t threadPointerType() const { return 0; }

  /// Turns a call to an undefined weak symbol into one that does nothing.
  virtual void neutralise(const Fixup &fixup) const = 0;

  /// A jump from offset 0 of the text to `distance`, or empty when that is out of reach. Registers
  /// and stack arrive as in a direct call.
  virtual Bytes entryJump(int64_t distance, const abi::ArchInfo &target) const = 0;
  virtual Stub stub(const abi::ArchInfo &target) const = 0;

  /// Code at offset 0 of the text that calls functions without arguments and goes on with the
  /// entry function, to which registers and stack are as in a direct call. All are offsets in the
  /// text. Empty when one is out of reach.
  Bytes startCode(std::span<const uint64_t> constructors, uint64_t entry,
                  const abi::ArchInfo &target) const;
  virtual Frame frame(const abi::ArchInfo &target) const = 0;
  virtual Bytes call(uint64_t from, uint64_t to, const abi::ArchInfo &target) const = 0;
  /// The end of the start code, after Frame::restore.
  virtual Bytes enter(uint64_t from, uint64_t to, const abi::ArchInfo &target) const;

  /// Fills what stays of Need::Padding with instructions that do nothing.
  virtual void pad(ByteSpan) const {}
  /// Sections of words that instructions load at a distance of at most poolReach() backwards: each
  /// word is a piece of its own, equal ones are merged, and all lie in front of their users.
  virtual bool isLiteralPool(std::string_view) const { return false; }
  virtual uint64_t poolReach() const { return 0; }
  /// Whether code can read single bytes of the block that holds the code. Else constants live in
  /// the rodata block.
  virtual bool readsBytesOfText(const abi::ArchInfo &) const { return true; }
  /// The alignment of the firmware's heap, whose blocks are of four words.
  unsigned heapAlign() const { return 4 * wordSize(); }
  /// The alignment of the code's block, which most firmware takes from the heap.
  virtual unsigned textAlign() const { return heapAlign(); }

  /// Stack-unwinding tables, which nothing in a module reads.
  virtual bool isUnwindTable(std::string_view section) const {
    return section.starts_with(".eh_frame") || section.starts_with(".gcc_except_table");
  }
  /// Whether a section holds the object's build attributes.
  virtual bool isAttributes(uint32_t /*type*/, std::string_view /*name*/) const { return false; }
  /// Fails when the object is for a processor state no module runs in.
  virtual Result<ObjectAbi> objectAbi(uint32_t elfFlags, ByteView attributes) const = 0;
  /// The compiler's options that decide about it, for messages.
  virtual std::string_view abiOptions() const = 0;
  /// Why an object cannot be part of a module for `target`; empty when it can.
  virtual std::string mismatch(const ObjectAbi &object, const abi::ArchInfo &target) const = 0;
  /// Why two objects cannot be part of one module, whatever its target; empty when they can.
  virtual std::string conflict(const ObjectAbi &, const ObjectAbi &) const { return {}; }
  /// The arch flags of the .mpy header that an object asks for, by their bits in `target.flags`.
  virtual uint32_t archFlags(const ObjectAbi &, const abi::ArchInfo & /*target*/) const {
    return 0;
  }
  /// What may go wrong with the object on some processors of `target`; empty when nothing.
  virtual std::string caution(const ObjectAbi &, const abi::ArchInfo & /*target*/) const {
    return {};
  }
};

/// The architecture of an ELF machine number and word size, or null.
const Arch *find(uint16_t elfMachine, unsigned wordSize);

/// The row of a relocation type, or null.
const RelocDesc *findReloc(const Arch &arch, uint32_t type);

/// Why `value` does not fit the field ("value 0x.. is out of range [..]"); empty when it does.
std::string outOfRange(const RelocDesc &desc, int64_t value);

} // namespace mpylink::arch
