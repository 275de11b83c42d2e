// SPDX-License-Identifier: MIT
// Sound modules pass; each kind of damage that the Reader cannot see is told in words.
#include "loader/Verify.h"
#include "../mpy/Samples.h"
#include "loader/Compatibility.h"
#include "mpy/Reader.h"

#include <catch2/catch.hpp>

using namespace mpylink;
using namespace mpylink::mpy;
using samples::hex;

namespace {

Module readWhole(const Bytes &file) {
  Result<Module> module = read(file);
  REQUIRE(module);
  return *module;
}

/// "raw code 0: text" a line.
std::string problemsOf(const Module &module) {
  std::string text;
  for (const loader::Problem &problem : loader::verify(module))
    text += (problem.place.empty() ? "" : problem.place + ": ") + problem.text + "\n";
  return text;
}

Module bytecode() { return readWhole(samples::bytecode()); }
Module native() { return readWhole(samples::native()); }
Module mixed() { return readWhole(samples::mixed()); }
Module old() { return readWhole(samples::bytecode5(false)); }

} // namespace

TEST_CASE("samples are sound", "[verify]") {
  for (const Bytes &file : {samples::native(), samples::bytecode(), samples::mixed(),
                            samples::riscvFlags(), samples::native5(), samples::bytecode5(false),
                            samples::bytecode5(true), samples::mixed5(), samples::cached5()})
    CHECK(problemsOf(readWhole(file)).empty());
}

TEST_CASE("what is wrong with bytecode is told", "[verify]") {
  Module module = bytecode();
  RawCode &outer = module.code;
  RawCode &f = outer.children[0];
  std::string expected;
  SECTION("prelude") {
    outer.code = {0x80};
    expected = "raw code: the code ends inside the signature of the prelude\n";
  }
  SECTION("prelude behind the code") {
    outer.code = {0x08, 0x7e};
    expected = "raw code: the prelude goes past the end of the code\n";
  }
  SECTION("name") {
    outer.code[2] = 9;
    expected = "raw code: the name of the function is qstr 9, and there are 9\n";
  }
  SECTION("name of an argument") {
    f.code[4] = 0x7f;
    expected = "raw code 0: the name of an argument is qstr 127, and there are 9\n";
  }
  SECTION("object") {
    outer.code[5] = 1;
    expected =
        "raw code: LOAD_CONST_OBJ at offset 0x4 of the code wants object 1, and there are 1\n";
  }
  SECTION("child") {
    outer.code[13] = 1;
    expected = "raw code: MAKE_FUNCTION_DEFARGS at offset 0xc of the code wants raw code 1, and "
               "there are 1\n";
  }
  SECTION("qstr") {
    outer.code[7] = 0x10;
    expected = "raw code: STORE_NAME at offset 0x6 of the code wants qstr 16, and there are 9\n";
  }
  SECTION("unknown instruction") {
    outer.code[17] = 0x01;
    expected = "raw code: there is no instruction 0x1 at offset 0x11 of the code\n";
  }
  SECTION("cut instruction") {
    outer.code[17] = 0x16;
    expected = "raw code: the code ends inside an instruction at offset 0x11 of the code\n";
  }
  SECTION("jumps") {
    // JUMP forward by 1 is into the middle of a following instruction, backward out of the code.
    outer.code = hex("08 04 01 24 42 41 23 00 42 00 51 63");
    expected = "raw code: JUMP at offset 0x4 of the code goes to 0x7, which is no instruction\n"
               "raw code: JUMP at offset 0x8 of the code goes to -0x36, which is no instruction\n";
  }
  SECTION("cell") {
    f.code[9] = 5;
    expected = "raw code 0: a cell is local variable 5, and there are 5\n";
  }
  SECTION("line numbers") {
    outer.code[3] = 0x80;
    expected = "raw code: the prelude ends inside a line number at offset 0x3 of the code\n";
  }
  SECTION("no instructions") {
    outer.code.resize(4);
    expected = "raw code: the function has no instructions\n";
  }
  CHECK(problemsOf(module) == expected);
}

TEST_CASE("version 5 numbers objects behind arguments and children behind objects", "[verify]") {
  Module module = old();
  module.code.code[9] = 5; // LOAD_CONST_OBJ 5 is the child.
  CHECK(problemsOf(module) ==
        "raw code: LOAD_CONST_OBJ at offset 0x8 of the code wants object 5, and there are 5\n");
}

