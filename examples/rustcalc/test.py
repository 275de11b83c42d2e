# SPDX-License-Identifier: MIT
# Right and wrong expressions, a panic, and a variable on the Rust side.
import gc
import rustcalc

for text in ("1 + 2 * 3", "(1 + 2) * 3", "-7 / 2", "-7 % 2", "2 - 3 - 4", "2147483647", " 12*( 3+4 ) "):
    print(repr(text), "=", rustcalc.evaluate(text))
for text in ("", "1 +", "2 $ 3", "1 / (2 - 2)", "2147483647 + 1", "9" * 30, "(1", "(" * 60, "1 2"):
    try:
        print(rustcalc.evaluate(text))
    except ValueError as error:
        print(repr(text), "raised", error.args)
gc.collect()
print(rustcalc.count("1"))

print(rustcalc.digit(7))
try:
    rustcalc.digit(10)
except RuntimeError as error:
    print(error.args[0], error.args[1] > 100)
