// SPDX-License-Identifier: MIT
// A chain of functions through the members of two archives, back and forth.
#include "case.h"

mp_int_t first(mp_int_t x), second(mp_int_t x), third(mp_int_t x), nowhere(mp_int_t x);
extern int fourth_data[];

#ifdef MAIN
FUN(chain, x) { return first(x); }
FUN(data, x) { return fourth_data[x + 1]; }
MODULE(EXPORT(MP_QSTR_chain, chain) EXPORT(MP_QSTR_data, data))
#elif defined FIRST
mp_int_t first(mp_int_t x) { return second(x) + 1000; }
#elif defined SECOND
mp_int_t second(mp_int_t x) { return third(x) + 100; }
#elif defined THIRD
mp_int_t third(mp_int_t x) { return x + 10; }
#elif defined FOURTH
int fourth_data[] = {5, 7};
#elif defined BROKEN
mp_int_t unwanted(mp_int_t x);
mp_int_t unwanted(mp_int_t x) { return nowhere(x); }
#endif
