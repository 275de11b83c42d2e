// SPDX-License-Identifier: MIT
#include "Arguments.h"

#include "mpy/Module.h"
#include "tools/common/CommandLine.h"

#include "llvm/ADT/StringExtras.h"
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

/// The order matters for -whole-archive only.
void readInputs(const InputArgList &args, link::Options &link) {
  bool isWhole = false;
  for (const Arg *arg :
       args.filtered(OPT_INPUT, OPT_l, OPT_libs, OPT_whole_archive, OPT_no_whole_archive)) {
    if (arg->getNumValues() == 0) {
      isWhole = arg->getOption().matches(OPT_whole_archive);
      continue;
    }
    (arg->getOption().matches(OPT_INPUT) ? link.files : link.libraries).push_back(arg->getValue());
    if (isWhole)
      link.wholeArchives.insert(arg->getValue());
  }
}

/// NAME=0x10, NAME=OTHER, NAME=OTHER+8, NAME=OTHER-0x8
std::optional<link::Defsym> parseDefsym(llvm::StringRef text) {
  const auto [name, value] = text.split('=');
  link::Defsym result{name.trim().str(), {}, 0};
  llvm::StringRef number = value.trim();
  if (result.name.empty() || number.empty())
    return std::nullopt;
  if (!llvm::isDigit(number.front()) && number.front() != '-') {
    const size_t sign = number.find_first_of("+-");
    result.other = number.take_front(sign).rtrim().str();
    number = sign == llvm::StringRef::npos ? "0" : number.drop_front(sign);
  }
  const bool isNegative = number.consume_front("-");
  if (!isNegative)
    number.consume_front("+");
  uint64_t magnitude = 0;
  if (number.trim().getAsInteger(0, magnitude))
    return std::nullopt;
  result.addend = static_cast<int64_t>(isNegative ? -magnitude : magnitude);
  return result;
}

std::string withExtension(llvm::StringRef path, llvm::StringRef extension) {
  llvm::SmallString<128> result(path);
  llvm::sys::path::replace_extension(result, extension);
  return std::string(result);
}

/// False when the value of a -max-... option is no number of bytes.
bool readBudget(const CommandLine &line, OptionId id, std::optional<uint64_t> &bytes) {
  const Arg *arg = line.args().getLastArg(id);
  uint64_t value = 0;
  if (arg && llvm::StringRef(arg->getValue()).getAsInteger(0, value)) {
    line.error(llvm::Twine(arg->getOption().getPrefixedName()) + " needs a number of bytes, not " +
               arg->getValue());
    return false;
  }
  if (arg)
    bytes = value;
  return true;
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
  readInputs(args, link);
  link.required = args.getAllArgValues(OPT_require_defined);
  link.wraps = args.getAllArgValues(OPT_wrap);
  for (const Arg *arg : args.filtered(OPT_u, OPT_undefined))
    link.undefined.push_back(arg->getValue());
  for (const std::string &text : args.getAllArgValues(OPT_defsym)) {
    const std::optional<link::Defsym> defsym = parseDefsym(text);
    if (!defsym) {
      line.error("-defsym needs NAME=NUMBER, NAME=SYMBOL or NAME=SYMBOL+NUMBER, not " + text);
      return std::nullopt;
    }
    link.defsyms.push_back(*defsym);
  }
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
  link.merge = args.hasArg(OPT_merge);
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
  for (const Arg *arg : args.filtered(OPT_trace_symbol, OPT_y))
    link.traceSymbols.push_back(arg->getValue());
  link.whyLive = args.getAllArgValues(OPT_why_live);
  link.printGcSections = args.hasArg(OPT_print_gc_sections);
  link.map = !result.mapFile.empty() || result.verbosity > 1;
  if (!readBudget(line, OPT_max_text, link.maxText) || !readBudget(line, OPT_max_ram, link.maxRam))
    return std::nullopt;
  if (const Arg *arg = args.getLastArg(OPT_report, OPT_report_eq)) {
    const llvm::StringRef form = arg->getNumValues() == 0 ? "text" : arg->getValue();
    if (form != "text" && form != "json") {
      line.error("-report needs text or json, not " + form);
      return std::nullopt;
    }
    link.report = form == "json" ? link::ReportForm::Json : link::ReportForm::Text;
  }
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
  if (result.output.empty() && link.merge) {
    line.error("-merge needs -o FILE");
    return std::nullopt;
  }
  if (result.output.empty())
    result.output = withExtension(link.files.front(), result.preprocess ? "config.h" : "mpy");
  link.mergedName = args.getLastArgValue(OPT_source_name).str();
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
