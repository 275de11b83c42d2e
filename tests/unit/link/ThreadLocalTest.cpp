// SPDX-License-Identifier: MIT
// Accesses to thread-local variables, as compilers make them, reach one ordinary variable.
#include "RiscVCode.h"

namespace linktest {

namespace {

constexpr Traits threadLocal = {STB_GLOBAL, STT_TLS};

uint32_t tdata(ObjectBuilder &object, uint64_t size) {
  return object.section(".tdata.v", dataFlags | SHF_TLS, Bytes(size, 0xaa), 8);
}

/// The address of a section in a loaded module.
uint64_t addressOf(Case &link, const Memory &memory, uint32_t section) {
  const Segment segment = link.segment(0, section);
  return (segment == Segment::Text     ? memory.bases.text
          : segment == Segment::Rodata ? memory.image.rodata
                                       : memory.image.bss) +
         link.address(0, section);
}

} // namespace

TEST_CASE("x64: general and local dynamic accesses", "[link][tls]") {
  // data16 lea v@tlsgd(%rip), %rdi; data16 data16 rex.W call __tls_get_addr@plt;
  // lea w@tlsld(%rip), %rdi; call __tls_get_addr@plt; lea w@dtpoff(%rax), %rax
  Case link;
  ObjectBuilder &a = link.object();
  const uint32_t entry = a.entry(
      {0x66, 0x48, 0x8d, 0x3d, 0, 0,    0, 0, 0x66, 0x66, 0x48, 0xe8, 0,    0, 0, 0, 0x48, 0x8d,
       0x3d, 0,    0,    0,    0, 0xe8, 0, 0, 0,    0,    0x48, 0x8d, 0x80, 0, 0, 0, 0});
  const uint32_t data = tdata(a, 16), zero = a.bss(".tbss.w", 8, 8);
  a.object.sections[zero].flags |= SHF_TLS;
  const uint32_t v = a.define("v", data, 8, threadLocal), w = a.define("w", zero, 4, threadLocal);
  const uint32_t function = a.undefined("__tls_get_addr");
  a.reloc(entry, 4, R_X86_64_TLSGD, v, -4);
  a.reloc(entry, 12, R_X86_64_PLT32, function, -4);
  a.reloc(entry, 19, R_X86_64_TLSLD, w, -4);
  a.reloc(entry, 24, R_X86_64_PLT32, function, -4);
  a.reloc(entry, 31, R_X86_64_DTPOFF32, w);
  for (const loader::Bases &bases : {lowBases, highBases}) {
    const Memory memory(link.linked().module, bases);
    const uint64_t code = addressOf(link, memory, entry);
    const auto field = [&](uint64_t offset) {
      return static_cast<uint64_t>(memory.readSigned(code + offset, 4));
    };
    CHECK(code + 8 + field(4) == addressOf(link, memory, data) + 8);
    CHECK(code + 23 + field(19) + field(31) == addressOf(link, memory, zero) + 4);
    for (const uint64_t call : {11, 23}) // mov %rdi, %rax; xchg %ax, %ax
      CHECK(memory.read(code + call, 5) == 0x9066f88948);
    CHECK(memory.read(addressOf(link, memory, data), 8) == 0xaaaaaaaaaaaaaaaa);
  }
}

TEST_CASE("x86: general and local dynamic accesses", "[link][tls]") {
  // lea v@tlsgd(, %ebx), %eax; call ___tls_get_addr@plt; lea w@tlsldm(%ebx), %eax;
  // call ___tls_get_addr@plt; lea w@dtpoff(%eax), %eax
  Case link("x86");
  ObjectBuilder &a = link.object();
  const uint32_t entry = a.entry({0x8d, 0x04, 0x1d, 0,    0,    0, 0, 0xe8, 0xfc, 0xff,
                                  0xff, 0xff, 0x8d, 0x83, 0,    0, 0, 0,    0xe8, 0xfc,
                                  0xff, 0xff, 0xff, 0x8d, 0x80, 0, 0, 0,    0});
  const uint32_t data = tdata(a, 16);
  const uint32_t v = a.define("v", data, 8, threadLocal);
  const uint32_t function = a.undefined("___tls_get_addr");
  a.reloc(entry, 3, R_386_TLS_GD, v);
  a.reloc(entry, 8, R_386_PLT32, function, -4);
  a.reloc(entry, 14, R_386_TLS_LDM, v);
  a.reloc(entry, 19, R_386_PLT32, function, -4);
  a.reloc(entry, 25, R_386_TLS_LDO_32, v);
  const Memory memory(link.linked().module, highBases);
  const uint64_t code = addressOf(link, memory, entry);
  const uint64_t got = memory.bases.text + link.layout().got;
  const auto field = [&](uint64_t offset) {
    return static_cast<uint64_t>(memory.readSigned(code + offset, 4));
  };
  CHECK(memory.wrap(got + field(3)) == addressOf(link, memory, data) + 8);
  CHECK(field(14) == 0);
  CHECK(memory.wrap(got + field(25)) == addressOf(link, memory, data) + 8);
  for (const uint64_t call : {7, 18}) // lea 0(%esi, %eiz), %esi; nop
    CHECK(memory.read(code + call, 5) == 0x900026748d);
}

TEST_CASE("Thumb: local exec and initial exec accesses", "[link][tls]") {
  // bl __aeabi_read_tp; .word v(tpoff); .word v(gottpoff)
  Case link("armv7m");
  ObjectBuilder &a = link.object();
  const uint32_t entry =
      a.code(".text.mpy_init", {0xff, 0xf7, 0xfe, 0xff, 0, 0, 0, 0, 0, 0, 0, 0}, 4);
  a.define("mpy_init", entry, 1);
  const uint32_t data = tdata(a, 16), v = a.define("v", data, 8, threadLocal);
  a.reloc(entry, 0, R_ARM_THM_CALL, a.undefined("__aeabi_read_tp"), -4);
  a.reloc(entry, 4, R_ARM_TLS_LE32, v);
  a.reloc(entry, 8, R_ARM_TLS_IE32, v);
  CHECK(link.segment(0, data) == Segment::Rodata); // Nothing needs a fixed distance.
  for (const loader::Bases &bases : {lowBases, highBases}) {
    const Memory memory(link.linked().module, bases);
    const uint64_t code = addressOf(link, memory, entry);
    const uint64_t address = addressOf(link, memory, data) + 8;
    CHECK(memory.read(code, 4) == 0xbf002000);
    CHECK(memory.read(code + 4, 4) == address);
    CHECK(memory.read(memory.wrap(code + 8 + memory.read(code + 8, 4)), 4) == address);
  }
}

TEST_CASE("RISC-V: general dynamic and initial exec accesses", "[link][tls]") {
  // auipc a0; addi a0, a0; auipc ra; jalr ra, (ra), or auipc a0; l[wd] a0, (a0); add a0, a0, tp
  const std::string arch = GENERATE("rv32imc", "rv64imc");
  const bool isGeneral = GENERATE(false, true);
  const uint32_t load = arch == "rv32imc" ? 0x00052503 : 0x00053503, addi = 0x00050513;
  RiscVCase test(isGeneral ? std::vector<uint32_t>{auipcA0, addi, 0x97, 0x80e7, ret}
                           : std::vector<uint32_t>{auipcA0, load, 0x00450533, ret},
                 arch);
  ObjectBuilder &a = test.a;
  const uint32_t data = tdata(a, 16), v = a.define("v", data, 8, threadLocal);
  a.reloc(test.section, 0, isGeneral ? R_RISCV_TLS_GD_HI20 : R_RISCV_TLS_GOT_HI20, v);
  test.pcLow(4, a.define(".L", test.section, 0, local));
  if (isGeneral)
    a.reloc(test.section, 8, R_RISCV_CALL_PLT, a.undefined("__tls_get_addr"));
  else
    a.reloc(test.section, 8, R_RISCV_TPREL_ADD, v);
  CHECK(test.link.segment(0, data) == Segment::Rodata);
  for (const loader::Bases &bases : {lowBases, highBases}) {
    const Memory memory(test.link.linked().module, bases);
    const uint64_t code = test.address(memory, test.section);
    const uint64_t slot = pairValue(memory, code, code + 4);
    CHECK(memory.read(slot, memory.word) == test.address(memory, data, 8));
  }
  if (isGeneral) // c.lw or c.ld a0, (a0); c.nop
    CHECK(test.code(8) == (arch == "rv32imc" ? 0x00014108 : 0x00016108));
  else // add a0, a0, zero
    CHECK(test.code(8) == 0x00050533);
}

TEST_CASE("RISC-V: local exec accesses", "[link][tls]") {
  // lui a0; add a0, a0, tp; lw a1, (a0)
  const bool twice = GENERATE(false, true); // Then there are detours.
  std::vector<uint32_t> code = {luiA0, 0x00450533, lwA1A0, ret};
  if (twice)
    code.insert(code.begin(), {luiA0, 0x00450533, lwA1A0});
  RiscVCase test(code, GENERATE("rv32imc", "rv64imc"));
  const uint32_t data = tdata(test.a, 16), v = test.a.define("v", data, 8, threadLocal);
  for (uint64_t at = 0; at <= (twice ? 12 : 0); at += 12) {
    test.a.reloc(test.section, at, R_RISCV_TPREL_HI20, v);
    test.a.reloc(test.section, at + 4, R_RISCV_TPREL_ADD, v);
    test.a.reloc(test.section, at + 8, R_RISCV_TPREL_LO12_I, v);
  }
  CHECK(test.link.segment(0, data) == (twice ? Segment::Rodata : Segment::Text));
  for (uint64_t at = 0; at <= (twice ? 12 : 0); at += 12) {
    test.reach(at, at + 8, [&](const Memory &m) { return test.address(m, data, 8); });
    CHECK(test.code(at + 4) == 0x00050533);
  }
}

TEST_CASE("the functions that find them are rewritten, not linked", "[link][tls]") {
  Case link;
  ObjectBuilder &a = link.object("a.o");
  const uint32_t entry = a.entry();
  a.reloc(entry, 0, R_X86_64_64, a.undefined("__tls_get_addr"));
  ObjectBuilder &b = link.object("b.o");
  const uint32_t own = b.code(".text.own", Bytes(4));
  b.define("__tls_get_addr", own);
  link.plan();
  CHECK(link.live().sections[link.sectionNumber(1, own)] == false);
  CHECK(
      messages(link.diag) ==
      "mpylink: error: a.o:(.text.mpy_init+0x0): R_X86_64_64 against __tls_get_addr: the function "
      "finds thread-local variables, and only calls of it by name can be rewritten "
      "[unsupported-relocation]\n"
      ">>> hint: compile without -mlong-calls and -mcmodel=large, or do not use the function\n");
}

} // namespace linktest
