// SPDX-License-Identifier: MIT
// Thumb: instructions for known targets, and the code the linker adds. Encodings are those of GNU
// as 2.40 and llvm-mc 19, which agree.
#include "ThumbFields.h"

using namespace archtest;
using namespace archtest::thumb;

namespace {

const arch::Arch &arm = arch::thumb();

constexpr std::string_view targets[] = {"armv6m", "armv7m", "armv7em", "armv7emsp", "armv7emdp"};

/// Instructions at 0 or, after a nop, at 2. The source's `.` is the start of the code.
const std::vector<Assembled> assembled = {
    {R_ARM_THM_CALL, 0, 4, -4, "00f000f8", 0, "bl .+4"},
    {R_ARM_THM_CALL, 0, 5, -4, "00f000f8", 0, "bl .+4"},
    {R_ARM_THM_CALL, 0, 0, -4, "fff7feff", 0, "bl ."},
    {R_ARM_THM_CALL, 0, 2, -4, "fff7ffff", 0, "bl .+2"},
    {R_ARM_THM_CALL, 0, 6, -4, "00f001f8", 0, "bl .+6"},
    {R_ARM_THM_CALL, 0, 0x1000, -4, "00f0feff", 0, "bl .+0x1000"},
    {R_ARM_THM_CALL, 0x1000, 0, -4, "fef7feff", 0, "bl .-0x1000"},
    {R_ARM_THM_CALL, 0, 0x400002, -4, "fff3ffff", 0, "bl .+0x400002"},
    {R_ARM_THM_CALL, 0, 0x400004, -4, "00f000f0", 0, "bl .+0x400004"},
    {R_ARM_THM_CALL, 0x3ffffc, 0, -4, "00f400f8", 0, "bl .-0x3ffffc"},
    {R_ARM_THM_CALL, 0x3ffffe, 0, -4, "fff7fff7", 0, "bl .-0x3ffffe"},
    {R_ARM_THM_CALL, 0, 0x800002, -4, "fff3fff7", 0, "bl .+0x800002"},
    {R_ARM_THM_CALL, 0, 0x800004, -4, "00f000d8", 0, "bl .+0x800004"},
    {R_ARM_THM_CALL, 0x7ffffc, 0, -4, "00f400f0", 0, "bl .-0x7ffffc"},
    {R_ARM_THM_CALL, 0x7ffffe, 0, -4, "fff7ffdf", 0, "bl .-0x7ffffe"},
    {R_ARM_THM_CALL, 0, 0x1000002, -4, "fff3ffd7", 0, "bl .+0x1000002"},
    {R_ARM_THM_CALL, 0xfffffc, 0, -4, "00f400d0", 0, "bl .-0xfffffc"},
    {R_ARM_THM_CALL, 0, 0x123456, -4, "23f129fa", 0, "bl .+0x123456"},
    {R_ARM_THM_CALL, 0x123456, 0, -4, "dcf6d3fd", 0, "bl .-0x123456"},
    {R_ARM_THM_CALL, 0, 0xabcdea, -4, "bcf2f3de", 0, "bl .+0xabcdea"},
    {R_ARM_THM_CALL, 0xabcdea, 0, -4, "43f509d9", 0, "bl .-0xabcdea"},
    {R_ARM_THM_JUMP24, 0, 4, -4, "00f000b8", 0, "b.w .+4"},
    {R_ARM_THM_JUMP24, 0, 1, -4, "fff7febf", 0, "b.w ."},
    {R_ARM_THM_JUMP24, 0, 0x1000002, -4, "fff3ff97", 0, "b.w .+0x1000002"},
    {R_ARM_THM_JUMP24, 0xfffffc, 0, -4, "00f40090", 0, "b.w .-0xfffffc"},
    {R_ARM_THM_JUMP24, 0, 0x400004, -4, "00f000b0", 0, "b.w .+0x400004"},
    {R_ARM_THM_JUMP24, 0, 0x800004, -4, "00f00098", 0, "b.w .+0x800004"},
    {R_ARM_THM_JUMP24, 0x654322, 0, -4, "abf56db6", 0, "b.w .-0x654322"},
    {R_ARM_THM_JUMP24, 0, 0x2468ac, -4, "46f254bc", 0, "b.w .+0x2468ac"},
    {R_ARM_THM_JUMP19, 0, 4, -4, "00f00080", 0, "beq.w .+4"},
    {R_ARM_THM_JUMP19, 0, 0, -4, "3ff4feaf", 0, "beq.w ."},
    {R_ARM_THM_JUMP19, 0, 0x100002, -4, "3ff0ffaf", 0, "beq.w .+0x100002"},
    {R_ARM_THM_JUMP19, 0xffffc, 0, -4, "00f40080", 0, "beq.w .-0xffffc"},
    {R_ARM_THM_JUMP19, 0, 0x40004, -4, "00f000a0", 0, "beq.w .+0x40004"},
    {R_ARM_THM_JUMP19, 0, 0x80004, -4, "00f00088", 0, "beq.w .+0x80004"},
    {R_ARM_THM_JUMP19, 0, 0x40002, -4, "3ff0ff87", 0, "beq.w .+0x40002"},
    {R_ARM_THM_JUMP19, 0x2468a, 0, -4, "1bf4b9ac", 0, "beq.w .-0x2468a"},
    {R_ARM_THM_JUMP19, 0, 0x13578, -4, "53f3ba82", 0, "ble.w .+0x13578"},
    {R_ARM_THM_JUMP11, 0, 4, -4, "00e0", 0, "b.n .+4"},
    {R_ARM_THM_JUMP11, 0, 0, -4, "fee7", 0, "b.n ."},
    {R_ARM_THM_JUMP11, 0, 2, -4, "ffe7", 0, "b.n .+2"},
    {R_ARM_THM_JUMP11, 0, 0x802, -4, "ffe3", 0, "b.n .+0x802"},
    {R_ARM_THM_JUMP11, 0x7fc, 0, -4, "00e4", 0, "b.n .-0x7fc"},
    {R_ARM_THM_JUMP11, 0, 0x457, -4, "29e2", 0, "b.n .+0x456"},
    {R_ARM_THM_JUMP8, 0, 4, -4, "00d0", 0, "beq.n .+4"},
    {R_ARM_THM_JUMP8, 0, 0, -4, "fed0", 0, "beq.n ."},
    {R_ARM_THM_JUMP8, 0, 0x102, -4, "7fd0", 0, "beq.n .+0x102"},
    {R_ARM_THM_JUMP8, 0xfc, 0, -4, "80d0", 0, "beq.n .-0xfc"},
    {R_ARM_THM_JUMP8, 0, 0x56, -4, "29dd", 0, "ble.n .+0x56"},
    {R_ARM_THM_JUMP6, 0, 4, -4, "00b1", 0, "cbz r0, .+4"},
    {R_ARM_THM_JUMP6, 0, 6, -4, "08b1", 0, "cbz r0, .+6"},
    {R_ARM_THM_JUMP6, 0, 66, -4, "f8b1", 0, "cbz r0, .+66"},
    {R_ARM_THM_JUMP6, 0, 68, -4, "00b3", 0, "cbz r0, .+68"},
    {R_ARM_THM_JUMP6, 0, 130, -4, "f8b3", 0, "cbz r0, .+130"},
    {R_ARM_THM_JUMP6, 0, 44, -4, "a7b9", 0, "cbnz r7, .+44"},
    {R_ARM_THM_JUMP6, 0, 131, -4, "ffbb", 0, "cbnz r7, .+130"},
    {R_ARM_THM_PC8, 0, 4, -4, "004b", 0, "ldr.n r3, .+4"},
    {R_ARM_THM_PC8, 0, 1024, -4, "ff4b", 0, "ldr.n r3, .+1024"},
    {R_ARM_THM_PC8, 0, 340, -4, "544b", 0, "ldr.n r3, .+340"},
    {R_ARM_THM_PC8, 2, 8, -4, "00bf 014b", 2, "nop; ldr.n r3, .+8"},
    {R_ARM_THM_PC8, 2, 1024, -4, "00bf ff4b", 2, "nop; ldr.n r3, .+1024"},
    {R_ARM_THM_PC8, 0, 8, -4, "01a3", 0, "adr.n r3, .+8"},
    {R_ARM_THM_PC8, 2, 1024, -4, "00bf ffa3", 2, "nop; adr.n r3, .+1024"},
    {R_ARM_THM_PC12, 0, 4, -4, "dff80030", 0, "ldr.w r3, .+4"},
    {R_ARM_THM_PC12, 0, 0, -4, "5ff80430", 0, "ldr.w r3, ."},
    {R_ARM_THM_PC12, 0, 4098, -4, "dff8fe3f", 0, "ldr.w r3, .+4098"},
    {R_ARM_THM_PC12, 4, -4086, -4, "5ff8fe3f", 0, "ldr.w r3, .-4090"},
    {R_ARM_THM_PC12, 0, 4099, -4, "9ff8ff3f", 0, "ldrb.w r3, .+4099"},
    {R_ARM_THM_PC12, 4, -4087, -4, "1ff9ff3f", 0, "ldrsb.w r3, .-4091"},
    {R_ARM_THM_PC12, 0x544, 0, -4, "5ff84835", 0, "ldr.w r3, .-0x544"},
    {R_ARM_THM_PC12, 0, 5, -4, "9ff80130", 0, "ldrb.w r3, .+5"},
    {R_ARM_THM_PC12, 8, 3, -4, "1ff80930", 0, "ldrb.w r3, .-5"},
    {R_ARM_THM_PC12, 8, 2, -4, "3ff80a30", 0, "ldrh.w r3, .-6"},
    {R_ARM_THM_PC12, 8, 3, -4, "1ff90930", 0, "ldrsb.w r3, .-5"},
    {R_ARM_THM_PC12, 8, 14, -4, "bff90230", 0, "ldrsh.w r3, .+6"},
    {R_ARM_THM_PC12, 2, 8, -4, "00bf dff80430", 2, "nop; ldr.w r3, .+8"},
    {R_ARM_THM_PC12, 2, 0, -4, "00bf 5ff80430", 2, "nop; ldr.w r3, ."},
    {R_ARM_THM_PC12, 2, 7, -4, "00bf 9ff80330", 2, "nop; ldrb.w r3, .+7"},
    {R_ARM_THM_ALU_PREL_11_0, 0, 4, -4, "0ff20003", 0, "adr.w r3, .+4"},
    {R_ARM_THM_ALU_PREL_11_0, 0, 5, -4, "0ff20103", 0, "adr.w r3, .+5"},
    {R_ARM_THM_ALU_PREL_11_0, 0, 3, -4, "aff20103", 0, "adr.w r3, .+3"},
    {R_ARM_THM_ALU_PREL_11_0, 0, 0, -4, "aff20403", 0, "adr.w r3, ."},
    {R_ARM_THM_ALU_PREL_11_0, 0, 4099, -4, "0ff6ff73", 0, "adr.w r3, .+4099"},
    {R_ARM_THM_ALU_PREL_11_0, 4, -4087, -4, "aff6ff73", 0, "adr.w r3, .-4091"},
    {R_ARM_THM_ALU_PREL_11_0, 0, 0x955, -4, "0ff65113", 0, "adr.w r3, .+0x955"},
    {R_ARM_THM_ALU_PREL_11_0, 0x6ac, 2, -4, "aff2ae63", 0, "adr.w r3, .-0x6aa"},
    {R_ARM_THM_ALU_PREL_11_0, 2, 7, -4, "00bf 0ff20303", 2, "nop; adr.w r3, .+7"},
    {R_ARM_THM_ALU_PREL_11_0, 2, 0, -4, "00bf aff20403", 2, "nop; adr.w r3, ."},
    {R_ARM_THM_MOVW_ABS_NC, 0, 0x7ff00, 0x700 - 0xff00, "40f20073", 0, "movw r3, #0x700"},
    {R_ARM_THM_MOVW_ABS_NC, 0, 0x800, 0, "40f60003", 0, "movw r3, #0x800"},
    {R_ARM_THM_MOVW_ABS_NC, 0, 0xf000, 0, "4ff20003", 0, "movw r3, #0xf000"},
    {R_ARM_THM_MOVW_ABS_NC, 0, 0x1234abcd, 0, "4af6cd33", 0, "movw r3, #0xabcd"},
    {R_ARM_THM_MOVW_PREL_NC, 0x10000, 0x5432, 0, "45f23243", 0, "movw r3, #0x5432"},
    {R_ARM_THM_MOVT_ABS, 0, 0xabcd1234, 0, "caf6cd33", 0, "movt r3, #0xabcd"},
    {R_ARM_THM_MOVT_ABS, 0, 0x54320000, -1, "c5f23143", 0, "movt r3, #0x5431"},
    {R_ARM_THM_MOVT_ABS, 0, 0x7ff0000, 0x1000, "c0f2ff73", 0, "movt r3, #0x7ff"},
    {R_ARM_THM_MOVT_PREL, 0x10, 0, 0, "cff6ff73", 0, "movt r3, #0xffff"},
    {R_ARM_THM_ALU_ABS_G0_NC, 0, 0x1234565a, 0, "5a23", 0, "movs r3, #0x5a"},
    {R_ARM_THM_ALU_ABS_G1_NC, 0, 0x12345a78, 0, "5a33", 0, "adds r3, #0x5a"},
    {R_ARM_THM_ALU_ABS_G2_NC, 0, 0x125a5678, 0, "5a33", 0, "adds r3, #0x5a"},
    {R_ARM_THM_ALU_ABS_G3, 0, 0xff345678, 0, "ff23", 0, "movs r3, #0xff"},
};

} // namespace

