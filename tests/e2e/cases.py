#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compiles, links and imports the modules of cases/, one behaviour a file.

A case is a C or C++ file, or a Python program that prints one. Lines that begin with //# say what to do:

  //# RUN: EXPRESSION => RESULT   the module is `m`; RESULT is its repr(), or `raises` and that of the exception
  //# DO: STATEMENT               between the expressions; a following DO line may be indented
  //# OUT: LINE                   expected here besides: what the following lines print
  //# ARCH: NAME...               only for these; `arm`, `riscv` and `any-xtensa` are short for all of a family
  //# CC: NAME                    only this compiler
  //# MODEL: PATTERN...           only these code models (see toolchains.py); `not PATTERN...`: all but these
  //# MATRIX: full                -O0, -O2, -Os, with and without -ffunction-sections -fdata-sections, for the usual
                                  models; for one architecture of each instruction set
  //# MATRIX: one                 the first model at -Os with these sections; without a MATRIX line: each model
                                  like that, and the first at -O0 without; a variant of another architecture's
                                  instruction set gets only the template's model at -Os
  //# CFLAGS: FLAG...             for all objects; each such line makes a variant of all others
  //# OBJECT: FLAG...             one more object: the same file compiled with these flags
  //# ARCHIVE: FLAG... | FLAG...  an archive of the same file, compiled with each of these flags
  //# THIN-ARCHIVE: FLAG... | ... the same as a thin one
  //# OBJCOPY: OPTION...          each object goes through objcopy
  //# PARTIAL                     the objects first go through the compiler's own linker (ld -r)
  //# RUNTIME: NAME...            these sources of abi/runtime, compiled for the usual code model, as an archive
  //# LIBRARIES                   libgcc and libm of the compiler
  //# EXTERNS: NAME = NUMBER;     a line of a file for -externs
  //# LINK: OPTION...             more options for mpylink; {name} is the module's name, {root} this
                                  repository's folder
  //# COPY                        the same file under another name as well: `copy`
  //# FLOATS                      passes floats to or from the interpreter: only where these agree on registers
  //# INTERPRETERS: PATTERN...    only these, say for want of memory

Every variant is linked with -verify -fatal-warnings. All variants of a case are imported in one run; on bare
metal, which takes its files through a slow serial port, only those that differ in more than optimisation; and
those of gcc where no other interpreter takes them.
"""

import itertools
import os
import re
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from threading import Lock

from everywhere import Job, Result, run_everywhere
from report import Report, parser, work_folder
from toolchains import ARCHS, FAMILIES, MPYLINK, ROOT, Compiler, Failed, compilers, for_arch, need, run

CASES = Path(__file__).resolve().parent / "cases"
RUNTIME, RUNTIME_LOCK = ROOT / "abi/runtime", Lock()
SECTIONS = ["-ffunction-sections", "-fdata-sections"]
USUAL_MODELS = {"pic", "word", "longcalls"}
FULL_MATRIX = {"x64", "x86", "armv6m", "armv7m"}  # one of each instruction set
LIKE_ANOTHER = {"armv7em", "armv7emsp", "armv7emdp"}  # armv7m with more instructions, which need no relocations
SEPARATOR = "---- "

FLAGS = {"PARTIAL", "LIBRARIES", "COPY", "FLOATS"}
ONCE = {"ARCH", "CC", "MODEL", "MATRIX", "OBJCOPY", "LINK", "INTERPRETERS", "RUNTIME"}
MANY = {"CFLAGS", "OBJECT", "ARCHIVE", "THIN-ARCHIVE", "EXTERNS"}
STEPS = {"RUN", "DO", "OUT"}

PRELUDE = """\
import gc, sys
def show(function):
    try:
        print(repr(function()))
    except Exception as error:
        print("raises", repr(error))
def pressure():
    # Reuses what the garbage collector has freed.
    for i in range(60):
        bytearray(b"\\xa5" * 97)
        [bytearray(b"\\x5a" * size) for size in (4, 12, 28, 60, 200)]
