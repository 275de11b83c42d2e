// SPDX-License-Identifier: MIT
// Which Cortex-M architectures an object fits, by its build attributes. The attributes are those of
// objects made by gcc 12.2, clang 19 and GNU as 2.40.
#include "DamagedAttributes.h"

using namespace archtest;

namespace {

const arch::Arch &arm = arch::thumb();

/// What keeps an object out of an architecture; + when nothing does.
enum : char { Fits = '+', Level = 'p', NeedsHard = 'h', NeedsSoft = 's', Fpu = 'f' };

struct Made {
  std::string_view by;   ///< The compiler's arguments.
  std::string_view fits; ///< armv6m, armv7m, armv7em, armv7emsp, armv7emdp.
  std::string_view text;
  std::string_view attributes;
};

const Made objects[] = {
    {"gcc -mcpu=cortex-m0", "+++hh", "ARMv6-M code, soft-float calls",
     "412b00000061656162690001210000000536532d4d00060c074d09011204140115011703180119011a011e04"},
    {"gcc -mcpu=cortex-m3", "p++hh", "ARMv7-M code, soft-float calls",
     "412c000000616561626900012200000005372d4d00060a074d09021204140115011703180119011a011e042201"},
    {"gcc -mcpu=cortex-m4", "pp+hh", "ARMv7E-M code, soft-float calls",
     "412d00000061656162690001230000000537452d4d00060d074d09021204140115011703180119011a011e04220"
     "1"},
    {"gcc -mcpu=cortex-m4 -mfloat-abi=softfp -mfpu=fpv4-sp-d16", "ppfhh",
     "ARMv7E-M code, soft-float calls, single-precision FPU",
     "413100000061656162690001270000000537452d4d00060d074d09020a061204140115011703180119011a01"
     "1b011e042201"},
    {"gcc -mcpu=cortex-m4 -mfloat-abi=hard -mfpu=fpv4-sp-d16", "pps++",
     "ARMv7E-M code, hard-float calls, single-precision FPU",
     "413300000061656162690001290000000537452d4d00060d074d09020a061204140115011703180119011a01"
     "1b011c011e042201"},
    {"gcc -mcpu=cortex-m7 -mfloat-abi=hard -mfpu=fpv5-d16", "ppsf+",
     "ARMv7E-M code, hard-float calls, double-precision FPU",
     "413100000061656162690001270000000537452d4d00060d074d09020a081204140115011703180119011a01"
     "1c011e042201"},
    {"gcc -mcpu=cortex-m33", "pp+hh", "ARMv8-M code, soft-float calls",
     "4133000000616561626900012900000005382d4d2e4d41494e000611074d0903120414011501170318011901"
     "1a011e0422012e01"},
    {"gcc -mcpu=cortex-m33 -mfloat-abi=hard -mfpu=fpv5-sp-d16", "pps++",
     "ARMv8-M code, hard-float calls, single-precision FPU",
     "4139000000616561626900012f00000005382d4d2e4d41494e000611074d09030a0812041401150117031801"
     "19011a011b011c011e0422012e01"},
    {"gcc -mcpu=cortex-m23", "pp+hh", "ARMv8-M code, soft-float calls",
     "412f000000616561626900012500000005382d4d2e42415345000610074d0903120414011501170318011901"
     "1a011e04"},
    {"gcc -mcpu=cortex-m55 -mfloat-abi=hard", "ppsf+",
     "ARMv8-M code, hard-float calls, double-precision FPU",
     "413d000000616561626900013300000005636f727465782d6d3535000615074d09030a081204140115011703"
     "180119011a011c011e04220126012e013002"},
    {"clang -mcpu=cortex-m0", "+++hh", "ARMv6-M code, soft-float calls",
     "4140000000616561626900013600000043322e30390005636f727465782d6d3000060c074d080009010e0011"
     "011204140115001703180119011a021e0322002601"},
    {"clang -mcpu=cortex-m3", "p++hh", "ARMv7-M code, soft-float calls",
     "4140000000616561626900013600000043322e30390005636f727465782d6d3300060a074d080009020e0011"
     "011204140115001703180119011a021e0322012601"},
    {"clang -mcpu=cortex-m4 -mfloat-abi=soft", "pp+hh", "ARMv7E-M code, soft-float calls",
     "4140000000616561626900013600000043322e30390005636f727465782d6d3400060d074d080009020e0011"
     "011204140115001703180119011a021e0322012601"},
    {"clang -mcpu=cortex-m4 -mfloat-abi=softfp -mfpu=fpv4-sp-d16", "ppfhh",
     "ARMv7E-M code, soft-float calls, single-precision FPU",
     "4146000000616561626900013c00000043322e30390005636f727465782d6d3400060d074d080009020a060e"
     "0011011204140115001703180119011a021b011e03220124012601"},
    {"clang -mcpu=cortex-m4 -mfloat-abi=hard -mfpu=fpv4-sp-d16", "pps++",
     "ARMv7E-M code, hard-float calls, single-precision FPU",
     "4148000000616561626900013e00000043322e30390005636f727465782d6d3400060d074d080009020a060e"
     "0011011204140115001703180119011a021b011c011e03220124012601"},
    {"clang -mcpu=cortex-m7 -mfloat-abi=hard -mfpu=fpv5-d16", "ppsf+",
     "ARMv7E-M code, hard-float calls, double-precision FPU",
     "4146000000616561626900013c00000043322e30390005636f727465782d6d3700060d074d080009020a080e"
     "0011011204140115001703180119011a021c011e03220124012601"},
    {"clang -mcpu=cortex-m33 -mfloat-abi=hard -mfpu=fpv5-sp-d16", "pps++",
     "ARMv8-M code, hard-float calls, single-precision FPU",
     "414b000000616561626900014100000043322e30390005636f727465782d6d3333000611074d080009030a08"
     "0e0011011204140115001703180119011a021b011c011e032201240126012e01"},
    {"gcc -mcpu=cortex-m3 -c code.s", "p++++", "ARMv7-M code",
     "411a000000616561626900011000000005372d4d00060a074d0902"},
    {"gcc -mcpu=cortex-m4 -mfloat-abi=hard -mfpu=fpv4-sp-d16 -c code.s", "pp+++", "ARMv7E-M code",
     "411f00000061656162690001150000000537452d4d00060d074d09020a061b01"},
    {"as, data only", "+++++", "code for any Arm processor",
     "4113000000616561626900010900000008010901"},
    {"as, .arch armv7", "p++++", "ARMv7-M code", "4116000000616561626900010c000000053700060a0902"},
    {"llvm-mc without -mcpu", "+++++", "", ""},
    // A toolchain's own way to pass floats, and the promise to pass none.
    {"VFP_args 2", "pp+++", "ARMv7E-M code",
     "413300000061656162690001290000000537452d4d00060d074d09020a061204140115011703180119011a01"
     "1b011c021e042201"},
    {"VFP_args 3", "pp+++", "ARMv7E-M code",
     "413300000061656162690001290000000537452d4d00060d074d09020a061204140115011703180119011a01"
     "1b011c031e042201"},
};

const std::string_view gccM3 = objects[1].attributes, clangM3 = objects[11].attributes;

arch::ObjectAbi read(std::string_view attributes) {
  const Bytes bytes = hex(attributes);
  const Result<arch::ObjectAbi> abi = arm.objectAbi(0, bytes);
  if (!abi)
    FAIL(abi.failure().text);
  return *abi;
}

std::string mismatch(std::string_view attributes, std::string_view target) {
  return arm.mismatch(read(attributes), *abi::findArch(target));
}

/// A vendor's subsection of attributes, with its length.
Bytes vendorSection(std::string_view name, std::string_view contents) {
  const Bytes rest = hex(contents);
  Bytes section(4 + name.size() + 1 + rest.size());
  writeLe(ByteSpan(section), static_cast<uint32_t>(section.size()));
  std::ranges::copy(name, section.begin() + 4);
  std::ranges::copy(rest, section.end() - static_cast<std::ptrdiff_t>(rest.size()));
  return section;
}

Bytes operator+(Bytes left, const Bytes &right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

} // namespace

TEST_CASE("Thumb: each object in each architecture", "[arch]") {
  constexpr std::string_view targets[] = {"armv6m", "armv7m", "armv7em", "armv7emsp", "armv7emdp"};
  for (const Made &object : objects) {
    INFO(object.by);
    CHECK(read(object.attributes).text == object.text);
    REQUIRE(object.fits.size() == std::size(targets));
    for (size_t i = 0; i < std::size(targets); ++i) {
      const std::string text(object.text), target(targets[i]);
      INFO(target);
      std::string expected;
      switch (object.fits[i]) {
      case Level:
        expected = text + " does not run on every " + target + " processor";
        break;
      case NeedsHard:
        expected = text + ", but " + target + " passes floats in FPU registers (-mfloat-abi=hard)";
        break;
      case NeedsSoft:
        expected =
            text + ", but " + target + " passes floats in integer registers (-mfloat-abi=soft)";
        break;
      case Fpu:
        expected = text + ", but not every " + target + " processor has that";
        break;
      default:
        CHECK(object.fits[i] == Fits);
      }
      CHECK(mismatch(object.attributes, target) == expected);
    }
  }
}

TEST_CASE("Thumb: other architectures hold no Cortex-M code", "[arch]") {
  for (const abi::ArchInfo &info : abi::archs()) {
    INFO(info.name);
    const bool isCortexM = info.name.starts_with("armv") && info.name != "armv6";
    CHECK(mismatch("", info.name).empty() == isCortexM);
  }
  CHECK(mismatch("", "armv6") == "no module for armv6 can hold Cortex-M code");
}

TEST_CASE("Thumb: processors that are no Cortex-M", "[arch]") {
  const auto [by, attributes, expected] = GENERATE(table<const char *, const char *, const char *>({
      {"gcc -mcpu=cortex-a9 -mthumb",
       "4132000000616561626900012800000005372d4100060a074108010902120414011501170318011901"
       "1a011e0422012a014401",
       "code for an Arm application or real-time processor, not a Cortex-M"},
      {"clang -mcpu=cortex-a9 -mthumb",
       "4144000000616561626900013a00000043322e30390005636f727465782d613900060a074108010902"
       "0e0011011204140115001703180119011a021e03220126012a014401",
       "code for an Arm application or real-time processor, not a Cortex-M"},
      {"gcc -mcpu=arm7tdmi -marm",
       "4129000000616561626900011f000000053454000602080109011204140115011703180119011a011e04",
       "code for an Arm processor that is not a Cortex-M"},
      {"as, movw without .cpu", "4113000000616561626900010900000006080902",
       "code for an Arm processor that is not a Cortex-M"},
  }));
  INFO(by);
  const Bytes bytes = hex(attributes);
  const Result<arch::ObjectAbi> abi = arm.objectAbi(0, bytes);
  REQUIRE_FALSE(abi);
  CHECK(abi.failure().offset == 0);
  CHECK(abi.failure().text == expected);
}

TEST_CASE("Thumb: objects must agree on the size of enumerations", "[arch]") {
  const std::string_view forcedWide =
      "412c000000616561626900012200000005372d4d00060a074d09021204140115011703180119011a031e042201";
  const std::string_view gccNoShortEnums =
      "412c000000616561626900012200000005372d4d00060a074d09021204140115011703180119011a021e042201";
  const auto conflict = [](std::string_view a, std::string_view b) {
    CHECK(arm.conflict(read(a), read(b)) == arm.conflict(read(b), read(a)));
    return arm.conflict(read(a), read(b));
  };
  CHECK(conflict(gccM3, clangM3) ==
        "enumerations have different sizes in the two objects: compile both with -fshort-enums or "
        "both with -fno-short-enums");
  CHECK(conflict(gccM3, gccNoShortEnums) != "");
  CHECK(conflict(gccNoShortEnums, clangM3) == "");
  CHECK(conflict(gccM3, gccM3) == "");
  CHECK(conflict(gccM3, "") == "");
  for (std::string_view other : {gccM3, clangM3, std::string_view()})
    CHECK(conflict(forcedWide, other) == "");
}

TEST_CASE("Thumb: a vendor's own attributes are passed over", "[arch]") {
  const Bytes version = hex("41"), all = hex(gccM3), known(all.begin() + 1, all.end());
  const Bytes vendors[] = {
      vendorSection("gnu", ""),      vendorSection("g", ""),
      vendorSection("", ""),         vendorSection("ARM", "01 06000000 04ff"),
      vendorSection("aeabis", "ff"), vendorSection("IAR systems", "01ffffffff")};
  const arch::ObjectAbi expected = read(gccM3);
  for (const Bytes &vendor : vendors) {
    INFO(toHex(vendor));
    for (const Bytes &bytes :
         {version + vendor + known, version + known + vendor, version + vendor + known + vendor}) {
      const Result<arch::ObjectAbi> abi = arm.objectAbi(0, bytes);
      REQUIRE(abi);
      CHECK(abi->key == expected.key);
      CHECK(abi->text == expected.text);
    }
    const Result<arch::ObjectAbi> none = arm.objectAbi(0, version + vendor);
    REQUIRE(none);
    CHECK(none->key == 0);
  }
}

TEST_CASE("Thumb: attributes cut off anywhere are corrupt", "[arch]") {
  for (const Made &object : objects) {
    const Bytes whole = hex(object.attributes);
    for (size_t size = 2; size < whole.size(); ++size) {
      INFO(object.by << ", " << size << " bytes");
      const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
      const Result<arch::ObjectAbi> abi = arm.objectAbi(0, cut);
      REQUIRE_FALSE(abi);
      CHECK_THAT(abi.failure().text, Catch::StartsWith("the build attributes are corrupt: "));
    }
  }
  CHECK(read("41").key == 0);
}

TEST_CASE("Thumb: damaged attributes do no harm", "[arch]") {
  size_t refused = 0;
  for (const Made &object : objects)
    refused += refusedDamage(arm, *abi::findArch("armv7m"), hex(object.attributes));
  CHECK(refused > 1000);
}
