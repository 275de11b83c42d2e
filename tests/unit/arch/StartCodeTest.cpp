// SPDX-License-Identifier: MIT
// Code at text 0 that calls constructors. Expected bytes are those of GNU as and ld 2.40.
#include "ArchTests.h"

using namespace archtest;

namespace {

Bytes startCode(std::string_view target, std::vector<uint64_t> constructors, uint64_t entry) {
  const abi::ArchInfo &info = *abi::findArch(target);
  return arch::find(info.elfMachine, info.wordSize)->startCode(constructors, entry, info);
}

} // namespace

TEST_CASE("constructors are called in front of the entry function", "[arch]") {
  const auto [target, bytes] = GENERATE(table<const char *, const char *>({
      // push rdi, rsi, rdx, rcx; sub $8, rsp; call; call; add; pop ...; jmp
      {"x64", "575652514883ec08e8f3000000e8ee1f00004883c408595a5e5fe9e12f0000"},
      // sub $12, esp; call; call; add; jmp
      {"x86", "83ec0ce8f8000000e8f31f000083c40ce9eb2f0000"},
      // push {r0-r4, lr}; bl; bl; pop {r0-r3}; bl; pop {r4, pc}
      {"armv6m", "1fb500f07df801f0fbff0fbc02f0f8ff10bd"},
      {"armv7emdp", "1fb500f07df801f0fbff0fbc02f0f8ff10bd"},
      // c.addi16sp; c.swsp of ra, a0 to a3; jal; jal; c.lwsp ...; c.addi16sp; j
      {"rv32imc", "3d7106ce2acc2eca32c836c6ef00400fef10107ff2406245d2454246b24605616f20107e"},
      {"rv64imc", "797106f42af02eec32e836e4ef00400fef10107fa2700275e2654266a26645616f20107e"},
      // addi a1; s32i.n of a0, a2 to a5; call0; call0; l32i.n ...; addi a1; j
      {"xtensa", "12c1e009012911392149315941050f00c5fe010801281138214831584112c12006f70b"},
      // entry; call8; call8; mov.n a10, a2 ...; call8; mov.n a2, a10; retw.n
      {"xtensawin", "364100e50f00a5ff01ad02bd03cd04dd05e5fe022d0a1df0"},
  }));
  CAPTURE(target);
  CHECK(toHex(startCode(target, {0x100, 0x2000}, 0x3000)) == bytes);
}

TEST_CASE("long calls of constructors on RISC-V", "[arch]") {
  // auipc ra; jalr ra, (ra)
  const std::string code = toHex(startCode("rv32imc", {0x12345678}, 0x3000));
  CHECK(code.substr(24, 16) == "97503412e780c066");
}

TEST_CASE("a constructor or an entry function out of reach", "[arch]") {
  const auto [target, distance] = GENERATE(table<const char *, uint64_t>({
      {"x64", 0x80000100},
      {"armv6m", 0x1001000},
      {"armv7m", 0x1001000},
      {"xtensa", 0x80040},
      {"xtensawin", 0x80040},
      {"xtensawin", 0x102}, // Not aligned.
  }));
  CAPTURE(target);
  CHECK(startCode(target, {distance}, 0x100).empty());
  CHECK(startCode(target, {0x100}, distance).empty());
}
