// SPDX-License-Identifier: MIT
// ELF files made in memory from LLVM's YAML, and the two small objects that the tests of damaged
// input start from.
#pragma once

#include "elf/Object.h"
#include "support/Bytes.h"

#include "llvm/ObjectYAML/yaml2obj.h"
#include "llvm/Support/YAMLTraits.h"
#include "llvm/Support/raw_ostream.h"

#include <catch2/catch.hpp>

#include <string>

namespace elftest {

using mpylink::Bytes;
using mpylink::ByteView;

inline Bytes fromYaml(std::string_view yaml) {
  std::string text;
  llvm::raw_string_ostream out(text);
  llvm::yaml::Input input(llvm::StringRef(yaml.data(), yaml.size()));
  const bool good = llvm::yaml::convertYAML(
      input, out, [](const llvm::Twine &message) { FAIL("yaml: " + message.str()); });
  REQUIRE(good);
  return {text.begin(), text.end()};
}

/// Every kind of table an x86-64 compiler writes. A complete module.
constexpr std::string_view x64Yaml = R"(--- !ELF
FileHeader: {Class: ELFCLASS64, Data: ELFDATA2LSB, Type: ET_REL, Machine: EM_X86_64}
Sections:
  - Name: .group
    Type: SHT_GROUP
    Link: .symtab
    Info: inlined
    Members:
      - SectionOrType: GRP_COMDAT
      - SectionOrType: .text.inlined
      - SectionOrType: .rela.text.inlined
  - Name: .text.mpy_init
    Type: SHT_PROGBITS
    Flags: [SHF_ALLOC, SHF_EXECINSTR]
    AddressAlign: 16
    # call inlined; mov table@GOTPCREL(%rip),%rax; lea text(%rip),%rax; call absent; ret
    Content: "e800000000488b0500000000488d0500000000e800000000c3"
  - Name: .text.inlined
    Type: SHT_PROGBITS
    Flags: [SHF_ALLOC, SHF_EXECINSTR, SHF_GROUP]
    # lea counter(%rip),%rax; lea shared(%rip),%rax; ret
    Content: "488d0500000000488d0500000000c3"
  - Name: .data.rel.table
    Type: SHT_PROGBITS
    Flags: [SHF_ALLOC, SHF_WRITE]
    AddressAlign: 8
    Size: 16
  - Name: .bss
    Type: SHT_NOBITS
    Flags: [SHF_ALLOC, SHF_WRITE]
    AddressAlign: 4
    Size: 12
  - Name: .rodata.str1.1
    Type: SHT_PROGBITS
    Flags: [SHF_ALLOC, SHF_MERGE, SHF_STRINGS]
    EntSize: 1
    Content: "68656c6c6f00776f726c6400"
  - Name: .comment
    Type: SHT_PROGBITS
    Content: "4743432000"
  - Name: .rela.text.mpy_init
    Type: SHT_RELA
    Link: .symtab
    Info: .text.mpy_init
    Relocations:
      - {Offset: 0x1, Symbol: inlined, Type: R_X86_64_PLT32, Addend: -4}
      - {Offset: 0x8, Symbol: table, Type: R_X86_64_REX_GOTPCRELX, Addend: -4}
      - {Offset: 0xf, Symbol: .rodata.str1.1, Type: R_X86_64_PC32, Addend: 2}
      - {Offset: 0x14, Symbol: absent, Type: R_X86_64_PLT32, Addend: -4}
  - Name: .rela.text.inlined
    Type: SHT_RELA
    Flags: [SHF_GROUP]
    Link: .symtab
    Info: .text.inlined
    Relocations:
      - {Offset: 0x3, Symbol: counter, Type: R_X86_64_PC32, Addend: -4}
      - {Offset: 0xa, Symbol: shared, Type: R_X86_64_PC32, Addend: -4}
  - Name: .rela.data.rel.table
    Type: SHT_RELA
    Link: .symtab
    Info: .data.rel.table
    Relocations:
      - {Offset: 0, Symbol: memcpy, Type: R_X86_64_64}
      - {Offset: 8, Symbol: constant, Type: R_X86_64_64, Addend: 1}
Symbols:
  - {Name: a.c, Type: STT_FILE, Index: SHN_ABS}
  - {Name: .rodata.str1.1, Type: STT_SECTION, Section: .rodata.str1.1}
  - {Name: counter, Type: STT_OBJECT, Section: .bss, Value: 8, Size: 4}
  - {Name: mpy_init, Type: STT_FUNC, Binding: STB_GLOBAL, Section: .text.mpy_init, Size: 25}
  - {Name: inlined, Type: STT_FUNC, Binding: STB_WEAK, Section: .text.inlined, Size: 15}
  - {Name: table, Type: STT_OBJECT, Binding: STB_GLOBAL, Section: .data.rel.table, Size: 16,
     Other: [STV_HIDDEN]}
  - {Name: shared, Type: STT_OBJECT, Binding: STB_GLOBAL, Index: SHN_COMMON, Value: 8, Size: 24}
  - {Name: constant, Binding: STB_GLOBAL, Index: SHN_ABS, Value: 0x1234}
  - {Name: absent, Binding: STB_WEAK}
  - {Name: memcpy, Binding: STB_GLOBAL}
...
)";

