// SPDX-License-Identifier: MIT
#include "dump/Diff.h"

#include "abi/Abi.h"
#include "dump/Code.h"
#include "dump/Names.h"
#include "loader/Compatibility.h"
#include "support/Diag.h"

#include <algorithm>

namespace mpylink::dump {

using mpy::RawCode;

namespace {

/// "+12", "-3".
std::string change(uint64_t before, uint64_t after) {
  return after >= before ? "+" + std::to_string(after - before)
                         : "-" + std::to_string(before - after);
}

/// What `a` has more often than `b`, in the order of `a`.
std::vector<std::string> missing(const std::vector<std::string> &a, std::vector<std::string> b) {
  std::vector<std::string> result;
  for (const std::string &each : a) {
    const auto found = std::ranges::find(b, each);
    if (found == b.end())
      result.push_back(each);
    else
      b.erase(found);
  }
  return result;
}

class Comparison {
public:
  Comparison(const File &before, const File &after, Page &page)
      : before(before), after(after), page(page) {}

  bool run();

private:
  void tell(const std::string &text) {
    page.line(text);
    differs = true;
  }
  void size(const std::string &what, uint64_t a, uint64_t b) {
    if (a != b)
      tell(what + ": " + std::to_string(a) + " -> " + std::to_string(b) + " bytes (" +
           change(a, b) + ")");
  }
  void text(const std::string &what, const std::string &a, const std::string &b) {
    if (a != b)
      tell(what + ": " + a + " -> " + b);
  }
  void list(const std::string &what, const std::vector<std::string> &a,
            const std::vector<std::string> &b);
  void header();
  void rawCodes(const RawCode &a, const RawCode &b, const std::string &place);
  void children(const RawCode &a, const RawCode &b, const std::string &place);
  void block(const std::string &what, ByteView a, ByteView b);
  void bytecode(const RawCode &a, const RawCode &b, const std::string &place);

