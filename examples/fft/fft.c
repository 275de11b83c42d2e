// SPDX-License-Identifier: MIT
// Radix-2, in place: first into bit-reversed order, then stages of butterflies of 2, 4, 8...
// values.
#include "fft.h"

#include <math.h>

static const float two_pi = 6.28318530717958647692f;

static void reorder(complex_t *data, size_t count) {
  for (size_t i = 1, j = 0; i < count; ++i) {
    size_t bit = count >> 1;
    for (; (j & bit) != 0; bit >>= 1) {
      j ^= bit;
    }
    j ^= bit;
    if (i < j) {
      const complex_t value = data[i];
      data[i] = data[j];
      data[j] = value;
    }
  }
}

static complex_t multiply(complex_t a, complex_t b) {
  return (complex_t){a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}

void fft_transform(complex_t *data, size_t count, bool inverse) {
  reorder(data, count);
  for (size_t half = 1; half < count; half *= 2) {
    for (size_t k = 0; k < half; ++k) {
      const float angle = (inverse ? 0.5f : -0.5f) * two_pi * (float)k / (float)half;
      const complex_t turn = {cosf(angle), sinf(angle)};
      for (complex_t *a = data + k; a < data + count; a += 2 * half) {
        const complex_t x = a[0], y = multiply(a[half], turn);
        a[0] = (complex_t){x.re + y.re, x.im + y.im};
        a[half] = (complex_t){x.re - y.re, x.im - y.im};
      }
    }
  }
  for (size_t i = 0; inverse && i < count; ++i) {
    data[i].re /= (float)count;
    data[i].im /= (float)count;
  }
}

void fft_window(complex_t *data, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    const float weight = 0.5f - 0.5f * cosf(two_pi * (float)i / (float)count);
    data[i].re *= weight;
    data[i].im *= weight;
  }
}

float fft_magnitude(complex_t value) { return sqrtf(value.re * value.re + value.im * value.im); }
