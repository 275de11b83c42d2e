// SPDX-License-Identifier: MIT
// Bytecode with new numbers does what it did: the same instructions with the names that the new
// numbers stand for, jumps to the same instructions, and the same line for each.
#include "mpy/Rewrite.h"

#include "mpy/Bytecode.h"
#include "mpy/Prelude.h"
#include "mpy/VarUint.h"

#include <catch2/catch.hpp>

#include <random>

using namespace mpylink;
using namespace mpylink::mpy;

namespace {

constexpr uint8_t loadObject = 0x23, loadName = 0x11, jump = 0x42, noOperation = 0x51,
                  makeClosure = 0x20, unwindJump = 0x40, setupFinally = 0x49;

/// What the instructions of a function mean, whatever their size.
struct Meaning {
  struct Step {
    uint8_t opcode;
    int64_t operand; ///< Of a jump, the number of the instruction.
    uint8_t extra;
    uint32_t line;

    bool operator==(const Step &) const = default;
  };
  Bytes signature, cells;
  uint32_t name = 0;
  std::vector<uint32_t> argNames;
  std::vector<Step> steps;

  bool operator==(const Meaning &) const = default;
};

uint32_t lineAt(const std::vector<LineStep> &lines, size_t offset) {
  uint32_t line = 1;
  for (const LineStep &step : lines) {
    if (offset < step.bytes)
      break;
    offset -= step.bytes;
    line += step.lines;
  }
  return line;
}

Meaning meaningOf(ByteView code) {
  const Result<Prelude> prelude = readPrelude(code, 0, 6);
  REQUIRE(prelude);
  const auto lines = readLines(code, *prelude, 6);
  REQUIRE(lines);
  Meaning meaning;
  const ByteView signature = code.first(prelude->sizesStart);
  meaning.signature.assign(signature.begin(), signature.end());
  const ByteView cells = code.subspan(prelude->cellsStart, prelude->cells);
  meaning.cells.assign(cells.begin(), cells.end());
  meaning.name = prelude->simpleName;
  meaning.argNames = prelude->argNames;
  std::vector<Instruction> instructions;
  for (size_t at = prelude->codeStart; at < code.size(); at += instructions.back().size) {
    const Result<Instruction> read = readInstruction(code, at, {6, false});
    REQUIRE(read);
    instructions.push_back(*read);
  }
  for (const Instruction &instruction : instructions) {
    Meaning::Step step{code[instruction.offset], instruction.operand, instruction.extra,
                       lineAt(*lines, instruction.offset - prelude->codeStart)};
    const abi::Operand operand = instruction.opcode->operand;
    if (operand == abi::Operand::Jump || operand == abi::Operand::Forward) {
      step.operand = 0;
      for (const Instruction &other : instructions)
        step.operand += static_cast<int64_t>(other.offset) < instruction.operand ? 1 : 0;
    }
    meaning.steps.push_back(step);
  }
  return meaning;
}

/// A function from instructions without jumps and their lines.
Bytes function(const Bytes &lines, const Bytes &instructions, uint32_t name = 0) {
  Bytes code = {0};
  Bytes info;
  appendVarUint(info, name);
  info.insert(info.end(), lines.begin(), lines.end());
  code.push_back(static_cast<uint8_t>(info.size() << 1));
  code.insert(code.end(), info.begin(), info.end());
  code.insert(code.end(), instructions.begin(), instructions.end());
  return code;
}

RawCode raw(Bytes code) {
  RawCode result;
  result.kind = CodeKind::Bytecode;
  result.code = std::move(code);
  return result;
}

std::string problem(Bytes code, const Numbering &numbering) {
  RawCode result = raw(std::move(code));
  const std::optional<Failure> failure = renumber(result, Module{}, numbering);
  return failure ? std::to_string(failure->offset) + ": " + failure->text : "";
}

/// Random functions of 300 instructions, with jumps whose size is the largest, so that their
/// distances are known before those are filled in.
class RandomFunction {
public:
  explicit RandomFunction(uint32_t seed) : engine(seed) {}

