// SPDX-License-Identifier: MIT
// The fast Fourier transform, as an ordinary C library that knows nothing of MicroPython.
#ifndef FFT_H
#define FFT_H

#include <stdbool.h>
#include <stddef.h>

typedef struct {
  float re, im;
} complex_t;

// Transforms in place; `count` is a power of two. The inverse gives the input back.
void fft_transform(complex_t *data, size_t count, bool inverse);

// Fades both ends of the data out (Hann window), so that tones between two bins stay narrow.
void fft_window(complex_t *data, size_t count);

float fft_magnitude(complex_t value);

#endif
