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

// picolibc, where its configuration does not make a function of it
#if defined(NEWLIB_THREAD_LOCAL_ERRNO) && !defined(__PICOLIBC_ERRNO_FUNCTION)
RUNTIME NEWLIB_THREAD_LOCAL_ERRNO int errno;
#endif

void mpy_set_errno(int value) {
#ifdef errno
  errno = value;
#else
  number = value; // no <errno.h>, so nobody reads it
#endif
}
