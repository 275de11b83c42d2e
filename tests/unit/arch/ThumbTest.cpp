// SPDX-License-Identifier: MIT
// Thumb: the relocation table, each field, each formula. Instructions are those of GNU as 2.40 and
// llvm-mc 19, which agree.
#include "ThumbFields.h"

using namespace archtest;
using namespace archtest::thumb;

namespace {

const arch::Arch &arm = arch::thumb();

constexpr std::string_view armState = "-mthumb", staticBase = "-frwpi", tls = "thread-local",
                           linked = "linked files";

const std::vector<Refusal> refusals = {
    {R_ARM_PC24, armState},
    {R_ARM_ABS12, armState},
    {R_ARM_SBREL32, staticBase},
    {R_ARM_TLS_DTPMOD32, tls},
    {R_ARM_TLS_DTPOFF32, tls},
    {R_ARM_TLS_TPOFF32, tls},
    {R_ARM_COPY, linked},
    {R_ARM_GLOB_DAT, linked},
    {R_ARM_JUMP_SLOT, linked},
    {R_ARM_RELATIVE, linked},
    {R_ARM_PLT32, armState},
    {R_ARM_CALL, armState},
    {R_ARM_JUMP24, armState},
    {R_ARM_V4BX, armState},
    {R_ARM_MOVW_ABS_NC, armState},
    {R_ARM_MOVT_ABS, armState},
    {R_ARM_MOVW_PREL_NC, armState},
    {R_ARM_MOVT_PREL, armState},
    {R_ARM_MOVW_BREL_NC, staticBase},
    {R_ARM_MOVT_BREL, staticBase},
    {R_ARM_MOVW_BREL, staticBase},
    {R_ARM_THM_MOVW_BREL_NC, staticBase},
    {R_ARM_THM_MOVT_BREL, staticBase},
    {R_ARM_THM_MOVW_BREL, staticBase},
    {R_ARM_TLS_GOTDESC, tls},
    {R_ARM_TLS_CALL, tls},
    {R_ARM_TLS_DESCSEQ, tls},
    {R_ARM_THM_TLS_CALL, tls},
    {R_ARM_THM_TLS_DESCSEQ16, tls},
    {R_ARM_THM_TLS_DESCSEQ32, tls},
};

std::string_view misfit(uint32_t type, uint32_t bits) {
  const arch::RelocDesc &desc = row(arm, type);
  Place place(desc, "00000000", 0);
  place.set(bits);
  return place.misfit(arm);
}

} // namespace

TEST_CASE("Thumb: the relocation table", "[arch]") { checkTable(arm, EM_ARM, fields, refusals); }

TEST_CASE("Thumb: each field", "[arch]") {
  for (const Field &field : fields)
    checkField(arm, field);
}

TEST_CASE("Thumb: other instructions than the relocation's", "[arch]") {
  checkMisfits(arm, misfits);
  for (const Field &field : fields) {
    const auto isTested = [&](const Misfit &misfit) { return misfit.type == field.type; };
    INFO(row(arm, field.type).name);
    CHECK(misfit(field.type, UINT32_MAX).empty() == std::ranges::none_of(misfits, isTested));
  }
}

TEST_CASE("Thumb: conditional branches have conditions 0 to 13", "[arch]") {
  for (uint32_t condition = 0; condition < 16; ++condition) {
    INFO("condition " << condition);
    const bool isCondition = condition < 14;
    for (uint32_t offset : {0x00, 0x55, 0xaa, 0xff})
      CHECK(misfit(R_ARM_THM_JUMP8, 0xd000 | condition << 8 | offset).empty() == isCondition);
    for (uint32_t offset : {0u, 0x25550415u, 0x0aaa002au, 0x2fff043fu})
      CHECK(misfit(R_ARM_THM_JUMP19, 0x8000f000 | condition << 6 | offset).empty() == isCondition);
  }
}

TEST_CASE("Thumb: blx is a misfit of its own", "[arch]") {
  CHECK_THAT(std::string(misfit(R_ARM_THM_CALL, 0xeffef7ff)), Catch::Contains("blx"));
  CHECK_THAT(std::string(misfit(R_ARM_THM_CALL, 0xeffef7fe)), Catch::Contains("blx"));
  CHECK_THAT(std::string(misfit(R_ARM_THM_JUMP24, 0xeffef7ff)), !Catch::Contains("blx"));
}

