// SPDX-License-Identifier: MIT
// The second file of the module: variables it shares with statics.c, and private ones with the same
// names.

#include "shared.h"

int32_t other_init = 1000;
int32_t other_zero[3];
const int32_t other_squares[5] = {0, 1, 4, 9, 16};

int32_t weak_level = 5;

// statics.c has a variable and a function of these names as well.
static int32_t namesake = 222;
static int32_t step(void) { return 2; }

int32_t weak_function(void) { return 2; }

void other_bump(void) {
  namesake += step();
  other_init += 1;
  other_zero[2] += 3;
}

const int32_t *other_namesake(void) { return &namesake; }

const int32_t *other_view_of_tentative(void) { return &tentative; }
