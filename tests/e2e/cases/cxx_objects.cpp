// SPDX-License-Identifier: MIT
// What C++ needs of a linker and a run-time beyond classes.cpp, comdat.cpp and constructors.cpp, without a
// library: bases at an offset (thunks), virtual bases, a call of a pure virtual function, variables of functions
// and headers in two units, memory of new that only C++ objects point to, placement new, tables and lambdas.
//# CFLAGS: -std=c++20
//# OBJECT: -DOTHER
//# RUNTIME: cxx heap
//# RUN: m.bases(5) => [8, 53, 54, 1, 7]
//# RUN: m.diamond(7) => [7, 7, 107, 120, 1, 10]
//# RUN: m.pure(0) => raises RuntimeError('pure virtual function called',)
//# RUN: m.once(3), m.once(4) => ([3, 1], [3, 1])
//# RUN: m.inline_variable(0), m.inline_variable(0) => ([2000, 101], [3000, 102])
//# DO: for i in range(100):
//# DO:     m.push(i)
//# DO: pressure(); gc.collect(); pressure()
//# RUN: m.nodes(0) => [100, 328350]
//# RUN: m.drop(40) => [60, 70210]
//# RUN: m.drop(60) => [0, 0]
//# RUN: m.replace(21) => [21, 42]
//# RUN: m.checksum(b"123456789") & 0xffffffff => 3421780262
//# RUN: m.compose(6) => [49, 1, 6]
//# RUN: m.erased(5) => [25, 10, 8]
//# RUN: m.member(4) => 43
//# RUN: m.copies(3) => [4, 7]
#include "case.h"

inline int shared = 1000;
struct Meter {
  int value;
  explicit Meter(int start) : value(start) {}
  ~Meter() { value = -1; }
};
inline int start() { return OPAQUE(shared) - 900; }
inline Meter meter(start()); // Constructed once, by whichever unit comes first.
void change();

#ifdef OTHER
void change() {
  shared += 1000;
  meter.value += 1;
}
#else

template <typename... Values> static mp_obj_t list(Values... values) {
  mp_obj_t items[] = {mp_obj_new_int(static_cast<mp_int_t>(values))...};
  return mp_obj_new_list(sizeof...(values), items);
}

inline void *operator new(size_t, void *place) noexcept { return place; }

// Bases at an offset: a call through one goes to a thunk that corrects `this`.
struct First {
  int a = 1;
  virtual int first() { return a; }
  virtual First *self() { return this; }
  virtual ~First() = default;
};
struct Second {
  int b = 2;
  virtual int second() { return b; }
  virtual Second *clone() = 0;
  virtual ~Second() = default;
};
struct Both final : First, Second {
  int c = 3;
  int first() override { return a + b + c; }
  int second() override { return c * 10 + a + b; }
  Both *self() override { return this; }
  Both *clone() override { return new Both(*this); } // Another type of the result: a second thunk.
};
OBJ_FUN(bases, number) {
  Both both;
  both.c = static_cast<int>(mp_obj_get_int(number));
  First *first = OPAQUE(static_cast<First *>(&both));
  Second *second = OPAQUE(static_cast<Second *>(&both));
  Second *copy = second->clone();
  copy->b += 1;
  const int there = copy->second();
  delete copy;
  return list(first->first(), second->second(), there, first->self() == &both, both.c + second->b);
}

// A virtual base is where a table says, and the tables change while an object is constructed.
struct Root {
  int id;
  explicit Root(int number) : id(number) {}
  virtual int weight() const { return 1; }
};
struct Left : virtual Root {
  int left = 10;
  int seen;
  Left() : Root(1), seen(OPAQUE(static_cast<Root *>(this))->weight()) {}
  int weight() const override { return left; }
};
struct Right : virtual Root {
  int right = 100;
  Right() : Root(2) {}
  int both() const { return right + id; }
};
struct Bottom : Left, Right {
  Bottom(int number) : Root(number) {}
  int weight() const override { return left + right + seen; }
};
OBJ_FUN(diamond, number) {
  Bottom bottom(static_cast<int>(mp_obj_get_int(number)));
  Right *right = OPAQUE(static_cast<Right *>(&bottom));
  Root *root = OPAQUE(static_cast<Root *>(right));
  Left *left = OPAQUE(static_cast<Left *>(&bottom));
  Left copy(*left);
  return list(root->id, left->id, right->both(), root->weight(), left->seen - 9,
              OPAQUE(static_cast<Root *>(&copy))->weight());
}

// The base's constructor calls what only the derived class has.
struct Unfinished {
  Unfinished() { describe(); }
  void describe();
  virtual int name() = 0;
};
void Unfinished::describe() { OPAQUE(this)->name(); }
struct Finished : Unfinished {
  int name() override { return 1; }
};
FUN(pure, x) {
  Finished finished;
  return x;
}

struct Counted {
  int value;
  ~Counted() { value = 0; }
  static int made;
  explicit Counted(int start) : value(start) { ++made; }
};
int Counted::made;
static Counted &counter(int first) {
  static Counted only(first);
  return only;
}
OBJ_FUN(once, number) {
  const int value = counter(static_cast<int>(mp_obj_get_int(number))).value;
  return list(value, Counted::made);
}

OBJ_FUN(inline_variable, unused) {
  change();
  return list(shared, meter.value);
}

