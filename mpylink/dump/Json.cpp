// SPDX-License-Identifier: MIT
#include "dump/Json.h"

#include "abi/Abi.h"
#include "dump/Code.h"
#include "dump/Names.h"
#include "loader/Compatibility.h"
#include "loader/Verify.h"
#include "mpy/Fields.h"
#include "mpy/LoadCost.h"

#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

#include <functional>

namespace mpylink::dump {

using llvm::json::OStream;
using mpy::RawCode;

namespace {

/// JSON has no other strings.
std::string valid(std::string_view text) { return llvm::json::fixUTF8(text); }

class JsonView {
public:
  JsonView(const File &file, OStream &json) : file(file), module(file.module), json(json) {}

  void write() {
    json.object([&] {
      writeHeader();
      json.attributeArray("qstrs", [&] {
        for (const std::string &qstr : module.qstrs)
          json.value(valid(qstr));
      });
      writeObjects(module.objects);
      json.attributeObject("code", [&] { writeRawCode(module.code); });
      writeMemory();
      writeFields();
      json.attributeArray("problems", [&] {
        for (const loader::Problem &problem : loader::verify(module))
          json.value(valid((problem.place.empty() ? "" : problem.place + ": ") + problem.text));
      });
      json.attributeArray("refusals", [&] {
        for (const std::string &refusal : loader::refusals(module))
          json.value(refusal);
      });
    });
  }

private:
  void number(llvm::StringRef name, uint64_t value) {
    json.attribute(name, static_cast<int64_t>(value));
  }

  void writeHeader() {
    const abi::ArchInfo *arch = abi::findArch(module.arch);
    json.attribute("file", valid(file.name));
    number("size", file.bytes.size());
    number("version", module.version);
    if (module.version == 6)
      number("subVersion", module.subVersion);
    json.attribute("releases", loader::releasesThatLoad(module));
    json.attribute("architecture", std::string(arch->name));
    number("wordSize", arch->wordSize);
    if (module.hasArchFlags)
      number("archFlags", module.archFlags);
    number("smallIntBits", module.smallIntBits);
    if (module.version == 5) {
      json.attribute("cacheBytes", (module.features & mpy::featureMapCache) != 0);
      json.attribute("unicode", (module.features & mpy::featureUnicode) != 0);
      number("qstrWindow", module.qstrWindow);
    }
  }

  void writeObjects(const std::vector<mpy::Object> &objects) {
    json.attributeArray("objects", [&] {
      for (const mpy::Object &object : objects)
        json.object([&] {
          json.attribute("kind", std::string(objectKindName(object.kind)));
          json.attribute("text", objectText(object));
        });
    });
  }

  void writeRawCode(const RawCode &raw) {
    const std::string place = loader::placeName(path);
    json.attribute("place", place);
    json.attribute("kind", std::string(kindName(raw.kind)));
    number("size", raw.code.size());
    writeFunction(raw);
    const mpy::Fields fields = mpy::fieldsOf(raw.kind, raw.scopeFlags);
    if (fields.scopeFlags)
      number("scopeFlags", raw.scopeFlags);
    if (fields.rodata)
      number("rodata", raw.rodata.size());
    if (fields.bss)
      number("bss", raw.bssSize);
    if (fields.signature) {
      number("positional", raw.positionalArgs);
      number("typeSignature", raw.typeSignature);
    }
    writeRelocs(raw);
    if (module.version == 5)
      writeObjects(raw.objects);
    json.attributeArray("instructions", [&] {
      for (const CodeLine &line : codeLines(file, raw, place))
        json.object([&] { writeLine(line); });
    });
    json.attributeArray("children", [&] {
      for (size_t i = 0; i < raw.children.size(); ++i) {
        path.push_back(i);
        json.object([&] { writeRawCode(raw.children[i]); });
        path.pop_back();
      }
    });
  }

  void writeFunction(const RawCode &raw) {
    const std::optional<FunctionFacts> facts = functionFacts(module, raw);
    if (!facts)
      return;
    json.attribute("name", valid(facts->name));
    if (!facts->sourceFile.empty())
      json.attribute("sourceFile", valid(facts->sourceFile));
    json.attributeArray("arguments", [&] {
      for (const std::string &name : facts->arguments)
        json.value(valid(name));
    });
    number("positional", facts->positional);
    number("keywordOnly", facts->keywordOnly);
    number("defaults", facts->defaults);
    number("states", facts->states);
    number("exceptions", facts->exceptions);
    number("cells", facts->cells);
    json.attributeArray("flags", [&] {
      for (const std::string &flag : facts->flags)
        json.value(flag);
    });
  }

  void writeRelocs(const RawCode &raw) {
    const unsigned word = wordSize(module);
    json.attributeArray("relocations", [&] {
      for (const mpy::Reloc &reloc : raw.relocs) {
        const ByteView block = reloc.place == mpy::Segment::Rodata ? raw.rodata : raw.code;
        const size_t offset = size_t{reloc.word} * word;
        const uint64_t addend = readUint(block.subspan(offset, word));
        json.object([&] {
          json.attribute("place", std::string(segmentName(reloc.place)));
          number("offset", offset);
          json.attribute("dest", destName(module, reloc));
          number("addend", addend);
          json.attribute("text", relocatedText(module, reloc, addend));
        });
      }
    });
    if (raw.qstrLinks.empty())
      return;
    json.attributeArray("qstrLinks", [&] {
      for (const mpy::QstrLink &link : raw.qstrLinks)
        json.object([&] {
          number("offset", link.offset);
          number("kind", static_cast<uint64_t>(link.kind));
          number("qstr", link.qstr);
        });
    });
  }

  void writeLine(const CodeLine &line) {
    number("offset", line.offset);
    number("size", line.size);
    if (line.sourceLine)
      number("line", *line.sourceLine);
    if (!line.label.empty())
      json.attribute("label", valid(line.label));
    json.attribute("name", line.name);
    json.attribute("operand", valid(line.operand));
    json.attribute("comment", valid(line.comment));
  }

  void writeMemory() {
    json.attributeArray("memory", [&] {
      for (const abi::ArchInfo *arch : costArchs(module)) {
        const mpy::LoadCost cost = mpy::loadCost(module, *arch);
        json.object([&] {
          number("wordSize", arch->wordSize);
          number("code", cost.code);
          number("executable", cost.executable);
          number("data", cost.data);
          number("tables", cost.tables);
          number("records", cost.records);
          number("passing", cost.passing);
          number("heap", cost.heap());
          number("total", cost.total());
        });
      }
    });
  }

  void writeFields() {
    json.attributeArray("fields", [&] {
      for (const mpy::Field &field : file.trace)
        json.object([&] {
          number("offset", field.offset);
          number("size", field.size);
          number("depth", field.depth);
          json.attribute("name", field.name);
          if (field.kind == mpy::FieldKind::Number)
            number("value", field.value);
        });
    });
  }

  const File &file;
  const mpy::Module &module;
  OStream &json;
  std::vector<size_t> path;
};

} // namespace

std::string toJson(const std::vector<File> &files) {
  std::string text;
  llvm::raw_string_ostream out(text);
  OStream json(out, 1);
  json.array([&] {
    for (const File &file : files)
      JsonView(file, json).write();
  });
  return text + "\n";
}

} // namespace mpylink::dump
