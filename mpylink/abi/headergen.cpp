// SPDX-License-Identifier: MIT
// Build-time tool: turns abi/<version>.json into the header of that ABI for module authors,
// abi/include/mpylink/abi_*.h. The output is checked in; a test makes it again and compares.
// Usage: headergen <abi json> <static qstrs json> <output>
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/WithColor.h"
#include "llvm/Support/raw_ostream.h"

#include <string>
#include <vector>

using namespace llvm;

static ExitOnError exitOnError("headergen: ");

[[noreturn]] static void fail(const Twine &message) {
  exitOnError(createStringError(message));
  llvm_unreachable("exitOnError returns for success only");
}

static json::Value load(StringRef path) {
  auto buffer = exitOnError(errorOrToExpected(MemoryBuffer::getFile(path)));
  return exitOnError(json::parse(buffer->getBuffer()));
}

/// A member that must exist: a hole in the data is a bug of the data, found at build time.
static const json::Value &member(const json::Object &object, StringRef key) {
  if (const json::Value *value = object.get(key))
    return *value;
  fail("missing field '" + key + "'");
}

static const json::Object &objectAt(const json::Object &object, StringRef key) {
  return *member(object, key).getAsObject();
}

static std::string text(const json::Object &object, StringRef key) {
  return member(object, key).getAsString()->str();
}

/// Keys in the order of the numbers they stand for; json::Object itself has no order.
static std::vector<std::pair<int64_t, std::string>> byValue(const json::Object &numbers) {
  std::vector<std::pair<int64_t, std::string>> result;
  for (const auto &[name, value] : numbers)
    result.push_back({*value.getAsInteger(), name.str()});
  sort(result);
  return result;
}

static std::vector<std::string> sortedKeys(const json::Object &object) {
  std::vector<std::string> result;
  for (const auto &[name, value] : object)
    result.push_back(name.str());
  sort(result);
  return result;
}

static void heading(raw_ostream &out, StringRef title) {
  out << "\n/*" << std::string(96, '-') << "*/\n// " << title << "\n\n";
}

/// A declaration of `name` from a type as the data spells it: "void *[3]", "int (*)(char)".
static std::string declare(std::string type, StringRef name) {
  for (size_t at; (at = type.find("_Bool")) != std::string::npos;)
    type.replace(at, 5, "bool");
  if (const size_t at = type.find("(*)"); at != std::string::npos)
    return type.insert(at + 2, name.str());
  if (const size_t at = type.find('['); at != std::string::npos) {
    // ISO C++ has no arrays without a length, and no standard has arrays of length 0.
    const std::string length = type.substr(at),
                      element = StringRef(type).take_front(at).rtrim().str();
    const bool open = length == "[]" || length == "[0]";
    return (open ? "__extension__ " : "") + declare(element, name) + (open ? "[]" : length);
  }
  return type + (type.back() == '*' ? "" : " ") + name.str();
}

static void writeVersion(raw_ostream &out, const json::Object &abi) {
  heading(out, "Version. MICROPY_VERSION is the first release with this ABI.");
  const StringRef first = *member(abi, "releases").getAsArray()->front().getAsString();
  SmallVector<StringRef> parts;
  first.drop_front().split(parts, '.');
  out << "#define MPY_VERSION " << *member(abi, "mpy_version").getAsInteger()
      << "\n#define MPY_SUB_VERSION " << *member(abi, "sub_version").getAsInteger()
      << "\n#define MICROPY_VERSION_MAJOR " << parts[0] << "\n#define MICROPY_VERSION_MINOR "
      << parts[1] << "\n#define MICROPY_VERSION_MICRO " << parts[2]
      << "\n#define MICROPY_MAKE_VERSION(major, minor, patch) (major << 16 | minor << 8 | patch)\n"
         "#define MICROPY_VERSION                                                  \\\n"
         "  MICROPY_MAKE_VERSION(MICROPY_VERSION_MAJOR, MICROPY_VERSION_MINOR,     \\\n"
         "                       MICROPY_VERSION_MICRO)\n";
}

