# SPDX-License-Identifier: MIT
"""Runs a script, with files it can import, in an interpreter of the table."""

import base64
import os
import re
import shutil
import signal
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from processes import confine
from rawrepl import RawRepl, Unresponsive
from table import Interpreter

OK, RAISED, CRASHED = 0, 1, 3
DEFAULT_SECONDS = 60.0


@dataclass(frozen=True)
class Case:
    script: str  # the text
    name: str  # as tracebacks call it
    files: tuple[Path, ...] = ()  # importable under their base names
    seconds: float = DEFAULT_SECONDS


@dataclass(frozen=True)
class Outcome:
    status: int
    stdout: str = ""
    stderr: str = ""


def runner(interpreter: Interpreter, folder: Path):
    """A context manager with run(Case) -> Outcome; `folder` is where the interpreter's image lies."""
    command = [*interpreter.launch, *interpreter.image.command(folder)]
    return SerialRunner(command) if interpreter.bare_metal else UnixRunner(command)


class UnixRunner:
    # The script is not run as a file of its own: it would shadow a module of the same name.
    LAUNCHER = "exec(compile(open({script!r}).read(), {name!r}, 'exec'), {{'__name__': '__main__'}})\n"
    LAUNCHER_FILE = "__launch__.py"
    SCRIPT_FILE = "__script__"

    def __init__(self, command: list[str]):
        self._command = command

    def __enter__(self):
        return self

    def __exit__(self, *_exception) -> None:
        pass

    def run(self, case: Case) -> Outcome:
        with tempfile.TemporaryDirectory(prefix="mpylink-run-") as name:
            folder = Path(name) / "files"
            folder.mkdir()
            for file in case.files:
                shutil.copy(file, folder)
            (folder / self.SCRIPT_FILE).write_text(case.script, encoding="utf-8")
            launcher = self.LAUNCHER.format(script=self.SCRIPT_FILE, name=case.name)
            (folder / self.LAUNCHER_FILE).write_text(launcher, encoding="utf-8")
            with open(Path(name) / "stdout", "w+b") as stdout, open(Path(name) / "stderr", "w+b") as stderr:
                return self._run_in(folder, case.seconds, stdout, stderr)

    def _run_in(self, folder: Path, seconds: float, stdout, stderr) -> Outcome:
        environment = {**os.environ, "MICROPYPATH": ".frozen"}  # beside the launcher's own folder
        environment.pop("MICROPYINSPECT", None)
        try:
            returned = subprocess.run(
                [*self._command, self.LAUNCHER_FILE],
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
                timeout=seconds,
                preexec_fn=confine,
            ).returncode
            status, end = (RAISED if returned else OK), ""
            if returned < 0:
                status, end = CRASHED, f"ended by {signal.Signals(-returned).name}\n"
        except subprocess.TimeoutExpired:
            status, end = CRASHED, f"no answer within {seconds:g} s\n"
        stdout.seek(0)
        stderr.seek(0)
        printed, complaint = _text(stdout.read()), _without_frame(_text(stderr.read()), self.LAUNCHER_FILE)
        if "uncaught NLR" in complaint:
            status = CRASHED
        return Outcome(status, printed, complaint + end)


@dataclass
class SerialRunner:
    command: list[str]
    _repl: RawRepl | None = field(default=None, init=False)

    CHUNK = 3072  # bytes of a file per line of code

    # Importable files live in the interpreter's RAM.
    FILE_SYSTEM = """\
import binascii, io, sys, vfs
class File(io.IOBase):
    def __init__(self, content):
        self.rest = memoryview(content)
    def readinto(self, buffer):
        count = min(len(buffer), len(self.rest))
        buffer[:count] = self.rest[:count]
        self.rest = self.rest[count:]
        return count
    def ioctl(self, request, argument):
        return 0
class Files:
    def __init__(self):
        self.content = {}
    def mount(self, readonly, mkfs):
        pass
    def umount(self):
        pass
    def chdir(self, path):
        pass
    def stat(self, path):
        if path.lstrip('/') not in self.content:
            raise OSError(2)
        return (0x8000,) + (0,) * 9
    def open(self, path, mode):
        return File(self.content[path.lstrip('/')])
files = Files()
vfs.mount(files, '/files')
sys.path[:] = ['/files']
"""
    PLACE = "content[{start}:{end}] = binascii.a2b_base64({data!r})\n"
    LAUNCHER = """\
ended = None
try:
    exec(compile(content.decode(), {name!r}, 'exec'), {{'__name__': '__main__'}})
except SystemExit as exit:
    ended = exit.args[0] if exit.args else None
"""

    def __enter__(self):
        return self

    def __exit__(self, *_exception) -> None:
        self._drop()

    def run(self, case: Case) -> Outcome:
        try:
            self._fresh_interpreter()
            self._must(self.FILE_SYSTEM, case)
            for file in case.files:
                self._send(file.read_bytes(), case)
                self._must(f"files.content[{file.name!r}] = content\n", case)
            self._send(case.script.encode(), case)
            output, traceback = self._repl.execute(self.LAUNCHER.format(name=case.name), case.seconds)
            if traceback:
                return Outcome(RAISED, _text(output), _without_frame(_text(traceback), "<stdin>"))
            exit_status = self._must("print(ended)", case).strip()
            return Outcome(OK if exit_status in (b"None", b"0") else RAISED, _text(output))
        except Unresponsive as problem:
            self._drop()
            return Outcome(CRASHED, _text(problem.output), f"{problem}\n")

    def _fresh_interpreter(self) -> None:
        if self._repl:
            try:
                self._repl.soft_reset()
                return
            except Unresponsive:  # the last case broke it for good: this one is not to blame
                self._drop()
        self._repl = RawRepl(self.command)

    def _send(self, content: bytes, case: Case) -> None:
        self._must(f"content = bytearray({len(content)})\n", case)  # whole at once: the heap may be small
        for start in range(0, len(content), self.CHUNK):
            chunk = content[start : start + self.CHUNK]
            data = base64.b64encode(chunk).decode()
            self._must(self.PLACE.format(start=start, end=start + len(chunk), data=data), case)

    def _must(self, code: str, case: Case) -> bytes:
        output, traceback = self._repl.execute(code, case.seconds)
        if traceback:
            raise Unresponsive(f"cannot prepare the case: {_text(traceback)}", b"")
        return output

    def _drop(self) -> None:
        if self._repl:
            self._repl.close()
            self._repl = None


def _text(data: bytes) -> str:
    return data.replace(b"\r\n", b"\n").decode("utf-8", "replace")


def _without_frame(traceback: str, file: str) -> str:
    """Drops our launcher's own frame."""
    return re.sub(rf'^  File "{re.escape(file)}", line \d+, in <module>\n', "", traceback, count=1, flags=re.M)
