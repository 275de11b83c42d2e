# SPDX-License-Identifier: MIT
"""The output in docs/mpydump.md is what mpydump prints; "..." stands for lines that are left out."""

import pathlib
import re
import shutil
import unittest

from harness import DumpTest

HERE = pathlib.Path(__file__).resolve().parent
DOCUMENT = HERE.parents[1] / "docs/mpydump.md"


class Docs(DumpTest):
    def test_output(self):
        for name in ("factorial.mpy", "factorial.map"):
            shutil.copy(HERE / name, self.folder)
        blocks = re.findall(r"^```\n\$ mpydump ([^\n]*factorial.mpy)\n(.*?)^```$", DOCUMENT.read_text(), re.M | re.S)
        self.assertEqual(len(blocks), 5)
        for words, text in blocks:
            with self.subTest(words=words):
                shown = self.dump(*words.split())
                parts = text.split("...\n")
                self.assertTrue(shown.startswith(parts[0]), shown)
                self.assertTrue(shown.endswith(parts[-1]), shown)
                for part in parts:
                    self.assertIn(part, shown)


if __name__ == "__main__":
    unittest.main()
