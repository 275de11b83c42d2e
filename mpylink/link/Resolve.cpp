// SPDX-License-Identifier: MIT
// Names -> meanings, by the rules of the ELF gABI: a strong definition beats a common symbol, which
// beats a weak definition; the first of equal COMDAT groups stays; archive members come in when a
// strong reference of a kept section needs them and the firmware does not offer the function. What
// no object defines is looked up in the externs and then in the ABI.
#include "elf/SourceLines.h"
#include "link/Passes.h"
#include "link/SectionBounds.h"

#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Demangle/Demangle.h"

#include <algorithm>
#include <map>
#include <unordered_set>
#include <utility>

namespace mpylink::link {

namespace {

class Resolver {
public:
  Resolver(const Inputs &inputs, const Options &options, Diag &diag)
      : resolved{inputs, {}, {}, {}, {0}, {}, {}, {}, {}, {}, 0}, options(options), diag(diag) {
    for (const std::string &name : options.wraps) {
      otherNames["__real_" + name] = name;
      otherNames[name] = "__wrap_" + name;
    }
    for (const Defsym &defsym : options.defsyms)
      defsyms[defsym.name] = &defsym;
  }

  Resolved run() {
    for (const auto &object : resolved.inputs.objects)
      add(*object);
    want(options.entry);
    for (const std::vector<std::string> *names : {&options.undefined, &options.required})
      for (const std::string &name : *names)
        want(name);
    for (const auto &[name, defsym] : defsyms)
      want(defsym->other);
    extractMembers();
    allocateCommons();
    for (uint32_t i = 0; i < resolved.objects.size(); ++i)
      bounds.add(*resolved.objects[i], resolved.firstSection[i], resolved.dropped);
    settleDefsyms();
    for (uint32_t i = 0; i < resolved.objects.size(); ++i)
      giveMeanings(i);
    resolveEntry();
    resolveRoots();
    addArchFlags();
    return std::move(resolved);
  }

private:
  enum Rank { Unknown, Weak, Common, Strong };
  struct Definition {
    Rank rank = Unknown;
    uint32_t object = 0, symbol = 0;
  };

  /// Null when no object defines it.
  const Definition *definitionOf(std::string_view name) const {
    const auto found = definitions.find(name);
    return found == definitions.end() || found->second.rank == Unknown ? nullptr : &found->second;
  }
  const elf::Symbol &symbolOf(const Definition &definition) const {
    return resolved.objects[definition.object]->symbols[definition.symbol];
  }
  bool isDropped(uint32_t object, const elf::Symbol &symbol) const {
    return symbol.place == elf::Place::Section &&
           resolved.dropped[resolved.firstSection[object] + symbol.section];
  }

  void add(const elf::Object &object) {
    const auto number = static_cast<uint32_t>(resolved.objects.size());
    resolved.objects.push_back(&object);
    resolved.extractedFor.emplace_back();
    const uint32_t first = resolved.firstSection.back();
    resolved.firstSection.push_back(first + static_cast<uint32_t>(object.sections.size()));
    resolved.dropped.resize(resolved.firstSection.back());
    for (const elf::Group &group : object.groups)
      if (group.comdat && !comdats.insert(group.signature).second)
        for (uint32_t member : group.members)
          resolved.dropped[first + member] = true;
    for (uint32_t i = 0; i < object.symbols.size(); ++i)
      if (!object.symbols[i].isLocal())
        define(number, i);
    wantReferences(number);
  }

  void define(uint32_t object, uint32_t index) {
    const elf::Symbol &symbol = resolved.objects[object]->symbols[index];
    if (symbol.place == elf::Place::Undefined || symbol.name.empty() || isDropped(object, symbol))
      return;
    const Rank rank = symbol.place == elf::Place::Common ? Common : symbol.isWeak() ? Weak : Strong;
    Definition &current = definitions[symbol.name];
    if (current.rank == Strong && rank == Strong) {
      reportDuplicate(current, {rank, object, index});
      return;
    }
    // Of two common symbols the larger one wins; giveMeanings() takes the larger alignment.
    const bool larger =
        rank == Common && current.rank == Common && symbol.size > symbolOf(current).size;
    if (rank == Common) {
      raise(commonAlign[symbol.name], symbol.value);
      // An archive may hold the same variable with an initial value.
      pending.push_back(symbol.name);
    }
    if (rank > current.rank || larger)
      current = {rank, object, index};
  }

