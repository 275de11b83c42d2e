// SPDX-License-Identifier: MIT
#include "Arguments.h"

#include "mpy/Module.h"
#include "tools/common/CommandLine.h"

#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

namespace mpylink::tools {

namespace {

using namespace llvm::opt;

#define OPTIONS "tools/mpylink/Options.inc"
#include "tools/common/OptionTable.inc"

/// A long option that `-o` or `-l` would swallow when it is misspelt: -ouput, -libss.
bool checkJoined(const Table &table, const CommandLine &line) {
  const InputArgList &args = line.args();
  bool good = true;
  for (const Arg *arg : args.filtered(OPT_o, OPT_l)) {
    const llvm::StringRef word =
        llvm::StringRef(args.getArgString(arg->getIndex())).split('=').first;
    if (word.size() <= 2)
      continue; // The value is a word of its own.
    for (unsigned id = OPT_INPUT; id <= table.getNumOptions(); ++id) {
      const llvm::StringRef name = table.getOptionName(id);
      if (name.size() > 3 && word.drop_front().edit_distance(name.rtrim('=')) <= 1) {
        line.error("unknown option " + word + ", did you mean -" + name.rtrim('=') + "?");
        good = false;
        break; // The spelling with "=" is another entry of the table.
      }
    }
  }
  return good;
}

std::string withExtension(llvm::StringRef path, llvm::StringRef extension) {
  llvm::SmallString<128> result(path);
  llvm::sys::path::replace_extension(result, extension);
  return std::string(result);
}

} // namespace

std::optional<Arguments> parseArguments(int argc, char **argv, int &exitCode) {
  exitCode = 2;
  const Table table;
  CommandLine line(table, "mpylink", OPT_INPUT, OPT_UNKNOWN);
  if (!line.parse(argc, argv))
    return std::nullopt;
  const InputArgList &args = line.args();
  if (args.hasArg(OPT_help)) {
    table.printHelp(llvm::outs(),
                    "mpylink [options] [--] file.o... [-o module.mpy]\n"
                    "       mpylink -preprocess [-I FOLDER] source.c... [-o module.config.h]",
                    "mpylink: links ELF objects into a MicroPython native module");
    exitCode = 0;
    return std::nullopt;
  }
  if (args.hasArg(OPT_version)) {
    llvm::outs() << "mpylink " MPYLINK_VERSION "\n";
    exitCode = 0;
    return std::nullopt;
  }
  const bool isUnderstood = line.check();
  if (!checkJoined(table, line) || !isUnderstood)
    return std::nullopt;

  Arguments result;
  link::Options &link = result.link;
  link.files = args.getAllArgValues(OPT_INPUT);
  for (const Arg *arg : args.filtered(OPT_l, OPT_libs))
    link.libraries.push_back(arg->getValue());
  link.libraryPaths = args.getAllArgValues(OPT_L);
  for (const Arg *arg : args.filtered(OPT_e, OPT_externs))
    link.externs.push_back(arg->getValue());
  link.qstrs = args.getLastArgValue(OPT_qstrs).str();
  link.arch = args.getLastArgValue(OPT_arch).str();
  link.archFlags = args.getLastArgValue(OPT_arch_flags).str();
  link.entry = args.getLastArgValue(OPT_entry, link.entry).str();
  const llvm::StringRef rodata = args.getLastArgValue(OPT_rodata, "text");
  if (rodata != "text" && rodata != "heap") {
    line.error("-rodata needs text or heap, not " + rodata);
    return std::nullopt;
  }
  link.constantsInBlock = rodata == "heap";
  link.gcSections = args.hasFlag(OPT_gc_sections, OPT_no_gc_sections, true);
  result.preprocess = args.hasArg(OPT_preprocess);
  result.includeFolders = args.getAllArgValues(OPT_I);
  result.dependencyFile = args.getLastArgValue(OPT_MF).str();
  result.mapFile = args.getLastArgValue(OPT_map).str();
  result.verify = args.hasArg(OPT_verify);
  result.fatalWarnings = args.hasArg(OPT_fatal_warnings);
  for (const Arg *arg : args.filtered(OPT_v, OPT_vv, OPT_vvv, OPT_vvvv))
    result.verbosity += arg->getOption().matches(OPT_v)    ? 1
                        : arg->getOption().matches(OPT_vv) ? 2
                                                           : 3;
  const llvm::StringRef limit = args.getLastArgValue(OPT_error_limit, "20");
  if (limit.getAsInteger(10, result.errorLimit)) {
    line.error("-error-limit needs a number, not " + limit);
    return std::nullopt;
  }
  if (link.files.empty()) {
    line.error("no input files; mpylink -help tells how to call it");
    return std::nullopt;
  }
  result.output = args.getLastArgValue(OPT_o, args.getLastArgValue(OPT_output)).str();
  if (result.output.empty())
    result.output = withExtension(link.files.front(), result.preprocess ? "config.h" : "mpy");
  link.sourceName =
      args.getLastArgValue(OPT_source_name, llvm::sys::path::filename(result.output)).str();
  if (link.sourceName.size() > mpy::maxQstr) {
    line.error("the source name has " + llvm::Twine(link.sourceName.size()) +
               " characters, and a firmware takes " + llvm::Twine(mpy::maxQstr));
    return std::nullopt;
  }
  return result;
}

} // namespace mpylink::tools
