// SPDX-License-Identifier: MIT
// errno as each C library's header declares it.
#include "runtime.h"

#if defined(__has_include)
#if __has_include(<errno.h>)
#include <errno.h>
#endif
#endif

int *__errno(void);
int *__errno_location(void);

static int number;
RUNTIME int *__errno(void) { return &number; }          // newlib
RUNTIME int *__errno_location(void) { return &number; } // glibc, musl

void mpy_set_errno(int value) {
#if defined(errno) && !defined(NEWLIB_THREAD_LOCAL_ERRNO)
  errno = value;
#else
  number = value;
#endif
}
