#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares what mpydump and MicroPython's own tool say about bytecode, field by field. Not run by ctest, as
the tool has to be that of the release that made the files:

    compare_mpy_tool.py MPYDUMP MPY_TOOL FILE.mpy...
"""

import contextlib
import importlib.util
import io
import json
import re
import subprocess
import sys

FLAGS = {"generator": 1, "**kwargs": 2, "*args": 4, "keyword defaults": 8}
compared = 0


def check(place, field, ours, theirs):
    global compared
    compared += 1
    if ours != theirs:
        raise SystemExit(f"{place}: {field}: mpydump says {ours!r}, mpy-tool.py {theirs!r}")


def preorder(code):
    yield code
    for child in code["children"]:
        yield from preorder(child)


def unlisted(code):
    """The children of viper functions, which the tool's listing leaves out."""
    return {
        child["place"]
        for parent in preorder(code)
        if parent["kind"] == "viper"
        for child in list(preorder(parent))[1:]
    }


def signature(code):
    flags = sum(FLAGS[flag] for flag in code["flags"])
    return [code[key] for key in ("states", "exceptions")] + [
        flags,
        *(code[key] for key in ("positional", "keywordOnly", "defaults")),
    ]


def unquoted(text):
    def plain(match):
        escape = match[1]
        return chr(int(escape[1:], 16)) if escape[0] == "x" else {"n": "\n"}.get(escape, escape)

    return re.sub(r"\\(x..|.)", plain, text[1:-1]).encode("latin-1").decode("utf-8", "surrogateescape")


def operand(instruction, theirs):
    """Ours, in the form that theirs has."""
    name, text = instruction["name"], instruction["operand"]
    if name.endswith("_OP_MULTI"):
        return theirs  # A number there, the operator here.
    if name.endswith("_MULTI"):
        return text + " "
    if name == "LOAD_CONST_OBJ":
        return theirs  # Objects are compared as a table.
    if text.startswith('"'):
        return unquoted(text)
    if text and "JUMP" in name or name in ("FOR_ITER", "SETUP_WITH", "SETUP_EXCEPT", "SETUP_FINALLY"):
        # Theirs is the distance from behind itself; one instruction has a byte more.
        behind = instruction["offset"] + instruction["size"] - (name == "UNWIND_JUMP")
        return str(int(text.split(",")[0], 16) - behind)
    return text.split(",")[0]


def blocks_of(listing):
    """The raw codes of a listing of version 6: lines between two that give a name."""
    blocks = re.split(r"^simple_name: ", listing, flags=re.M)
    return blocks[0], blocks[1:]


def compare6(ours, listing, data):
    head, blocks = blocks_of(listing)
    if arch := re.search(r"^arch: (\w+)", head, re.M):
        check("header", "arch", ours["architecture"].upper(), arch[1])
    table = re.search(r"^qstr_table\[(\d+)\]:\n((?:    .*\n)*)", head, re.M)
    if "\n" not in "".join(ours["qstrs"]):
        check("qstrs", "number", len(ours["qstrs"]), int(table[1]))
        check("qstrs", "texts", ours["qstrs"], [line[4:] for line in table[2].split("\n")[:-1]])
    starts = [field["offset"] for field in ours["fields"] if field["name"] == "code"]
    codes = [pair for pair in zip(preorder(ours["code"]), starts) if pair[0]["place"] not in unlisted(ours["code"])]
    check("raw codes", "number", len(codes), len(blocks))
    for (code, start), block in zip(codes, blocks):
        place = code["place"]
        lines = block.split("\n")
        if code["kind"] not in ("bytecode", "native"):
            continue
        check(place, "name", code["name"], re.sub(r"\s+$", "", lines[0]))
        size = re.match(r"  raw (?:bytecode|data): (\d+)", lines[1])
        check(place, "size", code["size"], int(size[1]))
        prelude = next(line for line in lines if line.startswith("  prelude:"))
        check(place, "prelude", signature(code), [int(n) for n in re.findall(r"\d+", prelude.split(":")[1])])
        args = next(line for line in lines if line.startswith("  args:"))
        check(place, "args", repr(code["arguments"]), args[len("  args: ") :])
        if code["kind"] != "bytecode":
            continue
        theirs = [re.match(r"  ([0-9a-f: ]+?) +([A-Z][A-Z_]+) ?(.*)", line, re.S) for line in lines[5:]]
        theirs = [match for match in theirs if match]
        instructions = code["instructions"][1:]
        check(place, "number of instructions", len(instructions), len(theirs))
        for instruction, match in zip(instructions, theirs):
            where = f"{place} at {instruction['offset']}"
            begin = start + instruction["offset"]
            check(where, "bytes", data[begin : begin + instruction["size"]].hex(), re.sub("[ :]", "", match[1]))
            check(where, "instruction", instruction["name"].removesuffix("_MULTI"), match[2])
            if "\\n" not in instruction["operand"]:  # It goes on in the next line there.
                check(where, "operand", operand(instruction, match[3]), match[3])


