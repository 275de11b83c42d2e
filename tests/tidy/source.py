# SPDX-License-Identifier: MIT
"""What the checks of this folder share: the project's files, their code without comments, and the verdict."""

import os
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOT_OURS = re.compile(r"\.git|__pycache__|build|build-.*|\.cache|\.vscode|\.idea")


def files(root: Path, under: str = "") -> Iterator[Path]:
    """Relative paths, without what builds leave behind."""
    for folder, folders, names in os.walk(root / under):
        folders[:] = sorted(name for name in folders if not NOT_OURS.fullmatch(name))
        for name in sorted(names):
            yield (Path(folder) / name).relative_to(root)


def sources(root: Path) -> Iterator[Path]:
    """The program's C++, its options and its build files."""
    for path in files(root, "mpylink"):
        if path.suffix in (".cpp", ".h", ".td", ".cmake") or path.name == "CMakeLists.txt":
            yield path


def code_lines(path: Path) -> list[str]:
    """The lines without comments; strings stay."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".cmake" or path.name == "CMakeLists.txt":
        token = r'"(?:\\.|[^"\\])*"|#[^\n]*'
    else:
        token = r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'|//[^\n]*|/\*.*?\*/'

    def blank(match: re.Match) -> str:
        return match[0] if match[0][0] in "\"'" else re.sub(r"[^\n]", " ", match[0])

    return re.sub(token, blank, text, flags=re.DOTALL).splitlines()


def verdict(problems: Iterable[str]) -> None:
    found = list(problems)
    print(*found, sep="\n")
    print(f"{len(found)} problems")
    sys.exit(1 if found else 0)
