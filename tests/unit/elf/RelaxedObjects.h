// SPDX-License-Identifier: MIT
// RISC-V objects with padding and line tables, cut down to those. The source is
//
//   1  int ext(int);
//   2  int run(int a) {
//   3    int sum = 0;
//   4    while (a)
//   5      sum += ext(--a);
//   6    return sum;
//   7  }
#pragma once

#include <string_view>

namespace elftest {

/// gcc 12.2 -O2 -falign-loops=16 -falign-labels=8
constexpr std::string_view gccYaml = R"(--- !ELF
FileHeader: {Class: ELFCLASS32, Data: ELFDATA2LSB, Type: ET_REL, Machine: EM_RISCV,
             Flags: [EF_RISCV_RVC]}
Sections:
  - Name: .text
    Type: SHT_PROGBITS
    Flags: [SHF_ALLOC, SHF_EXECINSTR]
    AddressAlign: 16
    Content: "411106c622c426c21dc92a84814401001300000013000000130000007d14228597000000e7800000\
      aa946df8b24022442685924441018280010013000000b24022448144268592444101828000000000"
  - Name: .debug_line
    Type: SHT_PROGBITS
    Flags: []
    AddressAlign: 1
    Content: "8d000000050004002a000000010101fb0e0d00010101010000000100000101011f01000000000201\
      1f020f02000000000000000000000005020000000013030109000001030109000001030009000001\
      06037e09000001030209000001037f0900000106030209000001037f090000010603030900000103\
      7c090000010603030900000106030109000001090000000101"
  - Name: .debug_line_str
    Type: SHT_PROGBITS
    Flags: []
    AddressAlign: 1
    Content: "2f746d702f756e69742d736c00736d616c6c2e63002f746d702f756e69742d736c00736d616c6c2e\
      6300736d616c6c2e6300"
  - Name: .rela.text
    Type: SHT_RELA
    Link: .symtab
    Info: .text
    Relocations:
      - {Offset: 0x8, Symbol: '.L4', Type: R_RISCV_RVC_BRANCH}
      - {Offset: 0xE, Type: R_RISCV_ALIGN, Addend: 14}
      - {Offset: 0x20, Symbol: 'ext', Type: R_RISCV_CALL_PLT}
      - {Offset: 0x2A, Symbol: '.L3', Type: R_RISCV_RVC_BRANCH}
      - {Offset: 0x38, Type: R_RISCV_ALIGN, Addend: 6}
  - Name: .rela.debug_line
    Type: SHT_RELA
    Link: .symtab
    Info: .debug_line
    Relocations:
      - {Offset: 0x22, Symbol: '.L0  (19)', Type: R_RISCV_32}
      - {Offset: 0x2C, Symbol: '.L0  (20)', Type: R_RISCV_32}
      - {Offset: 0x31, Symbol: '.L0  (21)', Type: R_RISCV_32}
      - {Offset: 0x39, Symbol: '.L0  (1)', Type: R_RISCV_32}
      - {Offset: 0x41, Symbol: '.L0  (2)', Type: R_RISCV_ADD16}
      - {Offset: 0x41, Symbol: '.L0  (1)', Type: R_RISCV_SUB16}
      - {Offset: 0x47, Symbol: '.L0  (3)', Type: R_RISCV_ADD16}
      - {Offset: 0x47, Symbol: '.L0  (2)', Type: R_RISCV_SUB16}
      - {Offset: 0x4D, Symbol: '.L0  (4)', Type: R_RISCV_ADD16}
      - {Offset: 0x4D, Symbol: '.L0  (3)', Type: R_RISCV_SUB16}
      - {Offset: 0x54, Symbol: '.L0  (5)', Type: R_RISCV_ADD16}
      - {Offset: 0x54, Symbol: '.L0  (4)', Type: R_RISCV_SUB16}
      - {Offset: 0x5A, Symbol: '.L0  (7)', Type: R_RISCV_ADD16}
      - {Offset: 0x5A, Symbol: '.L0  (5)', Type: R_RISCV_SUB16}
      - {Offset: 0x60, Symbol: '.L0  (8)', Type: R_RISCV_ADD16}
      - {Offset: 0x60, Symbol: '.L0  (7)', Type: R_RISCV_SUB16}
      - {Offset: 0x67, Symbol: '.L0  (9)', Type: R_RISCV_ADD16}
      - {Offset: 0x67, Symbol: '.L0  (8)', Type: R_RISCV_SUB16}
      - {Offset: 0x6D, Symbol: '.L0  (10)', Type: R_RISCV_ADD16}
      - {Offset: 0x6D, Symbol: '.L0  (9)', Type: R_RISCV_SUB16}
      - {Offset: 0x74, Symbol: '.L0  (11)', Type: R_RISCV_ADD16}
      - {Offset: 0x74, Symbol: '.L0  (10)', Type: R_RISCV_SUB16}
      - {Offset: 0x7A, Symbol: '.L0  (15)', Type: R_RISCV_ADD16}
      - {Offset: 0x7A, Symbol: '.L0  (11)', Type: R_RISCV_SUB16}
      - {Offset: 0x81, Symbol: '.L0  (16)', Type: R_RISCV_ADD16}
      - {Offset: 0x81, Symbol: '.L0  (15)', Type: R_RISCV_SUB16}
      - {Offset: 0x88, Symbol: '.L0  (17)', Type: R_RISCV_ADD16}
      - {Offset: 0x88, Symbol: '.L0  (16)', Type: R_RISCV_SUB16}
      - {Offset: 0x8C, Symbol: '.L0  (22)', Type: R_RISCV_ADD16}
      - {Offset: 0x8C, Symbol: '.L0  (17)', Type: R_RISCV_SUB16}
Symbols:
  - {Name: '.L0  (1)', Section: .text}
  - {Name: '.L0  (2)', Section: .text}
  - {Name: '.L0  (3)', Section: .text}
  - {Name: '.L0  (4)', Section: .text}
  - {Name: '.L0  (5)', Section: .text}
  - {Name: '.L0  (7)', Section: .text, Value: 0x8}
  - {Name: '.L0  (8)', Section: .text, Value: 0xC}
  - {Name: '.L0  (9)', Section: .text, Value: 0x1C}
  - {Name: '.L0  (10)', Section: .text, Value: 0x2A}
  - {Name: '.L0  (11)', Section: .text, Value: 0x2C}
  - {Name: '.L0  (15)', Section: .text, Value: 0x42}
  - {Name: '.L0  (16)', Section: .text, Value: 0x44}
  - {Name: '.L0  (17)', Section: .text, Value: 0x44}
  - {Name: '.L0  (19)', Section: .debug_line_str, Value: 0x15}
  - {Name: '.L0  (20)', Section: .debug_line_str, Value: 0x22}
  - {Name: '.L0  (21)', Section: .debug_line_str, Value: 0x2A}
  - {Name: '.L0  (22)', Section: .text, Value: 0x4C}
  - {Name: '.L4', Section: .text, Value: 0x3E}
  - {Name: '.L3', Section: .text, Value: 0x1C}
  - {Name: 'run', Type: STT_FUNC, Section: .text, Size: 0x4C, Binding: STB_GLOBAL}
  - {Name: 'ext', Binding: STB_GLOBAL}
...
)";

