#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs the commands that documents show behind "$ ", and compares what they print with what the documents show.

shown.py --update writes what they print into the documents."""

import os
import re
import subprocess

from report import Report, parser, work_folder
from toolchains import MPYLINK, ROOT

BLOCK = re.compile(r"^```\n(\$ .*?)^```$", re.MULTILINE | re.DOTALL)
PLACE = "/path/to/mpylink"  # As documents call the project's folder.


def run(command: str, folder) -> str:
    environment = {**os.environ, "PATH": f"{os.path.dirname(MPYLINK)}:{os.environ['PATH']}", "LC_ALL": "C"}
    result = subprocess.run(
        ["bash", "-c", command.replace(PLACE, str(ROOT))],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
    )
    return result.stdout.replace(str(ROOT), PLACE)


def rerun(block: str, folder) -> str:
    """The block with what its commands print now. A line that ends with a backslash goes on."""
    text = ""
    for command in re.findall(r"^\$ ((?:.*\\\n)*.*\n)", block, re.MULTILINE):
        text += f"$ {command}{run(command, folder)}"
    return text


def main() -> None:
    arguments = parser(__doc__)
    arguments.add_argument("--update", action="store_true")
    options = arguments.parse_args()
    work, report = work_folder(options), Report()
    for document in sorted(ROOT.glob("docs/*.md")):
        text = document.read_text()
        if not BLOCK.search(text):
            continue
        # All blocks of a document share a folder, in which the sources of the examples are.
        folder = work / document.stem
        folder.mkdir()
        for source in ROOT.glob("examples/*/*.[ch]*"):
            (folder / source.name).write_bytes(source.read_bytes())
        new = BLOCK.sub(lambda match: f"```\n{rerun(match[1], folder)}```", text)
        report.expect(f"docs/{document.name}", new, text)
        if options.update:
            document.write_text(new)
    report.exit()


if __name__ == "__main__":
    main()
