// SPDX-License-Identifier: MIT
#include "link/Qstrs.h"

#include "abi/Abi.h"
#include "mpy/Module.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

namespace mpylink::link {

namespace {

constexpr std::string_view prefix = "MP_QSTR_";
constexpr std::string_view tableMacro = "(mp_native_qstr_table[";
constexpr size_t maxQstrs = 65535; // A firmware numbers them in two bytes.
using mpy::maxQstr;

bool isWord(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

/// The end of the word at `at`. Digit separators belong to a number: 1'000.
size_t wordEnd(std::string_view source, size_t at) {
  const bool isNumber = std::isdigit(static_cast<unsigned char>(source[at]));
  while (at < source.size() &&
         (isWord(source[at]) ||
          (isNumber && source[at] == '\'' && at + 1 < source.size() && isWord(source[at + 1]))))
    ++at;
  return at;
}

/// The end of the raw string R"x(...)x" whose quote is at `quote`, or that place when it is none:
/// in C, R can be a macro.
size_t rawStringEnd(std::string_view source, size_t quote) {
  const size_t open = source.find_first_of("() \\\t\v\f\n\"", quote + 1);
  if (open == std::string_view::npos || source[open] != '(')
    return quote;
  const std::string close = ")" + std::string(source.substr(quote + 1, open - quote - 1)) + "\"";
  const size_t end = source.find(close, open);
  return end == std::string_view::npos ? source.size() : end + close.size();
}

/// Replaces comments and the contents of literals by blanks, so that an include line in them is
/// none.
std::string codeOnly(std::string_view source) {
  std::string code(source);
  const auto blank = [&](size_t from, size_t to) {
    for (size_t i = from; i < std::min(to, code.size()); ++i)
      if (code[i] != '\n')
        code[i] = ' ';
  };
  bool isInclude = false;
  for (size_t at = 0; at < code.size(); ++at) {
    const char c = code[at];
    if (c == '\n') {
      isInclude = false;
    } else if (c == '#') {
      const size_t word = source.find_first_not_of(" \t", at + 1);
      isInclude = word != std::string_view::npos && source.substr(word).starts_with("include");
    } else if (source.substr(at, 2) == "//") {
      const size_t end = std::min(source.find('\n', at), source.size());
      blank(at, end);
      at = end - 1;
    } else if (source.substr(at, 2) == "/*") {
      const size_t end = source.find("*/", at + 2);
      const size_t next = end == std::string_view::npos ? source.size() : end + 2;
      blank(at, next);
      at = next - 1;
    } else if (isWord(c)) {
      const size_t end = wordEnd(source, at);
      const std::string_view word = source.substr(at, end - at);
      at = end - 1;
      if (source.substr(end).starts_with('"') &&
          (word == "R" || word == "LR" || word == "uR" || word == "UR" || word == "u8R")) {
        const size_t next = rawStringEnd(source, end);
        blank(end, next);
        at = next - 1;
      }
    } else if (c == '"' || c == '\'') {
      size_t end = at + 1;
      while (end < source.size() && source[end] != c && source[end] != '\n')
        end += source[end] == '\\' ? 2 : 1;
      if (!isInclude)
        blank(at + 1, end);
      at = std::min(end, source.size());
    }
  }
  return code;
}

class Scanner {
public:
  Scanner(const std::vector<std::string> &folders, Diag &diag) : folders(folders), diag(diag) {}

  void scanFile(const std::string &path, bool isSource) {
    // One file has many paths: a.h, ./a.h, ../here/a.h.
    llvm::sys::fs::UniqueID id;
    if (!llvm::sys::fs::getUniqueID(path, id) && !seen.insert(id).second)
      return;
    auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/false,
                                              /*RequiresNullTerminator=*/false);
    if (!buffer) {
      if (isSource)
        diag.error("cannot-read", {path, {}, {}}, "cannot be read: " + buffer.getError().message(),
                   "check the path");
      return;
    }
    files.push_back(path);
    const std::string_view text((*buffer)->getBufferStart(), (*buffer)->getBufferSize());
    // In comments too, as mpy_ld.py does: a name that macros paste together can be listed there.
    collectNames(text, path);
    followIncludes(codeOnly(text), path);
  }

  std::set<std::string> names;
  std::vector<std::string> files;

private:
  void collectNames(std::string_view code, const std::string &path) {
    for (size_t at = code.find(prefix); at != std::string_view::npos; at = code.find(prefix, at)) {
      const bool starts = at == 0 || !isWord(code[at - 1]);
      at += prefix.size();
      size_t end = at;
      while (end < code.size() && isWord(code[end]))
        ++end;
      // Nothing behind the prefix: a macro that pastes the rest.
      if (!starts || end == at)
        continue;
      if (end - at > maxQstr)
        diag.error("qstr-too-long", {path, {}, {}},
                   "the qstr " + std::string(code.substr(at, 32)) + "... has " +
                       std::to_string(end - at) + " characters, and a firmware takes " +
                       std::to_string(maxQstr),
                   "shorten it");
      else
        names.emplace(code.substr(at, end - at));
    }
  }

  void followIncludes(std::string_view code, const std::string &path) {
    for (size_t at = code.find("include"); at != std::string_view::npos;
         at = code.find("include", at)) {
      size_t before = at;
      while (before > 0 && (code[before - 1] == ' ' || code[before - 1] == '\t'))
        --before;
      at += std::string_view("include").size();
      if (before == 0 || code[before - 1] != '#')
        continue;
      const size_t open = code.find_first_not_of(" \t", at);
      if (open == std::string_view::npos || (code[open] != '"' && code[open] != '<'))
        continue;
      const size_t close = code.find_first_of(code[open] == '"' ? "\"\n" : ">\n", open + 1);
      if (close == std::string_view::npos || code[close] == '\n')
        continue;
      include(std::string(code.substr(open + 1, close - open - 1)), code[open] == '"', path);
    }
  }

  void include(const std::string &name, bool isQuoted, const std::string &from) {
    std::vector<std::string> candidates;
    if (llvm::sys::path::is_absolute(name)) {
      candidates.push_back(name);
    } else if (isQuoted) {
      llvm::SmallString<128> beside(llvm::sys::path::parent_path(from));
      llvm::sys::path::append(beside, name);
      candidates.push_back(std::string(beside));
    }
    for (const std::string &folder : folders)
      candidates.push_back(folder + "/" + name);
    for (const std::string &candidate : candidates)
      if (llvm::sys::fs::is_regular_file(candidate))
        return scanFile(candidate, /*isSource=*/false);
  }

  const std::vector<std::string> &folders;
  Diag &diag;
  std::set<llvm::sys::fs::UniqueID> seen;
};

} // namespace

Preprocessed preprocess(const std::vector<std::string> &sources,
                        const std::vector<std::string> &folders, Diag &diag) {
  Scanner scanner(folders, diag);
  for (const std::string &source : sources)
    scanner.scanFile(source, /*isSource=*/true);
  // mp_int_t and mp_uint_t come from this header up to MicroPython 1.28 and from py/mpconfig.h
  // later; saying it twice is fine but for clang before C11. mpylink's own headers need none of it.
  std::string header = "// Made by mpylink -preprocess.\n"
                       "#include <stdint.h>\n"
                       "#ifndef MPYLINK_ABI_HEADERS\n"
                       "typedef uintptr_t mp_off_t;\n"
                       "#if !defined(__clang__) || __STDC_VERSION__ >= 201112L\n"
                       "typedef uintptr_t mp_uint_t;\n"
                       "typedef intptr_t mp_int_t;\n"
                       "#endif\n"
                       "#endif\n";
  size_t number = 0;
  for (std::string_view name : abi::staticQstrNames()) {
    header += "#define MP_QSTR_" + std::string(name) + " (" + std::to_string(++number) + ")\n";
    scanner.names.erase(std::string(name));
  }
  number = 0;
  for (const std::string &name : scanner.names)
    header +=
        "#define MP_QSTR_" + name + " (mp_native_qstr_table[" + std::to_string(++number) + "])\n";
  header += "extern const uint16_t mp_native_qstr_table[];\n"
            "extern const uintptr_t mp_native_obj_table[];\n";
  return {std::move(header), std::move(scanner.files)};
}

std::vector<std::string> readQstrHeader(const std::string &path, std::string_view text,
                                        Diag &diag) {
  constexpr std::string_view define = "#define MP_QSTR_";
  std::map<size_t, std::string> byNumber;
  size_t lineNumber = 0;
  for (size_t start = 0; start < text.size();) {
    const size_t end = std::min(text.find('\n', start), text.size());
    const std::string_view line = text.substr(start, end - start);
    start = end + 1;
    ++lineNumber;
    const size_t macro = line.find(tableMacro);
    if (!line.starts_with(define) || macro == std::string_view::npos)
      continue;
    const Location where{path + ":" + std::to_string(lineNumber), {}, {}};
    const std::string name(
        line.substr(define.size(), line.find(' ', define.size()) - define.size()));
    size_t number = 0;
    const char *digits = line.data() + macro + tableMacro.size();
    const auto [rest, error] = std::from_chars(digits, line.data() + line.size(), number);
    if (error != std::errc() ||
        std::string_view(rest, line.data() + line.size()).substr(0, 2) != "])" || number == 0 ||
        number > maxQstrs)
      diag.error("qstr-header", where, "the number of qstr " + name + " is not understood",
                 "make the header with mpylink -preprocess");
    else if (name.size() > maxQstr)
      diag.error("qstr-too-long", where,
                 "the qstr has " + std::to_string(name.size()) +
                     " characters, and a firmware takes " + std::to_string(maxQstr),
                 "shorten it");
    else if (const auto [old, isNew] = byNumber.try_emplace(number, name); !isNew)
      diag.error("qstr-header", where,
                 "qstrs " + old->second + " and " + name + " have the same number " +
                     std::to_string(number),
                 "make the header with mpylink -preprocess");
  }
  if (text.find("mp_native_qstr_table[]") == std::string_view::npos)
    diag.error("qstr-header", {path, {}, {}}, "this is not a header that numbers qstrs",
               "give the header that mpylink -preprocess made and the sources include");
  std::vector<std::string> qstrs;
  for (const auto &[number, name] : byNumber) {
    if (number != qstrs.size() + 1) {
      diag.error("qstr-header", {path, {}, {}},
                 "no qstr has the number " + std::to_string(qstrs.size() + 1),
                 "make the header with mpylink -preprocess");
      break;
    }
    qstrs.push_back(name);
  }
  return qstrs;
}

} // namespace mpylink::link
