// SPDX-License-Identifier: MIT
// A value or the reason why there is none, for the layers that know no LLVM
// (std::expected is C++23; gcc 12 is our oldest compiler).
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <variant>

namespace mpylink {

/// What is wrong with some bytes, and at which byte of them.
struct Failure {
  size_t offset = 0;
  std::string text;
  std::string hint = {}; ///< What to do about it, where that is special.
};

template <typename T> class [[nodiscard]] Result {
public:
  Result(T value) : held(std::move(value)) {}
  Result(Failure failure) : held(std::move(failure)) {}

  explicit operator bool() const { return held.index() == 0; }
  T &operator*() { return std::get<0>(held); }
  const T &operator*() const { return std::get<0>(held); }
  T *operator->() { return &std::get<0>(held); }
  const T *operator->() const { return &std::get<0>(held); }
  const Failure &failure() const { return std::get<1>(held); }

private:
  std::variant<T, Failure> held;
};

} // namespace mpylink
