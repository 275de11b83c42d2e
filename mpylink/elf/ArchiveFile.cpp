// SPDX-License-Identifier: MIT
#include "elf/ArchiveFile.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace mpylink::elf {

namespace {

constexpr std::string_view magic = "!<arch>\n", thinMagic = "!<thin>\n", headerEnd = "`\n";
/// Fields of a member's header: name[16], date[12], owner[6], group[6], mode[8], size[10], end[2].
constexpr size_t nameSize = 16, sizeAt = 48, sizeSize = 10, endAt = 58, headerSize = 60;

std::string_view text(ByteView bytes) {
  return {reinterpret_cast<const char *>(bytes.data()), bytes.size()};
}

/// The whole text, less blanks at its end, as a decimal number.
std::optional<uint64_t> decimal(std::string_view digits) {
  digits = digits.substr(0, digits.find_last_not_of(' ') + 1);
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (digits.empty() || error != std::errc() || end != digits.data() + digits.size())
    return std::nullopt;
  return value;
}

uint64_t readBigEndian(ByteView at) {
  uint64_t value = 0;
  for (const uint8_t byte : at)
    value = value << 8 | byte;
  return value;
}

/// The text at `at` up to a NUL that must be there.
std::optional<std::string_view> nulTerminated(std::string_view names, uint64_t at) {
  if (at >= names.size())
    return std::nullopt;
  const size_t end = names.find('\0', at);
  if (end == std::string_view::npos)
    return std::nullopt;
  return names.substr(at, end - at);
}

using Index = std::optional<std::vector<IndexEntry>>;

/// GNU: the number of symbols, the offset of each one's member, their names; big endian.
Index readGnuIndex(ByteView index, unsigned word) {
  if (index.size() < word)
    return std::nullopt;
  const uint64_t count = readBigEndian(index.first(word));
  const ByteView offsets = index.subspan(word);
  if (count > offsets.size() / word)
    return std::nullopt;
  const std::string_view names = text(offsets.subspan(count * word));
  std::vector<IndexEntry> entries;
  uint64_t at = 0;
  for (uint64_t i = 0; i < count; ++i) {
    const auto name = nulTerminated(names, at);
    if (!name)
      return std::nullopt;
    entries.push_back({*name, readBigEndian(offsets.subspan(i * word, word))});
    at += name->size() + 1;
  }
  return entries;
}

/// BSD: the size of the pairs, pairs of name and member offsets, the size of the names, the names;
/// little endian.
Index readBsdIndex(ByteView index, unsigned word) {
  if (index.size() < 2 * word)
    return std::nullopt;
  const uint64_t pairsSize = readUint(index.first(word));
  if (pairsSize > index.size() - 2 * word || pairsSize % (2 * word) != 0)
    return std::nullopt;
  const ByteView pairs = index.subspan(word, pairsSize);
  const std::string_view names = text(index.subspan(word + pairsSize + word));
  std::vector<IndexEntry> entries;
  uint64_t namesSize = 0;
  for (uint64_t at = 0; at < pairsSize; at += 2 * word) {
    const auto name = nulTerminated(names, readUint(pairs.subspan(at, word)));
    // Names are not shared. Looking at a long one for each symbol would take for ever.
    if (!name || (namesSize += name->size() + 1) > names.size())
      return std::nullopt;
    entries.push_back({*name, readUint(pairs.subspan(at + word, word))});
  }
  return entries;
}

bool isSpecial(std::string_view name) {
  return name == "/" || name == "//" || name == "/SYM64/" || name.starts_with("/<") ||
         name.starts_with("__.SYMDEF");
}

} // namespace

Result<ArchiveFile> ArchiveFile::open(ByteView file) {
  ArchiveFile archive(file);
  const std::string_view start = text(file.first(std::min(file.size(), magic.size())));
  archive.thin = start == thinMagic;
  if (start != magic && !archive.thin)
    return Failure{0, "its kind is not known"};
  archive.first = magic.size();
  while (archive.first < file.size()) {
    const Result<ArchiveMember> member = archive.memberAt(archive.first);
    if (!member)
      return member.failure();
    if (!isSpecial(member->name))
      break;
    if (const Result<bool> good = archive.readSpecial(*member); !good)
      return Failure{static_cast<size_t>(archive.first), good.failure().text};
    archive.first = member->next;
  }
  return archive;
}

Result<bool> ArchiveFile::readSpecial(const ArchiveMember &member) {
  if (member.name == "//") {
    longNames = text(member.data);
    return true;
  }
  // Windows tools write a second "/", which nobody needs.
  if (indexed || member.name.starts_with("/<"))
    return true;
  const bool isGnu = member.name.starts_with("/");
  const bool is64 = member.name == "/SYM64/" || member.name.starts_with("__.SYMDEF_64");
  const unsigned word = is64 ? 8 : 4;
  Index index = isGnu ? readGnuIndex(member.data, word) : readBsdIndex(member.data, word);
  if (!index)
    return Failure{0, "the numbers in its index do not fit the index's size"};
  entries = std::move(*index);
  indexed = true;
  return true;
}

Result<ArchiveMember> ArchiveFile::memberAt(uint64_t header) const {
  const auto fail = [&](std::string what) {
    return Failure{static_cast<size_t>(header), std::move(what)};
  };
  if (header > file.size() || file.size() - header < headerSize)
    return fail("it ends inside the header of a member");
  const std::string_view fields = text(file.subspan(header, headerSize));
  if (fields.substr(endAt) != headerEnd)
    return fail("there is no header of a member at this place");
  const std::optional<uint64_t> size = decimal(fields.substr(sizeAt, sizeSize));
  if (!size)
    return fail("the size of a member is no number");

  ArchiveMember member{fields.substr(0, nameSize), {}, false, 0};
  member.name = member.name.substr(0, member.name.find_last_not_of(' ') + 1);
  member.isExternal = thin && !isSpecial(member.name);
  const uint64_t start = header + headerSize;
  if (!member.isExternal) {
    if (*size > file.size() - start)
      return fail("it ends inside a member");
    member.data = file.subspan(start, *size);
  }
  member.next = alignTo(start + member.data.size(), 2);

  if (isSpecial(member.name))
    return member;
  if (member.name.starts_with("#1/")) { // BSD: the name is in front of the data.
    const std::optional<uint64_t> length = decimal(member.name.substr(3));
    if (!length || *length > member.data.size())
      return fail("the length of a member's name is wrong");
    member.name = text(member.data.first(*length));
    member.name = member.name.substr(0, member.name.find('\0'));
    member.data = member.data.subspan(*length);
  } else if (member.name.starts_with("/")) { // GNU: an offset into the table of long names.
    const std::optional<uint64_t> at = decimal(member.name.substr(1));
    const size_t end = at ? longNames.find("/\n", *at) : std::string_view::npos;
    if (end == std::string_view::npos)
      return fail("the long name of a member is not in the table of names");
    member.name = longNames.substr(*at, end - *at);
  } else if (member.name.ends_with("/")) {
    member.name.remove_suffix(1);
  }
  return member;
}

} // namespace mpylink::elf
