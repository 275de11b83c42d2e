// SPDX-License-Identifier: MIT
#include "mpy/LoadCost.h"

namespace mpylink::mpy {

namespace {

constexpr uint64_t pageSize = 4096;
constexpr uint64_t qstrSize = 2;

class Counter {
public:
  explicit Counter(const abi::ArchInfo &arch) : arch(arch), word(arch.wordSize) {}

  LoadCost run(const Module &module) {
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

  void add(const RawCode &code) {
    if (code.kind == CodeKind::Bytecode)
      cost.code += blocks(code.code.size());
    else
      addText(code.code.size());
    cost.data += blocks(alignTo(code.bssSize, word) + code.rodata.size());
    // Two small fields, two pointers, and the signature of assembler functions.
    cost.records += blocks(word + 2 * word + 4);
    const size_t prelude = code.kind == CodeKind::NativePy ? 1 : 0;
    if (!code.children.empty())
      cost.records += blocks((code.children.size() + prelude) * word);
    for (const RawCode &child : code.children)
      add(child);
  }

  const abi::ArchInfo &arch;
  const uint64_t word;
  LoadCost cost;
};

} // namespace

LoadCost loadCost(const Module &module, const abi::ArchInfo &arch) {
  return Counter(arch).run(module);
}

} // namespace mpylink::mpy
