// SPDX-License-Identifier: MIT
#include "mpy/Bytecode.h"

#include "support/Diag.h"

namespace mpylink::mpy {

namespace {

class Decoder {
public:
  Decoder(ByteView code, size_t offset) : code(code), at(offset) {}

  uint8_t byte() {
    if (at >= code.size()) {
      isCut = true;
      return 0;
    }
    return code[at++];
  }

  uint64_t varUint(bool isSigned) {
    const size_t start = at;
    uint64_t value = 0;
    uint8_t group = byte();
    // The first group has the sign in bit 6; the firmware shifts it out at the top.
    if (isSigned && (group & 0x40))
      value = ~uint64_t{0};
    for (;; group = byte()) {
      value = value << 7 | (group & 0x7f);
      if ((group & 0x80) == 0)
        break;
    }
    isLong = at - start > 10;
    return value;
  }

  /// The distance that a jump to `target` has, from behind the distance.
  int64_t distance(BytecodeForm form, bool isSigned) {
    const unsigned low = byte();
    if (form.version != 5 && (low & 0x80) == 0)
      return static_cast<int64_t>(low) - (isSigned ? 0x40 : 0);
    const unsigned high = byte();
    if (form.version == 5)
      return static_cast<int64_t>(low | high << 8) - (isSigned ? 0x8000 : 0);
    return static_cast<int64_t>((low & 0x7f) | high << 7) - (isSigned ? 0x4000 : 0);
  }

  size_t offset() const { return at; }
  bool cut() const { return isCut; }
  bool tooLong() const { return isLong; }

private:
  ByteView code;
  size_t at;
  bool isCut = false;
  bool isLong = false;
};

int64_t readOperand(Decoder &in, abi::Operand operand, BytecodeForm form) {
  switch (operand) {
  case abi::Operand::None:
    break;
  case abi::Operand::Qstr:
    if (form.version == 5) {
      const unsigned low = in.byte();
      return low | in.byte() << 8;
    }
    return static_cast<int64_t>(in.varUint(false));
  case abi::Operand::Int:
    return static_cast<int64_t>(in.varUint(true));
  case abi::Operand::Uint:
  case abi::Operand::Object:
  case abi::Operand::Local:
  case abi::Operand::Child:
    return static_cast<int64_t>(in.varUint(false));
  case abi::Operand::Jump:
  case abi::Operand::Forward: {
    const int64_t distance = in.distance(form, operand == abi::Operand::Jump);
    return static_cast<int64_t>(in.offset()) + distance;
  }
  }
  return 0;
}

} // namespace

Result<Instruction> readInstruction(ByteView code, size_t offset, BytecodeForm form) {
  Instruction result;
  result.offset = offset;
  result.opcode = &abi::opcode(code[offset]);
  if (result.opcode->name.empty())
    return Failure{offset, "there is no instruction " + hex(code[offset])};
  Decoder in(code, offset + 1);
  const abi::Operand operand = form.operandOf(*result.opcode);
  result.operand =
      operand == abi::Operand::None ? result.opcode->value : readOperand(in, operand, form);
  for (unsigned left = form.trailingBytes(*result.opcode); left != 0; --left)
    result.extra = in.byte();
  if (in.cut())
    return Failure{offset, "the code ends inside an instruction"};
  if (in.tooLong())
    return Failure{offset, "the operand of an instruction is too long"};
  result.size = in.offset() - offset;
  return result;
}

} // namespace mpylink::mpy
