// SPDX-License-Identifier: MIT
// What becomes of code that reaches thread-local variables. Encodings are those of GNU as 2.40.
#include "ArchTests.h"

#include "llvm/BinaryFormat/ELF.h"

using namespace archtest;
using namespace llvm::ELF;

namespace {

using arch::ThreadCall;

/// A call of a function that finds thread-local variables.
struct Call {
  const arch::Arch &arch;
  uint32_t type;
  std::string_view code; ///< With what is around it.
  size_t offset;         ///< Of the relocation's place.
  std::string_view instead;
};

/// The bytes after the rewriting; empty when it is none.
std::string rewritten(const arch::Arch &arch, ThreadCall function, uint32_t type,
                      std::string_view code, size_t offset) {
  Bytes section = hex(code);
  const auto patch =
      arch.withoutThreadCall(function, row(arch, type, code, offset), section, offset);
  if (!patch)
    return "";
  REQUIRE(section.size() - patch->offset >= patch->code.size());
  std::ranges::copy(patch->code, section.begin() + static_cast<std::ptrdiff_t>(patch->offset));
  return toHex(section);
}

const arch::Arch &x64 = arch::x64(), &x86 = arch::x86(), &arm = arch::thumb(),
                 &rv32 = arch::riscv32(), &rv64 = arch::riscv64();

const Call calls[] = {
    // call -> mov %rdi, %rax; xchg %ax, %ax. With its prefixes, of which the last REX counts.
    {x64, R_X86_64_PLT32, "e8 00000000", 1, "4889f86690"},
    {x64, R_X86_64_PC32, "e8 00000000", 1, "4889f86690"},
    {x64, R_X86_64_PLT32, "666648 e8 00000000 90", 4, "6666484889f8669090"},
    // jmp -> mov %rdi, %rax; ret
    {x64, R_X86_64_PLT32, "e9 00000000", 1, "4889f8c390"},
    // call *(%rip) -> mov %rdi, %rax; nopl (%rax)
    {x64, R_X86_64_GOTPCRELX, "6648 ff15 00000000", 4, "66484889f80f1f00"},
    {x64, R_X86_64_GOTPCREL, "ff25 00000000", 2, "4889f8c36690"},
    // movabs $0, %rax; add %rbx, %rax; call *%rax, and the same with %r15
    {x64, R_X86_64_PLTOFF64, "48b8 0000000000000000 4801d8 ffd0", 2,
     "4889f80f1f80000000000f1f440000"},
    {x64, R_X86_64_PLTOFF64, "48b8 0000000000000000 4c01f8 ffd0", 2,
     "4889f80f1f80000000000f1f440000"},
    // call -> lea 0(%esi, %eiz), %esi; nop
    {x86, R_386_PLT32, "e8 fcffffff", 1, "8d74260090"},
    {x86, R_386_PC32, "90 e8 fcffffff", 2, "908d74260090"},
    // jmp -> ret
    {x86, R_386_PLT32, "e9 fcffffff", 1, "c390909090"},
    // call *(%ebx), *(%edi) -> lea 0(%esi), %esi
    {x86, R_386_GOT32X, "ff93 00000000", 2, "8db600000000"},
    {x86, R_386_GOT32X, "ff97 00000000", 2, "8db600000000"},
    // bl -> nop; nop. b.w -> nop; bx lr
    {arm, R_ARM_THM_CALL, "fff7feff", 0, "00bf00bf"},
    {arm, R_ARM_THM_JUMP24, "fff7febf", 0, "00bf7047"},
    // call -> c.lw a0, (a0); c.nop; nop
    {rv32, R_RISCV_CALL_PLT, "97000000 e7800000", 0, "0841010013000000"},
    {rv64, R_RISCV_CALL_PLT, "97000000 e7800000", 0, "0861010013000000"},
    {rv64, R_RISCV_CALL, "0100 97000000 e7800000 0100", 2, "010008610100130000000100"},
    // tail -> c.lw a0, (a0); c.jr ra
    {rv32, R_RISCV_CALL_PLT, "17030000 67000300", 0, "0841828013000000"},
    // jal ra; jal zero
    {rv32, R_RISCV_JAL, "ef000000", 0, "08410100"},
    {rv64, R_RISCV_JAL, "6f000000", 0, "08618280"},
};

const Call others[] = {
    {x64, R_X86_64_64, "0000000000000000", 0, ""},
    {x64, R_X86_64_PLT32, "0f8400000000", 2, ""},                         // je
    {x64, R_X86_64_PLT32, "00000000", 0, ""},                             // Nothing before it.
    {x64, R_X86_64_GOTPCREL, "488b05 00000000", 3, ""},                   // mov (%rip), %rax
    {x64, R_X86_64_GOTPCREL, "e8 00000000", 1, ""},                       // A slot is no function.
    {x64, R_X86_64_PLT32, "ff15 00000000", 2, ""},                        // Nor the reverse.
    {x64, R_X86_64_PLTOFF64, "48b8 0000000000000000 4801d8 ffe0", 2, ""}, // jmp *%rax
    {x64, R_X86_64_PLTOFF64, "48b8 0000000000000000 4801d9 ffd0", 2, ""}, // add %rbx, %rcx
    {x64, R_X86_64_PLTOFF64, "48b9 0000000000000000 4801d8 ffd0", 2, ""}, // movabs $0, %rcx
    {x64, R_X86_64_PLTOFF64, "48b8 0000000000000000 4801d8", 2, ""},
    {x86, R_386_32, "00000000", 0, ""},
    {x86, R_386_PLT32, "0f84 fcffffff", 2, ""},    // je
    {x86, R_386_GOT32X, "8b83 00000000", 2, ""},   // mov 0(%ebx), %eax
    {x86, R_386_GOT32X, "ffb3 00000000", 2, ""},   // push 0(%ebx)
    {x86, R_386_GOT32X, "ff9424 00000000", 3, ""}, // call *0(%esp)
    {arm, R_ARM_ABS32, "00000000", 0, ""},
    {arm, R_ARM_THM_JUMP19, "3ff4feaf", 0, ""},
    {rv32, R_RISCV_32, "00000000", 0, ""},
    {rv32, R_RISCV_RVC_JUMP, "01a0", 0, ""},              // No room for two instructions.
    {rv32, R_RISCV_CALL_PLT, "97000000 e7000300", 0, ""}, // jalr ra, (t1)
    {rv32, R_RISCV_GOT_HI20, "17050000", 0, ""},
};

} // namespace

