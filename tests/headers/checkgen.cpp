// SPDX-License-Identifier: MIT
// Test tool: writes a C file that fails to compile when the headers in abi/include do not say what
// abi/<version>.json says. It uses the offsets, sizes and values of the data; headergen uses none
// of the offsets and sizes, so the two check each other.
// Usage: checkgen <abi json> <static qstrs json> <output>   (C11 or C++17; C also checks types)
//        checkgen names <abi json> <source>                 fails when a name is not in the source
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/WithColor.h"
#include "llvm/Support/raw_ostream.h"

#include <string>

using namespace llvm;

static ExitOnError exitOnError("checkgen: ");

static std::string read(StringRef path) {
  return exitOnError(errorOrToExpected(MemoryBuffer::getFile(path)))->getBuffer().str();
}

static json::Value load(StringRef path) { return exitOnError(json::parse(read(path))); }

static void check(raw_ostream &out, const Twine &condition) {
  out << "MP_STATIC_ASSERT(" << condition << ");\n";
}

/// A data model of the JSON: which sizes and offsets count, and how wide a word is.
struct Model {
  StringRef name;
  unsigned wordBits;
};

static int64_t in(const json::Object &field, StringRef key, Model model) {
  return *field.getObject(key)->getInteger(model.name);
}

static std::string spelled(StringRef name, const json::Object &record) {
  const auto tag = record.getString("tag");
  return tag ? ("struct " + *tag).str() : name.str();
}

/// Sets one bit field to all ones in a zeroed struct and compares the struct's words. The compiler
/// folds that; if a field lies elsewhere, the call of a function marked as an error remains.
static void checkBits(raw_ostream &out, StringRef type, StringRef field, int64_t offset,
                      int64_t size, Model model) {
  out << formatv("void bits_of_{0}_{1}(void) {{\n"
                 "  union {{\n    {0} record;\n    size_t words[sizeof({0}) / sizeof(size_t)];\n"
                 "  } u;\n"
                 "  const size_t ones = (size_t)-1 >> ({2} - {3});\n"
                 "  for (size_t i = 0; i < MP_ARRAY_SIZE(u.words); ++i)\n    u.words[i] = 0;\n"
                 "  u.record.{1} = ones;\n"
                 "  for (size_t i = 0; i < MP_ARRAY_SIZE(u.words); ++i)\n"
                 "    if (u.words[i] != (i == {4} ? ones << {5} : 0))\n"
                 "      bit_field_has_moved();\n}\n",
                 type, field, model.wordBits, size, offset / model.wordBits,
                 offset % model.wordBits);
}

static void checkStruct(raw_ostream &out, StringRef name, const json::Object &record, Model model) {
  const std::string type = spelled(name, record);
  if (record.get("capacity")) {
    // The module reserves room for the largest firmware.
    int64_t largest = in(record, "size", model);
    if (const json::Object *others = record.getObject("size_differs_on"))
      for (const auto &[arch, size] : *others)
        largest = std::max(largest, *size.getAsInteger());
    check(out, formatv("sizeof({0}) >= {1}", type, largest));
  } else {
    check(out, formatv("sizeof({0}) == {1}", type, in(record, "size", model)));
  }
  for (const json::Value &value : *record.getArray("fields")) {
    const json::Object &field = *value.getAsObject();
    const StringRef fieldName = *field.getString("name");
    if (field.get("bit_size")) {
      checkBits(out, type, fieldName, in(field, "bit_offset", model), in(field, "bit_size", model),
                model);
      continue;
    }
    check(out, formatv("offsetof({0}, {1}) == {2}", type, fieldName, in(field, "offset", model)));
    if (const int64_t size = in(field, "size", model); size != 0 && !record.get("capacity"))
      check(out, formatv("sizeof((({0} *)0)->{1}) == {2}", type, fieldName, size));
    if (const json::Array *members = field.getArray("fields"))
      for (const json::Value &member : *members)
        check(out, formatv("offsetof({0}, {1}.{2}) == {3}", type, fieldName,
                           *member.getAsObject()->getString("name"), in(field, "offset", model)));
  }
}

