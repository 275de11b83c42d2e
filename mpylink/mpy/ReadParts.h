// SPDX-License-Identifier: MIT
// What the readers of versions 5 and 6 have in common.
#pragma once

#include "mpy/Cursor.h"
#include "mpy/Module.h"

namespace mpylink::mpy {

/// Nesting of raw codes and of tuples: far above what a compiler produces, far below what would
/// exhaust the stack.
constexpr unsigned maxDepth = 200;

/// A file being read: a pure header so far, whose tables and raw codes follow.
struct Reading {
  Cursor in;
  Module module;
  unsigned wordSize = 4;
  size_t relocsLeft; ///< The file may not ask for more.

  Reading(ByteView file, Trace *trace) : in(file, trace), relocsLeft(file.size()) {}
};

std::string readText(Cursor &in, size_t size, std::string_view what);
Bytes readBytes(Cursor &in, size_t size, std::string_view what);
/// The scope flags and what comes with them, of viper and assembler code.
void readScope(Cursor &in, RawCode &raw);
void readRelocsOf(Reading &reading, RawCode &raw);

/// The tables, if any, and the raw codes.
void readBody5(Reading &reading);
void readBody6(Reading &reading);

} // namespace mpylink::mpy
