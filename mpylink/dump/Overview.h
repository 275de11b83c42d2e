// SPDX-License-Identifier: MIT
// The views for people that do not look into code: what a file contains, and its relocations.
#pragma once

#include "dump/File.h"
#include "dump/Page.h"

namespace mpylink::dump {

void showOverview(const File &file, Page &page);
void showRelocs(const File &file, Page &page);

} // namespace mpylink::dump
