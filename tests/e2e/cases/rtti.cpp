// SPDX-License-Identifier: MIT
// Run-time types: typeid and dynamic_cast, with what the compiler's library has for them.
//# ARCH: x64 x86 arm
//# CFLAGS: -std=c++20 -frtti
//# MATRIX: one
//# RUNTIME: cxx cxx_throw heap string
//# LIBRARIES
//# RUN: m.kind(0), m.kind(1), m.kind(2) => (1, 23, 3)
//# RUN: m.same(0), m.same(1), m.same(2) => (1, 0, 0)
//# RUN: m.name(0) == m.name(1), m.name(1) => (False, '6Square')
#include "case.h"

#include <typeinfo>

struct Shape {
  virtual int corners() const { return 0; }
  virtual ~Shape() = default;
};
struct Drawn {
  int pen = 20;
  virtual void draw() {}
  virtual ~Drawn() = default;
};
struct Square : Shape, Drawn {
  int corners() const override { return 4; }
};
struct Hidden : Drawn, private Shape {};

static Shape *make(mp_int_t which) {
  static Shape shape;
  static Square square;
  return which == 0 ? &shape : &square;
}

FUN(kind, which) {
  static Hidden hidden;
  Drawn *other = &hidden;
  if (which == 2)
    return dynamic_cast<Shape *>(OPAQUE(other)) == nullptr ? 3 : -1; // A private base.
  Drawn *drawn = dynamic_cast<Drawn *>(OPAQUE(make(which)));
  if (drawn == nullptr)
    return 1;
  return drawn->pen + (dynamic_cast<Shape *>(drawn)->corners() - 1);
}
FUN(same, which) { return typeid(*OPAQUE(make(which))) == typeid(Shape); }
OBJ_FUN(name, which) {
  const char *name = typeid(*OPAQUE(make(mp_obj_get_int(which)))).name();
  return mp_obj_new_str(name, length_of(name));
}

MODULE(EXPORT(MP_QSTR_kind, kind) EXPORT(MP_QSTR_same, same) EXPORT(MP_QSTR_name, name))
