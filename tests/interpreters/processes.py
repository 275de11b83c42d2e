# SPDX-License-Identifier: MIT
"""What child processes need from the operating system."""

import ctypes
import resource
import signal
import subprocess

OUTPUT_LIMIT = 16 << 20  # bytes; a module gone wrong can print for ever

_LIBC = ctypes.CDLL(None)
_PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """For preexec_fn: what is killed must not leave its children at work."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def confine() -> None:
    """For preexec_fn of an interpreter: also no core files, and no endless output into a file."""
    die_with_parent()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (OUTPUT_LIMIT, OUTPUT_LIMIT))


def run_logged(command: list[str], log, **options) -> None:
    """Runs a step of the setup; raises if it fails."""
    subprocess.run(
        command,
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        preexec_fn=die_with_parent,
        **options,
    )
