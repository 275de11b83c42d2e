// SPDX-License-Identifier: MIT
#include "Tools.h"

#include "arch/Arch.h"
#include "tools/mpydump/Usage.h"
#include "tools/mpylink/Usage.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Option/OptTable.h"
#include "llvm/Option/Option.h"

namespace mpylink::tools {

namespace linker {
using namespace llvm::opt;
#define OPTIONS "tools/mpylink/Options.inc"
#include "tools/common/OptionTable.inc"
#undef OPTIONS
} // namespace linker

namespace dumper {
using namespace llvm::opt;
#define OPTIONS "tools/mpydump/Options.inc"
#include "tools/common/OptionTable.inc"
#undef OPTIONS
} // namespace dumper

namespace {

using namespace llvm::opt;

std::vector<std::string> choicesOf(const OptTable &table, const Option &option) {
  std::vector<std::string> choices;
  if (option.getName() == "arch") {
    for (const abi::ArchInfo &info : abi::archs())
      if (const arch::Arch *arch = arch::find(info.elfMachine, info.wordSize);
          arch && arch->mismatch({}, info).empty())
        choices.emplace_back(info.name);
    return choices;
  }
  return table.suggestValueCompletions(option.getPrefixedName(), "");
}

void addOptions(const OptTable &table, ToolDoc &doc) {
  for (unsigned id = 1; id <= table.getNumOptions(); ++id) {
    const Option option = table.getOption(id);
    const char *help = table.getOptionHelpText(id);
    // Spellings with "=" and for other tools' sake have no help of their own.
    if (!help)
      continue;
    OptionDoc &entry = doc.options.emplace_back();
    entry.name = "-" + option.getName().rtrim('=').str();
    entry.joined = option.getKind() == Option::JoinedClass;
    if (const char *meta = table.getOptionMetaVar(id))
      entry.value = meta;
    entry.help = help;
    entry.choices = choicesOf(table, option);
  }
}

std::vector<std::string> words(llvm::StringRef text) {
  llvm::SmallVector<llvm::StringRef> parts;
  text.split(parts, ' ');
  return {parts.begin(), parts.end()};
}

} // namespace

ToolDoc toolDoc(const std::string &name) {
  ToolDoc doc;
  if (name == "mpylink") {
    using namespace linker;
    doc = {name, overview, usage, description, exitStatus, words(inputs), {}};
    addOptions(Table(), doc);
  } else if (name == "mpydump") {
    using namespace dumper;
    doc = {name, overview, usage, description, exitStatus, words(inputs), {}};
    addOptions(Table(), doc);
  }
  return doc;
}

} // namespace mpylink::tools