def compare5(tool, ours, theirs, path=""):
    """Version 5 has no listing worth the name, so the tool's own reader and decoder are asked."""
    place = ours["place"]
    kinds = {"bytecode": 2, "native": 3, "viper": 4, "assembler": 5}
    check(place, "kind", kinds[ours["kind"]], theirs.code_kind)
    check(place, "children", len(ours["children"]), len(theirs.raw_codes))
    objects = [obj for obj in theirs.objs if obj is not tool.MPFunTable and not isinstance(obj, tool.MPFunTable)]
    check(place, "objects", len(ours["objects"]), len(objects))
    check(place, "object kinds", [each["kind"] for each in ours["objects"]],
          ["ellipsis" if obj is Ellipsis else type(obj).__name__ for obj in objects])
    if ours["kind"] in ("bytecode", "native"):
        check(place, "name", ours["name"], theirs.simple_name.str)
        check(place, "source file", ours["sourceFile"], theirs.source_file.str)
        check(place, "prelude", signature(ours), list(theirs.prelude[:6]))
    if ours["kind"] == "bytecode":
        check(place, "size", ours["size"], len(theirs.bytecode))
        ip = theirs.ip
        for instruction in ours["instructions"][1:]:
            where = f"{place} at {instruction['offset']}"
            check(where, "offset", instruction["offset"], ip)
            form, size = tool.mp_opcode_format(theirs.bytecode, ip, True)
            check(where, "size", instruction["size"], size)
            if form == tool.MP_BC_FORMAT_QSTR:
                check(where, "qstr", unquoted(instruction["operand"]), theirs._unpack_qstr(ip + 1).str)
            ip += size
        check(place, "end", ours["size"], ip)
    for mine, other in zip(ours["children"], theirs.raw_codes):
        compare5(tool, mine, other)


def main(mpydump, tool_path, files):
    spec = importlib.util.spec_from_file_location("mpy_tool", tool_path)
    tool = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(tool_path.rsplit("/", 1)[0]))
    spec.loader.exec_module(tool)
    for path in files:
        run = subprocess.run([mpydump, "-json", path], capture_output=True, check=True)
        (ours,) = json.loads(run.stdout)
        with open(path, "rb") as file:
            data = file.read()
        if ours["version"] == 5:
            tool.global_qstrs = [None]
            tool.global_qstrs += [tool.QStrType(text) for text in tool.qstrutil.static_qstr_list]
            tool.config.native_arch = 0
            with contextlib.redirect_stdout(io.StringIO()):
                theirs = tool.read_mpy(path)
            compare5(tool, ours["code"], theirs)
        else:
            listing = subprocess.run([sys.executable, tool_path, "-d", path], capture_output=True, check=True)
            compare6(ours, listing.stdout.decode("utf-8", "surrogateescape"), data)
    print(f"{len(files)} files, {compared} fields, no difference")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
