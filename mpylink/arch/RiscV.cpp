// SPDX-License-Identifier: MIT
// RISC-V: https://github.com/riscv-non-isa/riscv-elf-psabi-doc (riscv-elf.adoc, "Relocations").
// Objects use RELA. An address or a long distance takes two instructions: lui or auipc has the
// upper 20 bits, rounded, because the other instruction's 12 bits are signed. The lower half of a
// distance names the place of its upper half, which has the target. Every module's processor has
// the 16-bit instructions.
#include "arch/RiscVAttributes.h"
#include "arch/RiscVFields.h"

#include "llvm/BinaryFormat/ELF.h"

#include <algorithm>
#include <array>

namespace mpylink::arch {

namespace {

constexpr std::string_view adviceAbsolute = "a module is loaded at any address: compile with -fpic";
constexpr std::string_view adviceMedlow =
    "an address in a pair of instructions cannot be relocated by a loader: compile with -fpic or "
    "-mcmodel=medany";
constexpr std::string_view adviceTooNarrow =
    "a 32-bit field cannot hold an address that is known at load time only: compile with -fpic or "
    "-mcmodel=medany";
constexpr std::string_view adviceWord32 = "put .balign 4 in front of the word";
constexpr std::string_view adviceWord64 = "put .balign 8 in front of the word";
constexpr std::string_view adviceSum =
    "store the address itself in an aligned word, which a loader relocates";
constexpr std::string_view adviceFar =
    "compile with -fpic: then the address comes from a word, which reaches everything";
constexpr std::string_view adviceAddend = "put the addend into %pcrel_hi()";
constexpr std::string_view adviceFarJump =
    "use call, tail or a branch around a jump, which reach further";
constexpr std::string_view adviceMisfit =
    "make the object again: it is damaged, or an assembler file has a wrong .reloc";
constexpr std::string_view adviceTooWide =
    "addresses have 32 bits on this processor: use a 32-bit field";

using enum Need;
using enum Range;
using namespace llvm::ELF;
using namespace riscv_fields;

template <unsigned wordSize> constexpr auto makeTable() {
  // On the 32-bit processors, two instructions reach every address.
  constexpr uint8_t pair = wordSize == 4 ? 0 : 32;
  return std::to_array<RelocDesc>({
      {R_RISCV_NONE, "R_RISCV_NONE", Nothing, 0, 0},
      wordSize == 4
          ? RelocDesc{R_RISCV_32, "R_RISCV_32", Absolute, 4, 32, Either, 1, adviceWord32}
          : RelocDesc{R_RISCV_32, "R_RISCV_32", Constant, 4, 32, Either, 1, adviceTooNarrow},
      wordSize == 4 ? refused(R_RISCV_64, "R_RISCV_64", adviceTooWide)
                    : RelocDesc{R_RISCV_64, "R_RISCV_64", Absolute, 8, 64, Either, 1, adviceWord64},
      refused(R_RISCV_RELATIVE, "R_RISCV_RELATIVE", adviceDynamic),
      refused(R_RISCV_COPY, "R_RISCV_COPY", adviceDynamic),
      refused(R_RISCV_JUMP_SLOT, "R_RISCV_JUMP_SLOT", adviceDynamic),
      refused(R_RISCV_TLS_DTPMOD32, "R_RISCV_TLS_DTPMOD32", adviceTls),
      refused(R_RISCV_TLS_DTPMOD64, "R_RISCV_TLS_DTPMOD64", adviceTls),
      refused(R_RISCV_TLS_DTPREL32, "R_RISCV_TLS_DTPREL32", adviceTls),
      refused(R_RISCV_TLS_DTPREL64, "R_RISCV_TLS_DTPREL64", adviceTls),
      refused(R_RISCV_TLS_TPREL32, "R_RISCV_TLS_TPREL32", adviceTls),
      refused(R_RISCV_TLS_TPREL64, "R_RISCV_TLS_TPREL64", adviceTls),
      refused(R_RISCV_TLSDESC, "R_RISCV_TLSDESC", adviceTlsModel),
      {R_RISCV_BRANCH, "R_RISCV_BRANCH", Branch, 4, 13, Signed, 2, adviceAbsolute, adviceFarJump},
      {R_RISCV_JAL, "R_RISCV_JAL", Branch, 4, 21, Signed, 2, adviceAbsolute, adviceFarJump},
      {R_RISCV_CALL, "R_RISCV_CALL", Branch, 8, pair, Rounded, 2, adviceAbsolute},
      {R_RISCV_CALL_PLT, "R_RISCV_CALL_PLT", Branch, 8, pair, Rounded, 2, adviceAbsolute},
      {R_RISCV_GOT_HI20, "R_RISCV_GOT_HI20", GotSlotPc, 4, pair, Rounded},
      {R_RISCV_TLS_GOT_HI20, "R_RISCV_TLS_GOT_HI20", GotSlotPc, 4, pair, Rounded},
      {R_RISCV_TLS_GD_HI20, "R_RISCV_TLS_GD_HI20", GotSlotPc, 4, pair, Rounded},
      {R_RISCV_PCREL_HI20, "R_RISCV_PCREL_HI20", PcHigh, 4, pair, Rounded, 1, adviceAbsolute,
       adviceFar},
      {R_RISCV_PCREL_LO12_I, "R_RISCV_PCREL_LO12_I", PairedLow, 4, 0, Signed, 1, {}, adviceAddend},
      {R_RISCV_PCREL_LO12_S, "R_RISCV_PCREL_LO12_S", PairedLow, 4, 0, Signed, 1, {}, adviceAddend},
      {R_RISCV_HI20, "R_RISCV_HI20", High, 4, pair, Rounded, 1, adviceMedlow, adviceFar},
      {R_RISCV_LO12_I, "R_RISCV_LO12_I", Low, 4, 0, Signed, 1, adviceMedlow},
      {R_RISCV_LO12_S, "R_RISCV_LO12_S", Low, 4, 0, Signed, 1, adviceMedlow},
      {R_RISCV_TPREL_HI20, "R_RISCV_TPREL_HI20", High, 4, pair, Rounded, 1, adviceMedlow,
       adviceFar},
      {R_RISCV_TPREL_LO12_I, "R_RISCV_TPREL_LO12_I", Low, 4, 0, Signed, 1, adviceMedlow},
      {R_RISCV_TPREL_LO12_S, "R_RISCV_TPREL_LO12_S", Low, 4, 0, Signed, 1, adviceMedlow},
      {R_RISCV_TPREL_ADD, "R_RISCV_TPREL_ADD", ThreadPointer, 4, 0, Signed, 1, adviceTlsModel},
      // The steps of a sum may overflow where the sum does not.
      {R_RISCV_ADD8, "R_RISCV_ADD8", Add, 1, 0, Signed, 1, adviceSum},
      {R_RISCV_ADD16, "R_RISCV_ADD16", Add, 2, 0, Signed, 1, adviceSum},
      {R_RISCV_ADD32, "R_RISCV_ADD32", Add, 4, 0, Signed, 1, adviceSum},
      {R_RISCV_ADD64, "R_RISCV_ADD64", Add, 8, 0, Signed, 1, adviceSum},
      {R_RISCV_SUB8, "R_RISCV_SUB8", Subtract, 1, 0, Signed, 1, adviceSum},
      {R_RISCV_SUB16, "R_RISCV_SUB16", Subtract, 2, 0, Signed, 1, adviceSum},
      {R_RISCV_SUB32, "R_RISCV_SUB32", Subtract, 4, 0, Signed, 1, adviceSum},
      {R_RISCV_SUB64, "R_RISCV_SUB64", Subtract, 8, 0, Signed, 1, adviceSum},
      {R_RISCV_GOT32_PCREL, "R_RISCV_GOT32_PCREL", GotSlotPc, 4, 32},
      {R_RISCV_ALIGN, "R_RISCV_ALIGN", Padding, 0, 0},
      {R_RISCV_RVC_BRANCH, "R_RISCV_RVC_BRANCH", Branch, 2, 9, Signed, 2, adviceAbsolute,
       adviceFarJump},
      {R_RISCV_RVC_JUMP, "R_RISCV_RVC_JUMP", Branch, 2, 12, Signed, 2, adviceAbsolute,
       adviceFarJump},
      {R_RISCV_RVC_LUI, "R_RISCV_RVC_LUI", Constant, 2, 18, Rounded, 1, adviceMedlow},
      {R_RISCV_RELAX, "R_RISCV_RELAX", Nothing, 0, 0},
      {R_RISCV_SUB6, "R_RISCV_SUB6", Subtract, 1, 0, Signed, 1, adviceSum},
      {R_RISCV_SET6, "R_RISCV_SET6", Set, 1, 0, Signed, 1, adviceSum},
      {R_RISCV_SET8, "R_RISCV_SET8", Set, 1, 0, Signed, 1, adviceSum},
      {R_RISCV_SET16, "R_RISCV_SET16", Set, 2, 0, Signed, 1, adviceSum},
      {R_RISCV_SET32, "R_RISCV_SET32", Set, 4, 0, Signed, 1, adviceSum},
      {R_RISCV_32_PCREL, "R_RISCV_32_PCREL", Difference, 4, 32, Signed, 1, adviceAbsolute},
      refused(R_RISCV_IRELATIVE, "R_RISCV_IRELATIVE", adviceDynamic),
      {R_RISCV_PLT32, "R_RISCV_PLT32", Branch, 4, 32, Signed, 1, adviceAbsolute},
      // At least one byte; the number goes on while bit 7 of a byte is set.
      {R_RISCV_SET_ULEB128, "R_RISCV_SET_ULEB128", Set, 1, 0, Signed, 1, adviceSum},
      {R_RISCV_SUB_ULEB128, "R_RISCV_SUB_ULEB128", Subtract, 1, 0, Signed, 1, adviceSum},
      refused(R_RISCV_TLSDESC_HI20, "R_RISCV_TLSDESC_HI20", adviceTlsModel),
      refused(R_RISCV_TLSDESC_LOAD_LO12, "R_RISCV_TLSDESC_LOAD_LO12", adviceTlsModel),
      refused(R_RISCV_TLSDESC_ADD_LO12, "R_RISCV_TLSDESC_ADD_LO12", adviceTlsModel),
      refused(R_RISCV_TLSDESC_CALL, "R_RISCV_TLSDESC_CALL", adviceTlsModel),
  });
}

template <unsigned wordSize> constexpr auto table = makeTable<wordSize>();

/// Instructions that do nothing, and that return.
constexpr uint32_t nop = 0x00000013, ret = 0x00008067;
constexpr uint16_t cNop = 0x0001, cRet = 0x8082;

/// Bits of a field of six, and of each byte of a LEB128 number.
constexpr uint64_t mask6 = 0x3f, mask7 = 0x7f;
constexpr uint8_t uleb128GoesOn = 0x80;

/// Bytes of the LEB128 number in front; if it does not end in time, of what there is of it.
size_t uleb128Size(ByteView rest) {
  constexpr size_t most = 10; // Of 64 bits.
  const size_t limit = std::min(rest.size(), most);
  size_t size = 1;
  while (size < limit && (rest[size - 1] & uleb128GoesOn))
    ++size;
  return size;
}

/// What is in the field of a sum.
uint64_t stored(const Fixup &fixup) {
  switch (formOf(fixup.desc.type)) {
  case Form::Bits6:
    return readUint(fixup.at()) & mask6;
  case Form::Uleb128: {
    const ByteView rest = fixup.section.subspan(fixup.offset);
    uint64_t number = 0;
    for (size_t i = uleb128Size(rest); i-- > 0;)
      number = number << 7 | (rest[i] & mask7);
    return number;
  }
  default:
    return readUint(fixup.at());
  }
}

/// TPREL_ADD of a 16-bit instruction.
constexpr RelocDesc shortThreadAdd = {
    R_RISCV_TPREL_ADD, "R_RISCV_TPREL_ADD", ThreadPointer, 2, 0, Signed, 1, adviceTlsModel};

class RiscV final : public Arch {
public:
  RiscV(unsigned wordBytes, std::span<const RelocDesc> rows) : wordBytes(wordBytes), rows(rows) {}