TEST_CASE("Thumb: instructions as assembled", "[arch]") {
  for (const Assembled &instruction : assembled)
    checkAssembled(arm, fields, instruction);
  // Nothing in code is left without an example.
  for (const Misfit &misfit : misfits)
    CHECK(std::ranges::count(assembled, misfit.type, &Assembled::type) >= 1);
}

TEST_CASE("Thumb: the entry jump", "[arch]") {
  struct Row {
    int64_t distance;
    const char *armv6m, *others;
  };
  const auto [distance, armv6m, others] = GENERATE(values<Row>({
      {4, "00e0", "00e0"},                         // b.n .+4
      {2, "ffe7", "ffe7"},                         // b.n .+2
      {0x456, "29e2", "29e2"},                     // b.n .+0x456
      {2050, "ffe3", "ffe3"},                      // b.n .+2050
      {-2044, "00e4", "00e4"},                     // b.n .-2044
      {2052, "08b500f0fffb08bd", "00f000bc"},      // push {r3, lr}; bl; pop {r3, pc}; b.w
      {-2046, "08b5fff7fefb08bd", "fff7ffbb"},     //
      {0x400004, "08b5fff3ffff08bd", "00f000b0"},  //
      {0x1000002, "08b5fff3fed708bd", "fff3ff97"}, // b.w reaches no farther.
      {0x1000004, "08b5fff3ffd708bd", ""},         // bl starts 2 bytes later.
      {0x1000006, "", ""},
      {-0xfffffa, "08b500f400d008bd", "00f40190"},
      {-0xfffffc, "", "00f40090"},
      {-0xfffffe, "", ""},
  }));
  INFO("distance " << distance);
  for (std::string_view target : targets)
    CHECK(toHex(arm.entryJump(distance, *abi::findArch(target))) ==
          (target == "armv6m" ? armv6m : others));
}