"""


class Case:
    def __init__(self, path: Path, work: Path):
        self.name = path.stem
        self.folder = work / self.name
        self.folder.mkdir(exist_ok=True)
        self.source = path
        if path.suffix == ".py":
            self.source = self.folder / f"{path.stem}.c"
            self.source.write_text(run([sys.executable, "-B", str(path)]))
        self.values: dict[str, list[str]] = {}
        self.steps: list[tuple[str, str]] = []
        for keyword, value in re.findall(r"^//# ([A-Z-]+)(?:: ?(.*))?$", self.source.read_text(), re.MULTILINE):
            self._add(keyword, value)
        if not any(keyword == "RUN" for keyword, _ in self.steps):
            raise SystemExit(f"{path}: no RUN line")

    def _add(self, keyword: str, value: str) -> None:
        known = keyword in FLAGS | ONCE | MANY | STEPS
        if not known or (keyword in self.values and keyword in ONCE) or (keyword in FLAGS) == bool(value.strip()):
            raise SystemExit(f"{self.source}: line not understood: //# {keyword}: {value}")
        if keyword in STEPS:
            self.steps.append((keyword, value))
        else:
            self.values.setdefault(keyword, []).append(value)

    def has(self, keyword: str) -> bool:
        return keyword in self.values

    def words(self, keyword: str) -> list[str]:
        return " ".join(self.values.get(keyword, [])).split()

    def is_for(self, arch: str) -> bool:
        names = {arch, *(family for family, archs in FAMILIES.items() if arch in archs)}
        return not self.has("ARCH") or not names.isdisjoint(self.words("ARCH"))

    def variants(self, arch: str) -> list["Variant"]:
        made = []
        for compiler in compilers(arch):
            if self.words("CC") not in ([], [compiler.name]):
                continue
            models = compiler.models(arch)
            usual = tuple(next(iter(models.values())))
            names = [name for name in models if self.takes_model(name)]
            for name, flags in itertools.product(self._matrix(names, arch), self.values.get("CFLAGS", [""])):
                model, optimisation, sections = name
                words = [*models[model], optimisation, *(SECTIONS if sections else []), *flags.split()]
                label = f"{compiler.name} {model} {' '.join(words)}"
                module = f"{self.name}_{len(made)}"
                made.append(Variant(self, compiler, usual, words, label, module, optimisation))
        return made

    def takes_model(self, name: str) -> bool:
        patterns = self.words("MODEL") or ["*"]
        unwanted = patterns[0] == "not"
        return any(fnmatch(name, pattern) for pattern in patterns[unwanted:]) != unwanted

    def _matrix(self, models: list[str], arch: str):
        if self.words("MATRIX") == ["one"]:
            return [(models[0], "-Os", True)]
        if self.words("MATRIX") == ["full"] and arch in FULL_MATRIX:
            usual = list(itertools.product(set(models) & USUAL_MODELS, ["-O0", "-O2", "-Os"], [False, True]))
            others = itertools.product([m for m in models if m not in USUAL_MODELS], (("-O0", False), ("-O2", True)))
            return sorted(usual) + [(model, *rest) for model, rest in others]
        small = [(model, "-Os", True) for model in models]
        if arch in LIKE_ANOTHER:
            return [row for row in small if row[0] == "word"] or small
        return small + [(model, "-O0", False) for model in models[:1]]

    def script(self, variants: list["Variant"]) -> str:
        lines = [PRELUDE]
        lines.append(f"for name in {[variant.module for variant in variants]!r}:")
        lines.append(f"    print({SEPARATOR!r} + name)")
        lines.append("    m = __import__(name)")
        if self.has("COPY"):
            lines.append("    copy = __import__(name + '_copy')")
        for keyword, value in self.steps:
            if keyword == "RUN":
                lines.append(f"    show(lambda: ({value.rpartition('=>')[0].strip()}))")
            elif keyword == "DO":
                lines.append(f"    {value}")
        return "\n".join(lines) + "\n"

    def expected(self) -> list[str]:
        return [value.rpartition("=>")[2].strip() for keyword, value in self.steps if keyword != "DO"]


@dataclass(frozen=True, eq=False)
class Variant:
    case: Case
    compiler: Compiler
    usual_model: tuple[str, ...]
    flags: list[str]
    label: str
    module: str
    optimisation: str

    def runs_on_bare_metal(self, is_only_metal: bool) -> bool:
        return self.optimisation == "-Os" or (is_only_metal and self.compiler.name == "gcc")

    def build(self) -> list[Path]:
        """The files to import."""
        case, folder = self.case, self.case.folder / self.module
        folder.mkdir(exist_ok=True)
        extra = [["-DMAIN"], *(flags.split() for flags in case.values.get("OBJECT", []))]
        objects = [self._compile(flags, folder / f"object{number}.o") for number, flags in enumerate(extra)]
        if case.has("OBJCOPY"):
            for path in objects:
                self.compiler.objcopy(path, case.words("OBJCOPY"))
        if case.has("PARTIAL"):
            self.compiler.partial_link(objects, folder / "partial.o")
            objects = [folder / "partial.o"]
        output = case.folder / f"{self.module}.mpy"
        command = [MPYLINK, "-verify", "-fatal-warnings", "-qstrs", str(case.folder / "config.h"), "-o", str(output)]
        command += map(str, objects)
        for keyword, kind in (("ARCHIVE", "rcs"), ("THIN-ARCHIVE", "rcsT")):
            for number, members in enumerate(case.values.get(keyword, [])):
                command += ["-l", str(self._archive(kind, members, folder / f"lib{keyword.lower()}{number}.a"))]
        if case.has("RUNTIME"):
            command += ["-l", str(self._runtime(folder / "runtime.a"))]
        if case.has("LIBRARIES"):
            command += [f"-l{path}" for path in self.compiler.libraries()]
        if case.has("EXTERNS"):
            externs = folder / "externs.ld"
            externs.write_text("\n".join(case.values["EXTERNS"]) + "\n")
            command += ["-externs", str(externs)]
        run(command + [word.format(name=self.module, root=ROOT) for word in case.words("LINK")])
        if not case.has("COPY"):
            return [output]
        return [output, Path(shutil.copy(output, case.folder / f"{self.module}_copy.mpy"))]

    def _compile(self, flags: list[str], output: Path) -> Path:
        config = f"-DMP_CONFIGFILE=<{self.case.folder / 'config.h'}>"
        self.compiler.compile(self.case.source, [config, f"-I{CASES}", *self.flags, *flags], output)
        return output

    def _runtime(self, output: Path) -> Path:
        flags = [*self.usual_model, "-Os", *SECTIONS, "-w", "-fno-builtin"]
        if self.compiler.name == "gcc":
            flags.append("-fno-tree-loop-distribute-patterns")
        objects = []
        for name in self.case.words("RUNTIME"):
            folder = self.case.folder.parent / f"runtime-{self.compiler.name}"
            objects.append(folder / f"{name}.o")
            with RUNTIME_LOCK:
                folder.mkdir(exist_ok=True)
                if not objects[-1].exists():
                    (source,) = RUNTIME.glob(f"{name}.c*")
                    self.compiler.compile(source, flags, objects[-1])
        run([need("ar"), "rcs", str(output), *map(str, objects)])
        return output

    def _archive(self, kind: str, members: str, output: Path) -> Path:
        objects = [
            # Longer than the 15 characters that fit in an archive's header.
            self._compile(flags.split(), output.parent / f"{output.stem}_member_number_{number}.o")
            for number, flags in enumerate(members.split("|"))
        ]
        run([need("ar"), kind, str(output), *map(str, objects)])
        return output


def compare(result: Result, case: Case, variants: list[Variant], report: Report) -> None:
    """Each variant's part of the output."""
    parts = dict(part.partition("\n")[::2] for part in result.output.split(SEPARATOR)[1:])
    complaint = "" if result.status == 0 else f"exit status {result.status}\n{result.errors}"
    expected = "".join(f"{line}\n" for line in case.expected())
    for variant in variants:
        name = f"{case.name} [{variant.label}] in {result.interpreter} ({case.folder}/{variant.module}.mpy)"
        if variant.module not in parts:
            report.fail(name, "not reached\n" + complaint)
        else:
            report.expect(name, parts[variant.module], expected, complaint)
    if result.status:
        report.fail(f"{case.name} in {result.interpreter}", complaint)


