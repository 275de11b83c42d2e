// SPDX-License-Identifier: MIT
// Build-time tool: turns the JSON files of /abi into Tables.inc, the C++ tables behind Abi.cpp, and
// into docs/abi.md, the list of what modules can use.
// Usage: abigen tables|doc <abi folder> <output> <abi name>...
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/WithColor.h"
#include "llvm/Support/raw_ostream.h"

#include <cstdlib>
#include <map>
#include <string>
#include <vector>

using namespace llvm;

static ExitOnError exitOnError("abigen: ");

static json::Value load(const Twine &path) {
  auto buffer = exitOnError(errorOrToExpected(MemoryBuffer::getFile(path)));
  return exitOnError(json::parse(buffer->getBuffer()));
}

static std::string quoted(StringRef text) {
  std::string result = "\"";
  raw_string_ostream(result).write_escaped(text, /*UseHexEscapes=*/false);
  return result + "\"";
}

/// A member that must exist: a hole in the data is a bug of the data, found at build time.
static const json::Value &member(const json::Object &object, StringRef key) {
  const json::Value *value = object.get(key);
  if (!value)
    exitOnError(createStringError("missing field '" + key + "'"));
  return *value;
}

static StringRef text(const json::Object &object, StringRef key) {
  return *member(object, key).getAsString();
}

static int64_t number(const json::Object &object, StringRef key) {
  return *member(object, key).getAsInteger();
}

/// "v1.24.0" is release 1.24.
static StringRef releaseName(StringRef tag) {
  tag.consume_front("v");
  if (tag.count('.') > 1)
    tag.consume_back(".0");
  return tag;
}

static void writeArchs(raw_ostream &out, const json::Value &archs) {
  std::string table;
  for (const json::Value &value : *archs.getAsArray()) {
    const json::Object &arch = *value.getAsObject();
    std::string flags = "{}";
    if (const json::Array *names = arch.getArray("flags")) {
      flags = text(arch, "name").str() + "Flags";
      out << "constexpr std::string_view " << flags << "[] = {";
      for (const json::Value &name : *names)
        out << quoted(*name.getAsString()) << ", ";
      out << "};\n";
    }
    const StringRef memory = arch.getString("text_memory").value_or("heap");
    table += "    {" + std::to_string(number(arch, "id")) + ", " + quoted(text(arch, "name")) +
             ", " + std::to_string(arch.getInteger("e_machine").value_or(0)) + ", " +
             std::to_string(arch.getInteger("word_size").value_or(0)) + ", TextMemory::" +
             (memory == "heap"    ? "Heap"
              : memory == "pages" ? "Pages"
                                  : "Copied") +
             ", " + flags + ", " + quoted(releaseName(text(arch, "first_release_with_number")));
    for (StringRef key : {"firmware", "llvm_triple", "llvm_features", "preserved_registers"})
      table += ", " + quoted(arch.getString(key).value_or(""));
    table += ", " + std::to_string(arch.getInteger("narrow_bit").value_or(0)) + "},\n";
  }
  out << "constexpr ArchInfo archTable[] = {\n" << table << "};\n\n";
}

/// The C identifier part of a qstr: "utf-8" is named MP_QSTR_utf_hyphen_8.
static std::string identifier(StringRef qstr, const json::Object &escapes) {
  std::string result;
  for (char c : qstr)
    result += llvm::isAlnum(c) || c == '_' ? std::string(1, c)
                                           : "_" + text(escapes, StringRef(&c, 1)).str() + "_";
  return result;
}

static void writeStaticQstrs(raw_ostream &out, const json::Value &qstrs,
                             const json::Object &escapes) {
  const json::Array &list = *qstrs.getAsArray();
  out << "constexpr std::string_view staticQstrNameTable[] = {\n";
  for (const json::Value &qstr : list)
    out << "    " << quoted(identifier(*qstr.getAsString(), escapes)) << ",\n";
  out << "};\n\n";
  out << "constexpr std::string_view staticQstrTable[] = {\n";
  std::map<std::string, size_t> byText;
  for (size_t i = 0; i < list.size(); ++i) {
    out << "    " << quoted(*list[i].getAsString()) << ",\n";
    byText[list[i].getAsString()->str()] = i + 1;
  }
  out << "};\n\nconstexpr uint8_t staticQstrsByText[] = {";
  for (const auto &[qstr, id] : byText)
    out << id << ", ";
  out << "};\n\n";
}

static std::string operandName(const json::Object &row, StringRef key, StringRef otherwise) {
  std::string name = row.getString(key).value_or(otherwise).str();
  name[0] = llvm::toUpper(name[0]);
  return name;
}

