// SPDX-License-Identifier: MIT
// What -help and the man page say of mpylink besides its options.
#pragma once

namespace mpylink::tools::linker {

constexpr const char *overview = "links ELF objects into a MicroPython native module";
constexpr const char *usage =
    "mpylink [options] [--] file.o... [-o module.mpy]\n"
    "       mpylink -merge file.mpy... -o module.mpy\n"
    "       mpylink -preprocess [-I FOLDER] source.c... [-o module.config.h]";
constexpr const char *description =
    "mpylink makes a .mpy file of relocatable ELF objects and archives, which MicroPython imports "
    "like any other module. .mpy files among the inputs are merged with what is linked.\n"
    "Every option takes one or two dashes, and a blank or = before its value. A word @FILE stands "
    "for the words in that file.";
constexpr const char *exitStatus =
    "0 when done, 1 for a problem with the inputs, 2 for a wrong command line. When there was a "
    "problem, no file is written.";
/// Names of input files, for completion.
constexpr const char *inputs = "o a mpy c cc cpp";

} // namespace mpylink::tools::linker