TEST_CASE("Thumb: every register and width of a literal load fits", "[arch]") {
  for (uint32_t load : {0xf81f, 0xf83f, 0xf85f, 0xf91f, 0xf93f})
    for (uint32_t up : {0x00, 0x80})
      for (uint32_t rt = 0; rt < 16; ++rt)
        CHECK(misfit(R_ARM_THM_PC12, load | up | rt << 28).empty());
}

TEST_CASE("Thumb: which formulas have the Thumb bit", "[arch]") {
  // S of a function in Thumb state, of data at an even and at an odd address; the place is at 0x12.
  const auto [type, code, function, even, odd] =
      GENERATE(table<uint32_t, const char *, int64_t, int64_t, int64_t>({
          {R_ARM_ABS32, "00000000", 0x101, 0x100, 0x101},
          {R_ARM_REL32, "00000000", 0xef, 0xee, 0xef},
          {R_ARM_GOTOFF32, "00000000", 0x101, 0x100, 0x101},
          {R_ARM_TARGET1, "00000000", 0x101, 0x100, 0x101},
          {R_ARM_PREL31, "00000000", 0xef, 0xee, 0xef},
          {R_ARM_THM_CALL, "00f000f8", 0xee, 0xee, 0xee},
          {R_ARM_THM_JUMP24, "00f000b8", 0xee, 0xee, 0xee},
          {R_ARM_THM_JUMP19, "00f00080", 0xee, 0xee, 0xee},
          {R_ARM_THM_JUMP11, "00e0", 0xee, 0xee, 0xee},
          {R_ARM_THM_JUMP8, "00d0", 0xee, 0xee, 0xee},
          {R_ARM_THM_JUMP6, "00b1", 0xee, 0xee, 0xee},
          {R_ARM_THM_MOVW_ABS_NC, "40f20003", 0x101, 0x100, 0x101},
          {R_ARM_THM_MOVW_PREL_NC, "40f20003", 0xef, 0xee, 0xef},
          {R_ARM_THM_ALU_ABS_G0_NC, "0023", 0x101, 0x100, 0x101},
          // From the word of the place: 0x10.
          {R_ARM_THM_ALU_PREL_11_0, "0ff20003", 0xf1, 0xf0, 0xf1}, // adr.w
          {R_ARM_THM_PC12, "dff80030", 0xf0, 0xf0, 0xf0},          // ldr.w
          {R_ARM_THM_PC12, "bff80030", 0xf0, 0xf0, 0xf0},          // ldrh.w
          {R_ARM_THM_PC12, "bff90030", 0xf0, 0xf0, 0xf0},          // ldrsh.w
          {R_ARM_THM_PC12, "9ff80030", 0xf1, 0xf0, 0xf1},          // ldrb.w
          {R_ARM_THM_PC12, "9ff90030", 0xf1, 0xf0, 0xf1},          // ldrsb.w
          // An odd target has no encoding, so it must not look like the even one.
          {R_ARM_THM_PC8, "004b", 0xf1, 0xf0, 0xf1},
      }));
  const arch::RelocDesc &desc = row(arm, type);
  INFO(desc.name << " " << code);
  Place place(desc, code, 0);
  const auto value = [&](int64_t s) {
    return arm.value({desc, s, 0, 0x12, 0, 0, 0, place.fixup().section, 0});
  };
  CHECK(value(0x101) == function);
  CHECK(value(0x100) == even);
  CHECK(value(0x101) == odd);
}