/// A row for each value of an instruction's first byte: a range of opcodes is spread out here.
static void writeOpcodes(raw_ostream &out, const json::Value &opcodes) {
  std::string rows[256];
  const auto flag = [](const json::Object &row, StringRef key) {
    return row.getBoolean(key).value_or(false) ? "true, " : "false, ";
  };
  for (const json::Value &value : *opcodes.getAsArray()) {
    const json::Object &row = *value.getAsObject();
    const std::string operand = operandName(row, "operand", "none");
    const std::string start = "{" + quoted(text(row, "name")) + ", Operand::" + operand +
                              ", Operand::" + operandName(row, "operand_v5", operand) + ", " +
                              flag(row, "extra_byte") + flag(row, "cached");
    const json::Array *operators = row.getArray("operators");
    const int64_t count =
        operators ? static_cast<int64_t>(operators->size()) : row.getInteger("count").value_or(1);
    for (int64_t i = 0; i < count; ++i) {
      const int64_t held = row.getInteger("first").value_or(0) + i;
      rows[number(row, "op") + i] =
          start + (count > 1 ? "true, " : "false, ") + std::to_string(held) + ", " +
          quoted(operators ? *(*operators)[i].getAsString() : StringRef()) + "}";
    }
  }
  out << "constexpr Opcode opcodeTable[256] = {\n";
  for (const std::string &row : rows)
    out << "    "
        << (row.empty() ? "{\"\", Operand::None, Operand::None, false, false, false, 0, \"\"}"
                        : row)
        << ",\n";
  out << "};\n\n";
}

/// The symbols whose value is the value of a fun table entry.
static std::map<std::string, int64_t> entrySymbols(const json::Object &abi) {
  std::map<std::string, int64_t> symbols;
  for (const json::Value &value : *member(abi, "fun_table").getAsArray()) {
    const json::Object &entry = *value.getAsObject();
    // Some entries hold a substitute in unusual builds; the symbol is the usual function's.
    if (text(entry, "kind") == "function")
      symbols[text(entry,
                   entry.get("firmware_condition") ? "firmware_value_otherwise" : "firmware_value")
                  .str()] = number(entry, "index");
  }
  for (const auto &[symbol, index] : *member(abi, "linker_symbols").getAsObject())
    symbols[symbol.str()] = *index.getAsInteger();
  for (const auto &[alias, symbol] : *member(abi, "function_aliases").getAsObject())
    symbols[alias.str()] = symbols.at(symbol.getAsString()->str());
  return symbols;
}

static void writeAbi(raw_ostream &out, StringRef name, const json::Object &abi) {
  out << "namespace abi" << name << " {\nconstexpr FunEntry funTable[] = {\n";
  for (const json::Value &value : *member(abi, "fun_table").getAsArray()) {
    const json::Object &entry = *value.getAsObject();
    // A function whose type C cannot name is a mere pointer in the table.
    const bool isFunction = is_contained({"function", "raw_pointer"}, text(entry, "kind"));
    out << "    {" << quoted(text(entry, "name")) << ", " << (isFunction ? "true" : "false")
        << "},\n";
  }
  out << "};\nconstexpr EntrySymbol entrySymbols[] = {\n";
  const json::Object &limited = *member(abi, "linker_symbol_archs").getAsObject();
  for (const auto &[symbol, index] : entrySymbols(abi)) {
    const StringRef arch = limited.getString(symbol).value_or("");
    out << "    {" << quoted(symbol) << ", " << index << ", " << quoted(arch) << "},\n";
  }
  out << "};\nconstexpr TableSymbol tableSymbols[] = {\n";
  const std::map<std::string, std::string> tables = {
      {"fun_table", "Fun"}, {"qstr_table", "Qstr"}, {"obj_table", "Obj"}};
  for (const auto &[symbol, table] : *member(abi, "table_symbols").getAsObject())
    out << "    {" << quoted(symbol.str()) << ", Table::" << tables.at(table.getAsString()->str())
        << "},\n";
  out << "};\nconstexpr std::string_view headerNames[] = {\n";
  for (const json::Value &macro : *member(abi, "dynruntime_names").getAsArray())
    out << "    " << quoted(*macro.getAsString()) << ",\n";
  out << "};\n} // namespace abi" << name << "\n\n";
}

static void writeDoc(raw_ostream &out, StringRef name, const json::Object &abi) {
  out << "## .mpy " << name << "\n\nMicroPython ";
  const json::Array &releases = *member(abi, "releases").getAsArray();
  out << *releases.front().getAsString() << " to " << *releases.back().getAsString() << ".\n\n"
      << "| entry | declaration | symbols |\n|---|---|---|\n";
  const std::map<std::string, int64_t> symbols = entrySymbols(abi);
  for (const json::Value &value : *member(abi, "fun_table").getAsArray()) {
    const json::Object &entry = *value.getAsObject();
    out << "| " << number(entry, "index") << " | `" << text(entry, "decl") << "` |";
    for (const auto &[symbol, index] : symbols)
      if (index == number(entry, "index"))
        out << " `" << symbol << "`";
    out << " |\n";
  }
  out << "\nMacros and functions of `py/dynruntime.h`:\n";
  for (const json::Value &macro : *member(abi, "dynruntime_names").getAsArray())
    out << "`" << *macro.getAsString() << "`\n";
}

static void writeStrings(raw_ostream &out, StringRef name, const json::Array *list) {
  out << "constexpr std::string_view " << name << "[] = {";
  if (list)
    for (const json::Value &value : *list)
      out << quoted(*value.getAsString()) << ", ";
  out << "\"\"};\n";
}

