// SPDX-License-Identifier: MIT
// Where -l looks for an archive.
#pragma once

#include "link/Options.h"

namespace mpylink::link {

/// The first of the folders of -L that has `file`, with it; empty when none has.
std::string inLibraryPaths(const Options &options, const std::string &file);

/// The file of `-l library`: a path, as MicroPython's makefiles pass it, NAME for libNAME.a or
/// :FILE in the folders of -L, as ld does. Empty when there is none.
std::string libraryFile(const Options &options, const std::string &library);

/// What -l looks for.
std::string libraryFileName(const std::string &library);

} // namespace mpylink::link
