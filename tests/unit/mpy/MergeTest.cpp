// SPDX-License-Identifier: MIT
#include "mpy/Merge.h"

#include "Samples.h"
#include "mpy/Bytecode.h"
#include "mpy/Prelude.h"
#include "mpy/Reader.h"
#include "mpy/Writer.h"

#include <catch2/catch.hpp>

using namespace mpylink;
using namespace mpylink::mpy;

namespace {

Module read(const Bytes &file) {
  Result<Module> module = mpy::read(file);
  REQUIRE(module);
  return *module;
}

std::vector<MergeInput> named(std::vector<Module> modules) {
  std::vector<MergeInput> inputs;
  for (Module &module : modules)
    inputs.push_back(
        {std::string(1, static_cast<char>('a' + inputs.size() % 26)) + ".mpy", std::move(module)});
  return inputs;
}

/// A good merge, whose file gives it again.
Module merged(std::vector<Module> modules, const std::string &sourceName = "") {
  Diag diag;
  const std::optional<Module> result = merge(named(std::move(modules)), sourceName, diag);
  for (const Diagnostic &diagnostic : diag.all())
    UNSCOPED_INFO(render("merge", diagnostic));
  REQUIRE(result);
  REQUIRE(diag.all().empty());
  const Bytes file = write(*result);
  REQUIRE(write(read(file)) == file);
  // Version 5 spells some names again, which are then different ones in the model.
  if (result->version == 6)
    REQUIRE(read(file) == *result);
  return *result;
}

std::string problem(std::vector<Module> modules) {
  Diag diag;
  REQUIRE(!merge(named(std::move(modules)), "", diag));
  std::string text;
  for (const Diagnostic &diagnostic : diag.all())
    text += render("merge", diagnostic);
  return text;
}

/// A function that loads each name and object: LOAD_NAME and LOAD_CONST_OBJ.
Module loads(std::vector<std::string> names, std::vector<std::string> objects = {}) {
  Module module;
  module.subVersion = 0;
  module.qstrs = std::move(names);
  module.code.kind = CodeKind::Bytecode;
  module.code.code = {0, 2, 0};
  for (size_t i = 1; i < module.qstrs.size(); ++i)
    module.code.code.insert(module.code.code.end(), {0x11, static_cast<uint8_t>(i)});
  for (size_t i = 0; i < objects.size(); ++i) {
    module.objects.push_back({ObjectKind::Str, objects[i], {}});
    module.code.code.insert(module.code.code.end(), {0x23, static_cast<uint8_t>(i)});
  }
  return module;
}

/// What the instructions of a child load.
std::string loaded(const Module &module, size_t child) {
  const Bytes &code = module.code.children.at(child).code;
  const Result<Prelude> prelude = readPrelude(code, 0, module.version);
  REQUIRE(prelude);
  std::string text = module.qstrs.at(prelude->simpleName) + ":";
  for (size_t at = prelude->codeStart; at < code.size();) {
    const Result<Instruction> instruction = readInstruction(code, at, BytecodeForm::of(module));
    REQUIRE(instruction);
    const auto operand = static_cast<size_t>(instruction->operand);
    text += " " + (code[at] == 0x11   ? module.qstrs.at(operand)
                   : code[at] == 0x23 ? "'" + module.objects.at(operand).text + "'"
                                      : std::string(instruction->opcode->name));
    at += instruction->size;
  }
  return text;
}

Module native(std::vector<std::string> names) {
  Module module = read(samples::native());
  module.qstrs = std::move(names);
  return module;
}

} // namespace

TEST_CASE("names and objects of merged bytecode are shared", "[mpy][merge]") {
  const Module all =
      merged({loads({"one.py", "x", "y"}, {"s", "t"}),
              loads({"two.py", "y", "z", "x"}, {"t", "s", "u"}), loads({"three.py"})});
  CHECK(all.qstrs ==
        std::vector<std::string>{"one.py", "x", "y", "two.py", "z", "three.py", "<module>"});
  CHECK(all.objects.size() == 3);
  CHECK(loaded(all, 0) == "one.py: x y 's' 't'");
  CHECK(loaded(all, 1) == "two.py: y z x 't' 's' 'u'");
  CHECK(loaded(all, 2) == "three.py:");
  CHECK(all.code.code == Bytes{0,    2, 6,    0x32, 0, 0x34, 0, 0x59, 0x32, 1,
                               0x34, 0, 0x59, 0x32, 2, 0x34, 0, 0x59, 0x51, 0x63});
  CHECK(all.arch == 0);
  CHECK(all.subVersion == 0);
}

TEST_CASE("machine code keeps its numbers wherever it is", "[mpy][merge]") {
  const Module code = native({"n.mpy", "answer"});
  const Module all = merged({loads({"one.py", "x"}), code, loads({"two.py", "answer"})});
  CHECK(all.qstrs == std::vector<std::string>{"one.py", "answer", "x", "two.py", "<module>"});
  CHECK(loaded(all, 0) == "one.py: x");
  CHECK(all.code.children[1] == code.code);
  CHECK(loaded(all, 2) == "two.py: answer");
  CHECK(all.arch == code.arch);
  CHECK(all.subVersion == 3);
  CHECK(merged({code, loads({"one.py"})}, "given.py").qstrs.front() == "given.py");
  CHECK(merged({code, code}).qstrs == std::vector<std::string>{"n.mpy", "answer", "<module>"});
}

