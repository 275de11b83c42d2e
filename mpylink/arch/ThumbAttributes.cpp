// SPDX-License-Identifier: MIT
// Arm build attributes: https://github.com/ARM-software/abi-aa (addenda32, section 3).
#include "arch/ThumbAttributes.h"

#include "llvm/Support/ARMAttributeParser.h"
#include "llvm/Support/ARMBuildAttributes.h"

#include <algorithm>

namespace mpylink::arch::thumb_attributes {

namespace {

// ObjectAbi::key: what the build attributes say, each field 0 when the object does not care.
enum class Level : uint64_t { Any, V6M, V7M, V7EM, V8M };
enum class FloatAbi : uint64_t { Any, Soft, Hard };
enum class Fpu : uint64_t { None, Single, Double };
struct Key {
  Level level;
  FloatAbi floatAbi;
  Fpu fpu;
  uint64_t enumSize;

  uint64_t packed() const {
    return uint64_t(level) | uint64_t(floatAbi) << 4 | uint64_t(fpu) << 8 | enumSize << 12;
  }
  static Key of(const ObjectAbi &abi) {
    return {Level(abi.key & 0xf), FloatAbi(abi.key >> 4 & 0xf), Fpu(abi.key >> 8 & 0xf),
            abi.key >> 12 & 0xf};
  }
};

/// Only the public attributes: a vendor's own are nobody else's business, and LLVM stops at them.
/// What is corrupt stays for LLVM to complain about.
Bytes publicAttributes(ByteView all) {
  constexpr std::string_view publicVendor("aeabi", 6); // With its NUL.
  Bytes kept(all.begin(), all.begin() + 1);
  for (ByteView rest = all.subspan(1); !rest.empty();) {
    size_t size = rest.size() < 4 ? 0 : readLe<uint32_t>(rest);
    bool keep = true;
    if (size < 4 || size > rest.size())
      size = rest.size();
    else
      keep = std::ranges::equal(
          rest.first(size).subspan(4).first(std::min(size - 4, publicVendor.size())), publicVendor);
    if (keep)
      kept.insert(kept.end(), rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(size));
    rest = rest.subspan(size);
  }
  return kept;
}

} // namespace

Result<ObjectAbi> objectAbi(ByteView attributes) {
  if (attributes.empty())
    return ObjectAbi{};
  const Bytes known = publicAttributes(attributes);
  llvm::ARMAttributeParser parser;
  if (llvm::Error error = parser.parse(known, llvm::endianness::little))
    return Failure{0, "the build attributes are corrupt: " + llvm::toString(std::move(error))};
  namespace tag = llvm::ARMBuildAttrs;
  const auto get = [&](unsigned attribute) -> uint64_t {
    return parser.getAttributeValue(attribute).value_or(0);
  };
  Key key{};
  std::string text;
  switch (get(tag::CPU_arch)) {
  case tag::Pre_v4: // An assembler source without .cpu or .arch.
    if (get(tag::ARM_ISA_use) != 0 && get(tag::THUMB_ISA_use) == 0)
      return Failure{0, "Arm code, and a Cortex-M runs Thumb code only"};
    text = "code for any Arm processor";
    break;
  case tag::v6_M:
  case tag::v6S_M:
    key.level = Level::V6M;
    text = "ARMv6-M code";
    break;
  case tag::v7:
    // No profile: code that runs on all of them.
    if (const uint64_t profile = get(tag::CPU_arch_profile);
        profile != tag::Not_Applicable && profile != tag::MicroControllerProfile)
      return Failure{0, "code for an Arm application or real-time processor, not a Cortex-M"};
    key.level = Level::V7M;
    text = "ARMv7-M code";
    break;
  case tag::v7E_M:
    key.level = Level::V7EM;
    text = "ARMv7E-M code";
    break;
  case tag::v8_M_Base:
  case tag::v8_M_Main:
  case tag::v8_1_M_Main:
    key.level = Level::V8M;
    text = "ARMv8-M code";
    break;
  default:
    return Failure{0, "code for an Arm processor that is not a Cortex-M"};
  }
  // Tag_ABI_FP_number_model 0: the object has no floating-point code, whatever else it claims.
  if (get(tag::ABI_FP_number_model) != 0 && get(tag::ABI_VFP_args) <= tag::HardFPAAPCS) {
    const bool hard = get(tag::ABI_VFP_args) == tag::HardFPAAPCS;
    key.floatAbi = hard ? FloatAbi::Hard : FloatAbi::Soft;
    if (get(tag::FP_arch) != 0)
      key.fpu = get(tag::ABI_HardFP_use) == tag::HardFPSinglePrecision ? Fpu::Single : Fpu::Double;
    constexpr std::string_view units[] = {"", ", single-precision FPU", ", double-precision FPU"};
    text += hard ? ", hard-float calls" : ", soft-float calls";
    text += units[static_cast<size_t>(key.fpu)];
  }
  constexpr uint64_t enumForced32 = 3; // Where other objects see them: fits both sizes.
  if (get(tag::ABI_enum_size) != enumForced32)
    key.enumSize = get(tag::ABI_enum_size);
  return ObjectAbi{key.packed(), std::move(text)};
}

std::string mismatch(const ObjectAbi &object, const abi::ArchInfo &target) {
  struct Needs {
    std::string_view name;
    Level highest;
    FloatAbi floatAbi;
    Fpu fpu;
  };
  // Processors newer than ARMv7E-M announce themselves as one of the armv7em architectures.
  constexpr Needs targets[] = {
      {"armv6m", Level::V6M, FloatAbi::Soft, Fpu::None},
      {"armv7m", Level::V7M, FloatAbi::Soft, Fpu::None},
      {"armv7em", Level::V8M, FloatAbi::Soft, Fpu::None},
      {"armv7emsp", Level::V8M, FloatAbi::Hard, Fpu::Single},
      {"armv7emdp", Level::V8M, FloatAbi::Hard, Fpu::Double},
  };
  const std::string name(target.name);
  for (const Needs &needs : targets) {
    if (needs.name != target.name)
      continue;
    const Key key = Key::of(object);
    if (key.level > needs.highest)
      return object.text + " does not run on every " + name + " processor";
    if (key.floatAbi != FloatAbi::Any && key.floatAbi != needs.floatAbi)
      return needs.floatAbi == FloatAbi::Hard
                 ? object.text + ", but " + name + " passes floats in FPU registers " +
                       "(-mfloat-abi=hard)"
                 : object.text + ", but " + name + " passes floats in integer registers " +
                       "(-mfloat-abi=soft)";
    if (key.fpu > needs.fpu)
      return object.text + ", but not every " + name + " processor has that";
    return {};
  }
  return "no module for " + name + " can hold Cortex-M code";
}

std::string conflict(const ObjectAbi &a, const ObjectAbi &b) {
  const uint64_t sizeA = Key::of(a).enumSize, sizeB = Key::of(b).enumSize;
  if (sizeA == 0 || sizeB == 0 || sizeA == sizeB)
    return {};
  return "enumerations have different sizes in the two objects: compile both with -fshort-enums or "
         "both with -fno-short-enums";
}

} // namespace mpylink::arch::thumb_attributes