static void checkValues(raw_ostream &out, const json::Object &groups) {
  for (const auto &[group, value] : groups) {
    if (const auto number = value.getAsInteger())
      check(out, formatv("{0} == {1}", group.str(), *number));
    else if (isUpper(group.str()[0]) || StringRef(group).starts_with("mp_"))
      for (const auto &[name, number] : *value.getAsObject())
        check(out, formatv(*number.getAsInteger() < 0 ? "{0} == (mp_uint_t){1}" : "{0} == {1}",
                           name.str(), *number.getAsInteger()));
  }
}

static void checkFunTable(raw_ostream &out, const json::Object &abi) {
  const json::Array &rows = *abi.getArray("fun_table");
  check(out, formatv("sizeof(mp_fun_table_t) == {0} * sizeof(void *)", rows.size()));
  for (const json::Value &value : rows) {
    const json::Object &row = *value.getAsObject();
    const StringRef name = *row.getString("name");
    check(out, formatv("offsetof(mp_fun_table_t, {0}) == {1} * sizeof(void *)", name,
                       *row.getInteger("index")));
    // `decl` made the header, `type` comes from the firmware's debug information. va_list has
    // another type on each architecture.
    std::string member = row.getString("type")->str();
    if (member.find("__va_list_tag") != std::string::npos)
      continue;
    const size_t pointer = member.find("(*)");
    member.insert(pointer == std::string::npos ? member.size() : pointer + 2, " member");
    out << formatv("#ifndef __cplusplus\nstruct type_of_{0} {{ {1}{2}; };\n"
                   "MP_STATIC_ASSERT(__builtin_types_compatible_p("
                   "__typeof__(((mp_fun_table_t *)0)->{0}), "
                   "__typeof__(((struct type_of_{0} *)0)->member)));\n#endif\n",
                   name, row.getBoolean("noreturn").value_or(false) ? "MP_NORETURN " : "", member);
  }
}

/// Every name exists, as a macro or as something that can be named.
static void checkNames(raw_ostream &out, const json::Array &names) {
  for (const json::Value &value : names) {
    const StringRef name = *value.getAsString();
    out << "#ifndef " << name << "\nvoid has_" << name << "(void) { (void)" << name << "; }\n"
        << "#endif\n";
  }
}

static void writeChecks(raw_ostream &out, const json::Object &abi, const json::Array &qstrs) {
  out << "#include \"py/dynruntime.h\"\n"
         "#ifdef __cplusplus\nextern \"C\"\n#endif\n"
         "void bit_field_has_moved(void) __attribute__((error(\"a bit field has moved\")));\n";
  checkValues(out, *abi.getObject("enums"));
  checkValues(out, *abi.getObject("constants"));
  checkFunTable(out, abi);
  for (const auto &[index, value] : enumerate(qstrs))
    if (const StringRef q = *value.getAsString(); all_of(q, isAlnum))
      check(out, formatv("MP_QSTR_{0} == {1}", q, index + 1));
  for (const Model model : {Model{"lp64", 64}, Model{"ilp32", 32}}) {
    out << "#if UINTPTR_MAX == UINT" << model.wordBits << "_MAX\n";
    for (const auto &[name, record] : *abi.getObject("structs"))
      checkStruct(out, name, *record.getAsObject(), model);
    out << "#endif\n";
  }
  checkNames(out, *abi.getArray("dynruntime_names"));
}

static int findNames(const json::Array &names, StringRef source) {
  StringSet<> words;
  for (size_t at = 0; at < source.size();) {
    const StringRef word =
        source.substr(at).take_while([](char c) { return isAlnum(c) || c == '_'; });
    words.insert(word);
    at += std::max<size_t>(word.size(), 1);
  }
  int missing = 0;
  for (const json::Value &name : names)
    if (!words.contains(*name.getAsString())) {
      WithColor::error(errs(), "checkgen") << *name.getAsString() << " is not used\n";
      ++missing;
    }
  return missing != 0;
}

int main(int argc, char **argv) {
  if (argc != 4)
    exitOnError(createStringError("three arguments expected"));
  if (StringRef(argv[1]) == "names") {
    const json::Value abi = load(argv[2]);
    return findNames(*abi.getAsObject()->getArray("dynruntime_names"), read(argv[3]));
  }
  const json::Value abi = load(argv[1]), qstrs = load(argv[2]);
  std::error_code error;
  raw_fd_ostream out(argv[3], error);
  exitOnError(errorCodeToError(error));
  writeChecks(out, *abi.getAsObject(), *qstrs.getAsArray());
  return 0;
}