def main() -> None:
    options = parser(__doc__)
    options.add_argument("arch", choices=ARCHS)
    options.add_argument("names", nargs="*", metavar="CASE", help="only these")
    options = options.parse_intermixed_args()
    work, report, arch = work_folder(options), Report(), options.arch
    paths = sorted(path for path in CASES.iterdir() if path.suffix in (".c", ".cpp", ".py"))
    if unknown := set(options.names) - {path.stem for path in paths}:
        raise SystemExit(f"no such case: {', '.join(sorted(unknown))}")
    cases = [Case(path, work) for path in paths if not options.names or path.stem in options.names]
    cases = [case for case in cases if case.is_for(arch)]

    built: dict[Variant, list[Path]] = {}

    def build(variant: Variant) -> None:
        try:
            built[variant] = variant.build()
        except Failed as problem:
            report.fail(f"{variant.case.name} [{variant.label}]", str(problem))

    for case in cases:
        run([MPYLINK, "-preprocess", "-o", str(case.folder / "config.h"), str(case.source)])
    variants = {case.name: case.variants(arch) for case in cases}
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(build, itertools.chain(*variants.values())))

    jobs, imported = [], {}
    is_only_metal = all(row.bare_metal for row in for_arch(arch))
    for case in cases:
        for bare_metal in (False, True):
            chosen = [variant for variant in variants[case.name] if variant in built]
            if bare_metal:
                chosen = [variant for variant in chosen if variant.runs_on_bare_metal(is_only_metal)]
            script = case.folder / f"script{bare_metal:d}.py"
            script.write_text(case.script(chosen))
            files = tuple(file for variant in chosen for file in built[variant])
            where = tuple(case.words("INTERPRETERS")) or ("*",)
            if chosen:
                jobs.append(Job(case.name, script, files, case.has("FLOATS"), where, bare_metal))
                imported[script] = (case, chosen)
    for result in run_everywhere(jobs, arch, work):
        compare(result, *imported[result.job.script], report)
    print(f"{arch}: {len(cases)} cases, {len(built)} modules")
    report.exit()


if __name__ == "__main__":
    main()
