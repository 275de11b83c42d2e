// SPDX-License-Identifier: MIT
// What every architecture must pass: its whole relocation table against a table of the test, each
// field at its limits, and instructions as an assembler makes them.
#pragma once

#include "../mpy/Samples.h"
#include "arch/Families.h"

#include "llvm/Object/ELF.h"

#include <catch2/catch.hpp>

#include <limits>
#include <set>

namespace archtest {

using namespace mpylink;
using arch::Need;
using samples::hex;

/// The letters of the formulas, each in its own digits: a sum tells what it is made of. S is the
/// value of a Thumb function, P is at the second half of a word.
constexpr int64_t S = 0x10001, A = 0x200000, P = 0x302, GOT = 0x4000000, G = 0x50000000, Z = 0x7000;

/// What a relocation that modules can have must do.
struct Field {
  uint32_t type;
  Need need;
  int64_t value;         ///< For the letters above.
  std::string_view code; ///< A typical place, with what is before it, in hex.
  size_t offset;         ///< Of the place in `code`.
  uint64_t mask;         ///< Which bits of the place are the field's.
  int64_t min = 0, max = 0;
  int64_t step = 1;
  unsigned partShift = 0, partBits = 0; ///< Non-zero: only this part of the value is stored.
  int64_t partRound = 0;                ///< Added before the part is taken.
};

constexpr int64_t min32 = std::numeric_limits<int32_t>::min();
constexpr int64_t max32 = std::numeric_limits<int32_t>::max();
constexpr int64_t maxUnsigned32 = std::numeric_limits<uint32_t>::max();
constexpr int64_t min64 = std::numeric_limits<int64_t>::min();
constexpr int64_t max64 = std::numeric_limits<int64_t>::max();
constexpr uint64_t mask32 = 0xffffffff, mask64 = ~uint64_t(0);

/// A place that a relocation does not fit.
struct Misfit {
  uint32_t type;
  size_t offset; ///< Of the place in `code`.
  std::string_view code, source;
};

/// A relocation that no module can have, and words of the advice.
struct Refusal {
  uint32_t type;
  std::string_view advice;
};

/// An instruction as the assembler makes it for a target that it knows.
struct Assembled {
  uint32_t type;
  int64_t P, S, A;
  std::string_view code;
  size_t offset; ///< Of the place in `code`.
  std::string_view source;
};

inline std::string toHex(ByteView bytes) {
  std::string text;
  for (uint8_t byte : bytes)
    for (int digit : {byte >> 4, byte & 0xf})
      text += "0123456789abcdef"[digit];
  return text;
}

/// A place in a section of its own.
class Place {
public:
  Place(const arch::RelocDesc &desc, std::string_view code, size_t offset)
      : desc(desc), offset(offset), section(hex(code)) {}

