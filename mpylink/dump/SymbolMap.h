// SPDX-License-Identifier: MIT
// Names of functions and variables from the map that mpylink writes with -Map.
#pragma once

#include "dump/File.h"

namespace mpylink::dump {

/// Lines that are no symbols are passed over; a text without any is no map of ours.
std::map<mpy::Segment, Symbols> readMap(std::string_view text);

} // namespace mpylink::dump
