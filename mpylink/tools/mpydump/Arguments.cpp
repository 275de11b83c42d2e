// SPDX-License-Identifier: MIT
#include "Arguments.h"

#include "tools/common/CommandLine.h"

#include "llvm/Support/raw_ostream.h"

namespace mpylink::tools {

namespace {

using namespace llvm::opt;

#define OPTIONS "tools/mpydump/Options.inc"
#include "tools/common/OptionTable.inc"

/// Single letters in one word, as in -dr.
std::vector<std::string> splitLetters(int argc, char **argv) {
  std::vector<std::string> words;
  bool onlyFiles = false;
  for (int i = 0; i < argc; ++i) {
    const llvm::StringRef word(argv[i]);
    onlyFiles |= word == "--";
    if (!onlyFiles && word.size() > 2 && word[0] == '-' &&
        word.drop_front().find_first_not_of("drx") == llvm::StringRef::npos)
      for (const char letter : word.drop_front())
        words.push_back(std::string("-") + letter);
    else
      words.push_back(word.str());
  }
  return words;
}

} // namespace

std::optional<DumpArguments> parseDumpArguments(int argc, char **argv, int &exitCode) {
  exitCode = 2;
  const Table table;
  std::vector<std::string> split = splitLetters(argc, argv);
  std::vector<char *> words;
  for (std::string &word : split)
    words.push_back(word.data());
  CommandLine line(table, "mpydump", OPT_INPUT, OPT_UNKNOWN);
  if (!line.parse(static_cast<int>(words.size()), words.data()))
    return std::nullopt;
  const InputArgList &args = line.args();
  if (args.hasArg(OPT_help)) {
    table.printHelp(llvm::outs(), "mpydump [options] [--] module.mpy...",
                    "mpydump: shows, checks and compares MicroPython modules");
    exitCode = 0;
    return std::nullopt;
  }
  if (args.hasArg(OPT_version)) {
    llvm::outs() << "mpydump " MPYLINK_VERSION "\n";
    exitCode = 0;
    return std::nullopt;
  }
  if (!line.check())
    return std::nullopt;
  DumpArguments result;
  result.files = args.getAllArgValues(OPT_INPUT);
  result.mapFile = args.getLastArgValue(OPT_map).str();
  result.disassemble = args.hasArg(OPT_disassemble);
  result.relocs = args.hasArg(OPT_relocs);
  result.hex = args.hasArg(OPT_hex);
  result.json = args.hasArg(OPT_json);
  result.verify = args.hasArg(OPT_verify);
  result.diff = args.hasArg(OPT_diff);
  result.colour = args.getLastArgValue(OPT_color, "auto").str();
  if (result.colour != "auto" && result.colour != "always" && result.colour != "never") {
    line.error("-color needs always, never or auto, not " + result.colour);
    return std::nullopt;
  }
  if (result.files.empty()) {
    line.error("no input files; mpydump -help tells how to call it");
    return std::nullopt;
  }
  if (result.diff && result.files.size() != 2) {
    line.error("-diff compares two files, not " + llvm::Twine(result.files.size()));
    return std::nullopt;
  }
  if (result.verify + result.diff + result.json > 1) {
    line.error("-verify, -diff and -json exclude each other");
    return std::nullopt;
  }
  if (!result.mapFile.empty() && result.files.size() != 1) {
    line.error("-map belongs to one file");
    return std::nullopt;
  }
  return result;
}

} // namespace mpylink::tools
