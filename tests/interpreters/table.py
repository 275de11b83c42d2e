# SPDX-License-Identifier: MIT
"""Every MicroPython that tests import modules into, one row each.

To add one: append an Interpreter to INTERPRETERS, and an image to run if none below fits. An image is what
setup.py makes once in the cache; a new kind of image also needs a maker there.
"""

from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
BOARDS = HERE / "boards"
XTENSA = HERE / "xtensa"
SUITE = "trixie"  # the first Debian suite whose MicroPython reads .mpy 6.3

SOFT_FLOAT_ARCHS = {"armv6m", "armv7m", "armv7em", "rv32imc", "rv64imc", "xtensa", "xtensawin"}


@dataclass(frozen=True)
class UnixPackage:
    """Debian's micropython package of one architecture with the libraries it needs."""

    name: str
    debian_arch: str
    triplet: str
    loader: str

    def command(self, folder: Path) -> list[str]:
        libraries = folder / "usr/lib" / self.triplet
        program = folder / "usr/bin/micropython"
        return [str(libraries / self.loader), "--library-path", str(libraries), str(program)]


@dataclass(frozen=True)
class Source:
    """Debian's micropython source package, unpacked, with mpy-cross built."""

    name: str = "source"


@dataclass(frozen=True)
class XtensaTools:
    """Not for modules to run in: a cross compiler for the ESP32, with libgcc for it and for the ESP8266."""

    name: str = "xtensa-esp32"

    @property
    def own_files(self) -> Path:
        return XTENSA


@dataclass(frozen=True)
class Library:
    """Not for modules to run in: an archive of a package that cannot be installed beside that of the machine's own
    architecture without changing what apt installs."""

    name: str
    package: str
    debian_arch: str
    path: str


@dataclass(frozen=True)
class Firmware:
    """A bare-metal build of the source package's qemu port."""

    name: str
    make_variables: tuple[str, ...]
    own_board: str = ""  # a folder in boards/, or empty for one of the port's boards
    tools: XtensaTools | None = None  # where its compiler is none of Debian's

    @property
    def own_files(self) -> Path | None:
        return BOARDS / self.own_board if self.own_board else None

    @property
    def needs(self) -> tuple:
        return (SOURCE, self.tools) if self.tools else (SOURCE,)

    def command(self, folder: Path) -> list[str]:
        return ["-kernel", str(folder / "firmware.elf")]


AMD64 = UnixPackage("unix-amd64", "amd64", "x86_64-linux-gnu", "ld-linux-x86-64.so.2")
I386 = UnixPackage("unix-i386", "i386", "i386-linux-gnu", "ld-linux.so.2")
ARMHF = UnixPackage("unix-armhf", "armhf", "arm-linux-gnueabihf", "ld-linux-armhf.so.3")
SOURCE = Source()
XTENSA_TOOLS = XtensaTools()
MUSL_I386 = Library("musl-i386", "musl-dev", "i386", "usr/lib/i386-linux-musl/libc.a")

# The port has no native code loader for the M0 unless the Thumb emitter is on; its heap leaves the stack 32 KiB.
CORTEX_M0 = Firmware(
    "firmware-m0",
    ("BOARD=MICROBIT", "MICROPY_HEAP_SIZE=229376")
    + ("CFLAGS_EXTRA=-DMICROPY_EMIT_THUMB=1 -DMICROPY_EMIT_THUMB_ARMV7M=0",),
)
CORTEX_M3 = Firmware("firmware-m3", ("BOARD=MPS2_AN385", "MICROPY_HEAP_SIZE=2000000"))
CORTEX_M4F = Firmware(
    "firmware-m4f",
    ("CPU=cortex-m4", "FPU=fpv4-sp-d16", "QEMU_MACHINE=mps2-an386", "MICROPY_HEAP_SIZE=2000000"),
    own_board="mps2-fpu",
)
CORTEX_M7 = Firmware(
    "firmware-m7",
    ("CPU=cortex-m7", "FPU=fpv5-d16", "QEMU_MACHINE=mps2-an500", "MICROPY_HEAP_SIZE=2000000"),
    own_board="mps2-fpu",
)
# Debian 12's GCC has no multilib for an architecture name with _zicsr, which is the port's default; the older
# ISA specification implies the extension.
RV32 = Firmware(
    "firmware-rv32",
    ("BOARD=VIRT_RV32", "MICROPY_HEAP_SIZE=1000000", "RV32_ARCH=rv32imac")
    + ("AFLAGS=-mabi=ilp32 -march=rv32imac -misa-spec=2.2",),
)
RV64 = Firmware("firmware-rv64", ("MICROPY_HEAP_SIZE=2000000",), own_board="virt-rv64")
LX106 = Firmware("firmware-lx106", ("ABI=call0", "MICROPY_HEAP_SIZE=2000000"), "xtensa-sim", XTENSA_TOOLS)
ESP32 = Firmware("firmware-esp32", ("ABI=windowed", "MICROPY_HEAP_SIZE=2000000"), "xtensa-sim", XTENSA_TOOLS)

