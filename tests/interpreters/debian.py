# SPDX-License-Identifier: MIT
"""A private apt: packages of another Debian suite and architecture, without touching the system's apt state.

The mirror is the one the machine itself uses, as its own apt reads it from whatever kind of source list there is.
"""

import os
import subprocess
from pathlib import Path

from processes import run_logged

ARCHIVE_KEYS = "/usr/share/keyrings/debian-archive-keyring.gpg"  # trusted beside the machine's own keys


class NoMirror(Exception):
    pass


def mirror() -> str:
    """The URI from which this machine gets Debian's own `main`."""
    suites = {"stable", "oldstable", "testing", machine_suite()}
    targets = subprocess.run(
        ["apt-get", "indextargets", "--no-release-info"]
        + ["--format", "$(RELEASE) $(COMPONENT) $(REPO_URI)", "Created-By: Packages"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    for line in targets.splitlines():
        suite, component, uri = line.split(maxsplit=2)
        if suite in suites and component == "main" and not uri.startswith("cdrom:"):
            return uri
    raise NoMirror("apt has no Debian source for `main` of this release")


def machine_suite() -> str:
    """The Debian release that this machine runs."""
    lines = Path("/etc/os-release").read_text().splitlines()
    release = {key: value.strip('"') for key, _, value in (line.partition("=") for line in lines)}
    return release.get("VERSION_CODENAME", "stable")


class PrivateApt:
    def __init__(self, base: Path, kind: str, suite: str, arch: str, log):
        """`kind` is deb or deb-src; `base` is a fresh folder for all state; `log` gets apt's output."""
        self.base, self.log = base, log
        for name in ("lists/partial", "archives/partial"):
            (base / name).mkdir(parents=True)
        (base / "status").touch()
        (base / "sources.list").write_text(f"{kind} {mirror()} {suite} main\n")
        (base / "apt.conf").write_text(_machine_acquire_settings() + self._settings(arch))
        self._apt("update")

    def packages(self, name: str) -> list[Path]:
        """Downloads a package and all it depends on."""
        self._apt("-y", "--no-install-recommends", "--download-only", "install", name)
        return sorted((self.base / "archives").glob("*.deb"))

    def package_alone(self, name: str) -> Path:
        """Downloads a package without what it depends on."""
        self._apt("download", name)
        return next(self.base.glob(f"{name}_*.deb"))

    def source(self, name: str) -> Path:
        """Downloads a source package; its .dsc."""
        self._apt("source", "--download-only", name)
        return next(self.base.glob("*.dsc"))

    def _apt(self, *arguments: str) -> None:
        environment = {**os.environ, "APT_CONFIG": str(self.base / "apt.conf"), "LC_ALL": "C.UTF-8"}
        run_logged(["apt-get", "-q", *arguments], self.log, cwd=self.base, env=environment)

    def _settings(self, arch: str) -> str:
        places = {
            "Etc::parts": "/dev/null",
            "Etc::main": "/dev/null",
            "Etc::sourcelist": self.base / "sources.list",
            "Etc::sourceparts": "/dev/null",
            "Etc::preferences": "/dev/null",
            "Etc::preferencesparts": "/dev/null",
            "Etc::trusted": ARCHIVE_KEYS,
            "State::lists": self.base / "lists",
            "State::status": self.base / "status",
            "State::extended_states": self.base / "extended_states",
            "Cache": self.base,
            "Cache::archives": self.base / "archives",
            "Log": self.base,
        }
        lines = [f'Dir::{key} "{value}";' for key, value in places.items()]
        # The sandbox user could not write here, and there is no installed system whose dpkg lock matters.
        lines += ['APT::Sandbox::User "root";', 'Debug::NoLocking "true";', 'Acquire::Retries "3";']
        lines += [f'APT::Architecture "{arch}";', f'APT::Architectures {{ "{arch}"; }};', 'Acquire::Languages "none";']
        return "\n".join(lines) + "\n"


def _machine_acquire_settings() -> str:
    """Proxies and the like; nothing else of the machine's configuration (hooks need root)."""
    dump = ["apt-config", "dump", "--no-empty", "--format", '%f "%v";%n', "Acquire"]
    return subprocess.run(dump, check=True, capture_output=True, text=True).stdout
