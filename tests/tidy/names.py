#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Processors are known by name in mpylink/arch only, and nothing below the tools prints, ends the program or
reads the environment."""

import re
from collections.abc import Iterator
from pathlib import Path

from source import ROOT, code_lines, sources, verdict

PROCESSOR = re.compile(
    r"(?<![0-9A-Za-z])[xX](?:86|64)(?![0-9A-Fa-f])"
    r"|i[3-6]86|amd64|aarch64|thumb|cortex|xtensa|lx106|esp32|risc-?v|\brv(?:32|64)|mips|powerpc"
    r"|armv\d|\barm\b|\barm_|\bArm(?=[A-Z])|ARM_|armhf|eabihf"
    r"|\bEM_[A-Z0-9]|\bR_(?:386|X86|ARM|AARCH64|XTENSA|RISCV)",
    re.IGNORECASE,
)
OUTSIDE_TOOLS = re.compile(
    r"(?<![\w.>])(?:std::|::|llvm::)?(?:exit|_exit|abort|quick_exit|printf|puts|getenv|setenv|time)\s*\("
    r"|\bfprintf\b|\bstd::(?:cout|cerr|clog)\b|\bllvm::(?:outs|errs|dbgs)\b|\breport_fatal_error\b"
    r"|\bllvm_unreachable\b|\bExitOnError\b|<iostream>|\bthrow\b|\bcatch\s*\("
)
STRING = re.compile(r'"(?:\\.|[^"\\])*"')
# Programs of their own, which make code out of the data in abi/.
GENERATORS = {"mpylink/abi/abigen.cpp", "mpylink/abi/headergen.cpp"}


def problems(root: Path) -> Iterator[str]:
    for path in sources(root):
        layer = path.parts[1]
        program = layer == "tools" or path.as_posix() in GENERATORS or path.suffix not in (".cpp", ".h")
        for number, line in enumerate(code_lines(root / path), 1):
            if layer != "arch" and path.as_posix() not in GENERATORS and (match := PROCESSOR.search(line)):
                reason = f"names a processor ({match[0]}), which is for mpylink/arch and abi/"
                yield f"{path}:{number}: {reason}: {line.strip()}"
            if not program and (match := OUTSIDE_TOOLS.search(STRING.sub('""', line))):
                yield f"{path}:{number}: only tools may do this ({match[0].strip()}): {line.strip()}"


if __name__ == "__main__":
    verdict(problems(ROOT))
