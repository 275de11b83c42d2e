// SPDX-License-Identifier: MIT
// C++ without constructors at start-up: virtual functions (whose tables are pointers), constant
// objects, member function pointers, namespaces, lambdas.
//# CFLAGS: -std=c++17 -O2
//# CFLAGS: -std=c++20 -O0
//# RUN: [m.area(i) for i in range(3)] => [12, 25, 0]
//# RUN: m.member(1) => 25
//# RUN: m.lambda_table(20) => [40, 400, 21]
#include "case.h"

namespace shapes {
struct Shape {
  constexpr Shape() = default;
  virtual int area() const { return 0; }
  virtual int sides() const { return 4; }
};
struct Rectangle : Shape {
  int width, height;
  constexpr Rectangle(int w, int h) : width(w), height(h) {}
  int area() const override { return width * height; }
};
struct Square final : Rectangle {
  constexpr explicit Square(int side) : Rectangle(side, side) {}
};
static const Rectangle rectangle(3, 4);
static const Square square(5);
static const Shape shape;
static const Shape *const all[] = {&rectangle, &square, &shape};
} // namespace shapes

FUN(area, which) { return OPAQUE(&shapes::all[0])[which]->area(); }

FUN(member, which) {
  int (shapes::Shape::*function)() const = &shapes::Shape::area;
  return (OPAQUE(&shapes::all[0])[which]->*function)();
}

OBJ_FUN(lambda_table, number) {
  using Function = int (*)(int);
  static constexpr Function functions[] = {[](int x) { return 2 * x; }, [](int x) { return x * x; },
                                           [](int x) { return x + 1; }};
  mp_obj_t list = mp_obj_new_list(0, nullptr);
  for (Function function : functions)
    mp_obj_list_append(list,
                       mp_obj_new_int(OPAQUE(function)(static_cast<int>(mp_obj_get_int(number)))));
  return list;
}

MODULE(EXPORT(MP_QSTR_area, area) EXPORT(MP_QSTR_member, member)
           EXPORT(MP_QSTR_lambda_table, lambda_table))