  static void raise(uint64_t &value, uint64_t other) { value = std::max(value, other); }

  std::string describe(const Definition &definition) {
    const elf::Object &object = *resolved.objects[definition.object];
    const elf::Symbol &symbol = symbolOf(definition);
    if (symbol.place != elf::Place::Section)
      return object.name;
    const uint64_t offset = object.arch->codeAddress(symbol.value);
    std::string text =
        toString({object.name, std::string(object.sections[symbol.section].name), offset});
    const std::string line = lines.at(object, symbol.section, offset);
    return line.empty() ? text : text + ", " + line;
  }

  void reportDuplicate(const Definition &first, const Definition &second) {
    const elf::Symbol &symbol = symbolOf(second);
    const elf::Object &object = *resolved.objects[second.object];
    Location where{object.name, {}, {}};
    if (symbol.place == elf::Place::Section)
      where = {object.name, std::string(object.sections[symbol.section].name),
               object.arch->codeAddress(symbol.value)};
    diag.add({Severity::Error,
              "duplicate-symbol",
              std::move(where),
              "duplicate symbol: " + llvm::demangle(symbol.name),
              {{"defined in", describe(first)},
               {"defined in", describe(second)},
               {"hint", "rename one, or make it static, inline or weak"}}});
  }

  /// The name that a reference means, by -wrap.
  std::string_view meant(const elf::Symbol &symbol) const {
    if (symbol.place != elf::Place::Undefined)
      return symbol.name;
    const auto found = otherNames.find(symbol.name);
    return found == otherNames.end() ? symbol.name : found->second;
  }

  void want(std::string_view name) {
    if (!name.empty() && !defsyms.contains(name) && !resolved.inputs.arch->threadCall(name) &&
        wanted.insert(name).second)
      pending.push_back(name);
  }

  /// Only what a section that can be in the module refers to: unwind tables would pull in the
  /// unwinder.
  void wantReferences(uint32_t number) {
    const elf::Object &object = *resolved.objects[number];
    for (uint32_t i = 0; i < object.sections.size(); ++i) {
      const elf::Section &section = object.sections[i];
      if (resolved.dropped[resolved.firstSection[number] + i] ||
          contentOf(section, *object.arch) == Content::LeftOut)
        continue;
      for (const elf::Reloc &reloc : section.relocs) {
        if (reloc.symbol >= object.symbols.size())
          continue;
        const elf::Symbol &symbol = object.symbols[reloc.symbol];
        if (!symbol.isLocal() &&
            (symbol.place == elf::Place::Undefined ? !symbol.isWeak() : isDropped(number, symbol)))
          want(meant(symbol));
      }
    }
  }

  void addArchFlags() {
    std::vector<std::pair<std::string, std::vector<const elf::Object *>>> cautions;
    for (const elf::Object *object : resolved.objects) {
      const abi::ArchInfo &target = *resolved.inputs.target;
      resolved.archFlags |= object->arch->archFlags(object->abi, target);
      const std::string caution = object->arch->caution(object->abi, target);
      if (caution.empty())
        continue;
      const auto found =
          std::ranges::find(cautions, caution, [](const auto &c) { return c.first; });
      if (found == cautions.end())
        cautions.push_back({caution, {object}});
      else
        found->second.push_back(object);
    }
    for (const auto &[caution, objects] : cautions) {
      std::vector<Note> notes;
      if (objects.size() > 1)
        notes.push_back({"also in", objects.size() == 2
                                        ? objects[1]->name
                                        : std::to_string(objects.size() - 1) + " more objects"});
      notes.push_back(
          {"hint", "leave the extension out of -march, or use the module on such processors only"});
      diag.add({Severity::Warning,
                "arch-extension",
                {objects.front()->name, {}, {}},
                caution,
                std::move(notes)});
    }
  }