  const File &before;
  const File &after;
  Page &page;
  bool differs = false;
};

std::vector<std::string> objectTexts(const std::vector<mpy::Object> &objects) {
  std::vector<std::string> texts;
  for (const mpy::Object &object : objects)
    texts.push_back(std::string(objectKindName(object.kind)) + " " + objectText(object));
  return texts;
}

std::vector<std::string> relocTexts(const mpy::Module &module, const RawCode &raw) {
  std::vector<std::string> texts;
  for (const mpy::Reloc &reloc : raw.relocs)
    texts.push_back(std::string(segmentName(reloc.place)) + " word to " + destName(module, reloc));
  return texts;
}

/// How a function is called beside its siblings.
std::string nameOf(const mpy::Module &module, const RawCode &raw, size_t index) {
  const auto facts = functionFacts(module, raw);
  return facts ? facts->name : std::string(kindName(raw.kind)) + " " + std::to_string(index);
}

void Comparison::list(const std::string &what, const std::vector<std::string> &a,
                      const std::vector<std::string> &b) {
  for (const std::string &gone : missing(a, b))
    tell("- " + what + " " + gone);
  for (const std::string &added : missing(b, a))
    tell("+ " + what + " " + added);
  if (a != b && missing(a, b).empty() && missing(b, a).empty())
    tell(what + "s: the same in another order");
}

void Comparison::header() {
  const mpy::Module &a = before.module, &b = after.module;
  const auto version = [](const mpy::Module &module) {
    return std::to_string(module.version) + "." + std::to_string(module.subVersion);
  };
  text("version", version(a), version(b));
  text("architecture", std::string(abi::findArch(a.arch)->name),
       std::string(abi::findArch(b.arch)->name));
  text("loads on", loader::releasesThatLoad(a), loader::releasesThatLoad(b));
  text("architecture flags", hex(a.archFlags), hex(b.archFlags));
  text("flags", std::to_string(a.features), std::to_string(b.features));
  text("small-int bits", std::to_string(a.smallIntBits), std::to_string(b.smallIntBits));
  const auto quotedAll = [](const std::vector<std::string> &texts) {
    std::vector<std::string> result;
    std::ranges::transform(texts, std::back_inserter(result), quoted);
    return result;
  };
  list("qstr", quotedAll(a.qstrs), quotedAll(b.qstrs));
  list("object", objectTexts(a.objects), objectTexts(b.objects));
}

/// Bytes between what both have at the start and at the end.
void Comparison::block(const std::string &what, ByteView a, ByteView b) {
  size(what, a.size(), b.size());
  const size_t shorter = std::min(a.size(), b.size());
  size_t start = 0, end = 0, unequal = 0;
  while (start < shorter && a[start] == b[start])
    ++start;
  while (end < shorter - start && a[a.size() - 1 - end] == b[b.size() - 1 - end])
    ++end;
  if (start == a.size() && start == b.size())
    return;
  for (size_t i = start; i < shorter - end; ++i)
    unequal += a[i] != b[i];
  tell(what + ": " + (a.size() == b.size() ? counted(unequal, "byte") + " of " : "") + hex(start) +
       ".." + hex(a.size() - end) + " -> " + hex(start) + ".." + hex(b.size() - end) + " differ");
}

/// Bytecode by its instructions, whose operands are told by what they mean.
void Comparison::bytecode(const RawCode &a, const RawCode &b, const std::string &place) {
  const auto instructions = [&](const mpy::Module &module, const RawCode &raw) {
    std::vector<std::string> texts;
    for (const CodeLine &line : bytecodeLines(module, raw, place))
      texts.push_back(line.name + (line.operand.empty() ? "" : " " + line.operand) +
                      (line.comment.empty() ? "" : " ; " + line.comment));
    return texts;
  };
  const auto first = instructions(before.module, a), second = instructions(after.module, b);
  size(place + " bytecode", a.code.size(), b.code.size());
  list(place + " instruction", first, second);
  if (first == second && a.code != b.code)
    tell(place + ": the same instructions, another prelude or line numbers");
}

void Comparison::children(const RawCode &a, const RawCode &b, const std::string &place) {
  std::vector<bool> taken(b.children.size());
  for (size_t i = 0; i < a.children.size(); ++i) {
    const std::string name = nameOf(before.module, a.children[i], i);
    size_t match = 0;
    while (match < b.children.size() &&
           (taken[match] || nameOf(after.module, b.children[match], match) != name))
      ++match;
    if (match == b.children.size()) {
      tell("- " + place + "." + name + ": " + counted(a.children[i].code.size(), "byte"));
      continue;
    }
    taken[match] = true;
    rawCodes(a.children[i], b.children[match], place + "." + name);
  }
  for (size_t i = 0; i < b.children.size(); ++i)
    if (!taken[i])
      tell("+ " + place + "." + nameOf(after.module, b.children[i], i) + ": " +
           counted(b.children[i].code.size(), "byte"));
}

void Comparison::rawCodes(const RawCode &a, const RawCode &b, const std::string &place) {
  text(place + " kind", std::string(kindName(a.kind)), std::string(kindName(b.kind)));
  if (a.kind == mpy::CodeKind::Bytecode && b.kind == a.kind)
    bytecode(a, b, place);
  else
    block(place + " text", a.code, b.code);
  block(place + " rodata", a.rodata, b.rodata);
  size(place + " bss", a.bssSize, b.bssSize);
  text(place + " scope flags", hex(a.scopeFlags), hex(b.scopeFlags));
  text(place + " type signature", hex(a.typeSignature), hex(b.typeSignature));
  text(place + " arguments", std::to_string(a.positionalArgs), std::to_string(b.positionalArgs));
  const auto first = relocTexts(before.module, a), second = relocTexts(after.module, b);
  list(place + " relocated", first, second);
  if (first == second && a.relocs != b.relocs)
    tell(place + ": the same relocations at other words");
  list(place + " object", objectTexts(a.objects), objectTexts(b.objects));
  children(a, b, place);
}

bool Comparison::run() {
  page.heading(before.name + " -> " + after.name);
  size("file", before.bytes.size(), after.bytes.size());
  header();
  rawCodes(before.module.code, after.module.code, nameOf(before.module, before.module.code, 0));
  if (!differs && before.bytes != after.bytes)
    tell("the contents are the same, their encoding is not");
  if (!differs)
    page.line("no difference");
  return differs;
}

} // namespace

bool showDiff(const File &before, const File &after, Page &page) {
  return Comparison(before, after, page).run();
}

} // namespace mpylink::dump
