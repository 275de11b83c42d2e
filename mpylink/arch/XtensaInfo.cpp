// SPDX-License-Identifier: MIT
// The section .xtensa.info: an ELF note "Xtensa_Info" of type 1 whose text has lines KEY=NUMBER.
// ABI=0 is windowed, ABI=1 is call0. USE_ABSOLUTE_LITERALS tells how the toolchain is configured:
// with 1, l32r of the processor may load relative to the register LITBASE.
#include "arch/XtensaInfo.h"

#include <algorithm>

namespace mpylink::arch::xtensa_info {

namespace {

/// ObjectAbi::key. Any: the object has no note or names another ABI.
enum Calls : uint64_t { Any, Windowed, Call0 };

constexpr std::string_view noteName = "Xtensa_Info";
constexpr uint32_t noteType = 1;
constexpr size_t noteHeader = 3 * sizeof(uint32_t), noteAlign = 4;

/// The text in `bytes` up to its NUL.
std::string_view text(ByteView bytes) {
  const std::string_view all(reinterpret_cast<const char *>(bytes.data()), bytes.size());
  return all.substr(0, all.find('\0'));
}

/// The texts of all notes of this kind, or nothing when the section is damaged.
std::optional<std::string> readNotes(ByteView notes) {
  std::string lines;
  while (!notes.empty()) {
    if (notes.size() < noteHeader)
      return std::nullopt;
    const uint64_t nameSize = readLe<uint32_t>(notes);
    const uint64_t textSize = readLe<uint32_t>(notes.subspan(4));
    const uint32_t type = readLe<uint32_t>(notes.subspan(8));
    const uint64_t textAt = noteHeader + alignTo(nameSize, noteAlign);
    if (textAt + textSize > notes.size())
      return std::nullopt;
    if (type == noteType && text(notes.subspan(noteHeader, nameSize)) == noteName)
      lines.append(text(notes.subspan(textAt, textSize))).append(1, '\n');
    notes = notes.subspan(std::min<size_t>(alignTo(textAt + textSize, noteAlign), notes.size()));
  }
  return lines;
}

} // namespace

Result<ObjectAbi> objectAbi(ByteView notes) {
  const std::optional<std::string> lines = readNotes(notes);
  if (!lines)
    return Failure{0, "the note in .xtensa.info is corrupt", "compile it again"};
  ObjectAbi abi;
  for (std::string_view rest = *lines; !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(line.size() + 1); // Each line ends with one.
    if (line == "USE_ABSOLUTE_LITERALS=1")
      return Failure{0,
                     "code for a processor with absolute literals (Extended L32R), which modules "
                     "do not support",
                     "use a toolchain configured without them"};
    if (line == "ABI=0")
      abi = {Windowed, "windowed-register calls"};
    else if (line == "ABI=1")
      abi = {Call0, "call0 calls"};
  }
  return abi;
}

std::string mismatch(const ObjectAbi &object, const abi::ArchInfo &target) {
  if (target.name == "xtensa")
    return object.key == Windowed
               ? object.text + ", but xtensa has no register windows (-mabi=call0)"
               : "";
  if (target.name == "xtensawin")
    return object.key == Call0
               ? object.text + ", but xtensawin has register windows " + "(-mabi=windowed)"
               : "";
  return "no module for " + std::string(target.name) + " can hold Xtensa code";
}

std::string conflict(const ObjectAbi &a, const ObjectAbi &b) {
  if (a.key == Any || b.key == Any || a.key == b.key)
    return {};
  return "one object has " + a.text + ", the other " + b.text +
         ": compile both with the same -mabi";
}

} // namespace mpylink::arch::xtensa_info
