// SPDX-License-Identifier: MIT
#include "mpy/Merge.h"

#include "abi/Abi.h"
#include "mpy/Rewrite.h"
#include "mpy/VarUint.h"

#include <algorithm>
#include <unordered_map>

namespace mpylink::mpy {

namespace {

/// Instructions of the outer function, the same in versions 5 and 6.
constexpr uint8_t makeFunction = 0x32, callFunction = 0x34, popTop = 0x59, loadNone = 0x51,
                  returnValue = 0x63;

bool hasMachineCode(const RawCode &code) {
  return code.kind != CodeKind::Bytecode || std::ranges::any_of(code.children, hasMachineCode);
}

/// A linked module's code never uses entry 0 of the table, the name of its source file.
bool usesFirstQstr(const RawCode &code) { return code.kind != CodeKind::NativeViper; }

std::string archName(uint8_t arch) {
  const abi::ArchInfo *info = abi::findArch(arch);
  return info ? std::string(info->name) : "number " + std::to_string(arch);
}

class Merger {
public:
  Merger(std::span<const MergeInput> inputs, Diag &diag) : inputs(inputs), diag(diag) {}

  std::optional<Module> run(const std::string &sourceName) {
    mergeHeaders();
    if (diag.hasErrors())
      return std::nullopt;
    if (result.version == 5) {
      addQstr(sourceName);
    } else {
      placeFirstQstr(sourceName);
      placeFixedTables();
    }
    if (diag.hasErrors())
      return std::nullopt;
    for (uint32_t i = 0; i < result.qstrs.size(); ++i)
      numberOf.try_emplace(result.qstrs[i], i);
    for (const MergeInput &input : inputs)
      addChild(input);
    writeOuter();
    if (result.version == 5 && result.qstrs.size() > UINT16_MAX + 1)
      refuse(inputs.back(),
             "all inputs together have " + std::to_string(result.qstrs.size()) +
                 " different names, and version 5 can number 65536",
             "merge fewer files");
    return diag.hasErrors() ? std::nullopt : std::optional(std::move(result));
  }

private:
  void refuse(const MergeInput &input, const std::string &what, const std::string &hint) {
    diag.error("cannot-merge", {input.name, {}, {}}, what, hint);
  }

  bool isFixed(const MergeInput &input) const {
    return result.version != 5 && hasMachineCode(input.module.code);
  }

  /// What a firmware compares with itself must be the same, or what the most demanding input asks
  /// for.
  void mergeHeaders() {
    const MergeInput &first = inputs.front();
    result.version = first.module.version;
    result.features = first.module.features;
    result.subVersion = 0; // Firmware looks at it with an architecture only.
    result.smallIntBits = 0;
    result.qstrWindow = 0;
    const MergeInput *native = nullptr;
    for (const MergeInput &input : inputs) {
      const Module &module = input.module;
      if (module.version != result.version) {
        refuse(input,
               "the file has version " + std::to_string(module.version) + " of the format, " +
                   first.name + " version " + std::to_string(result.version),
               "compile both for the same release of MicroPython");
        continue;
      }
      if (module.version == 5 && module.features != result.features)
        refuse(input,
               "a firmware that takes " + first.name +
                   " refuses this file: the flags of "
                   "its header differ",
               "compile both with the same -mcache-lookup-bc and -mno-unicode");
      result.smallIntBits = std::max(result.smallIntBits, module.smallIntBits);
      result.qstrWindow = std::max(result.qstrWindow, module.qstrWindow);
      if (module.arch != 0)
        native = mergeArch(input, native);
    }
  }

  const MergeInput *mergeArch(const MergeInput &input, const MergeInput *native) {
    const Module &module = input.module;
    if (!native) {
      result.arch = module.arch;
      result.subVersion = module.subVersion;
    } else if (module.arch != result.arch) {
      refuse(input,
             "the file is for " + archName(module.arch) + ", " + native->name + " for " +
                 archName(result.arch),
             "make both for the same architecture");
    } else if (module.version == 6 && module.subVersion != result.subVersion) {
      refuse(input,
             "the file is for version 6." + std::to_string(module.subVersion) + " of the format, " +
                 native->name + " for 6." + std::to_string(result.subVersion),
             "make both for the same release of MicroPython");
    }
    result.hasArchFlags |= module.hasArchFlags;
    result.archFlags |= module.archFlags;
    return native ? native : &input;
  }

