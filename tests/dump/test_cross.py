# SPDX-License-Identifier: MIT
"""What MicroPython's own compiler writes can be shown and is sound: bytecode and its native emitters. The
compiler is the one that tests/interpreters has built."""

import json
import pathlib
import subprocess
import sys
import unittest

from harness import DumpTest

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "interpreters"))
import cache  # noqa: E402
from table import SOURCE  # noqa: E402

CROSS = cache.folder(SOURCE) / "mpy-cross/build/mpy-cross"

PYTHON = '''
import sys as system
from collections import namedtuple
TEXT = "a long text that is no qstr but an object"
VALUES = (1, -2, 1 << 70, 1.5, 2j, b"\\x00\\xff", None, True, ...)


class Stack(namedtuple("Pair", "left right")):
    def items(self, first=1, *rest, key, other=None, **more):
        def inner():
            return first + key
        try:
            with open(TEXT) as file:
                for line in file:
                    if not line or first > 3 and key is not None:
                        continue
                    yield inner(), [x for x in rest], {k: v for k, v in more.items()}, {1, 2}
        except (OSError, ValueError) as error:
            raise RuntimeError from error
        finally:
            del more
        self.left[first:key] += 5
        return await_it(*rest, **more)


async def await_it(a, b=2):
    await a
    lambda x, y=b: x // y
    global VALUES
    VALUES = not a
'''
# The native emitter has no chained exceptions.
NATIVE = PYTHON.replace(" from error", "") + '''

@micropython.native
def native(a, b=1):
    def inner(c):
        return a + c
    return inner(b)


@micropython.viper
def viper(a: int, p: ptr8) -> int:
    total = 0
    for i in range(a):
        total += p[i]
    return total
'''
THUMB = '''

@micropython.asm_thumb
def assembler(r0, r1):
    add(r0, r0, r1)
'''


class Cross(DumpTest):
    def compile(self, source, *options):
        self.write("module.py", source.encode())
        subprocess.run([CROSS, *options, "module.py"], cwd=self.folder, check=True)
        return "module.mpy"

    def look(self, *options, source=PYTHON):
        module = self.compile(source, *options)
        for view in (["-d"], ["-x"], ["-r"], []):
            self.dump(*view, module)
        self.assertEqual(self.dump("-verify", module).splitlines()[0], f"{module}: sound")
        (file,) = json.loads(self.dump("-json", module))
        return file

    def functions(self, file):
        found = {}

        def visit(code):
            found[code.get("name", code["kind"])] = code
            for child in code["children"]:
                visit(child)

        visit(file["code"])
        return found

    def test_bytecode(self):
        file = self.look()
        functions = self.functions(file)
        items = functions["items"]
        self.assertEqual(items["arguments"], ["self", "first", "other", "key"])
        self.assertEqual([items[key] for key in ("positional", "keywordOnly", "defaults")], [2, 2, 1])
        self.assertEqual(items["flags"], ["generator", "*args", "**kwargs", "keyword defaults"])
        lines = [each["line"] for each in items["instructions"] if "line" in each]
        self.assertEqual(min(lines), PYTHON.splitlines().index("        def inner():") + 1)
        names = [each["name"] for code in functions.values() for each in code["instructions"]]
        self.assertFalse(any("bad" in name for name in names))
        self.assertGreater(len(set(names)), 35)

    def test_native(self):
        for arch, source in (
            ("x86", NATIVE),
            ("x64", NATIVE),
            ("armv6m", NATIVE + THUMB),
            ("armv7m", NATIVE + THUMB),
            ("armv7emsp", NATIVE + THUMB),
            ("xtensa", NATIVE),
            ("xtensawin", NATIVE),
            ("rv32imc", NATIVE),
        ):
            with self.subTest(arch=arch):
                functions = self.functions(self.look(f"-march={arch}", source=source))
                self.assertEqual(functions["native"]["kind"], "native")
                self.assertEqual(functions["native"]["arguments"], ["a", "b"])
                self.assertIn("viper", functions)
                self.assertEqual("assembler" in functions, "thumb" in source)
        self.look("-march=x64", "-X", "emit=native", source=NATIVE)
        self.look("-march=armv7m", "-X", "emit=native", "-O3", source=NATIVE)


if __name__ == "__main__":
    unittest.main()
