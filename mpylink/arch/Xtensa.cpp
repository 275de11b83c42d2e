// SPDX-License-Identifier: MIT
// Xtensa, little endian, with the call0 or the windowed ABI: the Xtensa Instruction Set
// Architecture Reference Manual; the relocations are those of GNU binutils. Objects use RELA, and
// R_XTENSA_32 alone adds what is in the place.
//
// R_XTENSA_SLOT0_OP means whatever operand the instruction at the place has. Instructions have 24
// bits, or 16 with the code density option; the low nibble tells the format. Bits 0 to 23:
//
//   l32r                   t 0001          imm16 at 8     word at imm16 * 4 - 2^18 + (P + 3 & ~3)
//   call0, 4, 8, 12        nn 0101         imm18 at 6     imm18 * 4 + (P & ~3) + 4
//   j                      00 0110         imm18 at 6     imm18 + P + 4
//   beqz, bnez, bltz, bgez mm01 0110       imm12 at 12    imm12 + P + 4
//   beqi, bnei, blti, bgei mm10 0110       imm8 at 16     imm8 + P + 4
//   bltui, bgeui           1m11 0110       imm8 at 16     imm8 + P + 4
//   bf, bt                 r s 0111 0110   imm8 at 16     imm8 + P + 4; r = 0, 1
//   loop, loopnez, loopgtz r s 0111 0110   imm8 at 16     imm8 + P + 4, unsigned; r = 8, 9, 10
//   beq, bne, bbs, ...     r s t 0111      imm8 at 16     imm8 + P + 4
//   beqz.n, bnez.n         imm6 s 1zii 1100               imm6 + P + 4, unsigned
//
// Here ii are the upper bits of imm6. A call's target is 4-aligned, and so is a literal. l32r only
// reaches back. The low nibbles 14 and 15 start wide (FLIX) bundles of several instructions.
#include "arch/XtensaInfo.h"

#include "llvm/BinaryFormat/ELF.h"

#include <algorithm>

