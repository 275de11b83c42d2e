// SPDX-License-Identifier: MIT
// A static library: regular, thin, with GNU or BSD long names, with or without an index.
#pragma once

#include "elf/Object.h"

#include <string>
#include <unordered_map>

namespace llvm {
class MemoryBuffer;
namespace object {
class Archive;
}
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
  /// Reads the member that defines `symbol`, once; empty when damaged (told to `diag`).
  std::optional<Object> extract(std::string_view symbol, Diag &diag);

private:
  Archive();
  bool readIndex(Diag &diag);
  bool indexMembers(Diag &diag);

  struct Member {
    bool extracted = false;
  };
  std::string name;
  std::shared_ptr<llvm::MemoryBuffer> buffer;
  std::shared_ptr<llvm::object::Archive> archive;
  std::unordered_map<std::string_view, uint64_t> symbols; ///< Symbol -> member's offset.
  std::unordered_map<uint64_t, Member> members;
};

} // namespace mpylink::elf