  Bytes make(uint32_t qstrs, uint32_t objects) {
    std::vector<std::pair<size_t, bool>>
        jumps; // Where the distance goes, and whether it is signed.
    std::vector<size_t> starts;
    Bytes instructions;
    for (unsigned i = 0; i < 300; ++i) {
      starts.push_back(instructions.size());
      switch (below(8)) {
      case 0:
        instructions.push_back(loadObject);
        appendVarUint(instructions, below(objects));
        break;
      case 1:
      case 2:
        instructions.push_back(loadName);
        appendVarUint(instructions, below(qstrs));
        break;
      case 3:
        instructions.insert(instructions.end(), {jump, 0x80, 0});
        jumps.emplace_back(instructions.size() - 2, true);
        break;
      case 4:
        instructions.insert(instructions.end(), {setupFinally, 0x80, 0});
        jumps.emplace_back(instructions.size() - 2, false);
        break;
      case 5:
        instructions.insert(instructions.end(), {unwindJump, 0x80, 0, 7});
        jumps.emplace_back(instructions.size() - 3, true);
        break;
      case 6:
        instructions.insert(instructions.end(), {makeClosure, 3, 2});
        break;
      default:
        instructions.push_back(noOperation);
      }
    }
    for (const auto &[place, isSigned] : jumps) {
      const auto from = static_cast<int64_t>(place + 2);
      size_t target = starts[below(static_cast<uint32_t>(starts.size()))];
      if (!isSigned)
        target = *std::ranges::lower_bound(starts, static_cast<size_t>(from) < starts.back()
                                                       ? static_cast<size_t>(from)
                                                       : starts.back());
      if (!isSigned && static_cast<int64_t>(target) < from)
        target = instructions.size();
      const int64_t value = static_cast<int64_t>(target) - from + (isSigned ? 0x4000 : 0);
      instructions[place] = static_cast<uint8_t>(0x80 | (value & 0x7f));
      instructions[place + 1] = static_cast<uint8_t>(value >> 7);
    }
    return assemble(instructions, qstrs);
  }

  uint32_t below(uint32_t limit) { return static_cast<uint32_t>(engine() % limit); }

private:
  /// Three arguments, two cells, and lines in steps of all forms.
  Bytes assemble(const Bytes &instructions, uint32_t qstrs) {
    Bytes info;
    for (unsigned i = 0; i < 4; ++i)
      appendVarUint(info, below(qstrs));
    for (size_t left = instructions.size(); left > 40;) {
      const bool isLong = below(2) != 0;
      const auto bytes = static_cast<uint8_t>(below(isLong ? 16 : 32));
      left -= bytes;
      if (isLong)
        info.insert(info.end(), {static_cast<uint8_t>(0x80 | bytes | below(8) << 4),
                                 static_cast<uint8_t>(below(256))});
      else if (const auto lines = below(4); lines != 0 || bytes != 0)
        info.push_back(static_cast<uint8_t>(lines << 5 | bytes));
    }
    Bytes code = {0x82 | 5 << 3, 0x08}; // Two positional arguments, one by keyword.
    uint32_t size = static_cast<uint32_t>(info.size()), cells = 2;
    for (; size > 63 || cells != 0; size >>= 6, cells >>= 1)
      code.push_back(static_cast<uint8_t>(0x80 | (size & 63) << 1 | (cells & 1)));
    code.push_back(static_cast<uint8_t>(size << 1));
    code.insert(code.end(), info.begin(), info.end());
    code.insert(code.end(), {1, 0});
    code.insert(code.end(), instructions.begin(), instructions.end());
    return code;
  }

  std::mt19937 engine;
};

} // namespace

TEST_CASE("functions mean the same with other numbers", "[mpy][merge]") {
  for (uint32_t seed = 0; seed < 100; ++seed) {
    CAPTURE(seed);
    RandomFunction random(seed);
    const uint32_t qstrs = 1 + random.below(300), objects = 1 + random.below(300);
    Numbering numbering;
    const uint32_t limit = seed % 3 == 0 ? 100 : seed % 3 == 1 ? 1000 : 100000;
    for (uint32_t i = 0; i < qstrs; ++i)
      numbering.qstrs.push_back(random.below(limit));
    for (uint32_t i = 0; i < objects; ++i)
      numbering.objects.push_back(random.below(limit));
    RawCode code = raw(random.make(qstrs, objects));
    Meaning expected = meaningOf(code.code);
    expected.name = numbering.qstrs[expected.name];
    for (uint32_t &name : expected.argNames)
      name = numbering.qstrs[name];
    for (Meaning::Step &step : expected.steps)
      if (step.opcode == loadName)
        step.operand = numbering.qstrs[static_cast<size_t>(step.operand)];
      else if (step.opcode == loadObject)
        step.operand = numbering.objects[static_cast<size_t>(step.operand)];
    const std::optional<Failure> failure = renumber(code, Module{}, numbering);
    REQUIRE(!failure);
    CHECK(meaningOf(code.code) == expected);
  }
}

TEST_CASE("jumps become long and short", "[mpy][merge]") {
  // A jump over `count` loads of a name, and one back.
  const auto make = [](unsigned count, Bytes forward, Bytes back) {
    Bytes instructions = {jump};
    instructions.insert(instructions.end(), forward.begin(), forward.end());
    for (unsigned i = 0; i < count; ++i)
      instructions.insert(instructions.end(), {loadName, 1});
    instructions.push_back(jump);
    instructions.insert(instructions.end(), back.begin(), back.end());
    instructions.push_back(noOperation);
    return function({}, instructions);
  };
  // 31 loads of 2 bytes and the second jump: 64 bytes forward, 64 back to the first load.
  const Bytes fewer = make(30, {0x40 + 62}, {0x40 - 62}), more = make(31, {0xc0, 0x80}, {0});
  Numbering same{{0, 1}, {}}, wide{{0, 300}, {}};
  RawCode code = raw(fewer);
  REQUIRE(!renumber(code, Module{}, same));
  CHECK(code.code == fewer);
  // Three bytes a load: 92 forward over the second jump, which is long, 93 back.
  REQUIRE(!renumber(code, Module{}, wide));
  CHECK(Bytes(code.code.begin() + 3, code.code.begin() + 6) == Bytes{jump, 0x80 | 93, 0x80});
  REQUIRE(!renumber(code, Module{}, {std::vector<uint32_t>(301, 1), {}}));
  CHECK(meaningOf(code.code).steps == meaningOf(fewer).steps);
  code = raw(more);
  REQUIRE(!renumber(code, Module{}, same));
  CHECK(code.code == more);
}

