#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""globals.py OBJDUMP LIBRARY...: the libraries have no variables that can change.

Constants that are made when first used are allowed: the compiler guards them. (A guarded variable that is not
const passes as well; reviewers see those.)
"""

import re
import subprocess
import sys
from collections.abc import Iterable, Iterator

SYMBOL = re.compile(
    r"^(?P<address>[0-9a-f]+) (?P<flags>.{7}) (?P<section>\S+)\t(?P<size>[0-9a-f]+)\s+(?:\.hidden )?(?P<name>.+)$"
)
WRITABLE = re.compile(r"\.(?:data|bss|tdata|tbss|sdata|sbss)(?:\.|$)|\*COM\*")
GUARD = "guard variable for "


def variables(symbol_table: Iterable[str]) -> Iterator[str]:
    """Names of writable variables in the output of objdump -tC."""
    found, guarded = set(), set()
    for line in symbol_table:
        symbol = SYMBOL.match(line)
        if not symbol or not WRITABLE.match(symbol["section"]) or symbol["section"].startswith(".data.rel.ro"):
            continue
        if symbol["flags"][-1] == "d" or symbol["flags"][-2] == "d" or int(symbol["size"], 16) == 0:
            continue  # a section's own symbol
        if symbol["name"].startswith("llvm::"):
            continue  # what LLVM's headers bring
        if symbol["name"].startswith(GUARD):
            guarded.add(symbol["name"].removeprefix(GUARD))
        else:
            found.add(symbol["name"])
    return iter(sorted(found - guarded))


def main() -> None:
    objdump, *libraries = sys.argv[1:]
    from source import verdict

    problems, symbols = [], 0
    for library in libraries:
        table = subprocess.run([objdump, "-tC", library], text=True, stdout=subprocess.PIPE, check=True).stdout
        symbols += sum(1 for line in table.splitlines() if SYMBOL.match(line))
        problems += [f"{library}: {name} can change" for name in variables(table.splitlines())]
    if symbols == 0:
        problems.append("no symbols in these libraries")
    verdict(problems)


if __name__ == "__main__":
    main()
