#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""docs.py MPYLINK MPYDUMP: links of the documents lead somewhere, the commands they show are there, and so are the
options they speak of."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from source import ROOT, files, verdict

FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
SPAN = re.compile(r"`([^`\n]+)`")
OPTION = re.compile(r"(?<![\w/=-])--?[A-Za-z][\w-]*")
# Options of compilers, make, ld, tar and the like, which documents also speak of.
FOREIGN = re.compile(
    r"-(?:[fmOWDUIjcCRxqnstd].*|g\d?|std|ggdb.*|isystem|print-.*|shared|r|Ttext|include|pedantic)|--?(?:target|arch|specs)"
)


def documents(root: Path) -> Iterator[Path]:
    return (path for path in files(root) if path.suffix == ".md")


def anchors(text: str) -> set[str]:
    """As GitHub makes them of headings."""
    headings = re.findall(r"^#+ +(.*)$", FENCE.sub("", text), re.MULTILINE)
    plain = (re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower() for heading in headings)
    return {re.sub(r"[^\w\- ]", "", heading).replace(" ", "-") for heading in plain}


def broken_links(root: Path, path: Path, text: str) -> Iterator[str]:
    for target in LINK.findall(FENCE.sub("", text)):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        place = (root / path.parent / name) if name else root / path
        if not place.exists():
            yield f"{path}: a link leads nowhere: {target}"
        elif anchor and place.suffix == ".md" and anchor not in anchors(place.read_text(encoding="utf-8")):
            yield f"{path}: a link's heading is not there: {target}"


def missing_commands(root: Path, path: Path, text: str) -> Iterator[str]:
    """Programs of ours that are called with a path; what a build makes is not there yet."""
    for block in FENCE.findall(text):
        for command in re.findall(r"^\s*(?:\$ )?(\./[\w./-]+)", block, re.MULTILINE):
            if not (root / path.parent / command).exists() and not (root / command).exists():
                yield f"{path}: a command is not there: {command}"
    for place in re.findall(r"(?<!MicroPython's )`((?:abi|docs|examples|mpylink|templates|tests)/[\w./-]+)`", text):
        if not any((base / place).exists() for base in (root, root / path.parent, root / "abi/include")):
            yield f"{path}: {place} is not there"


def unknown_options(path: Path, text: str, known: set[str]) -> Iterator[str]:
    commands = [line for block in FENCE.findall(text) for line in block.splitlines()]
    for span in SPAN.findall(FENCE.sub("", text)) + commands:
        ours = re.match(r"(?:\$ )?(?:\S*/)?mpy(?:link|dump)\s", span)
        if not ours and not re.fullmatch(r"--?\w[^`]*", span):
            continue
        for option in OPTION.findall(span.partition("#")[0]):
            if option.lstrip("-") not in known and (ours or not FOREIGN.fullmatch(option)):
                yield f"{path}: -help does not know {option}: {span.strip()}"


def options_of(program: str) -> set[str]:
    text = subprocess.run([program, "-help"], text=True, stdout=subprocess.PIPE, check=True).stdout
    return set(re.findall(r"^ +-([A-Za-z][\w-]*)", text, re.MULTILINE))


def problems(root: Path, known: set[str]) -> Iterator[str]:
    for path in documents(root):
        text = (root / path).read_text(encoding="utf-8")
        yield from broken_links(root, path, text)
        yield from missing_commands(root, path, text)
        yield from unknown_options(path, text, known)


if __name__ == "__main__":
    verdict(problems(ROOT, set().union(*map(options_of, sys.argv[1:]))))
