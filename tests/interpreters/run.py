#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs scripts, with .mpy modules (or other files) they can import, in real MicroPythons.

  run.py --interp NAME SCRIPT [FILE...]       one run: its output, traceback on standard error
  run.py --interp NAME --batch CASES.json     many runs in one interpreter: results as JSON
  run.py --interp auto --arch ARCH ...        in every interpreter that takes modules of ARCH
  run.py --list                               name, float ABI, architectures

Exit status: 0 all well, 1 a Python exception (or interpreters disagree), 2 wrong use, 3 a crash or no answer.

CASES.json holds [{"script": PATH, "files": [PATH...], "name": ANY, "timeout": SECONDS}, ...], all but the first
optional, paths relative to the JSON file. The answer holds [{"interp", "name", "status", "stdout", "stderr"}, ...].
--floats leaves out interpreters that pass floats otherwise than modules of ARCH do.
"""

import argparse
import json
import sys
from pathlib import Path

import cache
from runners import DEFAULT_SECONDS, RAISED, Case, Outcome, runner
from table import INTERPRETERS, Interpreter, find, for_arch


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--interp", metavar="NAME", help="an interpreter of --list, or auto")
    parser.add_argument("--arch", help="what --interp auto chooses by")
    parser.add_argument("--floats", action="store_true", help="with auto: only where floats work")
    parser.add_argument("--batch", metavar="CASES.json", type=Path)
    parser.add_argument("--timeout", metavar="SECONDS", type=float, default=DEFAULT_SECONDS, help="per run")
    parser.add_argument("--list", action="store_true", help="print the interpreters")
    parser.add_argument("paths", metavar="FILE", type=Path, nargs="*", help="the script, then what it may import")
    options = parser.parse_args()

    if options.list:
        for row in INTERPRETERS:
            print(row.name, row.float_abi, *row.archs)
        return 0
    if bool(options.batch) == bool(options.paths):
        parser.error("give a script or --batch")
    interpreters = chosen(options, parser)
    for interpreter in interpreters:
        if not cache.is_current(interpreter.image):
            parser.exit(2, f"run.py: {interpreter.name} is not set up, or is outdated: run ./bootstrap interpreters\n")
    try:
        cases = batch(options) if options.batch else [single(options)]
    except (OSError, ValueError, LookupError, TypeError) as problem:
        parser.error(f"cannot read the cases: {problem!r}")

    results = [(row, run_all(row, [case for _, case in cases])) for row in interpreters]
    if options.batch:
        return report_json(results, [name for name, _ in cases])
    return report_one([(row.name, outcomes[0]) for row, outcomes in results])


def chosen(options, parser) -> list[Interpreter]:
    if options.interp == "auto":
        rows = [row for row in for_arch(options.arch) if not options.floats or row.floats_work(options.arch)]
        if not rows:
            parser.error(f"no interpreter runs modules for --arch {options.arch}")
        return rows
    if not options.interp:
        parser.error("give --interp")
    if row := find(options.interp):
        return [row]
    parser.error(f"no interpreter is called {options.interp!r}: see --list")


def single(options) -> tuple[str, Case]:
    script, *files = options.paths
    return script.name, load(script, files, options.timeout)


def batch(options) -> list[tuple[object, Case]]:
    base = options.batch.parent
    cases = []
    for entry in json.loads(options.batch.read_text()):
        files = [base / file for file in entry.get("files", [])]
        case = load(base / entry["script"], files, float(entry.get("timeout", options.timeout)))
        cases.append((entry.get("name", entry["script"]), case))
    return cases


def load(script: Path, files: list[Path], seconds: float) -> Case:
    for file in files:
        if not file.is_file():
            raise FileNotFoundError(str(file))
    return Case(script.read_text(encoding="utf-8"), script.name, tuple(files), seconds)


def run_all(interpreter: Interpreter, cases: list[Case]) -> list[Outcome]:
    with runner(interpreter, cache.folder(interpreter.image)) as target:
        return [target.run(case) for case in cases]


def report_json(results, names) -> int:
    rows = [
        {"interp": row.name, "name": name, **vars(outcome)}
        for row, outcomes in results
        for name, outcome in zip(names, outcomes, strict=True)
    ]
    json.dump(rows, sys.stdout, indent=1)
    print()
    return max((row["status"] for row in rows), default=0)


def report_one(outcomes: list[tuple[str, Outcome]]) -> int:
    """The output once; other output of another interpreter is a failure of its own."""
    _, first = outcomes[0]
    sys.stdout.write(first.stdout)
    sys.stdout.flush()
    status = 0
    for name, outcome in outcomes:
        sys.stderr.write(outcome.stderr)
        status = max(status, outcome.status)
        if outcome.stdout != first.stdout:
            print(f"run.py: {outcomes[0][0]} and {name} disagree; {name} printed:", file=sys.stderr)
            sys.stderr.write(outcome.stdout)
            status = max(status, RAISED)
    return status


if __name__ == "__main__":
    sys.exit(main())
