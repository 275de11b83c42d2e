// SPDX-License-Identifier: MIT
// Files -> Inputs.
#include "link/Passes.h"
#include "link/Qstrs.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/BinaryFormat/Magic.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include <algorithm>

namespace mpylink::link {

namespace {

using Buffer = std::unique_ptr<llvm::MemoryBuffer>;

/// Linker scripts inside of each other.
constexpr unsigned maxScripts = 8;

Buffer open(const std::string &path, Diag &diag) {
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/false,
                                            /*RequiresNullTerminator=*/false);
  if (buffer)
    return std::move(*buffer);
  diag.error("cannot-read", {path, {}, {}}, "cannot be read: " + buffer.getError().message(),
             "check the path");
  return nullptr;
}

/// `depth` counts the linker scripts around the file.
void addFile(const std::string &path, Inputs &inputs, Diag &diag, unsigned depth = 0);

/// The files of a library that is a linker script, like glibc's libm.a: `GROUP ( a.a b.a )`. Empty
/// for any other file.
std::vector<std::string> scriptFiles(llvm::StringRef text) {
  constexpr llvm::StringLiteral marker = "/* GNU ld script";
  std::vector<std::string> files;
  if (!text.starts_with(marker))
    return files;
  for (const llvm::StringLiteral command :
       {llvm::StringLiteral("GROUP"), llvm::StringLiteral("INPUT")}) {
    llvm::StringRef list = text.substr(text.find(command));
    if (!list.consume_front(command))
      continue;
    list = list.ltrim();
    if (!list.consume_front("("))
      continue;
    llvm::SmallVector<llvm::StringRef> words;
    list.take_until([](char c) { return c == ')'; }).split(words, ' ', -1, /*KeepEmpty=*/false);
    for (const llvm::StringRef word : words)
      if (!word.trim().empty())
        files.push_back(word.trim().str());
  }
  return files;
}

void addFile(const std::string &path, Inputs &inputs, Diag &diag, unsigned depth) {
  constexpr llvm::StringLiteral sources[] = {".c", ".cc", ".cpp", ".cxx", ".S", ".s"};
  Buffer buffer = open(path, diag);
  if (!buffer)
    return;
  if (llvm::is_contained(sources, llvm::sys::path::extension(path))) {
    diag.error("not-an-object", {path, {}, {}}, "this is a source file, not an object",
               "compile it first (cc -c), or use templates/mpylink.mk");
    return;
  }
  for (const auto &object : inputs.objects)
    if (object->name == path) {
      diag.error("given-twice", {path, {}, {}}, "the object is given twice", "remove one");
      return;
    }
  if (const std::vector<std::string> files = scriptFiles(buffer->getBuffer()); !files.empty()) {
    if (depth == maxScripts)
      return diag.error("cannot-read", {path, {}, {}}, "linker scripts name each other in a circle",
                        "give the archives themselves");
    for (const std::string &file : files)
      addFile(file, inputs, diag, depth + 1);
    return;
  }
  if (llvm::identify_magic(buffer->getBuffer()) == llvm::file_magic::archive) {
    if (auto archive = elf::Archive::open(path, std::move(buffer), diag))
      inputs.archives.push_back(std::move(archive));
    return;
  }
  const std::shared_ptr<llvm::MemoryBuffer> shared = std::move(buffer);
  const ByteView bytes(reinterpret_cast<const uint8_t *>(shared->getBufferStart()),
                       shared->getBufferSize());
  if (auto object = elf::readObject(path, bytes, shared, diag))
    inputs.objects.push_back(std::make_unique<elf::Object>(std::move(*object)));
}

/// -l takes a path, as MicroPython's makefiles pass it, or a name to look for, as ld does.
void addLibrary(const std::string &library, const Options &options, Inputs &inputs, Diag &diag) {
  if (library.find('/') != std::string::npos || library.ends_with(".a"))
    return addFile(library, inputs, diag);
  for (const std::string &folder : options.libraryPaths) {
    const std::string path = folder + "/lib" + library + ".a";
    if (auto buffer = llvm::MemoryBuffer::getFile(path))
      return addFile(path, inputs, diag);
  }
  diag.error("cannot-read", {"-l" + library, {}, {}},
             "no lib" + library + ".a in the folders given with -L",
             "add -L FOLDER, or give the archive's path");
}

std::string archNames(const arch::Arch *only) {
  std::string names;
  for (const abi::ArchInfo &info : abi::archs()) {
    const arch::Arch *arch = arch::find(info.elfMachine, info.wordSize);
    if (!arch || (only && arch != only) || !arch->mismatch({}, info).empty())
      continue;
    names += names.empty() ? "" : ", ";
    names += info.name;
  }
  return names;
}

bool fits(const elf::Object &object, const abi::ArchInfo &info) {
  return arch::find(info.elfMachine, info.wordSize) == object.arch &&
         object.arch->mismatch(object.abi, info).empty();
}

/// The first architecture that takes every object, or null.
const abi::ArchInfo *deduceTarget(const Inputs &inputs, Diag &diag) {
  for (const abi::ArchInfo &info : abi::archs())
    if (std::ranges::all_of(inputs.objects,
                            [&](const auto &object) { return fits(*object, info); }))
      return &info;
  for (const auto &object : inputs.objects)
    if (std::ranges::none_of(abi::archs(),
                             [&](const abi::ArchInfo &info) { return fits(*object, info); })) {
      diag.error("abi-conflict", {object->name, {}, {}},
                 object->abi.text + ": no MicroPython architecture is like that",
                 "compile with another -mcpu or -mfloat-abi");
      return nullptr;
    }
  const elf::Object &first = *inputs.objects.front(), &last = *inputs.objects.back();
  diag.error("abi-conflict", {first.name, {}, {}},
             "no architecture fits all objects: this one has " + first.abi.text + ", " + last.name +
                 " has " + last.abi.text,
             "compile all objects with the same -mcpu and -mfloat-abi, or give -arch to see which "
             "object does not fit");
  return nullptr;
}

void settleTarget(const Options &options, Inputs &inputs, Diag &diag) {
  const elf::Object &first = *inputs.objects.front();
  for (const auto &object : inputs.objects) {
    if (object->arch != first.arch) {
      diag.error("wrong-machine", {object->name, {}, {}},
                 "the object is for another processor than " + first.name,
                 "compile all objects for the same architecture");
      return;
    }
    if (const std::string why = object->arch->conflict(first.abi, object->abi); !why.empty())
      diag.error("abi-conflict", {object->name, {}, {}},
                 why + " (the other object is " + first.name + ")");
  }
  if (options.arch.empty()) {
    inputs.target = deduceTarget(inputs, diag);
    if (!inputs.target)
      return;
  } else {
    inputs.target = abi::findArch(options.arch);
    if (!inputs.target || !arch::find(inputs.target->elfMachine, inputs.target->wordSize)) {
      diag.error("unknown-arch", {}, "unknown architecture " + options.arch,
                 "known are " + archNames(nullptr));
      inputs.target = nullptr;
      return;
    }
    for (const auto &object : inputs.objects) {
      if (object->arch != arch::find(inputs.target->elfMachine, inputs.target->wordSize)) {
        diag.error("wrong-machine", {object->name, {}, {}}, "the object is not for " + options.arch,
                   "its processor's architectures are " + archNames(object->arch));
        continue;
      }
      if (const std::string why = object->arch->mismatch(object->abi, *inputs.target); !why.empty())
        diag.error("abi-conflict", {object->name, {}, {}}, why,
                   "compile it for " + options.arch + ", or link for another -arch");
    }
  }
  inputs.arch = first.arch;
}

/// "3", "0x3" or "zba,zcmp".
void readArchFlags(const std::string &text, Inputs &inputs, Diag &diag) {
  const abi::ArchInfo &target = *inputs.target;
  uint32_t flags = 0;
  if (llvm::StringRef(text).getAsInteger(0, flags)) {
    llvm::SmallVector<llvm::StringRef> names;
    llvm::StringRef(text).split(names, ',');
    for (const llvm::StringRef name : names) {
      const auto found = std::ranges::find(target.flags, std::string_view(name.lower()));
      if (found == target.flags.end()) {
        std::string known;
        for (std::string_view flag : target.flags)
          known += (known.empty() ? "" : ", ") + std::string(flag);
        diag.error("unknown-arch-flag", {}, "unknown architecture flag " + name.str(),
                   std::string(target.name) +
                       (known.empty() ? " has no flags: leave -arch-flags out" : " has " + known));
        continue;
      }
      flags |= 1u << (found - target.flags.begin());
    }
  } else if (flags >> target.flags.size() != 0) {
    diag.error("unknown-arch-flag", {}, "unknown architecture flags " + hex(flags),
               std::string(target.name) + " has " + std::to_string(target.flags.size()) + " flags");
  }
  if (flags != 0)
    inputs.archFlags = flags;
}

void checkExterns(const Inputs &inputs, Diag &diag) {
  const unsigned bits = inputs.arch->wordSize() * 8;
  for (const auto &[name, value] : inputs.externs)
    if (bits < 64 && value >> bits != 0)
      diag.error("out-of-range", {},
                 "the external symbol " + name + " has the address " + hex(value) + ", and " +
                     std::string(inputs.target->name) + " has addresses of " +
                     std::to_string(bits) + " bits",
                 "correct the file given with -externs");
}

} // namespace

