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
  GotDifference, ///< S + A - GOT: the target lies in the block of the GOT.
  GotBase,       ///< GOT + A - P.
  GotSlot,       ///< G + A.
  GotSlotPc,     ///< GOT + G + A - P.
  GotSlotWord,   ///< GOT + G + A in a whole word, relocated at load time.
  Size,          ///< Z + A.
  Refused,       ///< Understood, but no module can have it: `advice` tells what to do instead.
};

/// How a field of `bits` bits is read back, for the range check.
enum class Range : uint8_t {
  Signed,
  Unsigned,
  Either,
  Magnitude, ///< Unsigned, with a sign elsewhere in the instruction.
};

/// One row of an architecture's relocation table.
struct RelocDesc {
  uint32_t type;         ///< R_*
  std::string_view name; ///< As the psABI spells it.
  Need need;
  uint8_t bytes; ///< Bytes touched at the place.
  uint8_t bits;  ///< Width of the value before any scaling; 0: not checked.
  Range range = Range::Signed;
  uint8_t align = 1;            ///< The value must be a multiple of this.
  std::string_view advice = {}; ///< Which compiler flag helps when it cannot be applied.
};

/// One application of a relocation.
struct Fixup {
  const RelocDesc &desc;
  int64_t S, A, P, G, GOT, Z;
  ByteSpan section; ///< All bytes around the place.
  size_t offset;    ///< Of the place in `section`.

  /// The `desc.bytes` bytes at the place.
  ByteSpan at() const { return section.subspan(offset, desc.bytes); }
};

/// Code that jumps to an address which is known at load time only.
struct Stub {
  Bytes code;
  uint8_t align;
  uint8_t word; ///< Offset in `code` of the word that holds the address; word aligned.
};

/// What an object's header and build attributes say of its processor and calling convention.
struct ObjectAbi {
  uint64_t key = 0; ///< The architecture's own encoding.
  std::string text; ///< For messages: "Cortex-M4 code, hard-float calls".
};

class Arch {
public:
  virtual ~Arch() = default;

  /// Bytes of a pointer.
  virtual unsigned wordSize() const = 0;
  /// The alignment that compilers give large objects unasked, on which no code depends.
  virtual unsigned unaskedAlign() const { return 1; }
  virtual std::span<const RelocDesc> relocs() const = 0;
  /// Clears the bits of a function's symbol value that are not part of its address (Thumb).
  virtual uint64_t codeAddress(uint64_t value) const { return value; }
  /// The reverse: what a symbol of a function at `address` has as its value.
  virtual uint64_t codePointer(uint64_t address) const { return address; }

  /// The addend that REL objects keep at the place.
  virtual int64_t addendAt(const RelocDesc &desc, ByteView at) const;
  /// The addend with which a branch of that row reaches its symbol's own address.
  virtual int64_t branchAddend(const RelocDesc &) const { return 0; }
  /// Why the instruction at `offset` does not fit the relocation; empty when it does.
  virtual std::string_view misfit(const RelocDesc &desc, ByteView section, size_t offset) const;
  /// The psABI's formula, modulo the size of an address.
  virtual int64_t value(const Fixup &fixup) const;
  /// Packs a checked value into the field; all other bits stay.
  virtual void encode(const Fixup &fixup, int64_t value) const;
  /// Turns a call to an undefined weak symbol into one that does nothing.
  virtual void neutralise(const Fixup &fixup) const = 0;

  /// A jump from offset 0 of the text to `distance`, or empty when that is out of reach. Registers
  /// and stack arrive as in a direct call.
  virtual Bytes entryJump(int64_t distance, const abi::ArchInfo &target) const = 0;
  virtual Stub stub(const abi::ArchInfo &target) const = 0;

  /// Stack-unwinding tables, which nothing in a module reads.
  virtual bool isUnwindTable(std::string_view section) const {
    return section.starts_with(".eh_frame") || section.starts_with(".gcc_except_table");
  }
  /// The section type of the build attributes, or 0 when this processor has none.
  virtual uint32_t attributesType() const { return 0; }
  /// Fails when the object is for a processor state no module runs in.
  virtual Result<ObjectAbi> objectAbi(uint32_t elfFlags, ByteView attributes) const = 0;
  /// Why an object cannot be part of a module for `target`; empty when it can.
  virtual std::string mismatch(const ObjectAbi &object, const abi::ArchInfo &target) const = 0;
  /// Why two objects cannot be part of one module, whatever its target; empty when they can.
  virtual std::string conflict(const ObjectAbi &, const ObjectAbi &) const { return {}; }
};

/// The architecture of an ELF machine number and word size, or null.
const Arch *find(uint16_t elfMachine, unsigned wordSize);

/// The row of a relocation type, or null.
const RelocDesc *findReloc(const Arch &arch, uint32_t type);

/// Why `value` does not fit the field ("value 0x.. is out of range [..]"); empty when it does.
std::string outOfRange(const RelocDesc &desc, int64_t value);

} // namespace mpylink::arch
