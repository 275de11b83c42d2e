// SPDX-License-Identifier: MIT
// The formats of instructions: https://github.com/riscv/riscv-isa-manual, chapters "RV32I Base
// Integer Instruction Set" and, for the 16-bit ones, "C" Extension.
#include "arch/RiscVFields.h"

#include "llvm/BinaryFormat/ELF.h"

#include <algorithm>
#include <span>

namespace mpylink::arch::riscv_fields {

using namespace llvm::ELF;

Form formOf(uint32_t type) {
  switch (type) {
  case R_RISCV_SUB6:
  case R_RISCV_SET6:
    return Form::Bits6;
  case R_RISCV_SET_ULEB128:
  case R_RISCV_SUB_ULEB128:
    return Form::Uleb128;
  case R_RISCV_BRANCH:
    return Form::Branch;
  case R_RISCV_JAL:
    return Form::Jump;
  case R_RISCV_RVC_BRANCH:
    return Form::ShortBranch;
  case R_RISCV_RVC_JUMP:
    return Form::ShortJump;
  case R_RISCV_RVC_LUI:
    return Form::ShortLui;
  case R_RISCV_GOT_HI20:
  case R_RISCV_PCREL_HI20:
  case R_RISCV_TLS_GOT_HI20:
  case R_RISCV_TLS_GD_HI20:
    return Form::Auipc;
  case R_RISCV_HI20:
  case R_RISCV_TPREL_HI20:
    return Form::Lui;
  case R_RISCV_TPREL_ADD:
    return Form::ThreadAdd;
  case R_RISCV_PCREL_LO12_I:
  case R_RISCV_LO12_I:
  case R_RISCV_TPREL_LO12_I:
    return Form::Low12I;
  case R_RISCV_PCREL_LO12_S:
  case R_RISCV_LO12_S:
  case R_RISCV_TPREL_LO12_S:
    return Form::Low12S;
  case R_RISCV_CALL:
  case R_RISCV_CALL_PLT:
    return Form::Call;
  default:
    return Form::Data;
  }
}

namespace {

/// Adjacent bits of a value and where they are in the instruction.
struct Piece {
  uint8_t value, instruction, bits;
};

/// The field of an instruction, the value's highest bits first. Of a call, that of its jalr.
std::span<const Piece> piecesOf(Form form) {
  constexpr static Piece branch[] = {{12, 31, 1}, {11, 7, 1}, {5, 25, 6}, {1, 8, 4}};
  constexpr static Piece jump[] = {{20, 31, 1}, {12, 12, 8}, {11, 20, 1}, {1, 21, 10}};
  constexpr static Piece shortBranch[] = {{8, 12, 1}, {6, 5, 2}, {5, 2, 1}, {3, 10, 2}, {1, 3, 2}};
  constexpr static Piece shortJump[] = {{11, 12, 1}, {10, 8, 1}, {8, 9, 2},  {7, 6, 1},
                                        {6, 7, 1},   {5, 2, 1},  {4, 11, 1}, {1, 3, 3}};
  constexpr static Piece shortLui[] = {{5, 12, 1}, {0, 2, 5}};
  constexpr static Piece upper[] = {{0, 12, 20}};
  constexpr static Piece low12I[] = {{0, 20, 12}};
  constexpr static Piece low12S[] = {{5, 25, 7}, {0, 7, 5}};
  constexpr static Piece callLow[] = {{1, 21, 11}}; // Distances are even.
  switch (form) {
  case Form::Branch:
    return branch;
  case Form::Jump:
    return jump;
  case Form::ShortBranch:
    return shortBranch;
  case Form::ShortJump:
    return shortJump;
  case Form::ShortLui:
    return shortLui;
  case Form::Auipc:
  case Form::Lui:
    return upper;
  case Form::Low12I:
    return low12I;
  case Form::Low12S:
    return low12S;
  case Form::Call:
    return callLow;
  case Form::Data:
  case Form::Bits6:
  case Form::Uleb128:
  case Form::ThreadAdd:
    break;
  }
  return {};
}

constexpr uint64_t lowBits(unsigned bits) { return (uint64_t(1) << bits) - 1; }

void putPieces(ByteSpan at, Form form, uint64_t value) {
  for (const Piece &piece : piecesOf(form))
    putBits(at, lowBits(piece.bits) << piece.instruction,
            value >> piece.value << piece.instruction);
}

int64_t pieces(ByteView at, Form form) {
  const std::span<const Piece> all = piecesOf(form);
  uint64_t value = 0;
  for (const Piece &piece : all)
    value |= (readUint(at) >> piece.instruction & lowBits(piece.bits)) << piece.value;
  return signExtend(value, all.front().value + all.front().bits);
}

constexpr unsigned lowPartBits = 12;

/// An instruction that a relocation fits.
struct Opcode {
  Form form;
  uint32_t mask, value;
};
constexpr uint32_t opcodeMask = 0x7f, functionMask = 0x707f, auipc = 0x17, lui = 0x37, jalr = 0x67;
constexpr uint16_t shortMask = 0xe003, cJump = 0xa001, cJumpAndLink = 0x2001, cLui = 0x6001,
                   cLoadImmediate = 0x4001;
constexpr Opcode opcodes[] = {
    {Form::Branch, opcodeMask, 0x63},
    {Form::Jump, opcodeMask, 0x6f},
    {Form::ShortBranch, shortMask, 0xc001},
    {Form::ShortBranch, shortMask, 0xe001},
    {Form::ShortJump, shortMask, cJump},
    {Form::ShortJump, shortMask, cJumpAndLink},
    {Form::ShortLui, shortMask, cLui},
    {Form::ShortLui, shortMask, cLoadImmediate}, // What c.lui of zero becomes.
    {Form::Auipc, opcodeMask, auipc},
    {Form::Lui, opcodeMask, lui},
    {Form::Low12I, 0x107f, 0x0013},       // addi, slti, xori, ori
    {Form::Low12I, 0x307f, 0x3013},       // sltiu, andi
    {Form::Low12I, functionMask, 0x001b}, // addiw
    {Form::Low12I, opcodeMask, 0x03},     // loads
    {Form::Low12I, functionMask, 0x2007}, // flw
    {Form::Low12I, functionMask, 0x3007}, // fld
    {Form::Low12I, functionMask, jalr},
    {Form::Low12S, opcodeMask, 0x23},     // stores
    {Form::Low12S, functionMask, 0x2027}, // fsw
    {Form::Low12S, functionMask, 0x3027}, // fsd
};

constexpr unsigned destination(uint64_t instruction) { return instruction >> 7 & 0x1f; }
constexpr unsigned source(uint64_t instruction) { return instruction >> 15 & 0x1f; }

/// The two instructions of a call.
constexpr size_t callHalf = 4;

bool isCall(ByteView at) {
  const auto first = readLe<uint32_t>(at), second = readLe<uint32_t>(at.subspan(callHalf));
  return (first & opcodeMask) == auipc && (second & functionMask) == jalr &&
         destination(first) == source(second);
}

} // namespace

namespace {

constexpr unsigned threadPointer = 4;
constexpr unsigned secondSource(uint64_t instruction) { return instruction >> 20 & 0x1f; }
constexpr uint32_t addMask = 0xfe00707f, add = 0x33;
/// c.add and c.mv with the thread pointer as their source.
constexpr uint16_t shortSourceMask = 0xf07f, cAdd = 0x9012, cMove = 0x8012;

/// The major opcodes of instructions with one source register at least, and with two.
constexpr uint8_t sourceOpcodes[] = {0x03, 0x07, 0x13, 0x1b, 0x23, 0x27,
                                     0x2f, 0x33, 0x3b, 0x63, 0x67, 0x73};
constexpr uint8_t secondSourceOpcodes[] = {0x23, 0x2f, 0x33, 0x3b, 0x63};

bool readsThreadPointer(ByteView at) {
  if (at.size() == 2) {
    const auto bits = readLe<uint16_t>(at) & shortSourceMask;
    return bits == cAdd || bits == cMove;
  }
  const auto bits = readLe<uint32_t>(at);
  const auto isOf = [&](auto &opcodes) {
    return std::ranges::find(opcodes, bits & opcodeMask) != std::end(opcodes);
  };
  return (isOf(sourceOpcodes) && source(bits) == threadPointer) ||
         (isOf(secondSourceOpcodes) && secondSource(bits) == threadPointer);
}

} // namespace

size_t instructionSize(ByteView at) { return at.size() < 4 || (at[0] & 3) != 3 ? 2 : 4; }

std::vector<uint64_t> threadPointerUses(ByteView code) {
  std::vector<uint64_t> uses;
  for (size_t at = 0; code.size() - at >= 2;) {
    const size_t size = instructionSize(code.subspan(at));
    if (readsThreadPointer(code.subspan(at, size)))
      uses.push_back(at);
    at += size;
  }
  return uses;
}

bool canDropThreadPointer(ByteView at) {
  if (at.size() == 2)
    return (readLe<uint16_t>(at) & shortSourceMask) == cAdd;
  const auto bits = readLe<uint32_t>(at);
  return (bits & addMask) == add &&
         (source(bits) == threadPointer) != (secondSource(bits) == threadPointer);
}

void dropThreadPointer(ByteSpan at) {
  constexpr uint64_t firstField = 0x1f << 15, secondField = 0x1f << 20;
  if (at.size() == 2) // Adding 0 has no 16-bit form.
    return writeLe<uint16_t>(at, 0x0001);
  putBits(at, source(readUint(at)) == threadPointer ? firstField : secondField, 0);
}

uint64_t upperPart(uint64_t value) {
  return (value + (uint64_t(1) << (lowPartBits - 1))) >> lowPartBits;
}

void putBits(ByteSpan at, uint64_t mask, uint64_t bits) {
  writeUint(at, (readUint(at) & ~mask) | (bits & mask));
}

bool isInstruction(Form form, ByteView at, unsigned wordSize) {
  if (form == Form::Call)
    return isCall(at);
  const uint64_t instruction = readUint(at);
  if (form == Form::ShortJump && (instruction & shortMask) == cJumpAndLink)
    return wordSize == 4; // rv64 has c.addiw there.
  if (form == Form::ShortLui && (destination(instruction) == 0 || destination(instruction) == 2))
    return false; // Reserved, and c.addi16sp.
  return std::ranges::any_of(opcodes, [&](const Opcode &opcode) {
    return opcode.form == form && (instruction & opcode.mask) == opcode.value;
  });
}

bool keepsReturnAddress(Form form, ByteView at) {
  if (form == Form::ShortJump)
    return (readUint(at) & shortMask) == cJumpAndLink;
  return destination(readUint(form == Form::Call ? at.subspan(callHalf) : at)) != 0;
}

void makeAbsolute(ByteSpan at) { putBits(at, opcodeMask, lui); }
void makeRelative(ByteSpan at) { putBits(at, opcodeMask, auipc); }

int64_t readField(Form form, ByteView at) {
  if (form != Form::Call)
    return pieces(at, form);
  return pieces(at.first(callHalf), Form::Auipc) * (int64_t(1) << lowPartBits) +
         pieces(at.subspan(callHalf), form);
}

void writeField(Form form, ByteSpan at, uint64_t value) {
  switch (form) {
  case Form::Call:
    putPieces(at.first(callHalf), Form::Auipc, upperPart(value));
    return putPieces(at.subspan(callHalf), form, value);
  case Form::ShortLui:
    // c.lui cannot load zero, c.li can.
    putBits(at, cLui ^ cLoadImmediate, upperPart(value) == 0 ? cLoadImmediate : cLui);
    [[fallthrough]];
  case Form::Auipc:
  case Form::Lui:
    return putPieces(at, form, upperPart(value));
  default:
    return putPieces(at, form, value);
  }
}

} // namespace mpylink::arch::riscv_fields
