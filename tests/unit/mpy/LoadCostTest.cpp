// SPDX-License-Identifier: MIT
#include "mpy/LoadCost.h"

#include <catch2/catch.hpp>

using namespace mpylink;

TEST_CASE("what a module of bytecode takes", "[mpy][cost]") {
  mpy::Module module;
  module.qstrs = {"m.py", "f", "g"};
  module.objects.resize(2);
  module.code.kind = mpy::CodeKind::Bytecode;
  module.code.code.resize(17);
  module.code.children.resize(5);
  for (mpy::RawCode &child : module.code.children) {
    child.kind = mpy::CodeKind::Bytecode;
    child.code.resize(16);
  }
  const mpy::LoadCost cost = mpy::loadCost(module, *abi::findArch("armv7m"));
  CHECK(cost.code == 32 + 5 * 16);
  CHECK(cost.tables == 16);           // Three numbers of two bytes, and two words.
  CHECK(cost.records == 6 * 16 + 32); // Six codes and a list of five.
  CHECK(cost.data == 0);
  CHECK(cost.executable == 0);
  CHECK(cost.heap() == 112 + 16 + 128);
  CHECK(mpy::loadCost(module, *abi::findArch("x64")).total() == 32 + 5 * 32 + 32 + 6 * 32 + 64);
}

TEST_CASE("what native functions of Python code take", "[mpy][cost]") {
  mpy::Module module;
  module.code.kind = mpy::CodeKind::NativePy;
  module.code.code.resize(100);
  module.code.children.resize(4);
  for (mpy::RawCode &child : module.code.children) {
    child.kind = mpy::CodeKind::NativeViper;
    child.code.resize(10);
    child.rodata.resize(5);
    child.bssSize = 9;
  }
  const mpy::LoadCost heap = mpy::loadCost(module, *abi::findArch("armv6m"));
  CHECK(heap.code == 112 + 4 * 16);
  CHECK(heap.data == 4 * 32); // 12 + 5 bytes.
  CHECK(heap.records == 5 * 16 + 32);
  CHECK(heap.passing == 0);
  const mpy::LoadCost copied = mpy::loadCost(module, *abi::findArch("xtensa"));
  CHECK(copied.code == 0);
  CHECK(copied.executable == 100 + 4 * 12);
  CHECK(copied.passing == heap.code);
  CHECK(copied.heap() == heap.heap() - heap.code);
  const mpy::LoadCost pages = mpy::loadCost(module, *abi::findArch("x86"));
  CHECK(pages.executable == 5 * 4096);
  CHECK(pages.records == heap.records + 5 * 16);
}
