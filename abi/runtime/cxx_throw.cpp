// SPDX-License-Identifier: MIT
// What libstdc++'s headers and compiled code call to throw an exception of C++: a Python exception
// is raised instead. Destructors of what is on the stack do not run.
#include "runtime.h"

// As in bits/functexcept.h.
#define THROWS(name, parameters, type, text)                                                       \
  [[noreturn]] void name parameters;                                                               \
  RUNTIME void name parameters { mp_raise_msg(&mp_type_##type, text); }
#define THROWS_TEXT(name, type) THROWS(name, (const char *text), type, text)

namespace std {
THROWS_TEXT(__throw_logic_error, ValueError)
THROWS_TEXT(__throw_domain_error, ValueError)
THROWS_TEXT(__throw_invalid_argument, ValueError)
THROWS_TEXT(__throw_length_error, ValueError)
THROWS_TEXT(__throw_out_of_range, IndexError)
THROWS_TEXT(__throw_runtime_error, RuntimeError)
THROWS_TEXT(__throw_range_error, ValueError)
THROWS_TEXT(__throw_overflow_error, OverflowError)
THROWS_TEXT(__throw_underflow_error, OverflowError)
THROWS(__throw_out_of_range_fmt, (const char *, ...), IndexError, "index out of range")
THROWS(__throw_bad_function_call, (), RuntimeError, "bad_function_call")
THROWS(__throw_bad_exception, (), RuntimeError, "bad_exception")
THROWS(terminate, (), RuntimeError, "terminate")
[[noreturn]] void __throw_bad_alloc();
RUNTIME void __throw_bad_alloc() { m_malloc_fail(0); }
[[noreturn]] void __throw_bad_array_new_length();
RUNTIME void __throw_bad_array_new_length() { m_malloc_fail(0); }
} // namespace std

extern "C" {
// What compiled code calls for dynamic_cast and typeid. The casts themselves are libstdc++'s.
THROWS(__cxa_bad_cast, (), TypeError, "bad_cast")
THROWS(__cxa_bad_typeid, (), TypeError, "bad_typeid")
}