  unsigned wordSize() const override { return wordBytes; }
  std::span<const RelocDesc> relocs() const override { return rows; }
  const RelocDesc *rowAt(uint32_t type, ByteView at) const override {
    return type == R_RISCV_TPREL_ADD && instructionSize(at) == 2 ? &shortThreadAdd
                                                                 : findReloc(*this, type);
  }
  int64_t addendAt(const RelocDesc &desc, ByteView at) const override;
  std::string_view misfit(const RelocDesc &desc, ByteView section, size_t offset) const override;
  std::string_view misfitAdvice(const RelocDesc &desc) const override {
    return desc.need == ThreadPointer ? desc.advice : adviceMisfit;
  }
  int64_t value(const Fixup &fixup) const override;
  void encode(const Fixup &fixup, int64_t value) const override;
  bool sameHighPart(int64_t a, int64_t b) const override {
    return riscv_fields::upperPart(static_cast<uint64_t>(a)) ==
           riscv_fields::upperPart(static_cast<uint64_t>(b));
  }
  Bytes detour(const Fixup &high, int64_t distance, int64_t slot) const override;
  unsigned detourSize() const override { return 12; }
  std::optional<ThreadCall> threadCall(std::string_view function) const override {
    return function == "__tls_get_addr" ? std::optional(ThreadCall::Variable) : std::nullopt;
  }
  std::optional<Patch> withoutThreadCall(ThreadCall, const RelocDesc &desc, ByteView section,
                                         size_t offset) const override;
  bool hidesThreadPointer(uint32_t type) const override { return type == R_RISCV_TLS_GOT_HI20; }
  std::vector<uint64_t> threadPointerUses(ByteView code) const override {
    return riscv_fields::threadPointerUses(code);
  }
  uint32_t threadPointerType() const override { return R_RISCV_TPREL_ADD; }
  void neutralise(const Fixup &fixup) const override;
  Bytes entryJump(int64_t distance, const abi::ArchInfo &target) const override;
  Stub stub(const abi::ArchInfo &target) const override;
  Frame frame(const abi::ArchInfo &target) const override;
  Bytes call(uint64_t from, uint64_t to, const abi::ArchInfo &target) const override;
  void pad(ByteSpan gap) const override;
  bool isAttributes(uint32_t type, std::string_view) const override {
    return type == SHT_RISCV_ATTRIBUTES;
  }
  Result<ObjectAbi> objectAbi(uint32_t elfFlags, ByteView attributes) const override {
    return riscv_attributes::objectAbi(wordBytes, elfFlags, attributes);
  }
  std::string_view abiOptions() const override { return "-march and -mabi"; }
  std::string mismatch(const ObjectAbi &object, const abi::ArchInfo &target) const override {
    return riscv_attributes::mismatch(object, target);
  }
  uint32_t archFlags(const ObjectAbi &object, const abi::ArchInfo &target) const override {
    return riscv_attributes::archFlags(object, target);
  }
  std::string caution(const ObjectAbi &object, const abi::ArchInfo &target) const override {
    return riscv_attributes::caution(object, target);
  }

private:
  /// The shorter one that reaches `distance`: jal, or auipc and jalr. Empty when none does.
  Bytes jump(int64_t distance, Bytes jal, Bytes pair) const;