TEST_CASE("Thumb: formulas are modulo 2^32", "[arch]") {
  const auto [type, s, a, p, expected] =
      GENERATE(table<uint32_t, int64_t, int64_t, int64_t, int64_t>({
          {R_ARM_REL32, 0, min32, 1, max32},
          {R_ARM_REL32, maxUnsigned32, 0, 0, -1},
          {R_ARM_REL32, 0x10, max32, 0, min32 + 0xf},
          {R_ARM_ABS8, maxUnsigned32, 0, 0, -1}, // The absolute symbol -1.
          {R_ARM_ABS16, maxUnsigned32, 2, 0, 1},
          {R_ARM_THM_CALL, 0xfffffff1, -4, 0, -0x14},
          {R_ARM_THM_MOVT_ABS, 0x80000000, 0, 0, min32},
          {R_ARM_REL32, max64, max64, min64, -2},
      }));
  Place place(row(arm, type), "00000000", 0);
  arch::Fixup fixup = place.fixup();
  fixup.S = s;
  fixup.A = a;
  fixup.P = p;
  CHECK(arm.value(fixup) == expected);
}

TEST_CASE("Thumb: an addend is read as the psABI tells", "[arch]") {
  const auto [type, code, addend] = GENERATE(table<uint32_t, const char *, int64_t>({
      // What assemblers leave in a place whose target they do not know: -4, the pc's distance.
      {R_ARM_THM_CALL, "fff7feff", -4},
      {R_ARM_THM_JUMP24, "fff7febf", -4},
      {R_ARM_THM_JUMP19, "3ff4feaf", -4},
      {R_ARM_THM_JUMP11, "fee7", -4},
      {R_ARM_THM_JUMP8, "fed0", -4},
      {R_ARM_THM_JUMP6, "f0b3", -4},
      {R_ARM_THM_JUMP6, "f8b3", -2},
      {R_ARM_THM_JUMP6, "00b1", 0},
      {R_ARM_THM_JUMP6, "e8b3", 122},
      {R_ARM_THM_PC8, "ff4b", -4},
      {R_ARM_THM_PC8, "ffa0", -4},
      {R_ARM_THM_PC8, "004b", 0},
      {R_ARM_THM_PC8, "fe4b", 1016},
      {R_ARM_THM_PC12, "5ff80400", -4},
      {R_ARM_THM_PC12, "dff80400", 4},
      {R_ARM_THM_PC12, "1ff80400", -4},
      {R_ARM_THM_ALU_PREL_11_0, "aff20400", -4},
      {R_ARM_THM_ALU_PREL_11_0, "0ff20400", 4},
      {R_ARM_THM_MOVW_ABS_NC, "40f20500", 5},  // movw r0, #:lower16:ext+5
      {R_ARM_THM_MOVW_ABS_NC, "4ff6fb70", -5}, // movw r0, #:lower16:ext-5
      {R_ARM_THM_MOVT_ABS, "cff6fb70", -5},    // movt r0, #:upper16:ext-5
      {R_ARM_THM_MOVW_PREL_NC, "40f20500", 5},
      {R_ARM_THM_MOVT_PREL, "cff6fb70", -5},
      {R_ARM_THM_ALU_ABS_G0_NC, "ff33", 255},
      {R_ARM_THM_ALU_ABS_G3, "8020", 128},
      {R_ARM_ABS8, "f0", -16},
      {R_ARM_ABS16, "0080", -0x8000},
      {R_ARM_ABS32, "000000ff", -0x1000000},
      {R_ARM_REL32, "fcffffff", -4},
      {R_ARM_PREL31, "fcffff7f", -4},
      {R_ARM_PREL31, "fcffffff", -4},
      {R_ARM_PREL31, "000000c0", -0x40000000},
      {R_ARM_NONE, "", 0},
  }));
  INFO(code);
  CHECK(Place(row(arm, type), code, 0).addend(arm) == addend);
}

TEST_CASE("Thumb: a function's address has no Thumb bit", "[arch]") {
  CHECK(arm.codeAddress(0x1001) == 0x1000);
  CHECK(arm.codeAddress(0x1002) == 0x1002);
  CHECK(arm.codePointer(0x1000) == 0x1001);
  CHECK(arm.codePointer(0x1001) == 0x1001);
  CHECK(arm.isAttributes(SHT_ARM_ATTRIBUTES, ".ARM.attributes"));
  for (const char *name :
       {".ARM.exidx", ".ARM.exidx.text.f", ".ARM.extab", ".eh_frame", ".gcc_except_table"})
    CHECK(arm.isUnwindTable(name));
  for (const char *name : {".text", ".rodata", ".ARM.attributes", ".init_array"})
    CHECK_FALSE(arm.isUnwindTable(name));
}