  /// Version 6: the name of the source file in tracebacks of all inputs.
  void placeFirstQstr(const std::string &sourceName) {
    const MergeInput *fixed = nullptr, *bytecode = nullptr;
    for (const MergeInput &input : inputs) {
      if (!isFixed(input))
        bytecode = bytecode ? bytecode : &input;
      else if (usesFirstQstr(input.module.code) && !fixed)
        fixed = &input;
    }
    if (fixed)
      addQstr(sourceOf(*fixed));
    else if (!sourceName.empty())
      addQstr(sourceName);
    else
      addQstr(sourceOf(bytecode ? *bytecode : inputs.front()));
  }

  static std::string sourceOf(const MergeInput &input) {
    return input.module.qstrs.empty() ? std::string() : input.module.qstrs.front();
  }

  void addQstr(const std::string &text) { result.qstrs.push_back(text); }

  void placeFixedTables() {
    std::vector<const MergeInput *> before;
    for (const MergeInput &input : inputs) {
      if (!isFixed(input))
        continue;
      const size_t from = usesFirstQstr(input.module.code) ? 0 : 1;
      if (placeFixed(result.qstrs, input.module.qstrs, from) &&
          placeFixed(result.objects, input.module.objects, 0)) {
        before.push_back(&input);
        continue;
      }
      refuse(input,
             "the file has machine code with other numbers of names than that of " +
                 before.front()->name,
             "link the objects of both together, or compile both with one -qstrs header");
    }
  }

  /// Entries of the file's table keep their numbers. False when others have them already.
  template <class T>
  static bool placeFixed(std::vector<T> &table, const std::vector<T> &own, size_t from) {
    for (size_t i = from; i < own.size(); ++i)
      if (i == table.size())
        table.push_back(own[i]);
      else if (table[i] != own[i])
        return false;
    return true;
  }

  uint32_t qstr(const std::string &text) {
    const auto [found, isNew] =
        numberOf.try_emplace(text, static_cast<uint32_t>(result.qstrs.size()));
    if (isNew)
      addQstr(text);
    return found->second;
  }

  uint32_t object(const Object &object) {
    const auto found = std::ranges::find(result.objects, object);
    const auto number = static_cast<uint32_t>(found - result.objects.begin());
    if (found == result.objects.end())
      result.objects.push_back(object);
    return number;
  }

  void addChild(const MergeInput &input) {
    RawCode &code = result.code.children.emplace_back(input.module.code);
    if (isFixed(input))
      return;
    Numbering numbering;
    for (const std::string &text : input.module.qstrs)
      numbering.qstrs.push_back(qstr(text));
    for (const Object &entry : input.module.objects)
      numbering.objects.push_back(object(entry));
    if (const std::optional<Failure> failure = renumber(code, input.module, numbering))
      refuse(input, failure->text, "compile the file again");
  }

  /// One word of stack, no arguments, no line numbers. Calls the children one after the other.
  void writeOuter() {
    RawCode &code = result.code;
    code.kind = CodeKind::Bytecode;
    const uint32_t name = qstr("<module>");
    Bytes names;
    if (result.version == 5) {
      // Its own name and that of the source file, qstr 0; the end of the line numbers.
      names = {static_cast<uint8_t>(name), static_cast<uint8_t>(name >> 8), 0, 0, 0};
    } else {
      appendVarUint(names, name);
    }
    code.code = {0, static_cast<uint8_t>(names.size() << 1)};
    code.code.insert(code.code.end(), names.begin(), names.end());
    for (uint32_t i = 0; i < code.children.size(); ++i) {
      code.code.push_back(makeFunction);
      appendVarUint(code.code, i);
      code.code.insert(code.code.end(), {callFunction, 0, popTop});
    }
    code.code.insert(code.code.end(), {loadNone, returnValue});
  }

  std::span<const MergeInput> inputs;
  Diag &diag;
  Module result;
  std::unordered_map<std::string, uint32_t> numberOf; ///< Of a qstr, the first one of equals.
};

} // namespace

std::optional<Module> merge(std::span<const MergeInput> inputs, const std::string &sourceName,
                            Diag &diag) {
  return Merger(inputs, diag).run(sourceName);
}

} // namespace mpylink::mpy
