# SPDX-License-Identifier: MIT
# Finds tones, and gets back what was transformed. Rounded, as floats are not the same everywhere.
from array import array
import fft


def signal(count, *tones):
    """A sum of square waves, in whole numbers."""
    data = array("f", bytes(8 * count))
    for period, height in tones:
        for i in range(count):
            data[2 * i] += height if i % period < period // 2 else -height
    return data


def rounded(data, factor=1):
    return [int(x * factor + (0.5 if x >= 0 else -0.5)) for x in data]


print(rounded(fft.transform(signal(8, (8, 100)))))
print(rounded(fft.magnitudes(fft.transform(signal(16, (4, 10), (16, 50)))))[::2])

data = signal(256, (64, 10), (4, 3), (256, 1))
before = list(data)
fft.transform(data)
fft.inverse(data)
print(max(abs(a - b) for a, b in zip(before, data)) < 0.0001)

data = fft.magnitudes(fft.transform(fft.window(signal(128, (8, 100)))))
peaks = sorted(range(64), key=lambda i: -data[2 * i])[:3]
print(sorted(peaks), rounded([data[32]]))

for wrong in (array("f", [1, 2, 3, 4, 5, 6]), array("f"), array("i", [1, 2])):
    try:
        fft.transform(wrong)
    except (TypeError, ValueError) as error:
        print(type(error).__name__, error)
