// SPDX-License-Identifier: MIT
// Arm Cortex-M, Thumb state only: https://github.com/ARM-software/abi-aa (aaelf32, section 5.6).
// Objects use REL. Symbol values of functions carry bit 0, the Thumb bit, which addresses keep and
// branches drop. Instructions of 32 bits are two little-endian halfwords, the first one at the
// lower address; J1 and J2 stretch bl and b.w to 16 MiB on every Cortex-M.
#include "arch/ThumbAttributes.h"

#include "llvm/BinaryFormat/ELF.h"

namespace mpylink::arch {

namespace {

constexpr std::string_view adviceAbsolute = "a module is loaded at any address: compile with -fpic";
constexpr std::string_view adviceMovw =
    "an address in a movw/movt pair cannot be relocated by a loader: compile with -fpic, or with "
    "-mword-relocations (gcc) or -mno-movt (clang)";
constexpr std::string_view advicePureCode =
    "an address built from 8-bit immediates cannot be relocated by a loader: compile without "
    "-mpure-code and -mslow-flash-data";
constexpr std::string_view adviceArmState = "Cortex-M runs Thumb code only: compile with -mthumb";
constexpr std::string_view adviceStaticBase =
    "modules have no static base register: compile without -frwpi and -msingle-pic-base";

constexpr std::string_view adviceTlsDialect = "compile without -ftls-model and -mtls-dialect: this "
                                              "way to reach a thread-local variable cannot "
                                              "be rewritten";

using enum Need;
using enum Range;
using namespace llvm::ELF;

constexpr RelocDesc table[] = {
    {R_ARM_NONE, "R_ARM_NONE", Nothing, 0, 0},
    refused(R_ARM_PC24, "R_ARM_PC24", adviceArmState),
    {R_ARM_ABS32, "R_ARM_ABS32", Absolute, 4, 32, Either, 1, adviceAbsolute},
    {R_ARM_REL32, "R_ARM_REL32", Difference, 4, 32, Either, 1, adviceAbsolute},
    {R_ARM_ABS16, "R_ARM_ABS16", Constant, 2, 16, Either, 1, adviceAbsolute},
    refused(R_ARM_ABS12, "R_ARM_ABS12", adviceArmState),
    {R_ARM_ABS8, "R_ARM_ABS8", Constant, 1, 8, Either, 1, adviceAbsolute},
    refused(R_ARM_SBREL32, "R_ARM_SBREL32", adviceStaticBase),
    {R_ARM_THM_CALL, "R_ARM_THM_CALL", Branch, 4, 25, Signed, 2, adviceAbsolute},
    {R_ARM_THM_PC8, "R_ARM_THM_PC8", Difference, 2, 10, Unsigned, 4, adviceAbsolute},
    refused(R_ARM_TLS_DTPMOD32, "R_ARM_TLS_DTPMOD32", adviceTls),
    refused(R_ARM_TLS_DTPOFF32, "R_ARM_TLS_DTPOFF32", adviceTls),
    refused(R_ARM_TLS_TPOFF32, "R_ARM_TLS_TPOFF32", adviceTls),
    refused(R_ARM_COPY, "R_ARM_COPY", adviceDynamic),
    refused(R_ARM_GLOB_DAT, "R_ARM_GLOB_DAT", adviceDynamic),
    refused(R_ARM_JUMP_SLOT, "R_ARM_JUMP_SLOT", adviceDynamic),
    refused(R_ARM_RELATIVE, "R_ARM_RELATIVE", adviceDynamic),
    {R_ARM_GOTOFF32, "R_ARM_GOTOFF32", GotDifference, 4, 32, Either, 1, adviceAbsolute},
    {R_ARM_BASE_PREL, "R_ARM_BASE_PREL", GotBase, 4, 32, Either},
    {R_ARM_GOT_BREL, "R_ARM_GOT_BREL", GotSlot, 4, 32, Either},
    refused(R_ARM_PLT32, "R_ARM_PLT32", adviceArmState),
    refused(R_ARM_CALL, "R_ARM_CALL", adviceArmState),
    refused(R_ARM_JUMP24, "R_ARM_JUMP24", adviceArmState),
    {R_ARM_THM_JUMP24, "R_ARM_THM_JUMP24", Branch, 4, 25, Signed, 2, adviceAbsolute},
    {R_ARM_TARGET1, "R_ARM_TARGET1", Absolute, 4, 32, Either, 1, adviceAbsolute},
    refused(R_ARM_V4BX, "R_ARM_V4BX", adviceArmState),
    {R_ARM_TARGET2, "R_ARM_TARGET2", Difference, 4, 32, Either, 1, adviceAbsolute},
    {R_ARM_PREL31, "R_ARM_PREL31", Difference, 4, 31, Signed, 1, adviceAbsolute},
    refused(R_ARM_MOVW_ABS_NC, "R_ARM_MOVW_ABS_NC", adviceArmState),
    refused(R_ARM_MOVT_ABS, "R_ARM_MOVT_ABS", adviceArmState),
    refused(R_ARM_MOVW_PREL_NC, "R_ARM_MOVW_PREL_NC", adviceArmState),
    refused(R_ARM_MOVT_PREL, "R_ARM_MOVT_PREL", adviceArmState),
    {R_ARM_THM_MOVW_ABS_NC, "R_ARM_THM_MOVW_ABS_NC", Constant, 4, 0, Signed, 1, adviceMovw},
    {R_ARM_THM_MOVT_ABS, "R_ARM_THM_MOVT_ABS", Constant, 4, 32, Either, 1, adviceMovw},
    {R_ARM_THM_MOVW_PREL_NC, "R_ARM_THM_MOVW_PREL_NC", Difference, 4, 0, Signed, 1, adviceAbsolute},
    {R_ARM_THM_MOVT_PREL, "R_ARM_THM_MOVT_PREL", Difference, 4, 32, Either, 1, adviceAbsolute},
    {R_ARM_THM_JUMP19, "R_ARM_THM_JUMP19", Branch, 4, 21, Signed, 2, adviceAbsolute},
    {R_ARM_THM_JUMP6, "R_ARM_THM_JUMP6", Difference, 2, 7, Unsigned, 2, adviceAbsolute},
    {R_ARM_THM_ALU_PREL_11_0, "R_ARM_THM_ALU_PREL_11_0", Difference, 4, 12, Magnitude, 1,
     adviceAbsolute},
    {R_ARM_THM_PC12, "R_ARM_THM_PC12", Difference, 4, 12, Magnitude, 1, adviceAbsolute},
    refused(R_ARM_MOVW_BREL_NC, "R_ARM_MOVW_BREL_NC", adviceStaticBase),
    refused(R_ARM_MOVT_BREL, "R_ARM_MOVT_BREL", adviceStaticBase),
    refused(R_ARM_MOVW_BREL, "R_ARM_MOVW_BREL", adviceStaticBase),
    refused(R_ARM_THM_MOVW_BREL_NC, "R_ARM_THM_MOVW_BREL_NC", adviceStaticBase),
    refused(R_ARM_THM_MOVT_BREL, "R_ARM_THM_MOVT_BREL", adviceStaticBase),
    refused(R_ARM_THM_MOVW_BREL, "R_ARM_THM_MOVW_BREL", adviceStaticBase),
    refused(R_ARM_TLS_GOTDESC, "R_ARM_TLS_GOTDESC", adviceTlsDialect),
    refused(R_ARM_TLS_CALL, "R_ARM_TLS_CALL", adviceTlsDialect),
    refused(R_ARM_TLS_DESCSEQ, "R_ARM_TLS_DESCSEQ", adviceTlsDialect),
    refused(R_ARM_THM_TLS_CALL, "R_ARM_THM_TLS_CALL", adviceTlsDialect),
    {R_ARM_GOT_ABS, "R_ARM_GOT_ABS", GotSlotWord, 4, 32, Either},
    {R_ARM_GOT_PREL, "R_ARM_GOT_PREL", GotSlotPc, 4, 32, Either},
    {R_ARM_THM_JUMP11, "R_ARM_THM_JUMP11", Branch, 2, 12, Signed, 2, adviceAbsolute},
    {R_ARM_THM_JUMP8, "R_ARM_THM_JUMP8", Branch, 2, 9, Signed, 2, adviceAbsolute},
    {R_ARM_TLS_GD32, "R_ARM_TLS_GD32", Difference, 4, 32, Either, 1, adviceTlsDialect},
    {R_ARM_TLS_LDM32, "R_ARM_TLS_LDM32", GotBase, 4, 32, Either},
    // Counted from what __tls_get_addr returns, which is the GOT.
    {R_ARM_TLS_LDO32, "R_ARM_TLS_LDO32", GotDifference, 4, 32, Either, 1, adviceTlsDialect},
    {R_ARM_TLS_IE32, "R_ARM_TLS_IE32", GotSlotPc, 4, 32, Either},
    {R_ARM_TLS_LE32, "R_ARM_TLS_LE32", Absolute, 4, 32, Either, 1, adviceTls},
    refused(R_ARM_THM_TLS_DESCSEQ16, "R_ARM_THM_TLS_DESCSEQ16", adviceTlsDialect),
    refused(R_ARM_THM_TLS_DESCSEQ32, "R_ARM_THM_TLS_DESCSEQ32", adviceTlsDialect),
    {R_ARM_THM_ALU_ABS_G0_NC, "R_ARM_THM_ALU_ABS_G0_NC", Constant, 2, 0, Signed, 1, advicePureCode},
    {R_ARM_THM_ALU_ABS_G1_NC, "R_ARM_THM_ALU_ABS_G1_NC", Constant, 2, 0, Signed, 1, advicePureCode},
    {R_ARM_THM_ALU_ABS_G2_NC, "R_ARM_THM_ALU_ABS_G2_NC", Constant, 2, 0, Signed, 1, advicePureCode},
    {R_ARM_THM_ALU_ABS_G3, "R_ARM_THM_ALU_ABS_G3", Constant, 2, 32, Either, 1, advicePureCode},
};

/// The pc reads as the address of the instruction plus 4.
constexpr int pipeline = 4;

uint16_t first(ByteView at) { return readLe<uint16_t>(at); }
uint16_t second(ByteView at) { return readLe<uint16_t>(at.subspan(2)); }

void put(ByteSpan at, size_t index, uint16_t mask, uint32_t bits) {
  const ByteSpan half = at.subspan(2 * index);
  writeLe<uint16_t>(half, static_cast<uint16_t>((readLe<uint16_t>(half) & ~mask) | (bits & mask)));
}

/// bl and b.w (encoding T4): S, imm10 in the first halfword; J1, J2, imm11 in the second.
int64_t branch25(ByteView at) {
  const uint32_t hi = first(at), lo = second(at), s = hi >> 10 & 1;
  const uint32_t i1 = ~(lo >> 13 ^ s) & 1, i2 = ~(lo >> 11 ^ s) & 1;
  return signExtend(s << 24 | i1 << 23 | i2 << 22 | (hi & 0x3ff) << 12 | (lo & 0x7ff) << 1, 25);
}

void putBranch25(ByteSpan at, uint32_t value) {
  const uint32_t s = value >> 24 & 1;
  const uint32_t j1 = ~(value >> 23 ^ s) & 1, j2 = ~(value >> 22 ^ s) & 1;
  put(at, 0, 0x07ff, s << 10 | (value >> 12 & 0x3ff));
  put(at, 1, 0x2fff, j1 << 13 | j2 << 11 | (value >> 1 & 0x7ff));
}

/// b<cond>.w (T3): S, cond, imm6 in the first halfword; J1, J2, imm11 in the second.
int64_t branch21(ByteView at) {
  const uint32_t hi = first(at), lo = second(at);
  return signExtend((hi >> 10 & 1) << 20 | (lo >> 11 & 1) << 19 | (lo >> 13 & 1) << 18 |
                        (hi & 0x3f) << 12 | (lo & 0x7ff) << 1,
                    21);
}

void putBranch21(ByteSpan at, uint32_t value) {
  put(at, 0, 0x043f, (value >> 20 & 1) << 10 | (value >> 12 & 0x3f));
  put(at, 1, 0x2fff, (value >> 18 & 1) << 13 | (value >> 19 & 1) << 11 | (value >> 1 & 0x7ff));
}

/// movw and movt: imm4 and i in the first halfword, imm3 and imm8 in the second.
uint32_t mov16(ByteView at) {
  const uint32_t hi = first(at), lo = second(at);
  return (hi & 0xf) << 12 | (hi >> 10 & 1) << 11 | (lo >> 12 & 7) << 8 | (lo & 0xff);
}

void putMov16(ByteSpan at, uint32_t value) {
  put(at, 0, 0x040f, (value >> 12 & 0xf) | (value >> 11 & 1) << 10);
  put(at, 1, 0x70ff, (value >> 8 & 7) << 12 | (value & 0xff));
}

class Thumb final : public Arch {
public:
  unsigned wordSize() const override { return 4; }
  std::span<const RelocDesc> relocs() const override { return table; }
  uint64_t codeAddress(uint64_t value) const override { return value & ~uint64_t(1); }
  uint64_t codePointer(uint64_t address) const override { return address | 1; }
  int64_t addendAt(const RelocDesc &desc, ByteView at) const override;
  int64_t branchAddend(const RelocDesc &) const override { return -pipeline; }
  std::string_view misfit(const RelocDesc &desc, ByteView section, size_t offset) const override;
  int64_t value(const Fixup &fixup) const override;
  void encode(const Fixup &fixup, int64_t value) const override;
  std::optional<ThreadCall> threadCall(std::string_view function) const override;
  std::optional<Patch> withoutThreadCall(ThreadCall function, const RelocDesc &desc,
                                         ByteView section, size_t offset) const override;
  void neutralise(const Fixup &fixup) const override;
  Bytes entryJump(int64_t distance, const abi::ArchInfo &target) const override;
  Stub stub(const abi::ArchInfo &target) const override;
  /// push {r0-r4, lr}; pop {r0-r3}
  Frame frame(const abi::ArchInfo &) const override { return {{0x1f, 0xb5}, {0x0f, 0xbc}}; }
  Bytes call(uint64_t from, uint64_t to, const abi::ArchInfo &target) const override;
  Bytes enter(uint64_t from, uint64_t to, const abi::ArchInfo &target) const override;
  bool isUnwindTable(std::string_view section) const override {
    return Arch::isUnwindTable(section) || section.starts_with(".ARM.ex");
  }
  bool isAttributes(uint32_t type, std::string_view) const override {
    return type == SHT_ARM_ATTRIBUTES;
  }
  Result<ObjectAbi> objectAbi(uint32_t, ByteView attributes) const override {
    return thumb_attributes::objectAbi(attributes);
  }
  std::string_view abiOptions() const override { return "-mcpu and -mfloat-abi"; }
  std::string mismatch(const ObjectAbi &object, const abi::ArchInfo &target) const override {
    return thumb_attributes::mismatch(object, target);
  }
  std::string conflict(const ObjectAbi &a, const ObjectAbi &b) const override {
    return thumb_attributes::conflict(a, b);
  }
};

int64_t Thumb::addendAt(const RelocDesc &desc, ByteView at) const {
  switch (desc.type) {
  case R_ARM_THM_CALL:
  case R_ARM_THM_JUMP24:
    return branch25(at);
  case R_ARM_THM_JUMP19:
    return branch21(at);
  case R_ARM_THM_JUMP11:
    return signExtend(uint64_t(first(at)) << 1, 12);
  case R_ARM_THM_JUMP8:
    return signExtend(uint64_t(first(at)) << 1, 9);
  case R_ARM_THM_JUMP6: {
    // Forward only, so the assembler's -4 is kept modulo the field.
    const uint32_t offset = (first(at) >> 9 & 1) << 6 | (first(at) >> 3 & 0x1f) << 1;
    return static_cast<int64_t>((offset + 4) & 0x7f) - 4;
  }
  case R_ARM_THM_PC8:
    return static_cast<int64_t>(((first(at) & 0xff) * 4 + 4) & 0x3ff) - 4;
  case R_ARM_THM_PC12: {
    const int64_t offset = second(at) & 0xfff;
    return first(at) & 0x80 ? offset : -offset;
  }
  case R_ARM_THM_ALU_PREL_11_0: {
    const uint32_t hi = first(at), lo = second(at);
    const int64_t offset = (hi >> 10 & 1) << 11 | (lo >> 12 & 7) << 8 | (lo & 0xff);
    return hi & 0xa0 ? -offset : offset;
  }
  case R_ARM_THM_MOVW_ABS_NC:
  case R_ARM_THM_MOVT_ABS:
  case R_ARM_THM_MOVW_PREL_NC:
  case R_ARM_THM_MOVT_PREL:
    return signExtend(mov16(at), 16);
  case R_ARM_THM_ALU_ABS_G0_NC:
  case R_ARM_THM_ALU_ABS_G1_NC:
  case R_ARM_THM_ALU_ABS_G2_NC:
  case R_ARM_THM_ALU_ABS_G3:
    return first(at) & 0xff;
  case R_ARM_PREL31:
    return signExtend(readUint(at), 31);
  default:
    return Arch::addendAt(desc, at);
  }
}

/// The instructions that a relocation fits: both halfwords, the first one in the low bits.
struct Opcode {
  uint32_t type, mask, value;
};
constexpr Opcode opcodes[] = {
    {R_ARM_THM_CALL, 0xd000f800, 0xd000f000},
    {R_ARM_THM_JUMP24, 0xd000f800, 0x9000f000},
    {R_ARM_THM_JUMP19, 0xd000fa00, 0x8000f000}, // conditions 0 to 7
    {R_ARM_THM_JUMP19, 0xd000fb00, 0x8000f200}, // 8 to 11
    {R_ARM_THM_JUMP19, 0xd000fb80, 0x8000f300}, // 12 and 13; 14 and 15 are other instructions
    {R_ARM_THM_JUMP11, 0xf800, 0xe000},
    {R_ARM_THM_JUMP8, 0xf800, 0xd000}, // likewise
    {R_ARM_THM_JUMP8, 0xfc00, 0xd800},
    {R_ARM_THM_JUMP8, 0xfe00, 0xdc00},
    {R_ARM_THM_JUMP6, 0xf500, 0xb100},
    {R_ARM_THM_PC8, 0xf800, 0x4800}, // ldr
    {R_ARM_THM_PC8, 0xf800, 0xa000}, // adr
    {R_ARM_THM_PC12, 0xfe1f, 0xf81f},
    {R_ARM_THM_MOVW_ABS_NC, 0x8000fbf0, 0xf240},
    {R_ARM_THM_MOVT_ABS, 0x8000fbf0, 0xf2c0},
    {R_ARM_THM_MOVW_PREL_NC, 0x8000fbf0, 0xf240},
    {R_ARM_THM_MOVT_PREL, 0x8000fbf0, 0xf2c0},
    {R_ARM_THM_ALU_PREL_11_0, 0x8000fbff, 0xf20f}, // add
    {R_ARM_THM_ALU_PREL_11_0, 0x8000fbff, 0xf2af}, // sub
    {R_ARM_THM_ALU_ABS_G0_NC, 0xe800, 0x2000},     // movs, adds
    {R_ARM_THM_ALU_ABS_G1_NC, 0xe800, 0x2000},
    {R_ARM_THM_ALU_ABS_G2_NC, 0xe800, 0x2000},
    {R_ARM_THM_ALU_ABS_G3, 0xe800, 0x2000},
};

std::string_view Thumb::misfit(const RelocDesc &desc, ByteView section, size_t offset) const {
  const uint64_t word = readUint(section.subspan(offset, desc.bytes));
  if (desc.type == R_ARM_THM_CALL && (word & 0xd000f800) == 0xc000f000)
    return "the instruction is blx, a call to Arm code, which Cortex-M does not run";
  bool isInstruction = false;
  for (const Opcode &opcode : opcodes) {
    if (opcode.type != desc.type)
      continue;
    isInstruction = true;
    if ((word & opcode.mask) == opcode.value)
      return {};
  }
  return isInstruction ? "the instruction at this place is not one that the relocation fits" : "";
}

int64_t Thumb::value(const Fixup &fixup) const {
  constexpr int64_t thumbBit = 1, inWord = 3;
  Fixup f = fixup;
  switch (f.desc.type) {
  case R_ARM_THM_CALL:
  case R_ARM_THM_JUMP24:
  case R_ARM_THM_JUMP19:
  case R_ARM_THM_JUMP11:
  case R_ARM_THM_JUMP8:
  case R_ARM_THM_JUMP6:
    f.S &= ~thumbBit;
    break;
  case R_ARM_THM_PC12:
    // Code is loaded as it lies in memory. An odd address for ldrb or ldrsb is that of a byte.
    if (first(f.at()) & 0x0060)
      f.S &= ~thumbBit;
    [[fallthrough]];
  case R_ARM_THM_PC8:
  case R_ARM_THM_ALU_PREL_11_0:
    f.P &= ~inWord;
    break;
  default:
    break;
  }
  return Arch::value(f);
}

void Thumb::encode(const Fixup &fixup, int64_t value) const {
  const ByteSpan at = fixup.at();
  const auto bits = static_cast<uint32_t>(value);
  const auto magnitude = static_cast<uint32_t>(value < 0 ? -value : value);
  switch (fixup.desc.type) {
  case R_ARM_THM_CALL:
  case R_ARM_THM_JUMP24:
    return putBranch25(at, bits);
  case R_ARM_THM_JUMP19:
    return putBranch21(at, bits);
  case R_ARM_THM_JUMP11:
    return put(at, 0, 0x07ff, bits >> 1);
  case R_ARM_THM_JUMP8:
    return put(at, 0, 0x00ff, bits >> 1);
  case R_ARM_THM_JUMP6:
    return put(at, 0, 0x02f8, (bits >> 6 & 1) << 9 | (bits >> 1 & 0x1f) << 3);
  case R_ARM_THM_PC8:
    return put(at, 0, 0x00ff, bits >> 2);
  case R_ARM_THM_PC12:
    put(at, 0, 0x0080, value < 0 ? 0 : 0x80);
    return put(at, 1, 0x0fff, magnitude);
  case R_ARM_THM_ALU_PREL_11_0:
    put(at, 0, 0x04a0, (magnitude >> 11 & 1) << 10 | (value < 0 ? 0xa0 : 0));
    return put(at, 1, 0x70ff, (magnitude >> 8 & 7) << 12 | (magnitude & 0xff));
  case R_ARM_THM_MOVW_ABS_NC:
  case R_ARM_THM_MOVW_PREL_NC:
    return putMov16(at, bits);
  case R_ARM_THM_MOVT_ABS:
  case R_ARM_THM_MOVT_PREL:
    return putMov16(at, bits >> 16);
  case R_ARM_THM_ALU_ABS_G0_NC:
    return put(at, 0, 0x00ff, bits);
  case R_ARM_THM_ALU_ABS_G1_NC:
    return put(at, 0, 0x00ff, bits >> 8);
  case R_ARM_THM_ALU_ABS_G2_NC:
    return put(at, 0, 0x00ff, bits >> 16);
  case R_ARM_THM_ALU_ABS_G3:
    return put(at, 0, 0x00ff, bits >> 24);
  case R_ARM_PREL31: {
    const uint32_t top = readLe<uint32_t>(at) & 0x80000000;
    return writeLe<uint32_t>(at, top | (bits & 0x7fffffff));
  }
  default:
    return Arch::encode(fixup, value);
  }
}

void Thumb::neutralise(const Fixup &fixup) const {
  // aaelf32: it goes to the next instruction. A call changes lr there, as every call may.
  encode(fixup, fixup.desc.bytes - pipeline);
}

std::optional<ThreadCall> Thumb::threadCall(std::string_view function) const {
  if (function == "__tls_get_addr")
    return ThreadCall::Variable;
  return function == "__aeabi_read_tp" ? std::optional(ThreadCall::Pointer) : std::nullopt;
}

/// The argument is the address already, in r0 as the result. The thread pointer: movs r0, #0. A
/// jump returns.
std::optional<Patch> Thumb::withoutThreadCall(ThreadCall function, const RelocDesc &desc, ByteView,
                                              size_t offset) const {
  if (desc.type != R_ARM_THM_CALL && desc.type != R_ARM_THM_JUMP24)
    return std::nullopt;
  constexpr uint16_t zero = 0x2000, nop = 0xbf00, ret = 0x4770;
  Patch patch{offset, Bytes(4)};
  writeLe(patch.code, function == ThreadCall::Variable ? nop : zero);
  writeLe(ByteSpan(patch.code).subspan(2), desc.type == R_ARM_THM_CALL ? nop : ret);
  return patch;
}

/// armv6m has 16-bit branches and bl only.
bool hasThumb2(const abi::ArchInfo &target) { return target.name != "armv6m"; }

Bytes Thumb::entryJump(int64_t distance, const abi::ArchInfo &target) const {
  if (fitsSigned(distance - pipeline, 12)) {
    Bytes jump = {0x00, 0xe0}; // b.n
    put(jump, 0, 0x07ff, static_cast<uint32_t>(distance - pipeline) >> 1);
    return jump;
  }
  if (hasThumb2(target)) {
    if (!fitsSigned(distance - pipeline, 25))
      return {};
    Bytes jump = {0x00, 0xf0, 0x00, 0x90}; // b.w
    putBranch25(jump, static_cast<uint32_t>(distance - pipeline));
    return jump;
  }
  // push {r3, lr}; bl; pop {r3, pc}: r3 keeps the stack aligned and reaches the callee unchanged.
  constexpr int blOffset = 2;
  if (!fitsSigned(distance - pipeline - blOffset, 25))
    return {};
  Bytes jump = {0x08, 0xb5, 0x00, 0xf0, 0x00, 0xd0, 0x08, 0xbd};
  putBranch25(ByteSpan(jump).subspan(blOffset),
              static_cast<uint32_t>(distance - pipeline - blOffset));
  return jump;
}

Bytes Thumb::call(uint64_t from, uint64_t to, const abi::ArchInfo &) const {
  const auto distance = static_cast<int64_t>(to - from - pipeline);
  if (!fitsSigned(distance, 25))
    return {};
  Bytes bl = {0x00, 0xf0, 0x00, 0xd0};
  putBranch25(bl, static_cast<uint32_t>(distance));
  return bl;
}

Bytes Thumb::enter(uint64_t from, uint64_t to, const abi::ArchInfo &target) const {
  // armv6m cannot load lr from the stack, so the entry function is called: bl; pop {r4, pc}.
  Bytes code = call(from, to, target);
  if (!code.empty())
    for (const uint8_t byte : {0x10, 0xbd})
      code.push_back(byte);
  return code;
}

Stub Thumb::stub(const abi::ArchInfo &target) const {
  if (hasThumb2(target))
    return {{0xdf, 0xf8, 0x00, 0xf0, 0, 0, 0, 0}, 4, 4}; // ldr.w pc, [pc]
  // push {r0, r1}; ldr r0, [pc, #4]; str r0, [sp, #4]; pop {r0, pc}: no register changes.
  return {{0x03, 0xb4, 0x01, 0x48, 0x01, 0x90, 0x01, 0xbd, 0, 0, 0, 0}, 4, 8};
}

} // namespace

const Arch &thumb() {
  static const Thumb arch;
  return arch;
}

} // namespace mpylink::arch