static void writeLibraries(raw_ostream &out, const json::Value &libraries) {
  std::string table;
  size_t i = 0;
  for (const json::Value &value : *libraries.getAsArray()) {
    const json::Object &library = *value.getAsObject();
    const std::string prefix = "library" + std::to_string(i++);
    writeStrings(out, prefix + "Prefixes", library.getArray("prefixes"));
    writeStrings(out, prefix + "Names", library.getArray("names"));
    writeStrings(out, prefix + "Suffixes", library.getArray("suffixes"));
    table += "    {{" + quoted(text(library, "library")) + ", " + quoted(text(library, "hint")) +
             "}, " + prefix + "Prefixes, " + prefix + "Names, " + prefix + "Suffixes, " +
             quoted(library.getString("arch").value_or("")) + "},\n";
  }
  out << "constexpr Library libraryTable[] = {\n" << table << "};\n\n";
}

static void writeReleases(raw_ostream &out, const json::Value &releases) {
  out << "constexpr Release releaseTable[] = {\n";
  for (const json::Value &value : *releases.getAsArray()) {
    const json::Object &row = *value.getAsObject();
    out << "    {" << quoted(text(row, "release")) << ", " << number(row, "version") << ", "
        << number(row, "sub_version") << "},\n";
  }
  out << "};\n\n";
}

/// The names of the entries: those of old versions are listed, those of ours come with the rest.
static void writeFunNames(raw_ostream &out, const std::string &folder, ArrayRef<char *> names) {
  std::string table;
  unsigned lists = 0;
  const auto begin = [&] {
    const std::string list = "funNames" + std::to_string(lists++);
    out << "constexpr std::string_view " << list << "[] = {\n";
    return list;
  };
  const auto add = [&](StringRef version, const std::string &list) {
    const auto [major, minor] = version.split('.');
    table += "    {" + major.str() + ", " + minor.str() + ", " + list + "},\n";
  };
  const json::Value old = load(folder + "/old_fun_tables.json");
  for (const json::Value &value : *old.getAsArray()) {
    const json::Object &row = *value.getAsObject();
    const std::string list = begin();
    for (const json::Value &name : *member(row, "names").getAsArray())
      out << "    " << quoted(*name.getAsString()) << ",\n";
    out << "};\n";
    for (const json::Value &version : *member(row, "versions").getAsArray())
      add(*version.getAsString(), list);
  }
  for (const char *name : names) {
    const json::Value abi = load(folder + "/" + name + ".json");
    const std::string list = begin();
    for (const json::Value &value : *member(*abi.getAsObject(), "fun_table").getAsArray())
      out << "    " << quoted(text(*value.getAsObject(), "name")) << ",\n";
    out << "};\n";
    add(name, list);
  }
  out << "constexpr FunNames funNamesTable[] = {\n" << table << "};\n\n";
}

static void writeTables(raw_ostream &out, const std::string &folder, ArrayRef<char *> names) {
  out << "// Generated by abigen from the JSON files in abi/.\n\n";
  writeArchs(out, load(folder + "/archs.json"));
  const json::Value escapes = load(folder + "/qstr_escapes.json");
  writeStaticQstrs(out, load(folder + "/static_qstrs.json"), *escapes.getAsObject());
  writeOpcodes(out, load(folder + "/opcodes.json"));
  writeReleases(out, load(folder + "/releases.json"));
  writeFunNames(out, folder, names);
  writeLibraries(out, load(folder + "/libraries.json"));
  std::string table;
  for (std::string name : names) {
    const json::Value value = load(folder + "/" + name + ".json");
    const json::Object &abi = *value.getAsObject();
    std::replace(name.begin(), name.end(), '.', '_');
    writeAbi(out, name, abi);
    const std::string scope = "abi" + name;
    table += "    {" + std::to_string(number(abi, "mpy_version")) + ", " +
             std::to_string(number(abi, "sub_version")) + ", " + scope + "::funTable, " + scope +
             "::entrySymbols, " + scope + "::tableSymbols, " + scope + "::headerNames},\n";
  }
  out << "constexpr Abi abiTable[] = {\n" << table << "};\n";
}

int main(int argc, char **argv) {
  const StringRef mode = argv[1];
  const std::string folder = argv[2];
  std::error_code error;
  raw_fd_ostream out(argv[3], error);
  exitOnError(errorCodeToError(error));
  const ArrayRef<char *> names(argv + 4, argv + argc);
  if (mode == "tables") {
    writeTables(out, folder, names);
    return 0;
  }
  out << "# What the firmware offers to modules\n\n"
         "Generated from `abi/`; a test compares. A native module reaches the firmware through "
         "one\n"
         "table, `mp_fun_table`. The headers in `abi/include` wrap it in the names that "
         "MicroPython's\n"
         "own sources use. The symbols in the last column are resolved by the linker itself, so "
         "code\n"
         "that declares them can use them without any header.\n\n";
  for (const char *name : names)
    writeDoc(out, name, *load(folder + "/" + name + ".json").getAsObject());
  return 0;
}