/// clang 19 -O1 -falign-loops=16 -falign-functions=16 -mrelax -gdwarf-4
constexpr std::string_view clangYaml = R"(--- !ELF
FileHeader: {Class: ELFCLASS32, Data: ELFDATA2LSB, Type: ET_REL, Machine: EM_RISCV,
             Flags: [EF_RISCV_RVC]}
Sections:
  - Name: .text
    Type: SHT_PROGBITS
    Flags: [SHF_ALLOC, SHF_EXECINSTR]
    AddressAlign: 16
    Content: "0100130000001300000013000000411106c622c426c24ac0014401c19304f5ff7d59010013000000\
      1300000013000000268597000000e7800000fd142a94639024012285b24022449244024941018280"
  - Name: .debug_line
    Type: SHT_PROGBITS
    Flags: []
    AddressAlign: 1
    Content: "6000000004001f000000010101fb0e0d00010101010000000100000100736d616c6c2e6300000000\
      0000050200000000130a030209000001030109000001037f09000001030109000001037f09000001\
      030209000001060b030009000001090000000101"
  - Name: .rela.text
    Type: SHT_RELA
    Link: .symtab
    Info: .text
    Relocations:
      - {Offset: 0x0, Type: R_RISCV_ALIGN, Addend: 14}
      - {Offset: 0x1A, Symbol: '.L0  (3)', Type: R_RISCV_RVC_BRANCH}
      - {Offset: 0x22, Type: R_RISCV_ALIGN, Addend: 14}
      - {Offset: 0x32, Symbol: 'ext', Type: R_RISCV_CALL_PLT}
      - {Offset: 0x3E, Symbol: '.L0  (6)', Type: R_RISCV_BRANCH}
  - Name: .rela.debug_line
    Type: SHT_RELA
    Link: .symtab
    Info: .debug_line
    Relocations:
      - {Offset: 0x2C, Symbol: '.L0  (2)', Type: R_RISCV_32}
      - {Offset: 0x35, Symbol: '.L0  (4)', Type: R_RISCV_ADD16}
      - {Offset: 0x35, Symbol: '.L0  (2)', Type: R_RISCV_SUB16}
      - {Offset: 0x3B, Symbol: '.L0  (7)', Type: R_RISCV_ADD16}
      - {Offset: 0x3B, Symbol: '.L0  (4)', Type: R_RISCV_SUB16}
      - {Offset: 0x41, Symbol: '.L0  (9)', Type: R_RISCV_ADD16}
      - {Offset: 0x41, Symbol: '.L0  (7)', Type: R_RISCV_SUB16}
      - {Offset: 0x47, Symbol: '.L0  (11)', Type: R_RISCV_ADD16}
      - {Offset: 0x47, Symbol: '.L0  (9)', Type: R_RISCV_SUB16}
      - {Offset: 0x4D, Symbol: '.L0  (12)', Type: R_RISCV_ADD16}
      - {Offset: 0x4D, Symbol: '.L0  (11)', Type: R_RISCV_SUB16}
      - {Offset: 0x53, Symbol: '.L0  (14)', Type: R_RISCV_ADD16}
      - {Offset: 0x53, Symbol: '.L0  (12)', Type: R_RISCV_SUB16}
      - {Offset: 0x5B, Symbol: '.L0  (15)', Type: R_RISCV_ADD16}
      - {Offset: 0x5B, Symbol: '.L0  (14)', Type: R_RISCV_SUB16}
      - {Offset: 0x5F, Symbol: '.L0  (16)', Type: R_RISCV_ADD16}
      - {Offset: 0x5F, Symbol: '.L0  (15)', Type: R_RISCV_SUB16}
Symbols:
  - {Name: '.L0  (2)', Section: .text, Value: 0xE}
  - {Name: '.L0  (3)', Section: .text, Value: 0x42}
  - {Name: '.L0  (4)', Section: .text, Value: 0x1A}
  - {Name: '.L0  (6)', Section: .text, Value: 0x30}
  - {Name: '.L0  (7)', Section: .text, Value: 0x30}
  - {Name: '.L0  (9)', Section: .text, Value: 0x3A}
  - {Name: '.L0  (11)', Section: .text, Value: 0x3C}
  - {Name: '.L0  (12)', Section: .text, Value: 0x3E}
  - {Name: '.L0  (14)', Section: .text, Value: 0x42}
  - {Name: '.L0  (15)', Section: .text, Value: 0x4C}
  - {Name: '.L0  (16)', Section: .text, Value: 0x50}
  - {Name: 'run', Type: STT_FUNC, Section: .text, Value: 0xE, Size: 0x42, Binding: STB_GLOBAL}
  - {Name: 'ext', Binding: STB_GLOBAL}
...
)";

} // namespace elftest