  /// An upper half stays that of a number.
  arch::Fixup fixup() {
    return {desc, S, A, P, G, GOT, Z, section, offset, desc.need == Need::High};
  }
  uint64_t bits() const { return readUint(ByteView(section).subspan(offset, desc.bytes)); }
  void set(uint64_t bits) { writeUint(ByteSpan(section).subspan(offset, desc.bytes), bits); }
  std::string_view misfit(const arch::Arch &arch) const {
    return arch.misfit(desc, section, offset);
  }
  int64_t addend(const arch::Arch &arch) const {
    return arch.addendAt(desc, ByteView(section).subspan(offset, desc.bytes));
  }
  std::string text() const { return toHex(section); }

private:
  const arch::RelocDesc &desc;
  size_t offset;
  Bytes section;
};

inline const arch::RelocDesc &row(const arch::Arch &arch, uint32_t type) {
  const arch::RelocDesc *desc = arch::findReloc(arch, type);
  if (!desc)
    FAIL("no row for relocation type " << type);
  return *desc;
}

/// The row for a place, where the type alone does not tell.
inline const arch::RelocDesc &row(const arch::Arch &arch, uint32_t type, std::string_view code,
                                  size_t offset) {
  const Bytes section = hex(code);
  const arch::RelocDesc *desc = arch.rowAt(type, ByteView(section).subspan(offset));
  if (!desc)
    FAIL("no row for relocation type " << type << " of " << code);
  return *desc;
}

inline const arch::RelocDesc &row(const arch::Arch &arch, const Field &field) {
  return row(arch, field.type, field.code, field.offset);
}

/// Numbers that fit the field: its limits, each bit alone, small ones, mixed bits.
inline std::set<int64_t> samplesOf(const Field &field) {
  const bool isLimited = field.min != field.max;
  const int64_t min = isLimited ? field.min : min32, max = isLimited ? field.max : maxUnsigned32;
  std::set<int64_t> values;
  const auto add = [&](uint64_t bits) {
    const auto value = static_cast<int64_t>(bits);
    if (value >= min && value <= max && value % field.step == 0)
      values.insert(value);
  };
  add(static_cast<uint64_t>(min));
  add(static_cast<uint64_t>(max));
  for (unsigned bit = 0; bit < 64; ++bit) {
    const uint64_t one = uint64_t(1) << bit, low = one - 1,
                   step = static_cast<uint64_t>(field.step);
    for (uint64_t pattern : {one, 0x5555555555555555 & low, 0xa5c396e13c7884d2 & low}) {
      add(pattern & (~step + 1));
      add(~(pattern & (~step + 1)) + 1);
    }
  }
  add(0);
  return values;
}

/// One value in the field over several contents of it: the same field, nothing else changes.
inline uint64_t checkValue(const arch::Arch &arch, const Field &field, int64_t value) {
  const arch::RelocDesc &desc = row(arch, field);
  CHECK(arch::outOfRange(desc, value) == "");
  std::set<uint64_t> contents;
  Place typical(desc, field.code, field.offset);
  const std::string before = typical.text().substr(0, 2 * field.offset);
  for (uint64_t background : {typical.bits(), uint64_t(0), ~uint64_t(0)}) {
    Place place(desc, field.code, field.offset);
    place.set(background);
    const uint64_t old = place.bits();
    arch.encode(place.fixup(), value);
    CHECK((place.bits() & ~field.mask) == (old & ~field.mask));
    CHECK(place.text().substr(0, 2 * field.offset) == before);
    contents.insert(place.bits() & field.mask);
    if (background != typical.bits())
      continue;
    CHECK(place.misfit(arch) == "");
    const unsigned bits = field.partBits ? field.partBits : desc.bits;
    const int64_t stored = (value + field.partRound) >> field.partShift;
    CHECK(signExtend(static_cast<uint64_t>(place.addend(arch) - stored), bits) == 0);
    const bool isSigned = desc.range == arch::Range::Signed || desc.range == arch::Range::Magnitude;
    if (!field.partBits && (isSigned || value <= 0))
      CHECK(place.addend(arch) == value);
  }
  CHECK(contents.size() == 1);
  return *contents.begin();
}

inline void checkLimits(const arch::RelocDesc &desc, const Field &field) {
  const auto tooFar = [&](int64_t value) {
    CHECK(arch::outOfRange(desc, value) == "value " + std::to_string(value) + " is out of range [" +
                                               std::to_string(field.min) + ", " +
                                               std::to_string(field.max) + "]");
  };
  if (field.step != 1)
    for (int64_t value :
         {int64_t(1), field.step - 1, field.step + 1, -field.step - 1, field.max - 1})
      CHECK(arch::outOfRange(desc, value) == "value " + std::to_string(value) +
                                                 " is not a multiple of " +
                                                 std::to_string(field.step));
  if (field.min == field.max || desc.bits == 64) {
    CHECK(arch::outOfRange(desc, min64) == "");
    CHECK(arch::outOfRange(desc, max64 - (field.step - 1)) == "");
    return;
  }
  tooFar(field.min - field.step);
  tooFar(field.max + field.step);
  tooFar(min64);
  tooFar(max64 - (field.step - 1));
}

/// Whether something is written at the place of a relocation.
inline bool hasField(Need need) {
  return need != Need::Nothing && need != Need::Padding && need != Need::Refused;
}

inline void checkField(const arch::Arch &arch, const Field &field) {
  const arch::RelocDesc &desc = row(arch, field);
  INFO(desc.name);
  CHECK(desc.need == field.need);
  CHECK(desc.align == field.step);
  Place place(desc, field.code, field.offset);
  CHECK(arch.value(place.fixup()) == field.value);
  CHECK(place.misfit(arch) == "");
  // ThreadLocalTest.cpp tells what becomes of uses of the thread pointer.
  if (!hasField(field.need) || field.need == Need::ThreadPointer)
    return;
  CHECK(place.text().size() == 2 * (field.offset + desc.bytes));
  uint64_t everSet = 0, everClear = 0;
  for (int64_t value : samplesOf(field)) {
    INFO("value " << value);
    const uint64_t bits = checkValue(arch, field, value);
    everSet |= bits;
    everClear |= ~bits;
  }
  CHECK(everSet == field.mask);
  CHECK((everClear & field.mask) == field.mask);
  checkLimits(desc, field);
}

inline void checkRow(const arch::Arch &arch, const arch::RelocDesc &desc) {
  INFO(desc.name);
  CHECK((desc.bytes != 0) == hasField(desc.need));
  CHECK(desc.align >= 1);
  CHECK(desc.bits <= 8 * (desc.bytes == 0 ? 0 : arch.wordSize()));
  const bool isWord = desc.need == Need::Absolute || desc.need == Need::GotSlotWord;
  CHECK((!isWord || desc.bytes == arch.wordSize()));
  const std::set<Need> advised = {Need::Absolute, Need::Constant,      Need::Difference,
                                  Need::Branch,   Need::GotDifference, Need::Refused,
                                  Need::Direct,   Need::PcHigh};
  CHECK((!advised.contains(desc.need) || !desc.advice.empty()));
}

/// The rows are well formed, and the test's tables name each of them once. Rows for single
/// instructions, which are not in the architecture's table, may have any number of cases.
inline void checkTable(const arch::Arch &arch, uint16_t machine, std::span<const Field> fields,
                       std::span<const Refusal> refusals) {
  std::vector<uint32_t> rows, cases;
  for (const arch::RelocDesc &desc : arch.relocs()) {
    INFO(desc.name);
    rows.push_back(desc.type);
    const std::string name = llvm::object::getELFRelocationTypeName(machine, desc.type).str();
    if (name != "Unknown") // LLVM does not know the newest ones.
      CHECK(desc.name == name);
    CHECK(arch::findReloc(arch, desc.type) == &desc);
    checkRow(arch, desc);
  }
  CHECK(std::ranges::is_sorted(rows, std::less_equal<>()));
  for (const Field &field : fields) {
    const arch::RelocDesc &desc = row(arch, field), &general = row(arch, field.type);
    if (&desc == &general) {
      cases.push_back(field.type);
      continue;
    }
    checkRow(arch, desc);
    CHECK(desc.type == field.type);
    CHECK(desc.name.starts_with(general.name));
  }
  for (const Refusal &refusal : refusals) {
    cases.push_back(refusal.type);
    const arch::RelocDesc &desc = row(arch, refusal.type);
    INFO(desc.name);
    CHECK(desc.need == Need::Refused);
    CHECK_THAT(std::string(desc.advice), Catch::Contains(std::string(refusal.advice)));
    Place place(desc, "", 0);
    CHECK(arch.value(place.fixup()) == 0);
  }
  std::ranges::sort(cases);
  CHECK(cases == rows);
}

inline void checkMisfits(const arch::Arch &arch, std::span<const Misfit> misfits) {
  for (const Misfit &misfit : misfits) {
    const arch::RelocDesc &desc = row(arch, misfit.type);
    INFO(desc.name << ": " << misfit.source);
    CHECK(Place(desc, misfit.code, misfit.offset).misfit(arch) != "");
  }
}

inline void checkAssembled(const arch::Arch &arch, std::span<const Field> fields,
                           const Assembled &assembled) {
  const arch::RelocDesc &desc = row(arch, assembled.type, assembled.code, assembled.offset);
  const auto field = std::ranges::find_if(
      fields, [&](const Field &candidate) { return &row(arch, candidate) == &desc; });
  REQUIRE(field != fields.end());
  INFO(desc.name << ": " << assembled.source);
  Place place(desc, assembled.code, assembled.offset);
  const std::string expected = place.text();
  CHECK(place.misfit(arch) == "");
  place.set(place.bits() & ~field->mask);
  arch::Fixup fixup = place.fixup();
  fixup.S = assembled.S;
  fixup.A = assembled.A;
  fixup.P = assembled.P;
  const int64_t value = arch.value(fixup);
  CHECK(arch::outOfRange(desc, value) == "");
  arch.encode(fixup, value);
  CHECK(place.text() == expected);
}

} // namespace archtest
