// SPDX-License-Identifier: MIT
#include "loader/Verify.h"

#include "abi/Abi.h"
#include "loader/Loader.h"
#include "loader/VerifyBytecode.h"
#include "mpy/Fields.h"
#include "support/Diag.h"

#include <algorithm>
#include <set>

namespace mpylink::loader {

using mpy::CodeKind;
using mpy::Object;
using mpy::ObjectKind;
using mpy::RawCode;
using mpy::Segment;

namespace {

constexpr uint32_t knownScopeFlags = 0x7f;

bool isUtf8(std::string_view text) {
  size_t at = 0;
  const auto byte = [&](size_t index) { return static_cast<uint8_t>(text[index]); };
  while (at < text.size()) {
    const uint8_t first = byte(at);
    const size_t more = first < 0x80   ? 0
                        : first < 0xc0 ? 9
                        : first < 0xe0 ? 1
                        : first < 0xf0 ? 2
                                       : 3;
    if (first >= 0xf8 || more > text.size() - at - 1)
      return false;
    for (size_t i = 1; i <= more; ++i)
      if ((byte(at + i) & 0xc0) != 0x80)
        return false;
    at += 1 + more;
  }
  return true;
}

bool isInteger(std::string_view text) {
  if (text.starts_with('-'))
    text.remove_prefix(1);
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// What a firmware's parser of numbers takes, roughly: it raises for everything else.
bool isFloat(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789+-.eEinfa") == std::string_view::npos;
}

class Check {
public:
  explicit Check(const mpy::Module &module)
      : module(module), names(abi::funNames(module.version, module.subVersion)),
        arch(abi::findArch(module.arch)) {}

  std::vector<Problem> run();

private:
  void report(const std::string &text) { problems.push_back({place, text}); }
  void checkObject(const Object &object, const std::string &name);
  void checkRawCode(const RawCode &raw);
  void checkNative(const RawCode &raw);
  void checkPlaces(const RawCode &raw);
  void tryLoad(const RawCode &raw);
  void compare(ByteView a, ByteView b, size_t start, const std::set<uint64_t> &words,
               const std::string &block);

  const mpy::Module &module;
  std::span<const std::string_view> names;
  const abi::ArchInfo *arch;
  std::vector<size_t> path;
  std::string place;
  std::vector<Problem> problems;
};

void Check::checkObject(const Object &object, const std::string &name) {
  if (object.kind == ObjectKind::Str && !isUtf8(object.text))
    report(name + " is a string that is not UTF-8");
  else if (object.kind == ObjectKind::Int && !isInteger(object.text))
    report(name + " is an integer that is not decimal");
  else if (object.kind == ObjectKind::Float && !isFloat(object.text))
    report(name + " is no floating-point number");
  else if (object.kind == ObjectKind::Complex &&
           (!object.text.ends_with('j') || !isFloat(object.text.substr(0, object.text.size() - 1))))
    report(name + " is no complex number");
  for (size_t i = 0; i < object.items.size(); ++i)
    checkObject(object.items[i], name + "." + std::to_string(i));
}

/// No word is changed twice, and no qstr link writes into one.
void Check::checkPlaces(const RawCode &raw) {
  std::vector<std::pair<uint64_t, uint64_t>> ranges;
  constexpr unsigned links[] = {2, 4, 4, 0};
  for (const mpy::QstrLink &link : raw.qstrLinks) {
    const unsigned size = links[static_cast<unsigned>(link.kind)];
    ranges.emplace_back(link.offset, link.offset + (size ? size : arch->wordSize));
  }
  std::set<uint64_t> rodataWords;
  for (const mpy::Reloc &reloc : raw.relocs) {
    const uint64_t offset = uint64_t{reloc.word} * arch->wordSize;
    if (reloc.place == Segment::Text)
      ranges.emplace_back(offset, offset + arch->wordSize);
    else if (!rodataWords.insert(reloc.word).second)
      report("word " + std::to_string(reloc.word) + " of the rodata is relocated twice");
  }
  std::ranges::sort(ranges);
  for (size_t i = 1; i < ranges.size(); ++i)
    if (ranges[i].first < ranges[i - 1].second)
      report("two relocations or qstr links change offset " + hex(ranges[i].first) +
             " of the text");
}

void Check::compare(ByteView a, ByteView b, size_t start, const std::set<uint64_t> &words,
                    const std::string &block) {
  const unsigned word = arch->wordSize;
  for (size_t at = start; at + word <= a.size(); at += word)
    if ((readUint(a.subspan(at, word)) != readUint(b.subspan(at, word))) !=
        words.contains((at - start) / word))
      report("word " + std::to_string((at - start) / word) + " of the " + block +
             " is not relocated as listed");
}

/// Without children, and with no more bss than shows where rodata comes: an absurd size is to be
/// refused, not to be allocated.
RawCode forTrial(const RawCode &raw) {
  constexpr uint32_t enough = 1 << 16;
  constexpr uint32_t absurd = 1 << 28;
  RawCode trial;
  trial.kind = raw.kind;
  trial.code = raw.code;
  trial.scopeFlags = raw.scopeFlags;
  trial.rodata = raw.rodata;
  trial.relocs = raw.relocs;
  trial.bssSize = raw.bssSize > enough && raw.bssSize + raw.rodata.size() < absurd
                      ? enough + raw.bssSize % enough
                      : raw.bssSize;
  return trial;
}

void Check::tryLoad(const RawCode &whole) {
  const RawCode raw = forTrial(whole);
  const loader::Bases low{0x10000000, 0x20000000, 0x30000000, 0x31000000, 0x40000000, 0x50000000};
  const loader::Bases high{0x10100040, 0x20200040, 0x30010000, 0x31010000, 0x40010000, 0x50010000};
  const auto funTableSize = static_cast<unsigned>(names.size());
  const Result<Image> first = load(module, raw, arch->wordSize, funTableSize, low);
  if (!first)
    return report("a loader would refuse the module: " + first.failure().text);
  const Result<Image> second = load(module, raw, arch->wordSize, funTableSize, high);
  // Exactly the listed words depend on the addresses.
  std::set<uint64_t> listed[2];
  if (mpy::fieldsOf(raw.kind, raw.scopeFlags).relocs)
    for (const mpy::Reloc &reloc : raw.relocs)
      listed[reloc.place == Segment::Rodata].insert(reloc.word);
  compare(first->text, second->text, 0, listed[0], "text");
  compare(first->data, second->data, first->rodata - first->bss, listed[1], "rodata");
}

void Check::checkNative(const RawCode &raw) {
  if (!arch || arch->wordSize == 0)
    return report("there is native code, but the header names no architecture");
  if (raw.kind != CodeKind::NativePy && (raw.scopeFlags & ~knownScopeFlags))
    report("unknown scope flags " + hex(raw.scopeFlags & ~knownScopeFlags));
  if (raw.kind == CodeKind::NativePy) {
    verifyNativePrelude(module, raw, [&](const std::string &text) { report(text); });
    // Since 6.3 a word in front of the code tells where the firmware puts the prelude's address.
    if (module.version == 6 && module.subVersion == 3) {
      if (raw.code.size() < arch->wordSize)
        report("the code is shorter than the word in front of it");
      else if (readUint(ByteView(raw.code).first(arch->wordSize)) != raw.children.size())
        report("the first word of the code is not the number of children");
    }
  }
  checkPlaces(raw);
  tryLoad(raw);
}

void Check::checkRawCode(const RawCode &raw) {
  place = placeName(path);
  for (size_t i = 0; i < raw.objects.size(); ++i)
    checkObject(raw.objects[i], "object " + std::to_string(i));
  if (raw.kind == CodeKind::Bytecode)
    verifyBytecode(module, raw, [&](const std::string &text) { report(text); });
  else
    checkNative(raw);
  for (size_t i = 0; i < raw.children.size(); ++i) {
    path.push_back(i);
    checkRawCode(raw.children[i]);
    path.pop_back();
  }
}

std::vector<Problem> Check::run() {
  if (names.empty() || !arch) {
    report("the module's version or architecture is unknown");
    return problems;
  }
  if (module.smallIntBits > 63)
    report("small integers of " + std::to_string(module.smallIntBits) +
           " bits, which no firmware has");
  if (module.version == 6 && module.qstrs.empty())
    report("there is no qstr with the name of the source file");
  for (size_t i = 0; i < module.qstrs.size(); ++i)
    if (!isUtf8(module.qstrs[i]))
      report("qstr " + std::to_string(i) + " is not UTF-8");
  for (size_t i = 0; i < module.objects.size(); ++i)
    checkObject(module.objects[i], "object " + std::to_string(i));
  checkRawCode(module.code);
  return problems;
}

} // namespace

std::vector<Problem> verify(const mpy::Module &module) { return Check(module).run(); }

std::string placeName(const std::vector<size_t> &path) {
  std::string name = "raw code";
  for (size_t i = 0; i < path.size(); ++i)
    name += (i == 0 ? " " : ".") + std::to_string(path[i]);
  return name;
}

} // namespace mpylink::loader
