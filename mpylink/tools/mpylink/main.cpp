// SPDX-License-Identifier: MIT
// mpylink: parses the command line, runs the library, writes files, prints problems. Exit status: 0
// done, 1 a problem with the input, 2 a wrong command line.
#include "Arguments.h"
#include "MakeRule.h"

#include "abi/Abi.h"
#include "link/Libraries.h"
#include "link/Link.h"
#include "link/Qstrs.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

using namespace mpylink;

namespace {

void reportWrite(const std::string &path, const std::string &why, Diag &diag) {
  diag.error("cannot-write", {path, {}, {}}, "cannot be written: " + why,
             "check the folder, its permissions and the space on the disk");
}

/// Devices, pipes and "-" are written to, not replaced.
void writeThrough(const std::string &path, llvm::StringRef bytes, Diag &diag) {
  std::error_code error;
  llvm::raw_fd_ostream out(path, error, llvm::sys::fs::CD_OpenExisting);
  if (path == "-")
    error.clear();
  if (!error) {
    out << bytes;
    out.flush();
    error = out.error();
    out.clear_error();
  }
  if (error)
    reportWrite(path, error.message(), diag);
}

/// A regular file appears whole or not at all. A symbolic link stays, and its target is replaced.
void writeFile(const std::string &path, llvm::StringRef bytes, Diag &diag) {
  llvm::sys::fs::file_status status;
  const bool exists = path == "-" || !llvm::sys::fs::status(path, status);
  if (exists && !llvm::sys::fs::is_regular_file(status) && !llvm::sys::fs::is_directory(status))
    return writeThrough(path, bytes, diag);
  llvm::SmallString<128> target(path);
  if (exists)
    llvm::sys::fs::real_path(path, target);
  auto temporary = llvm::sys::fs::TempFile::create(target + ".%%%%%%.tmp", 0666);
  if (!temporary)
    return reportWrite(path, llvm::toString(temporary.takeError()), diag);
  llvm::raw_fd_ostream out(temporary->FD, /*shouldClose=*/false);
  out << bytes;
  out.flush();
  const std::error_code error = out.error();
  out.clear_error();
  if (error) {
    llvm::consumeError(temporary->discard());
    return reportWrite(path, error.message(), diag);
  }
  if (llvm::Error failed = temporary->keep(target))
    reportWrite(path, llvm::toString(std::move(failed)), diag);
}

bool isUpToDate(const std::string &path, llvm::StringRef bytes) {
  const auto old = llvm::MemoryBuffer::getFile(path);
  return old && (*old)->getBuffer() == bytes;
}

/// No output may replace an input or another output.
void checkOutputs(const tools::Arguments &arguments, Diag &diag) {
  std::vector<std::string> taken = arguments.link.files;
  for (const std::string &library : arguments.link.libraries)
    taken.push_back(link::libraryFile(arguments.link, library));
  taken.insert(taken.end(), arguments.link.externs.begin(), arguments.link.externs.end());
  taken.push_back(arguments.link.qstrs);
  for (const std::string &output :
       {arguments.output, arguments.mapFile, arguments.dependencyFile}) {
    if (output.empty() || output == "-")
      continue;
    for (const std::string &other : taken)
      if (!other.empty() && (other == output || llvm::sys::fs::equivalent(other, output)))
        diag.error("cannot-write", {output, {}, {}}, "would replace " + other, "give another name");
    taken.push_back(output);
  }
}

void runPreprocess(const tools::Arguments &arguments, Diag &diag) {
  const link::Preprocessed result =
      link::preprocess(arguments.link.files, arguments.includeFolders, diag);
  if (diag.hasErrors())
    return;
  // The header comes last: when the rule cannot be written, make must not see a new header.
  if (!arguments.dependencyFile.empty())
    writeFile(arguments.dependencyFile, tools::makeRule(arguments.output, result.files), diag);
  // An unchanged header keeps its time stamp, so that nothing is compiled again.
  if (!diag.hasErrors() && !isUpToDate(arguments.output, result.header))
    writeFile(arguments.output, result.header, diag);
}

bool isNative(const mpy::Module &module) { return module.code.kind == mpy::CodeKind::NativeViper; }

void printSizes(const std::string &output, const link::Linked &linked) {
  const mpy::RawCode &code = linked.module.code;
  const abi::ArchInfo *arch = abi::findArch(linked.module.arch);
  llvm::outs() << output << ": " << (arch ? arch->name : "unknown architecture") << ", "
               << linked.file.size() << " bytes\n";
  if (!isNative(linked.module))
    return;
  llvm::outs() << "text " << code.code.size() << " (" << linked.variablesInText
               << " of them variables), GOT slots " << linked.gotSlots << ", rodata "
               << code.rodata.size() << ", bss " << code.bssSize << ", relocated words "
               << code.relocs.size() << "\n";
}

void runLink(const tools::Arguments &arguments, Diag &diag) {
  std::string listing;
  const std::optional<link::Linked> linked = link::link(arguments.link, listing, diag);
  llvm::outs() << listing;
  llvm::outs().flush(); // Problems come after it.
  if (!linked)
    return;
  if (arguments.verify)
    link::verify(linked->whole(), arguments.output, diag);
  if (arguments.fatalWarnings)
    diag.makeWarningsFatal();
  if (diag.hasErrors())
    return;
  // The module comes last: a run that fails leaves none.
  if (!arguments.mapFile.empty())
    writeFile(arguments.mapFile, linked->map, diag);
  if (diag.hasErrors())
    return;
  writeFile(arguments.output,
            {reinterpret_cast<const char *>(linked->file.data()), linked->file.size()}, diag);
  if (diag.hasErrors())
    return;
  if (arguments.verbosity > 0)
    printSizes(arguments.output, *linked);
  if (arguments.verbosity > 1)
    llvm::outs() << "\n" << linked->map;
}

void print(const Diag &diag, unsigned limit) {
  unsigned errors = 0;
  for (const Diagnostic &diagnostic : diag.all()) {
    if (diagnostic.severity == Severity::Error && limit != 0 && ++errors > limit) {
      const size_t more = diag.errorCount() - limit;
      llvm::errs() << "mpylink: " << more << (more == 1 ? " more error" : " more errors")
                   << "; use -error-limit=0 to see all\n";
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
  checkOutputs(*arguments, diag);
  if (!diag.hasErrors())
    (arguments->preprocess ? runPreprocess : runLink)(*arguments, diag);
  print(diag, arguments->errorLimit);
  return diag.hasErrors() ? 1 : 0;
}
