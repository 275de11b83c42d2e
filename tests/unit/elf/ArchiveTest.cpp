// SPDX-License-Identifier: MIT
// Archives of every format that tools for ELF write, and damaged ones.
#include "Guarded.h"
#include "Yaml.h"

#include "elf/Archive.h"

#include "llvm/Object/ArchiveWriter.h"

#include <filesystem>
#include <fstream>
#include <random>

using namespace mpylink;
using llvm::object::Archive;

namespace {

struct File {
  std::string name, bytes;
};

/// An object that defines `symbol`, refers to `needs`, and has a local symbol of its own.
File object(const std::string &name, const std::string &symbol, const std::string &needs = "x") {
  const Bytes bytes =
      elftest::fromYaml("--- !ELF\nFileHeader: {Class: ELFCLASS64, Data: ELFDATA2LSB, Type: "
                        "ET_REL, Machine: EM_X86_64}\nSections: [{Name: .text, Type: SHT_PROGBITS, "
                        "Flags: [SHF_ALLOC], Content: '90'}]\nSymbols:\n"
                        "  - {Name: hidden_inside, Section: .text}\n"
                        "  - {Name: " +
                        symbol + ", Binding: STB_GLOBAL, Section: .text}\n  - {Name: " + needs +
                        ", Binding: STB_GLOBAL}\n");
  return {name, {bytes.begin(), bytes.end()}};
}

Bytes archive(const std::vector<File> &files, Archive::Kind kind, bool withIndex = true,
              bool thin = false) {
  std::vector<llvm::NewArchiveMember> members;
  for (const File &file : files)
    members.emplace_back(llvm::MemoryBufferRef(file.bytes, file.name));
  auto buffer = llvm::writeArchiveToBuffer(members,
                                           withIndex ? llvm::SymtabWritingMode::NormalSymtab
                                                     : llvm::SymtabWritingMode::NoSymtab,
                                           kind, /*Deterministic=*/true, thin);
  if (!buffer)
    FAIL(llvm::toString(buffer.takeError()));
  const llvm::StringRef text = (*buffer)->getBuffer();
  return {text.begin(), text.end()};
}

std::unique_ptr<elf::Archive> open(ByteView bytes, Diag &diag) {
  return elf::Archive::open(
      "lib.a",
      llvm::MemoryBuffer::getMemBuffer(
          llvm::StringRef(reinterpret_cast<const char *>(bytes.data()), bytes.size()), "lib.a",
          /*RequiresNullTerminator=*/false),
      diag);
}

/// "text [id]" of the one problem.
std::string only(const Diag &diag) {
  REQUIRE(diag.all().size() == 1);
  return toString(diag.all().front().where) + ": " + diag.all().front().text + " [" +
         std::string(diag.all().front().id) + "]";
}

std::string problem(ByteView bytes) {
  Diag diag;
  CHECK_FALSE(open(bytes, diag));
  return only(diag);
}

/// The object that defines `symbol`, from an archive that is good.
elf::Object extract(elf::Archive &archive, std::string_view symbol) {
  Diag diag;
  REQUIRE(archive.defines(symbol));
  std::optional<elf::Object> object = archive.extract(symbol, diag);
  REQUIRE(object);
  REQUIRE(diag.all().empty());
  bool found = false;
  for (const elf::Symbol &candidate : object->symbols)
    found |= candidate.name == symbol && candidate.place == elf::Place::Section;
  CHECK(found);
  return std::move(*object);
}

} // namespace

TEST_CASE("archives of every format are read", "[elf]") {
  const Archive::Kind kind = GENERATE(Archive::K_GNU, Archive::K_GNU64, Archive::K_BSD,
                                      Archive::K_DARWIN, Archive::K_DARWIN64);
  const bool withIndex = GENERATE(true, false);
  INFO("kind " << kind << ", index " << withIndex);
  const Bytes bytes = archive({object("a.o", "alpha"), object("b.o", "beta", "alpha"),
                               object("a_name_of_more_than_fifteen_characters.o", "gamma")},
                              kind, withIndex);
  Diag diag;
  const auto lib = open(bytes, diag);
  REQUIRE(lib);
  CHECK(diag.all().empty());
  CHECK(lib->path() == "lib.a");
  CHECK_FALSE(lib->defines("hidden_inside"));
  CHECK_FALSE(lib->defines("x"));
  CHECK_FALSE(lib->defines("alph"));

  const elf::Object beta = extract(*lib, "beta");
  CHECK(beta.name == "lib.a(b.o)");
  // A member comes once.
  CHECK_FALSE(lib->defines("beta"));
  CHECK(extract(*lib, "alpha").name == "lib.a(a.o)");
  CHECK(extract(*lib, "gamma").name == "lib.a(a_name_of_more_than_fifteen_characters.o)");
}

TEST_CASE("of two members that define a symbol the first is taken", "[elf]") {
  const bool withIndex = GENERATE(true, false);
  const Bytes bytes = archive(
      {object("same.o", "first"), object("same.o", "second"), object("other.o", "first", "second")},
      Archive::K_GNU, withIndex);
  Diag diag;
  const auto lib = open(bytes, diag);
  REQUIRE(lib);
  CHECK(extract(*lib, "first").name == "lib.a(same.o)");
  CHECK_FALSE(lib->defines("first"));
  // The same name, and another member.
  CHECK(lib->defines("second"));
  CHECK(extract(*lib, "second").name == "lib.a(same.o)");
}

TEST_CASE("empty archives define nothing", "[elf]") {
  Diag diag;
  const Bytes empty = GENERATE(Bytes{'!', '<', 'a', 'r', 'c', 'h', '>', '\n'},
                               archive({}, Archive::K_GNU), archive({}, Archive::K_BSD));
  const auto lib = open(empty, diag);
  REQUIRE(lib);
  CHECK(diag.all().empty());
  CHECK_FALSE(lib->defines(""));
  CHECK_FALSE(lib->defines("f"));
}