/// The same for Thumb: REL relocations, addends in place, build attributes, a Thumb bit.
constexpr std::string_view thumbYaml = R"(--- !ELF
FileHeader: {Class: ELFCLASS32, Data: ELFDATA2LSB, Type: ET_REL, Machine: EM_ARM, Flags: [EF_ARM_EABI_VER5]}
Sections:
  - Name: .text
    Type: SHT_PROGBITS
    Flags: [SHF_ALLOC, SHF_EXECINSTR]
    AddressAlign: 4
    # bl helper; bx lr; nop; .word helper + 4
    Content: "fff7feff704700bf04000000"
  - Name: .text.helper
    Type: SHT_PROGBITS
    Flags: [SHF_ALLOC, SHF_EXECINSTR]
    AddressAlign: 2
    Content: "70470000"
  - Name: .data
    Type: SHT_PROGBITS
    Flags: [SHF_ALLOC, SHF_WRITE]
    AddressAlign: 4
    Content: "0c000000"
  - Name: .bss
    Type: SHT_NOBITS
    Flags: [SHF_ALLOC, SHF_WRITE]
    AddressAlign: 4
    Size: 16
  - Name: .ARM.attributes
    Type: SHT_ARM_ATTRIBUTES
    # v7E-M, M profile, Thumb-2, single-precision FPU, floats in its registers, small enums
    Content: "41330000006165616269000129000000\
      0537452d4d00060d074d09020a061204140115011703180119011a011b011c011e062201"
  - Name: .rel.text
    Type: SHT_REL
    Link: .symtab
    Info: .text
    Relocations:
      - {Offset: 0, Symbol: helper, Type: R_ARM_THM_CALL}
      - {Offset: 8, Symbol: helper, Type: R_ARM_ABS32}
  - Name: .rel.data
    Type: SHT_REL
    Link: .symtab
    Info: .data
    Relocations:
      - {Offset: 0, Symbol: .bss, Type: R_ARM_ABS32}
Symbols:
  - {Name: .bss, Type: STT_SECTION, Section: .bss}
  - {Name: mpy_init, Type: STT_FUNC, Binding: STB_GLOBAL, Section: .text, Value: 1, Size: 12}
  - {Name: helper, Type: STT_FUNC, Binding: STB_GLOBAL, Section: .text.helper, Value: 1, Size: 4}
...
)";

inline Bytes x64Object() { return fromYaml(x64Yaml); }
inline Bytes thumbObject() { return fromYaml(thumbYaml); }

} // namespace elftest
