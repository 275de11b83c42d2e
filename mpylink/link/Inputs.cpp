// SPDX-License-Identifier: MIT
// Files -> Inputs.
#include "link/Libraries.h"
#include "link/LinkerScript.h"
#include "link/Passes.h"
#include "link/Qstrs.h"
#include "mpy/Reader.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/BinaryFormat/Magic.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include <algorithm>

namespace mpylink::link {

namespace {

using Buffer = std::unique_ptr<llvm::MemoryBuffer>;

Buffer open(const std::string &path, Diag &diag) {
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/false,
                                            /*RequiresNullTerminator=*/false);
  if (buffer)
    return std::move(*buffer);
  diag.error("cannot-read", {path, {}, {}}, "cannot be read: " + buffer.getError().message(),
             "check the path");
  return nullptr;
}

/// Objects, archives and linker scripts of the command line.
class FileReader {
public:
  FileReader(const Options &options, Inputs &inputs, Diag &diag)
      : options(options), inputs(inputs), diag(diag) {}

  void addFile(const std::string &path) { addFile(path, isWhole(path)); }

  void addLibrary(const std::string &library) {
    if (const std::string path = libraryFile(options, library); !path.empty())
      return addFile(path, isWhole(library));
    diag.error("cannot-read", {"-l" + library, {}, {}},
               "no " + libraryFileName(library) + " in the folders given with -L",
               "add -L FOLDER, or give the archive's path");
  }

private:
  bool isWhole(const std::string &input) const { return options.wholeArchives.contains(input); }

  void addFile(const std::string &path, bool isWhole) {
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
    if (const auto listed = readLinkerScript({buffer->getBufferStart(), buffer->getBufferSize()});
        !listed.empty())
      return addScript(path, listed);
    if (isModule(buffer->getBuffer()))
      return addModule(path, *buffer);
    if (llvm::identify_magic(buffer->getBuffer()) == llvm::file_magic::archive) {
      auto archive = elf::Archive::open(path, std::move(buffer), diag);
      if (archive && isWhole)
        for (elf::Object &member : archive->readAll(diag))
          inputs.objects.push_back(std::make_unique<elf::Object>(std::move(member)));
      else if (archive)
        inputs.archives.push_back(std::move(archive));
      return;
    }
    const std::shared_ptr<llvm::MemoryBuffer> shared = std::move(buffer);
    const ByteView bytes(reinterpret_cast<const uint8_t *>(shared->getBufferStart()),
                         shared->getBufferSize());
    if (inputs.objects.empty())
      inputs.modulesBefore = inputs.modules.size();
    if (auto object = elf::readObject(path, bytes, shared, diag))
      inputs.objects.push_back(std::make_unique<elf::Object>(std::move(*object)));
  }

  static bool isModule(llvm::StringRef bytes) {
    return bytes.size() > 1 && bytes[0] == 'M' && (bytes[1] == 5 || bytes[1] == 6);
  }

  void addModule(const std::string &path, const llvm::MemoryBuffer &buffer) {
    const ByteView bytes(reinterpret_cast<const uint8_t *>(buffer.getBufferStart()),
                         buffer.getBufferSize());
    Result<mpy::Module> module = mpy::read(bytes);
    if (module)
      inputs.modules.push_back({path, std::move(*module)});
    else
      diag.error("corrupt-module", {path, {}, module.failure().offset}, module.failure().text,
                 "make the file again");
  }

  void addScript(const std::string &path, const std::vector<ScriptInput> &listed) {
    llvm::sys::fs::UniqueID id;
    if (llvm::sys::fs::getUniqueID(path, id) || llvm::is_contained(openScripts, id))
      return diag.error("cannot-read", {path, {}, {}}, "linker scripts name each other in a circle",
                        "give the archives themselves");
    openScripts.push_back(id);
    for (const ScriptInput &input : listed)
      if (input.isLibrary)
        addLibrary(input.name);
      else
        addFile(placeOf(input.name, path));
    openScripts.pop_back();
  }

  /// As ld looks for it: beside the script, in the current folder, in the folders of -L.
  std::string placeOf(const std::string &file, const std::string &script) const {
    if (llvm::sys::path::is_absolute(file))
      return file;
    llvm::SmallString<128> beside(llvm::sys::path::parent_path(script));
    llvm::sys::path::append(beside, file);
    if (llvm::sys::fs::exists(beside))
      return std::string(beside);
    if (llvm::sys::fs::exists(file))
      return file;
    const std::string path = inLibraryPaths(options, file);
    return path.empty() ? std::string(beside) : path;
  }