  void extractMembers() {
    // All archives are one group: a member may need one from any archive, earlier ones too, and the
    // first that defines a name serves. But an archive is asked for all that is wanted before the
    // next one, as ld does: a member of that one may define more than what it is extracted for.
    const auto &archives = resolved.inputs.archives;
    std::vector<size_t> asked(archives.size()); // So many of the names that are wanted.
    for (size_t i = 0; i < archives.size();) {
      const size_t extracted = resolved.extracted.size();
      extractMembers(*archives[i], asked[i]);
      i = resolved.extracted.size() == extracted ? i + 1 : 0;
    }
  }

  void extractMembers(elf::Archive &archive, size_t &asked) {
    // Each member that comes in may add to the end of the list, for which others come first.
    const size_t end = pending.size();
    for (size_t i = std::exchange(asked, end); i < end; ++i) {
      const std::string_view name = pending[i];
      if (!archive.defines(name))
        continue;
      const Definition *definition = definitionOf(name);
      if (definition && (definition->rank != Common || !archive.definesInSection(name, diag)))
        continue;
      // A jump into the firmware is smaller than a copy of the function: memcpy, for example.
      if (resolved.inputs.abi->findEntry(name, *resolved.inputs.target))
        continue;
      if (auto object = archive.extract(name, diag))
        addMember(std::move(*object), name);
    }
  }

  void addMember(elf::Object object, std::string_view wantedName) {
    if (object.arch != resolved.inputs.arch) {
      diag.error("wrong-machine", {object.name, {}, {}},
                 "the archive member is for another processor",
                 "use the library of your compiler's multilib for the module's architecture");
      return;
    }
    if (const std::string why = object.arch->mismatch(object.abi, *resolved.inputs.target);
        !why.empty()) {
      diag.error("abi-conflict", {object.name, {}, {}}, why,
                 "use the library of the multilib that fits your " +
                     std::string(object.arch->abiOptions()));
      return;
    }
    resolved.extracted.push_back(std::make_unique<elf::Object>(std::move(object)));
    add(*resolved.extracted.back());
    resolved.extractedFor.back() = wantedName;
  }

  /// Common symbols become zero sections of an object of their own, in order of first appearance.
  void allocateCommons() {
    auto object = std::make_unique<elf::Object>();
    object->name = "common symbols";
    object->arch = resolved.inputs.arch;
    object->sections.emplace_back();
    object->symbols.emplace_back();
    for (uint32_t i = 0; i < resolved.objects.size(); ++i)
      for (uint32_t j = 0; j < resolved.objects[i]->symbols.size(); ++j) {
        const elf::Symbol &symbol = resolved.objects[i]->symbols[j];
        const auto found = definitions.find(symbol.name);
        if (found == definitions.end() || found->second.rank != Common ||
            found->second.object != i || found->second.symbol != j)
          continue;
        elf::Section section;
        section.name = symbol.name;
        section.type = llvm::ELF::SHT_NOBITS;
        section.flags = llvm::ELF::SHF_ALLOC | llvm::ELF::SHF_WRITE;
        section.size = symbol.size;
        section.align = std::max<uint64_t>(commonAlign[symbol.name], 1);
        elf::Symbol defined = symbol;
        defined.place = elf::Place::Section;
        defined.section = static_cast<uint32_t>(object->sections.size());
        defined.value = 0;
        object->sections.push_back(section);
        object->symbols.push_back(defined);
      }
    if (object->symbols.size() == 1)
      return;
    resolved.extracted.push_back(std::move(object));
    add(*resolved.extracted.back());
  }