// Nodes that nothing in Python points to.
struct Node {
  virtual int weight() const = 0;
  virtual ~Node() { --count; }
  Node *next = nullptr;
  static int count;
  Node() { ++count; }
};
int Node::count;
template <typename T> struct Box final : Node {
  T *values = new T[3];
  explicit Box(T x) { values[0] = values[1] = values[2] = x; }
  Box(const Box &) = delete;
  ~Box() override { delete[] values; }
  int weight() const override {
    return static_cast<int>(values[0] * values[1] + (values[2] - values[1]));
  }
};
static Node *all;
FUN(push, x) {
  Node *node = (x & 1) != 0 ? static_cast<Node *>(new Box<long>(x))
                            : static_cast<Node *>(new Box<short>(static_cast<short>(x)));
  node->next = all;
  all = node;
  return Node::count;
}
OBJ_FUN(nodes, unused) {
  int sum = 0;
  for (const Node *node = all; node != nullptr; node = node->next)
    sum += node->weight();
  return list(Node::count, sum);
}
OBJ_FUN(drop, number) {
  for (mp_int_t left = mp_obj_get_int(number); left != 0; --left) {
    Node *node = all;
    all = node->next;
    delete node;
  }
  return nodes(number);
}

alignas(Both) static unsigned char storage[sizeof(Both)];
OBJ_FUN(replace, number) {
  const int x = static_cast<int>(mp_obj_get_int(number));
  Meter *first = new (storage) Meter(x);
  const int value = OPAQUE(OPAQUE(first)->value);
  first->~Meter();
  Both *second = new (storage) Both;
  second->c = 2 * x;
  const int other = OPAQUE(second)->c;
  second->~Both();
  return list(value, other);
}

// A table that the compiler computes.
struct Table {
  uint32_t entries[256];
};
static constexpr Table makeTable() {
  Table table{};
  for (uint32_t i = 0; i < 256; ++i) {
    uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit)
      value = value & 1 ? value >> 1 ^ 0xedb88320 : value >> 1;
    table.entries[i] = value;
  }
  return table;
}
static constexpr Table table = makeTable();
OBJ_FUN(checksum, bytes) {
  mp_buffer_info_t buffer;
  mp_get_buffer_raise(bytes, &buffer, MP_BUFFER_READ);
  uint32_t sum = ~uint32_t{0};
  for (size_t i = 0; i < buffer.len; ++i)
    sum = table.entries[(sum ^ static_cast<unsigned char *>(buffer.buf)[i]) & 255] ^ sum >> 8;
  return mp_obj_new_int(static_cast<mp_int_t>(~sum));
}

template <typename F, typename G> static auto composed(F f, G g) {
  return [=](auto x) { return f(g(x)); };
}
template <typename... Numbers> static constexpr int total(Numbers... numbers) {
  return (0 + ... + numbers);
}
OBJ_FUN(compose, number) {
  int calls = 0;
  const auto square = [&calls](auto value) {
    ++calls;
    return value * value;
  };
  const auto next = [](auto value) { return value + 1; };
  const mp_int_t result = composed(square, next)(mp_obj_get_int(number));
  return list(result, calls, total(calls, 2, 3));
}

// A function object behind a virtual call, one class for each lambda.
struct Callable {
  virtual int call(int x) = 0;
  virtual ~Callable() = default;
};
template <typename F> struct Wrapped final : Callable {
  F function;
  explicit Wrapped(F f) : function(f) {}
  int call(int x) override { return function(x); }
};
template <typename F> static Callable *wrap(F function) { return new Wrapped<F>(function); }
OBJ_FUN(erased, number) {
  const int x = static_cast<int>(mp_obj_get_int(number));
  Callable *functions[] = {wrap([](int value) { return value * value; }),
                           wrap([x](int value) { return value + x; }),
                           wrap([step = 3](int value) mutable { return value + step++; })};
  const mp_obj_t results = mp_obj_new_list(0, nullptr);
  for (Callable *function : functions) {
    mp_obj_list_append(results, mp_obj_new_int(OPAQUE(function)->call(x)));
    delete function;
  }
  return results;
}

// A pointer to a virtual function of a second base.
FUN(member, x) {
  int (Second::*function)() = &Second::second;
  Both both;
  both.c = static_cast<int>(x);
  return (OPAQUE(static_cast<Second *>(&both))->*OPAQUE(function))();
}

// Copies, moves and destructors in the order of the language.
struct Traced {
  int *log;
  explicit Traced(int *place) : log(place) { ++*log; }
  Traced(const Traced &other) : log(other.log) { *log += 2; }
  Traced(Traced &&other) noexcept : log(other.log) { other.log = nullptr; }
  Traced &operator=(const Traced &) = delete;
  ~Traced() {
    if (log != nullptr)
      --*log;
  }
};
OBJ_FUN(copies, number) {
  int alive = 0;
  Traced first(&alive);
  for (mp_int_t left = mp_obj_get_int(number); left != 0; --left) {
    Traced copy(first); // Adds two, of which its destructor takes one.
    Traced moved(static_cast<Traced &&>(copy));
  }
  const int before = alive;
  Traced last(first);
  Traced other(last);
  return list(before, alive - 1);
}

MODULE(EXPORT(MP_QSTR_bases, bases) EXPORT(MP_QSTR_diamond, diamond) EXPORT(MP_QSTR_pure, pure)
           EXPORT(MP_QSTR_once, once) EXPORT(MP_QSTR_inline_variable, inline_variable)
               EXPORT(MP_QSTR_push, push) EXPORT(MP_QSTR_nodes, nodes)
                   EXPORT(MP_QSTR_drop, drop) EXPORT(MP_QSTR_replace, replace)
                       EXPORT(MP_QSTR_checksum, checksum) EXPORT(MP_QSTR_compose, compose)
                           EXPORT(MP_QSTR_erased, erased) EXPORT(MP_QSTR_member, member)
                               EXPORT(MP_QSTR_copies, copies))
#endif
