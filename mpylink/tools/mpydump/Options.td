// SPDX-License-Identifier: MIT
// The command line of mpydump.
include "tools/common/Options.td"

def disassemble : F<"disassemble", "Show the instructions of bytecode and native code">;
def d : Flag<["-"], "d">, Alias<disassemble>, HelpText<"Alias of -disassemble">;
def relocs : F<"relocs", "Show every relocation">;
def r : Flag<["-"], "r">, Alias<relocs>, HelpText<"Alias of -relocs">;
def hex : F<"hex", "Show every byte of the file beside the name of its field">;
def x : Flag<["-"], "x">, Alias<hex>, HelpText<"Alias of -hex">;
def json : F<"json", "Print everything as JSON, an array with an object for each file">;
defm map : Value<"map", "FILE", "Take the names of functions and variables from a map that mpylink -Map wrote">;

def verify : F<"verify", "Check the files, load them in a reference loader, and say which firmware refuses them">;
def diff : F<"diff", "Show what differs between two files; exit status 1 when something does">;
defm color : Value<"color", "WHEN", "Colours: always, never, or auto (on a terminal unless NO_COLOR is set; the default)">;
def version : F<"version", "Print the version">;
def help : F<"help", "Print this help">;
def h : Flag<["-"], "h">, Alias<help>;
