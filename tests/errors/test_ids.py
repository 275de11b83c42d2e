# SPDX-License-Identifier: MIT
"""Every id of a message has an entry in docs/diagnostics.md and a test here or in tests/dump, and there are no others."""

import re
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
# A message of these would be a fault of mpylink itself.
UNPROVOKED = {"internal", "verify"}
EMITTED = r'(?:\.error|\.warning|refuse)\(\s*"([a-z-]+)"|Severity::(?:Error|Warning),\s*"([a-z-]+)"'


def emitted():
    sources = "".join(path.read_text() for path in (ROOT / "mpylink").rglob("*.cpp"))
    return {a or b for a, b in re.findall(EMITTED, sources)}


class Ids(unittest.TestCase):
    def test_documented(self):
        text = (ROOT / "docs/diagnostics.md").read_text()
        headings = re.findall(r"^### (.*)", text, re.MULTILINE)
        documented = {id for heading in headings for id in re.sub(r" \(.*", "", heading).split(", ")}
        self.assertGreater(len(documented), 25)
        self.assertEqual(emitted() ^ documented, set())

    def test_tested(self):
        paths = [path for path in HERE.parent.glob("[de]*/test_*.py") if path != Path(__file__).resolve()]
        tests = "".join(path.read_text() for path in paths)
        told = set(re.findall(r"\[([a-z-]+)\\?\]|\"([a-z-]+)\"", tests))
        self.assertEqual(emitted() - {a or b for a, b in told} - UNPROVOKED, set())


if __name__ == "__main__":
    unittest.main()
