// SPDX-License-Identifier: MIT
#include "link/Libraries.h"

#include "llvm/Support/FileSystem.h"

namespace mpylink::link {

std::string inLibraryPaths(const Options &options, const std::string &file) {
  for (const std::string &folder : options.libraryPaths)
    if (std::string path = folder + "/" + file; llvm::sys::fs::is_regular_file(path))
      return path;
  return {};
}

std::string libraryFileName(const std::string &library) {
  return library.starts_with(":") ? library.substr(1) : "lib" + library + ".a";
}

std::string libraryFile(const Options &options, const std::string &library) {
  const bool isPath = library.find('/') != std::string::npos || library.ends_with(".a");
  if (isPath && !library.starts_with(":"))
    return library;
  return inLibraryPaths(options, libraryFileName(library));
}

} // namespace mpylink::link