TEST_CASE("code that cannot get other numbers", "[mpy][merge]") {
  const Numbering numbering{{0, 1}, {0}};
  CHECK(problem(function({}, {jump, 0x40 + 1, loadName, 1, noOperation}), numbering) ==
        "3: a jump goes to a place between instructions");
  CHECK(problem(function({}, {jump, 0x40 + 9, noOperation}), numbering) ==
        "3: a jump goes to a place between instructions");
  CHECK(problem(function({}, {jump, 0x40 + 1, noOperation}), numbering) == ""); // To the end.
  CHECK(problem(function({}, {loadName, 2}), numbering) ==
        "3: an instruction names an entry of a table that has fewer");
  CHECK(problem(function({}, {loadObject, 1}), numbering) ==
        "3: an instruction names an entry of a table that has fewer");
  CHECK(problem(function({}, {noOperation}, 2), numbering) ==
        "2: a name of a function is not in the table");
  CHECK(problem({0}, numbering) == "1: the code ends inside the sizes of the prelude");
  CHECK(problem(function({0x80}, {noOperation}), numbering) ==
        "3: the prelude ends inside a line number");
  CHECK(problem(function({}, {loadName}), numbering) == "3: the code ends inside an instruction");
  // 8000 names of one byte number, then of three.
  Bytes far = {jump, 0x80 | ((0x4000 + 16000) & 0x7f), (0x4000 + 16000) >> 7};
  for (unsigned i = 0; i < 8000; ++i)
    far.insert(far.end(), {loadName, 1});
  far.push_back(noOperation);
  CHECK(problem(function({}, far), numbering) == "");
  CHECK(problem(function({}, far), {{0, 20000}, {}}) ==
        "3: a jump no longer reaches its target: the function is too long with larger numbers of "
        "names");
}

TEST_CASE("lines of code that grows", "[mpy][merge]") {
  // 40 bytes on line 1, in two steps; 20 on line 2; then line 5000, in several steps.
  Bytes instructions;
  for (unsigned i = 0; i < 40; ++i)
    instructions.insert(instructions.end(), {loadName, 1});
  const Bytes lines = {0x1f,        0x20 | 9, 0x80 | 15 | 0x70, 0xff, 0x80 | 5 | 0x70, 0xff,
                       0x80 | 0x30, 0x88};
  RawCode code = raw(function(lines, instructions));
  std::vector<uint32_t> expected(20, 1);
  expected.resize(28, 2); // The step to the next line is inside an instruction.
  expected.resize(30, 2049);
  expected.resize(40, 5000);
  for (uint32_t number : {1, 300, 70000, 1}) {
    const std::vector<Meaning::Step> before = meaningOf(code.code).steps;
    REQUIRE(!renumber(code, Module{}, {std::vector<uint32_t>(70001, number), {}}));
    std::vector<uint32_t> got;
    for (const Meaning::Step &step : meaningOf(code.code).steps)
      got.push_back(step.line);
    CHECK(got == expected);
  }
}

TEST_CASE("version 5 keeps its sizes", "[mpy][merge]") {
  Module module;
  module.version = 5;
  module.features = featureMapCache;
  RawCode code = raw({0, 10, 1, 0, 2, 0, 0, loadName, 3, 0, 0xee, jump, 0, 0x80, noOperation});
  code.qstrLinks = {{0, QstrLink::Kind::Number, 2}};
  code.argNames = {3, 1};
  RawCode &child = code.children.emplace_back(raw({0, 10, 1, 0, 1, 0, 0, noOperation}));
  child.argNames = {2};
  REQUIRE(!renumber(code, module, {{0, 7, 0x1234, 9}, {}}));
  CHECK(code.code ==
        Bytes{0, 10, 7, 0, 0x34, 0x12, 0, loadName, 9, 0, 0xee, jump, 0, 0x80, noOperation});
  CHECK(code.qstrLinks[0].qstr == 0x1234);
  CHECK(code.argNames == std::vector<uint32_t>{9, 7});
  CHECK(child.code == Bytes{0, 10, 7, 0, 7, 0, 0, noOperation});
  CHECK(child.argNames == std::vector<uint32_t>{0x1234});
}