  void giveMeanings(uint32_t number) {
    const elf::Object &object = *resolved.objects[number];
    std::vector<Target> &targets = resolved.targets.emplace_back();
    targets.reserve(object.symbols.size());
    for (uint32_t i = 0; i < object.symbols.size(); ++i) {
      const elf::Symbol &symbol = object.symbols[i];
      if (symbol.isLocal() || symbol.name.empty())
        targets.push_back(own(number, i));
      else
        targets.push_back(global(symbol));
    }
  }

  Target own(uint32_t object, uint32_t index) const {
    const elf::Symbol &symbol = resolved.objects[object]->symbols[index];
    switch (symbol.place) {
    case elf::Place::Absolute:
      return {Target::Kind::Constant, 0, symbol.value};
    case elf::Place::Section:
      if (symbol.type == llvm::ELF::STT_GNU_IFUNC)
        return refused(Refusal::Ifunc);
      if (isDropped(object, symbol))
        return refused(Refusal::Replaced);
      return {Target::Kind::Inside, resolved.firstSection[object] + symbol.section, symbol.value};
    case elf::Place::Undefined:
    case elf::Place::Common:
      break;
    }
    return {Target::Kind::Null, 0, 0}; // Symbol 0: "no symbol".
  }

  /// Of a symbol of that name, wherever it is defined; empty when nothing defines it.
  std::optional<Target> named(std::string_view name) {
    if (const auto found = definedAs.find(name); found != definedAs.end())
      return found->second;
    // Before any definition, as the code that calls it is rewritten.
    if (const std::optional<arch::ThreadCall> call = resolved.inputs.arch->threadCall(name))
      return Target{Target::Kind::Thread, static_cast<uint32_t>(*call), 0};
    if (const Definition *definition = definitionOf(name))
      return own(definition->object, definition->symbol);
    if (const auto found = resolved.inputs.externs.find(std::string(name));
        found != resolved.inputs.externs.end())
      return Target{Target::Kind::Constant, 0, found->second};
    if (name == "_GLOBAL_OFFSET_TABLE_")
      return Target{Target::Kind::Got, 0, 0};
    if (const std::optional<Target> bound = bounds.find(name, resolved.runs))
      return bound;
    const abi::Abi &abi = *resolved.inputs.abi;
    if (const std::optional<abi::Table> table = abi.findTable(name))
      return Target{Target::Kind::Table, static_cast<uint32_t>(*table), 0};
    if (const abi::EntrySymbol *entry = abi.findEntry(name, *resolved.inputs.target))
      return Target{Target::Kind::Entry, entry->index, 0};
    return std::nullopt;
  }

  Target global(const elf::Symbol &symbol) {
    const std::string_view name = meant(symbol);
    if (const std::optional<Target> target = named(name))
      return *target;
    // Its definition went with its copy of a group, and the copy that was taken has none.
    if (symbol.place == elf::Place::Section)
      return refused(Refusal::Replaced);
    if (symbol.isWeak())
      return {Target::Kind::Null, 0, 0};
    if (name != symbol.name) {
      if (told.insert(name).second)
        diag.error("undefined-symbol", {}, "undefined symbol: " + llvm::demangle(name),
                   "-wrap needs it: define it, or leave the option out");
      return refused(Refusal::Told);
    }
    return {Target::Kind::Undefined, 0, 0};
  }

  /// Those that name others after these, so that the order of the options does not matter.
  void settleDefsyms() {
    for (bool isNew = true; isNew;) {
      isNew = false;
      for (const auto &[name, defsym] : defsyms)
        isNew = (!definedAs.contains(name) && settle(*defsym)) || isNew;
    }
    for (const auto &[name, defsym] : defsyms)
      if (!definedAs.contains(name)) {
        diag.error("undefined-symbol", {}, "undefined symbol: " + llvm::demangle(defsym->other),
                   "-defsym " + defsym->name + " needs it: define it, or correct the option");
        definedAs[name] = refused(Refusal::Told);
      }
  }

