#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every source file names its licence and says what it is for, is not too long, and leaves nothing to do."""

import re
from collections.abc import Iterator
from pathlib import Path

from source import ROOT, files, verdict

WITH_LICENCE = {".c", ".cpp", ".h", ".S", ".py", ".mk", ".td", ".cmake", ".sh", ".ld"}
WITH_LICENCE_TOO = {"CMakeLists.txt", "bootstrap", "run"}
# Four lines that people copy into their projects.
WITHOUT = re.compile(r"examples/[^/]+/Makefile")
LICENCE = "SPDX-License-Identifier: MIT"
LONGEST = 500  # lines of a file of the program
UNFINISHED = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X)\b")


def problems(root: Path) -> Iterator[str]:
    for path in files(root):
        try:
            text = (root / path).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        lines = text.splitlines()
        if path.suffix in WITH_LICENCE or path.name in WITH_LICENCE_TOO:
            if not any(LICENCE in line for line in lines[:2]) and not WITHOUT.fullmatch(path.as_posix()):
                yield f"{path}:1: no line with {LICENCE}"
        if path.parts[0] == "mpylink" and len(lines) > LONGEST:
            yield f"{path}: {len(lines)} lines; a file has one job and at most {LONGEST}"
        for number, line in enumerate(lines, 1):
            if match := UNFINISHED.search(line):
                yield f"{path}:{number}: {match[0]}"
            if line.rstrip() != line and path.suffix != ".exp":
                yield f"{path}:{number}: blank at the end of the line"
        if text and not text.endswith("\n"):
            yield f"{path}: no newline at the end"


if __name__ == "__main__":
    verdict(problems(ROOT))
