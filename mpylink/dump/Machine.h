// SPDX-License-Identifier: MIT
// LLVM's disassembler for one architecture. Only Machine.cpp knows LLVM's MC library.
#pragma once

#include "abi/Abi.h"
#include "support/Bytes.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mpylink::dump {

/// An instruction as text; the first operand is what it changes, if anything.
struct MachineInstruction {
  size_t size = 0;
  std::string name; ///< Mnemonic; empty when there is no such instruction.
  std::string operands;
  std::vector<std::string> written; ///< Registers, also those that contain them.
  bool isCall = false;
  bool endsFlow = false; ///< What follows is not reached from here.
  bool mayLoad = false;
  std::optional<uint64_t> branch; ///< Where it goes to.
  std::optional<uint64_t> memory; ///< The address that it reads or writes, relative to itself.
};

class Machine {
public:
  /// Null when LLVM has no disassembler for it.
  static std::unique_ptr<Machine> create(const abi::ArchInfo &arch);
  ~Machine();

  /// `address` is that of the first of `bytes`, which are at least one.
  MachineInstruction decode(ByteView bytes, uint64_t address) const;

private:
  struct Parts;
  explicit Machine(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts;
};

} // namespace mpylink::dump
