// SPDX-License-Identifier: MIT
#include "loader/Compatibility.h"

#include "abi/Abi.h"
#include "mpy/Fields.h"
#include "support/Diag.h"

#include <algorithm>
#include <functional>

namespace mpylink::loader {

using mpy::CodeKind;
using mpy::Dest;
using mpy::RawCode;
using mpy::Segment;

namespace {

/// The first release that knows architecture flags.
constexpr std::string_view flagsRelease = "1.27";
/// The first release without cache bytes in bytecode.
constexpr std::string_view uncachedRelease = "1.18";
/// Releases up to this one stop at children of a raw code with rodata or bss.
constexpr std::string_view lastWithoutChildren = "1.23";

size_t positionOf(std::string_view release) {
  const auto all = abi::releases();
  return static_cast<size_t>(std::ranges::find(all, release, &abi::Release::name) - all.begin());
}

bool loads(const abi::Release &release, const mpy::Module &module) {
  if (release.version != module.version)
    return false;
  // 6.0 wants two zero bits where later versions have the sub-version, of which bytecode needs
  // none.
  if (module.version == 6 && release.subVersion != module.subVersion &&
      (module.arch != 0 || release.subVersion == 0))
    return false;
  const abi::ArchInfo *arch = abi::findArch(module.arch);
  const auto position = static_cast<size_t>(&release - abi::releases().data());
  if (module.version == 5 && (module.features & mpy::featureMapCache) &&
      position >= positionOf(uncachedRelease))
    return false;
  return arch && position >= positionOf(arch->firstRelease) &&
         (!module.hasArchFlags || position >= positionOf(flagsRelease));
}

bool any(const RawCode &raw, const std::function<bool(const RawCode &)> &test) {
  return test(raw) ||
         std::ranges::any_of(raw.children, [&](const RawCode &child) { return any(child, test); });
}

bool hasData(const RawCode &raw) {
  const mpy::Fields fields = mpy::fieldsOf(raw.kind, raw.scopeFlags);
  return (fields.rodata && !raw.rodata.empty()) || (fields.bss && raw.bssSize != 0);
}

void addVersion5(const mpy::Module &module, std::vector<std::string> &out) {
  if (module.features & mpy::featureMapCache)
    out.push_back("boards refuse it: bytecode with cache bytes is for Unix and Windows only");
  else
    out.push_back("Unix and Windows builds up to 1.17 refuse it: its bytecode has no cache bytes");
  if (!(module.features & mpy::featureUnicode))
    out.push_back("firmware with Unicode strings refuses it, which nearly all is");
}

void addArch(const mpy::Module &module, const abi::ArchInfo &arch, std::vector<std::string> &out) {
  out.push_back("firmware for other processors refuses it: it has native code for " +
                std::string(arch.name) + " (" + std::string(arch.firmware) + ")");
  out.push_back("firmware without native code refuses it (Windows, WebAssembly, CC3200, small "
                "boards)");
  if (module.archFlags >> arch.flags.size() != 0)
    out.push_back("every firmware refuses it: none knows its architecture flags " +
                  hex(module.archFlags));
  else if (module.hasArchFlags) {
    std::string names;
    for (size_t bit = 0; bit < arch.flags.size(); ++bit)
      if (module.archFlags >> bit & 1)
        names += (names.empty() ? "" : ", ") + std::string(arch.flags[bit]);
    if (!names.empty())
      out.push_back("firmware for processors without " + names + " refuses it");
  }
}

} // namespace

std::string releasesThatLoad(const mpy::Module &module) {
  const auto all = abi::releases();
  const abi::Release *first = nullptr, *last = nullptr;
  for (const abi::Release &release : all)
    if (loads(release, module)) {
      first = first ? first : &release;
      last = &release;
    }
  if (!first)
    return "none";
  if (last == &all.back())
    return std::string(first->name) + " and later";
  return first == last ? std::string(first->name)
                       : std::string(first->name) + " to " + std::string(last->name);
}

bool keepsData(const mpy::Module &module, const RawCode &raw) {
  const mpy::Fields fields = mpy::fieldsOf(raw.kind, raw.scopeFlags);
  const unsigned word = abi::findArch(module.arch)->wordSize;
  const bool hasRodata = fields.rodata && !raw.rodata.empty();
  const bool hasBss = fields.bss && raw.bssSize != 0;
  const auto points = [&](Dest dest) {
    return fields.relocs && std::ranges::any_of(raw.relocs, [&](const mpy::Reloc &reloc) {
             return reloc.place == Segment::Text && reloc.dest == dest &&
                    readUint(ByteView(raw.code).subspan(size_t{reloc.word} * word, word)) == 0;
           });
  };
  if (module.version == 5)
    return (!hasRodata || points(Dest::Rodata)) && (!hasBss || points(Dest::Bss));
  if (!hasRodata && !hasBss)
    return true;
  // One block, bss first.
  return points(Dest::Bss) || (!hasBss && points(Dest::Rodata));
}

std::vector<std::string> refusals(const mpy::Module &module) {
  std::vector<std::string> out;
  const std::string releases = releasesThatLoad(module);
  out.push_back(releases == "none" ? "every release refuses it: none loads this combination of "
                                     "version, architecture and flags"
                                   : "releases other than " + releases + " refuse it");
  if (module.version == 5)
    addVersion5(module, out);
  if (module.smallIntBits > 31)
    out.push_back("firmware for 32-bit processors refuses it: its small integers may have " +
                  std::to_string(module.smallIntBits) + " bits");
  const abi::ArchInfo *arch = abi::findArch(module.arch);
  if (!arch || arch->wordSize == 0)
    return out;
  addArch(module, *arch, out);
  if (any(module.code, [](const RawCode &raw) { return hasData(raw) && !raw.children.empty(); }) &&
      module.version == 6)
    out.push_back("releases up to " + std::string(lastWithoutChildren) +
                  " stop with an assertion: a raw code has both variables and children");
  if (any(module.code, [&](const RawCode &raw) {
        return raw.kind == CodeKind::NativeViper && !keepsData(module, raw);
      }))
    out.push_back("the garbage collector of releases up to 1.23, and of boards that run code from "
                  "the heap, frees its variables: no word of the text points to the start of their "
                  "block");
  return out;
}

} // namespace mpylink::loader
