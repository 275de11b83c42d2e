# SPDX-License-Identifier: MIT
# abi/runtime compiled for the host: compare.c holds it against the host's C library, with thousands of
# random formats, numbers and texts, and with sanitizers.

import subprocess

from project import ROOT, Project, main

MODEL = ["-DMICROPY_ENABLE_DYNRUNTIME=1", "-DMICROPY_FLOAT_IMPL=MICROPY_FLOAT_IMPL_DOUBLE", f"-I{ROOT}/abi/include"]
STRICT = ["-Wall", "-Wextra", "-Werror", "-Wpedantic", "-Wno-overlength-strings"]


class Native(Project):
    def compile(self, *flags):
        """The run-time's objects. Its names get a prefix, so that they stand beside those of the host."""
        objects = []
        for source in sorted(ROOT.glob("abi/runtime/*.c")):
            made = self.base / (source.name + ".o")
            command = ["gcc", "-std=gnu17", "-g", "-fno-builtin", "-fno-stack-protector", "-U_FORTIFY_SOURCE"]
            subprocess.run([*command, *MODEL, *flags, "-c", str(source), "-o", str(made)], check=True)
            subprocess.run(["objcopy", "--prefix-symbols=rt_", str(made)], check=True)
            objects.append(str(made))
        return objects

    def compare(self, objects, seed):
        program = self.base / "compare"
        source = ROOT / "tests/template/compare.c"
        command = ["gcc", "-O1", "-fno-builtin", *MODEL, str(source), *objects, "-o", str(program)]
        subprocess.run(command, check=True)
        run = subprocess.run([str(program), str(seed)], capture_output=True, text=True, timeout=300)
        self.assertEqual((run.stdout, run.returncode), ("0 failures\n", 0))

    def test_small(self):
        self.compare(self.compile("-Os", *STRICT), 0)

    def test_unoptimized(self):
        trap = ["-fsanitize=undefined", "-fsanitize-undefined-trap-on-error"]
        self.compare(self.compile("-O0", *trap), 50)


if __name__ == "__main__":
    main()
