# SPDX-License-Identifier: MIT
"""The views of mpydump, on modules that are bytes in harness.py, and on one that mpylink links."""

import json
import os
import subprocess
import unittest

from harness import BYTECODE, NATIVE, DumpTest

SOURCE = """
#include "py/dynruntime.h"
static int calls;
int more = 7;
static mp_obj_t count(mp_obj_t by) { return mp_obj_new_int(calls += mp_obj_get_int(by) + more); }
static MP_DEFINE_CONST_FUN_OBJ_1(count_obj, count);
mp_obj_t mpy_init(mp_obj_fun_bc_t *self, size_t n_args, size_t n_kw, mp_obj_t *args) {
  MP_DYNRUNTIME_INIT_ENTRY
  mp_store_global(MP_QSTR_tally_names, MP_OBJ_FROM_PTR(&count_obj));
  MP_DYNRUNTIME_INIT_EXIT
}
"""


class Views(DumpTest):
    def setUp(self):
        super().setUp()
        self.write("native.mpy", NATIVE)
        self.write("code.mpy", BYTECODE)

    def test_overview(self):
        shown = self.dump("native.mpy", "code.mpy")
        for line in (
            "native.mpy: 138 bytes",
            "  loads on      MicroPython 1.23 and later",
            "  architecture  x64 (Unix on 64-bit PCs)",
            '     1  "answer"',
            "  raw code: viper, 96 bytes",
            "      rodata 8, bss 4",
            "      5 relocated words: 1 rodata, 1 bss, 1 qstr table, 1 mp_fun_table, 1 entries of mp_fun_table",
            "Memory once loaded: 4224 bytes, and names and objects",
            "  loads on      MicroPython 1.19 and later",
            '     0  tuple     (1180591620717411303424, "a string with spaces", b"\\x00\\xff", 1.5, Ellipsis)',
            "    raw code 0: bytecode f(a, b=..., *, k), 17 bytes",
            "      raw code 0.0: bytecode g(*), 8 bytes",
        ):
            self.assertIn(line + "\n", shown)

    def test_relocs(self):
        self.assertEqual(
            self.dump("-r", "native.mpy"),
            "Relocations of raw code\n"
            "  text    000038  0000000000000000  mp_fun_table\n"
            "  text    000040  0000000000000000  rodata\n"
            "  text    000048  0000000000000000  bss\n"
            "  text    000050  0000000000000000  qstr table\n"
            "  text    000058  0000000000000000  mp_fun_table.const_none\n",
        )

    def test_disassembly(self):
        native = self.dump("-d", "native.mpy")
        for mnemonic, comment in (
            ("movzx", 'qstr "answer"'),
            ("call", "mp_fun_table.store_global"),
            ("inc", "bss"),
            (".word", "mp_fun_table.const_none"),
        ):
            self.assertRegex(native, rf"\b{mnemonic} .*; {comment}\n".replace(r"\b.", r"\."))
        code = self.dump("--disassemble", "code.mpy")
        self.assertIn("  000006  16 04                              STORE_NAME \"K\"\n", code)
        self.assertIn("  00000b  20 00 01                           MAKE_CLOSURE 0, 1", code)
        self.assertIn("  000005  25 00                    line 4    LOAD_DEREF 0\n", code)

    def test_hex_shows_every_byte_once(self):
        for name, content in (("native.mpy", NATIVE), ("code.mpy", BYTECODE)):
            shown = bytearray()
            for line in self.dump("-x", name).splitlines()[1:]:
                if line.startswith("  0"):
                    self.assertEqual(int(line[2:8], 16), len(shown))
                    shown += bytes.fromhex(line[8:34].split("   ")[0] if len(line) > 34 else line[8:])
            self.assertEqual(bytes(shown), content)

    def test_json(self):
        native, code = json.loads(self.dump("-json", "native.mpy", "code.mpy"))
        self.assertEqual(native["qstrs"], ["ex.mpy", "answer"])
        (memory,) = native["memory"]
        self.assertEqual([memory[key] for key in ("code", "executable", "data", "tables")], [0, 4096, 32, 32])
        self.assertEqual([memory["wordSize"] for memory in code["memory"]], [4, 8])
        self.assertEqual(native["code"]["relocations"][0]["dest"], "mp_fun_table")
        self.assertEqual(native["problems"], [])
        (f,) = code["code"]["children"]
        self.assertEqual((f["name"], f["arguments"]), ("f", ["a", "b", "k"]))
        sizes = [field["size"] for field in code["fields"]]
        self.assertEqual(sum(sizes), len(BYTECODE))

    def test_diff(self):
        self.assertEqual(self.dump("-diff", "code.mpy", "code.mpy"), "code.mpy -> code.mpy\nno difference\n")
        changed = bytearray(BYTECODE)
        changed[changed.index(b"K")] = ord("L")  # Another name for STORE_NAME.
        changed[-2] = 1  # LOAD_DEREF 1
        self.write("other.mpy", bytes(changed))
        self.assertEqual(
            self.dump("--diff", "code.mpy", "other.mpy", status=1),
            "code.mpy -> other.mpy\n"
            '- qstr "K"\n'
            '+ qstr "L"\n'
            '- <module> instruction STORE_NAME "K"\n'
            '+ <module> instruction STORE_NAME "L"\n'
            "- <module>.f.g instruction LOAD_DEREF 0\n"
            "+ <module>.f.g instruction LOAD_DEREF 1\n",
        )
        longer = NATIVE.replace(b"\x55\0\0\0\0\0\0\0", b"\x55\0\0\0\x01\0\0\0")
        self.write("longer.mpy", longer)
        self.assertEqual(
            self.dump("-diff", "native.mpy", "longer.mpy", status=1),
            "native.mpy -> longer.mpy\nviper 0 rodata: 1 byte of 0x4..0x5 -> 0x4..0x5 differ\n",
        )

    def test_map(self):
        """Names out of mpylink's map stand in the listing of the module it links."""
        root = os.path.join(os.path.dirname(__file__), "../..")
        self.write("count.c", SOURCE.encode())
        for words in (
            [os.environ["MPYLINK"], "-preprocess", "count.c", "-o", "config.h"],
            ["gcc", "-c", "-Os", "-fpic", f"-I{root}/abi/include", "-I.", "-DMP_CONFIGFILE=<config.h>", "count.c"],
            [os.environ["MPYLINK"], "count.o", "-qstrs", "config.h", "-o", "count.mpy", "-Map", "count.map"],
        ):
            subprocess.run(words, cwd=self.folder, check=True)
        shown = self.dump("-d", "-map", "count.map", "count.mpy")
        self.assertIn("\nmpy_init:\n", shown)
        self.assertRegex(shown, r"jmp +0x[0-9a-f]+ +; mpy_init\n")
        self.assertIn("\ncount:\n", shown)
        self.assertRegex(shown, r"; calls\n")
        self.assertRegex(shown, r'; qstr "tally_names"\n')
        self.assertRegex(shown, r"; mp_fun_table.store_global\n")
        self.assertEqual(self.dump("-verify", "count.mpy").splitlines()[0], "count.mpy: sound")


if __name__ == "__main__":
    unittest.main()
