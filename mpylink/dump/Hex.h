// SPDX-License-Identifier: MIT
// Every byte of a file beside the name and meaning of its field.
#pragma once

#include "dump/File.h"
#include "dump/Page.h"

namespace mpylink::dump {

void showHex(const File &file, Page &page);

} // namespace mpylink::dump
