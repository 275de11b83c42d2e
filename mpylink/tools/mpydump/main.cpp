// SPDX-License-Identifier: MIT
// mpydump: parses the command line, reads files, prints views and problems. Exit status: 0 done, 1
// a problem with a file or a difference, 2 a wrong command line.
#include "Arguments.h"

#include "dump/Code.h"
#include "dump/Diff.h"
#include "dump/Hex.h"
#include "dump/Json.h"
#include "dump/Overview.h"
#include "dump/SymbolMap.h"
#include "loader/Compatibility.h"
#include "loader/Verify.h"
#include "support/Diag.h"

#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"

using namespace mpylink;

namespace {

std::optional<dump::File> readFile(const std::string &path, Diag &diag) {
  const auto buffer = llvm::MemoryBuffer::getFileOrSTDIN(path);
  const std::string name = path == "-" ? "standard input" : path;
  if (!buffer) {
    diag.error("cannot-read", {name, {}, {}}, "cannot be read: " + buffer.getError().message(),
               "check its name and permissions");
    return std::nullopt;
  }
  Result<dump::File> file =
      dump::openFile(name, Bytes((*buffer)->getBufferStart(), (*buffer)->getBufferEnd()));
  if (!file) {
    diag.error("corrupt-module", {name, {}, file.failure().offset}, file.failure().text,
               "the file is damaged, or no .mpy file of version 5 or 6: make it again");
    return std::nullopt;
  }
  return std::move(*file);
}

void readMap(const std::string &name, dump::File &file, Diag &diag) {
  const auto buffer = llvm::MemoryBuffer::getFile(name);
  if (!buffer)
    return diag.error("cannot-read", {name, {}, {}},
                      "cannot be read: " + buffer.getError().message(),
                      "check its name and permissions");
  file.symbols = dump::readMap((*buffer)->getBuffer());
  if (file.symbols.empty())
    diag.error("not-a-map", {name, {}, {}}, "has no symbols",
               "give the file that mpylink wrote with -Map for this module");
}

void verifyFile(const dump::File &file, Diag &diag) {
  const std::vector<loader::Problem> problems = loader::verify(file.module);
  for (const loader::Problem &problem : problems)
    diag.error("unsound-module", {file.name, {}, {}},
               (problem.place.empty() ? "" : problem.place + ": ") + problem.text,
               "firmware would crash or misbehave: make the file again");
  if (!problems.empty())
    return;
  llvm::outs() << file.name << ": sound\n";
  for (const std::string &refusal : loader::refusals(file.module))
    llvm::outs() << "  " << refusal << "\n";
}

void show(const dump::File &file, const tools::DumpArguments &arguments, bool colour) {
  dump::Page page(colour);
  if (!arguments.relocs && !arguments.disassemble && !arguments.hex)
    dump::showOverview(file, page);
  if (arguments.relocs)
    dump::showRelocs(file, page);
  if (arguments.disassemble)
    dump::showCode(file, page);
  if (arguments.hex)
    dump::showHex(file, page);
  llvm::outs() << page.text();
}

bool wantsColour(const std::string &when) {
  if (when != "auto")
    return when == "always";
  const std::optional<std::string> never = llvm::sys::Process::GetEnv("NO_COLOR");
  return llvm::sys::Process::StandardOutIsDisplayed() && (!never || never->empty());
}

} // namespace

int main(int argc, char **argv) {
  int exitCode = 0;
  const std::optional<tools::DumpArguments> arguments =
      tools::parseDumpArguments(argc, argv, exitCode);
  if (!arguments)
    return exitCode;
  const bool colour = wantsColour(arguments->colour);
  Diag diag;
  std::vector<dump::File> files;
  for (const std::string &name : arguments->files)
    if (std::optional<dump::File> file = readFile(name, diag))
      files.push_back(std::move(*file));
  if (!arguments->mapFile.empty() && !files.empty())
    readMap(arguments->mapFile, files[0], diag);
  bool differ = false;
  if (arguments->json) {
    llvm::outs() << dump::toJson(files);
  } else if (arguments->diff) {
    dump::Page page(colour);
    if (files.size() == 2)
      differ = dump::showDiff(files[0], files[1], page);
    llvm::outs() << page.text();
  } else {
    for (const dump::File &file : files)
      if (arguments->verify)
        verifyFile(file, diag);
      else
        show(file, *arguments, colour);
  }
  for (const Diagnostic &diagnostic : diag.all())
    llvm::errs() << render("mpydump", diagnostic);
  return diag.hasErrors() || differ ? 1 : 0;
}
