// SPDX-License-Identifier: MIT
// C++'s library, where the compilers have one: containers, strings, spans, algorithms, tuples, optional values,
// functions with a state, smart pointers. What it would throw becomes a Python exception.
//# ARCH: x64 x86 arm
//# CFLAGS: -std=c++20
//# MATRIX: one
//# RUNTIME: cxx cxx_throw heap string
//# LIBRARIES
//# RUN: m.sorted_digits(8) => 23456789
//# RUN: m.count_primes(100) => 25
//# RUN: m.text_length(7) => 12
//# RUN: m.chosen(3), m.chosen(-3) => (9, -1)
//# RUN: m.folded(5) => 155
//# RUN: m.owned(20), m.owned(0) => (190, 0)
//# RUN: m.average(9) => 5
//# RUN: m.element(3), m.element(19) => (289, 1)
//# RUN: m.element(20) => raises IndexError('index out of range',)
//# RUN: m.call(4), m.call(1) => (5, 2)
//# RUN: m.call(0) => raises RuntimeError('bad_function_call',)
//# RUN: m.remember("one"), m.remember("two"), m.remember("three") => (3, 6, 11)
//# DO: pressure(); gc.collect(); pressure()
//# RUN: m.remember("two"), m.words() => (11, 'one,three,two,')
#include "case.h"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <memory>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

FUN(sorted_digits, count) {
  std::array<int, 8> digits{5, 9, 2, 7, 3, 8, 6, 4};
  digits[0] = OPAQUE(digits[0]);
  std::sort(digits.begin(), digits.begin() + count);
  return std::accumulate(digits.begin(), digits.end(), 0, [](int a, int b) { return a * 10 + b; });
}

template <size_t N> static constexpr std::array<bool, N> sieve() {
  std::array<bool, N> composite{};
  for (size_t i = 2; i < N; ++i)
    for (size_t k = 2 * i; k < N; k += i)
      composite[k] = true;
  return composite;
}
static constexpr auto composite = sieve<128>();
static_assert(!composite[127] && composite[121]);

FUN(count_primes, limit) {
  return std::count(composite.begin() + 2, composite.begin() + OPAQUE(limit), false);
}

FUN(text_length, skip) {
  static constexpr std::string_view words[] = {"alpha", "beta", "gamma", "delta"};
  size_t length = 0;
  for (const std::string_view &word : words)
    length += word.size();
  const auto longest = std::max_element(std::begin(words), std::end(words),
                                        [](auto a, auto b) { return a.size() < b.size(); });
  return static_cast<mp_int_t>(length - skip) + (*longest == "alpha" ? 0 : 100);
}

static std::optional<int> square(int x) { return x < 0 ? std::nullopt : std::optional<int>(x * x); }
FUN(chosen, x) {
  std::variant<int, long> value = static_cast<int>(OPAQUE(x));
  return square(*std::get_if<int>(&value)).value_or(-1);
}

FUN(folded, x) {
  const auto [sum, product] = std::tuple(x + 50, x * 20);
  return std::apply([](auto... part) { return (part + ...); }, std::tuple(sum, product));
}

struct Number {
  int value;
  static int alive;
  explicit Number(int start) : value(start) { ++alive; }
  Number(Number &&other) noexcept : value(other.value) { ++alive; }
  ~Number() { --alive; }
};
int Number::alive;

FUN(owned, count) {
  int sum = 0;
  {
    auto numbers = std::make_unique<std::unique_ptr<Number>[]>(static_cast<size_t>(count));
    for (int i = 0; i < count; ++i)
      numbers[static_cast<size_t>(i)] = std::make_unique<Number>(i);
    for (int i = 0; i < count; ++i)
      sum += numbers[static_cast<size_t>(i)]->value;
  }
  return Number::alive == 0 ? sum : -1;
}

static int mean(std::span<const int> items) {
  int sum = 0;
  for (int item : items)
    sum += item;
  return sum / static_cast<int>(items.size());
}
FUN(average, last) {
  std::array<int, 9> items{};
  std::iota(items.begin(), items.end(), static_cast<int>(last) - 8);
  std::reverse(items.begin(), items.end());
  std::rotate(items.begin(), items.begin() + 3, items.end());
  return mean(items);
}

FUN(element, index) {
  std::vector<int> squares;
  for (int i = 20; i != 0; --i)
    squares.push_back(i * i);
  return squares.at(static_cast<size_t>(index));
}

FUN(call, x) {
  std::function<int(int)> function;
  if (x != 0)
    function = [x](int y) { return static_cast<int>(x) + y; };
  return function(1);
}

// Kept between calls; nothing but C++ points to the nodes.
static std::map<std::string, int> known;
OBJ_FUN(remember, text) {
  size_t length;
  const char *bytes = mp_obj_str_get_data(text, &length);
  ++known[std::string(bytes, length)];
  mp_int_t sum = 0;
  for (const auto &[word, count] : known)
    sum += static_cast<mp_int_t>(word.size());
  return mp_obj_new_int(sum);
}
static mp_obj_t words() {
  std::string all;
  for (const auto &[word, count] : known)
    all += word + ",";
  return mp_obj_new_str(all.data(), all.size());
}
static MP_DEFINE_CONST_FUN_OBJ_0(words_obj, words);

MODULE(EXPORT(MP_QSTR_sorted_digits, sorted_digits) EXPORT(MP_QSTR_count_primes, count_primes)
           EXPORT(MP_QSTR_text_length, text_length) EXPORT(MP_QSTR_chosen, chosen)
               EXPORT(MP_QSTR_folded, folded) EXPORT(MP_QSTR_owned, owned)
                   EXPORT(MP_QSTR_average, average) EXPORT(MP_QSTR_element, element)
                       EXPORT(MP_QSTR_call, call) EXPORT(MP_QSTR_remember, remember)
                           EXPORT(MP_QSTR_words, words))
