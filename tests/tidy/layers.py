#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Each layer includes its own headers and those of the layers that docs/design.md puts below it; and of LLVM only
what it is there for."""

import re
from collections.abc import Iterator
from pathlib import Path

from source import ROOT, code_lines, sources, verdict

BELOW = {
    "support": set(),
    "abi": {"support"},
    "mpy": {"support", "abi"},
    "loader": {"support", "abi", "mpy"},
    "arch": {"support", "abi"},
    "elf": {"support", "abi", "arch"},
    "link": {"support", "abi", "mpy", "loader", "arch", "elf"},
    "dump": {"support", "abi", "mpy", "loader"},
    "tools": {"support", "abi", "mpy", "loader", "arch", "elf", "link", "dump"},
}
# Beginnings of the names of LLVM's headers.
LLVM = {
    "support": (),
    "abi": (),
    "mpy": (),
    "loader": (),
    "arch": ("llvm/BinaryFormat/", "llvm/Support/ARM", "llvm/Support/DataExtractor.h", "llvm/Support/RISCV"),
    "elf": (
        "llvm/ADT/",
        "llvm/BinaryFormat/",
        "llvm/DebugInfo/DWARF/",
        "llvm/Demangle/",
        "llvm/Object/",
        "llvm/Support/",
    ),
    "link": ("llvm/ADT/", "llvm/BinaryFormat/", "llvm/Demangle/", "llvm/Support/"),
    "dump": ("llvm/ADT/", "llvm/Config/", "llvm/MC/", "llvm/Support/", "llvm/TargetParser/"),
    "tools": ("llvm/ADT/", "llvm/Option/", "llvm/Support/"),
}
# Programs that run while the project is built, and belong to no layer.
GENERATORS = {"mpylink/abi/abigen.cpp", "mpylink/abi/headergen.cpp"}
GENERATED = {
    "abi/Tables.inc": "abi",
    "dump/Targets.inc": "dump",
    "tools/mpylink/Options.inc": "tools",
    "tools/mpydump/Options.inc": "tools",
}


def problems(root: Path) -> Iterator[str]:
    for path in sources(root):
        if path.suffix not in (".cpp", ".h") or path.as_posix() in GENERATORS:
            continue
        layer = path.parts[1]
        if layer not in BELOW:
            yield f"{path}: {layer} is not a layer; docs/design.md and this test list them"
            continue
        for number, line in enumerate(code_lines(root / path), 1):
            if include := re.match(r'\s*#\s*include\s*[<"]([^>"]+)[>"]', line):
                if reason := objection(root, path, layer, include[1]):
                    yield f"{path}:{number}: {reason}"


def objection(root: Path, path: Path, layer: str, header: str) -> str:
    if header.startswith("llvm"):
        return "" if header.startswith(LLVM[layer]) else f"{layer} must not include {header}"
    first = header.partition("/")[0]
    if header in GENERATED:
        return "" if GENERATED[header] == layer else f"{layer} must not include {header}"
    if first not in BELOW:
        beside = (root / path.parent / header).is_file()
        # The rest is the standard library's, and that of the system only where programs are made.
        if beside or re.fullmatch(r"[a-z_]+", header):
            return ""
        return f"{header} is neither ours nor of the C++ standard library"
    if not (root / "mpylink" / header).is_file():
        return f"there is no mpylink/{header}"
    if first == layer or first in BELOW[layer]:
        return ""
    return f"{layer} must not include {header}: {first} is not below it"


if __name__ == "__main__":
    verdict(problems(ROOT))
