// SPDX-License-Identifier: MIT
// The instructions of bytecode as it is in the model: which bytes belong to one, and what its
// operand says.
#pragma once

#include "abi/Abi.h"
#include "mpy/Module.h"
#include "support/Result.h"

namespace mpylink::mpy {

struct Instruction {
  size_t offset = 0; ///< In the code.
  size_t size = 0;
  const abi::Opcode *opcode = nullptr;
  /// A qstr, object, child, local variable, number, or for jumps the offset in the code of the
  /// instruction to go on with. What the first byte holds itself, if there is no operand.
  int64_t operand = 0;
  uint8_t extra = 0; ///< With Opcode::hasExtraByte.
};

/// What decides about the form of instructions.
struct BytecodeForm {
  uint8_t version = 6;
  bool hasCache = false; ///< Version 5 with featureMapCache.

  static BytecodeForm of(const Module &module) {
    return {module.version, module.version == 5 && (module.features & featureMapCache) != 0};
  }
  abi::Operand operandOf(const abi::Opcode &opcode) const {
    return version == 5 ? opcode.operandV5 : opcode.operand;
  }
  /// Bytes behind the operand: an argument or the cache of a look-up.
  unsigned trailingBytes(const abi::Opcode &opcode) const {
    return (opcode.hasExtraByte ? 1 : 0) + (hasCache && opcode.isCached ? 1 : 0);
  }
};

/// The instruction at `offset`, which is before the end of the code.
Result<Instruction> readInstruction(ByteView code, size_t offset, BytecodeForm form);

} // namespace mpylink::mpy