TEST_CASE("machine code of Python functions keeps the source file", "[mpy][merge]") {
  const Module code = read(samples::mixed());
  const Module all = merged({loads({"one.py", "x"}), code}, "given.py");
  CHECK(std::equal(code.qstrs.begin(), code.qstrs.end(), all.qstrs.begin()));
  CHECK(all.code.children[1] == code.code);
  CHECK(loaded(all, 0) == "one.py: x");
}

TEST_CASE("two modules of machine code", "[mpy][merge]") {
  // One has more names than the other, and the bytecode is between them.
  const Module all = merged({native({"a", "x"}), loads({"b.py", "z"}), native({"c", "x", "y"})});
  CHECK(all.qstrs == std::vector<std::string>{"b.py", "x", "y", "z", "<module>"});
  CHECK(problem({native({"a", "x"}), loads({"b.py"}), native({"c", "y"})}) ==
        "merge: error: c.mpy: the file has machine code with other numbers of names than that of "
        "a.mpy [cannot-merge]\n"
        ">>> hint: link the objects of both together, or compile both with one -qstrs header\n");
}

TEST_CASE("headers of merged files are compared and combined", "[mpy][merge]") {
  Module small = loads({"a.py"}), large = loads({"b.py"});
  large.smallIntBits = 63;
  CHECK(merged({small, large}).smallIntBits == 63);
  CHECK(merged({large, small}).smallIntBits == 63);
  Module flags = read(samples::riscvFlags()), plain = flags;
  plain.hasArchFlags = false;
  plain.archFlags = 0;
  CHECK(merged({plain, flags}).archFlags == flags.archFlags);
  CHECK(merged({plain, flags}).hasArchFlags);

  CHECK(problem({loads({"a.py"}), read(samples::bytecode5(false))}) ==
        "merge: error: b.mpy: the file has version 5 of the format, a.mpy version 6 "
        "[cannot-merge]\n"
        ">>> hint: compile both for the same release of MicroPython\n");
  CHECK(problem({native({"a"}), loads({"b.py"}), read(samples::mixed())}) ==
        "merge: error: c.mpy: the file is for armv7m, a.mpy for x64 [cannot-merge]\n"
        ">>> hint: make both for the same architecture\n");
  Module older = native({"b"});
  older.subVersion = 2;
  CHECK(problem({native({"a"}), older}) ==
        "merge: error: b.mpy: the file is for version 6.2 of the format, a.mpy for 6.3 "
        "[cannot-merge]\n"
        ">>> hint: make both for the same release of MicroPython\n");
  CHECK(problem({read(samples::bytecode5(false)), read(samples::bytecode5(true))}) ==
        "merge: error: b.mpy: a firmware that takes a.mpy refuses this file: the flags of its "
        "header differ [cannot-merge]\n"
        ">>> hint: compile both with the same -mcache-lookup-bc and -mno-unicode\n");
}

TEST_CASE("damaged bytecode is not merged", "[mpy][merge]") {
  Module bad = loads({"b.py"});
  bad.code.code = {0, 2, 0, 0x11, 9};
  CHECK(problem({loads({"a.py"}), bad}) ==
        "merge: error: b.mpy: an instruction names an entry of a table that has fewer "
        "[cannot-merge]\n"
        ">>> hint: compile the file again\n");
}

TEST_CASE("version 5 takes any mixture", "[mpy][merge]") {
  const Module bytecode = read(samples::bytecode5(false)), code = read(samples::native5());
  const Module all = merged({code, bytecode, code, bytecode});
  CHECK(all.version == 5);
  CHECK(all.arch == code.arch);
  CHECK(all.features == code.features);
  REQUIRE(all.code.children.size() == 4);
  for (const size_t child : {0, 2}) {
    CHECK(all.code.children[child].code == code.code.code);
    CHECK(all.qstrs[all.code.children[child].qstrLinks.at(0).qstr] == "answer");
  }
  CHECK(all.code.children[1] == all.code.children[3]);
  const Result<Prelude> prelude = readPrelude(all.code.children[1].code, 0, 5);
  REQUIRE(prelude);
  CHECK(all.qstrs[prelude->sourceFile] == "demo.py");
}

TEST_CASE("any number of inputs", "[mpy][merge]") {
  std::vector<Module> modules;
  for (unsigned i = 0; i < 300; ++i)
    modules.push_back(loads({"m" + std::to_string(i), "common", "n" + std::to_string(i)}));
  const Module all = merged(modules);
  CHECK(all.qstrs.size() == 602);
  for (unsigned i = 0; i < 300; ++i)
    CHECK(loaded(all, i) == modules[i].qstrs[0] + ": common " + modules[i].qstrs[2]);
  std::vector<Module> old(40, read(samples::bytecode5(true)));
  const Bytes file = write(merged(old));
  CHECK(read(file).code.children.size() == 40);
  // The length of the outer code, here 209 << 2, needs two bytes, which mpy-tool.py forgets.
  CHECK(Bytes(file.begin() + 5, file.begin() + 8) == Bytes{0x86, 0x44, 0});
  // A merged file is a file.
  CHECK(loaded(merged({all, loads({"last.py"})}), 1) == "last.py:");
}