# QEMU maps too little memory for the port's micro:bit linker script by default.
MICROBIT_MEMORY = ("-global", "nrf51-soc.flash-size=1048576", "-global", "nrf51-soc.sram-size=262144")
SERIAL = ("-nographic", "-monitor", "null", "-semihosting", "-serial", "stdio")


def qemu_machine(cpu: str, name: str, *options: str) -> tuple[str, ...]:
    return (f"qemu-system-{cpu}", "-machine", name, *options, *SERIAL)


def xtensa_simulator(core: str) -> tuple[str, ...]:
    """A machine without a serial line: the firmware reads and writes QEMU's own standard files."""
    options = ("-cpu", core, "-m", "128M", "-nographic", "-monitor", "null", "-serial", "none", "-semihosting")
    return ("qemu-system-xtensa", "-machine", "sim", *options)


@dataclass(frozen=True)
class Interpreter:
    name: str
    archs: tuple[str, ...]  # the module architectures its loader takes
    float_abi: str  # how its C functions pass floats: native, soft or hard
    image: UnixPackage | Firmware
    launch: tuple[str, ...] = ()  # what runs the image's command

    @property
    def bare_metal(self) -> bool:
        return isinstance(self.image, Firmware)

    def floats_work(self, arch: str) -> bool:
        """Whether a module of `arch` exchanges floats with it rightly: both must pass them the same way."""
        return self.float_abi == "native" or (self.float_abi == "soft") == (arch in SOFT_FLOAT_ARCHS)


ALL_THUMB = ("armv6m", "armv7m", "armv7em", "armv7emsp", "armv7emdp")

INTERPRETERS = (
    Interpreter("unix-x64", ("x64",), "native", AMD64),
    Interpreter("unix-x86", ("x86",), "native", I386),
    # Lenient: runs Thumb-2 instructions in a module that says armv6m.
    Interpreter("unix-armhf", ALL_THUMB, "hard", ARMHF, ("qemu-arm",)),
    Interpreter("qemu-m0", ("armv6m",), "soft", CORTEX_M0, qemu_machine("arm", "microbit", *MICROBIT_MEMORY)),
    Interpreter("qemu-m3", ("armv7m",), "soft", CORTEX_M3, qemu_machine("arm", "mps2-an385")),
    # The soft-float firmware runs on the Cortex-M4 as it is, and reports armv7em.
    Interpreter("qemu-m4", ("armv7em",), "soft", CORTEX_M3, qemu_machine("arm", "mps2-an386")),
    Interpreter("qemu-m4f", ("armv7emsp",), "hard", CORTEX_M4F, qemu_machine("arm", "mps2-an386")),
    Interpreter("qemu-m7", ("armv7emdp",), "hard", CORTEX_M7, qemu_machine("arm", "mps2-an500")),
    Interpreter("qemu-rv32", ("rv32imc",), "soft", RV32, qemu_machine("riscv32", "virt", "-bios", "none")),
    Interpreter("qemu-rv64", ("rv64imc",), "soft", RV64, qemu_machine("riscv64", "virt", "-bios", "none")),
    Interpreter("qemu-lx106", ("xtensa",), "soft", LX106, xtensa_simulator("lx106")),
    Interpreter("qemu-esp32", ("xtensawin",), "soft", ESP32, xtensa_simulator("de233_fpu")),
)


def find(name: str) -> Interpreter | None:
    return next((row for row in INTERPRETERS if row.name == name), None)


def for_arch(arch: str) -> list[Interpreter]:
    return [row for row in INTERPRETERS if arch in row.archs]
