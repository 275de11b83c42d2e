// SPDX-License-Identifier: MIT
// The relocations of Thumb code that modules can have. Instructions are those of GNU as 2.40 and
// llvm-mc 19, which agree; masks of 32-bit instructions have the first halfword in the low bits.
#pragma once

#include "ArchTests.h"

#include "llvm/BinaryFormat/ELF.h"

namespace archtest::thumb {

using namespace llvm::ELF;

/// Branch targets are even, and the pc of literal loads is that of a whole word.
constexpr int64_t evenS = S - 1, wordP = P - 2;

inline const std::vector<Field> fields = {
    {R_ARM_NONE, Need::Nothing, 0, "00", 0, 0},
    {R_ARM_ABS32, Need::Absolute, S + A, "00000000", 0, mask32, min32, maxUnsigned32},
    {R_ARM_REL32, Need::Difference, S + A - P, "00000000", 0, mask32, min32, maxUnsigned32},
    {R_ARM_ABS16, Need::Constant, S + A, "0000", 0, 0xffff, -0x8000, 0xffff},
    {R_ARM_ABS8, Need::Constant, S + A, "00", 0, 0xff, -0x80, 0xff},
    // nop; bl.
    {R_ARM_THM_CALL, Need::Branch, evenS + A - P, "00bf fff7feff", 2, 0x2fff07ff, -0x1000000,
     0xfffffe, 2},
    // ldr r3, 0.
    {R_ARM_THM_PC8, Need::Difference, S + A - wordP, "00bf 004b", 2, 0xff, 0, 1020, 4},
    {R_ARM_GOTOFF32, Need::GotDifference, S + A - GOT, "00000000", 0, mask32, min32, maxUnsigned32},
    {R_ARM_BASE_PREL, Need::GotBase, GOT + A - P, "00000000", 0, mask32, min32, maxUnsigned32},
    {R_ARM_GOT_BREL, Need::GotSlot, G + A, "00000000", 0, mask32, min32, maxUnsigned32},
    // b.w.
    {R_ARM_THM_JUMP24, Need::Branch, evenS + A - P, "00bf fff7febf", 2, 0x2fff07ff, -0x1000000,
     0xfffffe, 2},
    {R_ARM_TARGET1, Need::Absolute, S + A, "00000000", 0, mask32, min32, maxUnsigned32},
    {R_ARM_TARGET2, Need::Difference, S + A - P, "00000000", 0, mask32, min32, maxUnsigned32},
    {R_ARM_PREL31, Need::Difference, S + A - P, "00000000", 0, 0x7fffffff, -0x40000000, 0x3fffffff},
    // movw r3, #0.
    {R_ARM_THM_MOVW_ABS_NC, Need::Constant, S + A, "40f20003", 0, 0x70ff040f, 0, 0, 1, 0, 16},
    {R_ARM_THM_MOVT_ABS, Need::Constant, S + A, "c0f20003", 0, 0x70ff040f, min32, maxUnsigned32, 1,
     16, 16},
    {R_ARM_THM_MOVW_PREL_NC, Need::Difference, S + A - P, "40f20003", 0, 0x70ff040f, 0, 0, 1, 0,
     16},
    {R_ARM_THM_MOVT_PREL, Need::Difference, S + A - P, "c0f20003", 0, 0x70ff040f, min32,
     maxUnsigned32, 1, 16, 16},
    // beq.w.
    {R_ARM_THM_JUMP19, Need::Branch, evenS + A - P, "3ff4feaf", 0, 0x2fff043f, -0x100000, 0xffffe,
     2},
    // cbz r3.
    {R_ARM_THM_JUMP6, Need::Difference, evenS + A - P, "03b1", 0, 0x2f8, 0, 126, 2},
    // adr.w r3, ..
    {R_ARM_THM_ALU_PREL_11_0, Need::Difference, S + A - wordP, "aff20403", 0, 0x70ff04a0, -4095,
     4095},
    // ldr.w r3, ..
    {R_ARM_THM_PC12, Need::Difference, evenS + A - wordP, "5ff80430", 0, 0xfff0080, -4095, 4095},
    {R_ARM_GOT_ABS, Need::GotSlotWord, GOT + G + A, "00000000", 0, mask32, min32, maxUnsigned32},
    {R_ARM_GOT_PREL, Need::GotSlotPc, GOT + G + A - P, "00000000", 0, mask32, min32, maxUnsigned32},
    // b.n.
    {R_ARM_THM_JUMP11, Need::Branch, evenS + A - P, "00bf fee7", 2, 0x7ff, -2048, 2046, 2},
    // beq.n.
    {R_ARM_THM_JUMP8, Need::Branch, evenS + A - P, "00bf fed0", 2, 0xff, -256, 254, 2},
    {R_ARM_TLS_GD32, Need::Difference, S + A - P, "00000000", 0, mask32, min32, maxUnsigned32},
    {R_ARM_TLS_LDM32, Need::GotBase, GOT + A - P, "00000000", 0, mask32, min32, maxUnsigned32},
    {R_ARM_TLS_LDO32, Need::GotDifference, S + A - GOT, "00000000", 0, mask32, min32,
     maxUnsigned32},
    {R_ARM_TLS_IE32, Need::GotSlotPc, GOT + G + A - P, "00000000", 0, mask32, min32, maxUnsigned32},
    {R_ARM_TLS_LE32, Need::Absolute, S + A, "00000000", 0, mask32, min32, maxUnsigned32},
    // movs r3, #0.
    {R_ARM_THM_ALU_ABS_G0_NC, Need::Constant, S + A, "0023", 0, 0xff, 0, 0, 1, 0, 8},
    // adds r3, #0.
    {R_ARM_THM_ALU_ABS_G1_NC, Need::Constant, S + A, "0033", 0, 0xff, 0, 0, 1, 8, 8},
    {R_ARM_THM_ALU_ABS_G2_NC, Need::Constant, S + A, "0033", 0, 0xff, 0, 0, 1, 16, 8},
    {R_ARM_THM_ALU_ABS_G3, Need::Constant, S + A, "0023", 0, 0xff, min32, maxUnsigned32, 1, 24, 8},
};

inline const std::vector<Misfit> misfits = {
    {R_ARM_THM_CALL, 2, "00bf fff7feef", "blx"},
    {R_ARM_THM_CALL, 2, "00bf fff7febf", "b.w"},
    {R_ARM_THM_CALL, 0, "3ff4feaf", "beq.w"},
    {R_ARM_THM_CALL, 0, "aff30080", "nop.w"},
    {R_ARM_THM_CALL, 0, "00bf00bf", "nop; nop"},
    {R_ARM_THM_PC8, 2, "00bf 0068", "ldr r0, [r0]"},
    {R_ARM_THM_PC8, 0, "00a8", "add r0, sp, #0"},
    {R_ARM_THM_PC8, 0, "0023", "movs r3, #0"},
    {R_ARM_THM_JUMP24, 2, "00bf fff7feff", "bl"},
    {R_ARM_THM_JUMP24, 0, "3ff4feaf", "beq.w"},
    {R_ARM_THM_JUMP24, 0, "aff30080", "nop.w"},
    {R_ARM_THM_JUMP24, 0, "80f30088", "msr apsr_nzcvq, r0"},
    {R_ARM_THM_MOVW_ABS_NC, 0, "c0f20003", "movt r3, #0"},
    {R_ARM_THM_MOVW_ABS_NC, 0, "0ff20003", "adr.w r3, .+4"},
    {R_ARM_THM_MOVW_ABS_NC, 0, "03f20003", "addw r3, r3, #0"},
    {R_ARM_THM_MOVW_ABS_NC, 0, "4ff00003", "mov.w r3, #0"},
    {R_ARM_THM_MOVT_ABS, 0, "40f20003", "movw r3, #0"},
    {R_ARM_THM_MOVW_PREL_NC, 0, "c0f20003", "movt r3, #0"},
    {R_ARM_THM_MOVT_PREL, 0, "40f20003", "movw r3, #0"},
    {R_ARM_THM_JUMP19, 0, "fff7feff", "bl"},
    {R_ARM_THM_JUMP19, 0, "fff7febf", "b.w"},
    {R_ARM_THM_JUMP19, 0, "aff30080", "nop.w"},
    {R_ARM_THM_JUMP19, 0, "80f30088", "msr apsr_nzcvq, r0"},
    {R_ARM_THM_JUMP6, 0, "00b0", "add sp, #0"},
    {R_ARM_THM_JUMP6, 0, "00b2", "sxth r0, r0"},
    {R_ARM_THM_JUMP6, 0, "00ba", "rev r0, r0"},
    {R_ARM_THM_JUMP6, 0, "01b4", "push {r0}"},
    {R_ARM_THM_ALU_PREL_11_0, 0, "40f20003", "movw r3, #0"},
    {R_ARM_THM_ALU_PREL_11_0, 0, "03f20003", "addw r3, r3, #0"},
    {R_ARM_THM_ALU_PREL_11_0, 0, "2ff20003", "no instruction"},
    {R_ARM_THM_ALU_PREL_11_0, 0, "8ff20003", "no instruction"},
    {R_ARM_THM_PC12, 0, "d3f80430", "ldr.w r3, [r3, #4]"},
    {R_ARM_THM_PC12, 0, "0ff20003", "adr.w r3, .+4"},
    {R_ARM_THM_JUMP11, 0, "fed0", "beq.n"},
    {R_ARM_THM_JUMP11, 0, "00bf", "nop"},
    {R_ARM_THM_JUMP11, 0, "fff7", "half of bl"},
    {R_ARM_THM_JUMP8, 2, "00bf fee7", "b.n"},
    {R_ARM_THM_JUMP8, 0, "fede", "udf #254"},
    {R_ARM_THM_JUMP8, 0, "fedf", "svc #254"},
    {R_ARM_THM_ALU_ABS_G0_NC, 0, "002b", "cmp r3, #0"},
    {R_ARM_THM_ALU_ABS_G1_NC, 0, "003b", "subs r3, #0"},
    {R_ARM_THM_ALU_ABS_G2_NC, 0, "002b", "cmp r3, #0"},
    {R_ARM_THM_ALU_ABS_G3, 0, "004b", "ldr r3, .+4"},
};

} // namespace archtest::thumb
