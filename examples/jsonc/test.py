# SPDX-License-Identifier: MIT
# Opens documents, lets the garbage collector look for what it forgets, and reads them.
import gc
import jsonc

TEXT = """
{"name": "valve 7", "open": true, "limits": [0.25, 2.5e1, -3],
 "parts": [{"id": 1, "tags": []}, {"id": 20, "tags": ["a\\"b", "\\u00e9\\n"]}],
 "owner": null, "serial": 123456789}
"""


def pressure():
    for size in (3, 20, 50, 100):
        for i in range(40):
            bytearray(size * 7)
    gc.collect()


print(jsonc.load(TEXT))
pressure()
for path in "name open limits[0] limits[1] limits[2] parts parts[1].id parts[1].tags[0] owner serial".split():
    print(path, repr(jsonc.get(path)))
print([ord(c) for c in jsonc.get("parts[1].tags[1]")])
jsonc.show()
print(jsonc.dump())
print(jsonc.dump("parts", 2))

for i in range(30):
    jsonc.load(jsonc.dump())
    pressure()
print(jsonc.dump("limits"), jsonc.load("[" + ",".join(str(i) for i in range(200)) + "]"), jsonc.get("[199]"))

for path in ("x", "[200]", "[1][2]", "[-1]", "[99999999999999999999]"):
    try:
        print(jsonc.get(path))
    except KeyError as error:
        print("KeyError", error)
for text in ("", "[1,]", '{"a" 1}', '"abc', "[1 2]", "[[1]", '"\\x"', "01", "0x10", "inf", "nul"):
    try:
        print(jsonc.load(text))
    except ValueError as error:
        print(error)
for text in ("[" * 30, "1 2", "{1:2}", '"\\u12g4"', "-", "1e"):
    try:
        print(jsonc.load(text))
    except ValueError as error:
        print(error)
