# SPDX-License-Identifier: MIT
"""Drives a MicroPython that talks on a serial line, in its raw REPL: code in, output and traceback out."""

import os
import re
import select
import subprocess
import time

from processes import OUTPUT_LIMIT, confine

BOOT_SECONDS = 60
REGISTER_DUMP_SECONDS = 0.3  # how long a crashed firmware may go on printing before we stop listening
CRASH = re.compile(rb"\w+ exception caught:|\r?\nMACHINE EXCEPTION CAUGHT:|uncaught NLR")
LONGEST_CRASH_LINE = 64
RAW_PROMPT = b"raw REPL; CTRL-B to exit\r\n>"
END = b"\x04"


class Unresponsive(Exception):
    """The firmware crashed, ended or stopped answering; `output` is what the running code had printed."""

    def __init__(self, message: str, output: bytes):
        super().__init__(message)
        self.output = output


class RawRepl:
    def __init__(self, command: list[str]):
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,  # an emulator's last words belong to the crash report
            preexec_fn=confine,
        )
        self._unread = b""
        self._deadline = 0.0
        try:
            self._expect_within(BOOT_SECONDS)
            self._read_until(b">>> ")
            self._write(b"\r\x03\x01")
            self._read_until(RAW_PROMPT)
        except BaseException:
            self.close()
            raise

    def execute(self, code: str, seconds: float) -> tuple[bytes, bytes]:
        """Runs code to its end; what it printed, and the traceback if it raised."""
        self._expect_within(seconds)
        self._write(code.encode() + END)
        self._read_until(b"OK")
        output = self._read_until(END)
        traceback = self._read_until(END)
        self._read_until(b">")
        return output, traceback

    def soft_reset(self) -> None:
        self._expect_within(BOOT_SECONDS)
        self._write(END)
        self._read_until(RAW_PROMPT)

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()

    def _expect_within(self, seconds: float) -> None:
        self._seconds = seconds
        self._deadline = time.monotonic() + seconds

    def _write(self, data: bytes) -> None:
        try:
            self._process.stdin.write(data)
            self._process.stdin.flush()
        except BrokenPipeError:
            raise self._ended() from None

    def _read_until(self, mark: bytes) -> bytes:
        searched = 0
        while (at := self._unread.find(mark, searched)) < 0:
            if CRASH.search(self._unread, max(0, searched - LONGEST_CRASH_LINE)):
                self._deadline = min(self._deadline, time.monotonic() + REGISTER_DUMP_SECONDS)
            searched = max(0, len(self._unread) - len(mark) + 1)
            wait = self._deadline - time.monotonic()
            if wait <= 0 or not select.select([self._process.stdout], [], [], wait)[0]:
                raise self._crashed() or Unresponsive(f"no answer within {self._seconds:g} s", self._unread)
            if len(self._unread) > OUTPUT_LIMIT:
                raise Unresponsive(f"more than {OUTPUT_LIMIT} bytes of output", self._unread)
            data = os.read(self._process.stdout.fileno(), 65536)
            if not data:
                raise self._ended()
            self._unread += data
        found, self._unread = self._unread[:at], self._unread[at + len(mark) :]
        return found

    def _crashed(self) -> Unresponsive | None:
        if crash := CRASH.search(self._unread):
            report = self._unread[crash.start() :].decode("latin-1").replace("\r\n", "\n")
            return Unresponsive(f"the firmware crashed: {report.strip()}", self._unread[: crash.start()])
        return None

    def _ended(self) -> Unresponsive:
        # Some firmwares end their emulator when they have reported a crash.
        return self._crashed() or Unresponsive(f"the emulator ended with status {self._process.wait()}", self._unread)
