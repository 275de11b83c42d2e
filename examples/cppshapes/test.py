# SPDX-License-Identifier: MIT
# Uses the module and lets the garbage collector look for what it forgets.
import gc
import cppshapes


def pressure():
    for size in (3, 20, 50, 100):
        for i in range(40):
            bytearray(size * 7)
    gc.collect()


print(cppshapes.add(3, 4, False), cppshapes.add(6, 5, True), cppshapes.add(2, 2, False))
pressure()
print(cppshapes.describe())
print(cppshapes.area(), cppshapes.area())
print(cppshapes.move(1, 2), cppshapes.move(10, 20))
for i in range(100):
    cppshapes.add(i, 2, i % 2 == 0)
pressure()
print(len(cppshapes.describe()), cppshapes.area())
print("left:", cppshapes.clear())
pressure()
print(cppshapes.describe(), cppshapes.add(1, 1, False), cppshapes.area())