TEST_CASE("calls that find a thread-local variable", "[arch][tls]") {
  for (const Call &call : calls) {
    INFO(call.code);
    CHECK(rewritten(call.arch, ThreadCall::Variable, call.type, call.code, call.offset) ==
          call.instead);
  }
}

TEST_CASE("other uses of the function that finds them", "[arch][tls]") {
  for (const Call &call : others) {
    INFO(call.code);
    CHECK(rewritten(call.arch, ThreadCall::Variable, call.type, call.code, call.offset) == "");
  }
}

TEST_CASE("the function that returns the thread pointer", "[arch][tls]") {
  // movs r0, #0; nop, and movs r0, #0; bx lr
  CHECK(rewritten(arm, ThreadCall::Pointer, R_ARM_THM_CALL, "fff7feff", 0) == "002000bf");
  CHECK(rewritten(arm, ThreadCall::Pointer, R_ARM_THM_JUMP24, "fff7febf", 0) == "00207047");
}

TEST_CASE("the names of these functions", "[arch][tls]") {
  for (const arch::Arch *arch : {&x64, &arm, &rv32, &rv64}) {
    CHECK(arch->threadCall("__tls_get_addr") == ThreadCall::Variable);
    CHECK(arch->threadCall("___tls_get_addr") == std::nullopt);
    CHECK(arch->threadCall("") == std::nullopt);
    CHECK(arch->threadCall("__aeabi_read_tp") ==
          (arch == &arm ? std::optional(ThreadCall::Pointer) : std::nullopt));
  }
  CHECK(x86.threadCall("___tls_get_addr") == ThreadCall::Variable);
  CHECK(x86.threadCall("__tls_get_addr") == std::nullopt); // It takes its argument elsewhere.
  CHECK(arch::xtensa().threadCall("__tls_get_addr") == std::nullopt);
}

