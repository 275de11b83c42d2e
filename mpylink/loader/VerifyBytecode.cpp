// SPDX-License-Identifier: MIT
#include "loader/VerifyBytecode.h"

#include "mpy/Bytecode.h"
#include "mpy/Prelude.h"
#include "support/Diag.h"

#include <algorithm>

namespace mpylink::loader {

using mpy::Instruction;
using mpy::Prelude;
using mpy::RawCode;

namespace {

std::string at(size_t offset) { return " at offset " + hex(offset) + " of the code"; }

class FunctionCheck {
public:
  FunctionCheck(const mpy::Module &module, const RawCode &raw, const Report &report)
      : module(module), raw(raw), report(report) {}

  void checkPrelude(const Prelude &prelude);
  void checkInstructions(const Prelude &prelude);

private:
  void checkName(uint32_t qstr, const char *what) {
    if (qstr >= module.qstrs.size())
      report(std::string(what) + " is qstr " + std::to_string(qstr) + ", and there are " +
             std::to_string(module.qstrs.size()));
  }
  void checkIndex(const Instruction &instruction, size_t first, size_t count, const char *what) {
    const auto operand = static_cast<uint64_t>(instruction.operand);
    if (operand < first || operand - first >= count)
      report(std::string(instruction.opcode->name) + at(instruction.offset) + " wants " + what +
             " " + std::to_string(operand) + ", and there are " + std::to_string(count) +
             (first ? " from " + std::to_string(first) + " on" : ""));
  }
  void checkOperand(const Instruction &instruction, const Prelude &prelude);

  const mpy::Module &module;
  const RawCode &raw;
  const Report &report;
};

void FunctionCheck::checkPrelude(const Prelude &prelude) {
  checkName(prelude.simpleName, "the name of the function");
  for (const uint32_t name : prelude.argNames)
    checkName(name, "the name of an argument");
  if (module.version == 5)
    checkName(prelude.sourceFile, "the source file");
  if (prelude.flags > 15)
    report("the prelude has unknown flags " + hex(prelude.flags));
  if (prelude.defaults > prelude.positional)
    report("the prelude has " + std::to_string(prelude.defaults) + " defaults for " +
           std::to_string(prelude.positional) + " arguments");
  const uint32_t locals = prelude.arguments() + (prelude.flags & mpy::scopeVarArgs ? 1 : 0) +
                          (prelude.flags & mpy::scopeVarKeywords ? 1 : 0);
  if (raw.kind == mpy::CodeKind::Bytecode && locals > prelude.states)
    report("the function has " + std::to_string(locals) + " arguments, but room for " +
           std::to_string(prelude.states) + " values");
  for (size_t cell = prelude.cellsStart; cell < prelude.codeStart; ++cell)
    if (raw.code[cell] >= prelude.states)
      report("a cell is local variable " + std::to_string(raw.code[cell]) + ", and there are " +
             std::to_string(prelude.states));
}

void FunctionCheck::checkOperand(const Instruction &instruction, const Prelude &prelude) {
  // Version 5 numbers the names of arguments, the objects and the children in one row.
  const size_t objects = module.version == 5 ? raw.objects.size() : module.objects.size();
  const size_t firstObject = module.version == 5 ? raw.argNames.size() : 0;
  const size_t firstChild = module.version == 5 ? firstObject + objects : 0;
  switch (mpy::BytecodeForm::of(module).operandOf(*instruction.opcode)) {
  case abi::Operand::Qstr:
    return checkIndex(instruction, 0, module.qstrs.size(), "qstr");
  case abi::Operand::Object:
    return checkIndex(instruction, firstObject, objects, "object");
  case abi::Operand::Child:
    return checkIndex(instruction, firstChild, raw.children.size(), "raw code");
  case abi::Operand::Local:
    return checkIndex(instruction, 0, prelude.states, "local variable");
  default:
    return;
  }
}

void FunctionCheck::checkInstructions(const Prelude &prelude) {
  std::vector<size_t> starts;
  std::vector<Instruction> jumps;
  const mpy::BytecodeForm form = mpy::BytecodeForm::of(module);
  for (size_t offset = prelude.codeStart; offset < raw.code.size();) {
    const Result<Instruction> instruction = mpy::readInstruction(raw.code, offset, form);
    if (!instruction)
      return report(instruction.failure().text + at(instruction.failure().offset));
    starts.push_back(offset);
    checkOperand(*instruction, prelude);
    const abi::Operand operand = form.operandOf(*instruction->opcode);
    if (operand == abi::Operand::Jump || operand == abi::Operand::Forward)
      jumps.push_back(*instruction);
    offset += instruction->size;
  }
  if (starts.empty())
    return report("the function has no instructions");
  for (const Instruction &jump : jumps)
    if (!std::ranges::binary_search(starts, static_cast<size_t>(jump.operand)))
      report(std::string(jump.opcode->name) + at(jump.offset) + " goes to " +
             (jump.operand < 0 ? "-" + hex(static_cast<uint64_t>(-jump.operand))
                               : hex(static_cast<uint64_t>(jump.operand))) +
             ", which is no instruction");
}

} // namespace

void verifyBytecode(const mpy::Module &module, const RawCode &raw, const Report &report) {
  const Result<Prelude> prelude = mpy::readPrelude(raw.code, 0, module.version);
  if (!prelude)
    return report(prelude.failure().text);
  FunctionCheck check(module, raw, report);
  check.checkPrelude(*prelude);
  if (const auto lines = mpy::readLines(raw.code, *prelude, module.version); !lines)
    report(lines.failure().text + at(lines.failure().offset));
  check.checkInstructions(*prelude);
}

void verifyNativePrelude(const mpy::Module &module, const RawCode &raw, const Report &report) {
  Result<Prelude> prelude = mpy::readPrelude(raw.code, raw.preludeOffset, module.version);
  if (!prelude)
    return report(prelude.failure().text);
  if (module.version == 5) {
    // The loader replaces the names in the code by those of the file.
    prelude->simpleName = raw.simpleName;
    prelude->sourceFile = raw.sourceFile;
  }
  FunctionCheck(module, raw, report).checkPrelude(*prelude);
}

} // namespace mpylink::loader
