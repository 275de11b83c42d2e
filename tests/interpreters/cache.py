# SPDX-License-Identifier: MIT
"""The cache folder: where images lie, whether they are whole, and how a new one gets in."""

import fcntl
import hashlib
import json
import os
import shutil
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

from table import SUITE

RECIPE_VERSION = 1  # raise it when setup.py makes an image differently from the same row
MANIFEST = "manifest.json"
WORK_PREFIX = "work-"


def root() -> Path:
    if own := os.environ.get("MPYLINK_CACHE"):
        base = Path(own).absolute()
    elif shared := os.environ.get("XDG_CACHE_HOME"):
        base = Path(shared).absolute() / "mpylink"
    else:
        base = Path.home() / ".cache/mpylink"
    return base / "interpreters"


def folder(image) -> Path:
    return root() / image.name


def recipe(image) -> str:
    """Changes whenever the image would be made differently."""
    digest = hashlib.sha256(f"{RECIPE_VERSION} {SUITE} {image!r}".encode())
    if own := getattr(image, "own_files", None):
        for path in sorted(path for path in own.rglob("*") if path.is_file()):
            digest.update(str(path.relative_to(own)).encode() + b"\0" + path.read_bytes())
    for needed in getattr(image, "needs", ()):
        digest.update(recipe(needed).encode())
    return digest.hexdigest()


def is_current(image) -> bool:
    """Cheap: the image was made whole, by today's recipe."""
    return _manifest(image).get("recipe") == recipe(image)


def is_intact(image) -> bool:
    """Thorough: and every file still has the content it was made with."""
    here = folder(image)
    return is_current(image) and _hashes(here, _manifest(image)["files"]) == _manifest(image)["files"]


def publish(image, made: Path) -> None:
    """Puts a finished folder in its place, with the manifest that vouches for it."""
    names = [str(p.relative_to(made)) for p in sorted(made.rglob("*")) if p.is_file() and not p.is_symlink()]
    manifest = {"recipe": recipe(image), "files": _hashes(made, names)}
    (made / MANIFEST).write_text(json.dumps(manifest, indent=0))
    place = folder(image)
    if place.exists():
        shutil.rmtree(place)
    made.rename(place)


@contextmanager
def locked():
    """One setup at a time; what an interrupted one left is cleared away."""
    root().mkdir(parents=True, exist_ok=True)
    with open(root() / "lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("waiting for another setup of the interpreters", file=sys.stderr, flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        for left in root().glob(WORK_PREFIX + "*"):
            shutil.rmtree(left, ignore_errors=True)  # a dying compiler may still write there
        yield


@contextmanager
def work_folder():
    """A scratch folder on the cache's own file system, so that publish() is a rename."""
    with tempfile.TemporaryDirectory(prefix=WORK_PREFIX, dir=root()) as name:
        yield Path(name)


def _manifest(image) -> dict:
    try:
        content = json.loads((folder(image) / MANIFEST).read_text())
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _hashes(base: Path, names) -> dict[str, str]:
    found = {}
    for name in names:
        try:
            found[name] = hashlib.sha256((base / name).read_bytes()).hexdigest()
        except OSError:
            found[name] = "missing"
    return found