TEST_CASE("what is wrong with native code is told", "[verify]") {
  std::string expected;
  Module module = native();
  SECTION("no architecture") {
    module.arch = 0;
    expected = "raw code: there is native code, but the header names no architecture\n";
  }
  SECTION("scope flags") {
    module.code.scopeFlags |= 0x80;
    expected = "raw code: unknown scope flags 0x80\n";
  }
  SECTION("word relocated twice") {
    module.code.relocs.push_back(module.code.relocs.back());
    expected = "raw code: two relocations or qstr links change offset 0x58 of the text\n";
  }
  SECTION("entry of the fun table") {
    module.code.relocs.back().entry = 87;
    expected = "raw code: a loader would refuse the module: fun table entry 87 is used, the table "
               "has 87\n";
  }
  SECTION("word that does not move") {
    module.code.bssSize = 0;
    module.code.rodata.clear();
    expected = "raw code: word 8 of the text is not relocated as listed\n"
               "raw code: word 9 of the text is not relocated as listed\n";
  }
  SECTION("prelude of a native function") {
    module = mixed();
    module.code.children[0].preludeOffset = 56;
    expected = "raw code 0: the code ends inside the sizes of the prelude\n";
  }
  SECTION("word in front of a native function") {
    module = mixed();
    module.code.children[0].code[0] = 1;
    expected = "raw code 0: the first word of the code is not the number of children\n";
  }
  SECTION("qstr link in a relocated word") {
    module = readWhole(samples::native5());
    module.code.qstrLinks[0].offset = 0x34;
    expected = "raw code: two relocations or qstr links change offset 0x34 of the text\n";
  }
  CHECK(problemsOf(module) == expected);
}

TEST_CASE("what is wrong with tables is told", "[verify]") {
  Module module = bytecode();
  module.qstrs[4] = "\xff";
  module.objects[0].items[0].text = "1f";
  module.objects[0].items[1].text = "\xc3(";
  module.objects[0].items[3].text = "one";
  module.objects.push_back({ObjectKind::Complex, "1", {}});
  module.smallIntBits = 64;
  CHECK(problemsOf(module) == "small integers of 64 bits, which no firmware has\n"
                              "qstr 4 is not UTF-8\n"
                              "object 0.0 is an integer that is not decimal\n"
                              "object 0.1 is a string that is not UTF-8\n"
                              "object 0.3 is no floating-point number\n"
                              "object 1 is no complex number\n");
  module = bytecode();
  module.qstrs.clear();
  CHECK(problemsOf(module).starts_with("there is no qstr with the name of the source file\n"));
  module.version = 7;
  CHECK(problemsOf(module) == "the module's version or architecture is unknown\n");
}

TEST_CASE("releases that load a module", "[verify]") {
  using loader::releasesThatLoad;
  Module module = native();
  CHECK(releasesThatLoad(module) == "1.23 and later");
  module.subVersion = 0;
  CHECK(releasesThatLoad(module) == "1.19 to 1.19.1");
  module.subVersion = 1;
  CHECK(releasesThatLoad(module) == "1.20 to 1.21");
  module.subVersion = 2;
  CHECK(releasesThatLoad(module) == "1.22 to 1.22.2");
  module.arch = 11;
  CHECK(releasesThatLoad(module) == "none");
  module.subVersion = 3;
  CHECK(releasesThatLoad(module) == "1.24 and later");
  module.hasArchFlags = true;
  CHECK(releasesThatLoad(module) == "1.27 and later");
  module = bytecode();
  CHECK(releasesThatLoad(module) == "1.19 and later");
  module.subVersion = 2;
  CHECK(releasesThatLoad(module) == "1.20 and later");
  CHECK(releasesThatLoad(readWhole(samples::bytecode5(false))) == "1.12 to 1.18");
  CHECK(releasesThatLoad(readWhole(samples::bytecode5(true))) == "1.12 to 1.17");
}

TEST_CASE("who refuses a module", "[verify]") {
  const auto told = [](const Module &module, const std::string &words) {
    for (const std::string &refusal : loader::refusals(module))
      if (refusal.find(words) != std::string::npos)
        return true;
    return false;
  };
  Module module = native();
  CHECK(told(module, "for x64"));
  CHECK(!told(module, "garbage collector"));
  module.code.relocs[1].dest = Dest::Text;
  module.code.relocs[2].dest = Dest::Text;
  CHECK(told(module, "garbage collector of releases up to 1.23"));
  module.code.children.resize(1);
  CHECK(told(module, "releases up to 1.23 stop with an assertion"));
  module.smallIntBits = 63;
  CHECK(told(module, "small integers may have 63 bits"));
  module.hasArchFlags = true;
  module.archFlags = 4;
  CHECK(told(module, "none knows its architecture flags 0x4"));
  module.arch = 11;
  module.archFlags = 1;
  CHECK(told(module, "processors without zba"));
  CHECK(told(readWhole(samples::bytecode5(true)), "boards refuse it"));
  CHECK(told(readWhole(samples::bytecode5(false)), "Unix and Windows builds up to 1.17"));
}

TEST_CASE("a large bss costs no memory here", "[verify]") {
  Module module = native();
  module.code.bssSize = (1u << 28) - 64;
  CHECK(problemsOf(module).empty());
  module.code.bssSize = 1u << 28;
  CHECK(problemsOf(module) ==
        "raw code: a loader would refuse the module: bss and rodata take 268435464 bytes\n");
}
