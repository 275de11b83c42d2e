// SPDX-License-Identifier: MIT
#include "elf/Archive.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include <algorithm>

namespace mpylink::elf {

static ByteView bytesOf(const llvm::MemoryBuffer &buffer) {
  return {reinterpret_cast<const uint8_t *>(buffer.getBufferStart()), buffer.getBufferSize()};
}

static void report(Diag &diag, const std::string &path, const Failure &failure) {
  diag.error("corrupt-archive", {path, {}, failure.offset},
             "the archive is damaged: " + failure.text, "create it again");
}

Archive::Archive(std::string path, Buffer buffer, ArchiveFile file)
    : name(std::move(path)), buffer(std::move(buffer)), file(std::move(file)) {}
Archive::~Archive() = default;

std::unique_ptr<Archive> Archive::open(std::string path, std::unique_ptr<llvm::MemoryBuffer> buffer,
                                       Diag &diag) {
  Result<ArchiveFile> file = ArchiveFile::open(bytesOf(*buffer));
  if (!file) {
    report(diag, path, file.failure());
    return nullptr;
  }
  std::unique_ptr<Archive> result(
      new Archive(std::move(path), std::move(buffer), std::move(*file)));
  const bool good = result->file.hasIndex() ? result->readIndex(diag) : result->indexMembers(diag);
  return good ? std::move(result) : nullptr;
}

bool Archive::readIndex(Diag &diag) {
  uint64_t checked = 0;
  for (const IndexEntry &entry : file.index()) {
    // The symbols of a member are side by side.
    if (entry.member != checked && !member(entry.member, diag))
      return false;
    checked = entry.member;
    symbols.try_emplace(entry.symbol, entry.member);
  }
  return true;
}

bool Archive::indexMembers(Diag &diag) {
  for (uint64_t header = file.firstMember(); header < buffer->getBufferSize();) {
    const std::optional<ArchiveMember> here = member(header, diag);
    if (!here)
      return false;
    const std::optional<Object> object = readMember(header, diag);
    if (!object)
      return false;
    for (const Symbol &symbol : object->symbols)
      if (!symbol.isLocal() && symbol.place != Place::Undefined)
        symbols.try_emplace(symbol.name, header);
    header = here->next;
  }
  return true;
}

std::optional<ArchiveMember> Archive::member(uint64_t header, Diag &diag) const {
  const Result<ArchiveMember> member = file.memberAt(header);
  if (member)
    return *member;
  report(diag, name, member.failure());
  return std::nullopt;
}

static std::string memberName(const std::string &archive, const ArchiveMember &member) {
  return archive + "(" + std::string(member.name.substr(member.name.rfind('/') + 1)) + ")";
}

Archive::Buffer Archive::openExternal(uint64_t header, const ArchiveMember &member, Diag &diag) {
  if (const auto found = external.find(header); found != external.end())
    return found->second;
  const llvm::StringRef file(member.name.data(), member.name.size());
  llvm::SmallString<128> place;
  if (!llvm::sys::path::is_absolute(file))
    place = llvm::sys::path::parent_path(name);
  llvm::sys::path::append(place, file);
  auto opened = llvm::MemoryBuffer::getFile(place, /*IsText=*/false,
                                            /*RequiresNullTerminator=*/false);
  if (!opened) {
    diag.error("cannot-read", {memberName(name, member), {}, {}},
               place.str().str() + " cannot be read: " + opened.getError().message(),
               "the archive is thin: its members must stay where they were");
    return nullptr;
  }
  return external[header] = std::move(*opened);
}

std::optional<Object> Archive::readMember(uint64_t header, Diag &diag) {
  const std::optional<ArchiveMember> found = member(header, diag);
  if (!found)
    return std::nullopt;
  const Buffer owner = found->isExternal ? openExternal(header, *found, diag) : buffer;
  if (!owner)
    return std::nullopt;
  return readObject(memberName(name, *found), found->isExternal ? bytesOf(*owner) : found->data,
                    owner, diag);
}

bool Archive::defines(std::string_view symbol) const {
  const auto found = symbols.find(symbol);
  return found != symbols.end() && !extracted.contains(found->second);
}

bool Archive::definesInSection(std::string_view symbol, Diag &diag) {
  const std::optional<Object> object = readMember(symbols.at(symbol), diag);
  return object && std::ranges::any_of(object->symbols, [&](const Symbol &definition) {
           return definition.name == symbol && !definition.isLocal() &&
                  (definition.place == Place::Section || definition.place == Place::Absolute);
         });
}

std::optional<Object> Archive::extract(std::string_view symbol, Diag &diag) {
  const uint64_t header = symbols.at(symbol);
  extracted.insert(header);
  return readMember(header, diag);
}

std::vector<Object> Archive::readAll(Diag &diag) {
  std::vector<Object> objects;
  for (uint64_t header = file.firstMember(); header < buffer->getBufferSize();) {
    const std::optional<ArchiveMember> here = member(header, diag);
    if (!here)
      break;
    if (std::optional<Object> object = readMember(header, diag))
      objects.push_back(std::move(*object));
    header = here->next;
  }
  return objects;
}

} // namespace mpylink::elf
