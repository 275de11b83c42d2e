# SPDX-License-Identifier: MIT
# LTO=1: what it builds runs, functions of different sources are put together, and what is missing is told.

import subprocess
import sys

from project import ROOT, Project, main

INTERPRETERS = {"x64": "unix-x64", "armv7emsp": "qemu-m4f", "rv32imc": "qemu-rv32", "xtensa": "qemu-lx106"}


class LinkTimeOptimization(Project):
    LINK_RUNTIME = 1

    def example(self, name, arch, toolchain):
        """Builds an example and returns what its script prints."""
        folder = ROOT / "examples" / name
        build = self.base / f"{name}-{arch}-{toolchain}"
        options = [f"ARCH={arch}", f"TOOLCHAIN={toolchain}", f"BUILD={build}", "LTO=1"]
        if arch == "xtensa":
            options.append(f"MPYLINK_FLAGS=-externs {ROOT}/tests/interpreters/boards/xtensa-sim/call0_rom.ld")
        self.make("-C", str(folder), *options)
        command = [sys.executable, "-B", str(ROOT / "tests/interpreters/run.py"), "--interp", INTERPRETERS[arch]]
        command += [str(folder / "test.py"), str(build / f"{name}.mpy")]
        return subprocess.run(command, capture_output=True, text=True).stdout

    def test_examples(self):
        for name, arch, toolchain in (
            ("jsonc", "x64", "gcc"),
            ("jsonc", "rv32imc", "clang"),
            ("jsonc", "armv7emsp", "gcc"),
            ("cppshapes", "x64", "clang"),
            ("cppshapes", "armv7emsp", "clang"),
            ("cppshapes", "rv32imc", "gcc"),
            ("cppshapes", "xtensa", "gcc"),
        ):
            with self.subTest(name=name, arch=arch, toolchain=toolchain):
                expected = (ROOT / "examples" / name / "test.py.exp").read_text()
                self.assertEqual(self.example(name, arch, toolchain), expected)

    def test_calls_between_sources_are_inlined(self):
        for toolchain in ("gcc", "clang"):
            self.make("TOOLCHAIN=" + toolchain, "MPYLINK_FLAGS=-Map m.map")
            self.assertIn("plain", self.read("m.map").decode().split())
            self.make("TOOLCHAIN=" + toolchain, "MPYLINK_FLAGS=-Map m.map", "LTO=1")
            self.assertNotIn("plain", self.read("m.map").decode().split())

    def test_changes_are_linked(self):
        made = {"build-x64/m.obj/lto.o", "build-x64/m.mpy", "m.mpy"}
        self.make("LTO=1")
        self.touch("plain.c")
        self.assertEqual(self.remade("LTO=1"), {"build-x64/m.obj/plain.c.o"} | made)

    def test_errors(self):
        self.assertIn("*** mpylink.mk: LTO is 'yes'; it must be 0 or 1.", self.fails("LTO=yes"))
        compiler = self.write("bin/clang", "#!/bin/sh\necho /none/ld.lld\n")
        compiler.chmod(0o755)
        message = "LTO=1 with clang needs the linker of the same LLVM, ld.lld; install it (Debian: lld-19), or use gcc."
        self.assertIn(message, self.fails("TOOLCHAIN=clang", f"CC={compiler}", "LTO=1"))


if __name__ == "__main__":
    main()
