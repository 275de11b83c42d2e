// SPDX-License-Identifier: MIT
// The bytes of an archive: its members, their long names, and the index that tells which member
// defines a symbol. Every number is checked, which llvm::object's reader does not do.
#pragma once

#include "support/Bytes.h"
#include "support/Result.h"

#include <string_view>

namespace mpylink::elf {

struct ArchiveMember {
  std::string_view name; ///< Long names looked up. Of a thin archive: a path.
  ByteView data;         ///< Empty for an external member.
  bool isExternal;       ///< The member is a file of its own, beside a thin archive.
  uint64_t next;         ///< Offset of the next member's header.
};

struct IndexEntry {
  std::string_view symbol;
  uint64_t member; ///< Offset of the member's header; checked by memberAt().
};

class ArchiveFile {
public:
  /// Reads what comes before the members. `file` must outlive the result.
  static Result<ArchiveFile> open(ByteView file);

  bool hasIndex() const { return indexed; }
  /// Empty without an index.
  const std::vector<IndexEntry> &index() const { return entries; }
  /// Offset of the first member's header; past the end of the file when there is none.
  uint64_t firstMember() const { return first; }
  Result<ArchiveMember> memberAt(uint64_t header) const;

private:
  explicit ArchiveFile(ByteView file) : file(file) {}
  Result<bool> readSpecial(const ArchiveMember &member);

  ByteView file;
  bool thin = false;
  bool indexed = false;
  uint64_t first = 0;
  std::string_view longNames;
  std::vector<IndexEntry> entries;
};

} // namespace mpylink::elf
