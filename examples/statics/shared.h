// SPDX-License-Identifier: MIT
// What statics.c and other.c know of each other.

#ifndef STATICS_SHARED_H
#define STATICS_SHARED_H

#include <stdint.h>

// Defined in other.c, used from both files.
extern int32_t other_init;
extern int32_t other_zero[3];
extern const int32_t other_squares[5];

// Defined in both files without a value, as C allowed before compilers made it an error by default:
// one variable, which the linker allocates (COMMON).
int32_t tentative __attribute__((common));

// statics.c has a weak one of each, which the one in other.c replaces.
extern int32_t weak_level;
int32_t weak_function(void);

// Changes every variable that only other.c can reach.
void other_bump(void);
// A variable that has a namesake in the other file.
const int32_t *other_namesake(void);
// Where other.c finds the variables that the files share.
const int32_t *other_view_of_tentative(void);

#endif
