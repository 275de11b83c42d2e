# SPDX-License-Identifier: MIT
"""The compilers of each architecture, and the ways in which their code can reach data and functions."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MPYLINK = os.path.abspath(os.environ.get("MPYLINK", ROOT / "build/release/mpylink"))

# gcc's prefix, clang's target, flags of both, mp_float_t.
ARCHS = {
    "x64": ("x86_64-linux-gnu-", "x86_64-linux-gnu", "-m64", "DOUBLE"),
    "x86": ("i686-linux-gnu-", "i686-linux-gnu", "-m32", "DOUBLE"),
    "armv6m": ("arm-none-eabi-", "thumbv6m-none-eabi", "-mthumb -mcpu=cortex-m0 -mfloat-abi=soft", "FLOAT"),
    "armv7m": ("arm-none-eabi-", "thumbv7m-none-eabi", "-mthumb -mcpu=cortex-m3 -mfloat-abi=soft", "FLOAT"),
    "armv7em": ("arm-none-eabi-", "thumbv7em-none-eabi", "-mthumb -mcpu=cortex-m4 -mfloat-abi=soft", "FLOAT"),
    "armv7emsp": (
        "arm-none-eabi-",
        "thumbv7em-none-eabihf",
        "-mthumb -mcpu=cortex-m4 -mfloat-abi=hard -mfpu=fpv4-sp-d16",
        "FLOAT",
    ),
    "armv7emdp": (
        "arm-none-eabi-",
        "thumbv7em-none-eabihf",
        "-mthumb -mcpu=cortex-m7 -mfloat-abi=hard -mfpu=fpv5-d16",
        "DOUBLE",
    ),
}
ARM = frozenset(arch for arch in ARCHS if arch.startswith("arm"))

# Code models: architectures, compiler (both when empty), name, flags. The first that fits is the usual one.
X64, X86 = frozenset({"x64"}), frozenset({"x86"})
MODELS = (
    (X64 | ARM, "", "pic", "-fpic"),
    # gcc would align every larger array to 32 bytes, of which firmware guarantees 16.
    (X86, "gcc", "pic", "-fpic -malign-data=abi"),
    (X86, "clang", "pic", "-fpic"),
    (X64, "", "noplt", "-fPIC -fno-plt"),
    (X86, "gcc", "noplt", "-fPIC -fno-plt -malign-data=abi"),
    (X86, "clang", "noplt", "-fPIC -fno-plt"),
    (X64, "", "medium", "-fPIC -mcmodel=medium"),
    (X64, "", "large", "-fPIC -mcmodel=large"),
    (ARM, "gcc", "word", "-fno-pic -mword-relocations"),
    (ARM, "clang", "word", "-fno-pic -mno-movt"),
    (ARM, "gcc", "got", "-fpic -mno-pic-data-is-text-relative -mno-single-pic-base"),
)


@dataclass(frozen=True)
class Compiler:
    name: str  # gcc or clang
    command: tuple[str, ...]
    gcc: tuple[str, ...]  # whose libraries it uses

    def models(self, arch: str) -> dict[str, list[str]]:
        return {
            name: flags.split() for archs, only, name, flags in MODELS if arch in archs and only in ("", self.name)
        }

    def compile(self, source: Path, flags: list[str], output: Path) -> None:
        language = ["-x", "c++", "-fno-exceptions", "-fno-rtti"] if source.suffix == ".cpp" else []
        run([*self.command, *language, *flags, "-c", str(source), "-o", str(output)])

    def partial_link(self, objects: list[Path], output: Path) -> None:
        """Several objects into one, by the ordinary linker."""
        run([*self.gcc, "-r", "-nostdlib", *map(str, objects), "-o", str(output)])

    def objcopy(self, path: Path, options: list[str]) -> None:
        run([self.gcc[0].removesuffix("gcc") + "objcopy", *options, str(path)])

    @lru_cache
    def libraries(self) -> list[Path]:
        names = ("libgcc.a", "libm.a")
        found = [Path(run([*self.gcc, f"--print-file-name={name}"]).strip()) for name in names]
        return [path for path in found if path.is_absolute()]


@lru_cache
def compilers(arch: str) -> list[Compiler]:
    prefix, target, flags, float_type = ARCHS[arch]
    common = [*flags.split(), "-fno-stack-protector", "-U_FORTIFY_SOURCE", "-DNDEBUG", "-DNO_QSTR"]
    common += ["-DMICROPY_ENABLE_DYNRUNTIME", f"-DMICROPY_FLOAT_IMPL=MICROPY_FLOAT_IMPL_{float_type}"]
    common += [f"-I{ROOT}/abi/include"]
    gcc = need(prefix + "gcc")
    found = [Compiler("gcc", (gcc, *common), (gcc, *flags.split()))]
    if clang := shutil.which("clang-19") or shutil.which("clang"):
        command = [clang, f"--target={target}", *common]
        if arch in ARM:
            # The headers of gcc's C library, and what agrees with it.
            listing = run([gcc, "-M", "-include", "string.h", "-x", "c", os.devnull]).split()
            folder = next(Path(word).parent for word in listing if word.endswith("/string.h"))
            command += ["-isystem", str(folder), "-fshort-enums", "-meabi", "gnu"]
        found.append(Compiler("clang", tuple(command), (gcc, *flags.split())))
    return found


def need(program: str) -> str:
    if not shutil.which(program):
        raise SystemExit(f"{program} is not installed; ./bootstrap test installs it")
    return program


class Failed(Exception):
    """A command that should have worked; the text is the command and what it said."""


def run(command: list[str], cwd: Path | None = None, environment: dict[str, str] | None = None) -> str:
    """Standard output. Without an environment: ours, but for what a make that runs us has put there."""
    if environment is None:
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS"))} | {"LC_ALL": "C"}
    done = subprocess.run(
        command, cwd=cwd, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    if done.returncode:
        raise Failed(f"$ {' '.join(command)}\n{done.stdout}{done.stderr}(exit status {done.returncode})")
    return done.stdout