  bool settle(const Defsym &defsym) {
    Target target{Target::Kind::Constant, 0, 0};
    if (!defsym.other.empty()) {
      if (defsyms.contains(defsym.other) && !definedAs.contains(defsym.other))
        return false;
      const std::optional<Target> other = named(defsym.other);
      if (!other)
        return false;
      target = *other;
    }
    if (defsym.addend != 0 && target.kind != Target::Kind::Inside &&
        target.kind != Target::Kind::Constant) {
      diag.error("unsupported-symbol", {},
                 "-defsym " + defsym.name + ": only the start of " + defsym.other +
                     " can be named, because it is in the firmware or made by the linker",
                 "leave the number out");
      target = refused(Refusal::Told);
    }
    target.value += static_cast<uint64_t>(defsym.addend);
    if (resolved.inputs.arch->wordSize() == 4)
      target.value = static_cast<uint32_t>(target.value);
    definedAs[defsym.name] = target;
    return true;
  }

  void resolveRoots() {
    for (const std::string &name : options.undefined)
      if (const std::optional<Target> target = named(name))
        resolved.roots.push_back(*target);
    for (const std::string &name : options.required) {
      if (const std::optional<Target> target = named(name))
        resolved.roots.push_back(*target);
      else
        diag.error("undefined-symbol", {}, "undefined symbol: " + llvm::demangle(name),
                   "-require-defined asks for it: define it, or leave the option out");
    }
  }

  bool isCode(const Target &target) const {
    if (target.kind != Target::Kind::Inside)
      return false;
    const elf::Section &section = resolved.section(target.index);
    return contentOf(section, *resolved.inputs.arch) == Content::Code &&
           resolved.inputs.arch->codeAddress(target.value) < section.size;
  }

  void resolveEntry() {
    const Definition *definition = definitionOf(options.entry);
    if (const std::optional<Target> target = named(options.entry);
        target && (definition || definedAs.contains(options.entry))) {
      resolved.entry = *target;
      if (isCode(resolved.entry))
        return;
      resolved.entry = {};
      diag.error("no-entry",
                 {definition ? resolved.objects[definition->object]->name : "-defsym", {}, {}},
                 options.entry + " is not a function",
                 "the module's entry must be a function in an executable section");
      return;
    }
    // A C++ author who forgets extern "C" defines a mangled name that starts like this.
    const std::string mangled = "_Z" + std::to_string(options.entry.size()) + options.entry;
    std::string hint = "define it: mp_obj_t " + options.entry +
                       "(mp_obj_fun_bc_t *self, size_t n_args, size_t n_kw, mp_obj_t *args)";
    for (const auto &[name, definition] : definitions)
      if (name.starts_with(mangled))
        hint = "it is defined as a C++ function: declare it extern \"C\"";
    for (const elf::Object *object : resolved.objects)
      for (const elf::Symbol &symbol : object->symbols)
        if (symbol.isLocal() && symbol.name == options.entry && symbol.place == elf::Place::Section)
          hint = "it is static in " + object->name + ": remove 'static'";
    diag.error("no-entry", {resolved.objects.front()->name, {}, {}},
               "no object defines the module's entry function " + options.entry, hint);
  }

  Resolved resolved;
  const Options &options;
  Diag &diag;
  elf::SourceLines lines;
  std::unordered_map<std::string_view, Definition> definitions;
  std::unordered_map<std::string_view, uint64_t> commonAlign;
  std::unordered_set<std::string_view> comdats;
  SectionBounds bounds;
  std::map<std::string, std::string, std::less<>> otherNames; ///< What -wrap makes of references.
  std::map<std::string_view, const Defsym *> defsyms;
  std::unordered_map<std::string_view, Target> definedAs; ///< The meanings of these.
  std::unordered_set<std::string_view> told;
  std::unordered_set<std::string_view> wanted;
  std::vector<std::string_view> pending;
};

} // namespace

Resolved resolve(const Inputs &inputs, const Options &options, Diag &diag) {
  return Resolver(inputs, options, diag).run();
}

} // namespace mpylink::link
