# SPDX-License-Identifier: MIT
# abi/runtime: what it computes, in a real MicroPython; that only what is used ends in a module; that a
# module's own definitions win.

import subprocess
import sys

from project import ROOT, Project, environment, main, path_with_esp32

STRINGS = """
#include <stdlib.h>
#include <string.h>
#include "py/dynruntime.h"
// The compiler must not compute these calls itself.
#define HIDE(text) ({ const char *hidden_ = (text); __asm__ volatile("" : "+r"(hidden_)); hidden_; })
static int sign(int x) { return (x > 0) - (x < 0); }
static mp_obj_t check(void) {
  char buffer[32];
  const char *abc = HIDE("abc"), *abcabd = HIDE("abcabd");
  int wrong = 0;
#define CHECK(condition) if (!(condition)) { mp_printf(&mp_plat_print, "%s\\n", #condition); ++wrong; }
  CHECK(strlen(abc) == 3 && strlen(HIDE("")) == 0)
  CHECK(strnlen(abc, 2) == 2 && strnlen(abc, 9) == 3)
  CHECK(strcmp(abc, abcabd) < 0 && strcmp(abcabd, abc) > 0 && strcmp(abc, HIDE("abc")) == 0)
  CHECK(strcmp(HIDE("\\xff"), HIDE("a")) > 0)
  CHECK(strncmp(abc, abcabd, 3) == 0 && strncmp(abc, abcabd, 4) < 0 && strncmp(abc, HIDE("x"), 0) == 0)
  CHECK(sign(memcmp(abc, HIDE("abd"), 3)) == -1 && memcmp(abc, HIDE("abd"), 2) == 0)
  CHECK(memchr(abc, 'c', 3) == abc + 2 && memchr(abc, 'c', 2) == NULL)
  CHECK(strchr(abcabd, 'b') == abcabd + 1 && strchr(abc, 'x') == NULL && strchr(abc, 0) == abc + 3)
  CHECK(strrchr(abcabd, 'b') == abcabd + 4 && strrchr(abc, 'x') == NULL && strrchr(abc, 0) == abc + 3)
  CHECK(strstr(abcabd, HIDE("abd")) == abcabd + 3 && strstr(abc, HIDE("")) == abc && strstr(abc, HIDE("bd")) == NULL)
  CHECK(strspn(abcabd, HIDE("ab")) == 2 && strcspn(abcabd, HIDE("cd")) == 2 && strcspn(abc, HIDE("x")) == 3)
  CHECK(strpbrk(abcabd, HIDE("dc")) == abcabd + 2 && strpbrk(abc, HIDE("x")) == NULL)
  memset(buffer, 'x', sizeof(buffer));
  CHECK(strcpy(buffer, abc) == buffer && strcmp(buffer, abc) == 0 && buffer[4] == 'x')
  CHECK(strcat(buffer, abcabd) == buffer && strcmp(buffer, HIDE("abcabcabd")) == 0)
  CHECK(strncat(buffer, abcabd, 2) == buffer && strcmp(buffer, HIDE("abcabcabdab")) == 0)
  CHECK(strncpy(buffer, abc, 6) == buffer && memcmp(buffer, HIDE("abc\\0\\0\\0abdab"), 11) == 0)
  CHECK(strncpy(buffer, abcabd, 2)[2] == 'c')
  return mp_obj_new_int(wrong);
}
static MP_DEFINE_CONST_FUN_OBJ_0(check_obj, check);
"""

# Pointers lie where the garbage collector does not look for them: as differences.
MEMORY = """
static size_t blocks[64];
static mp_obj_t fill(mp_obj_t seed) {
  unsigned size = (unsigned)mp_obj_get_int(seed);
  for (unsigned i = 0; i < 64; ++i) {
    unsigned char *block = i & 2 ? malloc(size + i) : calloc(size + i, 1);
    for (unsigned j = 0; j < size + i; ++j) {
      if (!(i & 2) && block[j] != 0) return mp_obj_new_int(-1);
      block[j] = (unsigned char)(i + j);
    }
    blocks[i] = ~(size_t)block;
  }
  for (unsigned i = 0; i < 64; i += 5) { free((void *)~blocks[i]); blocks[i] = 0; }
  for (unsigned i = 1; i < 64; i += 5) blocks[i] = ~(size_t)realloc((void *)~blocks[i], 4 * (size + i));
  free(NULL);
  volatile size_t huge = (size_t)-1;
  void *volatile none = malloc(huge), *volatile neither = calloc(huge, 16);
  return mp_obj_new_bool(none == NULL && neither == NULL);
}
static MP_DEFINE_CONST_FUN_OBJ_1(fill_obj, fill);
static mp_obj_t verify(mp_obj_t seed) {
  unsigned size = (unsigned)mp_obj_get_int(seed), wrong = 0;
  for (unsigned i = 0; i < 64; ++i)
    if (blocks[i] != 0) {
      const unsigned char *block = (const unsigned char *)~blocks[i];
      for (unsigned j = 0; j < size + i; ++j) wrong += block[j] != (unsigned char)(i + j);
      free((void *)block);
      blocks[i] = 0;
    }
  return mp_obj_new_int((mp_int_t)wrong);
}
static MP_DEFINE_CONST_FUN_OBJ_1(verify_obj, verify);
"""