static void writeStaticQstrs(raw_ostream &out, const json::Array &qstrs) {
  heading(out, "The strings every firmware numbers alike, for sources without a config header.");
  out << "#ifndef MP_CONFIGFILE\n";
  for (const auto &[index, value] : enumerate(qstrs)) {
    const StringRef qstr = *value.getAsString();
    if (all_of(qstr, [](char c) { return isAlnum(c) || c == '_'; }))
      out << "#define MP_QSTR_" << qstr << " (" << index + 1 << ")\n";
  }
  out << "#endif\n";
}

static void writeConstant(raw_ostream &out, StringRef name, int64_t value) {
  out << "#define " << name << ' ';
  if (value < 0)
    out << "((mp_uint_t)" << value << ")\n";
  else
    out << value << '\n';
}

/// Error numbers: MicroPython's own, or those of the C library where a port takes them from there.
static void writeErrors(raw_ostream &out, const json::Object &errors) {
  heading(out,
          "Error numbers. Windowed Xtensa firmwares take them from the C library, others have\n"
          "// their own; MICROPY_USE_INTERNAL_ERRNO overrides that.");
  out << "#ifndef MICROPY_USE_INTERNAL_ERRNO\n#ifdef __XTENSA_WINDOWED_ABI__\n"
         "#define MICROPY_USE_INTERNAL_ERRNO 0\n#else\n#define MICROPY_USE_INTERNAL_ERRNO 1\n"
         "#endif\n#endif\n\n#if MICROPY_USE_INTERNAL_ERRNO\n";
  for (const auto &[value, name] : byValue(errors))
    writeConstant(out, name, value);
  out << "#else\n#include <errno.h>\n";
  for (const auto &[value, name] : byValue(errors))
    out << "#define " << name << ' ' << StringRef(name).drop_front(3) << '\n';
  out << "#endif\n";
}

static void writeConstants(raw_ostream &out, const json::Object &constants) {
  heading(out, "Constants");
  for (const std::string &group : sortedKeys(constants)) {
    if (const auto value = constants.getInteger(group))
      writeConstant(out, group, *value);
    else if (group != "MP_E" && isUpper(group[0])) // lower case: for tools, no names of the C API
      for (const auto &[value, name] : byValue(objectAt(constants, group)))
        writeConstant(out, name, value);
  }
  writeErrors(out, objectAt(constants, "MP_E"));
}

static void writeEnums(raw_ostream &out, const json::Object &enums) {
  heading(out, "Enumerations");
  for (const std::string &name : sortedKeys(enums)) {
    const bool isType = StringRef(name).ends_with("_t");
    out << (isType ? "typedef enum {\n" : "enum {\n");
    for (const auto &[value, enumerator] : byValue(objectAt(enums, name)))
      out << "  " << enumerator << " = " << value << ",\n";
    out << "}" << (isType ? " " + name : "") << ";\n\n";
  }
}

class StructWriter {
public:
  StructWriter(raw_ostream &out, const json::Object &structs) : out(out), structs(structs) {}

  /// `typedef struct _name name;` for all, so that pointers to them can be spelt.
  void writeForward() {
    for (const std::string &name : sortedKeys(structs))
      if (tag(name) != name) // a tag that is no typedef stays one: it is named with `struct`
        out << "typedef " << kind(name) << ' ' << tag(name) << ' ' << name << ";\n";
  }

  void writeAll() {
    for (const std::string &name : sortedKeys(structs))
      write(name);
  }

private:
  std::string tag(const std::string &name) {
    return objectAt(structs, name).getString("tag").value_or("_" + name).str();
  }
  std::string kind(const std::string &name) { return text(objectAt(structs, name), "kind"); }

  /// The structs a struct holds by value come first.
  void write(const std::string &name) {
    if (!structs.get(name) || !written.insert(name).second)
      return;
    const json::Object &record = objectAt(structs, name);
    const json::Array &fields = *member(record, "fields").getAsArray();
    for (const json::Value &field : fields)
      write(StringRef(text(*field.getAsObject(), "type")).split(' ').first.str());
    for (const json::Value &field : fields)
      if (field.getAsObject()->get("fields"))
        writeUnion(name, *field.getAsObject());
    out << kind(name) << ' ' << tag(name) << " {\n";
    for (const json::Value &field : fields)
      out << "  " << fieldText(name, record, *field.getAsObject()) << ";\n";
    out << "};\n\n";
  }

