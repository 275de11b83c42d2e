// SPDX-License-Identifier: MIT
#include "mpy/LoadCost.h"

#include "mpy/Fields.h"

namespace mpylink::mpy {

namespace {

constexpr uint64_t pageSize = 4096;
constexpr uint64_t qstrSize = 2;

class Counter {
public:
  explicit Counter(const abi::ArchInfo &arch) : arch(arch), word(arch.wordSize) {}

  LoadCost run(const Module &module) {
    version = module.version;
    if (version != 5)
      cost.tables =
          blocks(alignTo(module.qstrs.size() * qstrSize, word) + module.objects.size() * word);
    add(module.code);
    return cost;
  }

private:
  uint64_t blocks(uint64_t bytes) const { return alignTo(bytes, 4 * word); }

  void addText(uint64_t size) {
    switch (arch.textMemory) {
    case abi::TextMemory::Heap:
      cost.code += blocks(size);
      return;
    case abi::TextMemory::Pages:
      cost.executable += alignTo(size, pageSize);
      cost.records += blocks(3 * word); // The list of regions that the garbage collector knows.
      return;
    case abi::TextMemory::Copied:
      cost.executable += alignTo(size, word);
      cost.passing += blocks(size);
      return;
    }
  }

  /// Version 5: rodata, bss and a table of everything that the code refers to are blocks of each
  /// raw code.
  void addConstants(const RawCode &code) {
    cost.data += blocks(code.rodata.size()) + blocks(code.bssSize);
    if (code.kind == CodeKind::NativeAsm)
      return;
    const Fields fields = fieldsOf(code.kind, code.scopeFlags);
    const size_t native = code.kind == CodeKind::Bytecode ? 0 : 1;
    cost.tables += blocks((code.argNames.size() + code.objects.size() + code.children.size() +
                           native + fields.rodata + fields.bss) *
                          word);
  }

  void add(const RawCode &code) {
    if (code.kind == CodeKind::Bytecode)
      cost.code += blocks(code.code.size());
    else
      addText(code.code.size());
    if (version == 5)
      addConstants(code);
    else
      cost.data += blocks(alignTo(code.bssSize, word) + code.rodata.size());
    // Two small fields, two pointers, and the signature of assembler functions.
    cost.records += blocks(word + 2 * word + 4);
    const size_t prelude = code.kind == CodeKind::NativePy ? 1 : 0;
    if (!code.children.empty() && version != 5)
      cost.records += blocks((code.children.size() + prelude) * word);
    for (const RawCode &child : code.children)
      add(child);
  }

  const abi::ArchInfo &arch;
  const uint64_t word;
  uint8_t version = 6;
  LoadCost cost;
};

} // namespace

LoadCost loadCost(const Module &module, const abi::ArchInfo &arch) {
  return Counter(arch).run(module);
}

} // namespace mpylink::mpy
