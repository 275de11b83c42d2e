// SPDX-License-Identifier: MIT
// Archives and weak symbols: a weak reference does not fetch a member, nor does a weak definition
// look for a strong one; but when the member comes in for something else, its strong definition
// wins.
//# ARCHIVE: -DFETCHED | -DUNWANTED
//# MODEL: not large
//# RUN: m.fetched(1) => 301
//# RUN: m.replaced(1) => 201
//# RUN: m.kept(1) => 11
//# RUN: m.unseen(1) => -1
#include "case.h"

#define MAYBE __attribute__((weak))
mp_int_t wanted(mp_int_t x), here_or_there(mp_int_t x), only_here(mp_int_t x);
MAYBE mp_int_t only_there(mp_int_t x);

#ifdef MAIN
MAYBE mp_int_t here_or_there(mp_int_t x) { return x + 10; }
MAYBE mp_int_t only_here(mp_int_t x) { return x + 10; }
FUN(fetched, x) { return wanted(x); }
FUN(replaced, x) { return here_or_there(x); }
FUN(kept, x) { return only_here(x); }
FUN(unseen, x) { return only_there ? only_there(x) : -1; }
MODULE(EXPORT(MP_QSTR_fetched, fetched) EXPORT(MP_QSTR_replaced, replaced)
           EXPORT(MP_QSTR_kept, kept) EXPORT(MP_QSTR_unseen, unseen))
#elif defined FETCHED
mp_int_t wanted(mp_int_t x) { return x + 300; }
mp_int_t here_or_there(mp_int_t x) { return x + 200; }
#else
mp_int_t only_here(mp_int_t x) { return x + 900; }
mp_int_t only_there(mp_int_t x) { return x + 900; }
#endif