TEST_CASE("x86: every register may hold the GOT", "[arch][tls]") {
  for (uint8_t base = 0; base < 8; ++base)
    for (uint32_t type : {R_386_TLS_GD, R_386_TLS_LDM}) {
      Place direct(row(x86, type), "8d80 00000000", 2), index(row(x86, type), "8d0405 00000000", 3);
      direct.fixup().section[1] |= base;
      index.fixup().section[2] |= static_cast<uint8_t>(base << 3);
      CHECK(direct.misfit(x86).empty() == (base != 4)); // esp takes a SIB byte.
      CHECK(index.misfit(x86).empty());
    }
  const std::vector<Misfit> misfits = {
      {R_386_TLS_GD, 2, "8b83 00000000", "mov 0(%ebx), %eax"},
      {R_386_TLS_GD, 2, "8d93 00000000", "lea 0(%ebx), %edx"},
      {R_386_TLS_GD, 3, "8d045d 00000000", "lea 0(, %ebx, 2), %eax"},
      {R_386_TLS_LDM, 2, "0383 00000000", "add 0(%ebx), %eax"},
      {R_386_TLS_LDM, 0, "00000000", ".long v@tlsldm"},
  };
  checkMisfits(x86, misfits);
  Place place(row(x86, R_386_TLS_LDM), "8d83 12345678", 2);
  x86.encode(place.fixup(), x86.value(place.fixup()));
  CHECK(place.text() == "8d8300000000");
}

TEST_CASE("RISC-V: the thread pointer counts as 0", "[arch][tls]") {
  const auto [code, expected] = GENERATE(table<const char *, const char *>({
      {"33054500", "33050500"}, // add a0, a0, tp -> add a0, a0, zero
      {"b3874700", "b3870700"}, // add a5, a5, tp
      {"3305b200", "3305b000"}, // add a0, tp, a1 -> add a0, zero, a1
      {"1295", "0100"},         // c.add a0, tp -> c.nop
      {"9297", "0100"},         // c.add a5, tp
  }));
  for (const arch::Arch *arch : {&rv32, &rv64}) {
    Place place(row(*arch, R_RISCV_TPREL_ADD, code, 0), code, 0);
    CHECK(place.misfit(*arch) == "");
    CHECK(arch->value(place.fixup()) == 0);
    arch->encode(place.fixup(), 0);
    CHECK(place.text() == expected);
  }
}

TEST_CASE("RISC-V: where code uses the thread pointer", "[arch][tls]") {
  struct Row {
    std::string_view code;
    std::vector<uint64_t> uses;
    bool canBeDropped = false;
  };
  const std::vector<Row> rows = {
      {"33054500", {0}, true},
      {"1295", {0}, true},
      {"0100 33054500 9297", {2, 6}, true},
      {"1282", {0}},         // c.mv tp, tp
      {"1285", {0}},         // c.mv a0, tp
      {"13050200", {0}},     // addi a0, tp, 0
      {"03250200", {0}},     // lw a0, 0(tp)
      {"2320a200", {0}},     // sw a0, 0(tp)
      {"23204500", {0}},     // sw tp, 0(a0)
      {"3305a240", {0}},     // sub a0, tp, a0
      {"63004500", {0}},     // beq a0, tp, .
      {"67800200", {}},      // jalr zero, 0(t0)
      {"37420000", {}},      // lui tp, 4
      {"13824200", {}},      // addi tp, t0, 4: the immediate is 4.
      {"17050200", {}},      // auipc a0, 0x20
      {"6f000000 0100", {}}, // jal zero
      {"13000000 33054500 13000000", {4}, true},
      {"01", {}},
      {"", {}},
  };
  for (const Row &row : rows) {
    INFO(row.code);
    const Bytes code = hex(row.code);
    CHECK(rv32.threadPointerUses(code) == row.uses);
    for (const uint64_t use : rv32.threadPointerUses(code)) {
      const ByteView at = ByteView(code).subspan(use);
      CHECK(rv64.misfit(*rv64.rowAt(rv64.threadPointerType(), at), code, use).empty() ==
            row.canBeDropped);
    }
  }
  CHECK(rv32.hidesThreadPointer(R_RISCV_TLS_GOT_HI20));
  CHECK_FALSE(rv32.hidesThreadPointer(R_RISCV_TPREL_HI20));
  CHECK_FALSE(x64.hidesThreadPointer(R_X86_64_GOTTPOFF));
}