TEST_CASE("members of a thin archive are beside it", "[elf]") {
  namespace fs = std::filesystem;
  const fs::path folder = fs::temp_directory_path() / ("mpylink-thin-" + std::to_string(getpid()));
  fs::create_directories(folder / "sub");
  const auto write = [&](const std::string &name, std::string_view bytes) {
    std::ofstream(folder / name, std::ios::binary) << bytes;
  };
  const File here = object("here.o", "here"), below = object("sub/below.o", "below"),
             gone = object("gone.o", "gone");
  write(here.name, here.bytes);
  write(below.name, below.bytes);
  const Bytes bytes =
      archive({here, below, gone}, Archive::K_GNU, /*withIndex=*/true, /*thin=*/true);
  write("lib.a", {reinterpret_cast<const char *>(bytes.data()), bytes.size()});
  const std::string path = (folder / "lib.a").string();
  auto buffer = llvm::MemoryBuffer::getFile(path);
  REQUIRE(buffer);
  Diag diag;
  const auto lib = elf::Archive::open(path, std::move(*buffer), diag);
  REQUIRE(lib);
  CHECK(extract(*lib, "here").name == path + "(here.o)");
  CHECK(extract(*lib, "below").name == path + "(below.o)");
  CHECK(lib->defines("gone"));
  CHECK_FALSE(lib->extract("gone", diag));
  CHECK(only(diag) == path + "(gone.o): " + (folder / "gone.o").string() +
                          " cannot be read: No such file or directory [cannot-read]");
  fs::remove_all(folder);
}

TEST_CASE("a member that is no object is an error when it is needed", "[elf]") {
  Bytes bytes = archive({object("a.o", "alpha"), object("b.o", "beta")}, Archive::K_GNU);
  const std::string_view text(reinterpret_cast<const char *>(bytes.data()), bytes.size());
  bytes[text.rfind("\177ELF") + 1] = 'X';
  Diag diag;
  const auto lib = open(bytes, diag);
  REQUIRE(lib);
  extract(*lib, "alpha");
  CHECK_FALSE(lib->extract("beta", diag));
  CHECK(only(diag) == "lib.a(b.o): this is not an ELF object [not-an-object]");
}

TEST_CASE("an archive's index may lie", "[elf]") {
  const Bytes good = archive({object("a.o", "alpha"), object("b.o", "beta")}, Archive::K_GNU);
  // "!<arch>\n", a header of 60 bytes, the number of symbols, an offset for each, their names.
  constexpr size_t count = 8 + 60, firstOffset = count + 4;
  const auto damaged = [&](size_t at, std::initializer_list<uint8_t> bytes) {
    Bytes bad = good;
    std::ranges::copy(bytes, bad.begin() + static_cast<std::ptrdiff_t>(at));
    return bad;
  };
  for (const uint8_t high : {0, 0x3f, 0xff}) {
    const Bytes bad = damaged(count, {high, 0, 0, 40});
    CHECK(problem(bad) == "lib.a+0x8: the archive is damaged: the numbers in its index do not fit "
                          "the index's size [corrupt-archive]");
  }
  CHECK(problem(damaged(firstOffset, {0xff, 0xff, 0xff, 0xff})) ==
        "lib.a+0xffffffff: the archive is damaged: it ends inside the header of a member "
        "[corrupt-archive]");
  CHECK(problem(damaged(firstOffset, {0, 0, 0, 99})) ==
        "lib.a+0x63: the archive is damaged: there is no header of a member at this place "
        "[corrupt-archive]");
}

TEST_CASE("damaged archives are refused or read, and nothing else", "[elf]") {
  const Archive::Kind kind =
      GENERATE(Archive::K_GNU, Archive::K_GNU64, Archive::K_BSD, Archive::K_DARWIN64);
  const bool withIndex = GENERATE(true, false);
  const Bytes good = archive({object("a.o", "alpha"), object("a_longer_name_than_others.o", "beta"),
                              object("c.o", "gamma")},
                             kind, withIndex);
  size_t refused = 0;
  const auto take = [&](ByteView bytes) {
    const elftest::Guarded guarded(bytes);
    Diag diag;
    if (const auto lib = open(guarded.bytes(), diag))
      for (const std::string_view symbol : {"alpha", "beta", "gamma"})
        if (lib->defines(symbol))
          REQUIRE((lib->extract(symbol, diag) || diag.hasErrors()));
    refused += diag.hasErrors();
  };
  SECTION("an end anywhere") {
    for (size_t size = 0; size < good.size(); ++size)
      take(ByteView(good).first(size));
    CHECK(refused > good.size() / 2);
  }
  SECTION("each header byte wrong in several ways") {
    const std::string_view text(reinterpret_cast<const char *>(good.data()), good.size());
    for (size_t at = 0; at < good.size(); ++at) {
      // The members' own bytes are the business of readObject()'s tests.
      if (const size_t object = text.rfind("\177ELF", at);
          object != std::string_view::npos && text.find("`\n", object) > at + 60)
        continue;
      for (const uint8_t value : {0, 1, 10, 32, 47, 48, 57, 127, 255}) {
        Bytes bad = good;
        bad[at] = value;
        take(bad);
      }
    }
    CHECK(refused > 100);
  }
  SECTION("several bytes wrong") {
    std::mt19937 random(1);
    for (int round = 0; round < 500; ++round) {
      Bytes bad = good;
      for (unsigned change = random() % 4 + 1; change > 0; --change)
        bad[random() % bad.size()] = static_cast<uint8_t>(random());
      take(bad);
    }
    CHECK(refused > 50);
  }
}
