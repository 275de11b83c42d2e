#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""random_storage.py [SEED]: three objects full of variables of random type, linkage, visibility, alignment and
contents, many of them pointers to others. Each object checks all that it can name: addresses against pointers,
contents against what was written down, before and after changing them."""

import random
import re
import sys

OBJECTS = 3
VARIABLES = 45
chance = random.Random(int(sys.argv[1]) if len(sys.argv) > 1 else 20)

TYPES = {"signed char": 1, "short": 2, "int": 4, "long long": 8}
LITERALS = ["", "a", "ab", "hello", "hello world", "world", "a longer literal that several objects use"]


class Variable:
    def __init__(self, number: int):
        self.name = f"v{number}"
        self.owner = chance.randrange(OBJECTS)
        self.static = chance.random() < 0.5
        self.const = chance.random() < 0.35
        self.pointers = chance.random() < 0.5
        self.length = chance.choice([1, 1, 2, 3, 5, 17])
        self.type = "const void *" if self.pointers else chance.choice(list(TYPES))
        self.size = "sizeof(void *)" if self.pointers else str(TYPES[self.type])
        self.attributes = []
        if chance.random() < 0.2:
            self.attributes.append(f"aligned({chance.choice([8, 16])})")
        if not self.static and chance.random() < 0.3:
            self.attributes.append(f'visibility("{chance.choice(["hidden", "protected", "internal"])}")')
        if not self.static and not self.const and chance.random() < 0.15:
            self.attributes.append("weak")
        zero = chance.random() < 0.4
        self.values = [0 if zero else chance.randint(-100, 100) for _ in range(self.length)]
        self.items: list[tuple[str, str]] = [("0", "0")] * self.length  # pointers: in the initialiser, in the check
        self.filled = not zero

    def is_seen_in(self, number: int) -> bool:
        return not self.static or self.owner == number

    def choose_items(self, variables: list["Variable"]) -> None:
        self.items = []
        for _ in range(self.length):
            kind = chance.random()
            if kind < 0.15:
                self.items.append(("0", "0"))
            elif kind < 0.3:
                self.items.append((f"(const void *)f{self.owner if self.static else chance.randrange(OBJECTS)}",) * 2)
            elif kind < 0.45:
                text = chance.choice(LITERALS)
                start = chance.randint(0, len(text))
                self.items.append((f'"{text}" + {start}', f'"{text[start:]}"'))
            else:
                # What a static table names need not be seen by others.
                target = chance.choice([v for v in variables if v.is_seen_in(self.owner)])
                offset = chance.choice([0, 0, target.length - 1, target.length, 3, -2])
                self.items.append((f"(const char *){target.name} + {offset} * (int){target.size}",) * 2)

    def declaration(self) -> str:
        attributes = "".join(f" __attribute__(({attribute}))" for attribute in self.attributes)
        const = " const" if self.const else ""
        return f"{self.type}{const} {self.name}[{self.length}]{attributes}"

    def define(self) -> str:
        values = [item for item, _ in self.items] if self.pointers else list(map(str, self.values))
        initialiser = f" = {{{', '.join(values)}}}" if self.filled or self.const else ""
        return f"{'static ' if self.static else ''}{self.declaration()}{initialiser};"

    def check(self, number: int, names: set[str]) -> list[str]:
        lines = []
        for index in range(self.length):
            place = f"&{self.name}[{index}]"
            if not self.pointers:
                changed = f" + changes * {index % 3 + 1}" if not self.const else ""
                lines.append(f"wrong += number({place}, {self.size}) != {self.values[index]}{changed};")
                continue
            _, expected = self.items[index]
            if expected.startswith('"'):
                lines.append(f"wrong += !equal(pointer({place}), {expected});")
            elif set(re.findall(r"\bv\d+", expected)) <= names:
                lines.append(f"wrong += pointer({place}) != opaque((const void *)({expected}));")
        alignments = [int(text[8:-1]) for text in self.attributes if text.startswith("aligned")]
        lines += [f"wrong += misaligned({self.name}, {alignment});" for alignment in alignments]
        return lines

    def change(self) -> list[str]:
        if self.const or self.pointers:
            return []
        return [f"{self.name}[{index}] += {index % 3 + 1};" for index in range(self.length)]


variables = [Variable(number) for number in range(VARIABLES)]
for variable in variables:
    if variable.pointers and variable.filled:
        variable.choose_items(variables)
    else:
        variable.filled = variable.filled and not variable.pointers

print(
    """//# MATRIX: full
//# INTERPRETERS: unix-* qemu-m[3-7]* qemu-rv* qemu-lx106 qemu-esp32
//# OBJECT: -DOBJECT=1
//# OBJECT: -DOBJECT=2
//# RUN: m.check(0) => 0
//# RUN: m.change(0) => 0
//# RUN: m.check(1) => 0
//# DO: gc.collect()
//# DO: pressure()
//# RUN: m.check(1) => 0
//# RUN: m.change(0) => 0
//# RUN: m.check(2) => 0
#include "case.h"

int misaligned(const void *place, unsigned alignment);
long long number(const void *place, int size);
const void *pointer(const void *place), *opaque(const void *place);
int equal(const char *a, const char *b);
#ifdef MAIN
#define OBJECT 0
int misaligned(const void *place, unsigned alignment) { return ((uintptr_t)place & (alignment - 1)) != 0; }
long long number(const void *place, int size) {
  switch (size) {
  case 1: return *(const volatile signed char *)place;
  case 2: return *(const volatile short *)place;
  case 4: return *(const volatile int *)place;
  default: return *(const volatile long long *)place;
  }
}
const void *pointer(const void *place) { return *(const void *const volatile *)place; }
const void *opaque(const void *place) { return OPAQUE(place); }
int equal(const char *a, const char *b) {
  size_t i = 0;
  while (a[i] == b[i] && a[i])
    i++;
  return a[i] == b[i];
}
#endif"""
)
for number in range(OBJECTS):
    print(f"int f{number}(void), check{number}(int changes);\nvoid change{number}(void);")
for variable in variables:
    if not variable.static:
        print(f"extern {variable.declaration()};")
for number in range(OBJECTS):
    print(f"#if OBJECT == {number}\nint f{number}(void) {{ return {number}; }}")
    own = [variable for variable in variables if variable.owner == number]
    # Tentative definitions first, so that the tables may point at each other.
    for variable in own:
        if variable.static:
            print(f"static {variable.declaration()};")
    for variable in own:
        print(variable.define())
    seen = [variable for variable in variables if variable.is_seen_in(number)]
    names = {variable.name for variable in seen}
    print(f"int check{number}(int changes) {{\n  int wrong = 0 * changes;")
    for variable in seen:
        print("".join(f"  {line}\n" for line in variable.check(number, names)), end="")
    print(f"  return wrong;\n}}\nvoid change{number}(void) {{")
    for variable in own:
        print("".join(f"  {line}\n" for line in variable.change()), end="")
    print("}\n#endif")
print(
    f"""#if OBJECT == 0
FUN(check, changes) {{ return {" + ".join(f"check{i}((int)changes)" for i in range(OBJECTS))}; }}
FUN(change, x) {{
  {" ".join(f"change{i}();" for i in range(OBJECTS))}
  return x;
}}
MODULE(EXPORT(MP_QSTR_check, check) EXPORT(MP_QSTR_change, change))
#endif"""
)
