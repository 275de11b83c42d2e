# SPDX-License-Identifier: MIT
# Uses everything the module has. All numbers are sums of powers of two, so that they print
# the same whether floats are single or double.

from array import array
import gc
import vectors
from vectors import Vector


def attempt(what, function):
    try:
        print(what, "=", function())
    except Exception as error:
        print(what, "raised", type(error).__name__)


v = Vector(1, 2.5)
w = Vector(z=4, x=-0.5)
print(v, w, Vector())

print("attributes:", "%.3f %.3f %.3f" % (v.x, v.y, v.z))
v.z = -8
v.x += 0.25
print("stored:", v)
attempt("no such attribute", lambda: v.w)
attempt("four components", lambda: Vector(1, 2, 3, 4))
attempt("unknown keyword", lambda: Vector(q=1))
attempt("not a number", lambda: Vector("1"))

print("subscripts:", "%.3f %.3f" % (v[0], v[-1]), len(v))
v[1] = 3
print("stored:", v)
attempt("out of range", lambda: v[3])

print("operators:", v + w, v - w, v * 2, -v)
print("equal:", v == v + Vector(), v == w, v == 1)
attempt("vector + number", lambda: v + 1)
attempt("vector * string", lambda: v * "2")

print("methods: %.3f" % v.dot(w), "%.3f" % Vector(2, 4, 4).length())
attempt("dot of a number", lambda: v.dot(1))
print("clamp:", Vector(-1, 0.5, 7).clamp(), Vector(-1, 0.5, 7).clamp(low=0.25, high=4))
attempt("low above high", lambda: v.clamp(low=2))
attempt("clamp without keyword", lambda: v.clamp(0, 1))

samples = array("f", [1, -2, 0.5, 1024])
vectors.scale(samples, 0.5)
print("scaled:", " ".join("%.3f" % s for s in samples))
attempt("array of integers", lambda: vectors.scale(array("h", [1]), 2))
attempt("read-only buffer", lambda: vectors.scale(b"1234", 2))
attempt("no buffer", lambda: vectors.scale(1, 2))


# The module catches what this raises.
def inverse(x):
    if x < 0:
        raise ValueError("negative")
    return 1 / x if x < 100 else "tiny"


result, raised = vectors.attempt(inverse, Vector(4, 0, -2))
print("attempt:", result, [type(error).__name__ for error in raised], raised[1].args)
result, raised = vectors.attempt(inverse, Vector(200, 8))
print("attempt:", result, [type(error).__name__ for error in raised])

# Many objects, most of them garbage, and exceptions all the time.
total = Vector()
for i in range(300):
    total = total + Vector(1, 0.5, 0)
    vectors.attempt(inverse, Vector(0, -1, 1))
    if i % 100 == 0:
        gc.collect()
print("total:", total)


# A class of Python can extend one of C.
class Point(Vector):
    def norm1(self):
        return abs(self.x) + abs(self.y) + abs(self.z)


print("subclass: %.3f" % Point(1, -2, 3).norm1())
