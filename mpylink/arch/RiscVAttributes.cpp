// SPDX-License-Identifier: MIT
// RISC-V build attributes: https://github.com/riscv-non-isa/riscv-elf-psabi-doc (riscv-elf.adoc,
// "Attributes"). LLVM's parser of them stops at attributes that are newer than itself, though the
// psABI tells how to pass over those: odd tags have a string, even ones a number.
#include "arch/RiscVAttributes.h"

#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Support/DataExtractor.h"
#include "llvm/Support/RISCVAttributes.h"

#include <algorithm>

namespace mpylink::arch::riscv_attributes {

namespace {

// ObjectAbi::key.
constexpr uint64_t accessesUnaligned = 1;

/// The attributes that matter here.
struct Attributes {
  std::string arch; ///< "rv32i2p1_m2p0_c2p0"
  bool accessesUnaligned = false;
};

llvm::Error corrupt(const char *what) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), what);
}

llvm::DataExtractor extractor(llvm::StringRef bytes) {
  return {bytes, /*IsLittleEndian=*/true, /*AddressSize=*/0};
}

llvm::Error readList(llvm::StringRef bytes, Attributes &attributes) {
  const llvm::DataExtractor data = extractor(bytes);
  llvm::DataExtractor::Cursor at(0);
  while (at && !data.eof(at)) {
    const uint64_t tag = data.getULEB128(at);
    const bool isText = tag % 2 != 0;
    const llvm::StringRef text = isText ? data.getCStrRef(at) : "";
    const uint64_t number = isText ? 0 : data.getULEB128(at);
    if (tag == llvm::RISCVAttrs::ARCH)
      attributes.arch = text;
    if (tag == llvm::RISCVAttrs::UNALIGNED_ACCESS)
      attributes.accessesUnaligned = number != 0;
  }
  return at.takeError();
}

/// The lists of attributes in a vendor's section.
llvm::Error readVendor(llvm::StringRef bytes, Attributes &attributes) {
  const llvm::DataExtractor data = extractor(bytes);
  for (uint64_t start = 0; start != bytes.size();) {
    llvm::DataExtractor::Cursor at(start);
    const uint64_t tag = data.getULEB128(at);
    const uint64_t size = data.getU32(at);
    if (llvm::Error error = at.takeError())
      return error;
    if (size < at.tell() - start || size > bytes.size() - start)
      return corrupt("the size of a subsection is wrong");
    if (tag == llvm::ELFAttrs::File)
      if (llvm::Error error = readList(bytes.slice(at.tell(), start + size), attributes))
        return error;
    start += size;
  }
  return llvm::Error::success();
}

llvm::Error readAll(llvm::StringRef bytes, Attributes &attributes) {
  const llvm::DataExtractor data = extractor(bytes);
  if (bytes[0] != llvm::ELFAttrs::Format_Version)
    return corrupt("their format is not known");
  for (uint64_t start = 1; start != bytes.size();) {
    llvm::DataExtractor::Cursor at(start);
    const uint64_t size = data.getU32(at);
    const llvm::StringRef vendor = data.getCStrRef(at);
    if (llvm::Error error = at.takeError())
      return error;
    if (size < at.tell() - start || size > bytes.size() - start)
      return corrupt("the size of a section is wrong");
    if (vendor == "riscv")
      if (llvm::Error error = readVendor(bytes.slice(at.tell(), start + size), attributes))
        return error;
    start += size;
  }
  return llvm::Error::success();
}

bool isDigit(char c) { return c >= '0' && c <= '9'; }
bool isLetter(char c) { return c >= 'a' && c <= 'z'; }

size_t skipDigits(std::string_view text, size_t at) {
  while (at < text.size() && isDigit(text[at]))
    ++at;
  return at;
}

/// Where a version like 2 or 2p1 that starts at `at` ends.
size_t skipVersion(std::string_view text, size_t at) {
  const size_t end = skipDigits(text, at);
  const bool hasMinor =
      end != at && end + 1 < text.size() && text[end] == 'p' && isDigit(text[end + 1]);
  return hasMinor ? skipDigits(text, end + 1) : end;
}

/// A name without the version after it, as in zvl128b1p0.
std::string_view withoutVersion(std::string_view name) {
  constexpr std::string_view digits = "0123456789";
  const size_t point = name.find_last_not_of(digits);
  if (name[point] != 'p' || point + 1 == name.size())
    return name;
  const size_t end = name.find_last_not_of(digits, point - 1) + 1;
  return end == point ? name : name.substr(0, end);
}

/// Some extensions have one letter, and those that start with s, x or z have a name up to the next
/// underscore. Empty when it is no architecture of that word size.
std::vector<std::string> extensionsOf(std::string_view arch, unsigned wordSize) {
  constexpr std::string_view longNames = "sxz";
  const std::string_view prefix = wordSize == 4 ? "rv32" : "rv64";
  const auto isUsual = [](char c) { return isLetter(c) || isDigit(c) || c == '_'; };
  if (!arch.starts_with(prefix) || !std::ranges::all_of(arch, isUsual))
    return {};
  std::vector<std::string> extensions;
  for (size_t at = prefix.size(); at < arch.size();) {
    if (arch[at] == '_') {
      ++at;
    } else if (longNames.find(arch[at]) != longNames.npos) {
      const size_t end = std::min(arch.find('_', at), arch.size());
      extensions.emplace_back(withoutVersion(arch.substr(at, end - at)));
      at = end;
    } else if (isLetter(arch[at])) {
      extensions.emplace_back(1, arch[at]);
      at = skipVersion(arch, at + 1);
    } else {
      return {};
    }
  }
  return extensions;
}