INIT = """
mp_obj_t mpy_init(mp_obj_fun_bc_t *self, size_t n_args, size_t n_kw, mp_obj_t *args) {
  MP_DYNRUNTIME_INIT_ENTRY
  mp_store_global(MP_QSTR_check, MP_OBJ_FROM_PTR(&check_obj));
  mp_store_global(MP_QSTR_fill, MP_OBJ_FROM_PTR(&fill_obj));
  mp_store_global(MP_QSTR_verify, MP_OBJ_FROM_PTR(&verify_obj));
  MP_DYNRUNTIME_INIT_EXIT
}
"""

SCRIPT = """
import gc, m
print(m.check())
for size in (1, 7, 40, 200):
    print(m.fill(size))
    gc.collect()
    for i in range(60):
        bytearray(b"\xa5" * (97 + size))
    print(m.verify(size))
"""

# What only a whole C library has: members with variables, COMMON and weak symbols.
LIBRARY = """
#define _GNU_SOURCE
#include <inttypes.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <wchar.h>
static void run(void) {
  const time_t seconds = 1000000000;
  struct tm parts;
  char text[60];
  gmtime_r(&seconds, &parts);
  strftime(text, sizeof(text), "%Y-%m-%d %A %j", &parts);
  printf("%s %s %s", text, localeconv()->decimal_point, asctime(&parts));
  printf("%d %d %s\\n", (int)wcslen(L"abc"), (int)imaxabs(-4), strcasestr("Hello", "LL"));
  printf("%d %ld\\n", getenv("MPYLINK_TEST_NOT_SET") == NULL, (long)mktime(&parts));
}
#ifdef MODULE
#include "py/dynruntime.h"
static mp_obj_t run_all(void) {
  run();
  return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_0(run_obj, run_all);
mp_obj_t mpy_init(mp_obj_fun_bc_t *self, size_t n_args, size_t n_kw, mp_obj_t *args) {
  MP_DYNRUNTIME_INIT_ENTRY
  mp_store_global(MP_QSTR_run, MP_OBJ_FROM_PTR(&run_obj));
  MP_DYNRUNTIME_INIT_EXIT
}
#else
int main(void) { run(); }
#endif
"""

INTERPRETERS = {
    "x64": "unix-x64",
    "x86": "unix-x86",
    "armv6m": "qemu-m0",
    "armv7emsp": "qemu-m4f",
    "rv32imc": "qemu-rv32",
    "xtensa": "qemu-lx106",
    "xtensawin": "qemu-esp32",
}

STOPS = """
import m
for how in (0, 1, 2, 3, 3):
    try:
        print(m.stop(how))
    except RuntimeError as error:
        print(error)
"""


