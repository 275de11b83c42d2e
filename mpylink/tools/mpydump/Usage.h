// SPDX-License-Identifier: MIT
// What -help and the man page say of mpydump besides its options.
#pragma once

namespace mpylink::tools::dumper {

constexpr const char *overview = "shows, checks and compares MicroPython modules";
constexpr const char *usage = "mpydump [options] [--] module.mpy...";
constexpr const char *description =
    "mpydump reads .mpy files of versions 5 and 6, with bytecode and machine code, whatever made "
    "them. A file - is standard input.\n"
    "Every option takes one or two dashes, and a blank or = before its value. Single letters may "
    "be in one word.";
constexpr const char *exitStatus =
    "0 when all is well, 1 for a file that cannot be read or that -verify refuses and for "
    "differences that -diff finds, 2 for a wrong command line.";
/// Names of input files, for completion.
constexpr const char *inputs = "mpy";

} // namespace mpylink::tools::dumper
