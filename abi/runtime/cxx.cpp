// SPDX-License-Identifier: MIT
// What compiled C++ calls without being asked: memory, and the C++ ABI's helpers. A module is never
// unloaded, so destructors of its global objects never run.
#include "runtime.h"

namespace std {
struct nothrow_t;
} // namespace std

static void *allocate(size_t size) {
  void *memory = malloc(size);
  if (memory == nullptr) {
    m_malloc_fail(size);
  }
  return memory;
}

RUNTIME void *operator new(size_t size) { return allocate(size); }
RUNTIME void *operator new[](size_t size) { return allocate(size); }
RUNTIME void *operator new(size_t size, const std::nothrow_t &) noexcept { return malloc(size); }
RUNTIME void *operator new[](size_t size, const std::nothrow_t &) noexcept { return malloc(size); }
RUNTIME void operator delete(void *memory) noexcept { free(memory); }
RUNTIME void operator delete[](void *memory) noexcept { free(memory); }
RUNTIME void operator delete(void *memory, size_t) noexcept { free(memory); }
RUNTIME void operator delete[](void *memory, size_t) noexcept { free(memory); }
RUNTIME void operator delete(void *memory, const std::nothrow_t &) noexcept { free(memory); }
RUNTIME void operator delete[](void *memory, const std::nothrow_t &) noexcept { free(memory); }

extern "C" {

// Declared here because compilers declare them for themselves only.
extern void *__dso_handle;
[[noreturn]] void __cxa_pure_virtual();
[[noreturn]] void __cxa_deleted_virtual();
int __cxa_guard_acquire(char *guard);
void __cxa_guard_release(char *guard);
void __cxa_guard_abort(char *guard);
int __cxa_atexit(void (*function)(void *), void *object, void *handle);
int __aeabi_atexit(void *object, void (*function)(void *), void *handle);
int atexit(void (*function)());

RUNTIME void *__dso_handle;

RUNTIME void __cxa_pure_virtual() {
  mp_raise_msg(&mp_type_RuntimeError, "pure virtual function called");
}
RUNTIME void __cxa_deleted_virtual() {
  mp_raise_msg(&mp_type_RuntimeError, "deleted virtual function called");
}

// The first byte of a guard tells whether the variable is initialised. There is one thread.
RUNTIME int __cxa_guard_acquire(char *guard) { return *guard == 0; }
RUNTIME void __cxa_guard_release(char *guard) { *guard = 1; }
RUNTIME void __cxa_guard_abort(char *) {}

RUNTIME int __cxa_atexit(void (*)(void *), void *, void *) { return 0; }
RUNTIME int __aeabi_atexit(void *, void (*)(void *), void *) { return 0; }
RUNTIME int atexit(void (*)()) { return 0; }

} // extern "C"