Inputs readInputs(const Options &options, Diag &diag) {
  Inputs inputs;
  inputs.abi = abi::findAbi(6, 3);
  for (const std::string &path : options.files)
    addFile(path, inputs, diag);
  for (const std::string &library : options.libraries)
    addLibrary(library, options, inputs, diag);
  for (const std::string &path : options.externs)
    if (const Buffer buffer = open(path, diag))
      elf::readExterns(path, {buffer->getBufferStart(), buffer->getBufferSize()}, inputs.externs,
                       diag);
  if (!options.qstrs.empty())
    if (const Buffer buffer = open(options.qstrs, diag))
      inputs.qstrs =
          readQstrHeader(options.qstrs, {buffer->getBufferStart(), buffer->getBufferSize()}, diag);
  if (inputs.objects.empty()) {
    if (!diag.hasErrors())
      diag.error("no-objects", {}, "there is no object file among the inputs",
                 "archives are searched for what objects need; give at least one .o file");
    return inputs;
  }
  if (!diag.hasErrors())
    settleTarget(options, inputs, diag);
  if (!diag.hasErrors())
    checkExterns(inputs, diag);
  if (!diag.hasErrors() && !options.archFlags.empty())
    readArchFlags(options.archFlags, inputs, diag);
  return inputs;
}

} // namespace mpylink::link
