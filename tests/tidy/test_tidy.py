#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Each check of this folder finds what it is there for, and nothing in a tree that keeps the rules."""

import tempfile
import unittest
from pathlib import Path

import docs
import files
import globals as variables
import layers
import names

LICENCE = "// SPDX-License-Identifier: MIT\n"
KNOWN = {"o", "arch", "help"}

GOOD = {
    "mpylink/support/Bytes.h": LICENCE + "#include <vector>\nint size(); // Thumb in a comment\n",
    "mpylink/arch/Thumb.cpp": LICENCE + '#include "support/Bytes.h"\n#include "llvm/BinaryFormat/ELF.h"\nint thumb;\n',
    "mpylink/link/Link.cpp": LICENCE
    + '#include "support/Bytes.h"\n#include "llvm/Support/Path.h"\nauto text = "exit(1) at 0x64"; /* EM_ARM */\n'
    + "int alarm = harm(); // charm\n",
    "mpylink/tools/mpylink/main.cpp": LICENCE + '#include "support/Bytes.h"\nint main() { exit(0); }\n',
    "docs/design.md": "# The Design, a `plan`\nSee [above](../README.md) and [below](#the-design-a-plan).\n",
    "README.md": "[design](docs/design.md)\n```\n./bootstrap test\nmpylink a.o -arch x -o b.mpy\ngcc -pipe\n```\n"
    + "`-fpic`, `-help`, `docs/design.md`\n",
    "bootstrap": "#!/bin/sh\n# SPDX-License-Identifier: MIT\n",
    "build/left/over.cpp": "TO" "DO",
}

# What one more file makes wrong: the check, the file, its text, words of the complaint.
BAD = (
    (layers, "mpylink/support/Up.h", '#include "arch/Thumb.cpp"\n', "support must not include"),
    (layers, "mpylink/link/Up.h", '#include "tools/mpylink/main.cpp"\n', "link must not include"),
    (layers, "mpylink/arch/Elf.h", '#include "llvm/Object/ELF.h"\n', "arch must not include llvm"),
    (layers, "mpylink/support/Llvm.h", '  #  include <llvm/ADT/StringRef.h>\n', "support must not include llvm"),
    (layers, "mpylink/link/Gone.h", '#include "support/Gone.h"\n', "there is no mpylink/support/Gone.h"),
    (layers, "mpylink/more/New.h", "\n", "not a layer"),
    (layers, "mpylink/link/Posix.h", "#include <sys/stat.h>\n", "neither ours"),
    (names, "mpylink/link/A.cpp", 'auto hint = "for x86";\n', "x86"),
    (names, "mpylink/link/A.cpp", "if (isThumb())\n", "Thumb"),
    (names, "mpylink/elf/A.cpp", "machine == EM_386\n", "EM_3"),
    (names, "mpylink/mpy/A.h", "int armv7m;\n", "armv7"),
    (names, "mpylink/link/A.cpp", "R_X86_64_PC32\n", "R_X86"),
    (names, "mpylink/link/A.cpp", "  std::exit(1);\n", "only tools"),
    (names, "mpylink/elf/A.cpp", "llvm::errs() << 1;\n", "only tools"),
    (names, "mpylink/loader/A.cpp", "#include <iostream>\n", "only tools"),
    (names, "mpylink/mpy/A.cpp", 'printf("a");\n', "only tools"),
    (files, "mpylink/link/A.cpp", "int a;\n", "no line with"),
    (files, "examples/one/one.c", "\n\n" + LICENCE, "no line with"),
    (files, "mpylink/link/A.cpp", LICENCE + "int a;\n" * 500, "501 lines"),
    (files, "docs/a.md", "TO" "DO: write\n", "TO" "DO"),
    (files, "docs/a.md", "text \n", "blank"),
    (files, "docs/a.md", "text", "newline"),
    (docs, "docs/a.md", "[a](b.md)\n", "nowhere"),
    (docs, "docs/a.md", "[a](design.md#elsewhere)\n", "heading"),
    (docs, "docs/a.md", "```\n./gone --fast\n```\n", "./gone"),
    (docs, "docs/a.md", "`mpylink/gone`\n", "mpylink/gone"),
    (docs, "docs/a.md", "`-print-gone`\n", ""),
    (docs, "docs/a.md", "`mpylink -gone`\n", "-gone"),
    (docs, "docs/a.md", "```\nmpylink a.o -gone x\n```\n", "-gone"),
    (docs, "docs/a.md", "`-why-live`\n", "-why-live"),
)

SYMBOLS = (
    "0000000000000000 l    d  .bss\t0000000000000000 .bss\n"
    "0000000000000010 l     O .bss\t0000000000000008 mpylink::counter\n"
    "0000000000000000 l     O .bss._ZZ1f\t0000000000000010 mpylink::f()::constant\n"
    "0000000000000010 l     O .bss._ZG\t0000000000000008 guard variable for mpylink::f()::constant\n"
    "0000000000000000 g     O .data.rel.ro\t0000000000000010 vtable for mpylink::X\n"
    "0000000000000000 g     O .rodata\t0000000000000010 mpylink::table\n"
    "0000000000000004 g     O .data\t0000000000000004 .hidden mpylink::mode\n"
    "0000000000000000  w    O .data.rel\t0000000000000008 llvm::Check\n"
    "0000000000000000 g     F .text\t0000000000000008 mpylink::f()\n"
)


class Tidy(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="mpylink-tidy-")
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        for name, text in GOOD.items():
            self.write(name, text)

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def problems(self, check) -> list[str]:
        return list(check.problems(self.root, KNOWN) if check is docs else check.problems(self.root))

    def test_good_tree(self):
        for check in (layers, names, files, docs):
            self.assertEqual(self.problems(check), [], check.__name__)

    def test_bad_files(self):
        for check, name, text, words in BAD:
            with self.subTest(check=check.__name__, text=text):
                self.write(name, text)
                found = self.problems(check)
                (self.root / name).unlink()
                if words:
                    self.assertEqual(len(found), 1, found)
                    self.assertIn(words, found[0])
                else:
                    self.assertEqual(found, [])

    def test_variables(self):
        found = list(variables.variables(SYMBOLS.splitlines()))
        self.assertEqual(found, ["mpylink::counter", "mpylink::mode"])


if __name__ == "__main__":
    unittest.main()