  static std::string unionName(const std::string &record, const json::Object &field) {
    return "mpy_" + record + "_" + text(field, "name");
  }

  /// A union inside a struct gets a name, and in C++ a constructor for each of its types: C++17 has
  /// no other way to initialise any member but the first.
  void writeUnion(const std::string &record, const json::Object &field) {
    const std::string name = unionName(record, field);
    const json::Array &members = *member(field, "fields").getAsArray();
    out << "union " << name << " {\n";
    for (const json::Value &value : members)
      out << "  " << declare(text(*value.getAsObject(), "type"), text(*value.getAsObject(), "name"))
          << ";\n";
    out << "#ifdef __cplusplus\n  " << name << "() = default;\n";
    for (const json::Value &value : members)
      out << "  constexpr " << name << "(" << declare(text(*value.getAsObject(), "type"), "value")
          << ") : " << text(*value.getAsObject(), "name") << "(value) {}\n";
    out << "#endif\n};\n\n";
  }

  std::string fieldText(const std::string &name, const json::Object &record,
                        const json::Object &field) {
    const std::string fieldName = text(field, "name");
    if (field.get("fields"))
      return "union " + unionName(name, field) + ' ' + fieldName;
    if (const json::Object *bits = field.getObject("bit_size"))
      return declare(text(field, "type"), fieldName) + " : " + bitCount(*bits);
    std::string type = text(field, "type");
    if (const json::Object *capacity = record.getObject("capacity"))
      if (const auto length = capacity->getInteger(fieldName))
        type = type.substr(0, type.find('[')) + "[" + std::to_string(*length) + "]";
    return declare(type, fieldName);
  }

  /// A bit count that is right for both word sizes.
  static std::string bitCount(const json::Object &bits) {
    const int64_t wide = *bits.getInteger("lp64"), narrow = *bits.getInteger("ilp32");
    if (wide == narrow)
      return std::to_string(wide);
    if (wide == 2 * narrow)
      return formatv("(8 * sizeof(size_t) / {0})", 64 / wide);
    if (wide - narrow == 32)
      return formatv("(8 * sizeof(size_t) - {0})", 64 - wide);
    fail("bit field of " + Twine(wide) + " and " + Twine(narrow) + " bits");
  }

  raw_ostream &out;
  const json::Object &structs;
  StringSet<> written;
};

static void writeTypedefs(raw_ostream &out, const json::Object &typedefs) {
  // A typedef comes after those whose names it holds.
  StringSet<> written;
  const std::vector<std::string> names = sortedKeys(typedefs);
  const auto write = [&](const auto &self, const std::string &name) -> void {
    if (!written.insert(name).second)
      return;
    const std::string declaration = text(typedefs, name);
    SmallVector<StringRef> words;
    SplitString(declaration, words, " ,()*");
    for (StringRef word : words)
      if (word != name && typedefs.get(word))
        self(self, word.str());
    out << declaration << ";\n";
  };
  for (const std::string &name : names)
    write(write, name);
}

static void writeFunTable(raw_ostream &out, const json::Array &rows, const json::Object &symbols) {
  heading(out, "The function table: everything a module can reach in the firmware.");
  out << "typedef struct _mp_fun_table_t {\n";
  for (const json::Value &value : rows) {
    const json::Object &row = *value.getAsObject();
    out << "  " << (row.getBoolean("noreturn").value_or(false) ? "MP_NORETURN " : "")
        << text(row, "decl") << ";\n";
  }
  out << "} mp_fun_table_t;\n\nextern const mp_fun_table_t mp_fun_table;\n\n"
         "// Objects of the firmware that the linker knows by name.\n";
  for (const auto &[index, symbol] : byValue(symbols)) {
    const std::string decl = text(*rows[index].getAsObject(), "decl");
    const std::string kind = text(*rows[index].getAsObject(), "kind");
    const StringRef pointee = StringRef(decl).rsplit('*').first;
    if (kind != "function" && kind != "raw_pointer")
      out << "extern " << pointee << symbol << ";\n";
  }
}

