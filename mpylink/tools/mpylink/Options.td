// SPDX-License-Identifier: MIT
// The command line of mpylink. Every option takes one or two dashes, and "=" or a blank before its
// value, so that the spellings of ld, of LLVM's tools and of MicroPython's mpy_ld.py all work.
include "tools/common/Options.td"

defm o : J<"o", "FILE", "Write the module (with -preprocess the header) to FILE; default: the first input with .mpy (.config.h)">;
defm output : Value<"output", "FILE", "Alias of -o">;
defm arch : Value<"arch", "NAME", "MicroPython architecture; derived from the objects when left out">;
defm arch_flags : Value<"arch-flags", "FLAGS", "Instruction-set extensions: names with commas, or a number">;

defm l : J<"l", "LIB", "Search an archive: its path, NAME for libNAME.a, or :FILE for that file in the folders of -L">;
defm libs : Value<"libs", "LIB", "Alias of -l">;
defm L : J<"L", "FOLDER", "Look for -l NAME in FOLDER">;
defm e : J<"e", "FILE", "Alias of -externs">;
defm externs : Value<"externs", "FILE", "Read symbols at fixed addresses (NAME = 0x...;) from FILE">;
defm entry : Value<"entry", "SYMBOL", "Function that the import calls (default: mpy_init)">;
def gc_sections : F<"gc-sections", "Leave out sections that nothing needs (default)">;
def no_gc_sections : F<"no-gc-sections", "Keep all sections">;
defm undefined : Value<"undefined", "SYMBOL", "Keep SYMBOL and what it needs, if anything defines it">;
defm u : J<"u", "SYMBOL", "Alias of -undefined">;
defm require_defined : Value<"require-defined", "SYMBOL", "Keep SYMBOL, which something must define">;
defm defsym : Value<"defsym", "NAME=VALUE", "Define NAME as a number, or as another symbol with + or - a number">;
defm wrap : Value<"wrap", "SYMBOL", "Let users of SYMBOL use __wrap_SYMBOL, which reaches SYMBOL as __real_SYMBOL">;
def whole_archive : F<"whole-archive", "Link every member of the archives that follow">;
def no_whole_archive : F<"no-whole-archive", "Only the members that are needed again (default)">;
def start_group : F<"start-group", "For makefiles written for ld: archives are always one group">;
def end_group : F<"end-group", "For makefiles written for ld">;
def start_group_short : Flag<["-"], "(">, Alias<start_group>;
def end_group_short : Flag<["-"], ")">, Alias<end_group>;
defm rodata : Value<"rodata", "PLACE", "Where constants lie that the code does not reach directly: text (beside the code, the default) or heap (with the variables, as always where code cannot read bytes beside itself)">;

defm qstrs : Value<"qstrs", "FILE", "Header that numbers the qstrs, made by -preprocess">;
defm source_name : Value<"source-name", "NAME", "Source file name for tracebacks (default: name of the output)">;

def merge : F<"merge", "Make one module of .mpy files; with objects among the inputs, they are merged anyway">;

def preprocess : F<"preprocess", "Do not link: scan C and C++ sources for MP_QSTR_ names and write the header">;
defm I : J<"I", "FOLDER", "With -preprocess: look for included files in FOLDER">;
defm MF : Value<"MF", "FILE", "With -preprocess: write a make rule of all files that were read to FILE">;

defm map : Value<"Map", "FILE", "Write a map of the module to FILE (- for standard output)">;
def report : F<"report", "Print the module's sizes, its RAM and its largest symbols">;
def report_eq : Joined<["-", "--"], "report=">, MetaVarName<"FORM">, HelpText<"The same as text or as json">;
defm max_text : Value<"max-text", "N", "Fail when the code's block has more than N bytes">;
defm max_ram : Value<"max-ram", "N", "Fail when the module takes more than N bytes of RAM">;
defm why_live : Value<"why-live", "SYMBOL", "Print the references from the entry that bring SYMBOL into the module">;
defm trace_symbol : Value<"trace-symbol", "SYMBOL", "Print who defines SYMBOL and who refers to it">;
defm y : J<"y", "SYMBOL", "Alias of -trace-symbol">;
def print_gc_sections : F<"print-gc-sections", "Print the sections that are left out because nothing needs them">;
def verify : F<"verify", "Load the finished module in a reference loader at two places and compare">;
def v : F<"v", "Print sizes; twice: print the map as well">;
def verbose : F<"verbose", "Alias of -v">, Alias<v>;
def vv : Flag<["-"], "vv">;
def vvv : Flag<["-"], "vvv">;
def vvvv : Flag<["-"], "vvvv">;
def fatal_warnings : F<"fatal-warnings", "Treat warnings as errors">;
defm error_limit : Value<"error-limit", "N", "Print at most N errors, 0 for all (default: 20)">;
def version : F<"version", "Print the version">;
def help : F<"help", "Print this help">;
def h : Flag<["-"], "h">, Alias<help>;
