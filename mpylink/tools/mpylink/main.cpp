// SPDX-License-Identifier: MIT
// mpylink: parses the command line, runs the library, writes files, prints problems. Exit status: 0
// done, 1 a problem with the input, 2 a wrong command line.
#include "Arguments.h"

#include "link/Link.h"
#include "link/Qstrs.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

using namespace mpylink;

namespace {

/// The file appears whole or not at all.
void writeFile(const std::string &path, llvm::StringRef bytes, Diag &diag) {
  llvm::Error error = llvm::writeToOutput(path, [&](llvm::raw_ostream &out) {
    out << bytes;
    return llvm::Error::success();
  });
  if (error)
    diag.error("cannot-write", {path, {}, {}},
               "cannot be written: " + llvm::toString(std::move(error)),
               "check the folder and its permissions");
}

bool isUpToDate(const std::string &path, llvm::StringRef bytes) {
  const auto old = llvm::MemoryBuffer::getFile(path);
  return old && (*old)->getBuffer() == bytes;
}

void runPreprocess(const tools::Arguments &arguments, Diag &diag) {
  const link::Preprocessed result =
      link::preprocess(arguments.link.files, arguments.includeFolders, diag);
  if (diag.hasErrors())
    return;
  // An unchanged header keeps its time stamp, so that nothing is compiled again.
  if (!isUpToDate(arguments.output, result.header))
    writeFile(arguments.output, result.header, diag);
  if (arguments.dependencyFile.empty())
    return;
  std::string rule = arguments.output + ":";
  for (const std::string &file : result.files)
    rule += " \\\n " + file;
  rule += "\n";
  // A deleted header must not stop make.
  for (const std::string &file : result.files)
    rule += "\n" + file + ":\n";
  writeFile(arguments.dependencyFile, rule, diag);
}

void printSizes(const link::Linked &linked) {
  const mpy::RawCode &code = linked.module.code;
  llvm::outs() << "text: " << code.code.size() << " bytes, GOT: " << linked.gotSlots
               << " slots, variables: " << linked.variablesInText
               << " bytes\nrodata: " << code.rodata.size() << " bytes\nbss: " << code.bssSize
               << " bytes\nrelocated words: " << code.relocs.size()
               << "\nfile: " << linked.file.size() << " bytes\n";
}

bool overwritesInput(const tools::Arguments &arguments, Diag &diag) {
  for (const std::string &file : arguments.link.files)
    if (llvm::sys::fs::equivalent(file, arguments.output)) {
      diag.error("cannot-write", {arguments.output, {}, {}}, "is an input and the output",
                 "give another name with -o");
      return true;
    }
  return false;
}

void runLink(const tools::Arguments &arguments, Diag &diag) {
  if (overwritesInput(arguments, diag))
    return;
  const bool wantMap = !arguments.mapFile.empty() || arguments.verbosity > 1;
  const std::optional<link::Linked> linked = link::link(arguments.link, wantMap, diag);
  if (!linked)
    return;
  if (arguments.verify)
    link::verify(linked->module, arguments.output, diag);
  if (arguments.fatalWarnings)
    diag.makeWarningsFatal();
  if (diag.hasErrors())
    return;
  writeFile(arguments.output,
            {reinterpret_cast<const char *>(linked->file.data()), linked->file.size()}, diag);
  if (!arguments.mapFile.empty())
    writeFile(arguments.mapFile, linked->map, diag);
  if (arguments.verbosity > 0)
    printSizes(*linked);
  if (arguments.verbosity > 1)
    llvm::outs() << "\n" << linked->map;
}

void print(const Diag &diag, unsigned limit) {
  unsigned errors = 0;
  for (const Diagnostic &diagnostic : diag.all()) {
    if (diagnostic.severity == Severity::Error && limit != 0 && ++errors > limit) {
      llvm::errs() << "mpylink: " << diag.errorCount() - limit
                   << " more errors; use -error-limit=0 to see all\n";
      return;
    }
    llvm::errs() << render("mpylink", diagnostic);
  }
}

} // namespace

int main(int argc, char **argv) {
  int exitCode = 0;
  const std::optional<tools::Arguments> arguments = tools::parseArguments(argc, argv, exitCode);
  if (!arguments)
    return exitCode;
  Diag diag;
  if (arguments->preprocess)
    runPreprocess(*arguments, diag);
  else
    runLink(*arguments, diag);
  print(diag, arguments->errorLimit);
  return diag.hasErrors() ? 1 : 0;
}
