// SPDX-License-Identifier: MIT
#include "elf/Archive.h"

#include "llvm/Object/Archive.h"
#include "llvm/Support/MemoryBuffer.h"

namespace mpylink::elf {

Archive::Archive() = default;
Archive::~Archive() = default;

static void report(Diag &diag, const std::string &path, llvm::Error error) {
  diag.error("corrupt-archive", {path, {}, {}},
             "the archive is damaged: " + llvm::toString(std::move(error)), "create it again");
}

std::unique_ptr<Archive> Archive::open(std::string path, std::unique_ptr<llvm::MemoryBuffer> buffer,
                                       Diag &diag) {
  std::unique_ptr<Archive> result(new Archive);
  result->name = std::move(path);
  result->buffer = std::move(buffer);
  auto archive = llvm::object::Archive::create(result->buffer->getMemBufferRef());
  if (!archive) {
    report(diag, result->name, archive.takeError());
    return nullptr;
  }
  result->archive = std::move(*archive);
  const bool good = result->archive->hasSymbolTable() && !result->archive->isEmpty()
                        ? result->readIndex(diag)
                        : result->indexMembers(diag);
  return good ? std::move(result) : nullptr;
}

bool Archive::readIndex(Diag &diag) {
  for (const llvm::object::Archive::Symbol &symbol : archive->symbols()) {
    auto member = symbol.getMember();
    if (!member) {
      report(diag, name, member.takeError());
      return false;
    }
    const llvm::StringRef text = symbol.getName();
    symbols.try_emplace({text.data(), text.size()}, member->getChildOffset());
  }
  return true;
}

static std::optional<Object> readMember(const std::string &path,
                                        const llvm::object::Archive::Child &child,
                                        std::shared_ptr<const void> keepAlive, Diag &diag) {
  auto buffer = child.getMemoryBufferRef();
  if (!buffer) {
    report(diag, path, buffer.takeError());
    return std::nullopt;
  }
  const llvm::StringRef member = buffer->getBufferIdentifier();
  const llvm::StringRef file = member.substr(member.find_last_of('/') + 1);
  auto object = readObject(
      path + "(" + file.str() + ")",
      {reinterpret_cast<const uint8_t *>(buffer->getBufferStart()), buffer->getBufferSize()},
      std::move(keepAlive), diag);
  if (object)
    object->fromArchive = true;
  return object;
}

bool Archive::indexMembers(Diag &diag) {
  llvm::Error error = llvm::Error::success();
  for (const llvm::object::Archive::Child &child : archive->children(error)) {
    auto object = readMember(name, child, archive, diag);
    if (!object)
      return llvm::consumeError(std::move(error)), false;
    for (const Symbol &symbol : object->symbols)
      if (!symbol.isLocal() && symbol.place != Place::Undefined)
        symbols.try_emplace(symbol.name, child.getChildOffset());
  }
  if (error) {
    report(diag, name, std::move(error));
    return false;
  }
  return true;
}

bool Archive::defines(std::string_view symbol) const {
  const auto found = symbols.find(symbol);
  if (found == symbols.end())
    return false;
  const auto member = members.find(found->second);
  return member == members.end() || !member->second.extracted;
}

std::optional<Object> Archive::extract(std::string_view symbol, Diag &diag) {
  const uint64_t offset = symbols.at(symbol);
  members[offset].extracted = true;
  llvm::Error error = llvm::Error::success();
  const llvm::object::Archive::Child child(archive.get(), archive->getData().data() + offset,
                                           &error);
  if (error) {
    report(diag, name, std::move(error));
    return std::nullopt;
  }
  return readMember(name, child, archive, diag);
}

} // namespace mpylink::elf
