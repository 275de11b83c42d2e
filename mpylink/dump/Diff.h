// SPDX-License-Identifier: MIT
// What differs between two modules.
#pragma once

#include "dump/File.h"
#include "dump/Page.h"

namespace mpylink::dump {

/// Shows the differences; false when there is none.
bool showDiff(const File &before, const File &after, Page &page);

} // namespace mpylink::dump
