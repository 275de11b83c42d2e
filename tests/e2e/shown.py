#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs the commands that docs/map.md shows behind "$ ", and compares what they print with what it shows.

shown.py --update writes what they print into the document."""

import os
import re
import subprocess

from report import Report, parser, work_folder
from toolchains import MPYLINK, ROOT

BLOCK = re.compile(r"^```\n(\$ .*?)^```$", re.MULTILINE | re.DOTALL)
DOCUMENT = ROOT / "docs/map.md"
SOURCE = ROOT / "examples/factorial/factorial.c"
PLACE = "/path/to/mpylink"  # As the document calls the project's folder.


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
    text = DOCUMENT.read_text()
    # All blocks share a folder, in which the example's source is.
    (work / SOURCE.name).write_bytes(SOURCE.read_bytes())
    new = BLOCK.sub(lambda match: f"```\n{rerun(match[1], work)}```", text)
    report.expect(DOCUMENT.name, new, text)
    if options.update:
        DOCUMENT.write_text(new)
    report.exit()


if __name__ == "__main__":
    main()
