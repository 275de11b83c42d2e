// SPDX-License-Identifier: MIT
// All views as one JSON array, whose schema docs/mpydump.md documents.
#pragma once

#include "dump/File.h"

#include <vector>

namespace mpylink::dump {

std::string toJson(const std::vector<File> &files);

} // namespace mpylink::dump
