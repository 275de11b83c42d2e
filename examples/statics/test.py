# SPDX-License-Identifier: MIT
# Changes every variable of the module, and looks whether they keep their values while the
# garbage collector runs and the heap fills with other things.

import gc
import statics


def pressure():
    # Fill half of the free heap with large and small objects, so that memory which was given back
    # by mistake is overwritten.
    for _ in range(3):
        gc.collect()
        junk = []
        for i in range(gc.mem_free() // 1600 // 2):
            junk.append(b"\xa5" * 1000)
            junk.append([i, i])
            junk.append(b"\xa5" * 10)
        junk = None
    gc.collect()


def show():
    report = statics.report()
    for name in sorted(report):
        print(" ", name, "=", report[name])


print("misaligned:", statics.misaligned())
print("words:", [statics.word(i) for i in range(4)])
print("primes:", [statics.prime(i) for i in range(6)])
print("functions:", statics.apply(0, 21), statics.apply(1, 21))

print("fresh")
show()
print("bump:", statics.bump())
show()

before = statics.report()
pressure()
print("unchanged by the garbage collector:", statics.report() == before)


# Only variables of the module know these two objects: what the function had on its stack is gone.
def keep():
    statics.keep([1, "two", (3, 4)], {"key": bytearray(b"value")})


keep()
pressure()
print("kept:", statics.kept())

for _ in range(5):
    statics.bump()
    pressure()
print("bump:", statics.bump())
show()
print("misaligned:", statics.misaligned())
