// SPDX-License-Identifier: MIT
// What RISC-V relocations change: which bits of which instructions, and other fields.
#pragma once

#include "support/Bytes.h"

namespace mpylink::arch::riscv_fields {

/// What is at the place.
enum class Form : uint8_t {
  Data,
  Bits6,   ///< Of a byte, the lower ones.
  Uleb128, ///< Of one byte or more, whose number stays.
  Branch,
  Jump,
  ShortBranch, ///< Of 16 bits.
  ShortJump,
  ShortLui,
  Auipc,
  Lui,
  Low12I,    ///< Of an addition, load or jump.
  Low12S,    ///< Of a store.
  Call,      ///< auipc and jalr.
  ThreadAdd, ///< Of the thread pointer, of 16 or 32 bits.
};

Form formOf(uint32_t relocationType);

/// Writes the bits of a mask; all others stay.
void putBits(ByteSpan at, uint64_t mask, uint64_t bits);

/// Whether an instruction of that form is there.
bool isInstruction(Form form, ByteView at, unsigned wordSize);
/// Whether a jump or call keeps a return address, unlike a tail call.
bool keepsReturnAddress(Form form, ByteView at);
/// Makes auipc a lui, and the reverse.
void makeAbsolute(ByteSpan at);
void makeRelative(ByteSpan at);

/// Bytes of the instruction at the start of `at`.
size_t instructionSize(ByteView at);
/// Where code reads the thread pointer.
std::vector<uint64_t> threadPointerUses(ByteView code);
/// Whether the instruction adds the thread pointer, and does nothing else with it.
bool canDropThreadPointer(ByteView instruction);
/// Adds 0 instead.
void dropThreadPointer(ByteSpan instruction);

/// The upper part of a value whose lower part is signed.
uint64_t upperPart(uint64_t value);
/// The number in an instruction's field; of an upper part that part.
int64_t readField(Form form, ByteView at);
/// Packs a value, or its upper part, into an instruction's field.
void writeField(Form form, ByteSpan at, uint64_t value);

} // namespace mpylink::arch::riscv_fields
