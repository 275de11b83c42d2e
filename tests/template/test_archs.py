# SPDX-License-Identifier: MIT
# Every architecture with one toolchain, which is the argument (gcc or clang): variables of all kinds,
# pointer tables and a switch compile to code that the linker accepts.

import sys

from project import INIT, Project, environment, main, missing, path_with_esp32

TOOLCHAIN = sys.argv[1] if len(sys.argv) > 1 else "gcc"
COMPILERS = {
    "gcc": (
        "gcc",
        "i686-linux-gnu-gcc",
        "arm-none-eabi-gcc",
        "riscv64-unknown-elf-gcc",
        "xtensa-lx106-elf-gcc",
        "xtensa-esp32-elf-gcc",
    ),
    "clang": ("clang-19",),
}[TOOLCHAIN]

# The numbers that .mpy files have for the architectures.
NUMBERS = {
    "x86": 1,
    "x64": 2,
    "armv6m": 4,
    "armv7m": 5,
    "armv7em": 6,
    "armv7emsp": 7,
    "armv7emdp": 8,
    "rv32imc": 11,
    "rv64imc": 12,
}
if TOOLCHAIN == "gcc":
    NUMBERS |= {"xtensa": 9, "xtensawin": 10}

STORAGE = """
#include <stdint.h>
#include <string.h>
int zero, init = 1;
static int local_zero, local_init = 2;
static const char *const texts[] = {"one", "two"};
static const char *names[] = {"three", "four"};
static int *where = &local_zero;
struct large { char bytes[200]; };
static struct large source, target;
int select(int x) {
  static int calls;
  switch (x) {
  case 1: return init++ + zero++;
  case 2: return local_init++ + local_zero++ + *where;
  case 3: names[0] = texts[1]; return names[1][calls++];
  default: target = source; memset(&source, x, sizeof(source)); return target.bytes[x & 127];
  }
}
"""


class Architectures(Project):
    LINK_RUNTIME = 1

    def setUp(self):
        self.path = path_with_esp32()
        lacking = missing(*COMPILERS, path=self.path)
        if lacking:
            self.skipTest("not installed: " + " ".join(lacking))
        super().setUp()
        self.write("main.c", STORAGE + INIT % ("", "(void *)(mp_off_t)(MP_QSTR_alpha + select(init))"))
        self.makefile(src="main.c", extra=f"TOOLCHAIN = {TOOLCHAIN}")

    def test_storage(self):
        for arch, number in NUMBERS.items():
            with self.subTest(arch=arch):
                self.make("ARCH=" + arch, "CFLAGS_EXTRA=-Werror", env=environment(PATH=self.path))
                magic, version, features, small_int = self.read("m.mpy")[:4]
                self.assertEqual((magic, version, small_int), (ord("M"), 6, 31))
                self.assertEqual((features >> 2, features & 3), (number, 3))

    def test_optimization_levels(self):
        for arch in NUMBERS:
            for level in ("-O0", "-O2", "-O3"):
                with self.subTest(arch=arch, level=level):
                    # Without optimization, or with a lot, armv6m asks libgcc for its switch tables.
                    options = ("CFLAGS_EXTRA=" + level, f"LINK_RUNTIME={arch == 'armv6m':d}")
                    self.make("ARCH=" + arch, *options, env=environment(PATH=self.path))


if __name__ == "__main__":
    main()
