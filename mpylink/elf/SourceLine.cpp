// SPDX-License-Identifier: MIT
// Places in sections -> places in sources, from the object's DWARF. Only messages need it, so the
// debug information is parsed when the first message is made, never on the way to a good link.
#include "elf/Object.h"

#include "llvm/BinaryFormat/ELF.h"
#include "llvm/DebugInfo/DWARF/DWARFContext.h"
#include "llvm/Object/ObjectFile.h"

namespace mpylink::elf {

static std::string enclosingFunction(const Object &object, uint32_t section, uint64_t offset) {
  for (const Symbol &symbol : object.symbols) {
    if (symbol.place != Place::Section || symbol.section != section ||
        symbol.type != llvm::ELF::STT_FUNC)
      continue;
    const uint64_t start = object.arch->codeAddress(symbol.value);
    if (start <= offset && offset - start < symbol.size)
      return std::string(symbol.name);
  }
  return {};
}

static std::string dwarfLine(const Object &object, uint32_t section, uint64_t offset) {
  const llvm::StringRef bytes(reinterpret_cast<const char *>(object.file.data()),
                              object.file.size());
  auto file = llvm::object::ObjectFile::createObjectFile({bytes, object.name});
  if (!file) {
    llvm::consumeError(file.takeError());
    return {};
  }
  // Debug information that cannot be read costs the line, not the message.
  const auto ignore = [](llvm::Error error) { llvm::consumeError(std::move(error)); };
  const std::unique_ptr<llvm::DWARFContext> context = llvm::DWARFContext::create(
      **file, llvm::DWARFContext::ProcessDebugRelocations::Process, nullptr, "", ignore, ignore);
  using Kind = llvm::DILineInfoSpecifier::FileLineInfoKind;
  const llvm::DILineInfo line = context->getLineInfoForAddress(
      {offset, section}, {Kind::RawValue, llvm::DILineInfoSpecifier::FunctionNameKind::None});
  if (!line || line.Line == 0 || line.FileName == llvm::DILineInfo::BadString)
    return {};
  return line.FileName + ":" + std::to_string(line.Line);
}

std::string sourceLine(const Object &object, uint32_t section, uint64_t offset) {
  const std::string function = enclosingFunction(object, section, offset);
  const std::string line = dwarfLine(object, section, offset);
  if (line.empty())
    return function;
  return function.empty() ? line : line + " (" + function + ")";
}

} // namespace mpylink::elf
