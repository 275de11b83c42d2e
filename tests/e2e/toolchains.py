# SPDX-License-Identifier: MIT
"""The compilers of each architecture, and the ways in which their code can reach data and functions."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MPYLINK = os.path.abspath(os.environ.get("MPYLINK", ROOT / "build/release/mpylink"))

sys.path.append(str(ROOT / "tests/interpreters"))
import cache  # noqa: E402
from table import MUSL_I386, SOFT_FLOAT_ARCHS, SOURCE, XTENSA_TOOLS, for_arch  # noqa: E402, F401

MUSL = Path("/usr/lib/x86_64-linux-musl/libc.a")
XTENSA_FOLDER = cache.folder(XTENSA_TOOLS)  # a compiler, and libgcc for two ABIs
XTENSAWIN_PREFIX = f"{XTENSA_FOLDER}/bin/xtensa-esp32-elf-"

# gcc's prefix, clang's target (empty: it has none), flags of both, mp_float_t.
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
    "rv32imc": ("riscv64-unknown-elf-", "riscv32-unknown-elf", "-march=rv32imc -mabi=ilp32", "FLOAT"),
    "rv64imc": ("riscv64-unknown-elf-", "riscv64-unknown-elf", "-march=rv64imc -mabi=lp64", "FLOAT"),
    "xtensa": ("xtensa-lx106-elf-", "", "", "FLOAT"),
    "xtensawin": (XTENSAWIN_PREFIX, "", "", "FLOAT"),
}
FAMILIES = {
    family: frozenset(arch for arch in ARCHS if arch.startswith(start))
    for family, start in (("arm", "arm"), ("riscv", "rv"), ("any-xtensa", "xtensa"))
}
ARM, RISCV, XTENSA = FAMILIES.values()

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
    (RISCV, "", "pic", "-fpic"),
    (RISCV, "gcc", "medany", "-fno-pic -mcmodel=medany"),
    (RISCV, "clang", "medany", "-fno-pic -mcmodel=medany -mno-relax"),
    # The tables of a switch would have 32 bits for an address.
    (RISCV, "gcc", "medlow", "-fno-pic -mcmodel=medlow -fno-jump-tables"),
    (XTENSA, "", "pic", "-fpic"),
    (XTENSA, "", "longcalls", "-fno-pic -mlongcalls"),
    (XTENSA, "", "direct", "-fno-pic -mno-longcalls"),
    (XTENSA, "", "textlit", "-fpic -mtext-section-literals"),
    (XTENSA, "", "litpools", "-fno-pic -mlongcalls -mauto-litpools"),
)

PICOLIBC = ("--specs=picolibc.specs",)  # its headers, but also a linker script: for compiling only


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
        """libgcc, and what there is of the C library's floating-point functions (in picolibc: with all others) and
        of the C++ library."""
        if self.gcc[0].startswith(XTENSAWIN_PREFIX):
            return [XTENSA_FOLDER / "lib/windowed/libgcc.a"]
        if "xtensa" in self.gcc[0]:
            return [XTENSA_FOLDER / "lib/call0/libgcc.a", header_folder(self.gcc).parent / "lib/libc.a"]
        libgcc = Path(run([*self.gcc, "--print-libgcc-file-name"]).strip())
        if "riscv" in self.gcc[0]:
            multilib = "/".join(libgcc.parts[-3:-1])
            return [libgcc, header_folder((*self.gcc, *PICOLIBC)).parent / "lib" / multilib / "libc.a"]
        # glibc's functions are chosen when a program starts; musl's are not.
        musl = [path for path in (MUSL,) if "x86_64" in self.gcc[0] and path.exists()]
        others = [Path(run([*self.gcc, f"--print-file-name={name}"]).strip()) for name in ("libm.a", "libstdc++.a")]
        return [libgcc, *musl, *(path for path in others if path.is_absolute())]


@lru_cache
def compilers(arch: str) -> list[Compiler]:
    prefix, target, flags, float_type = ARCHS[arch]
    common = [*flags.split(), "-fno-stack-protector", "-U_FORTIFY_SOURCE", "-DNDEBUG", "-DNO_QSTR"]
    common += ["-DMICROPY_ENABLE_DYNRUNTIME", f"-DMICROPY_FLOAT_IMPL=MICROPY_FLOAT_IMPL_{float_type}"]
    common += [f"-I{ROOT}/abi/include"]
    gcc = (need(prefix + "gcc"), *flags.split())
    specs = PICOLIBC if arch in RISCV else ()
    found = [Compiler("gcc", (*gcc, *specs, *common), gcc)]
    if target and (clang := shutil.which("clang-19") or shutil.which("clang")):
        command = [clang, f"--target={target}", *common]
        if arch in ARM | RISCV:
            # The headers of gcc's libraries, and what agrees with them.
            command += cxx_headers(gcc) + ["-isystem", str(header_folder((*gcc, *specs)))]
        if arch in ARM:
            command += ["-fshort-enums", "-meabi", "gnu"]
        found.append(Compiler("clang", tuple(command), gcc))
    return found


@lru_cache
def header_folder(gcc: tuple[str, ...]) -> Path:
    listing = run([*gcc, "-M", "-include", "string.h", "-x", "c", os.devnull]).split()
    return next(Path(word).parent for word in listing if word.endswith("/string.h"))


def cxx_headers(gcc: tuple[str, ...]) -> list[str]:
    """Options for clang: the C++ library's headers in front of the C library's. Not every gcc has them."""
    ask = [gcc[0].removesuffix("gcc") + "g++", *gcc[1:], "-M", "-include", "array", "-x", "c++", os.devnull]
    try:
        listing = run(ask).split()
    except Failed:
        return []
    ends = ("/array", "/bits/c++config.h")
    folders = [next(word for word in listing if word.endswith(end)).removesuffix(end) for end in ends]
    return [word for folder in folders for word in ("-cxx-isystem", folder)]


def need(program: str) -> str:
    if not shutil.which(program):
        raise SystemExit(f"{program} is not installed; ./bootstrap test installs it")
    return program


def make(folder: Path, arch: str, **variables) -> None:
    """Builds a module with templates/mpylink.mk."""
    variables |= {"ARCH": arch, "MPYLINK": MPYLINK}
    if arch == "x86":
        variables["MUSL"] = cache.folder(MUSL_I386) / "libc.a"
    if arch == "xtensawin":
        variables["CROSS"] = XTENSAWIN_PREFIX
    if arch == "xtensa":
        # The floats' functions, which are not in Debian's libgcc.
        variables["MPYLINK_FLAGS"] = f"-externs {ROOT}/tests/interpreters/boards/xtensa-sim/call0_rom.ld"
    run(["make", "-C", str(folder), *(f"{name}={value}" for name, value in variables.items())])


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
