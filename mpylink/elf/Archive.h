// SPDX-License-Identifier: MIT
// A static library: regular, thin, with GNU or BSD long names, with or without an index.
#pragma once

#include "elf/ArchiveFile.h"
#include "elf/Object.h"

#include <string>
#include <unordered_map>
#include <unordered_set>

namespace llvm {
class MemoryBuffer;
} // namespace llvm

namespace mpylink::elf {

class Archive {
public:
  /// Opens the archive in `buffer`. Problems go to `diag`; the result is null then.
  static std::unique_ptr<Archive> open(std::string path, std::unique_ptr<llvm::MemoryBuffer> buffer,
                                       Diag &diag);
  ~Archive();

  const std::string &path() const { return name; }
  /// True when a member that is not extracted yet defines `symbol`.
  bool defines(std::string_view symbol) const;
  /// Whether that definition is no common symbol. Reads the member, and does not extract it.
  bool definesInSection(std::string_view symbol, Diag &diag);
  /// Reads the member that defines `symbol`, once; empty when damaged (told to `diag`).
  std::optional<Object> extract(std::string_view symbol, Diag &diag);
  /// Reads every member.
  std::vector<Object> readAll(Diag &diag);

private:
  using Buffer = std::shared_ptr<llvm::MemoryBuffer>;
  Archive(std::string path, Buffer buffer, ArchiveFile file);
  bool readIndex(Diag &diag);
  bool indexMembers(Diag &diag);
  std::optional<ArchiveMember> member(uint64_t header, Diag &diag) const;
  std::optional<Object> readMember(uint64_t header, Diag &diag);
  Buffer openExternal(uint64_t header, const ArchiveMember &member, Diag &diag);

  std::string name;
  Buffer buffer;
  ArchiveFile file;
  std::unordered_map<uint64_t, Buffer> external;          ///< Opened members of a thin archive.
  std::unordered_map<std::string_view, uint64_t> symbols; ///< Symbol -> member's header.
  std::unordered_set<uint64_t> extracted;
};

} // namespace mpylink::elf
