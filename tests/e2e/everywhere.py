# SPDX-License-Identifier: MIT
"""Runs scripts with modules in every interpreter of an architecture, one batch per interpreter."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

from toolchains import ROOT, for_arch

RUN = ROOT / "tests/interpreters/run.py"
SECONDS = 240  # per script; only for what hangs


@dataclass(frozen=True)
class Job:
    name: str
    script: Path
    files: tuple[Path, ...]
    floats: bool = False  # passes floats to or from the interpreter
    where: tuple[str, ...] = ("*",)  # patterns of interpreters' names
    bare_metal: bool | None = None  # only there, or only elsewhere

    def runs_in(self, interpreter, arch: str) -> bool:
        return (
            any(fnmatch(interpreter.name, pattern) for pattern in self.where)
            and self.bare_metal in (None, interpreter.bare_metal)
            and (not self.floats or interpreter.floats_work(arch))
        )


@dataclass(frozen=True)
class Result:
    job: Job
    interpreter: str
    status: int
    output: str
    errors: str = field(default="")


def run_everywhere(jobs: list[Job], arch: str, work: Path) -> list[Result]:
    with ThreadPoolExecutor() as pool:
        batches = pool.map(lambda row: _run_in(row, arch, jobs, work), for_arch(arch))
        return [result for batch in batches for result in batch]


def _run_in(interpreter, arch: str, jobs: list[Job], work: Path) -> list[Result]:
    chosen = [job for job in jobs if job.runs_in(interpreter, arch)]
    if not chosen:
        return []
    batch = work / f"{interpreter.name}.json"
    rows = [
        {"script": str(job.script), "files": [str(file) for file in job.files], "timeout": SECONDS} for job in chosen
    ]
    batch.write_text(json.dumps(rows, indent=1))
    command = [sys.executable, "-B", str(RUN), "--interp", interpreter.name, "--batch", str(batch)]
    done = subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if not done.stdout:
        raise SystemExit(f"{interpreter.name} cannot run anything:\n{done.stderr}")
    answers = json.loads(done.stdout)
    return [
        Result(job, interpreter.name, answer["status"], answer["stdout"], answer["stderr"])
        for job, answer in zip(chosen, answers, strict=True)
    ]