TEST_CASE("Thumb: an entry jump leads to its distance", "[arch]") {
  for (std::string_view target : targets)
    for (int64_t distance = -0x1000100; distance <= 0x1000100; distance += 0x3ffe) {
      INFO(target << ", distance " << distance);
      const Bytes jump = arm.entryJump(distance, *abi::findArch(target));
      const size_t at = jump.size() == 8 ? 2 : 0;
      const uint32_t type = jump.size() == 2   ? R_ARM_THM_JUMP11
                            : jump.size() == 4 ? R_ARM_THM_JUMP24
                                               : R_ARM_THM_CALL;
      if (jump.empty()) {
        CHECK(std::abs(distance) > 0xfffff8);
        continue;
      }
      const arch::RelocDesc &desc = row(arm, type);
      CHECK(arm.misfit(desc, jump, at) == "");
      CHECK(arm.addendAt(desc, ByteView(jump).subspan(at, desc.bytes)) + 4 +
                static_cast<int64_t>(at) ==
            distance);
    }
}

TEST_CASE("Thumb: the stub changes no register", "[arch]") {
  for (std::string_view target : targets) {
    INFO(target);
    const arch::Stub stub = arm.stub(*abi::findArch(target));
    // push {r0, r1}; ldr r0, 1f; str r0, [sp, #4]; pop {r0, pc}; 1: .word 0
    // ldr.w pc, [pc]; .word 0
    CHECK(toHex(stub.code) ==
          (target == "armv6m" ? "03b40148019001bd00000000" : "dff800f000000000"));
    CHECK(stub.align == 4);
    CHECK(stub.word % 4 == 0);
    CHECK(stub.word + 4u == stub.code.size());
  }
}

TEST_CASE("Thumb: a branch to nothing goes to the next instruction", "[arch]") {
  const auto [type, code, expected] = GENERATE(table<uint32_t, const char *, const char *>({
      {R_ARM_THM_CALL, "fff7feff", "00f000f8"},   // bl .+4
      {R_ARM_THM_JUMP24, "fff7febf", "00f000b8"}, // b.w .+4
      {R_ARM_THM_JUMP19, "3ff4feaf", "00f00080"}, // beq.w .+4
      {R_ARM_THM_JUMP11, "fee7", "ffe7"},         // b.n .+2
      {R_ARM_THM_JUMP8, "fed0", "ffd0"},          // beq.n .+2
  }));
  Place place(row(arm, type), code, 0);
  arm.neutralise(place.fixup());
  CHECK(place.text() == expected);
}