  const unsigned wordBytes;
  const std::span<const RelocDesc> rows;
};

int64_t RiscV::addendAt(const RelocDesc &desc, ByteView at) const {
  const Form form = formOf(desc.type);
  switch (form) {
  case Form::Data:
    return Arch::addendAt(desc, at);
  case Form::Bits6:
    return signExtend(readUint(at), 6);
  case Form::Uleb128:
    return signExtend(readUint(at), 7);
  default:
    return signExtend(static_cast<uint64_t>(readField(form, at)), wordBytes * 8);
  }
}

std::string_view RiscV::misfit(const RelocDesc &desc, ByteView section, size_t offset) const {
  const ByteView rest = section.subspan(offset);
  const Form form = formOf(desc.type);
  switch (form) {
  case Form::Data:
  case Form::Bits6:
    return {};
  case Form::ThreadAdd:
    return canDropThreadPointer(rest.first(desc.bytes))
               ? ""
               : "the instruction uses the thread pointer in another way than to add it";
  case Form::Uleb128:
    return rest[uleb128Size(rest) - 1] & uleb128GoesOn ? "there is no LEB128 number at this place"
                                                       : "";
  default:
    return isInstruction(form, rest.first(desc.bytes), wordBytes)
               ? ""
               : "the instruction at this place is not one that the relocation fits";
  }
}

int64_t RiscV::value(const Fixup &f) const {
  // As wide as the field, which may be wider than an address.
  const uint64_t address = static_cast<uint64_t>(f.S) + static_cast<uint64_t>(f.A);
  switch (f.desc.need) {
  case Need::Add:
    return static_cast<int64_t>(stored(f) + address);
  case Need::Subtract:
    return static_cast<int64_t>(stored(f) - address);
  case Need::Set:
    return static_cast<int64_t>(address);
  default:
    return Arch::value(f);
  }
}

void RiscV::encode(const Fixup &fixup, int64_t value) const {
  const ByteSpan at = fixup.at();
  const Form form = formOf(fixup.desc.type);
  const auto bits = static_cast<uint64_t>(value);
  switch (form) {
  case Form::Data:
    return Arch::encode(fixup, value);
  case Form::ThreadAdd:
    return dropThreadPointer(at);
  case Form::Bits6:
    return putBits(at, mask6, bits);
  case Form::Uleb128: {
    const ByteSpan rest = fixup.section.subspan(fixup.offset);
    const size_t size = uleb128Size(rest);
    for (size_t i = 0; i < size; ++i)
      putBits(rest.subspan(i, 1), mask7, bits >> 7 * i);
    return;
  }
  default:
    if (form == Form::Auipc && fixup.absolute)
      makeAbsolute(at);
    if (form == Form::Lui && !fixup.absolute)
      makeRelative(at);
    return writeField(form, at, bits);
  }
}

/// The argument is the address of a GOT slot, and argument and result are in a0: a load, and a
/// return instead of a jump.
std::optional<Patch> RiscV::withoutThreadCall(ThreadCall, const RelocDesc &desc, ByteView section,
                                              size_t offset) const {
  const Form form = formOf(desc.type);
  const ByteView at = section.subspan(offset, desc.bytes);
  if ((form != Form::Jump && form != Form::Call) || !isInstruction(form, at, wordBytes))
    return std::nullopt;
  constexpr uint16_t cLoadWord = 0x4108, cLoadDouble = 0x6108; // c.lw, c.ld a0, (a0)
  Patch patch{offset, Bytes(desc.bytes)};
  const ByteSpan code(patch.code);
  pad(code);
  writeLe(code, wordBytes == 4 ? cLoadWord : cLoadDouble);
  writeLe(code.subspan(2), keepsReturnAddress(form, at) ? cNop : cRet);
  return patch;
}

void RiscV::neutralise(const Fixup &fixup) const {
  // A call goes on behind itself. A tail call, which keeps no return address, returns.
  const ByteSpan at = fixup.at();
  const Form form = formOf(fixup.desc.type);
  switch (form) {
  case Form::Branch:
    return writeUint(at, nop);
  case Form::ShortBranch:
    return writeUint(at, cNop);
  case Form::ShortJump:
    return writeUint(at, keepsReturnAddress(form, at) ? cNop : cRet);
  case Form::Jump:
  case Form::Call:
    // In front of the last instruction of a call is another one.
    writeUint(at.last(sizeof(nop)), keepsReturnAddress(form, at) ? nop : ret);
    return pad(at.first(at.size() - sizeof(nop)));
  default:
    return encode(fixup, 0);
  }
}

Bytes RiscV::detour(const Fixup &high, int64_t distance, int64_t slot) const {
  constexpr uint32_t auipc = 0x17, loadWord = 0x2003, loadDouble = 0x3003, jal = 0x6f;
  constexpr int64_t jump = 8, instruction = 4; // Offset of the jump back, and where it leads.
  const int64_t back = instruction - distance - jump;
  if (!fitsSigned(distance, 21) || !fitsSigned(back, 21))
    return {};
  constexpr uint32_t destination = 0x1f << 7;
  const uint32_t rd = readLe<uint32_t>(high.at()) & destination, rs1 = rd << 8;
  Bytes code(detourSize());
  const ByteSpan bytes(code);
  writeLe<uint32_t>(bytes, auipc | rd);
  writeField(Form::Auipc, bytes.first(4), static_cast<uint64_t>(slot));
  writeLe<uint32_t>(bytes.subspan(4), (wordBytes == 4 ? loadWord : loadDouble) | rd | rs1);
  writeField(Form::Low12I, bytes.subspan(4, 4), static_cast<uint64_t>(slot));
  writeLe<uint32_t>(bytes.subspan(jump), jal);
  writeField(Form::Jump, bytes.subspan(jump), static_cast<uint64_t>(back));
  writeLe<uint32_t>(high.at(), jal);
  writeField(Form::Jump, high.at(), static_cast<uint64_t>(distance));
  return code;
}

// t1 is free wherever a call goes: `tail` and the psABI's PLT entries take it.

Bytes RiscV::entryJump(int64_t distance, const abi::ArchInfo &) const {
  if (fitsSigned(distance, 12)) {
    Bytes shortJump = {0x01, 0xa0}; // c.j
    writeField(Form::ShortJump, shortJump, static_cast<uint64_t>(distance));
    return shortJump;
  }
  // jal zero, or auipc t1; jalr zero, (t1)
  return jump(distance, {0x6f, 0, 0, 0}, {0x17, 0x03, 0, 0, 0x67, 0x00, 0x03, 0x00});
}

Bytes RiscV::jump(int64_t distance, Bytes jal, Bytes pair) const {
  if (fitsSigned(distance, 21)) {
    writeField(Form::Jump, jal, static_cast<uint64_t>(distance));
    return jal;
  }
  const RelocDesc &desc = *findReloc(*this, R_RISCV_CALL_PLT);
  if (!outOfRange(desc, distance).empty())
    return {};
  encode({desc, 0, 0, 0, 0, 0, 0, pair, 0}, distance);
  return pair;
}

Frame RiscV::frame(const abi::ArchInfo &) const {
  // c.addi16sp; c.swsp or c.sdsp of ra, a0 to a3; and back.
  if (wordBytes == 4)
    return {{0x3d, 0x71, 0x06, 0xce, 0x2a, 0xcc, 0x2e, 0xca, 0x32, 0xc8, 0x36, 0xc6},
            {0xf2, 0x40, 0x62, 0x45, 0xd2, 0x45, 0x42, 0x46, 0xb2, 0x46, 0x05, 0x61}};
  return {{0x79, 0x71, 0x06, 0xf4, 0x2a, 0xf0, 0x2e, 0xec, 0x32, 0xe8, 0x36, 0xe4},
          {0xa2, 0x70, 0x02, 0x75, 0xe2, 0x65, 0x42, 0x66, 0xa2, 0x66, 0x45, 0x61}};
}

Bytes RiscV::call(uint64_t from, uint64_t to, const abi::ArchInfo &) const {
  // jal ra, or auipc ra; jalr ra, (ra)
  return jump(static_cast<int64_t>(to - from), {0xef, 0, 0, 0}, {0x97, 0, 0, 0, 0xe7, 0x80, 0, 0});
}

Stub RiscV::stub(const abi::ArchInfo &) const {
  if (wordBytes == 4)
    return {{0x17, 0x03, 0, 0, 0x03, 0x23, 0xc3, 0, 0x02, 0x83, 0x01, 0, 0, 0, 0, 0}, 4, 12};
  return {{0x17, 0x03, 0,    0, 0x03, 0x33, 0x03, 0x01, 0x02, 0x83, 0x01, 0,
           0x01, 0,    0x01, 0, 0,    0,    0,    0,    0,    0,    0,    0},
          8,
          16};
}

void RiscV::pad(ByteSpan gap) const {
  for (; gap.size() >= sizeof(nop); gap = gap.subspan(sizeof(nop)))
    writeLe(gap, nop);
  if (gap.size() >= sizeof(cNop))
    writeLe(gap, cNop);
}

} // namespace

const Arch &riscv32() {
  static const RiscV arch(4, table<4>);
  return arch;
}

const Arch &riscv64() {
  static const RiscV arch(8, table<8>);
  return arch;
}

} // namespace mpylink::arch
