# SPDX-License-Identifier: MIT
# Calls the module's only function, with good arguments and with bad ones.

import factorial

for n in (0, 1, 2, 5, 12):
    print(n, factorial.factorial(n))

for bad in (-1, 13, "three"):
    try:
        factorial.factorial(bad)
    except (TypeError, ValueError) as error:
        print(repr(bad), "raised", type(error).__name__)