namespace mpylink::arch {

namespace {

constexpr std::string_view adviceWord = "put .balign 4 in front of the word";
constexpr std::string_view adviceDistance =
    "only what is in the module is at a fixed distance: use the address itself";
constexpr std::string_view adviceLiteral =
    "l32r loads a word of the module at most 256 KiB in front of it: put the address into such a "
    "literal (movi aN, symbol does)";
constexpr std::string_view adviceFarLiteral =
    "l32r reaches 256 KiB back: compile with -ffunction-sections, or with "
    "-mtext-section-literals or -mauto-litpools";
constexpr std::string_view adviceCall =
    "compile with -mlongcalls, or call through a register (callx)";
constexpr std::string_view adviceBranch = "branch to code of the module: it can jump on";
constexpr std::string_view adviceFarBranch = "jump through a register (jx)";
constexpr std::string_view adviceInstruction =
    "mpylink relocates l32r, calls, jumps, branches and loops: load an address with l32r (compile "
    "with -mno-const16)";
constexpr std::string_view adviceAlternative =
    "addresses must come from literals near the code: compile with -mno-const16 and "
    "-Wa,--no-absolute-literals";
constexpr std::string_view adviceBundle =
    "what refers to a symbol must not be in a wide (FLIX) bundle: assemble with "
    "-Wa,--no-allow-flix";
constexpr std::string_view adviceObsolete =
    "this relocation is obsolete: assemble again with a current assembler";

using enum Need;
using enum Range;
using namespace llvm::ELF;

/// Positive and negative differences; LLVM 19 does not know them.
enum : uint32_t { PDIFF8 = 57, PDIFF16, PDIFF32, NDIFF8, NDIFF16, NDIFF32 };

/// Relaxing assemblers need the markers, and differences are in their places already.
constexpr RelocDesc nothing(uint32_t type, std::string_view name) {
  return {type, name, Nothing, 0, 0};
}

constexpr RelocDesc table[] = {
    nothing(R_XTENSA_NONE, "R_XTENSA_NONE"),
    {R_XTENSA_32, "R_XTENSA_32", Absolute, 4, 32, Either, 1, adviceWord},
    refused(R_XTENSA_RTLD, "R_XTENSA_RTLD", adviceDynamic),
    refused(R_XTENSA_GLOB_DAT, "R_XTENSA_GLOB_DAT", adviceDynamic),
    refused(R_XTENSA_JMP_SLOT, "R_XTENSA_JMP_SLOT", adviceDynamic),
    refused(R_XTENSA_RELATIVE, "R_XTENSA_RELATIVE", adviceDynamic),
    {R_XTENSA_PLT, "R_XTENSA_PLT", Absolute, 4, 32, Either, 1, adviceWord},
    refused(R_XTENSA_OP0, "R_XTENSA_OP0", adviceObsolete),
    refused(R_XTENSA_OP1, "R_XTENSA_OP1", adviceObsolete),
    refused(R_XTENSA_OP2, "R_XTENSA_OP2", adviceObsolete),
    nothing(R_XTENSA_ASM_EXPAND, "R_XTENSA_ASM_EXPAND"),
    nothing(R_XTENSA_ASM_SIMPLIFY, "R_XTENSA_ASM_SIMPLIFY"),
    {R_XTENSA_32_PCREL, "R_XTENSA_32_PCREL", Difference, 4, 32, Either, 1, adviceDistance},
    nothing(R_XTENSA_GNU_VTINHERIT, "R_XTENSA_GNU_VTINHERIT"),
    nothing(R_XTENSA_GNU_VTENTRY, "R_XTENSA_GNU_VTENTRY"),
    nothing(R_XTENSA_DIFF8, "R_XTENSA_DIFF8"),
    nothing(R_XTENSA_DIFF16, "R_XTENSA_DIFF16"),
    nothing(R_XTENSA_DIFF32, "R_XTENSA_DIFF32"),
    refused(R_XTENSA_SLOT0_OP, "R_XTENSA_SLOT0_OP", adviceInstruction),
    refused(R_XTENSA_SLOT1_OP, "R_XTENSA_SLOT1_OP", adviceBundle),
    refused(R_XTENSA_SLOT2_OP, "R_XTENSA_SLOT2_OP", adviceBundle),
    refused(R_XTENSA_SLOT3_OP, "R_XTENSA_SLOT3_OP", adviceBundle),
    refused(R_XTENSA_SLOT4_OP, "R_XTENSA_SLOT4_OP", adviceBundle),
    refused(R_XTENSA_SLOT5_OP, "R_XTENSA_SLOT5_OP", adviceBundle),
    refused(R_XTENSA_SLOT6_OP, "R_XTENSA_SLOT6_OP", adviceBundle),
    refused(R_XTENSA_SLOT7_OP, "R_XTENSA_SLOT7_OP", adviceBundle),
    refused(R_XTENSA_SLOT8_OP, "R_XTENSA_SLOT8_OP", adviceBundle),
    refused(R_XTENSA_SLOT9_OP, "R_XTENSA_SLOT9_OP", adviceBundle),
    refused(R_XTENSA_SLOT10_OP, "R_XTENSA_SLOT10_OP", adviceBundle),
    refused(R_XTENSA_SLOT11_OP, "R_XTENSA_SLOT11_OP", adviceBundle),
    refused(R_XTENSA_SLOT12_OP, "R_XTENSA_SLOT12_OP", adviceBundle),
    refused(R_XTENSA_SLOT13_OP, "R_XTENSA_SLOT13_OP", adviceBundle),
    refused(R_XTENSA_SLOT14_OP, "R_XTENSA_SLOT14_OP", adviceBundle),
    refused(R_XTENSA_SLOT0_ALT, "R_XTENSA_SLOT0_ALT", adviceAlternative),
    refused(R_XTENSA_SLOT1_ALT, "R_XTENSA_SLOT1_ALT", adviceBundle),
    refused(R_XTENSA_SLOT2_ALT, "R_XTENSA_SLOT2_ALT", adviceBundle),
    refused(R_XTENSA_SLOT3_ALT, "R_XTENSA_SLOT3_ALT", adviceBundle),
    refused(R_XTENSA_SLOT4_ALT, "R_XTENSA_SLOT4_ALT", adviceBundle),
    refused(R_XTENSA_SLOT5_ALT, "R_XTENSA_SLOT5_ALT", adviceBundle),
    refused(R_XTENSA_SLOT6_ALT, "R_XTENSA_SLOT6_ALT", adviceBundle),
    refused(R_XTENSA_SLOT7_ALT, "R_XTENSA_SLOT7_ALT", adviceBundle),
    refused(R_XTENSA_SLOT8_ALT, "R_XTENSA_SLOT8_ALT", adviceBundle),
    refused(R_XTENSA_SLOT9_ALT, "R_XTENSA_SLOT9_ALT", adviceBundle),
    refused(R_XTENSA_SLOT10_ALT, "R_XTENSA_SLOT10_ALT", adviceBundle),
    refused(R_XTENSA_SLOT11_ALT, "R_XTENSA_SLOT11_ALT", adviceBundle),
    refused(R_XTENSA_SLOT12_ALT, "R_XTENSA_SLOT12_ALT", adviceBundle),
    refused(R_XTENSA_SLOT13_ALT, "R_XTENSA_SLOT13_ALT", adviceBundle),
    refused(R_XTENSA_SLOT14_ALT, "R_XTENSA_SLOT14_ALT", adviceBundle),
    refused(R_XTENSA_TLSDESC_FN, "R_XTENSA_TLSDESC_FN", adviceTls),
    refused(R_XTENSA_TLSDESC_ARG, "R_XTENSA_TLSDESC_ARG", adviceTls),
    refused(R_XTENSA_TLS_DTPOFF, "R_XTENSA_TLS_DTPOFF", adviceTls),
    refused(R_XTENSA_TLS_TPOFF, "R_XTENSA_TLS_TPOFF", adviceTls),
    refused(R_XTENSA_TLS_FUNC, "R_XTENSA_TLS_FUNC", adviceTls),
    refused(R_XTENSA_TLS_ARG, "R_XTENSA_TLS_ARG", adviceTls),
    refused(R_XTENSA_TLS_CALL, "R_XTENSA_TLS_CALL", adviceTls),
    nothing(PDIFF8, "R_XTENSA_PDIFF8"),
    nothing(PDIFF16, "R_XTENSA_PDIFF16"),
    nothing(PDIFF32, "R_XTENSA_PDIFF32"),
    nothing(NDIFF8, "R_XTENSA_NDIFF8"),
    nothing(NDIFF16, "R_XTENSA_NDIFF16"),
    nothing(NDIFF32, "R_XTENSA_NDIFF32"),
};

/// From where an operand counts.
enum class From : uint8_t {
  Next,     ///< P + 4.
  NextWord, ///< (P & ~3) + 4.
  WordUp,   ///< P, rounded up to a word.
};

/// What R_XTENSA_SLOT0_OP is for the instructions whose low 16 bits are `opcode` under `mask`.
struct Instruction {
  RelocDesc desc;
  uint16_t mask, opcode;
  From from;
  unsigned shift; ///< Of the field's lowest bit in the instruction.
};

constexpr RelocDesc operand(std::string_view name, Need need, uint8_t bytes, uint8_t bits,
                            Range range, uint8_t align, std::string_view advice,
                            std::string_view farAdvice = {}) {
  return {R_XTENSA_SLOT0_OP, name, need, bytes, bits, range, align, advice, farAdvice};
}

constexpr Instruction branch(uint16_t mask, uint16_t opcode, uint8_t bits) {
  return {operand("R_XTENSA_SLOT0_OP (branch)", Direct, 3, bits, Signed, 1, adviceBranch,
                  adviceFarBranch),
          mask, opcode, From::Next, 24u - bits};
}

constexpr Instruction call(std::string_view name, uint16_t opcode, Need need) {
  return {operand(name, need, 3, 20, Signed, 4, adviceCall, adviceCall), 0x3f, opcode,
          From::NextWord, 6};
}

constexpr Instruction loop(uint16_t mask, uint16_t opcode) {
  return {operand("R_XTENSA_SLOT0_OP (loop)", Direct, 3, 8, Unsigned, 1, adviceBranch), mask,
          opcode, From::Next, 16};
}

constexpr Instruction jump = {
    operand("R_XTENSA_SLOT0_OP (j)", Branch, 3, 18, Signed, 1, adviceBranch, adviceFarBranch), 0x3f,
    0x06, From::Next, 6};

constexpr Instruction call0 = call("R_XTENSA_SLOT0_OP (call0)", 0x05, Branch);
constexpr Instruction call8 = call("R_XTENSA_SLOT0_OP (call8)", 0x25, Branch);

constexpr Instruction instructions[] = {
    {operand("R_XTENSA_SLOT0_OP (l32r)", Direct, 3, 18, Backward, 4, adviceLiteral,
             adviceFarLiteral),
     0x0f, 0x01, From::WordUp, 8},
    // A stub changes a9, which call4 has an argument in and call12 leaves to the caller.
    call0,
    call("R_XTENSA_SLOT0_OP (call4)", 0x15, Direct),
    call8,
    call("R_XTENSA_SLOT0_OP (call12)", 0x35, Direct),
    jump,
    branch(0x3f, 0x16, 12),    // beqz, bnez, bltz, bgez
    branch(0x3f, 0x26, 8),     // beqi, bnei, blti, bgei
    branch(0xbf, 0xb6, 8),     // bltui, bgeui
    branch(0xe0ff, 0x0076, 8), // bf, bt
    branch(0x0f, 0x07, 8),     // beq, bbs, ...
    loop(0xe0ff, 0x8076),      // loop, loopnez
    loop(0xf0ff, 0xa076),      // loopgtz
    // beqz.n, bnez.n: the field is in two parts.
    {operand("R_XTENSA_SLOT0_OP (narrow branch)", Direct, 2, 6, Unsigned, 1, adviceBranch), 0x8f,
     0x8c, From::Next, 0},
};

constexpr int next = 4;

uint64_t origin(From from, uint64_t P) {
  constexpr uint64_t word = 4;
  switch (from) {
  case From::NextWord:
    return (P & ~(word - 1)) + next;
  case From::WordUp:
    return alignTo(P, word);
  case From::Next:
    break;
  }
  return P + next;
}

/// The instruction whose row `desc` is, or null.
const Instruction *instructionOf(const RelocDesc &desc) {
  const auto found = std::ranges::find_if(
      instructions, [&](const Instruction &instruction) { return &instruction.desc == &desc; });
  return found == std::end(instructions) ? nullptr : found;
}

bool isNarrow(const Instruction &instruction) { return instruction.desc.bytes == 2; }

/// The bits of the field in the instruction, for a value in units of the row's alignment.
uint32_t pack(const Instruction &instruction, uint32_t units) {
  return isNarrow(instruction) ? (units & 0xf) << 12 | (units & 0x30) : units << instruction.shift;
}

uint32_t unpack(const Instruction &instruction, uint32_t code) {
  return isNarrow(instruction) ? code >> 12 | (code & 0x30) : code >> instruction.shift;
}

uint32_t unitsMask(const RelocDesc &desc) { return ((uint32_t(1) << desc.bits) - 1) / desc.align; }

void put(ByteSpan at, const Instruction &instruction, int64_t value) {
  const uint32_t mask = unitsMask(instruction.desc);
  const auto units = static_cast<uint32_t>(value / instruction.desc.align);
  writeUint(at,
            (readUint(at) & ~uint64_t(pack(instruction, mask))) | pack(instruction, units & mask));
}

class Xtensa final : public Arch {
public:
  unsigned wordSize() const override { return 4; }
  std::span<const RelocDesc> relocs() const override { return table; }
  const RelocDesc *rowAt(uint32_t type, ByteView at) const override;
  int64_t addendAt(const RelocDesc &desc, ByteView at) const override;
  bool addsToPlace(const RelocDesc &desc) const override { return desc.type == R_XTENSA_32; }
  int64_t value(const Fixup &fixup) const override;
  void encode(const Fixup &fixup, int64_t value) const override;
  void neutralise(const Fixup &fixup) const override;
  Bytes entryJump(int64_t distance, const abi::ArchInfo &target) const override;
  Stub stub(const abi::ArchInfo &target) const override;
  Frame frame(const abi::ArchInfo &target) const override;
  Bytes call(uint64_t from, uint64_t to, const abi::ArchInfo &target) const override;
  Bytes enter(uint64_t from, uint64_t to, const abi::ArchInfo &target) const override;
  bool isLiteralPool(std::string_view section) const override;
  uint64_t poolReach() const override { return uint64_t(1) << 18; }
  bool readsBytesOfText(const abi::ArchInfo &target) const override;
  /// Code lies in instruction RAM, which has an allocator of its own.
  unsigned textAlign() const override { return wordSize(); }
  bool isAttributes(uint32_t, std::string_view name) const override {
    return name == ".xtensa.info";
  }
  Result<ObjectAbi> objectAbi(uint32_t, ByteView attributes) const override {
    return xtensa_info::objectAbi(attributes);
  }
  std::string_view abiOptions() const override { return "-mabi"; }
  std::string mismatch(const ObjectAbi &object, const abi::ArchInfo &target) const override {
    return xtensa_info::mismatch(object, target);
  }
  std::string conflict(const ObjectAbi &a, const ObjectAbi &b) const override {
    return xtensa_info::conflict(a, b);
  }
};

const RelocDesc *Xtensa::rowAt(uint32_t type, ByteView at) const {
  if (type == R_XTENSA_SLOT0_OP && at.size() >= 2) {
    const uint16_t code = readLe<uint16_t>(at);
    for (const Instruction &instruction : instructions)
      if ((code & instruction.mask) == instruction.opcode && at.size() >= instruction.desc.bytes)
        return &instruction.desc;
  }
  return Arch::rowAt(type, at);
}

int64_t Xtensa::addendAt(const RelocDesc &desc, ByteView at) const {
  const Instruction *instruction = instructionOf(desc);
  if (!instruction)
    return Arch::addendAt(desc, at);
  const auto code = static_cast<uint32_t>(readUint(at));
  const int64_t value = int64_t(unpack(*instruction, code) & unitsMask(desc)) * desc.align;
  switch (desc.range) {
  case Signed:
    return signExtend(static_cast<uint64_t>(value), desc.bits);
  case Backward:
    return value - (int64_t(1) << desc.bits);
  default:
    return value;
  }
}

int64_t Xtensa::value(const Fixup &fixup) const {
  Fixup f = fixup;
  if (const Instruction *instruction = instructionOf(f.desc))
    f.P = static_cast<int64_t>(origin(instruction->from, static_cast<uint64_t>(f.P)));
  return Arch::value(f);
}

void Xtensa::encode(const Fixup &fixup, int64_t value) const {
  if (const Instruction *instruction = instructionOf(fixup.desc))
    return put(fixup.at(), *instruction, value);
  Arch::encode(fixup, value);
}

void Xtensa::neutralise(const Fixup &fixup) const {
  constexpr uint32_t ret = 0x000080, orA1A1A1 = 0x201110;
  // A jump to a function is a call and a return.
  const bool isJump = (readUint(fixup.at()) & jump.mask) == jump.opcode;
  writeUint(fixup.at(), isJump ? ret : orA1A1A1);
}

Bytes Xtensa::entryJump(int64_t distance, const abi::ArchInfo &) const {
  const int64_t value = distance - next;
  if (!outOfRange(jump.desc, value).empty())
    return {};
  Bytes code = {jump.opcode, 0, 0};
  put(code, jump, value);
  return code;
}

bool isWindowed(const abi::ArchInfo &target) { return target.name == "xtensawin"; }

Frame Xtensa::frame(const abi::ArchInfo &target) const {
  // entry a1, 32: the arguments stay in this window. Then mov.n a10, a2 to a13, a5.
  if (isWindowed(target))
    return {{0x36, 0x41, 0x00}, {0xad, 0x02, 0xbd, 0x03, 0xcd, 0x04, 0xdd, 0x05}};
  // addi a1, a1, -32; s32i.n of a0, a2 to a5; and back.
  return {{0x12, 0xc1, 0xe0, 0x09, 0x01, 0x29, 0x11, 0x39, 0x21, 0x49, 0x31, 0x59, 0x41},
          {0x08, 0x01, 0x28, 0x11, 0x38, 0x21, 0x48, 0x31, 0x58, 0x41, 0x12, 0xc1, 0x20}};
}

Bytes Xtensa::call(uint64_t from, uint64_t to, const abi::ArchInfo &target) const {
  const Instruction &instruction = isWindowed(target) ? call8 : call0;
  const auto value = static_cast<int64_t>(to - origin(instruction.from, from));
  if (!outOfRange(instruction.desc, value).empty())
    return {};
  Bytes code = {static_cast<uint8_t>(instruction.opcode), 0, 0};
  put(code, instruction, value);
  return code;
}

Bytes Xtensa::enter(uint64_t from, uint64_t to, const abi::ArchInfo &target) const {
  if (!isWindowed(target))
    return Arch::enter(from, to, target);
  Bytes code = call(from, to, target);
  if (!code.empty())
    for (const uint8_t byte : {0x2d, 0x0a, 0x1d, 0xf0}) // mov.n a2, a10; retw.n
      code.push_back(byte);
  return code;
}

/// The word first, because l32r only reaches back: .word 0; l32r a9, word; jx a9.
///
/// With call0, a9 holds no argument and is the callee's to change. With call8 the stub still runs
/// in the caller's window, and jx leaves PS.CALLINC alone, by which the callee's `entry` moves it:
/// a8 is the return address, a10 to a15 are the arguments, and a9 becomes the callee's a1, which
/// `entry` computes from the caller's a1 without reading a9. With call4, a9 would be an argument;
/// with call12, a value of the caller.
Stub Xtensa::stub(const abi::ArchInfo &) const {
  return {{0, 0, 0, 0, 0x91, 0xff, 0xff, 0xa0, 0x09, 0x00}, 4, 0, 4};
}

/// As the assembler names them: .text.f has .literal.f, any other section NAME has NAME.literal.
bool Xtensa::isLiteralPool(std::string_view section) const {
  return section.ends_with(".literal") || section.starts_with(".literal.") ||
         section.starts_with(".gnu.linkonce.literal.");
}

/// The processors of both keep code in memory that is read by whole words only. For xtensa, modules
/// are compiled to read words alone (-mforce-l32).
bool Xtensa::readsBytesOfText(const abi::ArchInfo &target) const { return !isWindowed(target); }

} // namespace

const Arch &xtensa() {
  static const Xtensa arch;
  return arch;
}

} // namespace mpylink::arch
