# SPDX-License-Identifier: MIT
"""What the test programs of this folder share: their options, and how they tell what happened."""

import argparse
import difflib
import shutil
import tempfile
from collections import Counter
from pathlib import Path


class Report:
    """Counts what was checked; exit status 1 when something failed, or when nothing was checked.

    Failures are grouped by the first word of their names, and by whether they happened in an interpreter."""

    SHOWN = 2  # failures of one group that are told in full

    def __init__(self):
        self.checked = 0
        self.failed = 0
        self._told = Counter()

    def fail(self, name: str, text: str) -> None:
        self.checked += 1
        self.failed += 1
        group = (name.split()[0], " in " in name)
        self._told[group] += 1
        lines = text.rstrip().splitlines() if self._told[group] <= self.SHOWN else []
        print(f"FAILED {name}\n" + "".join(f"    {line}\n" for line in lines), flush=True)

    def expect(self, name: str, actual, expected, more: str = "") -> None:
        if actual == expected:
            self.checked += 1
        elif isinstance(actual, str) and isinstance(expected, str):
            lines = difflib.unified_diff(expected.splitlines(), actual.splitlines(), "expected", "got", lineterm="")
            self.fail(name, "\n".join(lines) + "\n" + more)
        else:
            self.fail(name, f"expected {expected!r}\ngot      {actual!r}\n{more}")

    def exit(self) -> None:
        print(f"{self.checked} checks, {self.failed} failed")
        raise SystemExit(0 if self.checked and not self.failed else 1)


def parser(description: str) -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--work", type=Path, metavar="FOLDER", help="where to build; kept, and emptied before")
    return made


def work_folder(options) -> Path:
    if not options.work:
        folder = tempfile.mkdtemp(prefix="mpylink-e2e-")
        print(f"building in {folder}")
        return Path(folder)
    shutil.rmtree(options.work, ignore_errors=True)
    options.work.mkdir(parents=True)
    return options.work.absolute()