class Runtime(Project):
    LINK_RUNTIME = 1

    def run_module(self, arch, toolchain, script=SCRIPT, **variables):
        if arch == "xtensa":
            # What Debian's libgcc does not have.
            variables["MPYLINK_FLAGS"] = f"-externs {ROOT}/tests/interpreters/boards/xtensa-sim/call0_rom.ld"
        options = [f"{name}={value}" for name, value in variables.items()]
        environ = environment(PATH=path_with_esp32())
        self.make("SRC=main.c", "ARCH=" + arch, "TOOLCHAIN=" + toolchain, *options, env=environ)
        script = self.write("script.py", script)
        command = [sys.executable, "-B", str(ROOT / "tests/interpreters/run.py"), "--interp", INTERPRETERS[arch]]
        run = subprocess.run([*command, str(script), str(self.dir / "m.mpy")], capture_output=True, text=True)
        return run.stdout + run.stderr

    def run_on_the_host(self):
        program = str(self.base / "program")
        subprocess.run(["gcc", "-w", "-std=gnu17", str(self.dir / "main.c"), "-o", program], check=True)
        utc = environment(TZ="UTC")
        return subprocess.run([program], capture_output=True, text=True, check=True, env=utc).stdout

    def for_toolchains(self, archs, check):
        for arch in archs:
            for toolchain in ("gcc",) if arch.startswith("xtensa") else ("gcc", "clang"):
                with self.subTest(arch=arch, toolchain=toolchain):
                    check(arch, toolchain)

    def test_strings_and_memory(self):
        self.write("main.c", STRINGS + MEMORY + INIT)
        expected = "0\n" + 4 * "True\n0\n"

        def check(arch, toolchain):
            self.assertEqual(self.run_module(arch, toolchain), expected)

        self.for_toolchains(("x64", "x86", "armv6m", "rv32imc", "xtensa"), check)

    def test_same_output_as_the_host(self):
        """program.c also raises what ends a program, and counts in a thread-local variable."""
        self.write("main.c", (ROOT / "tests/template/program.c").read_text())
        host = self.run_on_the_host()
        text = "HIDE(1) + 1 == 3"
        line = 1 + (self.dir / "main.c").read_text().partition(f"assert({text})")[0].count("\n")

        def check(arch, toolchain):
            output = self.run_module(arch, toolchain, "import m\nm.run()\n" + STOPS, CFLAGS="-UNDEBUG -DMODULE -w")
            self.assertMultiLineEqual(output, f"{host}abort()\nexit(3)\nmain.c:{line}: {text}\n41\n43\n")

        self.for_toolchains(INTERPRETERS, check)

    def test_functions_of_a_whole_library(self):
        self.write("main.c", LIBRARY)
        host = self.run_on_the_host()
        for arch in ("armv7emsp", "rv32imc"):
            with self.subTest(arch=arch):
                self.assertEqual(self.run_module(arch, "gcc", "import m\nm.run()\n", CFLAGS="-DMODULE -w"), host)

    def test_only_what_is_used(self):
        self.make()
        without = len(self.read("m.mpy"))
        self.make("LINK_RUNTIME=0")
        self.assertEqual(len(self.read("m.mpy")), without)

    def test_without(self):
        self.write("plain.c", "#include <string.h>\nint plain(int x) { return x + (int)strlen((char *)&plain); }\n")
        self.make()
        self.assertIn("undefined symbol: strlen", self.fails("LINK_RUNTIME=0"))

    def test_own_definitions_win(self):
        own = "__attribute__((noinline)) unsigned long strlen(const char *s) { return (unsigned long)s & 7; }\n"
        uses = "unsigned long strlen(const char *); int strcmp(const char *, const char *);\n"
        uses += 'int plain(int x) { return (int)strlen((char *)&plain + x) + strcmp((char *)&plain, "a"); }\n'
        self.write("plain.c", uses + own)
        self.make("MPYLINK_FLAGS=-Map m.map")
        names = [line.split()[-1] for line in self.read("m.map").decode().splitlines() if line]
        self.assertEqual(names.count("strlen"), 1)
        self.assertIn("strcmp", names)

    def test_own_libraries_win(self):
        self.write("own.c", "unsigned long strlen(const char *s) { return (unsigned long)s & 7; }\n")
        build = "gcc -fpic -ffunction-sections -c own.c && ar rc libown.a own.o"
        subprocess.run(build, shell=True, check=True, cwd=self.dir)
        self.write("plain.c", "#include <string.h>\nint plain(int x) { return (int)strlen(strchr((char *)&plain, x)); }\n")
        for options in (["LIBS=libown.a"], ["LIBS=-L. own"], ["LDLIBS=-L. -lown"]):
            self.make("MPYLINK_FLAGS=-Map m.map", *options)
            map_file = self.read("m.map").decode()
            self.assertIn("libown.a(own.o)", map_file)
            self.assertIn("runtime.a(string.c.o)", map_file)
            names = [line.split()[-1] for line in map_file.splitlines() if line]
            self.assertEqual(names.count("strlen"), 1)
        before = self.files()["m.mpy"]
        self.make("LIBS=libown.a")
        self.touch("libown.a")
        self.assertEqual(self.remade("LIBS=libown.a"), {"build-x64/m.mpy", "m.mpy"})
        self.assertNotEqual(self.files()["m.mpy"], before)


if __name__ == "__main__":
    main()