  const Options &options;
  Inputs &inputs;
  Diag &diag;
  std::vector<llvm::sys::fs::UniqueID> openScripts; ///< From the command line's inwards.
};

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

/// Of an object that no architecture takes: what the only one of its processor lacks.
void reportUnfit(const elf::Object &object, Diag &diag) {
  std::vector<const abi::ArchInfo *> own;
  for (const abi::ArchInfo &info : abi::archs())
    if (arch::find(info.elfMachine, info.wordSize) == object.arch)
      own.push_back(&info);
  if (own.size() == 1)
    return diag.error("abi-conflict", {object.name, {}, {}},
                      object.arch->mismatch(object.abi, *own.front()),
                      "compile it for " + std::string(own.front()->name));
  diag.error("abi-conflict", {object.name, {}, {}},
             object.abi.text + ": no MicroPython architecture is like that",
             "compile with other " + std::string(object.arch->abiOptions()));
}

/// The first architecture that takes every object, or null.
const abi::ArchInfo *deduceTarget(const Inputs &inputs, Diag &diag) {
  const auto &objects = inputs.objects;
  std::vector<const abi::ArchInfo *> left;
  for (const abi::ArchInfo &info : abi::archs())
    left.push_back(&info);
  for (auto object = objects.begin(); object != objects.end(); ++object) {
    std::erase_if(left, [&](const abi::ArchInfo *info) { return !fits(**object, *info); });
    if (!left.empty())
      continue;
    // The object before it that is the reason.
    const auto other = std::find_if(objects.begin(), object, [&](const auto &candidate) {
      return std::ranges::none_of(abi::archs(), [&](const abi::ArchInfo &info) {
        return fits(*candidate, info) && fits(**object, info);
      });
    });
    if (other == object)
      reportUnfit(**object, diag);
    else
      diag.error("abi-conflict", {(*object)->name, {}, {}},
                 "no architecture fits all objects: this one has " + (*object)->abi.text + ", " +
                     (*other)->name + " has " + (*other)->abi.text,
                 "compile all objects with the same " + std::string((*object)->arch->abiOptions()));
    return nullptr;
  }
  return left.front();
}

void settleTarget(const Options &options, Inputs &inputs, Diag &diag) {
  const elf::Object &first = *inputs.objects.front();
  for (const auto &object : inputs.objects) {
    if (object->arch != first.arch) {
      diag.error("wrong-machine", {object->name, {}, {}},
                 "the object is for another processor than " + first.name,
                 "compile all objects for the same architecture");
      continue;
    }
    // Not only with the first one, which may have nothing to disagree about.
    for (const auto &other : inputs.objects) {
      if (other == object)
        break;
      if (other->arch != object->arch)
        continue;
      const std::string why = object->arch->conflict(other->abi, object->abi);
      if (why.empty())
        continue;
      diag.error("abi-conflict", {object->name, {}, {}},
                 why + " (the other object is " + other->name + ")");
      break;
    }
  }
  if (diag.hasErrors())
    return;
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
  std::string known;
  for (std::string_view flag : target.flags)
    known += (known.empty() ? "" : ", ") + std::string(flag);
  const std::string hint =
      std::string(target.name) +
      (known.empty() ? " has no flags: leave -arch-flags out" : " has " + known);
  uint32_t flags = 0;
  if (llvm::StringRef(text).getAsInteger(0, flags)) {
    llvm::SmallVector<llvm::StringRef> names;
    llvm::StringRef(text).split(names, ',');
    for (const llvm::StringRef name : names) {
      const auto found = std::ranges::find(target.flags, std::string_view(name.lower()));
      if (found == target.flags.end()) {
        diag.error("unknown-arch-flag", {}, "unknown architecture flag " + name.str(), hint);
        continue;
      }
      flags |= 1u << (found - target.flags.begin());
    }
  } else if (flags >> target.flags.size() != 0) {
    diag.error("unknown-arch-flag", {}, "unknown architecture flags " + hex(flags), hint);
  }
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
  inputs.constantsInBlock = options.constantsInBlock;
  FileReader files(options, inputs, diag);
  for (const std::string &path : options.files)
    files.addFile(path);
  for (const std::string &library : options.libraries)
    files.addLibrary(library);
  for (const std::string &path : options.externs)
    if (const Buffer buffer = open(path, diag))
      elf::readExterns(path, {buffer->getBufferStart(), buffer->getBufferSize()}, inputs.externs,
                       diag);
  if (!options.qstrs.empty())
    if (const Buffer buffer = open(options.qstrs, diag))
      inputs.qstrs =
          readQstrHeader(options.qstrs, {buffer->getBufferStart(), buffer->getBufferSize()}, diag);
  if (inputs.objects.empty()) {
    if (!diag.hasErrors() && (!options.merge || inputs.modules.empty()))
      diag.error("no-objects", {}, "there is no object file among the inputs",
                 inputs.modules.empty()
                     ? "archives are searched for what objects need; give at least one .o file"
                     : "-merge makes one module of .mpy files alone");
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