/// The table entries that are an API function or object as they stand, under the API's name.
static void writeApi(raw_ostream &out, const json::Array &rows) {
  heading(out, "Table entries under their names in MicroPython's C API.");
  for (const json::Value &value : rows) {
    const json::Object &row = *value.getAsObject();
    const auto api = row.getString("api");
    if (!api)
      continue;
    const std::string name = text(row, "name"), kind = text(row, "kind"), decl = text(row, "decl");
    if (kind == "object") {
      out << "#define " << *api << " ((mp_obj_t)mp_fun_table." << name << ")\n";
      continue;
    }
    if (kind != "function") {
      out << "#define " << *api << " (*mp_fun_table." << name << ")\n";
      continue;
    }
    const auto [result, rest] = StringRef(decl).split("(*" + name + ")(");
    const StringRef params = rest.drop_back();
    std::string args;
    SmallVector<StringRef> list;
    if (params != "void")
      params.split(list, ", ");
    for (StringRef param : list)
      args += (args.empty() ? "" : ", ") + param.drop_front(param.find_last_of(" *") + 1).str();
    out << (row.getBoolean("noreturn").value_or(false) ? "MP_NORETURN " : "") << "MPY_INLINE "
        << result << *api << '(' << params << ") {\n  " << (result == "void " ? "" : "return ")
        << "mp_fun_table." << name << '(' << args << ");\n}\n";
  }
}

/// What MicroPython declares and no firmware exports. A module may define it, and one that uses it
/// without gets the linker's advice.
static void writeDeclared(raw_ostream &out, const json::Object &abi) {
  heading(out,
          "Declared by MicroPython, but not in the table: a module that uses one of these has\n"
          "// to define it.");
  std::string floats;
  for (const json::Value &value : *member(abi, "declared_functions").getAsArray()) {
    const StringRef prototype = *value.getAsString();
    if (prototype.contains("mp_float_t"))
      floats += (prototype + ";\n").str();
    else
      out << prototype << ";\n";
  }
  out << "#if MICROPY_PY_BUILTINS_FLOAT\n" << floats << "#endif\n\n";
  for (const json::Value &value : *member(abi, "declared_types").getAsArray())
    out << "extern const mp_obj_type_t " << *value.getAsString() << ";\n";
}

static std::string header(const json::Object &abi, const json::Array &qstrs, StringRef source) {
  std::string result;
  raw_string_ostream out(result);
  const std::string guard =
      formatv("MPYLINK_ABI_{0}_{1}_H", *member(abi, "mpy_version").getAsInteger(),
              *member(abi, "sub_version").getAsInteger());
  out << "// SPDX-License-Identifier: MIT\n// Generated by headergen from abi/" << source
      << " and abi/static_qstrs.json; change those.\n"
         "// clang-format off\n#ifndef "
      << guard << "\n#define " << guard << "\n\n#include \"mpylink/mpy_config.h\"\n";
  const json::Array &rows = *member(abi, "fun_table").getAsArray();
  writeVersion(out, abi);
  writeStaticQstrs(out, qstrs);
  writeConstants(out, objectAt(abi, "constants"));
  out << "\nMPY_BEGIN_C\n";
  writeEnums(out, objectAt(abi, "enums"));
  heading(out, "Types");
  StructWriter structs(out, objectAt(abi, "structs"));
  structs.writeForward();
  out << '\n';
  writeTypedefs(out, objectAt(abi, "typedefs"));
  heading(out, "Structs, laid out as in the firmware.");
  out << "#if defined(__cplusplus) && defined(__clang__)\n#pragma clang diagnostic push\n"
         "#pragma clang diagnostic ignored \"-Wc99-extensions\" // arrays without a length\n"
         "#endif\n\n";
  structs.writeAll();
  out << "#if defined(__cplusplus) && defined(__clang__)\n#pragma clang diagnostic pop\n#endif\n";
  writeFunTable(out, rows, objectAt(abi, "linker_symbols"));
  writeApi(out, rows);
  writeDeclared(out, abi);
  out << "\nMPY_END_C\n\n#endif\n";
  return result;
}

int main(int argc, char **argv) {
  if (argc != 4)
    fail("usage: headergen <abi json> <static qstrs json> <output>");
  const json::Value abi = load(argv[1]), qstrs = load(argv[2]);
  std::error_code error;
  raw_fd_ostream out(argv[3], error);
  exitOnError(errorCodeToError(error));
  out << header(*abi.getAsObject(), *qstrs.getAsArray(), sys::path::filename(argv[1]));
  return 0;
}