std::string processorName(const std::vector<std::string> &extensions, unsigned wordSize) {
  std::string name = wordSize == 4 ? "rv32" : "rv64";
  for (const std::string &extension : extensions)
    name += (extension.size() == 1 ? "" : "_") + extension;
  return name;
}

/// With the compiler's arguments for the architecture of that word size.
Failure foreignCode(std::string text, unsigned wordSize) {
  const std::string options =
      wordSize == 4 ? "-march=rv32imc -mabi=ilp32" : "-march=rv64imc -mabi=lp64";
  return {0, std::move(text), "compile with " + options + ", and take libraries of that multilib"};
}

Failure reducedRegisters(unsigned wordSize) {
  return foreignCode(
      "code for a processor with 16 registers (RV32E, RV64E), which runs no MicroPython", wordSize);
}

Failure corruptAttributes(const std::string &what) {
  return {0, "the build attributes are corrupt: " + what, "compile it again"};
}

/// Extensions that all firmwares can be built for, hints that others ignore, and atomic
/// instructions: usual in libraries, whose code for one thread has none.
constexpr std::string_view harmless[] = {"i",      "m",        "a",           "c",
                                         "zicsr",  "zifencei", "zmmul",       "zaamo",
                                         "zalrsc", "zca",      "zihintpause", "zihintntl"};

/// Floating-point and vector registers, whose state no firmware keeps, and the hypervisor.
bool isForeign(std::string_view extension) {
  constexpr std::string_view letters[] = {"f", "d", "q", "v", "h", "g"};
  constexpr std::string_view families[] = {"zf", "zd", "zh", "zv", "zcf", "zcd"};
  return std::ranges::find(letters, extension) != std::end(letters) ||
         std::ranges::any_of(
             families, [&](std::string_view family) { return extension.starts_with(family); });
}

/// The names of those extensions that `matches` picks, with commas between them.
template <typename Predicate>
std::string namesOf(const ObjectAbi &object, const Predicate &matches) {
  std::string names;
  for (const std::string &extension : object.extensions)
    if (matches(extension))
      names += (names.empty() ? "" : ", ") + extension;
  return names;
}

} // namespace

Result<ObjectAbi> objectAbi(unsigned wordSize, uint32_t elfFlags, ByteView attributes) {
  if (elfFlags & llvm::ELF::EF_RISCV_RVE)
    return reducedRegisters(wordSize);
  if ((elfFlags & llvm::ELF::EF_RISCV_FLOAT_ABI) != llvm::ELF::EF_RISCV_FLOAT_ABI_SOFT)
    return foreignCode("code that passes floats in FPU registers, which no firmware does",
                       wordSize);
  if (attributes.empty())
    return ObjectAbi{};
  Attributes found;
  const llvm::StringRef bytes(reinterpret_cast<const char *>(attributes.data()), attributes.size());
  if (llvm::Error error = readAll(bytes, found))
    return corruptAttributes(llvm::toString(std::move(error)));
  ObjectAbi abi;
  if (found.accessesUnaligned)
    abi.key |= accessesUnaligned;
  if (found.arch.empty())
    return abi;
  abi.extensions = extensionsOf(found.arch, wordSize);
  if (abi.extensions.empty())
    return corruptAttributes("they name no RISC-V processor with " + std::to_string(wordSize * 8) +
                             "-bit addresses");
  if (abi.extensions.front() == "e")
    return reducedRegisters(wordSize);
  abi.text = processorName(abi.extensions, wordSize) + " code";
  return abi;
}

std::string mismatch(const ObjectAbi &object, const abi::ArchInfo &target) {
  const std::string foreign = namesOf(object, isForeign);
  if (foreign.empty())
    return {};
  const std::string name(target.name);
  return object.text + ", but " + name + " has no " + foreign + " (-march=" + name + ")";
}

uint32_t archFlags(const ObjectAbi &object, const abi::ArchInfo &target) {
  uint32_t flags = 0;
  for (size_t bit = 0; bit < target.flags.size(); ++bit)
    if (std::ranges::find(object.extensions, target.flags[bit]) != object.extensions.end())
      flags |= uint32_t(1) << bit;
  return flags;
}

std::string caution(const ObjectAbi &object, const abi::ArchInfo &target) {
  const std::string name(target.name);
  const std::string extensions = namesOf(object, [&](std::string_view extension) {
    return std::ranges::find(harmless, extension) == std::end(harmless) &&
           std::ranges::find(target.flags, extension) == target.flags.end();
  });
  std::string lacks;
  if (!extensions.empty())
    lacks = "has " + extensions + " (-march=" + name + ")";
  if (object.key & accessesUnaligned)
    lacks += (lacks.empty() ? "" : " and ") + std::string("loads and stores unaligned numbers ") +
             "(-mstrict-align)";
  if (lacks.empty())
    return {};
  return (object.text.empty() ? "" : object.text + ", but ") + "not every " + name + " processor " +
         lacks;
}

} // namespace mpylink::arch::riscv_attributes
