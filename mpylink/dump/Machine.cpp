// SPDX-License-Identifier: MIT
#include "dump/Machine.h"

#include "support/Diag.h"

#include "llvm/MC/MCAsmInfo.h"
#include "llvm/MC/MCContext.h"
#include "llvm/MC/MCDisassembler/MCDisassembler.h"
#include "llvm/MC/MCInst.h"
#include "llvm/MC/MCInstPrinter.h"
#include "llvm/MC/MCInstrAnalysis.h"
#include "llvm/MC/MCInstrInfo.h"
#include "llvm/MC/MCRegisterInfo.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/MCTargetOptions.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/TargetParser/Triple.h"

#include <algorithm>

#define TARGET(NAME)                                                                               \
  extern "C" void LLVMInitialize##NAME##TargetInfo();                                              \
  extern "C" void LLVMInitialize##NAME##TargetMC();                                                \
  extern "C" void LLVMInitialize##NAME##Disassembler();
#include "dump/Targets.inc"
#undef TARGET

namespace mpylink::dump {

namespace {

void registerTargets() {
#define TARGET(NAME)                                                                               \
  LLVMInitialize##NAME##TargetInfo();                                                              \
  LLVMInitialize##NAME##TargetMC();                                                                \
  LLVMInitialize##NAME##Disassembler();
#include "dump/Targets.inc"
#undef TARGET
}

/// Of those that LLVM knows: the one that names the destination first, as all other processors do.
constexpr unsigned destinationFirst = 1;

/// What LLVM prints is the distance for some processors and the address for others.
void setTarget(MachineInstruction &instruction, uint64_t target) {
  instruction.branch = target;
  const size_t last = instruction.operands.rfind(' ') + 1;
  instruction.operands = instruction.operands.substr(0, last) + hex(target);
}

/// LLVM 19 prints the distance of a literal wrongly and does not tell where it is.
void setLiteral(MachineInstruction &instruction, ByteView bytes, uint64_t address) {
  const int64_t words = static_cast<int64_t>(readLe<uint16_t>(bytes.subspan(1))) - 0x10000;
  instruction.memory = alignTo(address, 4) + static_cast<uint64_t>(words * 4);
  instruction.operands = instruction.operands.substr(0, instruction.operands.find(',')) + ", " +
                         hex(*instruction.memory);
}

} // namespace

struct Machine::Parts {
  const abi::ArchInfo *arch = nullptr;
  llvm::Triple triple;
  llvm::MCTargetOptions options;
  std::unique_ptr<llvm::MCRegisterInfo> registers;
  std::unique_ptr<llvm::MCAsmInfo> assembler;
  std::unique_ptr<llvm::MCSubtargetInfo> subtarget;
  std::unique_ptr<llvm::MCInstrInfo> instructions;
  std::unique_ptr<llvm::MCContext> context;
  std::unique_ptr<llvm::MCDisassembler> disassembler;
  std::unique_ptr<llvm::MCInstPrinter> printer;
  std::unique_ptr<llvm::MCInstrAnalysis> analysis;
};

Machine::Machine(std::unique_ptr<Parts> parts) : parts(std::move(parts)) {}
Machine::~Machine() = default;

std::unique_ptr<Machine> Machine::create(const abi::ArchInfo &arch) {
  registerTargets();
  const std::string triple(arch.llvmTriple);
  std::string error;
  const llvm::Target *target = llvm::TargetRegistry::lookupTarget(triple, error);
  if (triple.empty() || !target)
    return nullptr;
  auto parts = std::make_unique<Parts>();
  parts->arch = &arch;
  parts->triple = llvm::Triple(triple);
  parts->registers.reset(target->createMCRegInfo(triple));
  if (!parts->registers)
    return nullptr;
  parts->assembler.reset(target->createMCAsmInfo(*parts->registers, triple, parts->options));
  parts->subtarget.reset(
      target->createMCSubtargetInfo(triple, "", llvm::StringRef(arch.llvmFeatures)));
  parts->instructions.reset(target->createMCInstrInfo());
  if (!parts->assembler || !parts->subtarget || !parts->instructions)
    return nullptr;
  parts->context = std::make_unique<llvm::MCContext>(
      parts->triple, parts->assembler.get(), parts->registers.get(), parts->subtarget.get());
  parts->disassembler.reset(target->createMCDisassembler(*parts->subtarget, *parts->context));
  for (const unsigned syntax : {destinationFirst, parts->assembler->getAssemblerDialect()})
    if (!parts->printer)
      parts->printer.reset(target->createMCInstPrinter(parts->triple, syntax, *parts->assembler,
                                                       *parts->instructions, *parts->registers));
  parts->analysis.reset(target->createMCInstrAnalysis(parts->instructions.get()));
  if (!parts->disassembler || !parts->printer)
    return nullptr;
  parts->printer->setPrintImmHex(true);
  return std::unique_ptr<Machine>(new Machine(std::move(parts)));
}

MachineInstruction Machine::decode(ByteView bytes, uint64_t address) const {
  MachineInstruction result;
  llvm::MCInst instruction;
  uint64_t size = 0;
  const llvm::ArrayRef<uint8_t> code(bytes.data(), bytes.size());
  const auto status =
      parts->disassembler->getInstruction(instruction, size, code, address, llvm::nulls());
  if (status == llvm::MCDisassembler::Fail || size == 0 || size > bytes.size()) {
    const uint8_t narrow = parts->arch->narrowBit;
    const size_t length = narrow ? (bytes[0] & narrow ? 2 : 3)
                                 : std::max<size_t>(size, parts->assembler->getMinInstAlignment());
    result.size = std::min(length, bytes.size());
    return result;
  }
  std::string text;
  llvm::raw_string_ostream out(text);
  parts->printer->printInst(&instruction, address, "", *parts->subtarget, out);
  llvm::StringRef rest = llvm::StringRef(text).trim();
  const size_t end = rest.find_first_of("\t ");
  result.size = size;
  result.name = rest.substr(0, end).str();
  if (end != llvm::StringRef::npos)
    result.operands = rest.substr(end).trim().str();
  std::ranges::replace(result.operands, '\t', ' ');
  const llvm::MCInstrDesc &description = parts->instructions->get(instruction.getOpcode());
  const auto write = [&](llvm::MCRegister reg) {
    for (const llvm::MCPhysReg super : parts->registers->superregs_inclusive(reg)) {
      std::string name;
      llvm::raw_string_ostream stream(name);
      parts->printer->printRegName(stream, super);
      result.written.push_back(name);
    }
  };
  // A list of registers to load is no definition by the description's count.
  const bool isList = description.isVariadic() && description.mayLoad();
  for (unsigned i = 0; i < instruction.getNumOperands(); ++i)
    if (instruction.getOperand(i).isReg() && instruction.getOperand(i).getReg() &&
        (i < description.getNumDefs() || isList))
      write(instruction.getOperand(i).getReg());
  for (const llvm::MCPhysReg reg : description.implicit_defs())
    write(reg);
  result.isCall = description.isCall();
  result.endsFlow = description.isBarrier() || description.isReturn();
  result.mayLoad = description.mayLoad();
  if (parts->arch->narrowBit && result.name == "l32r" && size == 3)
    setLiteral(result, bytes, address);
  if (parts->analysis) {
    uint64_t target = 0;
    if (parts->analysis->evaluateBranch(instruction, address, size, target))
      setTarget(result, target);
    if (const auto memory = parts->analysis->evaluateMemoryOperandAddress(
            instruction, parts->subtarget.get(), address, size))
      result.memory = *memory;
  }
  return result;
}

} // namespace mpylink::dump
